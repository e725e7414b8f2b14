"""How likely are polls of several houses under a drifting opinion, if each house leans by a fixed amount of its own?

y_i = α(day_i) + δ(house_i) + ε_i on the logit scale, ε_i ~ N(0, v_i), α a random walk with a diffuse start, δ summing to zero over houses, each
house with equal weight, and otherwise N(0, spread²). The walk is left to the Kalman filter; the house effects are regression coefficients,
integrated out in closed form from its one-step errors, so that the likelihood is exact. A poll whose day is known only within a span of L days
may tell the level of any of them: its variance grows by drift · L/4. It does not say how far all houses together are off.
Jackman (2005, Australian Journal of Political Science 40); de Jong (1991, Annals of Statistics 19).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from comity.models.polling.local_level import Array, Filtered, filtered, slopes

YEAR = 365.25
DRIFT_BOUNDS = (0.003, 30.0)  # of the standard deviation of a year's drift: from nothing to all, on the logit scale
SPREAD_BOUNDS = (0.003, 3.0)  # of the standard deviation of house effects


@dataclass(frozen=True, slots=True)
class Polls:
    """Polls of one answer to one question in the order of their days: all columns of shape (n,).

    `days` since any day, `logit` and its sampling variance `noise`, `span` (days within which the poll's day is unknown; 0 where it is
    known), `house` (0 … houses−1).
    """

    days: Array
    logit: Array
    noise: Array
    span: Array
    house: NDArray[np.int64]
    houses: int

    @property
    def columns(self) -> Array:
        """The logits and, for each independent contrast of houses, what it adds to each poll: shape (n, houses)."""
        return np.column_stack([self.logit, contrasts(self.houses)[self.house]])

    @property
    def by_drift(self) -> Array:
        """What a drift of variance 1 a day adds to the variance of each poll: the mean distance of a day in its span from the middle."""
        return self.span / 4

    def noises(self, drift: Array) -> Array:
        """Variances of the polls for each drift variance a day (g,): shape (n, g)."""
        return np.asarray(self.noise[:, None] + self.by_drift[:, None] * drift)


@dataclass(frozen=True, slots=True)
class Fitted:
    """The filter's run for g drifts and what it says of the house effects.

    `squares` (g, m, m) are the sums of squares and products of the scaled one-step errors; `roots` (g, m−1) and `turned` (g, m−1) their
    regressors' eigenvalues and the observations' products in that basis; `basis` (g, m−1, m−1); `constant` (g,).
    """

    run: Filtered
    squares: Array
    roots: Array
    basis: Array
    turned: Array
    constant: Array


def contrasts(houses: int) -> Array:
    """An orthonormal basis of what sums to zero over the houses: shape (houses, houses − 1)."""
    basis = np.zeros((houses, houses - 1))
    for at in range(1, houses):
        basis[:at, at - 1], basis[at, at - 1] = -1.0, at
    return np.asarray(basis / np.sqrt((basis**2).sum(axis=0)))


def fitted(polls: Polls, drifts: Array) -> Fitted:
    """Run the filter for each drift (standard deviation of a year's change, shape (g,)) and reduce its errors to sums."""
    daily = drifts**2 / YEAR
    run = filtered(polls.days, polls.columns, polls.noises(daily), daily)
    scaled = np.moveaxis(run.surprise / np.sqrt(run.scale)[:, :, None], 0, 1)
    squares = np.swapaxes(scaled, 1, 2) @ scaled
    roots, basis = np.linalg.eigh(squares[:, 1:, 1:])
    turned = np.einsum("gji,gj->gi", basis, squares[:, 1:, 0])
    constant = -0.5 * (np.log(2 * np.pi) * len(run.scale) + np.log(run.scale).sum(axis=0))
    return Fitted(run, squares, np.maximum(roots, 0.0), basis, turned, constant)


def log_likelihood(fit: Fitted, spreads: Array) -> Array:
    """Log-likelihood for each drift of `fit` and each spread of house effects: shape (g, k).

    It is the density of all differences of the logits (the diffuse likelihood: the level's start takes one measurement), house effects
    integrated out: −½[(n−1) log 2π + Σ log F + log|I + τ²S| + y'y − s'(S + I/τ²)⁻¹s] with sums over scaled one-step errors.
    """
    roots, turned = fit.roots[:, None, :], fit.turned[:, None, :]
    widths = (spreads**2)[None, :, None]
    explained = (turned**2 * widths / (1 + widths * roots)).sum(axis=2)
    return np.asarray(fit.constant[:, None] - 0.5 * (np.log1p(widths * roots).sum(axis=2) + fit.squares[:, :1, 0] - explained))


def gradient(polls: Polls, log_drift: float, log_spread: float) -> tuple[float, Array]:
    """Log-likelihood and its derivatives by the logs of drift and spread, exact."""
    drift, width = float(np.exp(log_drift)), float(np.exp(2 * log_spread))
    fit = fitted(polls, np.array([drift]))
    value = float(log_likelihood(fit, np.array([np.exp(log_spread)]))[0, 0])
    roots, basis = fit.roots[0], fit.basis[0]
    inverse = (basis * (width / (1 + width * roots))) @ basis.T  # (S + I/τ²)⁻¹
    effect = inverse @ fit.squares[0, 1:, 0]
    by_surprise, by_scale = slopes(polls.days, polls.noises(np.array([drift**2 / YEAR])), polls.by_drift, fit.run)
    surprise, scale = fit.run.surprise[:, 0], fit.run.scale[:, 0]
    products = (by_surprise[:, 0] / scale[:, None]).T @ surprise
    by_squares = products + products.T - (surprise * (by_scale[:, 0] / scale**2)[:, None]).T @ surprise
    residual = np.concatenate([[1.0], -effect])
    by_variance = -0.5 * ((by_scale[:, 0] / scale).sum() + np.sum(inverse * by_squares[1:, 1:]) + residual @ by_squares @ residual)
    by_spread = -(len(effect) - np.trace(inverse) / width - effect @ effect / width)
    return value, np.array([by_variance * 2 * drift**2 / YEAR, by_spread])


def maximum(polls: Polls, start: tuple[float, float]) -> tuple[float, float, float]:
    """Drift, spread and log-likelihood at the maximum, climbed to from `start` (drift, spread) within the bounds."""
    from scipy.optimize import minimize

    def fall(at: Array) -> tuple[float, Array]:
        value, slope = gradient(polls, float(at[0]), float(at[1]))
        return -value, -slope

    bounds = [tuple(np.log(DRIFT_BOUNDS)), tuple(np.log(SPREAD_BOUNDS))]
    found = minimize(fall, np.log(start), jac=True, method="L-BFGS-B", bounds=bounds, options={"ftol": 1e-12, "gtol": 1e-7})
    drift, spread = np.exp(found.x)
    return float(drift), float(spread), -float(found.fun)
