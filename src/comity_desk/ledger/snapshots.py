"""What may this reader see? The register cut for the reader's class before anything is resolved, kept while nothing visible changes.

People of one class share a snapshot, and so do all who see nothing but what is public; the name of another reader never appears in it. After
an edit only the touched records are resolved again, and where nothing changed for this class the very same snapshot stays, so that neither
an ETag nor a kept page tells that something else was edited.
"""

from __future__ import annotations

import contextlib
import threading
from collections import OrderedDict
from datetime import date

import polars as pl

from comity.register.readers import PUBLIC, Reader
from comity.register.snapshot import Snapshot
from comity_desk.ledger.register import Edited, State, current

KEPT = 24
Class = tuple[str, tuple[str, ...], date | None]

_lock = threading.RLock()
_kept: OrderedDict[Class, tuple[int, int, Snapshot]] = OrderedDict()
_sight: dict[Reader, tuple[pl.DataFrame, Reader, tuple[str, ...]]] = {}  # by these very markings: a change of them is another table


def snapshot_for(reader: Reader, known_at: date | None = None, *, enough: int | None = None) -> Snapshot:
    """The reader's snapshot at the ledger's head, as known at the end of `known_at` where one is given.

    With `enough`, one of that entry or later will do while another thread makes a newer one: who only reads need not wait for it.
    """
    state = current(enough)
    who, visible = _seeing(reader, state.register.tables["marking"])
    return _snapshot((repr(who), visible, known_at), state, who, enough)


def reader_class(reader: Reader) -> str:
    """A short name for the class of readers, for keys of what is kept for them; equal for readers who see the same."""
    import hashlib

    return hashlib.sha256(repr((reader.name, reader.clearance)).encode()).hexdigest()[:16]


def forget() -> None:
    """Drop every snapshot that this process keeps."""
    with _lock:
        _kept.clear()
        _sight.clear()


def _seeing(reader: Reader, markings: pl.DataFrame) -> tuple[Reader, tuple[str, ...]]:
    """The class of a reader and the markings that it sees: those who see no more than what is public are all one."""
    known = _sight.get(reader)
    if known is None or known[0] is not markings:
        visible = tuple(sorted(reader.visible(markings)))
        public = set(markings.filter(pl.col("public") == "true")["id"])
        known = _sight[reader] = (markings, Reader(PUBLIC) if set(visible) <= public else reader, visible)
    return known[1], known[2]


def _snapshot(who: Class, state: State, reader: Reader, enough: int | None) -> Snapshot:
    held = _kept.get(who)
    if held is not None and held[:2] == (state.number, state.generation):
        with contextlib.suppress(KeyError):  # thrown out just now
            _kept.move_to_end(who)
        return held[2]
    will_do = held is not None and enough is not None and held[0] >= enough and held[1] == state.generation
    if not _lock.acquire(blocking=not will_do) and held is not None:
        return held[2]
    try:
        held = _kept.get(who)
        if held is not None and held[1] == state.generation and held[0] >= state.number:
            return held[2]  # made meanwhile, perhaps of a later entry
        edited = state.edited_since(held[0]) if held is not None and held[1] == state.generation else None
        if held is not None and edited is not None and held[2].settings == state.register.settings:
            fresh = _after(held[2], state, edited)
        else:
            fresh = state.register.snapshot(reader, who[2])  # by this very class: a narrowed one sees less than its name would
        fresh.renew()
        _kept[who] = (state.number, state.generation, fresh)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
        return fresh
    finally:
        _lock.release()


def _after(before: Snapshot, state: State, edited: Edited) -> Snapshot:
    """The snapshot after an edit; the same object where the edit changed nothing that this class may see.

    What an edit changes for a class shows in the rows that it touched: the class is named by its visible markings, and a record that
    appears or vanishes is itself touched.
    """
    if not edited:
        return before
    fresh = before.after(state.register, edited)
    same = all(_rows(before, kind, ids).equals(_rows(fresh, kind, ids)) for kind, ids in edited.items())
    return before if same else fresh


def _rows(snapshot: Snapshot, kind: str, ids: list[str]) -> pl.DataFrame:
    return snapshot.table(kind).filter(pl.col("id").is_in(ids)).sort("id")
