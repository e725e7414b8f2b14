"""Small curated lists (comma-separated with a header): their records one by one, with partial dates, ranges and odd hyphens read as what they say.

A list is not a stream: it is read at once, in the order of the file, and no two records are ever taken for one, for a salvo is several missiles
at one hour and place.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from comity.sources.headed import MISSING, spelled
from comity.sources.reading import QUARANTINE_SCHEMA
from comity.sources.sifting import FIRST_DAY, NEVER
from comity.sources.text_rows import KEPT_TEXT, damaged

HYPHENS = re.compile("[\u2010-\u2014\u2212]")
SPAN = re.compile(r"^(\S+)\s*(?:-|~|to)\s+(\S+)$|^(\S+)\s+(?:-|~|to)\s*(\S+)$")
PARTIAL = re.compile(r"^(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?$")
MOST_LINES = 20  # of one record
Cells = dict[str, object]
UNKNOWN = frozenset({*MISSING, "unknown", "Unknown", "na", "n/a", "N/A"})


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list gives: `rows` (the schema of its module), `quarantine` (QUARANTINE_SCHEMA), and the number of `records` that both add up to."""

    rows: pl.DataFrame
    quarantine: pl.DataFrame
    records: int


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a list: the line on which it begins, and its cells by the name of the column; a missing cell is null."""

    line: int
    cells: Mapping[str, str | None]
    text: str


class Wrong(Exception):
    """What keeps a record out: the column and the code of the reason."""

    def __init__(self, field: str | None, reason: str) -> None:
        super().__init__(reason)
        self.field, self.reason = field, reason


def records(path: Path, wanted: tuple[str, ...]) -> Iterator[Record | tuple[int, str, str]]:
    """The records of a comma-separated file; in place of one that cannot be read its line, the reason and the text.

    Raises `DamagedFile` where a wanted column is not in the header.
    """
    found = _rows(_text(path.read_bytes()))
    _, header, _ = next(found, (0, [], ""))
    names = [spelled(name) for name in header or []]
    if any(name not in names for name in wanted):
        raise damaged(path, "columns" if names else "empty-file")
    for line, row, said in found:
        if "\0" in said:
            yield line, "nul-byte", said
        elif row is None:
            yield line, "open-quote", said
        elif not any(cell.strip() for cell in row):
            yield line, "blank-line", said
        elif len(row) != len(names):
            yield line, "column-count", said
        else:
            cells = {name: None if cell.strip() in MISSING else cell.strip() for name, cell in zip(names, row, strict=True)}
            yield Record(line, cells, said)


def parquet_table(path: Path, wanted: Collection[str]) -> pl.DataFrame:
    """A table with its rows numbered in `line`. Raises `DamagedFile` where it cannot be read or lacks a wanted column."""
    try:
        table = pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise damaged(path, "columns") from error
    if not set(wanted) <= set(table.columns):
        raise damaged(path, "columns")
    return table.with_row_index("line", offset=1)


def _text(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    return text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")


def _rows(text: str) -> Iterator[tuple[int, list[str] | None, str]]:
    """Line, cells and text of each record; no cells where a quotation mark is left open, so that it cannot swallow the records after it."""
    lines = text.split("\n") if text else []
    at = 0
    while at < len(lines):
        row, taken = None, 1
        for taken in range(1, min(MOST_LINES, len(lines) - at) + 1):
            try:
                row = next(csv.reader(["\n".join(lines[at : at + taken])], strict=True), [])
                break
            except csv.Error as error:
                if "unexpected end of data" not in str(error):
                    break
        taken = 1 if row is None else taken
        yield at + 1, row, "\n".join(lines[at : at + taken])[:KEPT_TEXT]
        at += taken


def listing(path: Path, wanted: tuple[str, ...], schema: Mapping[str, pl.DataType], made: Callable[[Mapping[str, str | None]], Cells]) -> Listing:
    """The whole list: `made` turns a record's cells into a row of `schema` (without `line`) or raises `Wrong`; then the record goes into quarantine."""
    rows: list[Cells] = []
    kept_out: list[Cells] = []
    for record in records(path, wanted):
        if isinstance(record, tuple):
            line, reason, text = record
            kept_out.append({"file": path.name, "line": line, "field": None, "reason": reason, "text": text})
            continue
        try:
            rows.append(made(record.cells) | {"line": record.line})
        except Wrong as wrong:
            kept_out.append({"file": path.name, "line": record.line, "field": wrong.field, "reason": wrong.reason, "text": record.text})
    return Listing(pl.DataFrame(rows, schema=dict(schema)), pl.DataFrame(kept_out, schema=QUARANTINE_SCHEMA), len(rows) + len(kept_out))


def one_of(text: str | None, field: str, words: Collection[str]) -> str:
    """A word of a closed list. Raises `Wrong` where it is another."""
    if text is None or text not in words:
        raise Wrong(field, "unknown-word")
    return text


def partial_day(text: str | None, field: str = "date") -> str:
    """A day, month or year as partial date text: `2017-4-30` is `2017-04-30`, `1984-09` stays a month. Raises `Wrong` where it is none.

    >>> partial_day("2017‑4‑30"), partial_day("1984-09"), partial_day("2008/3/2")
    ('2017-04-30', '1984-09', '2008-03-02')
    """
    if text is None:
        raise Wrong(field, "no-date")
    found = PARTIAL.match(HYPHENS.sub("-", text).strip())
    if not found:
        raise Wrong(field, "date")
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        read = date(year or 0, month or 1, day or 1)
    except ValueError:
        raise Wrong(field, "date") from None
    if not FIRST_DAY <= read < NEVER:
        raise Wrong(field, "date")
    return "-".join([f"{year:04d}", *(f"{part:02d}" for part in (month, day) if part is not None)])


def span(text: str | None, field: str = "date") -> tuple[str, str | None]:
    """First and last day of a range with blanks around its hyphen; one day alone has no end. A last day without its year takes the first's.

    >>> span("2017-03-13   -   2017-4-30"), span("2008/3/2 - 3/7"), span("2017-09-03")
    (('2017-03-13', '2017-04-30'), ('2008-03-02', '2008-03-07'), ('2017-09-03', None))
    """
    if text is None:
        raise Wrong(field, "no-date")
    found = SPAN.match(HYPHENS.sub("-", text).strip())
    if not found:
        return partial_day(text, field), None
    first, last = (part for part in found.groups() if part)
    start = partial_day(first, field)
    end = partial_day(last if re.match(r"^\d{4}", last) else f"{start[:4]}-{last.replace('/', '-')}", field)
    if end < start:
        raise Wrong(field, "date")
    return start, end


def number(text: str | None, field: str) -> float | None:
    """A number; null where the list says that it is unknown. Raises `Wrong` where it is none."""
    if text is None or text in UNKNOWN:
        return None
    try:
        value = float(text)
    except ValueError:
        raise Wrong(field, "number") from None
    if value != value or abs(value) == float("inf"):
        raise Wrong(field, "number")
    return value


def place(cells: Mapping[str, str | None], lat: str, lon: str) -> tuple[float | None, float | None]:
    """Coordinates in degrees; (0, 0) and a half pair are no place. Raises `Wrong` off the globe."""
    north, east = number(cells.get(lat), lat), number(cells.get(lon), lon)
    if north is None or east is None or (north == 0 and east == 0):
        return None, None
    if not (-90 <= north <= 90 and -180 <= east <= 180):
        raise Wrong(lat if abs(north) > 90 else lon, "range")
    return north, east
