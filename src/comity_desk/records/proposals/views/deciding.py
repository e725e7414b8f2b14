"""The inbox of proposals, the page of one, and what is decided there."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from comity.vocab.kinds import kinds
from comity.vocab.text import Text
from comity_desk.accounts.models import User
from comity_desk.ledger.asking import looking_as, snapshot_of
from comity_desk.lib.errors import DeskError, Refused
from comity_desk.lib.language import lang, words
from comity_desk.lib.pages import page
from comity_desk.records.proposals import drafts
from comity_desk.records.proposals.actions import AcceptProposal, DeclineProposal, WithdrawProposal
from comity_desk.records.proposals.cells import plain
from comity_desk.records.proposals.inbox import DECIDED, MINE, TABS, WAITING, lines
from comity_desk.records.proposals.models import CHANGES, FIRST, Proposal
from comity_desk.records.proposals.page import class_read_as, classes_to_read_as, sheet_of
from comity_desk.records.proposals.refusals import ChangedMeanwhile
from comity_desk.records.proposals.seeing import DECIDING, TAKING_PART, batches_seen, decides, proposal_seen, waiting
from comity_desk.records.proposals.views.asking import person, writer

SHOWN = 50


@require_safe
def proposals(request: HttpRequest) -> HttpResponse:
    """The inbox: what waits, one's own, what was decided."""
    user, seen = person(request, *TAKING_PART), snapshot_of(request)
    tab = request.GET.get("show") or (WAITING if decides(user) else MINE)
    tab = tab if tab in TABS else WAITING
    kind, change = request.GET.get("kind", ""), request.GET.get("change", "")
    found = lines(user, seen, tab, kind=kind if kind in kinds() else "", change=change if change in CHANGES else "")
    context = {
        "tab": tab,
        "tabs": TABS.items(),
        "rows": Paginator(found, SHOWN).get_page(request.GET.get("page")),
        "waiting": waiting(user, seen),
        "batches": batches_seen(user, seen, tab) if not (kind or change) else [],
        "drafts": _drafts(user, seen) if tab == MINE else [],
        "kinds": sorted({(line.kind.name, line.kind.label) for line in lines(user, seen, tab)}, key=lambda pair: words(pair[1])),
        "changes": CHANGES.items(),
        "kind": kind,
        "change": change,
        "decided": tab == DECIDED,
        "mine": tab == MINE,
    }
    return page(request, "records/proposals/inbox.html", context)


def _drafts(user: User, seen: Any) -> list[dict[str, Any]]:
    """Own drafts, with the title of their records."""
    listed = []
    for draft in drafts.drafts_of(user):
        task = drafts.task_of(draft)
        if task.adding or seen.has_record(task.ref):
            listed.append({"draft": draft, "task": task, "title": "" if task.adding else seen.record(task.ref).title(lang())})
    return listed


@require_safe
def proposal(request: HttpRequest, key: str) -> HttpResponse:
    """What one proposal would change, and what can be done with it."""
    user, seen = person(request, *TAKING_PART), snapshot_of(request)
    found = proposal_seen(user, seen, key)
    if not found.whole:
        return page(request, "records/proposals/hidden.html", {"proposal": found.proposal})
    return _sheet(request, user, found.proposal)


def _sheet(request: HttpRequest, user: User, proposal: Proposal, *, status: int = 200, **more: Any) -> HttpResponse:
    seen = snapshot_of(request)
    sheet = sheet_of(proposal, user, seen)
    asked = request.GET.get("as", "")
    reader = class_read_as(asked) if asked else None
    context = {
        "sheet": sheet,
        "proposal": proposal,
        "later": [one for one in proposal.later.all() if proposal_seen(user, seen, one.key).whole],
        "former": proposal.former if proposal.former and proposal_seen(user, seen, proposal.former.key).whole else None,
        "classes": classes_to_read_as(seen) if sheet.worked else [],
        "asked": asked,
        "read_as": sheet.read_by(reader) if reader else None,
        "looking": looking_as(request) is not None,
    }
    return page(request, "records/proposals/proposal.html", context | more, status=status)


@require_POST
def proposal_accept(request: HttpRequest, key: str) -> HttpResponse:
    """Let it into the record."""
    user = writer(request, *DECIDING)
    try:
        done = AcceptProposal(actor=user, key=key, reason=plain(request.POST.get("reason", ""))).run()
    except (Refused, ChangedMeanwhile) as error:
        return _again(request, user, key, error)
    first = done.decisions.filter(verdict=FIRST).exists() and done.closed is None
    messages.success(request, words(_FIRST if first else _ACCEPTED))
    return redirect("proposal", key=key)


@require_POST
def proposal_decline(request: HttpRequest, key: str) -> HttpResponse:
    """Read, not accepted, and why."""
    user = writer(request, *DECIDING)
    try:
        DeclineProposal(actor=user, key=key, reason=plain(request.POST.get("reason", ""))).run()
    except Refused as error:
        return _again(request, user, key, error)
    messages.success(request, words(_DECLINED))
    return redirect("proposal", key=key)


@require_POST
def proposal_withdraw(request: HttpRequest, key: str) -> HttpResponse:
    """Take one's own back."""
    WithdrawProposal(actor=writer(request, *TAKING_PART), key=key, reason=plain(request.POST.get("reason", ""))).run()
    messages.success(request, words(_WITHDRAWN))
    return redirect("proposal", key=key)


def _again(request: HttpRequest, user: User, key: str, error: DeskError) -> HttpResponse:
    """The page with what was refused, and the reason that was typed."""
    found = proposal_seen(user, snapshot_of(request), key)
    return _sheet(request, user, found.proposal, status=error.status, refused=error.text, reason=plain(request.POST.get("reason", "")))


_ACCEPTED = Text("Accepted: the record holds it now.", "채택했습니다. 기록에 반영되었습니다.")
_FIRST = Text("Noted as the first of two acceptances. A second reviewer must accept it too.", "1차로 승인했습니다. 다른 검토자의 승인이 있어야 반영됩니다.")
_DECLINED = Text("Closed as read and not accepted; the proposer sees your reason.", "미채택으로 처리했습니다. 제안자가 이유를 볼 수 있습니다.")
_WITHDRAWN = Text("The proposal was taken back.", "제안을 취소했습니다.")
