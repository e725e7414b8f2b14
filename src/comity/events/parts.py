"""How rows become the Parquet parts of a store: gathered by source and month, written once they are enough, never more in memory than a set number.

A load may bring rows of a hundred months at once, a few of each in every batch. Written as they come they would make thousands of tiny files;
so rows beyond `SPILL_ROWS` wait on disk by month, and become one part a month at the end or after `FLUSH_ROWS`.
"""

from __future__ import annotations

import io
import itertools
import os
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from comity.events.ledger import PartEntry, PartKind, flush_folder
from comity.events.months import Sums, months_of
from comity.sources.reading import EVENT_SCHEMA, QUARANTINE_SCHEMA

SPILL_ROWS = 100_000  # held in memory; about 200 bytes each
FLUSH_ROWS = 2_000_000  # held on disk before parts are written, so that the space for unfinished work has a bound
PART_ROWS = 122_880  # rows of one part at most: one row group as DuckDB reads them, and what is held at once to write it
ROW_GROUP = PART_ROWS
WRITERS = 2  # groups written at once: small parts leave a second core idle
COMPRESSION_LEVEL = 3

STORED_EVENTS: dict[str, pl.DataType] = EVENT_SCHEMA | {"source": pl.String(), "file_no": pl.Int32()}
STORED_QUARANTINE: dict[str, pl.DataType] = {"source": pl.String(), "file_no": pl.Int32()} | QUARANTINE_SCHEMA
STORED_DUPLICATES: dict[str, pl.DataType] = {
    "source": pl.String(),
    "file_no": pl.Int32(),
    "line": pl.Int32(),
    "event_id": pl.String(),
    "first_file_no": pl.Int32(),
    "first_line": pl.Int32(),
}
KEY_WIDTH = 20
Range = tuple[str, str]
Group = tuple[PartKind, str, str | None]  # kind, source, month


@dataclass
class Waiting:
    """Rows of one group that are not yet a part: some in memory, the earlier ones on disk as slices of one file."""

    rows: int = 0
    frames: list[pl.DataFrame] = field(default_factory=list)
    slices: list[int] = field(default_factory=list)


class Parts:
    """Gathers rows and writes parts under `root`; `written` lists them, and nothing reads them before the ledger names them."""

    def __init__(self, root: Path, staging: Path) -> None:
        self.root, self.staging = root, staging
        self.written: list[PartEntry] = []
        self._token, self._number = secrets.token_hex(6), itertools.count()
        self._waiting: dict[Group, Waiting] = {}
        self._in_memory = self._on_disk = 0
        self._months: dict[str, Sums] = {}

    def add_events(self, source: str, rows: pl.DataFrame) -> None:
        """Gather events (STORED_EVENTS) by the month of their day."""
        month = rows["day"].dt.year() * 12 + rows["day"].dt.month() - 1
        if month.n_unique() == 1:
            self._add(("events", source, _month(int(month[0]))), rows)
        else:
            for (number,), frame in rows.with_columns(month.alias("_month")).partition_by("_month", as_dict=True, include_key=False).items():
                self._add(("events", source, _month(int(str(number)))), frame)
        self._keep_within_bounds()

    def add_refused(self, kind: PartKind, source: str, rows: pl.DataFrame) -> None:
        """Gather rows of the quarantine (STORED_QUARANTINE) or duplicates (STORED_DUPLICATES)."""
        if rows.height:
            self._add((kind, source, None), rows)
            self._keep_within_bounds()

    def finish(self) -> None:
        """Write all that waits, and the sums by month of all that was written."""
        self.flush()
        for source, sums in self._months.items():
            self.write("months", source, None, sums.take())
        self._months = {}

    def flush(self) -> None:
        """Write all that waits as parts, two groups at a time."""
        groups = sorted(self._waiting, key=str)
        with ThreadPoolExecutor(WRITERS) as pool:
            for group, made in zip(groups, pool.map(self._write_group, groups), strict=True):
                for entry, months in made:
                    self.written.append(entry)
                    if months is not None:
                        self._months.setdefault(group[1], Sums()).add(months)
        self._waiting = {}
        self._in_memory = self._on_disk = 0

    def _write_group(self, group: Group) -> list[tuple[PartEntry, pl.DataFrame | None]]:
        """The parts of one group, each with its sums by month if it holds events."""
        made: list[tuple[PartEntry, pl.DataFrame | None]] = []
        for part in sized(_spilled(self._spill_file(group), self._waiting[group]), PART_ROWS):
            made.append((self._entry(*group, part), months_of(part) if group[0] == "events" else None))
        self._spill_file(group).unlink(missing_ok=True)
        return made

    def last(self) -> None:
        """Make what was written last through a power cut: contents, then names."""
        for part in self.written:
            flush_file(self.root / part.path)
        for folder in sorted({(self.root / part.path).parent for part in self.written}):
            flush_folder(folder)
            flush_folder(folder.parent)

    def discard(self) -> None:
        """Remove what was written and not committed, also by a write that failed half-way."""
        for place in (*self.root.glob(f"*/**/{self._token}-*.parquet"), *self.staging.glob(f"{self._token}-*.ipc")):
            place.unlink(missing_ok=True)
        self.written, self._waiting, self._months = [], {}, {}

    def _add(self, group: Group, rows: pl.DataFrame) -> None:
        waiting = self._waiting.setdefault(group, Waiting())
        waiting.frames.append(rows)
        waiting.rows += rows.height
        self._in_memory += rows.height

    def _keep_within_bounds(self) -> None:
        if self._in_memory + self._on_disk > FLUSH_ROWS:
            self.flush()
        elif self._in_memory > SPILL_ROWS:
            for group, waiting in self._waiting.items():
                self._spill(group, waiting)
            self._on_disk, self._in_memory = self._on_disk + self._in_memory, 0

    def _spill(self, group: Group, waiting: Waiting) -> None:
        if not waiting.frames:
            return
        held = io.BytesIO()
        pl.concat(waiting.frames).write_ipc_stream(held)
        self.staging.mkdir(exist_ok=True)
        with self._spill_file(group).open("ab") as target:
            target.write(held.getbuffer())
        waiting.slices.append(held.tell())
        waiting.frames = []

    def _spill_file(self, group: Group) -> Path:
        return self.staging / f"{self._token}-{'-'.join(word or 'all' for word in group)}.ipc"

    def write(self, kind: PartKind, source: str, month: str | None, rows: pl.DataFrame) -> None:
        """Write rows as one part now."""
        self.written.append(self._entry(kind, source, month, rows))

    def _entry(self, kind: PartKind, source: str, month: str | None, rows: pl.DataFrame) -> PartEntry:
        folder = Path(kind) if month is None else Path(kind) / f"source={source}" / f"month={month}"
        name = folder / f"{self._token}-{next(self._number)}.parquet"
        (self.root / folder).mkdir(parents=True, exist_ok=True)
        size = write_part(self.root / name, rows)
        return PartEntry(str(name), kind, source, rows.height, size, month, **_spans(kind, rows))


