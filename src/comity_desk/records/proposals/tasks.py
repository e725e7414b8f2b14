"""What is a person about to propose? One task for each kind of change: which fields are asked for, and how what was typed becomes a proposal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from django.core import signing
from django.utils.datastructures import MultiValueDict

from comity.register.snapshot import Snapshot
from comity.vocab.kinds import Kind
from comity.vocab.text import Text
from comity_desk.lib.addresses import record_address, records_address
from comity_desk.records.proposals.cells import plain
from comity_desk.records.proposals.content import Content, cells_at
from comity_desk.records.proposals.forms import BASIS, typed_basis, typed_from, typed_record
from comity_desk.records.proposals.levels import row_marking, usual_marking
from comity_desk.records.proposals.models import ADD, CHANGE, CLAIM, JUDGE, WITHDRAW
from comity_desk.records.proposals.widgets import CELL, Typed, typed_cells

MARK = "mark"  # a change of the marking alone
SALT = "comity_desk.records.base"
TITLES = {
    ADD: Text("New record: {kind}", "새 기록: {kind}"),
    CHANGE: Text("Propose a change", "변경 제안"),
    MARK: Text("Propose another marking", "공개 등급 변경 제안"),
    CLAIM: Text("Add a competing claim: {field}", "경쟁 주장 추가: {field}"),
    JUDGE: Text("Let another claim stand: {field}", "채택 변경: {field}"),
    WITHDRAW: Text("Propose to withdraw the record", "기록 철회 제안"),
}


@dataclass(frozen=True, slots=True)
class Task:
    """One kind of change of one record."""

    change: str
    kind: Kind
    record: str = ""
    field: str = ""

    @property
    def ref(self) -> str:
        """The record."""
        return f"{self.kind.name}:{self.record}"

    @property
    def adding(self) -> bool:
        """Whether the record is not there yet."""
        return self.change == ADD

    @property
    def fields(self) -> Sequence[str] | None:
        """The fields that are asked for; none: all."""
        return {CLAIM: (self.field,), MARK: (), JUDGE: (), WITHDRAW: ()}.get(self.change)

    @property
    def title(self) -> Text:
        """What the page is called."""
        about = self.kind.field(self.field).label if self.field else Text("", "")
        return TITLES[self.change].format(kind=self.kind.label, field=about)

    @property
    def address(self) -> str:
        """Where its form stands."""
        last = {ADD: "new/", CHANGE: "edit/", MARK: "marking/", CLAIM: f"claim/{self.field}/", JUDGE: f"judge/{self.field}/", WITHDRAW: "withdraw/"}
        return (records_address(self.kind.name) if self.adding else record_address(self.ref)) + quote(last[self.change])

    @property
    def rests_on_source(self) -> bool:
        """Whether a source is asked for."""
        return self.change in (ADD, CHANGE, CLAIM)

    @property
    def reasoned(self) -> bool:
        """Whether a reason must be given."""
        return self.change not in (ADD, CLAIM)

    def typed_at_first(self, seen: Snapshot, given: Typed) -> Typed:
        """What the form holds when it is opened: the record, or what the address brings for a new one."""
        if self.adding:
            return typed_cells(self.kind.fields, {name: values[0] for name, values in given.lists() if self.kind.has(name) and values and values[0]})
        typed = typed_from(self.kind, seen.record(self.ref).cells)
        typed[f"{BASIS}marking"] = row_marking(seen, self.ref) or usual_marking(seen) or ""
        if self.change == CLAIM:
            typed.setlist(f"{CELL}{self.field}", [])
        return typed

    def content(self, typed: Typed, seen: Snapshot) -> Content:
        """The proposal that was typed."""
        said = {name: plain(typed.get(f"{BASIS}{name}") or "") for name in ("reason_en", "reason_ko", "another_thing")}
        return Content(
            change=CHANGE if self.change == MARK else self.change,
            kind=self.kind.name,
            marking=self._marking(typed, seen),
            record=self.record,
            cells=self._cells(typed, seen),
            basis=typed_basis(self.kind, typed, seen) if self.rests_on_source else {},
            claim=plain(typed.get("claim") or "") if self.change == JUDGE else "",
            reason_en=said["reason_en"],
            reason_ko=said["reason_ko"],
            another_thing=said["another_thing"],
            beneath=bool(typed.get(f"{BASIS}beneath")),
        )

    def _marking(self, typed: Typed, seen: Snapshot) -> str:
        if self.change in (MARK, WITHDRAW):
            return row_marking(seen, self.ref) or usual_marking(seen) or ""
        if self.change == JUDGE:
            claim = f"claim:{typed.get('claim')}"
            return (seen.record(claim)["marking"] if seen.has_record(claim) else row_marking(seen, self.ref)) or ""
        return typed.get(f"{BASIS}marking") or ""

    def _cells(self, typed: Typed, seen: Snapshot) -> dict[str, str | None]:
        if self.change == MARK:
            return {"marking": plain(typed.get(f"{CELL}marking") or "") or None}
        if self.change == JUDGE:
            claim = f"claim:{typed.get('claim')}"
            return {self.field: seen.record(claim)["value"] if seen.has_record(claim) else None}
        if self.change == WITHDRAW:
            return {}
        cells = typed_record(self.kind, typed, seen, adding=self.adding, fields=self.fields)
        return cells or ({self.field: None} if self.change == CLAIM else {})


def signed_base(task: Task, seen: Snapshot) -> str:
    """The cells as the person reads them now, to be sent back with what is typed; signed, so that they are what was read."""
    return "" if task.adding else signing.dumps([task.ref, seen.record(task.ref).cells], salt=SALT, compress=True)


def base_of(task: Task, typed: Typed) -> dict[str, str | None] | None:
    """The cells as they were read when the form was opened; nothing where that was not sent, or not by this desk."""
    if task.adding:
        return None
    try:
        ref, cells = signing.loads(typed.get("base") or "", salt=SALT)
    except signing.BadSignature:
        return None
    return dict(cells) if ref == task.ref else None


def chosen(task: Task, typed: Typed, seen: Snapshot) -> Typed:
    """What was typed, with the values of others where the person chose them."""
    copy: Typed = MultiValueDict({name: list(values) for name, values in typed.lists()})
    theirs = [name.removeprefix("choose-") for name in typed if name.startswith("choose-") and typed.get(name) == "theirs"]
    return with_cells(task, copy, cells_at(seen, task.ref, [name for name in theirs if task.kind.has(name)]))


def with_cells(task: Task, typed: Typed, cells: dict[str, str | None]) -> Typed:
    """What was typed, with these cells in place of what was typed there."""
    copy: Typed = MultiValueDict({name: list(values) for name, values in typed.lists()})
    for name, values in typed_cells([task.kind.field(one) for one in cells], cells).lists():
        copy.setlist(name, values)
    return copy
