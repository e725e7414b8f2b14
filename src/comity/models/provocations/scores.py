"""How good were probability forecasts: proper scores, discrimination, calibration, and how sure each comparison is.

Brier (1950, Mon. Weather Rev.), logarithmic score (Good 1952, JRSS B), continuous ranked probability score for counts (Matheson & Winkler
1976, Management Science; Czado, Gneiting & Held 2009, Biometrics), area under the ROC curve and average precision, reliability (Murphy 1973).
Intervals come from a moving-block bootstrap over origins, for the errors of neighbouring origins are alike (Künsch 1989, Ann. Statist.).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from comity.models.provocations.act_series import Floats

FLOOR = 1e-4  # probabilities are kept this far from 0 and 1 in the logarithmic score; one missed certainty would otherwise be infinite
Draws = npt.NDArray[np.int64]


def brier(chance: Floats, happened: Floats) -> Floats:
    """Squared error of each forecast: (p − y)²; 0 is perfect, 0.25 a coin.

    >>> brier(np.array([0.7]), np.array([1.0])).round(2).tolist()
    [0.09]
    """
    return np.asarray((chance - happened) ** 2)


def log_score(chance: Floats, happened: Floats) -> Floats:
    """Minus the log of the probability given to what happened; 0 is perfect, 0.693 a coin."""
    bounded = np.clip(chance, FLOOR, 1.0 - FLOOR)
    return np.asarray(-(happened * np.log(bounded) + (1.0 - happened) * np.log(1.0 - bounded)))


def crps(distribution: Floats, count: Floats) -> Floats:
    """Ranked probability score of count distributions (…, k): Σ_k (F(k) − 1{n ≤ k})², in acts."""
    reached = np.cumsum(distribution, axis=-1)
    stepped = (count[..., None] <= np.arange(distribution.shape[-1])).astype(np.float64)
    return np.asarray(((reached - stepped) ** 2).sum(axis=-1))


def auc(chance: Floats, happened: Floats) -> float | None:
    """Probability that a forecast before an act is higher than one before none; None where all outcomes are alike."""
    from scipy.stats import rankdata

    hits, misses = float(happened.sum()), float(len(happened) - happened.sum())
    if not hits or not misses:
        return None
    return float((rankdata(chance)[happened > 0].sum() - hits * (hits + 1) / 2) / (hits * misses))


def average_precision(chance: Floats, happened: Floats) -> float | None:
    """Mean precision over the acts as the warning threshold falls; the base rate is what chance gives. None where nothing happened."""
    if not happened.any():
        return None
    values, order = np.unique(-chance, return_inverse=True)
    hits, told = np.bincount(order, weights=happened, minlength=len(values)), np.bincount(order, minlength=len(values))
    reached, warned = np.cumsum(hits), np.cumsum(told)
    return float(np.sum(hits * reached / warned) / hits.sum())


def reliability(chance: Floats, happened: Floats, bins: int = 10) -> list[dict[str, float]]:
    """Forecasts in equal steps of probability: `low`, `high`, `n`, `forecast` (mean), `observed` (share), and its 95 % interval (Wilson 1927)."""
    from comity.measures.opinion import wilson

    rows = []
    at = np.minimum((chance * bins).astype(np.int64), bins - 1)
    for number in range(bins):
        inside = at == number
        if n := int(inside.sum()):
            share = float(happened[inside].mean())
            low, high = wilson(share, n)
            head = {"low": number / bins, "high": (number + 1) / bins, "n": float(n), "forecast": float(chance[inside].mean())}
            rows.append(head | {"observed": share, "observed_low": low, "observed_high": high})
    return rows


def block_draws(origins: int, *, block: int, draws: int, seed: int) -> Draws:
    """Indices of resampled origins, (draws, origins): blocks of neighbouring origins laid end to end."""
    length = max(1, min(block, origins))
    starts = np.random.default_rng(seed).integers(0, origins - length + 1, size=(draws, -(-origins // length)))
    return np.asarray((starts[:, :, None] + np.arange(length)).reshape(draws, -1)[:, :origins])


def mean_interval(values: Floats, draws: Draws, level: tuple[float, float] = (0.025, 0.975)) -> tuple[float, float]:
    """Interval of a mean score over the drawn origins."""
    low, high = np.quantile(values[draws].mean(axis=1), level)
    return float(low), float(high)


def auc_interval(chance: Floats, happened: Floats, draws: Draws, level: tuple[float, float] = (0.025, 0.975)) -> tuple[float | None, float | None]:
    """Interval of the AUC over the drawn origins, draws without both outcomes left out."""
    from scipy.stats import rankdata

    drawn, outcome = chance[draws], happened[draws]
    hits = outcome.sum(axis=1)
    ranks = (rankdata(drawn, axis=1) * outcome).sum(axis=1)
    both = (hits > 0) & (hits < draws.shape[1])
    if not both.any():
        return None, None
    areas = (ranks - hits * (hits + 1) / 2)[both] / (hits * (draws.shape[1] - hits))[both]
    low, high = np.quantile(areas, level)
    return float(low), float(high)
