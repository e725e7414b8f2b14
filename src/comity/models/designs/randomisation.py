"""Could exercises at other permitted days have looked as striking? Placebo windows drawn by rule, and where the true ones stand among them.

Two rules. *Within season and year*: each window turns within its season, the days up to `reach` before and after it that lie in its year and are covered; what
runs over one end comes in at the other, so that every day is as likely as any other and the true place is no centre. *Across years*: years exchange their
windows, which keep their days of the year, so that the season is held exactly. Both ask whether the acts follow the exercises' days; neither shields against
a cause that moves both. Fisher 1935, The Design of Experiments; Imbens & Rubin 2015.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from comity.models.designs.calendar import Calendar
from comity.models.designs.rates import Whole
from comity.models.provocations.act_series import Flags, Floats

Small = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Turned:
    """Windows turned within their seasons: first row and length of each `season`, `length` of each window, `choice` (draws, windows) of its first day."""

    season: Whole
    size: Whole
    length: Whole
    choice: Small

    def sums(self, total: Floats) -> Floats:
        """Sum of the columns over each draw's windows, from running totals (days + 1, columns); shape (draws, columns)."""
        at = np.arange(int(self.size.max(initial=1)))[None, :]
        first, end = self.season[:, None] + at, self.season + self.size
        last = first + self.length[:, None]
        over = np.minimum(np.maximum(last - end[:, None], 0), self.length[:, None])
        table = total[np.minimum(last, end[:, None])] - total[np.minimum(first, end[:, None])]
        return _chosen(table + total[self.season[:, None] + over] - total[self.season][:, None], self.choice)


@dataclass(frozen=True, slots=True)
class Exchanged:
    """Windows that changed years: `options` (windows, years) first rows, `length` of each window, `choice` (draws, windows) of its year."""

    options: Whole
    length: Whole
    choice: Small

    def sums(self, total: Floats) -> Floats:
        """Sum of the columns over each draw's windows, from running totals (days + 1, columns); shape (draws, columns)."""
        last = len(total) - 1
        table = total[np.clip(self.options + self.length[:, None], 0, last)] - total[np.clip(self.options, 0, last)]
        return _chosen(table, self.choice)


Placebos = Turned | Exchanged


def within_season(uniform: Floats, first: Whole, length: Whole, calendar: Calendar, covered: Flags, reach: int) -> Turned:
    """Windows (`first` row and `length` of each) turned within the days up to `reach` around them that lie in their year and in the covered span.

    `uniform` (draws, windows) numbers in [0, 1) say how far each is turned.
    """
    begin, end = _clipped(first, length, covered)
    middle = np.clip((begin + end) // 2, 0, calendar.days - 1)
    opening = np.searchsorted(calendar.years, calendar.years[middle], "left")
    closing = np.searchsorted(calendar.years, calendar.years[middle], "right")
    rows = np.flatnonzero(covered)
    low = np.minimum(np.maximum(np.maximum(begin - reach, opening), rows[0]), begin)
    high = np.maximum(np.minimum(np.minimum(end + reach, closing), rows[-1] + 1), end)
    choice = (uniform * np.maximum(high - low, 1)).astype(np.int32)
    return Turned(low, high - low, end - begin, choice)


def across_years(keys: Floats, first: Whole, length: Whole, calendar: Calendar, covered: Flags) -> Exchanged:
    """Whole years exchange their windows, each in the year of its middle; years not covered throughout keep theirs.

    `keys` (draws, at least as many columns as years) are numbers whose order in each draw is the order in which the years are dealt.
    """
    years, opening, size = np.unique(calendar.years, return_index=True, return_counts=True)
    whole = np.array([bool(covered[at : at + n].all()) and n >= 365 for at, n in zip(opening, size, strict=True)])
    begin, end = _clipped(first, length, covered)
    home = np.searchsorted(years, calendar.years[np.clip((begin + end) // 2, 0, calendar.days - 1)])
    options = opening[None, :] + (begin - opening[home])[:, None]
    target = np.tile(np.arange(len(years), dtype=np.int32), (len(keys), 1))
    free = np.flatnonzero(whole)
    target[:, free] = free[np.argsort(keys[:, : len(free)], axis=1)]
    return Exchanged(options, end - begin, target[:, home])


def _clipped(first: Whole, length: Whole, covered: Flags) -> tuple[Whole, Whole]:
    """First row and row after the last of each window, cut to the covered span."""
    rows = np.flatnonzero(covered)
    low, high = (int(rows[0]), int(rows[-1]) + 1) if len(rows) else (0, 0)
    begin = np.clip(first, low, high)
    return begin, np.maximum(np.clip(first + length, low, high), begin)


def _chosen(table: Floats, choice: Small) -> Floats:
    """Sum over windows of each draw's entries of `table` (windows, options, columns), as one sparse product."""
    from scipy.sparse import csr_array

    m, k, columns = table.shape
    draws = len(choice)
    if not m:
        return np.zeros((draws, columns))
    where = (choice + np.arange(m, dtype=np.int32) * k).ravel().astype(np.int32)
    taken = csr_array((_ones(len(where)), where, np.arange(0, draws * m + 1, m, dtype=np.int32)), shape=(draws, m * k))
    return np.asarray(taken @ table.reshape(m * k, columns), dtype=np.float64)


def window_sums(total: Floats, first: Whole, length: Whole) -> Floats:
    """Sums of columns over each window, from running totals (days + 1, columns); shape (windows, columns). Rows outside the grid count 0."""
    last = len(total) - 1
    return np.asarray(total[np.clip(first + length, 0, last)] - total[np.clip(first, 0, last)], dtype=np.float64)


def running(columns: Floats) -> Floats:
    """Running totals of columns (days, c), with a row of zeros first."""
    return np.concatenate([np.zeros((1, columns.shape[1])), np.cumsum(columns, axis=0)])


def excess(acts: Floats, expected: Floats) -> Floats:
    """Log of acts over expected acts, with half an act added to both, so that none is a number too."""
    return np.asarray(np.log((acts + 0.5) / (expected + 0.5)), dtype=np.float64)


def two_sided(observed: float, placebo: Floats) -> float:
    """Twice the smaller share of placebos as extreme as the observed, itself counted among them; at most 1.

    >>> two_sided(5.0, np.arange(39.0) / 10)
    0.05
    """
    above, below = (placebo >= observed - 1e-12).sum(), (placebo <= observed + 1e-12).sum()
    return float(min(1.0, 2 * (1 + min(above, below)) / (1 + len(placebo))))


@cache
def _ones(size: int) -> Floats:
    return np.ones(size)


@cache
def uniforms(seed: int, draws: int, columns: int) -> Floats:
    """Numbers in [0, 1), (draws, columns), the same for the same seed: every specification is set against the same placebos."""
    made = np.random.default_rng(seed).random((draws, columns))
    made.flags.writeable = False
    return made
