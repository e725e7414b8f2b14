"""Many small parts of a month made into few: what a store that follows a feed needs from time to time. Answers stay the same.

New parts are written beside the old ones; the ledger that names them replaces the former one in one rename; only then are the old parts removed.
Killed at any moment, the store is either as before or done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import polars as pl

from comity.events.ledger import LEDGER_FILE, PartEntry, rewrite
from comity.events.months import Sums
from comity.events.parts import PART_ROWS, Parts, sized
from comity.events.store import Store, failures_named

FULL = PART_ROWS * 4 // 5  # a part of so many rows is left as it is


@dataclass(frozen=True, slots=True)
class Compacted:
    """How many parts there were and are, and their bytes."""

    parts_before: int
    parts_after: int
    size_before: int
    size_after: int


def compact(store: Store, *, told: Callable[[int, int], None] | None = None) -> Compacted:
    """Merge small parts, month by month; `told` hears how many groups are done of all. Raises as `load` does."""
    with store.writing():
        before = store.ledger.parts
        groups = _groups(before)
        parts, gone = Parts(store.path, store.staging), set[str]()
        try:
            with failures_named(store.path):
                for at, group in enumerate(groups):
                    _merge(store, parts, group)
                    gone |= {part.path for part in group}
                    if told:
                        told(at + 1, len(groups))
                if gone:
                    _replace(store, [part for part in before if part.path not in gone], parts)
        except BaseException:
            if not {part.path for part in parts.written} & {part.path for part in store.ledger.parts}:
                parts.discard()
            raise
        after = store.ledger.parts
        return Compacted(len(before), len(after), sum(part.size for part in before), sum(part.size for part in after))


def _replace(store: Store, kept: list[PartEntry], parts: Parts) -> None:
    parts.last()
    rewrite(store.path / LEDGER_FILE, store.ledger, [*kept, *parts.written])
    store.reload()
    store.remove_leftovers()


def _groups(parts: tuple[PartEntry, ...]) -> list[list[PartEntry]]:
    """Small parts that belong together, where there is more than one."""
    found: dict[tuple[str, str, str | None], list[PartEntry]] = {}
    for part in parts:
        if part.rows < FULL:
            found.setdefault((part.kind, part.source, part.month), []).append(part)
    return [group for group in found.values() if len(group) > 1]


def _merge(store: Store, parts: Parts, group: list[PartEntry]) -> None:
    """Write the rows of a group anew; sums by month are added up."""
    kind, source, month = group[0].kind, group[0].source, group[0].month
    tables = (pl.read_parquet(store.path / part.path) for part in group)
    for rows in _added(tables) if kind == "months" else sized(tables, PART_ROWS):
        parts.write(kind, source, month, rows)


def _added(tables: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """Sums by month added up, in tables of about PART_ROWS."""
    sums = Sums(PART_ROWS)
    for table in tables:
        sums.add(table)
        if sums.height > FULL:
            yield sums.take()
    if sums.height:
        yield sums.take()
