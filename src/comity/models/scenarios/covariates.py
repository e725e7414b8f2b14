"""What of the calendar raises or damps the intensity on each day: exercises under way, their aftermath, a time of talks.

Columns of a day grid that runs from the first modelled day into the future. A day is one of: a main exercise under way, another drill under way, the
aftermath of a main one, or none. Talks are known well for some years only. Their columns are centred on the covered days and stand at zero
elsewhere: days outside cover then say nothing of talks, and no year without a record of talks is taken for one without talks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from comity.measures.pressure_acts import spans_of
from comity.models.provocations.act_series import ActSeries, Flags, Floats
from comity.models.provocations.calendar_design import harmonics, lately
from comity.models.provocations.windows import HELD, Windows, exercise_windows, talk_days
from comity.models.scenarios import calendar
from comity.models.scenarios.calendar import Calendar
from comity.models.scenarios.settings import COVARIATES, WhatIfSettings
from comity.register.snapshot import Snapshot

AT = {name: column for column, name in enumerate(COVARIATES)}
TALKING = ("talks", "summit")


@dataclass(frozen=True)
class Past:
    """What is known up to the day: exercises and talks with their days, the days on which talks are covered, and those on which exercises are known."""

    first: date
    origin: int
    drills: Windows
    talks: Windows
    talks_known: Flags
    """(origin,) True where all talks of the weeks before are on the record."""
    exercises_known: Flags
    """(origin,) False on days on which a main exercise known to the month only may have run."""

    @property
    def last_day(self) -> date:
        """The day before the origin."""
        return self.first + timedelta(days=self.origin - 1)

    def day(self, row: int) -> date:
        """The day of a row."""
        return self.first + timedelta(days=int(row))


def past_of(snapshot: Snapshot, home: str, series: ActSeries, as_of: date, settings: WhatIfSettings) -> Past:
    """Exercises and talks up to `as_of` on the grid of a series."""
    origin = series.index(as_of) + 1
    covered = np.zeros(origin, dtype=bool)
    for first, last in spans_of(snapshot, as_of, settings.pool.series.covered).get("talks", []):
        covered[max(0, series.index(first) + settings.talks_days) : max(0, series.index(last) + 1)] = True
    drills, talks = exercise_windows(snapshot, home, until=as_of), talk_days(snapshot, home, until=as_of)
    return Past(series.first, origin, drills, talks, covered, ~_doubtful(snapshot, home, series, origin, settings))


def _doubtful(snapshot: Snapshot, home: str, series: ActSeries, origin: int, settings: WhatIfSettings) -> Flags:
    """Days on which a held main exercise without day dates may have been under way."""
    main = list(snapshot.settings.get("main_exercises", []))
    ours = pl.col("participants").list.contains(home) & pl.col("series").is_in(main) & pl.col("status").is_in(HELD)
    exact = (pl.col("start_earliest") == pl.col("start_latest")) & (pl.col("end_earliest") == pl.col("end_latest"))
    frame = snapshot.frame("exercise").filter(ours & ~exact.fill_null(False)).with_columns(last=pl.coalesce("end_latest", "start_latest"))
    doubtful = np.zeros(origin, dtype=bool)
    for start, end in frame.select("start_earliest", "last").drop_nulls().iter_rows():
        if (end - start).days < settings.unknown_span:
            doubtful[max(0, series.index(start)) : max(0, series.index(end) + 1)] = True
    return doubtful


def marks(past: Past, entries: Calendar, horizon: int, settings: WhatIfSettings) -> Floats:
    """0 or 1 for each covariate on the days known and `horizon` days ahead under a calendar, (origin + horizon, 5); talks where covered, and ahead."""
    days = past.origin + horizon
    marked = np.zeros((days, len(COVARIATES)))
    drills = pl.concat([past.drills.rows.select("start", "end", "main"), calendar.rows(entries, calendar.EXERCISE)])
    main, every = (_during(rows, past.first, days) for rows in (drills.filter("main"), drills))
    marked[:, AT["main"]] = main
    marked[:, AT["other"]] = every * (1 - main)
    marked[:, AT["aftermath"]] = _aftermath(drills.filter("main"), past.first, days, settings.aftermath_days) * (1 - every)
    talks = pl.concat([past.talks.rows.select("start", "end", "main"), calendar.rows(entries, calendar.TALKS)])
    told = np.concatenate([past.talks_known, np.ones(horizon, dtype=bool)])
    for name, rows in (("talks", talks), ("summit", talks.filter("main"))):
        marked[:, AT[name]] = lately(_during(rows, past.first, days), settings.talks_days) * told
    return marked


def _during(rows: pl.DataFrame, first: date, days: int) -> Floats:
    return Windows(rows, {}, rows.height).during(first, days)


def _aftermath(rows: pl.DataFrame, first: date, days: int, length: int) -> Floats:
    """1 on each of the `length` days after the end of a window."""
    shifted = rows.with_columns(start=pl.col("end") + pl.duration(days=1), end=pl.col("end") + pl.duration(days=length))
    return _during(shifted, first, days)


def design(marked: Floats, past: Past, pairs: int) -> Floats:
    """Covariates beside `pairs` of yearly waves, (days, 5 + 2·pairs), the waves last so that members of fewer are filled with zeros.

    Talks are centred on the covered days. Ahead, a day without talks stands where the last known day's record stands: below the centre while talks are
    covered to the end, at it where they are not; a time of talks stands one above.
    """
    columns = marked.copy()
    known = np.flatnonzero(past.talks_known)
    for name in TALKING:
        centre = float(marked[known, AT[name]].mean()) if len(known) else 0.0
        columns[known, AT[name]] -= centre
        if past.talks_known[-1]:
            columns[past.origin :, AT[name]] -= centre
    return np.column_stack([columns, harmonics(past.first, len(columns), pairs)])
