"""What does the page of one proposal show? What would change, on what it rests, what is open against it, what was decided, what this person may do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from comity.register.duplicates import Duplicate
from comity.register.readers import LEVELS, PUBLIC, Reader
from comity.register.snapshot import Snapshot
from comity.register.titles import actor_name
from comity.vocab.errors import Fault
from comity.vocab.kinds import codes
from comity.vocab.text import Text
from comity_desk.accounts.policies import reader_classes
from comity_desk.ledger.asking import Within
from comity_desk.ledger.register import current
from comity_desk.ledger.snapshots import snapshot_for
from comity_desk.lib import clock
from comity_desk.lib.errors import NotFound
from comity_desk.lib.language import lang
from comity_desk.records.proposals.actions import permission_to_decide
from comity_desk.records.proposals.concerns import Concerns, concerns_of, needs_two
from comity_desk.records.proposals.content import Content, content_of
from comity_desk.records.proposals.differences import Difference, as_read_by, basis_said, differences
from comity_desk.records.proposals.edits import Worked, worked_out
from comity_desk.records.proposals.inbox import title_of
from comity_desk.records.proposals.models import ADD, CHANGE, CLAIM, FIRST, JUDGE, OPEN, WITHDRAW, Decision, Proposal
from comity_desk.records.proposals.tasks import MARK, Task

if TYPE_CHECKING:
    from comity_desk.accounts.models import User

MOVES = (CHANGE, JUDGE)


@dataclass(frozen=True)
class Sheet:
    """A proposal for one person."""

    proposal: Proposal
    content: Content
    seen: Snapshot
    user: User
    worked: Worked | None
    decisions: list[Decision]
    concerns: Concerns = field(default=Concerns((), (), ()))

    @property
    def title(self) -> str:
        """What the record is called."""
        return title_of(self.proposal, self.seen)

    @property
    def there(self) -> bool:
        """Whether the record can be opened."""
        return self.seen.has_record(self.proposal.ref)

    @property
    def is_open(self) -> bool:
        """Whether it waits for a decision."""
        return self.proposal.state == OPEN

    @property
    def moved(self) -> bool:
        """Whether a cell that it changes was changed since."""
        return self.worked is not None and self.content.change in MOVES and bool(self.worked.moved)

    @property
    def changes(self) -> list[Difference]:
        """What would change, field by field."""
        return differences(self.content, self.seen, self.worked)

    @property
    def basis(self) -> list[tuple[Text, str, str]]:
        """On what it rests."""
        return basis_said(self.content, self.seen)

    @property
    def marking(self) -> str:
        """Its marking in words."""
        ref = f"marking:{self.content.marking}"
        return self.seen.record(ref).title(lang()) if self.seen.has_record(ref) else self.content.marking

    @property
    def errors(self) -> list[Fault]:
        """What keeps it from being accepted as the record stands."""
        return self.worked.errors if self.worked is not None else []

    @property
    def duplicates(self) -> list[dict[str, Any]]:
        """What it may repeat."""
        return [_resembling(one, self.seen) for one in self.concerns.duplicates if self.seen.has_record(one.existing)]

    @property
    def findings(self) -> list[tuple[str, str]]:
        """Findings of audits that are open on its record: ref and words."""
        return [(one.ref, one.cells.get("what_en") or "") for one in self.concerns.findings]

    @property
    def mine(self) -> bool:
        """Whether this person proposed it."""
        return self.proposal.proposer_id == self.user.pk

    @property
    def of_two(self) -> bool:
        """Whether two officers must accept it."""
        return needs_two(self.content, self.seen)

    @property
    def accepted_first(self) -> bool:
        """Whether this person was the first of two who accepted it."""
        return any(one.verdict == FIRST and one.by_id == self.user.pk for one in self.decisions)

    @property
    def may_decide(self) -> bool:
        """Whether this person may accept or decline it."""
        return self.is_open and not self.mine and self.user.permitted(permission_to_decide(self.content))

    @property
    def may_accept(self) -> bool:
        """Whether it can be accepted, by this person, as the record stands."""
        return self.may_decide and self.worked is not None and not self.errors and not self.moved and not self.accepted_first

    @property
    def may_correct(self) -> bool:
        """Whether this person may hand in another version."""
        return self.mine and self.proposal.closed not in ("accepted", "outdated") and (self.content.is_new or self.there)

    @property
    def correct_address(self) -> str:
        """Where another version is written."""
        marks = self.content.change == CHANGE and "marking" in self.content.cells and self.content.kind != "marking"
        about = self.content.about if self.content.change in (CLAIM, JUDGE) else ""
        return f"{Task(MARK if marks else self.content.change, self.content.declared, self.content.record, about).address}?former={self.proposal.key}"

    @property
    def withdraws(self) -> bool:
        """Whether the record would be gone."""
        return self.content.change == WITHDRAW

    @property
    def is_claim(self) -> bool:
        """Whether a value would be put beside the one that stands."""
        return self.content.change == CLAIM

    @property
    def is_new(self) -> bool:
        """Whether the record is not there yet."""
        return self.content.change == ADD

    def read_by(self, reader: Reader) -> list[Difference]:
        """The record as that class would read it, within what this person sees."""
        if self.worked is None:
            return []
        own = self.user.reader
        return as_read_by(self.worked, current().register, snapshot_for(Within(own.name, own.clearance, reader)))


def sheet_of(proposal: Proposal, user: User, seen: Snapshot, worked: Worked | None = None) -> Sheet:
    """The page of a proposal that this person sees whole; `worked` is what was worked out in this very moment, for its proposer."""
    content, decisions = content_of(proposal), list(proposal.decisions.select_related("by"))
    if proposal.closed is not None or not proposal.content:
        return Sheet(proposal, content, seen, user, None, decisions)
    try:
        worked = worked or worked_out(content, proposal.proposer.reader, current().register, by=str(proposal.proposer), today=clock.today())
    except NotFound:
        return Sheet(proposal, content, seen, user, None, decisions)
    return Sheet(proposal, content, seen, user, worked, decisions, concerns_of(worked, seen))


def classes_to_read_as(seen: Snapshot) -> list[tuple[str, Text]]:
    """The classes of readers among people at the desk, as the address names them and in words."""
    found = {_written(reader): _said(reader, seen) for reader in [Reader(PUBLIC), *reader_classes()]}
    return sorted(found.items(), key=lambda pair: (pair[0] != "public:", pair[0]))


def class_read_as(text: str) -> Reader | None:
    """The class that an address names; none where nobody is of it."""
    return next((reader for reader in [Reader(PUBLIC), *reader_classes()] if _written(reader) == text), None)


def _written(reader: Reader) -> str:
    return f"{reader.name}:{reader.clearance or ''}"


def _said(reader: Reader, seen: Snapshot) -> Text:
    if reader.name == PUBLIC:
        return Text("Everybody", "누구나")
    level = codes(LEVELS)[reader.clearance].label if reader.clearance else Text("any level", "등급 무관")
    name = Text(actor_name(seen, reader.name, "en"), actor_name(seen, reader.name, "ko"))
    return Text("{name}, {level}", "{name}, {level}").format(name=name, level=level)


def _resembling(one: Duplicate, seen: Snapshot) -> dict[str, Any]:
    return {"ref": one.existing, "title": seen.record(one.existing).title(lang()), "score": round(one.score), "days": one.days}
