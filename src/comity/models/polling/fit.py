"""What is opinion on each day, given polls of several houses and not knowing how fast it drifts or how far houses lean?

Drift and spread of house effects are integrated over a grid of their logs, weighted by exact likelihood and prior; given both, level and house
effects are normal, so that what is known of a day is a mixture of normals whose quantiles are exact. With few polls this matters: bands drawn
from the maximum of the likelihood are then far too narrow. No sampling takes place, and no random number is used.
Half-t priors: Gelman (2006, Bayesian Analysis 1). Integration over a grid: Rue, Martino & Chopin (2009, JRSS B 71).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from comity.models.polling.house_effects import DRIFT_BOUNDS, SPREAD_BOUNDS, YEAR, Fitted, Polls, contrasts, fitted, log_likelihood, maximum
from comity.models.polling.local_level import Array, Smoothed, on_days, smoothed

COARSE = (34, 26)  # steps of about a quarter on the log scale over all that is possible
FINE = (21, 11)  # over the part that matters
DEPTH = 8.0  # parts whose density is under exp(−8) of the highest are left out
LIGHT = 3e-4  # points of the fine grid that weigh less than this share of the heaviest are left out
LEVELS = (0.025, 0.1, 0.5, 0.9, 0.975)
FREEDOM = 3.0  # degrees of freedom of the half-t priors: heavy enough that a series that swings is believed


@dataclass(frozen=True, slots=True)
class Pooled:
    """What is known of an answer: all on the logit scale, quantiles at `LEVELS`.

    `path` (5, d) on the days asked for; `effects` (5, houses); `drift`, `spread` (5,): standard deviations of a year's drift and of house effects;
    `best`: drift, spread and log-likelihood at the maximum of the likelihood.
    """

    path: Array
    effects: Array
    drift: Array
    spread: Array
    best: tuple[float, float, float] | None


def pooled(polls: Polls, days: Array, *, drift_scale: float, house_scale: float, maximise: bool = True) -> Pooled:
    """Integrate over drift and spread and give the level on `days` (d,), none before the first poll, with house effects.

    `drift_scale` and `house_scale` are the scales of the half-t priors. `maximise=False` leaves `best` out.
    """
    coarse = _axis(DRIFT_BOUNDS, COARSE[0]), _axis(SPREAD_BOUNDS, COARSE[1])
    density = _log_posterior(fitted(polls, np.exp(coarse[0])), *coarse, drift_scale, house_scale)
    drifts, spreads = (_part(axis, density.max(axis=1 - at), FINE[at]) for at, axis in enumerate(coarse))
    fit = fitted(polls, np.exp(drifts))
    weights = np.exp(_stable(_log_posterior(fit, drifts, spreads, drift_scale, house_scale)))
    start = np.unravel_index(np.argmax(density), density.shape)
    best = maximum(polls, (float(np.exp(coarse[0][start[0]])), float(np.exp(coarse[1][start[1]])))) if maximise and _moves(polls) else None
    path, effects = _mixtures(polls, fit, drifts, spreads, weights, days)
    return Pooled(path, effects, _on_grid(drifts, weights.sum(axis=1)), _on_grid(spreads, weights.sum(axis=0)), best)


def mixture_quantiles(weights: Array, means: Array, deviations: Array, levels: tuple[float, ...] = LEVELS) -> Array:
    """Quantiles of mixtures of normals: `weights` (c,), `means` and `deviations` (c, d) → (levels, d), by Newton's method inside a shrinking bracket.

    >>> mixture_quantiles(np.array([1.0, 3.0]), np.array([[0.0], [0.0]]), np.array([[1.0], [1.0]]), (0.975,)).round(4).tolist()
    [[1.96]]
    """
    from scipy.special import ndtr, ndtri

    share = (weights / weights.sum())[:, None]
    made = np.empty((len(levels), means.shape[1]))
    for row, level in enumerate(levels):
        each = means + ndtri(level) * deviations
        low, high = each.min(axis=0), each.max(axis=0)
        at = (share * each).sum(axis=0)
        for _ in range(60):
            z = (at - means) / deviations
            over = (share * ndtr(z)).sum(axis=0) - level
            low, high = np.where(over < 0, at, low), np.where(over > 0, at, high)
            step = over / (share * np.exp(-0.5 * z * z) / (deviations * np.sqrt(2 * np.pi))).sum(axis=0)
            inside = (at - step > low) & (at - step < high)
            after = np.where(inside, at - step, 0.5 * (low + high))
            moved, at = np.abs(after - at).max(), after
            if moved < 1e-6:  # on the logit scale: nothing
                break
        made[row] = at
    return made


def _axis(bounds: tuple[float, float], count: int) -> Array:
    """Points between the bounds at equal steps of the log."""
    return np.linspace(np.log(bounds[0]), np.log(bounds[1]), count)


def _moves(polls: Polls) -> bool:
    """Whether polls lie on several days: otherwise the likelihood does not know the drift."""
    return bool(polls.days[0] < polls.days[-1])


def _log_posterior(fit: Fitted, drifts: Array, spreads: Array, drift_scale: float, house_scale: float) -> Array:
    prior = _half_t(drifts, drift_scale)[:, None] + _half_t(spreads, house_scale)[None, :]
    return log_likelihood(fit, np.exp(spreads)) + prior


def _half_t(logs: Array, scale: float) -> Array:
    """Log-density of the log of a half-t variable, but for a constant."""
    return np.asarray(logs - (FREEDOM + 1) / 2 * np.log1p((np.exp(logs) / scale) ** 2 / FREEDOM))


def _part(axis: Array, density: Array, count: int) -> Array:
    """A finer axis over the part of this one whose density matters, a step more on either side."""
    kept = np.flatnonzero(density > density.max() - DEPTH)
    return np.linspace(axis[max(kept[0] - 1, 0)], axis[min(kept[-1] + 1, len(axis) - 1)], count)


def _stable(density: Array) -> Array:
    return np.asarray(density - density.max())


def given(fit: Fitted, whole: Smoothed, g: int, spread: float, houses: int) -> tuple[Array, Array, Array, Array]:
    """What is known if drift `g` of the fit and `spread` were true: mean and variance of the level on the days of `whole` (d,), of each house effect (houses,)."""
    width = spread**2
    known = width / (1 + width * fit.roots[g])  # variances of the house effects along the eigenvectors
    leaning = known * fit.turned[g]
    added = whole.level[:, g, 1:] @ fit.basis[g]  # what house effects take from the level, along the same
    axes = contrasts(houses) @ fit.basis[g]
    return whole.level[:, g, 0] - added @ leaning, whole.variance[:, g] + added**2 @ known, axes @ leaning, axes**2 @ known


def level_on(polls: Polls, fit: Fitted, drifts: Array, days: Array) -> Smoothed:
    """Level and regressors on the days, smoothed, for each drift of the fit (standard deviation of a year's change)."""
    daily = drifts**2 / YEAR
    return on_days(days, polls.days, daily, fit.run, smoothed(polls.days, daily, fit.run))


def _mixtures(polls: Polls, fit: Fitted, drifts: Array, spreads: Array, weights: Array, days: Array) -> tuple[Array, Array]:
    """Quantiles of the level on the days and of the house effects, over the points of the grid that weigh something."""
    whole = level_on(polls, fit, np.exp(drifts), days)
    heavy = np.argwhere(weights > LIGHT * weights.max())
    parts = [given(fit, whole, int(g), float(np.exp(spreads[k])), polls.houses) for g, k in heavy]
    level, variance, effect, error = (np.array(part) for part in zip(*parts, strict=True))
    share = weights[heavy[:, 0], heavy[:, 1]]
    path = mixture_quantiles(share, level, np.sqrt(variance))
    if polls.houses == 1:  # its effect is zero by definition
        return path, np.zeros((len(LEVELS), 1))
    return path, mixture_quantiles(share, effect, np.sqrt(error))


def _on_grid(logs: Array, weights: Array) -> Array:
    """Quantiles of a variable known by weights on a grid of its log, linear between the points."""
    inner = 0.5 * (weights[1:] + weights[:-1])
    below = np.concatenate([[0.0], np.cumsum(inner)]) / inner.sum()
    return np.asarray(np.exp(np.interp(LEVELS, below, logs)))
