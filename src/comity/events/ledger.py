"""The ledger of an event store: which files were loaded with how many rows, and which parts hold them. What it does not name is not there.

One line a commit: its checksum, its parts and its files, the latter two as JSON. A load appends one line, so that its files are there as a whole or not at all; compacting writes the
whole ledger anew beside the old one and renames it. A last line without its end is a commit that was killed and counts for nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from comity.vocab.errors import LedgerDamaged
from comity.vocab.text import Text

LEDGER_FILE = "ledger.tsv"
LAYOUT = 1  # of the store on disk; raised when older programs could not read it
PartKind = Literal["events", "quarantine", "duplicates", "months"]


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One loaded file: `lines` = `rows` + `quarantined` + `duplicates`."""

    no: int
    name: str
    sha256: str
    size: int  # bytes, as given
    source: str
    lines: int
    rows: int
    quarantined: int
    duplicates: int
    reasons: dict[str, int]  # rows in quarantine by reason
    repaired: dict[str, int]  # mended cells of kept rows by what was mended
    loaded_at: datetime
    day_first: date | None = None
    day_last: date | None = None
    added_first: datetime | None = None
    added_last: datetime | None = None
    id_low: str | None = None  # keys of the ids in it, as `duplicates.id_key` makes them
    id_high: str | None = None


@dataclass(frozen=True, slots=True)
class PartEntry:
    """One Parquet file of the store: `path` within the store's folder, `month` as `2019-01` (events only)."""

    path: str
    kind: PartKind
    source: str
    rows: int
    size: int
    month: str | None = None
    day_first: date | None = None
    day_last: date | None = None
    id_low: str | None = None
    id_high: str | None = None


@dataclass(frozen=True)
class Ledger:
    """What a store holds: its parts, its files (read from `told` when first asked for, for there may be very many), a `digest` and the text's `end`."""

    parts: tuple[PartEntry, ...] = ()
    told: tuple[bytes, ...] = field(default=(), repr=False)
    digest: str = ""
    end: int = 0

    @cached_property
    def files(self) -> tuple[FileEntry, ...]:
        """Files in the order of loading."""
        return tuple(_file(one) for text in self.told for one in json.loads(text))

    @cached_property
    def by_hash(self) -> dict[str, FileEntry]:
        """Files by the hash of their bytes."""
        return {entry.sha256: entry for entry in self.files}

    @cached_property
    def sizes(self) -> frozenset[int]:
        """Sizes of the files in bytes: a file of another size cannot be one of them."""
        return frozenset(entry.size for entry in self.files)

    def parts_of(self, kind: PartKind) -> list[PartEntry]:
        """Parts of one kind."""
        return [part for part in self.parts if part.kind == kind]


def read_ledger(path: Path) -> Ledger:
    """The ledger as it stands on disk.

    A damaged line raises `LedgerDamaged`, which names the file, the line and how to mend it; a last line without its end is left out.
    """
    raw = path.read_bytes()
    end = raw.rfind(b"\n") + 1
    parts: list[PartEntry] = []
    told: list[bytes] = []
    digest = ""
    for number, line in enumerate(raw[:end].split(b"\n")[:-1] or [b""], 1):
        checksum, _, rest = line.partition(b"\t")
        head, _, files = rest.partition(b"\t")
        if checksum != _checksum(rest) or (number == 1) != head.startswith(b'{"layout"'):
            raise LedgerDamaged(_DAMAGED.format(file=path, line=number))
        if number == 1:
            _check_layout(json.loads(head)["layout"], path)
            continue
        parts += [_part(one) for one in json.loads(head)]
        told.append(files)
        digest = _chained(digest, line)
    return Ledger(tuple(parts), tuple(told), digest, end)


