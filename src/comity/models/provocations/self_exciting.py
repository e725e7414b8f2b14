"""The self-exciting model of provocations in days: what it is, how likely the data are under it, and how it is fitted.

Class c has on day t a Poisson count with the intensity

    λ_{t,c} = exp(x_t·β_c) · (μ_c + α_c R_{t,c} + γ_c Σ_{j≠c} R_{t,j}),    R_{t,j} = Σ_{s<t} n_{s,j} (1−d) d^{t−s−1},    d = 2^{−1/h}:

a base rate, the echo of own and of other acts that halves every h days, and season and covariates that raise or damp the whole. The kernel
sums to one, so that α is the number of acts that one act brings about directly while x·β = 0. It is the Hawkes process at the resolution of
the data (Hawkes 1971, Biometrika; Ogata 1988, JASA; as a Poisson autoregression: Fokianos, Rahbek & Tjøstheim 2009, JASA). Older days may
weigh less (half-life `memory`), for arsenals and leaders change. It describes and forecasts; it says nothing of causes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from comity.models.provocations.act_series import Floats

LOWEST, HIGHEST = -12.0, 3.0  # of log μ; a rate of one in 160,000 days or of twenty a day is outside every series
ALPHA_LOWEST, ALPHA_HIGHEST = -9.0, -0.05  # of log α: an act brings about less than one of its own kind (0.95), or there would be no end
MEDIANS = (0.4, 0.3, 0.05)  # of the priors: μ as a share of the class's mean rate, α, and γ (an act seldom answers one of another kind)
LOG_SDS = (1.0, 1.5, 1.5)  # a factor of three, four and a half, and four and a half either way is nothing unusual


@dataclass(frozen=True, slots=True)
class Specification:
    """One member of the family: `half_life` of the echo in days, pairs of yearly `harmonics`, half-life of `memory` in days (None: all days alike)."""

    half_life: float = 30.0
    harmonics: int = 2
    memory: float | None = None
    ridge: float = 2.0
    """Precision of the normal prior of each β: a standard deviation of 0.7, so a factor of two either way is nothing unusual."""


@dataclass(frozen=True)
class ClassFit:
    """Parameters of one class, at the maximum of the penalised likelihood, with their covariance (order: log μ, log α, log γ, β)."""

    mu: float
    alpha: float
    gamma: float
    beta: Floats
    covariance: Floats
    log_likelihood: float
    acts: float

    @property
    def theta(self) -> Floats:
        """The parameters as one vector."""
        return np.concatenate([[np.log(self.mu), np.log(self.alpha), np.log(self.gamma)], self.beta])


def echoes(counts: Floats, half_life: float) -> Floats:
    """Echo before each day, and before the day after the last: shape (days + 1, classes), in acts a day.

    >>> echoes(np.array([[1.0], [0.0], [0.0]]), 1.0).ravel().tolist()
    [0.0, 0.5, 0.25, 0.125]
    """
    from scipy.signal import lfilter

    decay = 2.0 ** (-1.0 / half_life)
    padded = np.vstack([np.zeros((1, counts.shape[1])), counts])
    return np.asarray(lfilter([1.0 - decay], [1.0, -decay], padded, axis=0), dtype=np.float64)


def intensity(theta: Floats, own: Floats, others: Floats, design: Floats) -> Floats:
    """Acts a day under parameters (log μ, log α, log γ, β), from echoes (days,) and a design (days, p)."""
    return np.asarray(np.exp(design @ theta[3:]) * (np.exp(theta[0]) + np.exp(theta[1]) * own + np.exp(theta[2]) * others))


@dataclass(frozen=True, slots=True)
class Prior:
    """Independent normal priors of log μ, log α, log γ and β: their centres and precisions, each (3 + p,)."""

    centre: Floats
    precision: Floats


def prior_of(rate: float, coefficients: int, ridge: float) -> Prior:
    """The weak prior of a class with `rate` acts a day and `coefficients` of season and covariates of precision `ridge`."""
    centre = np.log([MEDIANS[0] * rate, MEDIANS[1], MEDIANS[2]])
    return Prior(np.concatenate([centre, np.zeros(coefficients)]), np.concatenate([np.array(LOG_SDS) ** -2.0, np.full(coefficients, ridge)]))


def negative_log_posterior(theta: Floats, counts: Floats, own: Floats, others: Floats, design: Floats, weights: Floats, prior: Prior) -> tuple[float, Floats]:
    """Minus the weighted log-likelihood (constants left out) and log prior, with its gradient."""
    mu, alpha, gamma = np.exp(theta[:3])
    scale = np.exp(design @ theta[3:])
    inner = mu + alpha * own + gamma * others
    rate = scale * inner
    residual = weights * (counts / rate - 1.0)
    lean = prior.precision * (theta - prior.centre)
    value = -float(np.sum(weights * (counts * np.log(rate) - rate))) + 0.5 * float(lean @ (theta - prior.centre))
    pulled = residual * scale
    slope = np.concatenate([[mu * pulled.sum(), alpha * (pulled @ own), gamma * (pulled @ others)], (residual * rate) @ design])
    return value, lean - slope


def scores_by_day(theta: Floats, counts: Floats, own: Floats, others: Floats, design: Floats) -> Floats:
    """Slope of each day's log-likelihood, shape (days, 3 + p); their sum is that of `log_likelihood`."""
    parts = np.exp(theta[:3]) * np.column_stack([np.ones_like(own), own, others])
    inner = parts.sum(axis=1)
    residual = counts - np.exp(design @ theta[3:]) * inner
    return np.column_stack([parts * (residual / inner)[:, None], design * residual[:, None]])


