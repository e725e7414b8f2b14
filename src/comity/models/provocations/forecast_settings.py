"""Parameters of the forecasts of provocations and of their track record, with the reason for each."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from comity.models.provocations.act_series import SeriesSettings


@dataclass(frozen=True, slots=True)
class ForecastSettings:
    """How forecasts are made and scored."""

    series: SeriesSettings = field(default_factory=SeriesSettings)
    half_lives: tuple[float, ...] = (10.0, 30.0, 90.0, 270.0)
    """Of the echo, in days: a week and a half to nine months. The data cannot tell them apart, so all are pooled with equal weight."""
    harmonics: tuple[int, ...] = (0, 2)
    """Without season, and with two yearly harmonics: whether there is a season is unsure, so both are in the pool."""
    memories: tuple[float | None, ...] = (None, 3652.0)
    """All days alike, or days ten years back at half weight: arsenals and leaders change, but acts are few."""
    ridge: float = 2.0
    """Precision of the prior of seasonal coefficients (standard deviation 0.7)."""
    runs: int = 200
    """Simulated futures for each member of the pool; with 16 members a probability of one half is known to 0.009."""
    horizons: tuple[int, ...] = (28, 90)
    """Days ahead: the next month's and the next quarter's planning."""
    lag_days: int = 3
    """Days before the origin whose acts are taken as not yet published. Sources give no day of publication for most acts; varied in the docs."""
    first_origin: date = date(2005, 1, 1)
    """Fifteen years to learn from before the first forecast that is scored."""
    refit_months: int = 12
    """The pool is fitted anew every January; what happened since then enters through the echo."""
    interval: tuple[float, float] = (0.05, 0.95)
    """Of a probability over the pool's members and their parameters."""
    bootstrap: int = 2000
    """Draws of blocks of origins for the intervals of scores."""
    block: int = 12
    """Origins in a block: a year, longer than the memory of most errors."""
    seed: int = 20260101
    """Of every draw."""
