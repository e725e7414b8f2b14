"""Forecasts from a pool of self-exciting models: each member fitted to what was known at the origin, all of equal weight.

Neither the half-life of the echo, nor whether there is a season, nor how fast the past loses meaning can be told from some three hundred acts.
Choosing one by its past score is choosing by luck; the pool averages over all of them (linear opinion pool: Stone 1961, Ann. Math. Statist.;
Geweke & Amisano 2011, J. Econometrics). What a forecast may use is what was covered and published by its origin.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import product

import numpy as np

from comity.models.provocations.act_series import ActSeries, Floats
from comity.models.provocations.calendar_design import harmonics
from comity.models.provocations.forecast_settings import ForecastSettings
from comity.models.provocations.self_exciting import ClassFit, Specification, echoes, fit_class
from comity.models.provocations.simulation import Counts, Index, Parameters, none_until, parameters, simulate

Pool = list[tuple[Specification, list[ClassFit]]]


@dataclass(frozen=True)
class Outlook:
    """What the pool expects from one origin: futures of every class, and the probability of any act and of each class."""

    classes: tuple[str, ...]
    counts: Counts
    """Acts in each run, day and class from the origin on: (runs, days, classes)."""
    any_by: dict[int, float]
    """For each horizon, the probability of at least one act of any class: exact given what happened before the origin."""
    unseen: dict[str, int]
    """For each class, days before the origin that are not known: not covered, or not yet published."""


def specifications(settings: ForecastSettings) -> list[Specification]:
    """The members of the pool."""
    grid = product(settings.half_lives, settings.harmonics, settings.memories)
    return [Specification(half_life, pairs, memory, settings.ridge) for half_life, pairs, memory in grid]


def known_counts(series: ActSeries, origin: int, lag: int) -> Floats:
    """Counts of the days before row `origin` as known then: NaN where not covered or published later; (origin, classes)."""
    grid = np.full((origin, len(series.classes)), np.nan)
    seen = min(origin - lag, len(series.counts))
    if seen > 0:
        grid[:seen] = np.where(series.covered[:seen], series.counts[:seen], np.nan)
    return grid


def fit_pool(series: ActSeries, origin: int, settings: ForecastSettings, start: Pool | None = None) -> Pool:
    """Fit every member to what was known at row `origin`; `start` gives the parameters to begin from."""
    known = known_counts(series, origin, settings.lag_days)
    filled, covered = np.nan_to_num(known), ~np.isnan(known)
    pool: Pool = []
    for number, one in enumerate(specifications(settings)):
        echo = echoes(filled, one.half_life)[:-1]
        design = harmonics(series.first, origin, one.harmonics)
        age = np.arange(origin, 0, -1) - 1.0
        fading = np.ones(origin) if one.memory is None else np.exp2(-age / one.memory)
        total = echo.sum(axis=1)
        fits = []
        for at in range(len(series.classes)):
            begun = start[number][1][at].theta if start else None
            fits.append(fit_class(filled[:, at], echo[:, at], total - echo[:, at], design, fading * covered[:, at], ridge=one.ridge, start=begun))
        pool.append((one, fits))
    return pool


def outlook(series: ActSeries, pool: Pool, origin: int, settings: ForecastSettings, *, days: int) -> Outlook:
    """Futures of `days` days from row `origin` on, `settings.runs` from every member of the pool at its best parameters.

    The days between what is known and the origin are drawn too. Random numbers come from `settings.seed` and the origin alone.
    """
    rng = np.random.default_rng([settings.seed, origin])
    sets, of = parameters(pool), np.repeat(np.arange(len(pool)), settings.runs)
    echo, unseen = echo_at(series, pool, sets, of, origin, settings, rng)
    ahead = harmonics(series.first + timedelta(days=origin), days, max(settings.harmonics))
    any_by = {horizon: 1.0 - float(none_until(sets, of, echo, ahead[:horizon]).mean()) for horizon in settings.horizons}
    counts, _ = simulate(sets, of, echo, ahead, rng.random((days, len(of), len(series.classes))))
    return Outlook(series.classes, counts, any_by, unseen)


def echo_at(
    series: ActSeries, pool: Pool, sets: Parameters, of: Index, origin: int, settings: ForecastSettings, rng: np.random.Generator
) -> tuple[Floats, dict[str, int]]:
    """Echo of each run before row `origin`, (runs, classes), days not known then drawn; and how many those are for each class."""
    known = known_counts(series, origin, settings.lag_days)
    unseen = unseen_days(known)
    begin = origin - int(unseen.max())
    past = np.nan_to_num(known[:begin])
    per_half_life = {half_life: echoes(past, half_life)[-1] for half_life in set(sets.half_life.tolist())}
    echo = np.stack([per_half_life[half_life] for half_life in sets.half_life.tolist()])[of]
    if origin > begin:
        season = harmonics(series.first + timedelta(days=begin), origin - begin, max(settings.harmonics))
        _, echo = simulate(sets, of, echo, season, rng.random((origin - begin, len(of), len(series.classes))), known[begin:])
    return echo, dict(zip(series.classes, unseen.tolist(), strict=True))


def unseen_days(known: Floats) -> Floats:
    """For each class, how many of the last days are unknown."""
    unknown = np.isnan(known)
    reached = np.argmax(~unknown[::-1], axis=0)
    return np.where(unknown.all(axis=0), len(known), reached)
