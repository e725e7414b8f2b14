"""What every design of the effects shares: the acts of each set and period on covered days, the episodes of each treatment, the calendars.

Read once from the snapshot. What was expected without an exercise is fitted here once for each set, period and calendar, and kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from comity.models.designs.calendar import Calendar, calendar_of, controls_of, span_of
from comity.models.designs.episodes import Episodes, episodes, open_days
from comity.models.designs.rates import RateFit, Whole, fit_rates
from comity.models.designs.settings import EffectSettings
from comity.models.provocations.act_series import ActSeries, Flags, Floats, act_series
from comity.models.provocations.windows import Windows, exercise_windows, talk_days
from comity.register.snapshot import Snapshot

EXERCISES = ("main", "other", "every")
TALKS = ("talks", "summits")


@dataclass(frozen=True, slots=True)
class Slice:
    """Acts of one set in one period: `acts` (days,) 1 on a day with an act; `covered` the days that count."""

    classes: str
    period: str
    acts: Floats
    covered: Flags

    @property
    def span(self) -> tuple[int, int]:
        """First and last covered row."""
        return span_of(self.covered)


@dataclass
class EffectData:
    """The day grid, the slices, the treatments and the fits already made."""

    settings: EffectSettings
    series: ActSeries
    calendar: Calendar
    slices: list[Slice]
    treatments: dict[str, Episodes]
    windows: dict[str, Windows]
    fits: dict[tuple[object, ...], RateFit] = field(default_factory=dict)
    listed: dict[str, tuple[Whole, list[str]]] = field(default_factory=dict)

    def nuisance(self, treatment: str) -> Floats:
        """Days of the main exercises, where a treatment stands beside them; (days, 0 or 1)."""
        if treatment != "other":
            return np.zeros((self.calendar.days, 0))
        return open_days(self.treatments["main"], self.calendar.days)[:, None]

    def slice_of(self, classes: str, period: str = "all") -> Slice | None:
        """The slice of a set and a period, if it is covered."""
        return next((part for part in self.slices if (part.classes, part.period) == (classes, period)), None)

    def fit(self, part: Slice, windows: Floats, calendar: str, more: Floats) -> RateFit:
        """Rates on the covered days of a slice; windows and `more` (days, …) on the whole grid."""
        columns, strata = controls_of(calendar, self.calendar, part.acts)
        held = part.covered
        return fit_rates(part.acts[held], windows[held], np.column_stack([columns, more])[held], strata[held], lag=self.settings.lag)

    def expected(self, part: Slice, calendar: str, treatment: str) -> Floats:
        """Acts expected on each day (days,) from the calendar alone, the treatment left out; 0 on uncovered days."""
        more = self.nuisance(treatment)
        key = (part.classes, part.span, calendar, more.shape[1])
        if key not in self.fits:
            self.fits[key] = self.fit(part, np.zeros((self.calendar.days, 0)), calendar, more)
        whole = np.zeros(self.calendar.days)
        whole[part.covered] = self.fits[key].expected
        return whole

    def acts_in(self, part: Slice, days: Floats) -> list[str]:
        """Refs of the acts of a slice on marked days."""
        if part.classes not in self.listed:
            chosen = list(self.settings.class_sets[part.classes])
            acts = self.series.acts.filter(pl.col("what").is_in(chosen) & pl.col("counted"))
            self.listed[part.classes] = (acts["row"].to_numpy(), acts["ref"].to_list())
        rows, refs = self.listed[part.classes]
        return [refs[at] for at in np.flatnonzero((days[rows] > 0) & part.covered[rows]).tolist()]

    def day(self, row: int) -> date:
        """The day of a row."""
        return self.calendar.first + timedelta(days=int(row))


def effect_data(snapshot: Snapshot, home: str, as_of: date, settings: EffectSettings) -> EffectData:
    """Everything that the designs read, up to `as_of`."""
    series = act_series(snapshot, home, until=as_of, settings=settings.series)
    calendar = calendar_of(series.first, len(series.counts))
    drills, talks = exercise_windows(snapshot, home, until=as_of), talk_days(snapshot, home, until=as_of)
    spoken = _spoken(snapshot, as_of, settings, series)
    rows = {
        "main": drills.rows.filter("main"),
        "other": drills.rows.filter(~pl.col("main")),
        "every": drills.rows,
        "talks": talks.rows.filter(spoken),
        "summits": talks.rows.filter(spoken & pl.col("main")),
    }
    found = {name: episodes(part, series.first) for name, part in rows.items()}
    return EffectData(settings, series, calendar, _slices(series, calendar, settings), found, {"exercises": drills, "talks": talks})


def _slices(series: ActSeries, calendar: Calendar, settings: EffectSettings) -> list[Slice]:
    made = []
    at = {name: column for column, name in enumerate(series.classes)}
    days = np.arange(calendar.days)
    for classes, names in settings.class_sets.items():
        if any(name not in at for name in names):
            continue
        columns = [at[name] for name in names]
        covered = series.covered[:, columns].all(axis=1)
        acts = np.minimum(series.counts[:, columns].sum(axis=1), 1.0)
        whole: Flags | None = None
        for period, (first, last) in settings.periods.items():
            inside = (days >= (first - series.first).days) & (days <= (min(last, series.last) - series.first).days) & covered
            if whole is not None and int(inside.sum()) in (0, int(whole.sum())):
                continue  # a period that is the whole span, or nothing, is no further specification
            whole = inside if whole is None else whole
            if (acts * inside).sum() >= settings.least_acts:
                made.append(Slice(classes, period, acts * inside, inside))
    return made


def _spoken(snapshot: Snapshot, as_of: date, settings: EffectSettings, series: ActSeries) -> pl.Expr:
    """Talks inside the spans in which the register says it holds nearly all of them."""
    from comity.measures.pressure_acts import spans_of

    spans: list[Any] = spans_of(snapshot, as_of, settings.series.covered).get("talks", [])
    inside = pl.lit(False)
    for first, last in spans:
        inside = inside | pl.col("start").is_between(first, last)
    return inside & (pl.col("start") >= series.first)
