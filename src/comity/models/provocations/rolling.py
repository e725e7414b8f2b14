"""The forecasts that would have been made: again for the first of every month, with what was known then, beside what came.

Rolling origin, never looking ahead: parameters are those of the January before, the echo that of the day less the publication lag. The rivals
of `rivals` forecast from the same days. Every forecast is one row with its outcome; `track_record` scores the rows.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import numpy as np
import polars as pl

from comity.models.provocations.act_series import ActSeries, Flags, Floats
from comity.models.provocations.class_words import ANY
from comity.models.provocations.forecast_settings import ForecastSettings
from comity.models.provocations.pool import Outlook, Pool, fit_pool, known_counts, outlook
from comity.models.provocations.rivals import MOST_ACTS, RIVALS, Past
from comity.models.provocations.scores import crps

OURS = "pool"
ROW = {
    "model": pl.String, "class": pl.String, "horizon_days": pl.Int64, "origin": pl.Date, "probability": pl.Float64, "expected": pl.Float64,
    "happened": pl.Float64, "count": pl.Float64, "crps": pl.Float64,
}  # fmt: skip
Row = tuple[str, str, int, date, float, float, float, float, float]
Progress = Callable[[int, int], None]


def rolling_forecasts(series: ActSeries, settings: ForecastSettings, *, progress: Progress | None = None) -> pl.DataFrame:
    """Every forecast of the pool and of its rivals with its outcome: one row a model, class, horizon and origin (columns of `ROW`).

    `class` is a class of the series or `any`. An origin enters for a class and horizon when all its days are covered.
    """
    rows: list[Row] = []
    days = origins(series, settings)
    pool: Pool | None = None
    for number, day in enumerate(days):
        at = series.index(day)
        if pool is None or (day.month - 1) % settings.refit_months == 0:
            pool = fit_pool(series, at, settings, pool)
        rows += _at_origin(series, settings, pool, at, day)
        if progress is not None:
            progress(number + 1, len(days))
    return pl.DataFrame(rows, schema=ROW, orient="row")


def origins(series: ActSeries, settings: ForecastSettings) -> list[date]:
    """The first of every month from the first origin on, as long as any class is covered through the shortest horizon."""
    covered = np.flatnonzero(series.covered.any(axis=1))
    last = int(covered[-1]) - min(settings.horizons) + 1 if len(covered) else -1
    found, day = [], max(settings.first_origin, series.first + timedelta(days=365))
    day = day if day.day == 1 else _next_month(day)
    while series.index(day) <= last:
        found.append(day)
        day = _next_month(day)
    return found


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def targets(series: ActSeries) -> Iterator[tuple[str, Floats, Flags]]:
    """Daily counts and cover of each class and of all together.

    Cover of a class begins with the first act of its kind; for all together, the days before it are days without that class.
    """
    for at, name in enumerate(series.classes):
        yield name, series.counts[:, at], series.covered[:, at]
    begun = np.cumsum(series.covered, axis=0) > 0
    if len(series.classes) > 1:
        covered = np.asarray((series.covered | ~begun).all(axis=1) & series.covered.any(axis=1))
        yield ANY, series.counts.sum(axis=1), covered


def _at_origin(series: ActSeries, settings: ForecastSettings, pool: Pool, at: int, day: date) -> list[Row]:
    longest = max(settings.horizons)
    seen = outlook(series, pool, at, settings, days=longest)
    published = ~np.isnan(known_counts(series, at, settings.lag_days))
    rows: list[Row] = []
    for name, counts, covered in targets(series):
        known = covered[:at].copy()
        known[max(0, at - settings.lag_days) :] = False
        if not published.any() or known.sum() < 365:
            continue
        past = Past(series.first, np.where(known, counts[:at], 0.0), known)
        for horizon in settings.horizons:
            window = slice(at, at + horizon)
            if len(counts) < at + horizon or not covered[window].all():
                continue
            acts = float(counts[window].sum())
            rows.append(_row(OURS, name, horizon, day, distribution(seen, name, horizon), acts, chance(seen, name, horizon)))
            rows += [_row(rival, name, horizon, day, forecast(past, horizon), acts) for rival, forecast in RIVALS.items()]
    return rows


def _row(model: str, name: str, horizon: int, day: date, spread: Floats, acts: float, at_least_one: float | None = None) -> Row:
    chance_of = 1.0 - float(spread[0]) if at_least_one is None else at_least_one
    expected = float(spread @ np.arange(len(spread)))
    return (model, name, horizon, day, chance_of, expected, float(acts > 0), acts, float(crps(spread, np.asarray(acts))))


def distribution(seen: Outlook, name: str, horizon: int) -> Floats:
    """Distribution of the number of acts of a class, or of any, within the horizon."""
    counts = seen.counts[:, :horizon].sum(axis=1, dtype=np.int64)
    of = counts[:, seen.classes.index(name)] if name in seen.classes else counts.sum(axis=1)
    found = np.bincount(np.minimum(of, MOST_ACTS), minlength=MOST_ACTS + 1)
    return np.asarray((found + np.eye(1, MOST_ACTS + 1)[0] * 0.5 + np.eye(1, MOST_ACTS + 1, 1)[0] * 0.5) / (found.sum() + 1.0))


def chance(seen: Outlook, name: str, horizon: int) -> float:
    """Probability of at least one act: exact given parameters where any act counts, else the share of runs."""
    if name == ANY or len(seen.classes) == 1:
        return seen.any_by[horizon]
    return 1.0 - float(distribution(seen, name, horizon)[0])


def on_stderr(words: str) -> Progress:
    """A progress line for long work, on a terminal only."""

    def told(done: int, total: int) -> None:
        if sys.stderr.isatty():
            print(f"\r{words} {done}/{total}", end="\n" if done == total else "", file=sys.stderr, flush=True)

    return told
