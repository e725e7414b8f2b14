"""What would a new row do to a package, and how is it written?

A preview takes cells or a CSV file, fills what may be filled (id, day of entry, marking, the row of a new source), checks the whole package
with the rows in it, and names every fault that they bring and every record that they may repeat. Nothing is written before `apply`, which
refuses a preview with errors and replaces only the files touched. A preview never says that a row is true; it says that it fits.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from comity.register.checks import faults_of
from comity.register.duplicates import Duplicate, address, likely_duplicates
from comity.register.editing_claims import Row
from comity.register.editing_sources import SOURCE_CELLS, addresses, other_address, source_cells, source_named
from comity.register.package import FILE, LINE, Package, read_package, read_table, write_tables
from comity.register.proposed_id import proposed_id
from comity.vocab.errors import Fault, PackageFaults
from comity.vocab.kinds import Field, Kind, kind_of, kinds
from comity.vocab.schema import DATA_PACKAGE_FILE, write_datapackage
from comity.vocab.text import Text

FILLED = frozenset({"id", "entered_at", "marking", "source"})  # columns that an imported file may leave out
ORDER = ("source", "claim")  # written before the records that rest on them


@dataclass(frozen=True)
class Preview:
    """What would be written to a package, what is wrong with it, and what it may repeat."""

    path: Path
    kind: str
    rows: pl.DataFrame
    tables: dict[str, pl.DataFrame]
    faults: list[Fault]
    duplicates: list[Duplicate] = field(default_factory=list)
    read: dict[str, str] = field(default_factory=dict)

    @property
    def errors(self) -> list[Fault]:
        """The faults that keep it from being written."""
        return [fault for fault in self.faults if fault.severity == "error"]


def preview_add(where: str | Path, kind: str, cells: Mapping[str, Any], *, today: date) -> Preview:
    """What adding one row would do; a value may be text, a number, a day, true or false, or a list.

    The source is the id of one that the register has, or `source_url` and `source_title` (`source_publisher`, `source_published` and
    `source_type` where known), from which a source is made unless one with that address exists.
    """
    declared, package = kind_of(kind), read_package(where)
    row = {name: cell_text(value) for name, value in cells.items()}
    faults = strange_cells(declared, row)
    return _preview(package, declared, [(row, None)], declared.file, today, faults)


def preview_import(where: str | Path, csv_path: str | Path, kind: str, *, today: date) -> Preview:
    """What adding every row of a CSV file would do; faults name the file's own rows.

    The file has the kind's columns, in any order; `id`, `entered_at`, `marking` and `source` may be missing, and the columns of
    `preview_add` for a new source may be there.
    """
    declared, package, path = kind_of(kind), read_package(where), Path(csv_path)
    if not path.is_file():
        return _preview(package, declared, [], path.name, today, [Fault(path.name, None, None, "no-file", _NO_FILE, _SAY_FILE)])
    table, found = read_table(path, _with_source_cells(declared))
    faults = [fault for fault in found if not (fault.code == "missing-column" and fault.field in FILLED)]
    rows = [(row, row.pop(LINE)) for row in table.drop(FILE).iter_rows(named=True)]
    preview = _preview(package, declared, rows, path.name, today, faults)
    missing = {fault.field for fault in faults if fault.code == "missing-column"}  # said once of the column, not again of each row
    return replace(preview, faults=[fault for fault in preview.faults if not (fault.code == "required" and fault.field in missing)])


def apply(preview: Preview) -> list[Path]:
    """Write a preview's files and give their paths; any error in it, or a file changed meanwhile, raises `PackageFaults` and writes nothing."""
    changed = [name for name, digest in preview.read.items() if _digest(preview.path / name) != digest]
    errors = preview.errors + [Fault(name, None, None, "changed-meanwhile", _CHANGED, _AGAIN) for name in changed]
    if errors:
        raise PackageFaults(errors, str(preview.path))
    before = {name: (preview.path / name).read_bytes() for name in (*preview.read, DATA_PACKAGE_FILE) if (preview.path / name).is_file()}
    try:
        written = write_tables(preview.path, preview.tables, sorted(preview.tables, key=lambda name: (name not in ORDER, name)))
        if DATA_PACKAGE_FILE in before:
            write_datapackage(preview.path)
    except BaseException:
        for name in (*preview.read, DATA_PACKAGE_FILE):
            (preview.path / name).write_bytes(before[name]) if name in before else (preview.path / name).unlink(missing_ok=True)
        raise
    return written