def log_likelihood(theta: Floats, counts: Floats, own: Floats, others: Floats, design: Floats) -> float:
    """Log-likelihood of the counts, constants included: Σ n log λ − λ − log n!."""
    from scipy.special import gammaln

    rate = intensity(theta, own, others, design)
    return float(np.sum(counts * np.log(rate) - rate - gammaln(counts + 1.0)))


def fit_class(counts: Floats, own: Floats, others: Floats, design: Floats, weights: Floats, *, ridge: float = 2.0, start: Floats | None = None) -> ClassFit:
    """Fit one class to its daily counts (days,) given echoes (days,), design (days, p) and weights (days,; 0 where not covered).

    Days of no weight are unknown and tell nothing. Priors as in `prior_of`. The covariance is the inverse of the observed information at the
    maximum (a Laplace approximation).
    """
    from scipy.optimize import minimize

    used = weights > 0
    counts, own, others, design, weights = counts[used], own[used], others[used], design[used], weights[used]
    prior = prior_of(max(float(weights @ counts), 0.5) / max(float(weights.sum()), 1.0), design.shape[1], ridge)
    bounds = [(LOWEST, HIGHEST), *[(ALPHA_LOWEST, ALPHA_HIGHEST)] * 2, *[(-5.0, 5.0)] * design.shape[1]]
    arguments = (counts, own, others, design, weights, prior)
    first = prior.centre if start is None else start
    found = minimize(negative_log_posterior, first, args=arguments, jac=True, method="L-BFGS-B", bounds=bounds)
    theta = np.asarray(found.x, dtype=np.float64)
    covariance = np.asarray(np.linalg.pinv(information(theta, *arguments), hermitian=True), dtype=np.float64)
    likelihood = log_likelihood(theta, counts, own, others, design)
    mu, alpha, gamma = (float(value) for value in np.exp(theta[:3]))
    return ClassFit(mu, alpha, gamma, theta[3:], covariance, likelihood, float(counts.sum()))


def information(theta: Floats, counts: Floats, own: Floats, others: Floats, design: Floats, weights: Floats, prior: Prior) -> Floats:
    """Observed information of the posterior: the matrix of second derivatives of `negative_log_posterior` in closed form, shape (3 + p, 3 + p)."""
    parts = np.exp(theta[:3])[:, None] * np.vstack([np.ones_like(own), own, others])
    inner = parts.sum(axis=0)
    rate, shares = np.exp(design @ theta[3:]) * inner, parts / inner
    size = len(theta)
    curved = np.zeros((size, size))
    curved[:3, :3] = (shares * (weights * counts)) @ shares.T - np.diag(shares @ (weights * (counts - rate)))
    curved[:3, 3:] = (shares * (weights * rate)) @ design
    curved[3:, :3] = curved[:3, 3:].T
    curved[3:, 3:] = (design.T * (weights * rate)) @ design
    return np.asarray(curved + np.diag(prior.precision))
