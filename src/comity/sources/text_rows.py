"""Blocks of whole lines out of plain or zipped text of any size, with the number of fields of each line.

Files are read as bytes and cut at newlines, so that memory does not grow with them and a quotation mark, a NUL or broken UTF-8 in one line
cannot swallow the next. Zips hold one data file, as publishers make them; a broken one is refused as a whole.
"""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import IO

import numpy as np
import polars as pl
from numpy.typing import NDArray

from comity.sources.reading import QUARANTINE_SCHEMA
from comity.sources.reasons import REASONS
from comity.vocab.errors import DamagedFile
from comity.vocab.text import Text

BLOCK = 6 << 20
LONGEST = 1 << 20  # a longer line is no record
KEPT_TEXT = 20_000  # characters of a line that quarantine keeps
BYTES_A_LINE = 400
LEAST_BLOCK = 4_096
BOM = b"\xef\xbb\xbf"
ZIPPED = (b"PK\x03\x04", b"PK\x05\x06")
BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, EOFError, struct.error, ValueError, OverflowError, OSError, lzma.LZMAError)
NEWLINE, TAB = 10, 9


@dataclass(frozen=True)
class Block:
    """Whole lines of a file: `data` ends with a newline; `first` is the number of the first line, from 1; `begins` where a file or member begins."""

    data: bytes
    first: int
    begins: bool = False

    @cached_property
    def lines(self) -> int:
        """How many lines."""
        return self.count(NEWLINE)

    @cached_property
    def ends(self) -> NDArray[np.int64]:
        """The places of the newlines."""
        return np.flatnonzero(np.frombuffer(self.data, np.uint8) == NEWLINE)

    def text(self, at: int) -> str:
        """The line at index `at` as text; bytes that are no UTF-8 are written as \\xNN, very long lines cut."""
        start = int(self.ends[at - 1]) + 1 if at else 0
        return self.data[start : int(self.ends[at])].decode("utf-8", "backslashreplace")[:KEPT_TEXT]

    def fields(self, separator: int = TAB) -> NDArray[np.int64]:
        """How many fields each line has."""
        places = np.flatnonzero(np.frombuffer(self.data, np.uint8) == separator)
        return np.diff(np.searchsorted(places, self.ends), prepend=0) + 1

    def count(self, separator: int = TAB) -> int:
        """How often the separator stands in the block."""
        return int(np.count_nonzero(np.frombuffer(self.data, np.uint8) == separator))

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

    def may_be_spoilt(self) -> bool:
        """A quick look for lines that are too long or hold a NUL; false only where there is none."""
        half = LONGEST // 2
        stretched = any(self.data.find(b"\n", at, at + half) < 0 for at in range(0, len(self.data) - half, half))
        return stretched or b"\0" in self.data


def blocks(path: Path, *, batch_lines: int = 250_000, members: bool = False) -> Iterator[Block]:
    """The lines of a plain or zipped file in blocks of some 6 MB at most; CRLF becomes LF, a byte-order mark at the start is taken off.

    With `members` a zip may hold several files; they are read in the archive's order and their lines numbered through.
    """
    size = max(LEAST_BLOCK, min(BLOCK, batch_lines * BYTES_A_LINE))
    first = 1
    for data, begins in _whole_lines(path, size, members=members):
        block = Block(data.replace(b"\r\n", b"\n") if b"\r" in data else data, first, begins)
        yield block
        first += block.lines


def opened(path: Path, *, members: bool = False) -> Iterator[IO[bytes]]:
    """The bytes of a plain file or of the data file in a zip (each, with `members`); `DamagedFile` where the zip is broken, also at its end."""
    with path.open("rb") as file:
        if file.read(4) not in ZIPPED:
            file.seek(0)
            yield file
            return
    try:
        with zipfile.ZipFile(path) as archive:
            for item in _members(archive, path, several=members):
                with archive.open(item) as member:
                    yield member
    except BROKEN_ZIP as error:
        raise damaged(path, "corrupt-zip") from error
    except RuntimeError as error:  # a password, or a way of compressing that is not known
        raise damaged(path, "encrypted" if "password" in str(error) else "corrupt-zip") from error


def first_bytes(path: Path, size: int) -> bytes:
    """The beginning of a plain file or of the first data file in a zip, without a byte-order mark; empty where there is nothing."""
    for file in opened(path, members=True):
        try:
            return file.read(size).removeprefix(BOM)
        except BROKEN_ZIP as error:
            raise _blamed(file, path, error) from error
    return b""


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


def _members(archive: zipfile.ZipFile, path: Path, *, several: bool) -> list[zipfile.ZipInfo]:
    """The data files of a zip; folders and the shadow files of one operating system do not count."""
    found = [item for item in archive.infolist() if not item.is_dir() and not _shadow(item.filename)]
    if not found or (len(found) > 1 and not several):
        raise damaged(path, "several-members" if found else "no-member")
    return found


def _shadow(member: str) -> bool:
    path = PurePosixPath(member)
    return "__MACOSX" in path.parts or path.name.startswith("._") or path.name == ".DS_Store"


def _whole_lines(path: Path, size: int, *, members: bool) -> Iterator[tuple[bytes, bool]]:
    """Bytes cut behind a newline, and whether a file begins with them; the last line gets a newline if it has none; a line too long is cut."""
    for file in opened(path, members=members):
        begins = True
        try:
            data = file.read(size).removeprefix(BOM)
            while data:
                if not data.endswith(b"\n"):
                    data += _rest_of_line(file)
                yield data, begins
                data, begins = file.read(size), False
        except BROKEN_ZIP as error:
            raise _blamed(file, path, error) from error


def _blamed(file: IO[bytes], path: Path, error: Exception) -> Exception:
    """A zip that fails while it is read is broken; a plain file's error is its own."""
    return damaged(path, "corrupt-zip") if isinstance(file, zipfile.ZipExtFile) else error


def _rest_of_line(file: IO[bytes]) -> bytes:
    """What is left of a line, with a newline at its end; of a line too long to be a record only so much that it shows."""
    rest = file.readline(LONGEST + 1)
    if rest.endswith(b"\n"):
        return rest
    if len(rest) <= LONGEST:
        return rest.removesuffix(b"\r") + b"\n"
    while (more := file.readline(LONGEST)) and not more.endswith(b"\n"):
        pass
    return rest + b"\n"