def cell_text(value: Any) -> str | None:
    """A value as the kinds' files spell it: days in ISO form, lists joined by `;`, true and false; empty is unknown.

    >>> cell_text(["KOR", "USA"]), cell_text(True), cell_text(date(2026, 3, 1)), cell_text("")
    ('KOR;USA', 'true', '2026-03-01', None)
    """
    if value is None or value == "" or value == []:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return ";".join(str(one) for one in value)
    return str(value)


def strange_cells(kind: Kind, cells: Iterable[str]) -> list[Fault]:
    """The faults of cells that the kind does not have and that describe no source."""
    mend = _COLUMNS.format(columns=", ".join(kind.columns))
    strange = [name for name in cells if name not in kind.columns and name not in source_cells(kind)]
    return [Fault(kind.file, None, name, "unknown-column", _UNKNOWN_COLUMN.format(kind=kind.label), mend) for name in strange]


def table_of(rows: Sequence[Row], kind: Kind, file: str, lines: Sequence[int | None]) -> pl.DataFrame:
    """Rows of cells as a table of text of the kind, with the place that faults name."""
    data = {name: pl.Series(name, [row.get(name) for row in rows], dtype=pl.String) for name in kind.columns}
    return pl.DataFrame(data).with_columns(pl.Series(LINE, list(lines), dtype=pl.Int32), pl.lit(file).alias(FILE))


def previewed(package: Package, kind: Kind, rows: pl.DataFrame, changes: Mapping[str, tuple[pl.DataFrame, list[str]]], faults: list[Fault]) -> Preview:
    """A preview of `changes` (kind → new rows, ids of the rows that they replace), with the faults that they bring."""
    tables, own = dict(package.tables), {}
    for name, (fresh, replaced) in changes.items():
        gone = pl.col("id").is_in(replaced)
        tables[name] = pl.concat([tables[name].filter(~gone.fill_null(False)), fresh.select(tables[name].columns)])
        mine, _ = read_table(package.path / kinds()[name].file, kinds()[name])
        own[name] = pl.concat([mine.filter(~gone.fill_null(False)), fresh.select(mine.columns)])
    brought = _brought(package, replace(package, tables=tables))
    broken = [fault for fault in package.faults if fault.severity == "error"]
    read = {kinds()[name].file: _digest(package.path / kinds()[name].file) for name in changes}
    return Preview(package.path, kind.name, rows.select(kind.columns), own, sorted([*broken, *faults, *brought], key=Fault.sort_key), read=read)


def package_source(package: Package, cells: Mapping[str, str | None], made: dict[str, Row], today: date) -> tuple[str | None, list[str]]:
    """The source that cells name in a package, as `source_named`; one made now gets a readable id that the package does not have."""
    kind = kinds()["source"]

    def name(described: Row) -> str:
        taken = {*package.tables["source"]["id"], *made}
        return str(described["id"] or proposed_id(kind, described, taken) or proposed_id(kind, {"title": address(described["url"])}, taken))

    return source_named(cells, addresses(package.tables["source"], cells), made, today, name)


def default_marking(settings: Mapping[str, Any], markings: pl.Series) -> str | None:
    """The marking of a row that names none: the package's setting `marking`, or the only one; else nothing, so that a person must say it."""
    wanted = settings.get("marking")
    return str(wanted) if wanted else markings[0] if markings.len() == 1 else None


