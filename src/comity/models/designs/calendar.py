"""What must be held fixed before exercises are compared with other days: the year, the season, the weeks just before.

Exercises come at the same time of the year, every year. Each calendar here is one way to take that out, from none to months or two waves a
year. None is the right one: fine calendars nearly span the exercises and leave little to see, coarse ones let the season in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from comity.models.designs.rates import Whole
from comity.models.provocations.act_series import Flags, Floats
from comity.models.provocations.calendar_design import harmonics

PAST = 28


@dataclass(frozen=True, slots=True)
class Calendar:
    """Year, month (1-12) and the two yearly waves of each day of a grid; all of length `days`."""

    first: date
    years: Whole
    months: Whole
    waves: Floats

    @property
    def days(self) -> int:
        """Length of the grid."""
        return len(self.years)


def calendar_of(first: date, days: int) -> Calendar:
    """The calendar of `days` days from `first` on."""
    at = np.datetime64(first) + np.arange(days)
    years = at.astype("datetime64[Y]").astype(np.int64) + 1970
    months = at.astype("datetime64[M]").astype(np.int64) % 12 + 1
    return Calendar(first, years, months, harmonics(first, days, 2))


def controls_of(name: str, calendar: Calendar, acts: Floats) -> tuple[Floats, Whole]:
    """Columns (days, p) and strata (days,) of one calendar; `acts` (days,) are all acts of the set, for the past four weeks.

    The first two columns of `waves` are the yearly wave. Past acts enter as log(1 + acts in the 28 days before).
    """
    nothing = np.zeros((calendar.days, 0))
    if name == "none":
        return nothing, np.zeros(calendar.days, dtype=np.int64)
    columns = {"year": nothing, "year_one_wave": calendar.waves[:, :2], "year_two_waves": calendar.waves}
    if name == "year_months":
        return np.column_stack([calendar.months == month for month in range(2, 13)]).astype(np.float64), calendar.years
    if name == "year_two_waves_past":
        return np.column_stack([calendar.waves, np.log1p(past(acts))]), calendar.years
    return columns[name], calendar.years


def past(acts: Floats, within: int = PAST) -> Floats:
    """Acts in the `within` days before each day.

    >>> past(np.array([1.0, 0.0, 2.0, 0.0]), 2).tolist()
    [0.0, 1.0, 1.0, 2.0]
    """
    total = np.concatenate([[0.0], np.cumsum(acts)])
    at = np.arange(len(acts))
    return np.asarray(total[at] - total[np.maximum(at - within, 0)], dtype=np.float64)


def span_of(covered: Flags) -> tuple[int, int]:
    """First and last covered row; (0, -1) where there is none."""
    rows = np.flatnonzero(covered)
    return (int(rows[0]), int(rows[-1])) if len(rows) else (0, -1)
