"""What would an edit by one editor make of the register, and what is wrong with it as far as that editor can see?

Pure functions over tables in memory: `register` is the truth, `seen` the editor's snapshot of it. Each gives an `Edit` with whole rows as
they shall stand; `register.with_rows(edit.rows)` is the register with it. Faults, likely duplicates and ids come from what the editor sees
and never from what they may not; what is hidden from them keeps standing for those who may see it. An edit says that it fits, not that it
is true. Packages on disk are edited by `adding` and `changing`, by the same rules.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from comity.register.adding import cell_text, default_marking, doubt, strange_cells, table_of
from comity.register.changing import no_reason
from comity.register.duplicates import Duplicate, day_fields, likely_duplicates, party_fields
from comity.register.editing_checks import Proposed, faults_brought, rows_of
from comity.register.editing_claims import UNJUDGED, Row, reasons, told
from comity.register.editing_draft import Draft, compete, let_stand, mark_row, put
from comity.register.editing_record import Editor
from comity.register.editing_sources import Basis, addresses, other_address, source_cells, source_named
from comity.register.frames import UNSOURCED
from comity.register.register import Register
from comity.register.resolve import WHOLE, WITHIN
from comity.register.snapshot import Snapshot
from comity.vocab.errors import Fault
from comity.vocab.kinds import Kind, kind_of, kinds
from comity.vocab.text import Text

__all__ = ["Basis", "Edit", "add_claim", "add_record", "change_record", "judge", "repeated", "withdraw"]

Token = Callable[[], str]
KEPT_BY_THE_REGISTER = ("id", "entered_at")  # cells that no editor changes


@dataclass(frozen=True)
class Edit:
    """Rows as they shall stand, and what the editor is told: the record, what is wrong, what it may repeat.

    `rows` may hold what the editor may not see and is for the register only; `shown` are the same rows as the editor will read them.
    """

    rows: dict[str, pl.DataFrame]
    ref: str
    faults: list[Fault]
    duplicates: list[Duplicate] = field(default_factory=list)
    shown: dict[str, pl.DataFrame] = field(default_factory=dict)

    @property
    def errors(self) -> list[Fault]:
        """The faults that keep it from being made."""
        return [fault for fault in self.faults if fault.severity == "error"]

    @property
    def edited(self) -> dict[str, list[str]]:
        """The ids that it touches by kind, the record among them even where only claims on it change: what `Snapshot.after` asks for."""
        touched = {name: table["id"].to_list() for name, table in self.rows.items()}
        kind, _, record = self.ref.partition(":")
        return touched | {kind: list(dict.fromkeys([*touched.get(kind, []), record]))}


def add_record(
    register: Register,
    seen: Snapshot,
    kind: str,
    cells: Mapping[str, Any],
    basis: Basis | None = None,
    *,
    today: date,
    token: Token,
    reason: Text | None = None,
) -> Edit:
    """A new record. Cells may describe a new source, as in `preview_add`; those that are not given come from the basis.

    A row has no cell for the reason: it is kept by whoever keeps the edit.
    """
    declared, editor = kind_of(kind), Editor(register, seen, today, token)
    typed = {name: cell_text(value) for name, value in cells.items()}
    on = (basis or Basis()).described_by({name: typed.get(name) for name in source_cells(declared) if name in typed})
    faults = [*strange_cells(declared, typed), *_not_added(declared, typed, today)]
    row = {name: typed.get(name) for name in declared.columns} | _filled(declared, typed, on, editor)
    made: dict[str, Row] = {}
    if declared.has("source"):
        wanted = on.source_cells | {"source": row["source"], "marking": row.get("marking")}
        known = addresses(seen.table("source"), wanted)
        row["source"], wrong = source_named(wanted, known, made, today, lambda described: str(editor.new_id(kinds()["source"], described)))
        faults += other_address(declared.file, None, wrong)
    row["id"] = editor.new_id(declared, typed)
    faults += faults_brought(seen, Proposed(declared, row, sources=tuple(made.values())))
    doubles = repeated(seen, declared, row)
    rows = _tables(declared, [row], [], made.values())
    return _edit(rows, f"{declared.name}:{row['id']}", [*faults, *_doubts(doubles, declared, row)], doubles, rows)


def change_record(
    register: Register, seen: Snapshot, ref: str, cells: Mapping[str, Any], basis: Basis | None = None, *, today: date, token: Token, reason: Text
) -> Edit:
    """New values of some cells of a record; each cell that changes keeps its former value as a superseded claim. `UnknownRecord` for what is not seen."""
    draft = _draft(register, seen, ref, basis, today, token, reason)
    kind, held = draft.held.kind, draft.held
    typed = {name: cell_text(value) for name, value in cells.items()}
    draft.basis = draft.basis.described_by({name: typed[name] for name in source_cells(kind) if name in typed})
    draft.faults += [*strange_cells(kind, typed), *_refused(draft)]
    changed = [name for name in kind.columns if name in typed and typed[name] != held.shown[name]]
    for name in KEPT_BY_THE_REGISTER:
        if name in changed:
            draft.refuse(name, "kept-by-the-register", _KEPT.format(field=name), _LEAVE)
    changed = [name for name in changed if name not in KEPT_BY_THE_REGISTER]
    if not changed and not draft.errors:
        draft.refuse(None, "nothing-changed", _NOTHING, _CHANGE_ONE)
    if changed and kind.name != "claim":
        _change(draft, {name: typed[name] for name in changed})
    return _drafted(draft, compared=changed)


def add_claim(
    register: Register,
    seen: Snapshot,
    ref: str,
    field: str,
    value: Any,
    basis: Basis | None = None,
    *,
    today: date,
    token: Token,
    reason: Text | None = None,
) -> Edit:
    """Another value of a cell, beside the one that stands."""
    draft = _draft(register, seen, ref, basis, today, token, reason)
    typed = cell_text(value)
    if _has_cell(draft, field):
        draft.rest_on_source([field])
        if _claimed(draft, field, typed):
            draft.refuse(field, "same-claim", _SAME_CLAIM, _OTHER_SOURCE)
        compete(draft, field, typed)
    return _drafted(draft)


def judge(
    register: Register,
    seen: Snapshot,
    ref: str,
    field: str,
    claim_id: str,
    *,
    today: date,
    token: Token,
    reason: Text,
    entered_by: str | None = None,
) -> Edit:
    """Let a competing claim stand in a cell; what stood there competes on, both with the reason."""
    draft = _draft(register, seen, ref, Basis(entered_by=entered_by), today, token, reason)
    draft.faults += _refused(draft)
    read = next((claim for claim in draft.held.read if claim["id"] == claim_id and claim["field"] == field), None)
    if not _has_cell(draft, field):
        return _drafted(draft)
    if read is None:
        draft.refuse(field, "no-such-claim", _NO_CLAIM.format(id=claim_id), _SAY_CLAIM)
    elif read["status"] != "competing":
        draft.refuse(field, "not-competing", _NOT_COMPETING, _SAY_CLAIM)
    else:
        let_stand(draft, next(claim for claim in draft.held.claims if claim["id"] == claim_id))
    return _drafted(draft)


def withdraw(register: Register, seen: Snapshot, ref: str, *, today: date, token: Token, reason: Text, entered_by: str | None = None) -> Edit:
    """Take a record back: its row stays, and a withdrawn claim on the whole of it says why. It is gone for all who might see the row."""
    draft = _draft(register, seen, ref, Basis(entered_by=entered_by), today, token, reason)
    draft.faults += _refused(draft)
    if draft.held.kind.name == "marking":
        draft.refuse(None, "marking-stays", _MARKING_STAYS, _MARK_ANEW)
    if draft.held.kind.name not in ("claim", "marking"):
        claim = UNJUDGED | draft.stands(WHOLE, None) | {"status": "withdrawn", "locator": None, **reasons(draft.why), "id": draft.name(WHOLE)}
        if draft.editor.claim_as_read(claim)["source"] in (None, UNSOURCED):
            claim |= {"source": UNSOURCED, "confidence": "low"}
        draft.bring(claim, None)
    return _drafted(draft, gone=True)


# ---- making drafts and edits of them


def _draft(register: Register, seen: Snapshot, ref: str, basis: Basis | None, today: date, token: Token, reason: Text | None) -> Draft:
    editor = Editor(register, seen, today, token)
    return Draft(editor, editor.held(ref), basis or Basis(), told(reason))


def _change(draft: Draft, typed: Row) -> None:
    marking = typed.get("marking")
    if marking in draft.editor.visible and "marking" in typed:
        mark_row(draft, str(marking))
    draft.rest_on_source(list(typed))
    for name, value in typed.items():
        put(draft, name, value)


def _drafted(draft: Draft, *, compared: Collection[str] = (), gone: bool = False) -> Edit:
    held, kind = draft.held, draft.held.kind
    proposed = Proposed(kind, draft.shown, held.shown, tuple(draft.read.values()), held.read, draft.fresh, tuple(draft.sources.values()))
    faults = [*draft.faults, *(faults_brought(draft.editor.seen, proposed) if draft.claims else [])]
    faults += [fault for fault in _faults_of_row(draft) if fault not in faults]
    telling = {*kind.title, *day_fields(kind), *party_fields(kind), "url"}
    doubles = repeated(draft.editor.seen, kind, draft.shown) if telling & set(compared) else []
    read = [claim for one, claim in draft.read.items() if one in draft.claims or claim not in held.read]
    rows = _tables(kind, [draft.row] if draft.row != held.row else [], draft.claims.values(), draft.sources.values())
    shown = _tables(kind, [] if gone else [draft.shown], read, draft.sources.values())
    return _edit(rows, held.ref, [*faults, *_doubts(doubles, kind, draft.shown)], doubles, shown)


def _faults_of_row(draft: Draft) -> list[Fault]:
    """Where the editor reads narrower values in other cells: the faults of the row as those will read it who do not."""
    held, editor = draft.held, draft.editor
    changed = {name: draft.shown[name] for name in held.kind.columns if draft.row[name] != held.row[name]}
    if not changed or not any(claim["status"] == WITHIN for claim in held.claims):
        return []
    before = {name: editor.as_read(held.kind.field(name), value) if name != "id" else value for name, value in held.base_row.items()}
    return faults_brought(editor.seen, Proposed(held.kind, before | changed, before))


def _tables(kind: Kind, rows: Iterable[Row], claims: Iterable[Row], sources: Iterable[Row]) -> dict[str, pl.DataFrame]:
    """Rows by kind, of those kinds that have any."""
    listed: dict[str, list[Row]] = {}
    for name, some in ((kind.name, rows), ("claim", claims), ("source", sources)):
        listed.setdefault(name, []).extend(some)
    return {name: rows_of(kinds()[name], each) for name, each in listed.items() if each}


def _edit(rows: dict[str, pl.DataFrame], ref: str, faults: list[Fault], doubles: list[Duplicate], shown: dict[str, pl.DataFrame]) -> Edit:
    return Edit(rows, ref, sorted(faults, key=Fault.sort_key), doubles, shown)


# ---- what is refused, and what is doubted


def _not_added(kind: Kind, typed: Row, today: date) -> list[Fault]:
    faults = []
    if kind.name == "claim":
        faults.append(Fault(kind.file, None, None, "claims-are-made-on-cells", _CLAIM_ON_CELL, _ADD_CLAIM))
    if typed.get("entered_at") not in (None, today.isoformat()):
        faults.append(Fault(kind.file, None, "entered_at", "kept-by-the-register", _KEPT.format(field="entered_at"), _LEAVE))
    return faults


def _filled(kind: Kind, typed: Row, basis: Basis, editor: Editor) -> Row:
    """The cells that come from the basis or from the register where they are not given."""
    usual = default_marking(editor.seen.settings, editor.seen.table("marking")["id"])
    filled: Row = {name: typed.get(name) or getattr(basis, name) for name in ("source", "locator", "confidence", "marking") if kind.has(name)}
    if kind.has("marking"):
        filled["marking"] = filled["marking"] or (usual if usual in editor.visible else None)
    return filled | ({"entered_at": editor.today.isoformat()} if kind.has("entered_at") else {})


def _refused(draft: Draft) -> list[Fault]:
    """A change says why, and claims are not changed."""
    held = draft.held
    faults = [] if draft.why.en else [no_reason(held.id)]
    if held.kind.name == "claim":
        faults.append(Fault(held.kind.file, None, None, "claims-stand", _CLAIMS_STAND, _ADD_CLAIM, record=held.id))
    return faults


def _has_cell(draft: Draft, name: str) -> bool:
    """Whether claims can be made on that field; else the fault is noted."""
    kind = draft.held.kind
    if kind.name == "claim":
        draft.refuse(None, "claims-stand", _CLAIMS_STAND, _ADD_CLAIM)
    elif name in KEPT_BY_THE_REGISTER and name in kind.columns:
        draft.refuse(name, "kept-by-the-register", _KEPT.format(field=name), _LEAVE)
    elif not kind.has(name):
        draft.faults += strange_cells(kind, [name])
    else:
        return True
    return False


def _claimed(draft: Draft, name: str, typed: str | None) -> bool:
    """Whether a claim that the editor sees, or the row by itself, says the same on the same source."""
    held = draft.held
    source = draft.source or held.shown.get("source")
    standing = [claim for claim in held.read if claim["field"] == name and claim["status"] in ("adopted", "competing")]
    own = not any(claim["status"] == "adopted" for claim in standing) and (held.shown[name], held.shown.get("source")) == (typed, source)
    return own or any((claim["value"], claim["source"]) == (typed, source) for claim in standing)


def repeated(seen: Snapshot, kind: Kind, row: Row) -> list[Duplicate]:
    """The records of a snapshot that a row may repeat; looked for once, however often it is asked."""
    asked = ("repeated", kind.name, tuple(row.get(name) for name in kind.columns))
    return list(seen.remembered(asked, lambda: likely_duplicates(table_of([row], kind, kind.file, [None]), seen.table(kind.name), kind)))


def _doubts(doubles: list[Duplicate], kind: Kind, row: Row) -> list[Fault]:
    table = table_of([row], kind, kind.file, [None])
    return [doubt(one, table) for one in doubles]


_KEPT = Text("{field} is kept by the register.", "{field}은(는) 등록부가 관리합니다.")
_LEAVE = Text("Leave it as it is.", "그대로 두십시오.")
_NOTHING = Text("Nothing was changed.", "바뀐 값이 없습니다.")
_CHANGE_ONE = Text(
    "Give another value, or add a claim to say that a second source states the same.", "다른 값을 적거나, 다른 출처가 같은 값을 밝힌다는 주장을 추가하십시오."
)
_CLAIMS_STAND = Text("Claims are never edited.", "주장은 고치지 않습니다.")
_CLAIM_ON_CELL = Text("A claim is made on a cell of a record.", "주장은 기록의 칸에 대해 추가합니다.")
_ADD_CLAIM = Text("Change the cell that it is about, or add a claim.", "해당 칸을 고치거나 주장을 추가하십시오.")
_SAME_CLAIM = Text("That source is on record with that value already.", "같은 출처의 같은 값이 이미 있습니다.")
_OTHER_SOURCE = Text("Give another value or another source.", "다른 값이나 다른 출처를 적으십시오.")
_NO_CLAIM = Text("There is no claim {id} on this cell.", "이 칸에 {id} 주장이 없습니다.")
_NOT_COMPETING = Text(
    "The claim does not compete: it stands already, or was superseded or withdrawn.", "경쟁 중인 주장이 아닙니다. 이미 채택되었거나 대체 또는 철회되었습니다."
)
_SAY_CLAIM = Text("Choose one of the competing claims on this cell.", "이 칸에서 경쟁 중인 주장을 고르십시오.")
_MARKING_STAYS = Text("A marking is not withdrawn while the register has it on its rows.", "기록에 쓰이는 공개 등급은 철회하지 않습니다.")
_MARK_ANEW = Text("Give what carries it another marking.", "이 등급이 붙은 기록에 다른 등급을 부여하십시오.")
