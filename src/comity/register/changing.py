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

from comity.register.adding import Preview, Row, apply, cell_text, previewed, source_id, table_of
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
    told = kind.field(field)
    new = cell_text(value)
    faults = _refused(package, kind, row, told.name, new, reason)
    made: dict[str, Row] = {}
    described = dict(source) if isinstance(source, Mapping) else {"source": source}
    base = {"marking": row.get("marking") or (row["id"] if kind.name == "marking" else None)}
    new_source, wrong = source_id(package, base | described, made, today)
    faults += [Fault(kind.file, None, cell, "other-address", _OTHER_ADDRESS.format(url=url), _SAY_ONE) for cell, url in wrong]
    stood = {"value": row[told.name], **base, **_rest(kind, row, today)}
    stands = stood | {"value": new, "source": new_source or stood["source"], "entered_by": entered_by, "entered_at": today.isoformat()}
    stands |= {"confidence": confidence or stood["confidence"], "locator": locator if new_source or locator else stood["locator"]}
    claims, replaced = _claims(package, (kind.name, str(row["id"]), told.name), stood, stands, reason, today)
    line, file = row.pop(LINE), row.pop(FILE)
    changed = table_of([row | {told.name: new}], kind, str(file), [int(str(line))])
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


def _refused(package: Package, kind: Kind, row: Row, field: str, new: str | None, reason: Text | str) -> list[Fault]:
    record, line = str(row["id"]), int(str(row[LINE]))
    own, _ = read_table(package.path / kind.file, kind)
    faults = []
    if kind.name == "claim":
        faults.append(Fault(kind.file, line, field, "claims-stand", _CLAIMS_STAND, _CHANGE_CELL, record=record))
    if not (own["id"] == record).any():
        faults.append(Fault(kind.file, line, field, "not-here", _NOT_HERE.format(package=package.name), _CHANGE_THERE, record=record))
    if row[field] == new:
        faults.append(Fault(kind.file, line, field, "same-value", _SAME, _OTHER, record=record))
    if not (reason.en if isinstance(reason, Text) else reason).strip():
        faults.append(Fault("claims.csv", None, "reason_en", "no-reason", _NO_REASON, _GIVE_REASON, record=record))
    return faults


def _rest(kind: Kind, row: Row, today: date) -> Row:
    """On what the cell rested, where no claim says so: the row's source, or, of a source, itself."""
    itself = kind.name == "source"
    return {
        "source": row["id"] if itself else row.get("source"),
        "locator": row.get("locator"),
        "confidence": "high" if itself else row.get("confidence"),
        "entered_at": row.get("entered_at") or today.isoformat(),
    }


def _claims(package: Package, cell: tuple[str, str, str], stood: Row, stands: Row, reason: Text | str, today: date) -> tuple[pl.DataFrame, list[str]]:
    """The claims that the change writes, and the ids of those among them that were there before."""
    kind, record, field = cell
    why = reason if isinstance(reason, Text) else Text(reason, "")
    over: Row = {"status": "superseded", "superseded_at": today.isoformat(), "reason_en": why.en, "reason_ko": why.ko or None}
    every = package.tables["claim"]
    on_cell = every.filter((pl.col("record_kind") == kind) & (pl.col("record") == record) & (pl.col("field") == field))
    former: list[Row] = on_cell.filter(pl.col("status") == "adopted").drop(LINE, FILE).rows(named=True)
    taken = set(every["id"])
    address: Row = {"record_kind": kind, "record": record, "field": field}
    written = [_judged(claim, over) for claim in former]
    if not former:
        written.append(stood | address | over | {"id": claim_id(*cell, taken)})
    taken |= {str(claim["id"]) for claim in written}
    promoted = [
        claim
        for claim in on_cell.filter(pl.col("status") == "competing").drop(LINE, FILE).rows(named=True)
        if claim["value"] == stands["value"] and stands["source"] in (claim["source"], stood["source"])
    ]
    adopted: Row = {"status": "adopted", "reason_en": why.en, "reason_ko": why.ko or None}
    written.append(_judged(promoted[0], adopted) if promoted else stands | address | adopted | {"id": claim_id(*cell, taken)})
    known = set(every["id"])
    return table_of(written, kinds()["claim"], "claims.csv", [None] * len(written)), [str(claim["id"]) for claim in written if claim["id"] in known]


def _judged(claim: Row, judgement: Row) -> Row:
    """A claim with a new judgement; an earlier reason stays, in brackets."""
    kept = {name: f"{judgement[name]} [{claim[name]}]" for name in ("reason_en", "reason_ko") if claim[name] and judgement.get(name)}
    return claim | judgement | kept


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
_OTHER_ADDRESS = Text("The source of that id has the address {url}.", "그 식별자의 출처는 주소가 {url}입니다.")
_SAY_ONE = Text("Give the id or the address, not both.", "식별자와 주소 가운데 하나만 적으십시오.")
