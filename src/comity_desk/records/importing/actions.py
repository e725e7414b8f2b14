"""Handing in a table, and deciding on it as a whole: one event each, one proposal for every row.

A table is handed in whole or not at all. Deciding on it decides on those of its rows that are open and that the person sees; each row can also
be decided on by itself, on its own page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import connection

from comity.vocab.text import Text
from comity_desk.audit.models import Event
from comity_desk.ledger.snapshots import reader_class
from comity_desk.ledger.write import RecordAction
from comity_desk.lib import clock
from comity_desk.lib.errors import NOTHING_HERE, Conflict, NotFound, NotPermitted, Refused
from comity_desk.records.importing.bulk import Bulk, added
from comity_desk.records.importing.checking import Checked, checked
from comity_desk.records.importing.models import Import
from comity_desk.records.proposals.concerns import needs_two
from comity_desk.records.proposals.content import Content, content_of
from comity_desk.records.proposals.levels import snapshot_at
from comity_desk.records.proposals.models import ACCEPTED, ADD, FIRST, NOT_ACCEPTED, WITHDRAWN, Batch, Decision, Proposal
from comity_desk.records.proposals.seeing import sees, sees_batch

PART = 500


@dataclass(kw_only=True)
class SubmitBatch(RecordAction[Batch]):
    """Hand in every row of a table as a proposal."""

    permission: ClassVar[str] = "record.import"
    audit_event: ClassVar[str] = "batch-submitted"
    reason_needed: ClassVar[bool] = True

    key: str

    @property
    def target(self) -> str:
        """The table."""
        return f"table {self.key}"

    def check(self) -> None:
        """It is one's own, nothing is wrong with any row, and what rows may repeat was looked at."""
        super().check()
        self.brought = import_of(self.actor, self.key)
        if not self.seen.has_record(f"marking:{self.brought.marking}"):
            raise Refused(_NO_MARKING)
        self.checked: Checked = checked(self.brought, self.actor.reader)
        if self.checked.errors:
            raise Refused(_FAULTY, self.checked.errors[:PART])
        if self.checked.duplicates is None:
            raise Conflict(_NOT_LOOKED)
        self.details = {"kind": self.brought.kind, "rows": len(self.checked.numbers), "marking": self.brought.marking, "file": self.brought.name}

    def perform(self, event: Event) -> Batch:
        """One proposal a row; the table is not kept."""
        brought, at = self.brought, clock.now()
        batch = Batch.objects.create(
            kind=brought.kind,
            name=brought.name,
            marking=brought.marking,
            count=len(self.checked.numbers),
            reason=self.reason.strip(),
            proposer=self.actor,
            made_at=at,
            event=event,
        )
        rows = zip(self.checked.contents, self.checked.numbers, strict=True)
        Proposal.objects.bulk_create((_proposal(content, number, batch, event) for content, number in rows), batch_size=PART)
        brought.delete()
        return batch


@dataclass(kw_only=True)
class _OnBatch(RecordAction[int]):
    """What is common to acts upon a table that was handed in; `self.rows` are its open rows that the person sees."""

    key: str

    @property
    def target(self) -> str:
        """The table."""
        return f"batch {self.key}"

    def check(self) -> None:
        """There are open rows that this person sees."""
        super().check()
        self.batch = batch_seen(self.actor, self.seen, self.key)
        opened = self.batch.rows.select_for_update().filter(closed=None).order_by("row")
        self.rows = [row for row in opened if sees(self.seen, row)]
        if not self.rows:
            raise Conflict(_NOTHING_OPEN)
        self.details = {"rows": len(self.rows)}

    def decide(self, verdict: str, event: Event, made: Sequence[str] = ()) -> int:
        """Note the decision on every row, and close them unless another must still come."""
        told = {"verdict": verdict, "by": self.actor, "at": clock.now(), "why": self.reason.strip() or None, "event": event}
        Decision.objects.bulk_create((Decision(proposal=row, **told) for row in self.rows), batch_size=PART)
        if verdict != FIRST:
            _close(verdict, [(made[at] if made else None, row.pk) for at, row in enumerate(self.rows)])
        return len(self.rows)


@dataclass(kw_only=True)
class AcceptBatch(_OnBatch):
    """Let every open row into the record; a reason is asked for, since nobody looks at each of thousands."""

    permission: ClassVar[str] = "record.review"
    audit_event: ClassVar[str] = "batch-accepted"
    reason_needed: ClassVar[bool] = True

    def check(self) -> None:
        """Not one's own; every row still fits; the second of two is another person than the first."""
        super().check()
        if self.batch.proposer_id == self.actor.pk:
            raise NotPermitted(_OWN)
        reader = self.batch.proposer.reader
        if self.batch.marking not in reader.visible(self.state.register.tables["marking"]):
            raise Refused(_PROPOSER_LOST)
        contents = [content_of(row) for row in self.rows]
        level = snapshot_at(reader, (self.batch.marking,))
        self.bulk: Bulk = added(contents, [row.row or 0 for row in self.rows], level, self.state.register, today=clock.today())
        if self.bulk.errors:
            raise Refused(_NO_LONGER_FITS, self.bulk.errors[:PART])
        self._of_two(contents[0])

    def _of_two(self, content: Content) -> None:
        own = {row.pk for row in self.rows}
        noted = Decision.objects.filter(proposal__batch=self.batch, proposal__closed=None, verdict=FIRST).values_list("proposal_id", "by_id")
        firsts = {row: by for row, by in noted if row in own}
        if self.actor.pk in firsts.values():
            raise NotPermitted(_SAME_REVIEWER)
        two = needs_two(content, self.seen)
        if two and firsts and len(firsts) < len(own):
            raise Refused(_MIXED)
        self.is_first = two and not firsts
        self.details |= {"of_two": "first" if self.is_first else "second"} if two else {}

    def perform(self, event: Event) -> int:
        """Write all rows to the ledger, or note the first of two acceptances."""
        if self.is_first:
            return self.decide(FIRST, event)
        self.write(event, self.bulk.rows)
        return self.decide(ACCEPTED, event, self.bulk.ids)


