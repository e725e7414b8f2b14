"""Where does the rate of a yearly count change, and how sure is that?

It reads nothing but a series of counts and its exposure (what each year was expected to hold at a constant rate) and cuts it into spans of
constant rate by exact dynamic programming with a negative-binomial cost. The price of a break is found by simulation: homogeneous series
of that length, mean, dispersion and exposure get a break in one of twenty. It takes the years of one span as independent of each other;
it does not say why a rate changed, and a slow drift comes out as a stair.
Exact segmentation after Auger & Lawrence (1989, Bull. Math. Biol.) and Killick, Fearnhead & Eckley (2012, JASA).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
POISSON = 1e-7  # smallest dispersion: the negative binomial is Poisson below it
LOG_STEP = 0.25  # calibrations are shared by series whose means differ by less than an eighth


@dataclass(frozen=True)
class SegmentationSettings:
    """Parameters of the segmentation (method 7)."""

    min_years: int = 3  # shorter spans are single years of crisis or catching up, no eras
    max_breaks: int = 5
    nominal: float = 0.04  # simulated share of false breaks: below the 5 % promised, since mean and dispersion come from the same series
    draws: int = 600  # simulated homogeneous series for one penalty
    resamples: int = 300  # parametric bootstrap of the break dates
    interval: tuple[float, float] = (0.05, 0.95)
    factors: tuple[float, ...] = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0)  # penalties, relative to the calibrated one, for the sensitivity table
    dispersions: tuple[float, ...] = (0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0, 1.4, 2.0, 3.0, 5.0)  # calibrated ones; rounded up to
    seed: int = 20261122


@dataclass(frozen=True)
class Segmentation:
    """A series cut into spans of constant rate; years are given by their place in the series, spans by their first one."""

    starts: tuple[int, ...]
    low: tuple[int, ...]
    high: tuple[int, ...]
    rates: tuple[float, ...]
    dispersion: float
    penalty: float | None
    gains: tuple[float, ...]
    sensitivity: tuple[tuple[float, int], ...]


def segmentation(counts: npt.ArrayLike, exposure: npt.ArrayLike | None = None, settings: SegmentationSettings | None = None) -> Segmentation:
    """Cut a count series into spans of constant rate: y_t ~ NB(mean λ_k·e_t, variance λ_k·e_t·(1 + α·λ_k)) within span k.

    `exposure` e_t > 0 defaults to 1. The number of breaks b minimises cost(b) + penalty·b, cost being −2 log-likelihood; `penalty` is
    calibrated by simulation (None where the series is too short to cut). `gains[b]` is how far b breaks lower the cost; `low` and `high`
    bound the first year of each span (90 % by default) by parametric bootstrap with the number of breaks held. `dispersion` is the
    variance over the mean at the mean rate (1 = Poisson).

    >>> segmentation([2, 3, 1, 2, 2, 3, 2, 1, 9, 8, 10, 7, 9, 11, 8, 9]).starts
    (0, 8)
    """
    chosen = settings or SegmentationSettings()
    y = np.asarray(counts, dtype=np.float64)
    e = np.ones_like(y) if exposure is None else np.asarray(exposure, dtype=np.float64)
    if y.ndim != 1 or not len(y) or y.shape != e.shape or (e <= 0).any():
        raise ValueError("counts must be a series of at least one year, exposure positive and as long")
    unit = float(e.mean())
    cut = _cut(y, e / unit, chosen)
    return replace(cut, rates=tuple(rate / unit for rate in cut.rates))


def _cut(y: Floats, e: Floats, settings: SegmentationSettings) -> Segmentation:
    """The segmentation of a series whose exposure has mean 1."""
    mean = float(y.mean())
    alpha = float(_neighbour_dispersion(y[None], e)[0])
    spans = min(settings.max_breaks + 1, len(y) // settings.min_years)
    if spans < 2 or mean == 0:
        return Segmentation((0,), (0,), (0,), (mean,), 1 + alpha * mean, None, (0.0,), ())
    costs, starts = _best(y[None], e, np.array([alpha]), spans, settings.min_years)
    gains = costs[0, 0] - costs[0]
    penalty = _calibrated_penalty(y, e, alpha, settings)
    found = starts(_breaks(gains, penalty) + 1)[0]
    rates = _rates(y, e, found)
    low, high = _start_bounds(e, found, rates, alpha, settings)
    return Segmentation(
        starts=tuple(found.tolist()),
        low=low,
        high=high,
        rates=tuple(rates.tolist()),
        dispersion=1 + alpha * mean,
        penalty=penalty,
        gains=tuple(gains.tolist()),
        sensitivity=tuple((factor, _breaks(gains, factor * penalty)) for factor in settings.factors),
    )


def _breaks(gains: Floats, penalty: float) -> int:
    """The number of breaks whose gain pays its price best; the fewest among equals."""
    return int(np.argmax(gains - penalty * np.arange(len(gains))))


def _rates(y: Floats, e: Floats, starts: Ints) -> Floats:
    rates: Floats = np.add.reduceat(y, starts) / np.add.reduceat(e, starts)
    return rates


def _neighbour_dispersion(y: Floats, e: Floats) -> Floats:
    """α from the differences of neighbouring years, by moments: a break spoils only one of them. One value for each row of `y`."""
    if y.shape[1] < 2:
        return np.zeros(len(y))
    both = e[:-1] + e[1:]
    weight = e[:-1] * e[1:] / both
    level = (y[:, 1:] + y[:, :-1]) / both
    spread = weight * np.diff(y / e, axis=1) ** 2  # its mean is λ + α·λ²; that of level² is λ² + (λ + α·λ²) / both
    excess = (weight * (spread - level)).sum(axis=1)
    squared = (weight * (level**2 - spread / both)).sum(axis=1)
    alpha: Floats = np.maximum(excess / np.maximum(squared, 0.1 * (weight * level**2).sum(axis=1) + POISSON), 0.0)
    return alpha


def _whole_dispersion(y: Floats, e: Floats) -> float:
    """α of the whole series by moments, as if its rate had never changed."""
    rate = y.sum() / e.sum()
    excess = ((y - rate * e) ** 2 / e).sum() / (len(y) - 1) - rate
    return float(max(excess / rate**2, 0.0))


def _best(y: Floats, e: Floats, alpha: Floats, spans: int, min_years: int) -> tuple[Floats, Callable[[int], Ints]]:
    """Least cost of each number of spans (series x spans) and a function that gives the first years of that many spans.

    The negative binomial whose shape is proportional to the exposure adds up over the years of a span (it is infinitely divisible), so a
    span's likelihood depends on its sums alone and its rate is Σy/Σe exactly. All series in `y` are worked off together.
    """
    series, years = y.shape
    sums, exposed = np.zeros((series, years + 1)), np.zeros(years + 1)
    sums[:, 1:], exposed[1:] = y.cumsum(axis=1), e.cumsum()
    alpha = np.maximum(alpha, POISSON)[:, None]
    least = np.full((spans + 1, series, years + 1), np.inf)
    least[0, :, 0] = 0.0
    back = np.zeros((spans + 1, series, years + 1), dtype=np.int64)
    row = np.arange(series)
    for end in range(min_years, years + 1):
        first = end - min_years + 1
        cost = _cost(sums[:, end, None] - sums[:, :first], exposed[end] - exposed[:first], alpha)
        total = least[:-1, :, :first] + cost
        at = total.argmin(axis=2)
        back[1:, :, end], least[1:, :, end] = at, np.take_along_axis(total, at[:, :, None], axis=2)[:, :, 0]

    def starts(number: int) -> Ints:
        found = np.zeros((series, number), dtype=np.int64)
        end = np.full(series, years)
        for left in range(number, 0, -1):
            end = back[left, row, end]
            found[:, left - 1] = end
        return found

    return least[1:, :, -1].T, starts


def _cost(total: Floats, exposed: Floats, alpha: Floats) -> Floats:
    """−2 log-likelihood of spans at their own rate, without the terms that no segmentation changes."""
    rate = total / exposed
    logs = np.log(np.where(total > 0, rate, 1.0))
    cost: Floats = -2.0 * (total * logs - (total + exposed / alpha) * np.log1p(alpha * rate))
    return cost


def _calibrated_penalty(y: Floats, e: Floats, alpha: float, settings: SegmentationSettings) -> float:
    """The price at which a share `nominal` of homogeneous series of this length, mean, dispersion and exposure gets a break.

    A homogeneous series must lay all variation to its dispersion, so the larger of the two estimates is simulated. Mean and dispersion
    are rounded to a grid (the dispersion upwards), so that series that are alike share one calibration.
    """
    mean = float(np.exp(np.round(np.log(y.mean()) / LOG_STEP) * LOG_STEP))
    wanted = max(alpha, _whole_dispersion(y, e))
    grid = settings.dispersions
    return _penalty(mean, next((value for value in grid if value >= wanted), grid[-1]), tuple(np.round(e, 2).tolist()), settings)


@lru_cache(maxsize=256)
def _penalty(mean: float, alpha: float, exposure: tuple[float, ...], settings: SegmentationSettings) -> float:
    e = np.maximum(np.array(exposure), 0.01)
    rng = np.random.default_rng(settings.seed)
    y = _simulated(np.tile(mean * e, (settings.draws, 1)), np.full(len(e), alpha * mean), rng)
    spans = min(settings.max_breaks + 1, len(e) // settings.min_years)
    costs, _ = _best(y, e, _neighbour_dispersion(y, e), spans, settings.min_years)
    worth = ((costs[:, :1] - costs[:, 1:]) / np.arange(1, spans)).max(axis=1)
    return float(np.quantile(worth, 1.0 - settings.nominal))


def _simulated(means: Floats, excess: Floats, rng: np.random.Generator) -> Floats:
    """Negative-binomial counts (series x years) of these means, with variance mean·(1 + excess)."""
    scale = np.maximum(excess, POISSON)
    mixed = np.where(excess > POISSON, rng.gamma(means / scale) * scale, means)
    return rng.poisson(mixed).astype(np.float64)


def _start_bounds(e: Floats, starts: Ints, rates: Floats, alpha: float, settings: SegmentationSettings) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Bounds of the first year of each span: the series is drawn again from what was found and cut again, into as many spans."""
    if len(starts) < 2:
        return (0,), (0,)
    rng = np.random.default_rng(settings.seed + 1)
    rate = np.repeat(rates, np.diff([*starts, len(e)]))
    drawn = _simulated(np.tile(rate * e, (settings.resamples, 1)), alpha * rate, rng)
    _, again = _best(drawn, e, np.full(settings.resamples, alpha), len(starts), settings.min_years)
    found = again(len(starts))
    low = np.quantile(found, settings.interval[0], axis=0, method="lower")
    high = np.quantile(found, settings.interval[1], axis=0, method="higher")
    return tuple(np.minimum(low, starts).tolist()), tuple(np.maximum(high, starts).tolist())
