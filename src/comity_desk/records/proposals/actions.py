"""Proposing and deciding: each a named, permitted, reasoned and logged act.

Nobody decides on their own proposal. Accepting works the edit out anew on the register as it stands and writes it to the ledger; declining
says why. Whoever sets who may see something needs to be permitted that, besides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from comity.vocab.errors import Fault
from comity.vocab.text import Text
from comity_desk.audit.models import Event
from comity_desk.ledger.write import RecordAction
from comity_desk.lib import clock
from comity_desk.lib.errors import Conflict, NotPermitted, Refused
from comity_desk.records.proposals.concerns import Concerns, concerns_of, duplicates_for, needs_two
from comity_desk.records.proposals.content import Content, cells_at, content_of
from comity_desk.records.proposals.edits import Worked, worked_out
from comity_desk.records.proposals.merging import Merged, merged
from comity_desk.records.proposals.models import ACCEPTED, CHANGE, FIRST, JUDGE, NOT_ACCEPTED, OUTDATED, WITHDRAW, WITHDRAWN, Decision, Proposal
from comity_desk.records.proposals.refusals import ChangedMeanwhile, DoesNotFit
from comity_desk.records.proposals.seeing import DECIDING, proposal_seen


@dataclass(kw_only=True)
class SubmitProposal(RecordAction[Proposal]):
    """Hand in a change for review. `before` are the cells as the person read them when beginning; `former` the proposal that this one corrects."""

    permission: ClassVar[str] = "record.propose"
    audit_event: ClassVar[str] = "proposal-submitted"

    content: Content
    before: Mapping[str, str | None] | None = None
    former: str = ""
    looked_at: bool = False  # likely duplicates that readers of the proposal do not see were looked at
    worked: Worked | None = None

    @property
    def target(self) -> str:
        """The record, or the kind of a new one."""
        return self.content.kind if self.content.is_new else self.content.ref

    def permit(self) -> None:
        """Editors propose; reviewers may propose what is to stand or to go, release officers what may be seen."""
        may = self.actor.permitted("record.propose")
        may |= self.content.change in (JUDGE, WITHDRAW) and self.actor.permitted("record.judge")
        may |= self.content.sets_markings and self.actor.permitted("marking.set")
        if not may:
            raise NotPermitted(_NOT_PERMITTED)

    def check(self) -> None:
        """It fits, nobody changed the same cells meanwhile, and what it resembles was looked at."""
        super().check()
        self.replaced = self._former()
        self.content = self._merged()
        faults = own_faults(self.content, [*self.seen.table("marking")["id"]])
        if faults:
            raise DoesNotFit(_DOES_NOT_FIT, faults)
        self.worked = worked_out(self.content, self.actor.reader, self.state.register, by=str(self.actor), today=clock.today(), fitting=True)
        if self.worked.errors:
            raise DoesNotFit(_DOES_NOT_FIT, self.worked.faults)
        self._look_at_duplicates(self.worked)
        self.content = self.worked.content
        self.details = {"change": self.content.change, "marking": self.content.marking} | ({"former": self.former} if self.former else {})

    def _former(self) -> Proposal | None:
        if not self.former:
            return None
        proposal = proposal_seen(self.actor, self.seen, self.former, locked=True).proposal
        if proposal.proposer_id != self.actor.pk or proposal.closed not in (None, NOT_ACCEPTED, WITHDRAWN):
            raise Conflict(_DECIDED)
        return proposal

    def _merged(self) -> Content:
        if self.content.change != CHANGE or self.before is None:
            return self.content
        now = cells_at(self.seen, self.content.ref, list(self.content.cells))
        together = merged(self.before, now, self.content.cells)
        if together.clashes:
            raise ChangedMeanwhile(together)
        return replace(self.content, cells=together.cells)

    def _look_at_duplicates(self, worked: Worked) -> None:
        known = {one.existing for one in worked.duplicates}
        elsewhere = [one for one in duplicates_for(worked, self.seen) if one.existing not in known]
        if (worked.duplicates and not self.content.another_thing.strip()) or (elsewhere and not self.looked_at):
            raise DoesNotFit(_RESEMBLES, worked.faults, worked.duplicates, elsewhere)

    def perform(self, event: Event) -> Proposal:
        """Keep it; what it corrects is closed."""
        content, at = self.content, clock.now()
        proposal = Proposal.objects.create(
            change=content.change,
            kind=content.kind,
            record=content.record,
            marking=content.marking,
            content=content.written(),
            names="\n".join(content.names()),
            digest=content.digest,
            proposer=self.actor,
            made_at=at,
            former=self.replaced,
            event=event,
        )
        if self.replaced is not None and self.replaced.closed is None:
            decided(self.replaced, OUTDATED, self.actor, "", event)
        return proposal


@dataclass(kw_only=True)
class OnProposal(RecordAction[Proposal]):
    """What is common to acts upon a proposal; `self.proposal` is locked, seen and open."""

    key: str
    proposal: Proposal | None = None

    @property
    def target(self) -> str:
        """The proposal and what it is about."""
        return f"proposal {self.key}" + (f" on {self.proposal.ref}" if self.proposal else "")

    @property
    def open_proposal(self) -> Proposal:
        """The proposal, once checked."""
        assert self.proposal is not None  # noqa: S101 - `check` was run
        return self.proposal

    def check(self) -> None:
        """There is such a proposal for this person, and nobody has decided on it."""
        super().check()
        found = proposal_seen(self.actor, self.seen, self.key, locked=True)
        self.whole, self.proposal = found.whole, found.proposal
        if self.proposal.closed is not None:
            raise Conflict(_DECIDED)


@dataclass(kw_only=True)
class WithdrawProposal(OnProposal):
    """Take one's own proposal back."""

    permission: ClassVar[str] = "record.propose"
    audit_event: ClassVar[str] = "proposal-withdrawn"

    def permit(self) -> None:
        """Whoever may have proposed; whose it is comes in `check`."""
        if not self.actor.permitted("record.read"):
            raise NotPermitted(_NOT_PERMITTED)

    def check(self) -> None:
        """It is one's own."""
        super().check()
        if self.open_proposal.proposer_id != self.actor.pk:
            raise NotPermitted(_NOT_YOURS)

    def perform(self, event: Event) -> Proposal:
        """Close it."""
        return decided(self.open_proposal, WITHDRAWN, self.actor, self.reason, event)


