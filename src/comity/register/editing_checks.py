"""Which faults does one edit bring, as far as its editor can see?

The checks of a whole package are run on a small one: the record as it shall stand, the records that it names, those of its kind that say
much the same, and those whose soundness rests on it. Faults that were there before are not told. What the editor may not see takes no part,
so that a fault tells nothing of it; and the time does not grow with the register.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

import polars as pl

from comity.register.checks_claims import claim_faults
from comity.register.checks_logic import EXCLUSIVE, NOT_PARTIES, SAME, TREES, logic_faults
from comity.register.checks_values import value_faults
from comity.register.editing_claims import Row
from comity.register.editing_record import Ref, refs_of
from comity.register.editing_sources import SOURCE_CELLS
from comity.register.package import FILE, LINE, empty_table
from comity.register.resolve import LINKING
from comity.register.snapshot import Snapshot
from comity.register.tables import CheckedTables
from comity.vocab.errors import Fault
from comity.vocab.kinds import Kind, kinds

Tables = dict[str, pl.DataFrame]
RESTING = {  # kind → cells on which the soundness of other records rests, and where these name it
    "exercise_series": (("first_held", "last_held"), (("exercise", "series"),)),
    "dialogue_series": (("first_held", "last_held"), (("dialogue", "series"),)),
    "deployment": (("personnel_peak",), (("strength", "deployment"),)),
}
NAMING_NOTHING = frozenset({"unknown-actor", "dangling-link", "dangling-claim"})  # of the records around: what they name was not looked up
EDITIONS = {"dialogue": ["series", "edition"]}  # numbered once


@dataclass(frozen=True)
class Proposed:
    """One record as its editor will read it, with the claims on it and what else is new; `before` is its row until now."""

    kind: Kind
    after: Row
    before: Row | None = None
    claims: tuple[Row, ...] = ()
    former_claims: tuple[Row, ...] = ()
    fresh: Mapping[str, str] = field(default_factory=dict)  # new claims → the field that they are about
    sources: tuple[Row, ...] = ()


def faults_brought(seen: Snapshot, proposed: Proposed) -> list[Fault]:
    """The faults that the edit brings to its record, its claims, its source and the records around them."""
    near = _neighbours(seen, proposed)
    after = _faults(near, proposed, proposed.after, proposed.claims, proposed.sources)
    if not after:
        return []
    before = Counter(_faults(near, proposed, proposed.before, proposed.former_claims, ()))
    brought = []
    for fault in after:
        if before[fault]:
            before[fault] -= 1
        elif (told := _as_told(fault, proposed)) is not None:
            brought.append(told)
    return brought


def rows_of(kind: Kind, rows: Iterable[Row]) -> pl.DataFrame:
    """Rows as a table of text of the kind, from no file."""
    listed = list(rows)
    data = [pl.Series(name, [row.get(name) for row in listed], dtype=pl.String) for name in kind.columns]
    return pl.DataFrame(data) if listed else empty_table(kind).drop(LINE, FILE)


def _faults(near: Tables, proposed: Proposed, row: Row | None, claims: Collection[Row], sources: Collection[Row]) -> list[Fault]:
    tables = {name: near.get(name, empty_table(kind)) for name, kind in kinds().items()}
    for name, fresh in ((proposed.kind.name, [row] if row else []), ("claim", list(claims)), ("source", list(sources))):
        if fresh:
            tables[name] = pl.concat([tables[name], _placed(rows_of(kinds()[name], fresh), kinds()[name])])
    checked = CheckedTables(tables)
    own = {str(proposed.after["id"]), *(str(one["id"]) for one in (*claims, *sources))}
    found = [*value_faults(checked), *logic_faults(checked, {}), *claim_faults(checked)]
    return [fault for fault in found if fault.record in own or fault.code not in NAMING_NOTHING]


def _as_told(fault: Fault, proposed: Proposed) -> Fault | None:
    """A fault of the edit in terms of the cells that were filled in; none where it is of a claim that was there before."""
    if fault.file == proposed.kind.file and proposed.kind.name != "source":
        return fault
    if fault.record in {source["id"] for source in proposed.sources}:
        names = {target: name for name, target in SOURCE_CELLS.items()}
        return replace(fault, field=names.get(str(fault.field), fault.field))
    if fault.file != kinds()["claim"].file:
        return fault
    about = proposed.fresh.get(str(fault.record))
    if about is None:
        return None
    if fault.field != "value":
        return replace(fault, record=proposed.after["id"])
    changed = proposed.before is None or proposed.before.get(about) != proposed.after.get(about)
    return None if changed else replace(fault, file=proposed.kind.file, field=about, record=proposed.after["id"])  # a changed cell is told of itself


# ---- the records around one


def _neighbours(seen: Snapshot, proposed: Proposed) -> Tables:
    """The records that the checks of this one look at, without the record itself."""
    kind, record = proposed.kind, str(proposed.after["id"])
    wanted: dict[str, set[str]] = {"marking": set(seen.table("marking")["id"])}
    for name, one in _named(proposed):
        wanted.setdefault(name, set()).add(one)
    found = {name: [pl.col("id").is_in(list(ids))] for name, ids in wanted.items() if name in kinds()}
    for name, alike in [*_alike(kind, proposed.after), *_resting(kind, record, proposed)]:
        found.setdefault(name, []).append(alike)
    near = {name: seen.table(name).filter(pl.any_horizontal(where)) for name, where in found.items() if seen.table(name).height}
    if kind.name in near and kind.name in TREES:
        near[kind.name] = pl.concat([near[kind.name], _above(seen, kind, proposed.after, near[kind.name])])
    if kind.name in near and proposed.before is not None:
        near[kind.name] = near[kind.name].filter(pl.col("id") != record)
    return {name: _placed(table, kinds()[name]) for name, table in near.items()}


def _placed(table: pl.DataFrame, kind: Kind) -> pl.DataFrame:
    return table.select(*kind.columns, pl.lit(None, dtype=pl.Int32).alias(LINE), pl.lit(kind.file).alias(FILE))


def _named(proposed: Proposed) -> list[Ref]:
    """Every record that the new cells and claims name."""
    kind, told = proposed.kind, kinds()["claim"]
    cells = [(one, row.get(one.name)) for row in (proposed.after, proposed.before or {}) for one in kind.of_type(*LINKING)]
    for claim in proposed.claims:
        cells += [(one, claim[one.name]) for one in told.of_type(*LINKING)]
        if kind.has(str(claim["field"])):
            cells.append((kind.field(str(claim["field"])), claim["value"]))
    cells += [(one, source.get(one.name)) for source in proposed.sources for one in kinds()["source"].of_type(*LINKING)]
    return [ref for one, value in cells for _, ref in refs_of(one, value)]


def _alike(kind: Kind, row: Row) -> list[tuple[str, pl.Expr]]:
    """Those of its kind that may say the same, hold at the same time, or carry the same number or id."""
    keys = [SAME.get(kind.name), EXCLUSIVE.get(kind.name), EDITIONS.get(kind.name)]
    same = [pl.all_horizontal(pl.col(name).eq_missing(pl.lit(row.get(name), dtype=pl.String)) for name in each) for each in keys if each]
    return [(kind.name, alike) for alike in [*same, pl.col("id") == str(row["id"])]]


def _resting(kind: Kind, record: str, proposed: Proposed) -> list[tuple[str, pl.Expr]]:
    """Records that name this one and whose soundness rests on cells that change; nobody names a new record."""
    before = proposed.before
    if before is None:
        return []
    changed = {name for name in kind.columns if before.get(name) != proposed.after.get(name)}
    cells, naming = RESTING.get(kind.name, ((), ()))
    found = [(name, pl.col(by) == record) for name, by in naming if changed & set(cells)]
    if "counted_with" in changed:
        found += [(other.name, pl.col("counted_with") == f"{kind.name}:{record}") for other in kinds().values() if other.has("counted_with")]
    return found + (_outliving(record, proposed.after) if kind.name == "actor" and changed & {"start", "end"} else [])


def _outliving(actor: str, row: Row) -> list[tuple[str, pl.Expr]]:
    """Records that name the actor and may lie before its beginning or after its end, by their years."""
    party = f"(^|;){re.escape(actor)}(;|$)"
    first, last = ((row.get(name) or "")[:4] for name in ("start", "end"))
    found = []
    for kind in kinds().values():
        day = kind.act or (kind.span[0] if kind.span else "date" if kind.has("date") else None)
        names = [one.name for one in kind.of_type("actor", "actors") if one.name not in NOT_PARTIES]
        if day is None or kind.name in ("actor", "actor_code") or not names:
            continue
        year = pl.col(day).str.slice(0, 4)
        outside = pl.any_horizontal(year <= first if first.isdigit() else pl.lit(False), year >= last if last.isdigit() else pl.lit(False))
        found.append((kind.name, outside.fill_null(False) & pl.any_horizontal(pl.col(name).str.contains(party) for name in names)))
    return found


def _above(seen: Snapshot, kind: Kind, row: Row, near: pl.DataFrame) -> pl.DataFrame:
    """The records inside which this one lies, one above the other, that are not there yet."""
    by, table = TREES[kind.name], seen.table(kind.name)
    rows, passed, at = [near.clear()], {str(row["id"])}, row.get(by)
    while at is not None and at not in passed:
        passed.add(at)
        found = table.filter(pl.col("id") == at)
        if at not in near["id"]:
            rows.append(found)
        at = found[by][0] if found.height else None
    return pl.concat(rows)
