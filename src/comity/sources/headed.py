"""Tab-separated text with a header row, whatever its spelling and encoding, as cells of text by the name of their column.

Column names are compared without capitals, blanks and points, so that `Event ID`, `Event.ID` and `event_id` are one. Lines that are no UTF-8
are read as Latin-1, one by one; a quotation mark is a letter, but for a pair that encloses a whole cell.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from comity.sources.reading import empty_quarantine
from comity.sources.text_rows import Block, blocks, damaged, quarantined

MISSING = ("", "NA", "NaN", "None", "none", "NULL", "\\N")


@dataclass(frozen=True)
class Cells:
    """The readable lines of one block: `cells` (text, missing is null), the index `at` of each line in the block, and what is no row of the form."""

    block: Block
    at: NDArray[np.int64]
    cells: pl.DataFrame
    quarantine: pl.DataFrame
    latin: int

    @property
    def numbers(self) -> pl.Series:
        """The number of each row's line in the file."""
        return pl.Series("line", self.at + self.block.first, dtype=pl.Int32)


def spelled(name: str) -> str:
    """A column's name without capitals, blanks and points.

    >>> spelled("Event ID"), spelled("Event.ID"), spelled("eventId ")
    ('event_id', 'event_id', 'eventid')
    """
    return re.sub(r"[^0-9a-z]+", "_", name.strip().strip('"').lower()).strip("_")


def headed_cells(path: Path, wanted: Sequence[str], *, batch_lines: int = 250_000, members: bool = False, commas: bool = False) -> Iterator[Cells]:
    """The `wanted` columns of the file, block by block; `members` allows a zip of several files, each with its header, numbered through.

    With `commas` the text is comma-separated and cells may be quoted; a record is still one line.

    Raises `DamagedFile` where a wanted column is not in the header.
    """
    places: dict[str, int] | None = None
    width = 0
    for block in blocks(path, batch_lines=batch_lines, members=members):
        if block.begins:
            header = [spelled(name) for name in (block.text(0).split(",") if commas else block.text(0).rstrip("\t").split("\t"))]
            places, width = {name: header.index(name) for name in wanted if name in header}, len(header)
            if len(places) < len(wanted):
                raise damaged(path, "columns")
        if places is not None:
            yield _comma_cells(path, block, places, width) if commas else _cells(path, block, places, width)


def _cells(path: Path, block: Block, places: dict[str, int], width: int) -> Cells:
    data, latin = _as_utf8(block.data)
    block = _without_tails(Block(data, block.first, block.begins), width)
    fields, spoilt = block.fields(), block.spoilt()
    keep = (fields == width) & (spoilt == "")
    keep[0] &= not block.begins
    at = np.flatnonzero(keep)
    wrong = np.flatnonzero(~keep[1:]) + 1 if block.begins else np.flatnonzero(~keep)
    reasons = np.where(spoilt == "", "column-count", spoilt)[wrong].tolist()
    kept_out = quarantined(path, block, wrong, reasons, [None] * len(wrong)) if len(wrong) else empty_quarantine()
    return Cells(block, at, _table(block.only(keep), places, width) if len(at) else _no_cells(places), kept_out, latin)


def _comma_cells(path: Path, block: Block, places: dict[str, int], width: int) -> Cells:
    data, latin = _as_utf8(block.data)
    block = Block(data, block.first, block.begins)
    spoilt = block.spoilt()
    at: list[int] = []
    rows: list[list[str]] = []
    out: list[tuple[int, str]] = []
    for n, line in enumerate(data.decode("utf-8").split("\n")[: block.lines]):
        if n == 0 and block.begins:
            continue
        row = _comma_row(line) if not spoilt[n] else []
        if spoilt[n] or row is None or len(row) != width:
            out.append((n, str(spoilt[n]) or ("open-quote" if row is None else "column-count")))
        else:
            at.append(n)
            rows.append(row)
    table = pl.DataFrame({name: [row[place].strip() for row in rows] for name, place in places.items()}, schema=dict.fromkeys(places, pl.String()))
    wrong = np.array([n for n, _ in out], dtype=np.int64)
    kept_out = quarantined(path, block, wrong, [reason for _, reason in out], [None] * len(out)) if out else empty_quarantine()
    return Cells(block, np.array(at, dtype=np.int64), table.select(pl.when(~pl.col(name).is_in(MISSING)).then(name) for name in places), kept_out, latin)


def _comma_row(line: str) -> list[str] | None:
    """The cells of a comma-separated line; nothing where a quotation mark is left open."""
    try:
        return next(csv.reader([line], strict=True), [])
    except csv.Error:
        return None


def _without_tails(block: Block, width: int) -> Block:
    """The same lines without empty fields beyond the form's last column."""
    longer = np.flatnonzero(block.fields() > width).tolist()
    if not longer:
        return block
    lines = block.data.split(b"\n")
    for at in longer:
        cells = lines[at].split(b"\t")
        if not any(cell.strip() for cell in cells[width:]):
            lines[at] = b"\t".join(cells[:width])
    return Block(b"\n".join(lines), block.first, block.begins)


def _table(data: bytes, places: dict[str, int], width: int) -> pl.DataFrame:
    """Cells of text; the wanted columns in the order asked for."""
    names = {place: name for name, place in places.items()}
    schema = {names.get(n, f"_{n}"): pl.String() for n in range(width)}
    table = pl.read_csv(data, has_header=False, separator="\t", quote_char=None, schema=schema, columns=sorted(names))
    bare = {name: pl.col(name).str.strip_chars(" \r").str.replace(r'^"(.*)"$', "${1}") for name in places}
    return table.select(pl.when(~cell.is_in(MISSING)).then(cell).alias(name) for name, cell in bare.items())


def _no_cells(places: dict[str, int]) -> pl.DataFrame:
    return pl.DataFrame(schema=dict.fromkeys(places, pl.String()))


def _as_utf8(data: bytes) -> tuple[bytes, int]:
    """The same lines in UTF-8, and how many of them were Latin-1."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        lines = data.split(b"\n")
        read = [_line_as_utf8(line) for line in lines]
        return b"\n".join(read), sum(old != new for old, new in zip(lines, read, strict=True))
    return data, 0


def _line_as_utf8(line: bytes) -> bytes:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("latin-1").encode("utf-8")
    return line
