"""How much higher or lower the intensity was on days of exercises and talks, fitted together with the echo, for every member of the pool.

The same family as the forecasts' (`pool`), with the covariates of `covariates` beside the season. Days that are not covered, or on which it is
not known whether a main exercise was under way, tell nothing; talks are known from their covered years alone. A ratio says what went together with an exercise, the season held as finely as the
member holds it; it does not say what the exercise did.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from comity.models.one_thread import on_one_thread
from comity.models.provocations.act_series import ActSeries, Floats, act_series
from comity.models.provocations.pool import Pool, known_counts, specifications
from comity.models.provocations.self_exciting import echoes, fit_class
from comity.models.provocations.simulation import Parameters
from comity.models.scenarios.covariates import AT, Past, design, marks, past_of
from comity.models.scenarios.draws import SPARE, resampled, stable_sets
from comity.models.scenarios.settings import COVARIATES, WhatIfSettings
from comity.register.snapshot import Snapshot

NORMAL = 1.6449  # the 95 % point of the standard normal distribution
LEAST = 20


@dataclass(frozen=True)
class Fitted:
    """The series, what is known of the calendar, the fitted members, and sets of parameters that the record allows, `draws` for each member in turn."""

    series: ActSeries
    past: Past
    pool: Pool
    marks: Floats
    """Covariates of the days fitted, (origin, 5)."""
    sets: Parameters


@on_one_thread
def fitted(snapshot: Snapshot, home: str, as_of: date, settings: WhatIfSettings) -> Fitted | None:
    """The fit at the end of a day, made once for a snapshot and settings; None where fewer than 20 acts are on the record."""
    key = ("what_if", home, as_of, settings.pool, settings.aftermath_days, settings.talks_days, settings.unknown_span, settings.draws, settings.seed)

    def make() -> Fitted | None:
        series = act_series(snapshot, home, until=as_of, settings=settings.pool.series)
        if not series.classes or series.counts.sum() < LEAST:
            return None
        return fit(series, past_of(snapshot, home, series, as_of, settings), settings)

    return snapshot.remembered(key, make)


def fit(series: ActSeries, past: Past, settings: WhatIfSettings) -> Fitted:
    """Fit every member and class to what was known at the origin, and draw sets of parameters around them."""
    marked = marks(past, (), 0, settings)
    known = known_counts(series, past.origin, settings.pool.lag_days)
    filled, weighed = np.nan_to_num(known), ~np.isnan(known) & past.exercises_known[:, None]
    age = np.arange(past.origin, 0, -1) - 1.0
    rng = np.random.default_rng([settings.seed, past.origin, 2])
    pool: Pool = []
    drawn: list[list[Floats]] = []
    for one in specifications(settings.pool):
        echo = echoes(filled, one.half_life)[:-1]
        total, made = echo.sum(axis=1), design(marked, past, one.harmonics)
        fading = np.ones(past.origin) if one.memory is None else np.exp2(-age / one.memory)
        fits, around = [], []
        for at in range(len(series.classes)):
            data = (filled[:, at], echo[:, at], total - echo[:, at], made, fading * weighed[:, at])
            fits.append(fit_class(*data, ridge=one.ridge))
            around.append(resampled(fits[-1], *data, one.ridge, settings.draws * SPARE, rng))
        pool.append((one, fits))
        drawn.append(around)
    return Fitted(series, past, pool, marked, stable_sets(drawn, pool, series.first, len(COVARIATES), settings.draws))


def coefficients(found: Fitted, settings: WhatIfSettings) -> pl.DataFrame:
    """The ratio of each covariate for each class and member with its 90 % interval, and the days and acts inside it.

    Columns: `covariate`, `class`, `half_life`, `harmonics`, `memory`, `ratio`, `low`, `high`, `days` (fitted days with the covariate), `acts` (of the
    class on them), `mostly_prior` (too few acts for more than the prior).
    """
    known = known_counts(found.series, found.past.origin, settings.pool.lag_days)
    rows = []
    for at, name in enumerate(found.series.classes):
        held = ~np.isnan(known[:, at]) & found.past.exercises_known
        for covariate in COVARIATES:
            inside = held & (found.marks[:, AT[covariate]] > 0)
            acts = int(known[inside, at].sum())
            head = {"covariate": covariate, "class": name}
            tail = {"days": int(inside.sum()), "acts": acts, "mostly_prior": acts < settings.least_inside}
            for one, fits in found.pool:
                beta, error = fits[at].beta[AT[covariate]], np.sqrt(max(fits[at].covariance[3 + AT[covariate], 3 + AT[covariate]], 0.0))
                low, high = np.exp([beta - NORMAL * error, beta + NORMAL * error])
                member = {"half_life": one.half_life, "harmonics": one.harmonics, "memory": one.memory}
                rows.append(head | member | {"ratio": float(np.exp(beta)), "low": float(low), "high": float(high)} | tail)
    return pl.DataFrame(rows, schema_overrides={"memory": pl.Float64})
