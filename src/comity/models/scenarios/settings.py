"""Parameters of the what-if: what enters the intensity, how many runs, and when a scenario lies outside what was seen, with the reason for each."""

from __future__ import annotations

from dataclasses import dataclass, field

from comity.models.provocations.forecast_settings import ForecastSettings

COVARIATES = ("main", "other", "aftermath", "talks", "summit")


def _pool() -> ForecastSettings:
    return ForecastSettings(harmonics=(0, 1, 2, 4))


@dataclass(frozen=True, slots=True)
class WhatIfSettings:
    """How a changed calendar is run forward."""

    pool: ForecastSettings = field(default_factory=_pool)
    """The forecasts' pool with the season held in four ways: not at all, by one, two or four yearly waves (four are as fine as months). What goes
    together with exercises hangs on it, so that every way is in."""
    aftermath_days: int = 28
    """Days after a main exercise that have a level of their own, as in the effect designs."""
    talks_days: int = 60
    """Days after talks or a summit that count as a time of talks (method 10)."""
    draws: int = 30
    """Sets of parameters around each of the 32 members: 960 in all, enough for the 5 and 95 % points."""
    runs: int = 9_600
    """Futures with and as many without the change, ten for each set; a probability of one half is known to 0.005, a difference better."""
    block: int = 2_400
    """Futures that are run together: memory stays under 100 MB, and the answer does not hang on how blocks are shared out."""
    horizons: tuple[int, ...] = (28, 90, 365)
    """Days ahead at which 'at least one' is asked; those beyond the scenario's horizon are left out."""
    interval: tuple[float, float] = (0.05, 0.95)
    """Of a difference over sets of parameters. A direction is called known when so large a share of them agrees: the interval leaves out zero."""
    recur_days: int = 731
    """A main exercise held within two years is expected again: one year without it (2018, 2020) ended no series."""
    edition_days: int = 330
    """Editions of a series so many days before its last belong to the same yearly round: two half-yearly ones, not last year's."""
    unknown_span: int = 92
    """A main exercise known to the month only leaves its days out of the fit, if they are no more than a quarter; one known to the year leaves nothing out."""
    least_acts: int = 20
    """Fewer acts of a class: its numbers are little more than the long-run rate."""
    least_inside: int = 5
    """Fewer acts on the days of a covariate: its coefficient is little more than its prior."""
    least_days: int = 10
    """A month, or exercise and talks together, seen on fewer days: without precedent."""
    longest_horizon: int = 365
    """Beyond a year the calendar of the baseline is guesswork."""
    seed: int = 20261123
    """Of every draw."""