@dataclass(kw_only=True)
class Deciding(OnProposal):
    """What is common to accepting and declining."""

    permission: ClassVar[str] = "record.review"

    def permit(self) -> None:
        """Reviewers, and release officers where markings are set."""
        if not any(self.actor.permitted(one) for one in DECIDING):
            raise NotPermitted(_NOT_PERMITTED)

    def check(self) -> None:
        """Not one's own, and within what one may decide."""
        super().check()
        if self.open_proposal.proposer_id == self.actor.pk:
            raise NotPermitted(_OWN)
        self.content = content_of(self.open_proposal)
        if not self.actor.permitted(permission_to_decide(self.content)):
            raise NotPermitted(_SETS_MARKINGS if self.content.sets_markings else _NOT_PERMITTED)


@dataclass(kw_only=True)
class AcceptProposal(Deciding):
    """Let a proposal into the record, or be the first of two who do."""

    audit_event: ClassVar[str] = "proposal-accepted"

    def check(self) -> None:
        """It still fits; a reason is given where something is open against it; the second of two is another person than the first."""
        super().check()
        proposer = self.open_proposal.proposer
        if not proposer.reader.visible(self.state.register.tables["marking"]).count(self.content.marking):
            raise Refused(_PROPOSER_LOST)
        self.worked = worked_out(self.content, proposer.reader, self.state.register, by=str(proposer), today=clock.today())
        if self.worked.moved and self.content.change in (CHANGE, JUDGE):
            raise ChangedMeanwhile(moved_from(self.worked))
        if self.worked.errors:
            raise DoesNotFit(_NO_LONGER_FITS, self.worked.faults)
        self.concerns: Concerns = concerns_of(self.worked, self.seen)
        if self.concerns and not self.reason.strip():
            raise DoesNotFit(_REASON_NEEDED, self.concerns.warnings, self.concerns.duplicates)
        self._of_two()

    def _of_two(self) -> None:
        firsts = [one.by_id for one in self.open_proposal.decisions.filter(verdict=FIRST)]
        if self.actor.pk in firsts:
            raise NotPermitted(_SAME_REVIEWER)
        self.is_first = needs_two(self.content, self.seen) and not firsts
        self.details = {"proposer": self.open_proposal.proposer.username, "change": self.content.change}
        self.details |= {"of_two": "first" if self.is_first else "second"} if self.is_first or firsts else {}

    def perform(self, event: Event) -> Proposal:
        """Write it to the ledger, or note the first of two acceptances."""
        proposal = self.open_proposal
        if self.is_first:
            return decided(proposal, FIRST, self.actor, self.reason, event)
        self.write(event, self.worked.edit.rows)
        proposal.made = self.worked.edit.ref.partition(":")[2] if self.content.is_new else None
        return decided(proposal, ACCEPTED, self.actor, self.reason, event)


