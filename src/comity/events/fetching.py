"""Published files from where they lie: the publisher's site, a mirror, or a folder on this machine. What is not whole is never given on.

A file is written beside its name, compared with the size and MD5 sum of the publisher's list and only then renamed. Names come from the list
and must have the form of a stamp; addresses in the list are not followed, so that a mirror is asked and nobody else.
"""

from __future__ import annotations

import hashlib
import http.client
import re
import shutil
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Literal, Protocol, TypeVar

from comity.events.store import failures_named
from comity.vocab.errors import PublisherUnreachable
from comity.vocab.text import Text

T = TypeVar("T")
NAME = re.compile(rb"(\d{14})\.export\.CSV\.zip\s*$")
MASTER, NEWEST = "masterfilelist.txt", "lastupdate.txt"
TIMEOUT = 60.0  # seconds without an answer
TRIES = 4
CHUNK = 1 << 16
Trouble = Literal["missing", "size", "md5", "damaged"]
BROKEN = (urllib.error.URLError, http.client.HTTPException, TimeoutError, ConnectionError)


@dataclass(frozen=True, slots=True)
class Listed:
    """One published file: its quarter of an hour (UTC), size and MD5 sum; both null where there is no list."""

    name: str
    at: datetime
    size: int | None = None
    md5: str | None = None


class Place(Protocol):
    """Where published files lie."""

    def lines(self, name: str) -> Iterator[bytes]:
        """Lines of a list; `FileNotFoundError` where there is none."""
        ...

    def open(self, name: str) -> IO[bytes]:
        """The bytes of a file; `FileNotFoundError` where there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Site:
    """A web address below which the lists and files lie."""

    base: str
    timeout: float = TIMEOUT

    def open(self, name: str) -> IO[bytes]:
        """The bytes of a file; `FileNotFoundError` for one that is not published (404, 410)."""
        request = urllib.request.Request(self.base.rstrip("/") + "/" + name, headers={"User-Agent": "comity"})  # noqa: S310  # `place_of` lets http(s) only
        try:
            opened: IO[bytes] = urllib.request.urlopen(request, timeout=self.timeout)  # noqa: S310  # the same
        except urllib.error.HTTPError as error:
            if error.code in (404, 410):
                raise FileNotFoundError(name) from error
            raise
        return opened

    def lines(self, name: str) -> Iterator[bytes]:
        """Lines of a list as they come; one that ends too early is a broken connection."""
        with self.open(name) as opened:
            wanted, had = getattr(opened, "length", None), 0
            for line in opened:
                had += len(line)
                yield line
            if wanted is not None and had < wanted:
                raise http.client.IncompleteRead(b"", wanted - had)


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of this machine with published files, and their list if it was copied too."""

    path: Path

    def open(self, name: str) -> IO[bytes]:
        """The bytes of a file."""
        return (self.path / name).open("rb")

    def lines(self, name: str) -> Iterator[bytes]:
        """Lines of a list; without one, the names of the files that are there."""
        if (self.path / name).is_file():
            yield from (self.path / name).read_bytes().splitlines()
        elif name == MASTER and not (self.path / NEWEST).is_file():
            yield from (path.name.encode() for path in sorted(self.path.glob("*.export.CSV.zip")))
        else:
            raise FileNotFoundError(name)


def place_of(where: str) -> Place:
    """The place that an address or path names: http(s), a folder, or a list in a folder."""
    if where.startswith(("http://", "https://")):
        return Site(where)
    path = Path(where)
    if path.is_dir() or path.is_file():
        return Folder(path if path.is_dir() else path.parent)
    raise PublisherUnreachable(_NO_PLACE.format(where=where))


def listed(place: Place, name: str, since: datetime | None = None, *, wait: Callable[[float], None] = time.sleep) -> list[Listed]:
    """Files of events that a list names, from `since` on, in the order of their stamps. Raises as `patiently` does."""

    def read() -> list[Listed]:
        found = [one for one in map(_listed, place.lines(name)) if one is not None and (since is None or one.at >= since)]
        return sorted(found, key=lambda one: one.at)

    return patiently(read, name, wait=wait)


def fetch(place: Place, wanted: Listed, folder: Path, *, wait: Callable[[float], None] = time.sleep) -> Path | Trouble:
    """Bring a file into `folder`; its path, or what is wrong with it after some tries. Raises `PublisherUnreachable`, `DiskFull`."""
    target = folder / wanted.name
    if target.is_file() and _fault(target, wanted) is None:
        return target
    beside = target.with_name(f".{wanted.name}.part")
    fault: Trouble | None = None
    for attempt in range(TRIES):
        if attempt:
            wait(2.0**attempt)
        try:
            patiently(lambda: _copy(place, wanted.name, beside), wanted.name, wait=wait)
        except FileNotFoundError:
            return "missing"
        fault = _fault(beside, wanted)
        if fault is None:
            beside.replace(target)
            return target
        beside.unlink()
    assert fault is not None  # noqa: S101  # there was at least one try
    return fault


def patiently(ask: Callable[[], T], what: str, *, wait: Callable[[float], None] = time.sleep) -> T:
    """The answer of a network, asked again after 2, 4 and 8 seconds where it breaks; `PublisherUnreachable` after that."""
    for attempt in range(1, TRIES + 1):
        try:
            return ask()
        except BROKEN as error:
            if attempt == TRIES:
                reason = getattr(error, "reason", None) or error
                raise PublisherUnreachable(_BROKEN_OFF.format(what=what, reason=str(reason) or type(error).__name__, tries=TRIES)) from error
            wait(2.0**attempt)
    raise AssertionError


_NO_PLACE = Text("There is nothing at {where}: give a web address or a folder.", "{where}에 아무것도 없습니다. 웹 주소나 폴더를 지정하십시오.")
_BROKEN_OFF = Text(
    "{what} cannot be had after {tries} tries: {reason}. What was loaded is safe; run the same command again to go on.",
    "{tries}번 시도했으나 {what}을(를) 받지 못했습니다: {reason}. 이미 적재한 것은 안전하며, 같은 명령을 다시 실행하면 이어집니다.",
)


def _copy(place: Place, name: str, beside: Path) -> None:
    with failures_named(beside.parent):
        try:
            with place.open(name) as source, beside.open("wb") as target:
                promised = getattr(source, "length", None)
                shutil.copyfileobj(source, target, CHUNK)
                if promised is not None and target.tell() < promised:
                    raise http.client.IncompleteRead(b"", promised - target.tell())
        except BaseException:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
            raise


def _fault(path: Path, wanted: Listed) -> Trouble | None:
    if wanted.size is not None and path.stat().st_size != wanted.size:
        return "size"
    if wanted.md5 is None:
        return None
    with path.open("rb") as opened:
        return None if hashlib.file_digest(opened, lambda: hashlib.md5(usedforsecurity=False)).hexdigest() == wanted.md5 else "md5"


def _listed(line: bytes) -> Listed | None:
    """The file of events that a line names: `size md5 address`, or a name alone."""
    found = NAME.search(line)
    if found is None or b".translation." in line:
        return None
    try:
        at = datetime.strptime(found[1].decode(), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    words = line.decode("ascii", "replace").split()
    name = f"{found[1].decode()}.export.CSV.zip"
    return Listed(name, at, int(words[0]), words[1]) if len(words) == 3 and words[0].isdecimal() else Listed(name, at)
