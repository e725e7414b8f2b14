"""Does a PDF hold what acts by itself: scripts, programs to launch, embedded files, forms that compute?

Every object is visited as a reader's program would find it, and the bytes and their packed streams are searched besides, since objects can lie
where no table lists them. Encrypted files are refused: nobody can look into them.
"""

from __future__ import annotations

import io
import logging
import re
import zlib
from collections.abc import Iterator
from typing import Any

ACTING = {
    "/JS": "JavaScript",
    "/JavaScript": "JavaScript",
    "/Launch": "programs to launch",
    "/EmbeddedFile": "embedded files",
    "/EmbeddedFiles": "embedded files",
    "/RichMedia": "rich media",
    "/XFA": "XFA forms",
    "/ImportData": "data import",
    "/SubmitForm": "form submission",
    "/GoToE": "embedded files",
    "/Encrypt": "encryption",
}
NAME = re.compile(rb"/[^\s()<>\[\]{}/%]+")
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
STREAM = re.compile(rb"stream\r?\n")
OBJECTS = 200_000
UNPACKED = 100_000_000


def acting_parts(content: bytes) -> list[str]:
    """Names of what acts in it, in order; `unreadable` where it cannot be visited as a whole."""
    if b"%%EOF" not in content[-4096:]:
        return ["unreadable"]
    found = {ACTING[name] for name in _raw_names(content) if name in ACTING}
    try:
        found |= {ACTING[name] for name in _visited_names(content) if name in ACTING}
    except Exception:
        found.add("unreadable")
    return sorted(found)


def _visited_names(content: bytes) -> Iterator[str]:
    """Every name that stands as a key or as a kind of action, object by object."""
    from pypdf import PdfReader
    from pypdf.generic import IndirectObject

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    reader = PdfReader(io.BytesIO(content), strict=False)
    if reader.is_encrypted:
        yield "/Encrypt"
        return
    numbers = [(number, generation) for generation, listed in reader.xref.items() for number in listed] + [(number, 0) for number in reader.xref_objStm]
    if len(numbers) > OBJECTS:
        raise ValueError("too many objects")
    yield from _names_in(reader.trailer)
    for number, generation in numbers:
        if number:
            yield from _names_in(reader.get_object(IndirectObject(number, generation, reader)))


def _names_in(whole: Any) -> Iterator[str]:
    from pypdf.generic import ArrayObject, DictionaryObject, NameObject

    left = [whole]
    while left:
        one = left.pop()
        if isinstance(one, DictionaryObject):
            yield from map(str, one)
            left += [one.raw_get(key) for key in one]
        elif isinstance(one, ArrayObject):
            left += list(one)
        elif isinstance(one, NameObject):
            yield str(one)


def _raw_names(content: bytes) -> Iterator[str]:
    """Every name in the file's bytes and in its packed streams, with `#41` read as the letter that it is."""
    room = UNPACKED
    yield from _spelled(_outside_streams(content))
    for match in STREAM.finditer(content):
        head = content[max(0, match.start() - 400) : match.start()]
        if b"/ObjStm" in head or b"ObjStm" in b"".join(ESCAPED.sub(_letter, head).split()):
            unpacked = _unpacked(memoryview(content)[match.end() :], room)
            room -= len(unpacked)
            yield from _spelled(unpacked)


def _outside_streams(content: bytes) -> bytes:
    """The bytes without those of streams, whose packed bytes may spell anything by chance."""
    return re.sub(rb"stream\r?\n.*?endstream", b"stream endstream", content, flags=re.DOTALL)


def _spelled(content: bytes) -> Iterator[str]:
    for name in NAME.findall(content):
        yield ESCAPED.sub(_letter, name).decode("latin-1")


def _letter(match: re.Match[bytes]) -> bytes:
    return bytes([int(match.group(1), 16)])


def _unpacked(packed: memoryview, room: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, max(1, room))
    except zlib.error:
        return b""