@dataclass(kw_only=True)
class DeclineProposal(Deciding):
    """Read, not accepted, and why."""

    audit_event: ClassVar[str] = "proposal-declined"
    reason_needed: ClassVar[bool] = True

    def perform(self, event: Event) -> Proposal:
        """Close it with the reason."""
        return decided(self.open_proposal, NOT_ACCEPTED, self.actor, self.reason, event)


def permission_to_decide(content: Content) -> str:
    """What a person must be permitted to decide on a proposal."""
    return "marking.set" if content.sets_markings else "record.review"


def own_faults(content: Content, markings: list[str]) -> list[Fault]:
    """What the library does not look at: under which marking, and that a marking is set by itself."""
    file = content.declared.file
    faults = [] if content.marking in markings else [Fault(file, None, "marking", "no-marking", _NO_MARKING, _SAY_MARKING)]
    if content.change == CHANGE and content.kind != "marking" and "marking" in content.cells and len(content.cells) > 1:
        faults.append(Fault(file, None, "marking", "marking-by-itself", _BY_ITSELF, _TWO_PROPOSALS))
    return faults


def moved_from(worked: Worked) -> Merged:
    """The cells that changed since a proposal was made."""
    content = worked.content
    names = list(worked.moved)
    return merged(content.base, cells_at(worked.level, content.ref, names), {name: content.cells[name] for name in names})


def decided(proposal: Proposal, verdict: str, by: Any, why: str, event: Event) -> Proposal:
    """Note a decision, and close the proposal unless another must still come."""
    Decision.objects.create(proposal=proposal, verdict=verdict, by=by, at=clock.now(), why=why.strip() or None, event=event)
    if verdict != FIRST:
        proposal.closed = verdict
        proposal.save(update_fields=["closed", "made"])
    return proposal


_NOT_PERMITTED = Text("Your roles do not allow this.", "부여된 역할로는 할 수 없는 작업입니다.")
_DOES_NOT_FIT = Text("Some of it cannot be proposed as it stands.", "그대로는 제안할 수 없는 내용이 있습니다.")
_NO_LONGER_FITS = Text("It does not fit the record as it stands now.", "현재 기록에 그대로 반영할 수 없습니다.")
_RESEMBLES = Text(
    "The record may hold this already. Look, and say why it is another thing.",
    "이미 있는 기록과 같은 내용일 수 있습니다. 확인하고, 다른 사안이면 그 이유를 적으십시오.",
)
_DECIDED = Text("It was decided meanwhile.", "그사이 처리되었습니다.")
_NOT_YOURS = Text("Only its proposer takes a proposal back.", "제안자 본인만 제안을 취소할 수 있습니다.")
_OWN = Text("Nobody decides on their own proposal.", "본인의 제안은 본인이 처리할 수 없습니다.")
_SETS_MARKINGS = Text("It sets who may see something: a release officer decides.", "공개 범위를 정하는 제안이므로 공개 담당관이 결정합니다.")
_PROPOSER_LOST = Text(
    "Its proposer may not see its marking any more. Decline it, or let somebody propose it anew.",
    "제안자가 더 이상 이 공개 등급을 볼 수 없습니다. 미채택으로 처리하거나 다른 사람이 다시 제안하게 하십시오.",
)
_REASON_NEEDED = Text(
    "Something is open against it. Say in a sentence why you accept it all the same.",
    "해소되지 않은 사항이 있습니다. 그럼에도 채택하는 이유를 한 문장으로 적으십시오.",
)
_SAME_REVIEWER = Text("You accepted it already; a second reviewer must accept it too.", "이미 1차로 승인하였습니다. 다른 검토자의 승인이 필요합니다.")
_NO_MARKING = Text("The proposal has no marking that you may see.", "열람할 수 있는 공개 등급이 지정되지 않았습니다.")
_SAY_MARKING = Text("Choose a marking.", "공개 등급을 고르십시오.")
_BY_ITSELF = Text("Who may see a record is proposed by itself.", "공개 등급 변경은 따로 제안합니다.")
_TWO_PROPOSALS = Text("Propose the other changes apart.", "다른 변경은 별도로 제안하십시오.")
