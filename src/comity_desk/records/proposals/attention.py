"""Proposals of others that wait for this person's decision, told on the first page."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from comity.vocab.text import Text
from comity_desk.accounts.models import User
from comity_desk.ledger.asking import looking_as, snapshot_of
from comity_desk.lib.attention import Attention, asks_for_attention
from comity_desk.records.proposals.seeing import waiting


@asks_for_attention
def proposals_waiting(request: HttpRequest) -> list[Attention]:
    """How many of them this person may see and decide; none while looking as another, who decides nothing here."""
    if not isinstance(request.user, User) or looking_as(request) is not None:
        return []
    n = waiting(request.user, snapshot_of(request))
    return [Attention(_WAITING.format(n=n), reverse("proposals"))] if n else []


_WAITING = Text("Proposals that wait for your decision: {n}", "결정을 기다리는 제안 {n}건")
