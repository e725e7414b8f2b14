"""Exercises that overlap are one episode: when each began, how long it ran, and which days were its eve and its aftermath.

Two exercises of the same days cannot answer separately, and counting them twice would make one happening look like two. An episode is a run of
days on which at least one dated window was open.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from comity.models.designs.rates import Whole
from comity.models.provocations.act_series import Floats


@dataclass(frozen=True, slots=True)
class Episodes:
    """`start` (row of the day grid, may lie outside) and `length` (days) of each episode, oldest first, with the records behind it."""

    start: Whole
    length: Whole
    refs: tuple[tuple[str, ...], ...]

    def __len__(self) -> int:
        return len(self.start)

    def within(self, first: int, last: int) -> Episodes:
        """Those that lie wholly between two rows."""
        kept = np.flatnonzero((self.start >= first) & (self.start + self.length - 1 <= last))
        return Episodes(self.start[kept], self.length[kept], tuple(self.refs[at] for at in kept))

    @property
    def records(self) -> list[str]:
        """Every record behind the episodes, once."""
        return list(dict.fromkeys(ref for refs in self.refs for ref in refs))


def episodes(windows: pl.DataFrame, first: date) -> Episodes:
    """Merge dated windows (`ref`, `start`, `end`) that share a day; rows count from `first`."""
    start: list[int] = []
    end: list[int] = []
    refs: list[list[str]] = []
    for ref, begun, ended in windows.sort("start", "ref").select("ref", "start", "end").iter_rows():
        one, other = (begun - first).days, (max(begun, ended) - first).days
        if start and one <= end[-1]:
            end[-1] = max(end[-1], other)
            refs[-1].append(ref)
        else:
            start.append(one)
            end.append(other)
            refs.append([ref])
    begin = np.array(start, dtype=np.int64)
    return Episodes(begin, np.array(end, dtype=np.int64) - begin + 1, tuple(tuple(each) for each in refs))


def open_days(found: Episodes, days: int, before: int = 0, after: int = 0) -> Floats:
    """1 on each of `days` days inside an episode, or up to `before` days before it or `after` days after it, else 0."""
    marked = np.zeros(days)
    for start, length in zip(found.start.tolist(), found.length.tolist(), strict=True):
        marked[max(0, start - before) : max(0, start + length + after)] = 1.0
    return marked


def window_days(found: Episodes, days: int, length: int) -> Floats:
    """Columns eve, during, aftermath (days, 3), each day in one at most: during before eve before aftermath."""
    during = open_days(found, days)
    eve, aftermath = np.zeros(days), np.zeros(days)
    for start, run in zip(found.start.tolist(), found.length.tolist(), strict=True):
        eve[max(0, start - length) : max(0, start)] = 1.0
        aftermath[max(0, start + run) : max(0, start + run + length)] = 1.0
    eve = eve * (1 - during)
    return np.column_stack([eve, during, aftermath * (1 - during) * (1 - eve)])
