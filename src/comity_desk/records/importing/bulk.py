"""What would many new records at once make of the register, and what is wrong with each?

The same edit as of one new record, for thousands: ids, sources and rows are made one by one, and the checks are run once over what the
proposer sees with all of them in it. Faults name the rows of the file. As everywhere, what is hidden on the proposal's level takes no part.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from comity.register.checks_logic import logic_faults
from comity.register.checks_values import value_faults
from comity.register.duplicates import Duplicate, address
from comity.register.duplicates_many import many_duplicates
from comity.register.editing_checks import rows_of
from comity.register.editing_record import Editor
from comity.register.editing_sources import SOURCE_CELLS
from comity.register.package import FILE, LINE
from comity.register.register import Register
from comity.register.snapshot import Snapshot
from comity.register.tables import CheckedTables
from comity.vocab.errors import Fault
from comity.vocab.kinds import Kind, kinds
from comity.vocab.text import Text
from comity_desk.lib import tokens
from comity_desk.records.proposals.content import Content

Row = dict[str, str | None]
IDS = re.compile(r"[A-Za-z0-9@+-]+(?:[.][A-Za-z0-9@+-]+)*")


@dataclass(frozen=True)
class Bulk:
    """Rows as they shall stand, the id of each, and what is wrong, by the number of the row in the file."""

    rows: dict[str, pl.DataFrame]
    ids: list[str]
    numbers: list[int]
    faults: list[Fault]

    @property
    def errors(self) -> list[Fault]:
        """What keeps them from being proposed or accepted."""
        return [fault for fault in self.faults if fault.severity == "error"]


def added(contents: Sequence[Content], numbers: Sequence[int], level: Snapshot, register: Register, *, today: date) -> Bulk:
    """The new records of these proposals, all of one kind, with the numbers of their rows."""
    if not contents:
        return Bulk({}, [], [], [])
    kind, editor = contents[0].declared, Editor(register, level, today, lambda: tokens.token(6))
    known = _addresses(level)
    made: dict[str, Row] = {}
    rows: list[Row] = []
    taken: set[str] = set()
    for content in contents:
        row: Row = {name: content.cells.get(name) for name in kind.columns}
        row |= _rest(kind, content, editor, known, made, today)
        row["id"] = _unique(lambda row=row, cells=content.cells: editor.new_id(kind, {**row, "id": cells.get("id")}), taken)  # type: ignore[misc]
        rows.append(row)
    tables = {kind.name: rows_of(kind, rows)} | ({"source": _sources(tables_of(kind, rows), made)} if made else {})
    return Bulk(tables, [str(row["id"]) for row in rows], list(numbers), _brought(level, kind, tables, list(numbers)))


def duplicates(bulk: Bulk, kind: Kind, seen: Snapshot, progress: Callable[[int, int], None] | None = None) -> Iterator[tuple[int, Duplicate]]:
    """Records that each row may repeat, earlier rows among them, by the number of the row."""
    number_of = dict(zip(bulk.ids, bulk.numbers, strict=True))
    for one in many_duplicates(bulk.rows[kind.name], seen.table(kind.name), kind, progress=progress):
        yield number_of[one.new.partition(":")[2]], one


def tables_of(kind: Kind, rows: list[Row]) -> pl.DataFrame:
    """The rows as a table of text."""
    return rows_of(kind, rows)


def _rest(kind: Kind, content: Content, editor: Editor, known: dict[str, str], made: dict[str, Row], today: date) -> Row:
    """The cells that come from the basis and from the register."""
    filled: Row = {name: content.basis.get(name) for name in ("locator", "confidence") if kind.has(name)}
    if kind.has("marking"):
        filled["marking"] = content.marking
    if kind.has("entered_at"):
        filled["entered_at"] = today.isoformat()
    if kind.has("source"):
        filled["source"] = content.basis.get("source") or _source_made(content, editor, known, made, today)
    return filled


def _source_made(content: Content, editor: Editor, known: dict[str, str], made: dict[str, Row], today: date) -> str | None:
    """The source that a row describes: one of that address that its proposer sees, or one made for all rows that describe the same."""
    told: Row = {target: content.basis.get(name) for name, target in SOURCE_CELLS.items()}
    if not any(told.values()):
        return None
    url = address(told["url"])
    if url and url in known:
        return known[url]
    same = url or f"{told['title']}\x1f{told['publisher']}\x1f{told['published']}"
    if same not in made:
        described = {**told, "source_type": told["source_type"] or "other", "retrieved": today.isoformat(), "marking": content.marking}
        made[same] = described | {"id": editor.new_id(kinds()["source"], described)}
    return made[same]["id"]


def _sources(rows: pl.DataFrame, made: dict[str, Row]) -> pl.DataFrame:
    used = set(rows["source"].drop_nulls())
    return rows_of(kinds()["source"], (row for row in made.values() if row["id"] in used))


def _addresses(level: Snapshot) -> dict[str, str]:
    pairs = ((address(url), one) for one, url in level.table("source").select("id", "url").iter_rows())
    return {url: one for url, one in pairs if url}


def _unique(draw: Callable[[], str | None], taken: set[str]) -> str | None:
    one = draw()
    while one in taken:
        one = draw()
    if one is not None:
        taken.add(one)
    return one


def _brought(level: Snapshot, kind: Kind, fresh: dict[str, pl.DataFrame], numbers: list[int]) -> list[Fault]:
    """The faults that what is on record has with the new rows and has not without them."""
    tables = _standing(level)
    had = level.remembered(("importing", "faults"), lambda: Counter(_faults(tables)))
    with_them = dict(tables)
    for name, table in fresh.items():
        lines = numbers if name == kind.name else [None] * table.height
        placed = table.with_columns(pl.Series(LINE, lines, dtype=pl.Int32), pl.lit(kinds()[name].file).alias(FILE))
        with_them[name] = pl.concat([tables[name], placed.select(tables[name].columns)])
    left = Counter(had)
    row_of = dict(zip(fresh[kind.name]["id"], numbers, strict=True))
    brought = []
    for fault in _faults(with_them):
        if left[fault]:
            left[fault] -= 1
        else:
            brought.append(_told(fault, fresh, row_of))
    return sorted(brought, key=lambda fault: (fault.severity, fault.row or 0, fault.field or ""))


def _faults(tables: dict[str, pl.DataFrame]) -> list[Fault]:
    checked = CheckedTables(tables)
    return [*value_faults(checked), *logic_faults(checked, {})]


def _standing(level: Snapshot) -> dict[str, pl.DataFrame]:
    def placed(kind: Kind) -> pl.DataFrame:
        return level.table(kind.name).select(*kind.columns, pl.lit(None, dtype=pl.Int32).alias(LINE), pl.lit(kind.file).alias(FILE))

    return {name: placed(kind) for name, kind in kinds().items()}


def _told(fault: Fault, fresh: dict[str, pl.DataFrame], numbers: dict[str, int]) -> Fault:
    """A fault of a source made now, told of the column that described it; rows are named by their numbers, for their ids are drawn anew each time."""
    names = {target: name for name, target in SOURCE_CELLS.items()}
    if "source" in fresh and fault.file == kinds()["source"].file and fault.record in set(fresh["source"]["id"]):
        return replace(fault, field=names.get(str(fault.field), fault.field))
    named = [word for word in IDS.findall(fault.what.en) if word in numbers]
    what = fault.what
    for word in named:
        what = Text(what.en.replace(word, f"row {numbers[word]}"), what.ko.replace(word, f"{numbers[word]}행"))
    return replace(fault, what=what)
