"""Could exercises at other permitted days have looked as striking? Placebo windows drawn by rule, and where the true ones stand among them.

Two rules. *Within season and year*: each episode moves by up to `reach` days either way and stays in its year and in the covered span. *Across
years*: years exchange their episodes, which keep their days of the year, so that the season is held exactly. Both ask whether the acts
follow the exercises' days; neither shields against a cause that moves both. Fisher 1935, The Design of Experiments; Imbens & Rubin 2015.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from comity.models.act_series import Flags, Floats
from comity.models.effect_calendar import Calendar
from comity.models.effect_rates import Whole
from comity.models.episodes import Episodes


@dataclass(frozen=True, slots=True)
class Placebos:
    """`options` (episodes, k) first rows that each episode might have had, and `choice` (draws, episodes) which of them each draw takes."""

    options: Whole
    choice: Whole

    def sums(self, table: Floats) -> Floats:
        """Sum over episodes of each draw's entries of `table` (episodes, k, columns); shape (draws, columns)."""
        from scipy.sparse import csr_array

        m, k, columns = table.shape
        draws = len(self.choice)
        where = (self.choice + np.arange(m) * k).ravel()
        taken = csr_array((np.ones(len(where)), where, np.arange(0, draws * m + 1, m)), shape=(draws, m * k))
        return np.asarray(taken @ table.reshape(m * k, columns), dtype=np.float64)


def within_season(rng: np.random.Generator, found: Episodes, calendar: Calendar, covered: Flags, reach: int, draws: int) -> Placebos:
    """Each episode moved by up to `reach` days, within its calendar year and with all its days covered."""
    step = np.arange(-reach, reach + 1)
    options = found.start[:, None] + step
    permitted = _covered(options, found.length, covered)
    inside = np.clip(options, 0, calendar.days - 1)
    permitted &= calendar.years[inside] == calendar.years[np.clip(found.start, 0, calendar.days - 1)][:, None]
    permitted[:, reach] = True
    place = np.argsort(~permitted, axis=1, kind="stable")
    many = permitted.sum(axis=1)
    drawn = np.floor(rng.random((draws, len(found))) * many).astype(np.int64)
    return Placebos(options, place[np.arange(len(found)), drawn])


def across_years(rng: np.random.Generator, found: Episodes, calendar: Calendar, covered: Flags, draws: int) -> Placebos:
    """Whole years exchange their episodes; years not covered throughout keep theirs."""
    years, opening, size = np.unique(calendar.years, return_index=True, return_counts=True)
    whole = np.array([bool(covered[at : at + n].all()) and n >= 365 for at, n in zip(opening, size, strict=True)])
    home = np.searchsorted(years, calendar.years[np.clip(found.start, 0, calendar.days - 1)])
    day = found.start - opening[home]
    options = opening[None, :] + day[:, None]
    target = np.tile(np.arange(len(years)), (draws, 1))
    free = np.flatnonzero(whole)
    target[:, free] = free[np.argsort(rng.random((draws, len(free))), axis=1)]
    choice = target[:, home]
    lost = ~_covered(options, found.length, covered)[np.arange(len(found)), choice]
    return Placebos(options, np.where(lost, home, choice))


def window_sums(total: Floats, options: Whole, begin: Whole, end: Whole) -> Floats:
    """Sums of columns over the rows from `begin` to before `end`, both counted from each option.

    `total` (days + 1, columns) running totals, `options` (episodes, k), `begin`, `end` (episodes,); shape (episodes, k, columns). Rows outside the grid count 0.
    """
    last = len(total) - 1
    low, high = np.clip(options + begin[:, None], 0, last), np.clip(options + end[:, None], 0, last)
    return np.asarray(total[high] - total[low], dtype=np.float64)


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


def _covered(options: Whole, length: Whole, covered: Flags) -> Flags:
    total = np.concatenate([[0], np.cumsum(covered)])
    low, high = options, options + length[:, None]
    inside = (low >= 0) & (high <= len(covered))
    days = total[np.clip(high, 0, len(covered))] - total[np.clip(low, 0, len(covered))]
    return np.asarray(inside & (days == length[:, None]), dtype=bool)