def write_part(path: Path, rows: pl.DataFrame) -> int:
    """Write rows as one Parquet file; its size in bytes. Made in memory first, so that a full disk is an `OSError` with its number."""
    held = io.BytesIO()
    rows.write_parquet(held, compression="zstd", compression_level=COMPRESSION_LEVEL, statistics=True, row_group_size=ROW_GROUP)
    with path.open("wb") as target:
        target.write(held.getbuffer())
    return held.tell()


def id_key(ids: pl.Series) -> pl.Series:
    """Ids as keys whose order has numbers in the order of their size: short ones filled with zeros from the left.

    >>> id_key(pl.Series(["9", "410", "KOR-1"])).to_list()
    ['00000000000000000009', '00000000000000000410', '000000000000000KOR-1']
    """
    return ids.str.pad_start(KEY_WIDTH, "0")


def id_range(ids: pl.Series) -> Range | None:
    """Lowest and highest key; None of no ids."""
    if ids.is_empty():
        return None
    keys = id_key(ids)
    return str(keys.min()), str(keys.max())


def flush_file(path: Path) -> None:
    """Make the contents of a file last through a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _month(number: int) -> str:
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def sized(frames: Iterator[pl.DataFrame], rows: int) -> Iterator[pl.DataFrame]:
    """The rows of some frames, in their order, in frames of `rows` and one of what is left; no more than that is held at once."""
    held: list[pl.DataFrame] = []
    count = 0
    for frame in frames:
        rest = frame
        while count + rest.height >= rows:
            yield pl.concat([*held, rest.head(rows - count)])
            rest, held, count = rest.slice(rows - count), [], 0
        if rest.height:
            held.append(rest)
            count += rest.height
    if held:
        yield pl.concat(held)


def _spilled(path: Path, waiting: Waiting) -> Iterator[pl.DataFrame]:
    """The rows of a group, read from the disk a slice at a time, those in memory last."""
    if waiting.slices:
        with path.open("rb") as held:
            for size in waiting.slices:
                yield pl.read_ipc_stream(io.BytesIO(held.read(size)))
    yield from waiting.frames


def _spans(kind: PartKind, rows: pl.DataFrame) -> dict[str, Any]:
    if kind != "events":
        return {}
    low, high = id_range(rows["event_id"]) or (None, None)
    return {"day_first": rows["day"].min(), "day_last": rows["day"].max(), "id_low": low, "id_high": high}
