"""Sets of parameters that the record allows, around the fit of every member: drawn from the normal approximation, then weighed by the posterior.

The normal approximation of log α has too long an upper tail: it holds processes that breed without end, which the days of the record rule out.
Sampling importance resampling (Rubin 1988, in Bayesian Statistics 3; Smith & Gelfand 1992, Am. Stat.) gives each candidate the weight
posterior / approximation. Of the resampled sets only those stay that bring about fewer acts than there were, over a year and its season.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import numpy.typing as npt

from comity.models.provocations.act_series import Floats
from comity.models.provocations.calendar_design import harmonics
from comity.models.provocations.pool import Pool
from comity.models.provocations.self_exciting import ALPHA_HIGHEST, ClassFit, Prior, prior_of
from comity.models.provocations.simulation import STABLE, Parameters, root

Single = npt.NDArray[np.float32]
CANDIDATES = 4  # for each set resampled
SPARE = 2  # sets resampled for each one wanted: some are not stable


def resampled(
    fit: ClassFit, counts: Floats, own: Floats, others: Floats, design: Floats, weights: Floats, ridge: float, wanted: int, rng: np.random.Generator
) -> Floats:
    """Parameters of one class, (wanted, 3 + p), drawn by sampling importance resampling; arguments as in `fit_class`."""
    used = weights > 0
    prior = prior_of(max(float(weights @ counts), 0.5) / max(float(weights.sum()), 1.0), design.shape[1], ridge)
    steps = rng.standard_normal((wanted * CANDIDATES, len(fit.theta)))
    drawn = fit.theta + steps @ root(fit.covariance).T
    log_weight = log_posterior(drawn, counts[used], own[used], others[used], design[used], weights[used], prior) + 0.5 * (steps**2).sum(axis=1)
    log_weight[(drawn[:, 1:3] > ALPHA_HIGHEST).any(axis=1)] = -np.inf
    if not np.isfinite(log_weight).any():
        return np.tile(fit.theta, (wanted, 1))
    weight = np.exp(log_weight - log_weight.max())
    return np.asarray(drawn[rng.choice(len(drawn), wanted, p=weight / weight.sum())])


def log_posterior(theta: Floats, counts: Floats, own: Floats, others: Floats, design: Floats, weights: Floats, prior: Prior) -> Floats:
    """Log posterior of many parameters (n, 3 + p) at once, constants left out; the sum of intensities in single precision, to about 0.01."""
    base = np.exp(theta[:, :3])
    raised: Single = np.exp(theta[:, 3:].astype(np.float32) @ design.T.astype(np.float32))
    parts = raised @ (weights[:, None] * np.column_stack([np.ones_like(own), own, others])).astype(np.float32)
    hit = counts > 0
    inner = base @ np.vstack([np.ones(int(hit.sum())), own[hit], others[hit]])
    told = (np.log(inner) + theta[:, 3:] @ design[hit].T) @ (weights[hit] * counts[hit])
    lean = 0.5 * ((theta - prior.centre) ** 2 @ prior.precision)
    return np.asarray(told - (base * parts).sum(axis=1) - lean, dtype=np.float64)


def stable_sets(drawn: list[list[Floats]], pool: Pool, first: date, covariates: int, wanted: int) -> Parameters:
    """`wanted` sets for each member from its classes' draws (each (n, 3 + p)): those whose yearly mean of offspring is below one, then its best fit."""
    width = max(len(fit.theta) for _, fits in pool for fit in fits)
    half_lives: list[float] = []
    kept: list[Floats] = []
    for (one, fits), classes in zip(pool, drawn, strict=True):
        sets = np.stack([_wide(theta, width) for theta in classes], axis=1)
        season = np.exp(np.einsum("scp,dp->sdc", sets[:, :, 3 + covariates :], harmonics(first, 365, (width - 3 - covariates) // 2))).mean(axis=1)
        stable = sets[offspring(sets, season) < STABLE][:wanted]
        best = np.stack([_wide(fit.theta, width) for fit in fits])
        kept += [*stable, *[best] * (wanted - len(stable))]
        half_lives += [one.half_life] * wanted
    theta = np.stack(kept)
    mu, alpha, gamma = (np.exp(theta[:, :, at]) for at in range(3))
    return Parameters(np.asarray(half_lives), mu, alpha, gamma, theta[:, :, 3:])


def offspring(sets: Floats, season: Floats) -> Floats:
    """Spectral radius of the matrix of direct offspring under the mean `season` (sets, classes) of each class, from sets (sets, classes, 3 + p)."""
    count, classes = season.shape
    matrix = np.broadcast_to(np.exp(sets[:, :, 2])[:, :, None], (count, classes, classes)).copy()
    matrix[:, np.arange(classes), np.arange(classes)] = np.exp(sets[:, :, 1])
    return np.asarray(np.abs(np.linalg.eigvals(matrix * season[:, :, None])).max(axis=1))


def first_of_each(sets: Parameters, members: int, wanted: int) -> Parameters:
    """The first `wanted` sets of each member."""
    each = len(sets.half_life) // members
    chosen = (np.arange(members)[:, None] * each + np.arange(min(wanted, each))).ravel()
    return replace(
        sets, half_life=sets.half_life[chosen], mu=sets.mu[chosen], alpha=sets.alpha[chosen], gamma=sets.gamma[chosen], beta=sets.beta[chosen]
    )  # fmt: skip


def _wide(theta: Floats, width: int) -> Floats:
    """Members of fewer waves are filled with zeros."""
    return np.concatenate([theta, np.zeros((*theta.shape[:-1], width - theta.shape[-1]))], axis=-1)
