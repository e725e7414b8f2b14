"""Blocks of whole lines out of plain or zipped text of any size, with the number of fields of each line.

Files are read as bytes and cut at newlines, so that memory does not grow with them and a quotation mark, a NUL or broken UTF-8 in one line
cannot swallow the next. Zips hold one data file, as publishers make them; a broken one is refused as a whole.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

import numpy as np
import polars as pl
from numpy.typing import NDArray

from comity.sources.reading import QUARANTINE_SCHEMA
from comity.sources.reasons import REASONS
from comity.vocab.errors import DamagedFile
from comity.vocab.text import Text

BLOCK = 16 << 20
LONGEST = 1 << 20  # a longer line is no record
KEPT_TEXT = 20_000  # characters of a line that quarantine keeps
BYTES_A_LINE = 400
BOM = b"\xef\xbb\xbf"
ZIPPED = (b"PK\x03\x04", b"PK\x05\x06")
BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, struct.error, ValueError, OverflowError)
NEWLINE, TAB = 10, 9


@dataclass(frozen=True, slots=True)
class Block:
    """Whole lines of a file: `data` ends with a newline; `ends` are the places of the newlines; `first` is the number of the first line, from 1."""

    data: bytes
    ends: NDArray[np.int64]
    first: int

    def __len__(self) -> int:
        return len(self.ends)

    @property
    def starts(self) -> NDArray[np.int64]:
        """Where each line begins."""
        return np.concatenate(([0], self.ends[:-1] + 1))

    def text(self, at: int) -> str:
        """The line at index `at` as text; bytes that are no UTF-8 are written as \\xNN, very long lines cut."""
        start = int(self.ends[at - 1]) + 1 if at else 0
        return self.data[start : int(self.ends[at])].decode("utf-8", "backslashreplace")[:KEPT_TEXT]

    def fields(self, separator: int = TAB) -> NDArray[np.int64]:
        """How many fields each line has."""
        places = np.flatnonzero(np.frombuffer(self.data, np.uint8) == separator)
        return np.diff(np.searchsorted(places, self.ends), prepend=0) + 1

    def only(self, keep: NDArray[np.bool_]) -> bytes:
        """The bytes of the lines that `keep` marks."""
        if keep.all():
            return self.data
        lengths = np.diff(self.ends, prepend=-1)
        return np.frombuffer(self.data, np.uint8)[np.repeat(keep, lengths)].tobytes()

    def spoilt(self) -> NDArray[np.str_]:
        """Per line the reason for which it cannot be read at all, or an empty text."""
        lengths = np.diff(self.ends, prepend=-1) - 1
        found = np.where(lengths > LONGEST, "over-long", np.where(lengths == 0, "blank-line", ""))
        if b"\0" in self.data:
            nul = np.searchsorted(self.ends, np.flatnonzero(np.frombuffer(self.data, np.uint8) == 0))
            found[nul] = np.where(found[nul] == "", "nul-byte", found[nul])
        return found


def blocks(path: Path, *, batch_lines: int = 250_000) -> Iterator[Block]:
    """The lines of a plain or zipped file in blocks of at most some 16 MB; CRLF becomes LF, a byte-order mark at the start is taken off."""
    size = max(4_096, min(BLOCK, batch_lines * BYTES_A_LINE))
    first = 1
    for data in _whole_lines(path, size):
        clean = data.replace(b"\r\n", b"\n") if b"\r\n" in data else data
        block = Block(clean, np.flatnonzero(np.frombuffer(clean, np.uint8) == NEWLINE), first)
        yield block
        first += len(block)


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """The bytes of a plain file or of the one data file in a zip; `DamagedFile` where the zip is broken, also at its end."""
    with path.open("rb") as file:
        if file.read(4) not in ZIPPED:
            file.seek(0)
            yield file
            return
    try:
        with zipfile.ZipFile(path) as archive, archive.open(_member(archive, path.name)) as member:
            yield member
    except BROKEN_ZIP as error:
        raise damaged(path, "corrupt-zip") from error
    except RuntimeError as error:
        raise damaged(path, "encrypted") from error


def damaged(path: Path, reason: str) -> DamagedFile:
    """The refusal of a whole file for a reason of `reasons.REASONS`."""
    return DamagedFile(Text("{file}: {reason}", "{file}: {reason}").format(file=path.name, reason=REASONS[reason]), path.name, reason)


def whole_file(path: Path, reason: str, text: str = "") -> pl.DataFrame:
    """One row of quarantine that means the whole file."""
    row = {"file": path.name, "line": None, "field": None, "reason": reason, "text": text}
    return pl.DataFrame([row], schema=QUARANTINE_SCHEMA)


def quarantined(path: Path, block: Block, at: NDArray[np.int64], reasons: list[str], fields: list[str | None]) -> pl.DataFrame:
    """Rows of quarantine for the lines at the indices `at`, each with its reason and the field at fault."""
    rows = {
        "file": [path.name] * len(at),
        "line": (at + block.first).tolist(),
        "field": fields,
        "reason": reasons,
        "text": [block.text(int(index)) for index in at],
    }
    return pl.DataFrame(rows, schema=QUARANTINE_SCHEMA)


def _member(archive: zipfile.ZipFile, name: str) -> zipfile.ZipInfo:
    """The one data file of a zip; folders and the shadow files of one operating system do not count."""
    found = [item for item in archive.infolist() if not item.is_dir() and not _shadow(item.filename)]
    if len(found) != 1:
        raise damaged(Path(name), "several-members" if found else "no-member")
    return found[0]


def _shadow(member: str) -> bool:
    path = PurePosixPath(member)
    return "__MACOSX" in path.parts or path.name.startswith("._") or path.name == ".DS_Store"


def _whole_lines(path: Path, size: int) -> Iterator[bytes]:
    """Bytes cut behind a newline; the last line gets one if it has none; a line without end is cut where it is too long to be a record."""
    rest, begun = b"", False
    with opened(path) as file:
        while chunk := file.read(size):
            data = rest + chunk
            if not begun:
                data, begun = data.removeprefix(BOM), True
            cut = data.rfind(b"\n") + 1
            rest = data[cut:]
            if len(rest) > LONGEST + size:
                rest = rest[: LONGEST + 1] + _skip_line(file, size)
            if cut:
                yield data[:cut]
    if rest:
        yield rest if rest.endswith(b"\n") else rest.removesuffix(b"\r") + b"\n"


def _skip_line(file: IO[bytes], size: int) -> bytes:
    """Read on to the next newline and give what stands from it on."""
    while chunk := file.read(size):
        if (at := chunk.find(b"\n")) >= 0:
            return chunk[at:]
    return b""
