"""How much higher was the rate of acts on some days than on others, the calendar held fixed?

A Poisson regression of daily counts on window indicators and controls, with one free level for each stratum (a year, or the whole span). The
levels are summed out, so that the fit is the same as with dummies but small. The variance is robust to bursts: residuals of days up to
`lag` apart may go together (Newey & West 1987, Econometrica). The ratio is of rates, not of causes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from comity.models.provocations.act_series import Floats

Whole = npt.NDArray[np.int64]
ROUNDS = 40
STEP = 3.0
TIGHT = 1e-9
SINGULAR = 1e-9


@dataclass(frozen=True, slots=True)
class RateFit:
    """Of each window: log rate ratio, its plain and its robust standard error (NaN where there is none), the acts inside; and the fitted rates.

    `expected` (days,) is the fitted number of acts a day; on days of strata without acts it is 0.
    """

    log_ratio: Floats
    plain: Floats
    robust: Floats
    acts: Floats
    expected: Floats
    dispersion: float


def fit_rates(counts: Floats, windows: Floats, controls: Floats, strata: Whole, *, lag: int = 28) -> RateFit:
    """Fit log E(count) = level of the stratum + windows · β + controls · γ by Newton's method on the likelihood given each stratum's total.

    `counts` (days,), `windows` (days, k) and `controls` (days, p) real, `strata` (days,) sorted whole numbers. A window without an act has
    no log ratio (NaN), and its days leave the fit, as the likelihood lets them; so do those of a 0/1 control without an act. Where window and
    calendar cannot be told apart all are NaN. Conditional likelihood: Hausman, Hall & Griliches 1984, Econometrica.
    """
    days, k = windows.shape
    acts = counts @ windows
    design = np.column_stack([windows, controls])
    empty = ((design == 0) | (design == 1)).all(axis=0) & (counts @ design == 0)
    held = ~(design[:, empty] > 0).any(axis=1)
    columns = np.flatnonzero(~empty)
    held &= np.isin(strata, np.unique(strata[counts > 0]))
    nothing = np.full(k, np.nan)
    expected = np.zeros(days)
    if (k and not acts.any()) or not held.any():
        return RateFit(nothing, nothing.copy(), nothing.copy(), acts, _levels(counts, strata), np.nan)
    beta, mean, centred = _newton(counts[held], design[np.ix_(held, columns)], strata[held])
    expected[held] = mean
    told = [nothing.copy() for _ in range(3)]
    bread = _inverse(centred.T @ (mean[:, None] * centred))
    if bread is not None:
        kept = np.flatnonzero(columns < k)
        residual = counts[held] - mean
        pull = np.zeros((days, len(kept)))
        pull[held] = (centred @ bread[:, kept]) * residual[:, None]
        told[0][columns[kept]] = beta[kept]
        told[1][columns[kept]] = np.sqrt(np.diag(bread)[kept])
        told[2][columns[kept]] = np.sqrt(bartlett(pull, lag))
    spread = float(((counts[held] - mean) ** 2 / np.maximum(mean, 1e-12)).sum() / max(1, held.sum() - len(columns) - len(np.unique(strata[held]))))
    return RateFit(told[0], told[1], told[2], acts, expected, spread)


def bartlett(pull: Floats, lag: int) -> Floats:
    """Long-run variance of the column sums of `pull` (days, k) with Bartlett weights to `lag`, never negative.

    Σ_l (1 - |l|/(lag+1)) γ_l is the sum of squares of the moving sums over lag + 1 days, over lag + 1.
    """
    padded = np.concatenate([np.zeros((lag + 1, pull.shape[1])), pull, np.zeros((lag, pull.shape[1]))])
    total = np.cumsum(padded, axis=0)
    return np.asarray((((total[lag + 1 :] - total[: -lag - 1]) ** 2).sum(axis=0)) / (lag + 1), dtype=np.float64)


def _newton(counts: Floats, design: Floats, strata: Whole) -> tuple[Floats, Floats, Floats]:
    """Coefficients, fitted means (days,) and the design less its mean in each stratum, weighted by the means."""
    starts = np.flatnonzero(np.r_[True, np.diff(strata) > 0])
    lengths = np.diff(np.r_[starts, len(strata)])
    totals = np.add.reduceat(counts, starts)
    beta = np.zeros(design.shape[1])
    for _ in range(ROUNDS):
        mean, centred = _means(design, beta, totals, starts, lengths)
        slope = centred.T @ (counts - mean)
        curve = centred.T @ (mean[:, None] * centred)
        step = np.linalg.lstsq(curve, slope, rcond=SINGULAR)[0]
        beta = beta + np.clip(step, -STEP, STEP)
        if np.abs(step).max(initial=0.0) < TIGHT:
            break
    mean, centred = _means(design, beta, totals, starts, lengths)
    return beta, mean, centred


def _means(design: Floats, beta: Floats, totals: Floats, starts: Whole, lengths: Whole) -> tuple[Floats, Floats]:
    linear = design @ beta
    raised = np.exp(linear - linear.max(initial=0.0))
    mean = raised * np.repeat(totals / np.add.reduceat(raised, starts), lengths)
    middle = np.add.reduceat(mean[:, None] * design, starts, axis=0) / np.maximum(totals, TIGHT)[:, None]
    return mean, design - np.repeat(middle, lengths, axis=0)


def _levels(counts: Floats, strata: Whole) -> Floats:
    _, at, size = np.unique(strata, return_inverse=True, return_counts=True)
    return np.asarray((np.bincount(at, counts) / size)[at], dtype=np.float64)


def _inverse(curve: Floats) -> Floats | None:
    """Inverse of an information matrix, or None where some direction carries none."""
    scale = np.sqrt(np.maximum(np.diag(curve), 1e-300))
    scaled = curve / np.outer(scale, scale)
    values, vectors = np.linalg.eigh(scaled)
    if len(values) and values[0] < SINGULAR * max(1.0, values[-1]):
        return None
    return np.asarray((vectors / values) @ vectors.T / np.outer(scale, scale), dtype=np.float64)
