"""Results of measures kept from one page to the next, in the user's cache folder, and used again while every table that they were made from is unchanged.

A result is found by what was asked (measure, country, day, settings, class of readers, package settings, code) and by the hashes of the tables that were
read when it was made (`reads`). What a computation reads depends only on what it has read before; so where all of that is equal, it would read and answer
the same again. An edit to an agreement leaves the forecast of provocations as it is. The `snapshot` of a result names the one that it was computed from.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import comity
from comity.measures.result import Result
from comity.register.cache import found_in_cache, keep
from comity.register.snapshot import Snapshot
from comity.report.packing import packed, unpacked
from comity.report.reads import NO_HASH, WatchedSnapshot
from comity.vocab.errors import ComityError
from comity.vocab.text import Text

WAYS = 6  # sets of tables remembered for one question: which are read may depend on what is in them
AT_HAND = 48  # results held in memory

Reads = frozenset[str]


class NotYetKept(ComityError):
    """A page asked for what is kept only, and this result is still to be made."""


def kept(snapshot: Snapshot, name: str, home: str, as_of: date, settings: Any, make: Callable[[Snapshot], Result], *, only: bool = False) -> Result:
    """The result for this question and these tables, made once; `make` reads nothing but the snapshot that it is given.

    With `only`, nothing is made: a result that is not kept raises `NotYetKept`. Inside a computation, what a kept result read counts as read by it.
    """
    base = snapshot.base if isinstance(snapshot, WatchedSnapshot) else snapshot
    asked = f"{name}-{_question(base, name, home, as_of, settings)}"
    found = _found(base, asked)
    if found is None:
        if only:
            raise NotYetKept(_NOT_YET.format(name=name))
        found = _made(base, asked, make)
    result, reads = found
    if isinstance(snapshot, WatchedSnapshot):
        snapshot.reads.update(reads)
    return result


def _question(base: Snapshot, name: str, home: str, as_of: date, settings: Any) -> str:
    """Digest of what was asked, of whom and in which code; package settings in their own order."""
    told = (name, home, as_of.isoformat(), repr(settings), repr(base.settings), repr(base.reader), repr(base.known_at), base.include_unsourced, code_digest())
    return hashlib.sha256(repr(told).encode()).hexdigest()[:24]


def _found(base: Snapshot, asked: str) -> tuple[Result, Reads] | None:
    """The result whose tables are all as they were."""
    for reads in _ways(asked):
        if reads <= base._tables.keys():
            name = _file(base, asked, reads)
            result = _AT_HAND.get(name) or _unpacked(name)
            if result is not None:
                return result, reads
    return None


def _unpacked(name: str) -> Result | None:
    data = found_in_cache(name)
    return _AT_HAND.put(name, unpacked(data)) if data is not None else None


def _made(base: Snapshot, asked: str, make: Callable[[Snapshot], Result]) -> tuple[Result, Reads]:
    """The result made now, and kept together with what it read."""
    watched = WatchedSnapshot(base)
    made = make(watched)
    reads = frozenset(watched.reads)
    data = packed(dataclasses.replace(made, snapshot=base.hash if made.snapshot == NO_HASH else made.snapshot))
    name = _file(base, asked, reads)
    keep(name, data)
    ways = [reads, *(one for one in _ways(asked) if one != reads)][:WAYS]
    keep(f"reads-{asked}.json", json.dumps([sorted(one) for one in ways]).encode())
    return _AT_HAND.put(name, unpacked(data), asked, ways), reads


def _ways(asked: str) -> list[Reads]:
    """The sets of tables that answers to this question were made from, the latest first."""
    listed = list(_AT_HAND.ways.get(asked, []))
    data = found_in_cache(f"reads-{asked}.json")
    return list(dict.fromkeys(listed + [frozenset(one) for one in json.loads(data)] if data else listed))


def _file(base: Snapshot, asked: str, reads: Reads) -> str:
    """Name of the result made from these tables as they are in this snapshot."""
    hashes = [(name, _table_hash(base, name)) for name in sorted(reads)]
    return f"result-{asked}-{hashlib.sha256(repr(hashes).encode()).hexdigest()[:32]}.zip"


def _table_hash(base: Snapshot, name: str) -> str:
    if name not in base._hashes:
        assert base.hash  # noqa: S101  # it fills in the hashes of all tables
    return base._hashes[name]


class _AtHand:
    """The results used last, in memory, and what they read: they serve where the folder cannot be written."""

    def __init__(self) -> None:
        self.ways: dict[str, list[Reads]] = {}
        self._results: OrderedDict[str, Result] = OrderedDict()
        self._lock = Lock()

    def get(self, name: str) -> Result | None:
        with self._lock:
            if name in self._results:
                self._results.move_to_end(name)
            return self._results.get(name)

    def put(self, name: str, result: Result, asked: str = "", ways: list[Reads] | None = None) -> Result:
        with self._lock:
            self._results[name] = result
            if ways:
                self.ways[asked] = ways
            while len(self._results) > AT_HAND:
                self._results.popitem(last=False)
            while len(self.ways) > AT_HAND:
                self.ways.pop(next(iter(self.ways)))
        return result


_AT_HAND = _AtHand()


@cache
def code_digest() -> str:
    """Digest of the code and vocabulary that results are computed with."""
    root, whole = Path(comity.__file__).parent, hashlib.sha256()
    for part in ("vocab", "register", "measures", "models"):
        for path in sorted(entry for entry in (root / part).rglob("*") if entry.suffix in (".py", ".yaml")):
            whole.update(path.name.encode() + b"\0" + path.read_bytes())
    return whole.hexdigest()


_NOT_YET = Text("The result {name} is still being computed.", "{name} 결과를 아직 계산하고 있습니다.")