def append(path: Path, ledger: Ledger, files: Sequence[FileEntry], parts: Sequence[PartEntry]) -> Ledger:
    """Commit files and their parts: one line, written at the end of the valid text and flushed to the disk. The ledger with them."""
    line = _line(parts, files)
    with path.open("r+b") as target:
        target.truncate(ledger.end)  # what a killed load left of a line
        target.seek(ledger.end)
        try:
            target.write(line)
            target.flush()
            os.fsync(target.fileno())
        except OSError:
            os.truncate(path, ledger.end)
            raise
    told = line[:-1].split(b"\t", 2)[2]
    after = Ledger((*ledger.parts, *parts), (*ledger.told, told), _chained(ledger.digest, line[:-1]), ledger.end + len(line))
    if "files" in ledger.__dict__:  # read already: no need to read them again
        after.__dict__["files"] = (*ledger.files, *files)
    return after


def create(path: Path) -> None:
    """Begin an empty ledger; one that has come to be there in the meantime stands."""
    beside = _beside(path, [_HEAD])
    try:
        os.link(beside, path)
    except FileExistsError:
        return
    finally:
        beside.unlink()
    flush_folder(path.parent)


def rewrite(path: Path, ledger: Ledger, parts: Sequence[PartEntry]) -> None:
    """Replace the ledger by one with the same files and other parts; atomic."""
    beside = _beside(path, [_HEAD, _line(parts, ledger.files)])
    beside.replace(path)
    flush_folder(path.parent)


def flush_folder(folder: Path) -> None:
    """Make the names in a folder last through a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _beside(path: Path, lines: Sequence[bytes]) -> Path:
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    with beside.open("wb") as target:
        target.writelines(lines)
        target.flush()
        os.fsync(target.fileno())
    return beside


def _line(parts: Sequence[PartEntry], files: Sequence[FileEntry]) -> bytes:
    return _checked(_json([_plain(one) for one in parts]) + b"\t" + _json([_plain(one) for one in files]))


def _checked(text: bytes) -> bytes:
    return _checksum(text) + b"\t" + text + b"\n"


def _checksum(text: bytes) -> bytes:
    return f"{zlib.crc32(text):08x}".encode()


def _chained(digest: str, line: bytes) -> str:
    return hashlib.sha256(digest.encode() + line).hexdigest()


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _check_layout(layout: int, path: Path) -> None:
    if layout > LAYOUT:
        raise LedgerDamaged(_NEWER.format(file=path, layout=layout, known=LAYOUT))


def _plain(entry: FileEntry | PartEntry) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(entry).items() if value not in (None, {})}


def _file(values: dict[str, Any]) -> FileEntry:
    days: dict[str, Any] = {name: date.fromisoformat(values[name]) for name in ("day_first", "day_last") if name in values}
    moments: dict[str, Any] = {name: datetime.fromisoformat(values[name]) for name in ("loaded_at", "added_first", "added_last") if name in values}
    return FileEntry(**({"reasons": {}, "repaired": {}} | values | days | moments))


def _part(values: dict[str, Any]) -> PartEntry:
    days: dict[str, Any] = {name: date.fromisoformat(values[name]) for name in ("day_first", "day_last") if name in values}
    return PartEntry(**(values | days))


_HEAD = _checked(_json({"layout": LAYOUT}) + b"\t[]")
_DAMAGED = Text(
    "The ledger of the store is damaged: {file}, line {line}. Put the file back from a copy, or delete line {line} and all below it: "
    "the files named there are then no longer in the store and can be loaded again.",
    "저장소 원장이 손상되었습니다: {file}, {line}행. 백업에서 되돌리거나 {line}행부터 끝까지 지우십시오. "
    "지운 행에 적힌 파일은 저장소에서 빠지므로 다시 적재하면 됩니다.",
)
_NEWER = Text(
    "The store was written by a newer version: {file} has layout {layout}, this version reads up to {known}.",
    "더 새로운 판이 만든 저장소입니다. {file}의 구조는 {layout}이며 이 판은 {known}까지 읽습니다.",
)