@dataclass(kw_only=True)
class DeclineBatch(_OnBatch):
    """Read, not accepted, and why: every open row."""

    permission: ClassVar[str] = "record.review"
    audit_event: ClassVar[str] = "batch-declined"
    reason_needed: ClassVar[bool] = True

    def check(self) -> None:
        """Not one's own."""
        super().check()
        if self.batch.proposer_id == self.actor.pk:
            raise NotPermitted(_OWN)

    def perform(self, event: Event) -> int:
        """Close them."""
        return self.decide(NOT_ACCEPTED, event)


@dataclass(kw_only=True)
class WithdrawBatch(_OnBatch):
    """Take one's own table back: every open row."""

    permission: ClassVar[str] = "record.import"
    audit_event: ClassVar[str] = "batch-withdrawn"

    def check(self) -> None:
        """It is one's own."""
        super().check()
        if self.batch.proposer_id != self.actor.pk:
            raise NotPermitted(_NOT_YOURS)

    def perform(self, event: Event) -> int:
        """Close them."""
        return self.decide(WITHDRAWN, event)


def _close(verdict: str, rows: list[tuple[str | None, str]]) -> None:
    """Close proposals, with the records that came of them; in one statement a row, which the database takes in one go."""
    table = Proposal._meta.db_table
    with connection.cursor() as cursor:
        cursor.executemany(f'UPDATE "{table}" SET "closed" = %s, "made" = %s WHERE "key" = %s', [(verdict, *row) for row in rows])  # noqa: S608 - names of ours


def import_of(user: Any, key: str) -> Import:
    """A table that this person brought, in the class of readers of now; else `NotFound`."""
    found = Import.objects.filter(pk=key, owner=user, reader=reader_class(user.reader)).first()
    if found is None:
        raise NotFound(NOTHING_HERE)
    return found


def batch_seen(user: Any, seen: Any, key: str) -> Batch:
    """A table that was handed in, if this person sees that there is one; else `NotFound`."""
    batch = Batch.objects.select_related("proposer").filter(pk=key).first()
    if batch is None or not sees_batch(seen, batch):
        raise NotFound(NOTHING_HERE)
    if batch.proposer_id != user.pk and not any(sees(seen, row) for row in batch.rows.only("marking", "names").iterator(100)):
        raise NotFound(NOTHING_HERE)
    return batch


def _proposal(content: Content, number: int, batch: Batch, event: Event) -> Proposal:
    return Proposal(
        change=ADD,
        kind=content.kind,
        marking=content.marking,
        content=content.written(),
        names="\n".join(content.names()),
        digest=content.digest,
        proposer=batch.proposer,
        made_at=batch.made_at,
        batch=batch,
        row=number,
        event=event,
    )


_FAULTY = Text("Some rows cannot be proposed as they stand.", "그대로는 제안할 수 없는 행이 있습니다.")
_NO_MARKING = Text("Choose a marking that you may see.", "열람할 수 있는 공개 등급을 고르십시오.")
_NOT_LOOKED = Text("Likely duplicates are still being looked for.", "중복 여부를 아직 확인하는 중입니다.")
_NOTHING_OPEN = Text("No row of it is open any more.", "처리할 행이 없습니다.")
_OWN = Text("Nobody decides on their own proposal.", "본인의 제안은 본인이 처리할 수 없습니다.")
_NOT_YOURS = Text("Only its proposer takes a proposal back.", "제안자 본인만 제안을 취소할 수 있습니다.")
_PROPOSER_LOST = Text("Its proposer may not see its marking any more. Decline it.", "제안자가 더 이상 이 공개 등급을 볼 수 없습니다. 미채택으로 처리하십시오.")
_NO_LONGER_FITS = Text(
    "Some rows do not fit the record as it stands now; decide on them one by one.", "현재 기록에 반영할 수 없는 행이 있습니다. 행별로 처리하십시오."
)
_SAME_REVIEWER = Text("You accepted it already; a second reviewer must accept it too.", "이미 1차로 승인하였습니다. 다른 검토자의 승인이 필요합니다.")
_MIXED = Text(
    "Some rows were accepted by a first reviewer and some were not; decide on them one by one.",
    "1차 승인된 행과 그렇지 않은 행이 섞여 있습니다. 행별로 처리하십시오.",
)
