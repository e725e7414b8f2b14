"""How does a cell change, so that what stood before and the reason are kept?

The cell's file gets the new value; `claims.csv` gets the former value as a superseded claim, with the day and the reason, and the new one
as the adopted claim, with its source. A snapshot as known on an earlier day still shows the former value, and the seal accepts the edit.
Rows of a package that this one extends are changed there, not here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from comity.register.adding import Preview, apply, cell_text, package_source, previewed, table_of
from comity.register.editing_claims import Row, replacing, rest_of, told
from comity.register.editing_sources import other_address
from comity.register.package import FILE, LINE, Package, read_package, read_table
from comity.register.proposed_id import claim_id
from comity.vocab.errors import AmbiguousRecord, Fault, UnknownRecord
from comity.vocab.kinds import Kind, kinds
from comity.vocab.text import Text


def preview_change(
    where: str | Path,
    ref: str,
    field: str,
    value: Any,
    *,
    reason: Text | str,
    today: date,
    source: str | Mapping[str, str] | None = None,
    locator: str | None = None,
    confidence: str | None = None,
    entered_by: str | None = None,
) -> Preview:
    """What changing one cell would do. `ref` is an id or `kind:id`; `reason` one sentence, in both languages where it is a `Text`.

    `source` is that of the new value: an id, or `source_url` and `source_title` as in `preview_add`; without one the new value rests on
    the row's own source. An empty value clears the cell.
    """
    package = read_package(where)
    kind, row = _found(package, ref)
    name, new, why = kind.field(field).name, cell_text(value), told(reason)
    faults = _refused(package, kind, row, name, new, why)
    made: dict[str, Row] = {}
    described = dict(source) if isinstance(source, Mapping) else {"source": source}
    stood = {"value": row[name], **rest_of(kind, row, today), "record_kind": kind.name, "record": row["id"], "field": name}
    new_source, wrong = package_source(package, {"marking": stood["marking"]} | described, made, today)
    faults += other_address(kind.file, None, wrong)
    stands = stood | {"value": new, "source": new_source or stood["source"], "entered_by": entered_by, "entered_at": today.isoformat()}
    stands |= {"confidence": confidence or stood["confidence"], "locator": locator if new_source or locator else stood["locator"]}
    claims, replaced = _claims(package, stood, stands, why, today)
    line, file = row.pop(LINE), row.pop(FILE)
    changed = table_of([row | {name: new}], kind, str(file), [int(str(line))])
    changes = {kind.name: (changed, [str(row["id"])]), "claim": (claims, replaced)}
    if made:
        changes["source"] = (table_of(list(made.values()), kinds()["source"], "sources.csv", [None] * len(made)), [])
    return previewed(package, kind, changed, changes, faults)


def change(where: str | Path, ref: str, field: str, value: Any, *, reason: Text | str, today: date, **basis: Any) -> list[Path]:
    """Change one cell and keep its former value with the reason; `PackageFaults` and nothing written where anything is wrong.

    `basis`: `source`, `locator`, `confidence` and `entered_by` of the new value, as in `preview_change`.
    """
    return apply(preview_change(where, ref, field, value, reason=reason, today=today, **basis))


def _found(package: Package, ref: str) -> tuple[Kind, Row]:
    """The record's kind and its row, with file and line."""
    word, _, record = ref.rpartition(":")
    named = [name for name in package.tables if not word or name == word]
    found = [(kinds()[name], row) for name in named for row in package.tables[name].filter(pl.col("id") == record).iter_rows(named=True)]
    if not found:
        raise UnknownRecord(_UNKNOWN.format(id=repr(ref)))
    if len({kind.name for kind, _ in found}) > 1:
        raise AmbiguousRecord(_AMBIGUOUS.format(id=repr(ref), all=", ".join(f"{kind.name}:{record}" for kind, _ in found)))
    return found[0]


def _refused(package: Package, kind: Kind, row: Row, field: str, new: str | None, why: Text) -> list[Fault]:
    record, line = str(row["id"]), int(str(row[LINE]))
    own, _ = read_table(package.path / kind.file, kind)
    faults = []
    if kind.name == "claim":
        faults.append(Fault(kind.file, line, field, "claims-stand", _CLAIMS_STAND, _CHANGE_CELL, record=record))
    if not (own["id"] == record).any():
        faults.append(Fault(kind.file, line, field, "not-here", _NOT_HERE.format(package=package.name), _CHANGE_THERE, record=record))
    if row[field] == new:
        faults.append(Fault(kind.file, line, field, "same-value", _SAME, _OTHER, record=record))
    return faults if why.en else [*faults, no_reason(record)]


def no_reason(record: str) -> Fault:
    """The fault of a change that does not say why."""
    return Fault(kinds()["claim"].file, None, "reason_en", "no-reason", _NO_REASON, _GIVE_REASON, record=record)


def _claims(package: Package, stood: Row, stands: Row, why: Text, today: date) -> tuple[pl.DataFrame, list[str]]:
    """The claims that the change writes, and the ids of those among them that were there before."""
    cell = (str(stood["record_kind"]), str(stood["record"]), str(stood["field"]))
    every = package.tables["claim"]
    on_cell = every.filter((pl.col("record_kind") == cell[0]) & (pl.col("record") == cell[1]) & (pl.col("field") == cell[2])).drop(LINE, FILE)
    known, taken = set(every["id"]), set(every["id"])

    def name() -> str:
        made = claim_id(*cell, taken)
        taken.add(made)
        return made

    competing = on_cell.filter(pl.col("status") == "competing").rows(named=True)
    promoted = next((one for one in competing if one["value"] == stands["value"] and stands["source"] in (one["source"], stood["source"])), None)
    written = replacing(on_cell.filter(pl.col("status") == "adopted").rows(named=True), promoted, stood, stands, why, today, name)
    return table_of(written, kinds()["claim"], "claims.csv", [None] * len(written)), [str(claim["id"]) for claim in written if claim["id"] in known]


_UNKNOWN = Text("There is no record {id} in this package.", "이 패키지에 {id} 기록이 없습니다.")
_AMBIGUOUS = Text("Several kinds have a record {id}; say one of {all}.", "여러 종류에 {id} 기록이 있습니다. 다음 가운데 하나로 적으십시오: {all}.")
_CLAIMS_STAND = Text("Claims are never edited.", "주장은 고치지 않습니다.")
_CHANGE_CELL = Text("Change the cell that it is about, or add a claim.", "해당 칸을 고치거나 주장을 추가하십시오.")
_NOT_HERE = Text("The row belongs to a package that {package} extends.", "이 행은 {package}이(가) 확장하는 패키지에 있습니다.")
_CHANGE_THERE = Text("Change it in that package.", "그 패키지에서 고치십시오.")
_SAME = Text("The cell has that value already.", "칸에 이미 그 값이 있습니다.")
_OTHER = Text(
    "Give another value, or add a claim to say that a second source states the same.", "다른 값을 적거나, 다른 출처가 같은 값을 밝힌다는 주장을 추가하십시오."
)
_NO_REASON = Text("The change has no reason.", "변경 이유가 없습니다.")
_GIVE_REASON = Text("Give the reason in one sentence.", "이유를 한 문장으로 적으십시오.")
