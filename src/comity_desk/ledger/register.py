"""The register as this process holds it: the library's tables, folded from the ledger and caught up with its head before each use.

Only what was entered since is read again, and only the records touched are folded again. Should the chain not continue from where this
process stood (a rollback, a restored backup), everything is read anew. Destroyed content is gone from here as soon as the head moves.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl
from django.db import connection

from comity.register.register import Register
from comity.vocab.kinds import kinds
from comity_desk.audit.models import Head
from comity_desk.ledger.fold import Folded, folded, folded_from, joined, raw_entries, told
from comity_desk.ledger.models import Package

CHUNK = 50_000
KEPT_EDITS = 200
Edited = dict[str, list[str]]


@dataclass(frozen=True)
class State:
    """The register at one head of the ledger.

    `edits` are (head before, head after, ids touched), oldest first; `generation` counts the times that everything was read anew.
    """

    number: int
    link: bytes
    register: Register
    keys: dict[str, dict[str, bytes]]
    generation: int = 0
    edits: tuple[tuple[int, int, Edited], ...] = field(default=())

    def edited_since(self, number: int) -> Edited | None:
        """What was touched after that head; None when that is not known any more."""
        later = [edit for edit in self.edits if edit[1] > number]
        if number != self.number and (not later or later[0][0] > number):
            return None
        together: Edited = {}
        for _, _, edited in later:
            for kind, ids in edited.items():
                together[kind] = list(dict.fromkeys([*together.get(kind, []), *ids]))
        return together


FEW = 2_000  # entries that are read in within a moment

_lock = threading.RLock()
_held: dict[str, State] = {}


def current(enough: int | None = None) -> State:
    """The register at the ledger's head; with `enough` one of that entry or later while another thread reads a newer one in, so as not to wait for it."""
    head = Head.objects.get(name="ledger")
    number, link = head.number, bytes(head.link)
    held = _held.get(_where())
    if held is not None and held.number == number and held.link == link:
        return held
    will_do = held is not None and enough is not None and enough <= held.number and number - held.number < FEW
    if not _lock.acquire(blocking=not will_do) and held is not None:
        return held
    try:
        held = _held.get(_where())
        goes_on = held is not None and held.number <= number and _continues(held)
        fresh = _caught_up(held, number, link) if held is not None and goes_on else _read_all(number, link, held)
        _held[_where()] = fresh
        return fresh
    finally:
        _lock.release()


def forget() -> None:
    """Drop what this process holds; the next use reads it anew."""
    with _lock:
        _held.clear()


def _where() -> str:
    return str(connection.settings_dict["NAME"])


def _continues(held: State) -> bool:
    """Whether the entry at which this process stood is still the one it knew."""
    if held.number == 0:
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT link FROM ledger_entry WHERE number = %s", [held.number])
        row = cursor.fetchone()
    return row is not None and bytes(row[0]) == held.link


def _read_all(number: int, link: bytes, held: State | None) -> State:
    made = folded_from(joined(told(part) for part in _pages(number)))  # part by part: what is read never lies in memory twice as a whole
    return State(number, link, Register(Path("ledger"), settings(), made.tables), made.keys, held.generation + 1 if held else 0)


def settings() -> dict[str, Any]:
    """The register's package settings."""
    package = Package.objects.first()
    return dict(package.settings) if package else {"name": "empty", "version": "0", "title": {"en": "Empty register", "ko": "빈 등록부"}, "home": ""}


def _pages(last: int) -> Iterator[pl.DataFrame]:
    """All entries up to a number, in parts."""
    for first in range(0, last, CHUNK):
        yield from _chunks("number > %s AND number <= %s", [first, min(first + CHUNK, last)])


def entries_of(records: list[bytes]) -> pl.DataFrame:
    """All entries of these records."""
    found = [raw_entries([])]
    for at in range(0, len(records), 500):
        part = records[at : at + 500]
        found += _chunks(f"record IN ({', '.join(['%s'] * len(part))})", part)
    return pl.concat(found)


def _chunks(where: str, values: list[Any]) -> Iterator[pl.DataFrame]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT number, type, claim, record, content FROM ledger_entry WHERE {where} ORDER BY number", values)  # noqa: S608 - conditions of ours
        while rows := cursor.fetchmany(CHUNK):
            yield raw_entries(rows)


def _caught_up(held: State, number: int, link: bytes) -> State:
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT record FROM ledger_entry WHERE number > %s AND number <= %s", [held.number, number])
        records = [bytes(row[0]) for row in cursor.fetchall()]
    if len(records) > 20_000:
        return _read_all(number, link, held)
    made = folded(entries_of(records).filter(pl.col("number") <= number))
    register, keys, edited = _replaced(held, set(records), made)
    edits = (*held.edits, (held.number, number, edited))[-KEPT_EDITS:]
    return State(number, link, register, keys, held.generation, edits)


def _replaced(held: State, records: set[bytes], made: Folded) -> tuple[Register, dict[str, dict[str, bytes]], Edited]:
    """The register with these records as they were folded anew; records that say nothing any more are gone."""
    known = held.keys
    before = {kind: [one for one, key in own.items() if key in records] for kind, own in known.items()}
    before = {kind: ids for kind, ids in before.items() if ids}
    touched = {kind: sorted({*before.get(kind, []), *made.keys.get(kind, {})}) for kind in {*before, *made.keys}}
    tables = dict(held.register.tables)
    for kind, ids in touched.items():
        tables[kind] = pl.concat([tables[kind].filter(~pl.col("id").is_in(ids)), made.tables[kind].select(tables[kind].columns)])
    on = pl.concat_str(pl.col("record_kind"), pl.col("record"), separator=":").is_in([f"{kind}:{one}" for kind, ids in touched.items() for one in ids])
    gone = tables["claim"].filter(on)["id"].to_list()
    tables["claim"] = pl.concat([tables["claim"].filter(~on), made.tables["claim"].select(tables["claim"].columns)])
    kept = {kind: {one: key for one, key in own.items() if key not in records} if kind in touched else own for kind, own in known.items()}
    keys = kept | {kind: kept.get(kind, {}) | own for kind, own in made.keys.items()}
    claims = sorted({*gone, *made.tables["claim"]["id"]})
    edited = dict(touched) | ({"claim": claims} if claims else {})
    return replace(held.register, tables={name: tables[name] for name in kinds()}), keys, edited
