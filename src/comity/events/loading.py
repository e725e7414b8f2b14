"""Files of events into the store: each one once, as a whole or not at all, with an account of every line.

A file is known by the hash of its bytes; one that is there already is passed over. Small files are committed together, so that a stream of
fifteen-minute files does not become a stream of tiny parts. Killed at any moment, the store holds what was committed before, and the same
command goes on from there. Lines that are not rows are in quarantine or among the duplicates: the three add up to the lines of the file.
"""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from comity.events.ahead import ahead
from comity.events.duplicates import Seen
from comity.events.ledger import LEDGER_FILE, FileEntry, append
from comity.events.parts import STORED_EVENTS, STORED_QUARANTINE, Parts, id_range
from comity.events.store import Store, failures_named
from comity.sources.reading import Batch, Reader
from comity.vocab.errors import ComityError, DamagedFile, FileChanged, LinesLost, UnknownForm
from comity.vocab.text import Text

COMMIT_ROWS = 500_000  # small files are committed together up to so many rows
BATCH_LINES = 50_000


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a load is: the file at work, its lines so far, files done of all, rows of all of them, seconds since the start."""

    name: str
    lines: int
    files_done: int
    files: int
    rows: int
    seconds: float


@dataclass(frozen=True)
class LoadSummary:
    """What became of the files: `loaded`, `known` (there already, with the entry that holds their contents), `failed` with the error."""

    loaded: list[FileEntry] = field(default_factory=list)
    known: list[tuple[Path, FileEntry]] = field(default_factory=list)
    failed: list[tuple[Path, ComityError]] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def totals(self) -> dict[str, int]:
        """Lines, rows, quarantined and duplicates of the loaded files."""
        return {name: sum(getattr(entry, name) for entry in self.loaded) for name in ("lines", "rows", "quarantined", "duplicates")}

    @property
    def reasons(self) -> dict[str, int]:
        """Rows in quarantine by reason, the most frequent first."""
        return dict(sum((Counter(entry.reasons) for entry in self.loaded), Counter[str]()).most_common())

    @property
    def repaired(self) -> dict[str, int]:
        """Kept rows in which something was mended, by what was."""
        return dict(sum((Counter(entry.repaired) for entry in self.loaded), Counter[str]()).most_common())


@dataclass(frozen=True, slots=True)
class Source:
    """What a file is: the `name` of its source and the `reader` for it."""

    name: str
    reader: Reader


Told = Callable[[Progress], None]
FormOf = Callable[[Path], Source]


def load(store: Store, paths: Sequence[Path], *, source_of: FormOf, told: Told | None = None, commit_rows: int = COMMIT_ROWS) -> LoadSummary:
    """Load files into the store, in the order given.

    `source_of` says what a file is. A file of no known form, or one that cannot be read to its end, is not loaded and stands in `failed` with
    the reason; the others go on. Raises `StoreLocked`, `StoreNotWritable`, `DiskFull`.
    """
    with store.writing():
        run = _Run(store, paths, source_of, told, commit_rows)
        try:
            run.all_files()
        except BaseException:
            run.discard()
            raise
        return run.summary()


def hash_of(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


class _Read(NamedTuple):
    """A file that was read and is not yet committed."""

    path: Path
    source: Source
    entry: FileEntry


class _Run:
    """One call of `load`: files read and not yet committed, and the parts that hold their rows."""

    def __init__(self, store: Store, given: Sequence[Path], source_of: FormOf, told: Told | None, commit_rows: int) -> None:
        self.store, self.given, self.source_of, self.told, self.commit_rows = store, given, source_of, told, commit_rows
        self.done = LoadSummary()
        self.pending: list[_Read] = []
        self.began = time.monotonic()
        self._fresh()

    def _fresh(self) -> None:
        self.parts = Parts(self.store.path, self.store.staging)
        self.seen: dict[str, Seen] = {}

    def all_files(self) -> None:
        for at, path in enumerate(self.given):
            known = self._known(path)
            if known is not None:
                self.done.known.append((path, known))
                continue
            try:
                source = self.source_of(path)
            except (UnknownForm, DamagedFile) as error:
                self.done.failed.append((path, error))
                continue
            try:
                self.pending.append(_Read(path, source, self._file(path, source, at)))
            except (DamagedFile, LinesLost, FileChanged) as error:
                self.done.failed.append((path, error))
                self._begin_again_without_it(at)
                continue
            if sum(one.entry.rows for one in self.pending) >= self.commit_rows:
                self.commit()
        self.commit()

    def _known(self, path: Path) -> FileEntry | None:
        """The entry of a file with the same bytes, if there is one. A file of a new size is not hashed for that."""
        pending = {one.entry.sha256: one.entry for one in self.pending}
        size = path.stat().st_size
        if size not in self.store.ledger.sizes and size not in {entry.size for entry in pending.values()}:
            return None
        digest = hash_of(path)
        return self.store.ledger.by_hash.get(digest) or pending.get(digest)

    def _begin_again_without_it(self, at: int) -> None:
        """Rows of a file that failed at its end are already among the parts: throw these away and read the sound files before it again."""
        self.discard()
        sound, self.pending = self.pending, []
        self._fresh()
        for path, source, _ in sound:
            self.pending.append(_Read(path, source, self._file(path, source, at)))
        self.commit()

    def commit(self) -> None:
        """Put the pending files into the ledger: parts made last first, then one line."""
        if not self.pending:
            return
        with failures_named(self.store.path):
            self.parts.finish()
            self.parts.last()
            entries = [one.entry for one in self.pending]
            self.store.ledger = append(self.store.path / LEDGER_FILE, self.store.ledger, entries, self.parts.written)
        self.done.loaded.extend(entries)
        self.pending = []
        self._fresh()

    def discard(self) -> None:
        self.parts.discard()

    def summary(self) -> LoadSummary:
        return LoadSummary(self.done.loaded, self.done.known, self.done.failed, time.monotonic() - self.began)

    def _file(self, path: Path, source: Source, at: int) -> FileEntry:
        """Read one file into the parts, and hash it meanwhile."""
        before = path.stat()
        number = len(self.store.ledger.files) + len(self.pending) + 1
        account = _Account(path.name)
        seen = self.seen.setdefault(source.name, Seen(self.store, source.name))
        with ThreadPoolExecutor(1) as pool, closing(ahead(source.reader(path, batch_lines=BATCH_LINES))) as batches:
            digest = pool.submit(hash_of, path)
            for batch in batches:
                kept, again = self._batch(batch, source.name, number, seen)
                account.add(batch, kept, again)
                self._tell(account, at)
        after = path.stat()
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise FileChanged(_CHANGED.format(file=path))
        return account.entry(number, digest.result(), before.st_size, source.name)

    def _tell(self, account: _Account, at: int) -> None:
        if self.told:
            rows = sum(entry.rows for entry in self.done.loaded) + sum(one.entry.rows for one in self.pending) + account.rows
            self.told(Progress(account.name, account.lines, at, len(self.given), rows, time.monotonic() - self.began))

    def _batch(self, batch: Batch, source: str, number: int, seen: Seen) -> tuple[pl.DataFrame, pl.DataFrame]:
        events = batch.events.with_columns(source=pl.lit(source), file_no=pl.lit(number, pl.Int32)).select(list(STORED_EVENTS))
        kept, again = seen.split(events)
        refused = batch.quarantine.with_columns(source=pl.lit(source), file_no=pl.lit(number, pl.Int32)).select(list(STORED_QUARANTINE))
        with failures_named(self.store.path):
            before = len(self.parts.written)
            self.parts.add_events(source, kept)
            self.parts.add_refused("quarantine", source, refused)
            self.parts.add_refused("duplicates", source, again)
        if len(self.parts.written) > before:
            for one in self.seen.values():
                one.written(self.parts.written)
        return kept, again


class _Account:
    """What became of the lines of one file, added up over its batches."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines = self.rows = self.quarantined = self.duplicates = 0
        self.reasons: Counter[str] = Counter()
        self.repaired: Counter[str] = Counter()
        self.spans: list[dict[str, Any]] = []

    def add(self, batch: Batch, kept: pl.DataFrame, again: pl.DataFrame) -> None:
        refused = batch.quarantine.filter(pl.col("line").is_not_null()).height
        if batch.events.height + refused != batch.lines:
            raise LinesLost(_LOST.format(file=self.name, lines=batch.lines, first=self.lines + 1, told=batch.events.height + refused))
        self.lines += batch.lines
        self.rows += kept.height
        self.quarantined += refused
        self.duplicates += again.height
        self.reasons.update(dict(batch.quarantine["reason"].value_counts().iter_rows()))
        self.repaired.update(batch.repaired)
        if kept.height:
            low, high = id_range(kept["event_id"]) or (None, None)
            day, added = kept["day"], kept["added_at"]
            self.spans.append(
                {"day_first": day.min(), "day_last": day.max(), "added_first": added.min(), "added_last": added.max(), "id_low": low, "id_high": high}
            )

    def entry(self, number: int, digest: str, size: int, source: str) -> FileEntry:
        spans = {name: _edge(name, (span[name] for span in self.spans)) for name in SPANS}
        counts = (self.lines, self.rows, self.quarantined, self.duplicates)
        return FileEntry(
            number, self.name, digest, size, source, *counts, dict(self.reasons), dict(self.repaired), datetime.now(UTC).replace(microsecond=0), **spans
        )


SPANS = ("day_first", "day_last", "added_first", "added_last", "id_low", "id_high")


def _edge(name: str, values: Iterable[Any]) -> Any:
    known = [value for value in values if value is not None]
    if not known:
        return None
    return min(known) if name.endswith(("first", "low")) else max(known)


_CHANGED = Text("{file} changed while it was read; it was not loaded.", "{file}이(가) 읽는 동안 바뀌어 적재하지 않았습니다.")
_LOST = Text(
    "The reader gave {told} rows for {lines} lines of {file} from line {first} on; the file was not loaded.",
    "{file}의 {first}행부터 {lines}행을 읽었으나 결과가 {told}건이어서 적재하지 않았습니다.",
)