def _preview(package: Package, kind: Kind, listed: list[tuple[Row, int | None]], file: str, today: date, faults: list[Fault]) -> Preview:
    made: dict[str, Row] = {}
    made_at: dict[str, int | None] = {}
    taken = set(package.tables[kind.name]["id"].drop_nulls())
    rows: list[Row] = []
    for row, line in listed:
        filled = _filled(package, kind, row, today)
        if kind.has("source"):
            filled["source"], wrong = package_source(package, filled, made, today)
            faults += other_address(file, line, wrong)
            made_at |= {one: line for one in made if one not in made_at}
        filled["id"] = filled.get("id") or proposed_id(kind, filled, taken)
        taken.add(str(filled["id"]))
        if (filled.get("entered_at") or "") > today.isoformat():
            faults.append(Fault(file, line, "entered_at", "entered-later", _LATER.format(day=filled["entered_at"]), _SAY_TODAY, record=filled["id"]))
        rows.append(filled)
    table = table_of(rows, kind, file, [line for _, line in listed])
    changes = {kind.name: (table, list[str]())}
    if made:
        changes["source"] = (table_of(list(made.values()), kinds()["source"], file, list(made_at.values())), [])
    preview = previewed(package, kind, table, changes, faults)
    doubles = likely_duplicates(table, package.tables[kind.name], kind)
    shown = [in_source_cells(fault, made) for fault in preview.faults] + [doubt(one, table) for one in doubles]
    return replace(preview, faults=sorted(shown, key=Fault.sort_key), duplicates=doubles)


def _filled(package: Package, kind: Kind, row: Row, today: date) -> Row:
    filled = dict(row)
    if kind.has("entered_at"):
        filled["entered_at"] = filled.get("entered_at") or today.isoformat()
    if kind.has("marking"):
        filled["marking"] = filled.get("marking") or default_marking(package.settings, package.tables["marking"]["id"])
    return filled


def _brought(before: Package, after: Package) -> list[Fault]:
    """Faults of the package with the rows that it does not have without them."""
    had = Counter(faults_of(before))
    brought = []
    for fault in faults_of(after):
        if had[fault]:
            had[fault] -= 1
        else:
            brought.append(fault)
    return brought


def in_source_cells(fault: Fault, made: Mapping[str, Row]) -> Fault:
    """A fault of a source made now, told of the cell that described it."""
    names = {target: name for name, target in SOURCE_CELLS.items()}
    return replace(fault, field=names[fault.field]) if fault.record in made and fault.field in names else fault


def doubt(double: Duplicate, rows: pl.DataFrame) -> Fault:
    """The warning that a new row may tell what a record tells."""
    own = double.new.partition(":")[2]
    file, line = rows.filter(pl.col("id") == own).select(FILE, LINE).row(0)
    what = _LIKE.format(existing=double.existing, score=f"{double.score:.0f}")
    return Fault(file, line, None, "possible-duplicate", what, _LOOK.format(existing=double.existing), "warning", own)


def _with_source_cells(kind: Kind) -> Kind:
    source = kinds()["source"]
    extra = tuple(Field(name, "text", source.field(target).label, source.field(target).help) for name, target in source_cells(kind).items())
    return replace(kind, fields=kind.fields + extra)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


_UNKNOWN_COLUMN = Text("{kind} has no such field.", "{kind}에 없는 항목입니다.")
_COLUMNS = Text("Its fields are {columns}.", "쓸 수 있는 항목: {columns}.")
_NO_FILE = Text("There is no such file.", "파일이 없습니다.")
_SAY_FILE = Text("Give the path of a CSV file.", "CSV 파일의 경로를 적으십시오.")
_CHANGED = Text("The file was changed since the preview.", "미리보기 이후 파일이 바뀌었습니다.")
_AGAIN = Text("Make the preview again.", "미리보기를 다시 하십시오.")
_LATER = Text("It would be entered on {day}, later than today.", "입력일 {day}이(가) 오늘보다 늦습니다.")
_SAY_TODAY = Text("Leave the cell empty: today is filled in.", "비워 두면 오늘 날짜가 들어갑니다.")
_LIKE = Text("It may tell the same as {existing} (likeness {score} of 100).", "{existing}와(과) 같은 내용일 수 있습니다(유사도 {score}/100).")
_LOOK = Text(
    "Look at it; if both tell one happening, correct the existing record, or set counted_with to {existing}.",
    "확인하십시오. 같은 사안이면 기존 기록을 고치거나 counted_with에 {existing}을(를) 적으십시오.",
)
