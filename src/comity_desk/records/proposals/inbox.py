"""Which proposals does a person find, and what do they tell in a line? Waiting, own, decided; of each only what the person sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from comity.register.snapshot import Snapshot
from comity.vocab.kinds import Kind, kinds
from comity.vocab.text import Text
from comity_desk.lib.language import lang, words
from comity_desk.records.proposals.content import content_of
from comity_desk.records.proposals.differences import said
from comity_desk.records.proposals.models import Proposal
from comity_desk.records.proposals.seeing import proposals_seen, sees

if TYPE_CHECKING:
    from comity_desk.accounts.models import User

WAITING, MINE, DECIDED = "waiting", "mine", "decided"
TABS = {WAITING: Text("Waiting", "검토 대기"), MINE: Text("Mine", "내 제안"), DECIDED: Text("Decided", "처리됨")}
SHOWN = 2_000  # so many of the newest are listed


@dataclass(frozen=True, slots=True)
class Line:
    """One proposal in a list."""

    proposal: Proposal
    whole: bool
    title: str
    fields: str

    @property
    def kind(self) -> Kind:
        """The kind of its record."""
        return kinds()[self.proposal.kind]


def lines(user: User, seen: Snapshot, tab: str, *, kind: str = "", change: str = "") -> list[Line]:
    """The proposals under a tab, newest first."""
    among = Proposal.objects.filter(batch=None).select_related("proposer")
    among = among.filter(kind=kind) if kind else among
    among = among.filter(change=change) if change else among
    return [line_of(one, seen) for one in _under(user, seen, tab, among)]


def _under(user: User, seen: Snapshot, tab: str, among: QuerySet[Proposal]) -> list[Proposal]:
    if tab == MINE:
        return list(among.filter(proposer=user)[:SHOWN])
    if tab == WAITING:
        return proposals_seen(user, seen, among.filter(closed=None).exclude(proposer=user), SHOWN)
    return proposals_seen(user, seen, among.exclude(closed=None), SHOWN)


def line_of(proposal: Proposal, seen: Snapshot) -> Line:
    """A proposal in a line, with no more than this reader sees."""
    if not sees(seen, proposal):
        return Line(proposal, False, "", "")
    content = content_of(proposal)
    fields = ", ".join(words(content.declared.field(name).label) for name in content.cells if content.declared.has(name)) if not content.is_new else ""
    return Line(proposal, True, title_of(proposal, seen), fields)


def title_of(proposal: Proposal, seen: Snapshot) -> str:
    """What the record is called; of a new one, what it would be called."""
    if seen.has_record(proposal.ref):
        return seen.record(proposal.ref).title(lang())
    content = content_of(proposal)
    first, second = content.declared.title
    own = [name for name in ((second, first) if lang() == "ko" else (first, second)) if content.cells.get(name)]
    texts = [said(content.declared.field(name), content.cells[name], seen) for name in own]
    plain = content.declared.has(first) and content.declared.field(first).type == "text"
    return (texts[0] if plain else ", ".join(reversed(texts) if lang() == "ko" else texts)) if texts else words(content.declared.label)
