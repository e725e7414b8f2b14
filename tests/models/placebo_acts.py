"""Made series of acts that no exercise caused: what the designs of `effects` are tried on before they are believed.

They are like the record in what misleads: years differ more than chance (gamma), the seasons differ, and acts come in bursts (each raises the
rate for weeks). An effect of known size may be planted in given days. Nothing is fitted here: the parameters are round numbers near what the
shipped register shows, and a design that holds its size on these series may still fail on others.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from comity.models.provocations.act_series import Floats

Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class PlaceboSettings:
    """How the made acts come about, with the reason for each value."""

    a_year: float = 11.0
    """Acts a year that no other act set off, near the register's 2005-2017."""
    year_shape: float = 1.5
    """Of the gamma law of the years' rates: a coefficient of variation of 0.8, from years of none to years of forty."""
    seasons: tuple[float, float] = (0.45, 0.25)
    """Height of the yearly and the half-yearly wave of the log rate: about three times as many acts in the height of the season as in its trough."""
    branching: float = 0.3
    """Acts that each act sets off."""
    decay_days: float = 20.0
    """Mean lag of those."""


def placebo_acts(
    rng: np.random.Generator, years: Whole, day_of_year: Floats, *, planted: Floats | None = None, settings: PlaceboSettings | None = None
) -> Floats:
    """Daily counts; `years` and `day_of_year` (days,) give the calendar, `planted` the factor on each day's rate (1 for none).

    Rate of day t: g(year) · s(day of year) · planted + branching/decay · Σ exp(-(t - i)/decay) over earlier acts; counts are Poisson.
    """
    chosen = settings or PlaceboSettings()
    wave = 2 * np.pi * day_of_year / 365.25
    turn = rng.uniform(0, 2 * np.pi, 2)
    season = np.exp(chosen.seasons[0] * np.cos(wave - turn[0]) + chosen.seasons[1] * np.cos(2 * wave - turn[1]))
    _, at = np.unique(years, return_inverse=True)
    level = rng.gamma(chosen.year_shape, 1 / chosen.year_shape, at.max() + 1)[at]
    base = chosen.a_year / 365.25 * level * season / season.mean() * (1.0 if planted is None else planted.max())
    keep, lift = np.exp(-1 / chosen.decay_days), chosen.branching * np.expm1(1 / chosen.decay_days)
    counts, held = np.zeros(len(base)), 0.0
    for day, rate in enumerate(base.tolist()):
        held *= keep
        counts[day] = rng.poisson(rate + lift * held)
        held += counts[day]
    return counts if planted is None else rng.binomial(counts.astype(np.int64), planted / planted.max()).astype(np.float64)
