"""Where does a level that walks at random lie, seen through measurements of unequal precision on unequal days?

The local-level model z_t = α_t + ε_t, ε_t ~ N(0, v_t), α_t − α_s ~ N(0, q·(t − s)), with an exactly diffuse start. The filter runs on several
columns at once, which share gains and variances: a column of observations and columns of regressors, so that regression coefficients are
handled exactly afterwards (Rosenberg 1973; de Jong 1991, Annals of Statistics), and for several drift variances at once. It knows
nothing of polls. Kalman (1960); Rauch, Tung & Striebel (1965); Durbin & Koopman (2012, Time Series Analysis by State Space Methods, 2.2-2.9).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Filtered:
    """What the filter knows after each of n measurements, for g drift variances and m columns.

    `level` (n, g, m) and `variance` (n, g) after the measurement; `surprise` (n−1, g, m) and `scale` (n−1, g): the one-step errors of all
    measurements but the first, which only starts the level, and their variances.
    """

    level: Array
    variance: Array
    surprise: Array
    scale: Array


@dataclass(frozen=True, slots=True)
class Smoothed:
    """The level given all measurements, at each of them: `level` (n, g, m), `variance` (n, g)."""

    level: Array
    variance: Array


def filtered(days: Array, columns: Array, noise: Array, drift: Array) -> Filtered:
    """Run the filter over n measurements in the order of their `days` (n,), in days.

    `columns` (n, m); `noise` (n, g): variances of the measurements; `drift` (g,): variance of the level's change in a day, one a run. Several
    measurements may fall on one day. The order within a day is irrelevant to what is known after it.
    """
    n, m = columns.shape
    g = len(drift)
    level, variance = np.empty((n, g, m)), np.empty((n, g))
    surprise, scale = np.empty((n - 1, g, m)), np.empty((n - 1, g))
    level[0], variance[0] = columns[0], noise[0]
    gaps = np.diff(days)
    for t in range(1, n):
        before = variance[t - 1] + drift * gaps[t - 1]
        total = before + noise[t]
        error = columns[t] - level[t - 1]
        level[t] = level[t - 1] + (before / total)[:, None] * error
        variance[t] = before * noise[t] / total
        surprise[t - 1], scale[t - 1] = error, total
    return Filtered(level, variance, surprise, scale)


def slopes(days: Array, noise: Array, by_noise: Array, run: Filtered) -> tuple[Array, Array]:
    """Derivatives of `surprise` and `scale` by the drift variance, from the same recursion differentiated: shapes (n−1, g, m) and (n−1, g).

    `noise` (n, g) as for the filter, `by_noise` (n,) its derivative by the drift variance.
    """
    count, g, m = run.surprise.shape
    by_surprise, by_scale = np.empty((count, g, m)), np.empty((count, g))
    by_level, by_variance = np.zeros((g, m)), np.full(g, by_noise[0])
    gaps = np.diff(days)
    for t in range(count):
        by_before, by_own = by_variance + gaps[t], by_noise[t + 1]
        stays = noise[t + 1] / run.scale[t]  # 1 − gain
        by_gain = (by_before * stays - by_own * (1 - stays)) / run.scale[t]
        by_surprise[t], by_scale[t] = -by_level, by_before + by_own
        by_level = by_level * stays[:, None] + by_gain[:, None] * run.surprise[t]
        by_variance = by_before * stays**2 + by_own * (1 - stays) ** 2
    return by_surprise, by_scale


def smoothed(days: Array, drift: Array, run: Filtered) -> Smoothed:
    """The level at each measurement given all of them, backwards from the last (Rauch, Tung & Striebel 1965)."""
    level, variance = run.level.copy(), run.variance.copy()
    gaps = np.diff(days)
    for t in range(len(days) - 2, -1, -1):
        before = run.variance[t] + drift * gaps[t]
        gain = run.variance[t] / before
        level[t] += gain[:, None] * (level[t + 1] - run.level[t])
        variance[t] += gain**2 * (variance[t + 1] - before)
    return Smoothed(level, variance)


def on_days(wanted: Array, days: Array, drift: Array, run: Filtered, smooth: Smoothed) -> Smoothed:
    """The level on any days from the first measurement on, given all measurements: `level` (d, g, m), `variance` (d, g).

    Between two measurements the smoother's step is taken from the later one to the day itself, which is exact; after the last the level
    stays and its variance grows with the days.
    """
    at = np.searchsorted(days, wanted, side="right") - 1  # the last measurement of a day holds all of that day
    after = np.minimum(at + 1, len(days) - 1)
    walked = (wanted - days[at])[:, None]
    gap = np.maximum(days[after] - days[at], 1.0)[:, None]
    known = run.variance[at] + drift * walked
    before = run.variance[at] + drift * gap
    last = (at == len(days) - 1)[:, None]
    gain = np.where(last, 0.0, known / before)
    level = run.level[at] + gain[:, :, None] * (smooth.level[after] - run.level[at])
    return Smoothed(level, known + gain**2 * (smooth.variance[after] - before))
