"""Which edit of the register does a proposal ask for, and what stands against it?

The edit is computed on the register as it is now, from what its proposer sees on the level of the proposal. Faults of the library are joined
by those of proposing: a record that readers of the marking may not see, a value under a narrower marking than the one proposed, a value that
somebody changed meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from comity.register import editing
from comity.register.duplicates import Duplicate
from comity.register.editing import Basis, Edit
from comity.register.editing_record import parts_of, refs_of
from comity.register.readers import Reader
from comity.register.register import Register
from comity.register.snapshot import Snapshot
from comity.vocab.errors import Fault, UnknownRecord
from comity.vocab.kinds import Field
from comity.vocab.text import Text
from comity_desk.ledger.snapshots import snapshot_for
from comity_desk.lib import tokens
from comity_desk.lib.errors import NOTHING_HERE, NotFound
from comity_desk.records.proposals.content import Content, cells_at, linking
from comity_desk.records.proposals.levels import snapshot_at
from comity_desk.records.proposals.models import CHANGE, JUDGE


@dataclass(frozen=True)
class Worked:
    """A proposal worked out: what it says once fitted to its level, the edit, and which cells changed meanwhile."""

    content: Content
    level: Snapshot
    edit: Edit
    faults: tuple[Fault, ...]
    moved: tuple[str, ...] = ()

    @property
    def errors(self) -> list[Fault]:
        """What keeps it from being handed in or accepted."""
        return [fault for fault in self.faults if fault.severity == "error"]

    @property
    def warnings(self) -> list[Fault]:
        """What is doubtful."""
        return [fault for fault in self.faults if fault.severity == "warning"]

    @property
    def duplicates(self) -> list[Duplicate]:
        """What it may repeat."""
        return self.edit.duplicates


def worked_out(content: Content, reader: Reader, register: Register, *, by: str, today: date, fitting: bool = False) -> Worked:
    """Work a proposal out for its proposer's class; `fitting` takes the cells as the proposer typed them, else as they were handed in.

    `NotFound` where the proposer sees no such record.
    """
    own = snapshot_for(reader)
    if not content.is_new and not own.has_record(content.ref):
        raise NotFound(NOTHING_HERE)
    level = snapshot_at(reader, content.markings(own))
    if not content.is_new and not level.has_record(content.ref):
        raise NotFound(NOTHING_HERE)  # its marking is not the proposer's any more
    fitted = _fitted(content, own, level) if fitting else content
    edit = _edit(fitted, level, register, by, today)
    faults = [*unseen(fitted, own, level), *(_beneath(fitted, own, level) if fitting else [])]
    told = {(fault.field, fault.code) for fault in faults}
    rest = [fault for fault in edit.faults if (fault.field, "dangling-link") not in told and (fault.field, "unknown-actor") not in told]
    moved = [] if fitting else [name for name, now in cells_at(level, fitted.ref, list(fitted.base)).items() if now != fitted.base[name]]
    return Worked(fitted, level, edit, tuple(sorted([*faults, *rest], key=Fault.sort_key)), tuple(moved))


def _edit(content: Content, level: Snapshot, register: Register, by: str, today: date) -> Edit:
    said, told, token = {"today": today}, content.reason, lambda: tokens.token(6)
    basis = Basis(marking=content.marking, entered_by=by, **content.basis)
    try:
        match content.change:
            case "add":
                return editing.add_record(register, level, content.kind, content.cells, basis, token=token, reason=told, **said)
            case "change":
                return editing.change_record(register, level, content.ref, content.cells, basis, token=token, reason=told, **said)
            case "claim":
                value = content.cells[content.about]
                return editing.add_claim(register, level, content.ref, content.about, value, basis, token=token, reason=told, **said)
            case "judge":
                return editing.judge(register, level, content.ref, content.about, content.claim, token=token, reason=told, entered_by=by, **said)
            case _:
                return editing.withdraw(register, level, content.ref, token=token, reason=told, entered_by=by, **said)
    except UnknownRecord as error:
        raise NotFound(NOTHING_HERE) from error


def _fitted(content: Content, own: Snapshot, level: Snapshot) -> Content:
    """The cells that differ from what the proposer reads, without those links of their lists that readers of the proposal may not see.

    A link that stands in the cell for the proposer and not on the level stays where it is: the register keeps what an editor does not see.
    """
    if content.change != CHANGE:
        return content.with_base(level)
    was, beneath = cells_at(own, content.ref, list(content.cells)), cells_at(level, content.ref, list(content.cells))
    changed = {name: value for name, value in content.cells.items() if value != was[name]}
    listed = {told.name: told for told in linking(content.declared) if told.is_list or told.type == "actor_counts"}
    cells = {
        name: _without(listed[name], value, set(_unseen_parts(listed[name], was[name], level))) if name in listed else value for name, value in changed.items()
    }
    kept = {name: value for name, value in cells.items() if value != beneath[name] or name not in listed}
    return replace(content, cells=kept).with_base(level)


def _unseen_parts(told: Field, value: str | None, seen: Snapshot) -> list[str]:
    return [part for part, (kind, one) in refs_of(told, value) if not seen.has_record(f"{kind}:{one}")]


def _without(told: Field, value: str | None, away: set[str]) -> str | None:
    return ";".join(part for part in parts_of(told, value) if part not in away) or None if value else value


def unseen(content: Content, own: Snapshot, level: Snapshot) -> list[Fault]:
    """Records that the proposal names and that its readers may not all see, though its proposer does."""
    found = []
    for told in linking(content.declared):
        for part, (kind, one) in refs_of(told, content.cells.get(told.name)):
            ref = f"{kind}:{one}"
            if own.has_record(ref) and not level.has_record(ref):
                code = "unknown-actor" if kind == "actor" else "dangling-link"
                found.append(Fault(content.declared.file, None, told.name, code, _HIDDEN.format(what=part), _NARROWER, record=content.record or None))
    source = content.basis.get("source")
    if source and own.has_record(f"source:{source}") and not level.has_record(f"source:{source}"):
        found.append(Fault(content.declared.file, None, "source", "dangling-link", _HIDDEN.format(what=source), _NARROWER))
    return found


def _beneath(content: Content, own: Snapshot, level: Snapshot) -> list[Fault]:
    """Cells in which the proposer reads a value that readers of the proposal do not: said, lest one come into the other."""
    if content.beneath or content.change not in (CHANGE, JUDGE):
        return []
    names = list(content.cells)
    mine, theirs = cells_at(own, content.ref, names), cells_at(level, content.ref, names)
    plain = [name for name in names if mine[name] != theirs[name] and not _only_links_hidden(content.declared.field(name), mine[name], theirs[name], level)]
    return [Fault(content.declared.file, None, name, "narrower-value", _ABOVE, _CHOOSE, record=content.record) for name in plain]


def _only_links_hidden(told: Field, mine: str | None, theirs: str | None, level: Snapshot) -> bool:
    return _without(told, mine, set(_unseen_parts(told, mine, level))) == theirs


_HIDDEN = Text("Not everybody who may see this proposal may see {what}.", "이 제안을 볼 수 있는 사람 가운데 {what}을(를) 볼 수 없는 사람이 있습니다.")
_NARROWER = Text("Propose it under the marking of that record, or leave it out.", "해당 기록의 공개 등급으로 제안하거나 빼십시오.")
_ABOVE = Text(
    "You read a value here that readers of the chosen marking do not read; it will stay above yours.",
    "이 칸에는 선택한 등급의 열람자가 볼 수 없는 값이 채택되어 있으며, 그 값은 그대로 남습니다.",
)
_CHOOSE = Text(
    "Choose the marking of that value, or say below that you mean the value beneath it.",
    "그 값의 공개 등급을 고르거나, 그 아래 등급의 값을 고치는 것임을 아래에서 표시하십시오.",
)
