"""What may happen next: many futures of the self-exciting model, drawn day by day.

Every draw is a uniform number turned into a count by the inverse of the Poisson distribution, so that two scenarios run from the same
numbers differ only by what the scenario changes (common random numbers; Glasserman 2003, ch. 4.2; Law 2015, ch. 11). Days that are already
known are taken as they are; days not yet known, because a source reports late or its cover has ended, are drawn like the future. Runs may
belong to different members of a pool, or carry parameters drawn around a fit, so that what is unknown about them is in the spread.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from comity.models.provocations.act_series import Floats
from comity.models.provocations.self_exciting import ClassFit, Specification

Counts = npt.NDArray[np.int8]
Index = npt.NDArray[np.int64]
MOST = 6  # acts of one class on one day; under a rate of 1 a day the rest has a probability of 8 in 100,000
STABLE = 0.98  # drawn parameters must bring about fewer acts than there were, or a future would never end
TRIES = 200


@dataclass(frozen=True)
class Parameters:
    """Sets of parameters: `half_life` (sets,), `mu`, `alpha`, `gamma` (sets, classes), `beta` (sets, classes, p)."""

    half_life: Floats
    mu: Floats
    alpha: Floats
    gamma: Floats
    beta: Floats

    @property
    def decay(self) -> Floats:
        """What is left of an echo after a day, (sets, 1)."""
        return np.asarray(2.0 ** (-1.0 / self.half_life[:, None]))

    def branching(self) -> Floats:
        """Spectral radius of the matrix of direct offspring of each set, season and covariates at rest: α on the diagonal, γ beside it."""
        sets, classes = self.mu.shape
        matrix = np.broadcast_to(self.gamma[:, :, None], (sets, classes, classes)).copy()
        matrix[:, np.arange(classes), np.arange(classes)] = self.alpha
        return np.asarray(np.abs(np.linalg.eigvals(matrix)).max(axis=1))


def parameters(pool: list[tuple[Specification, list[ClassFit]]]) -> Parameters:
    """The parameters at the maximum, one set a member; members of fewer harmonics get zeros."""
    return _stacked([one.half_life for one, _ in pool], [np.stack([_padded(fit.theta, pool) for fit in fits]) for _, fits in pool])


def around(pool: list[tuple[Specification, list[ClassFit]]], draws: int, rng: np.random.Generator) -> Parameters:
    """`draws` sets for each member, from the normal approximation around its maximum; sets that would explode are drawn again."""
    half_lives, sets = [], []
    for one, fits in pool:
        roots = [root(fit.covariance) for fit in fits]
        kept: list[Floats] = []
        for _ in range(TRIES):
            drawn = np.stack([fit.theta + rng.standard_normal((draws, len(fit.theta))) @ half.T for fit, half in zip(fits, roots, strict=True)], axis=1)
            stable = _stacked([one.half_life] * draws, list(drawn)).branching() < STABLE
            kept += [_padded(theta, pool) for theta in drawn[stable]]
            if len(kept) >= draws:
                break
        kept += [np.stack([_padded(fit.theta, pool) for fit in fits])] * max(0, draws - len(kept))
        half_lives += [one.half_life] * draws
        sets += kept[:draws]
    return _stacked(half_lives, sets)


def _padded(theta: Floats, pool: list[tuple[Specification, list[ClassFit]]]) -> Floats:
    width = max(len(fit.theta) for _, fits in pool for fit in fits)
    return np.concatenate([theta, np.zeros((*theta.shape[:-1], width - theta.shape[-1]))], axis=-1)


def _stacked(half_lives: list[float], sets: list[Floats]) -> Parameters:
    theta = np.stack(sets)
    mu, alpha, gamma = (np.exp(theta[:, :, at]) for at in range(3))
    return Parameters(np.asarray(half_lives), mu, alpha, gamma, theta[:, :, 3:])


def root(covariance: Floats) -> Floats:
    """A matrix whose product with its transpose is the covariance; tiny negative eigenvalues count as zero."""
    values, vectors = np.linalg.eigh(covariance)
    return np.asarray(vectors * np.sqrt(np.clip(values, 0.0, None)))


def simulate(sets: Parameters, of: Index, echo: Floats, design: Floats, uniforms: Floats, given: Floats | None = None) -> tuple[Counts, Floats]:
    """Counts of each run, day and class, shape (runs, days, classes), and the echo after the last day, (runs, classes).

    `of` (runs,): the parameter set of each run. `echo` (runs, classes): before the first day. `design` (days, p). `uniforms` (days, runs,
    classes) in [0, 1). `given` (days, classes): known counts, NaN where unknown. Formula: R ← d·R + (1 − d)·n after each day.
    """
    days, runs, classes = uniforms.shape
    decay, mu = sets.decay[of], sets.mu[of]
    own, others = (sets.alpha - sets.gamma)[of], sets.gamma[of]
    scale = scales(sets, design)
    state = np.array(np.broadcast_to(echo, (runs, classes)))
    counts = np.zeros((days, runs, classes), dtype=np.int8)
    known = [given is not None and not bool(np.isnan(given[day]).all()) for day in range(days)]
    for day in range(days):
        rate = mu + own * state + others * state.sum(axis=1, keepdims=True)
        rate *= scale[of, day]
        today = poisson(rate, uniforms[day])
        if given is not None and known[day]:
            today = np.where(np.isnan(given[day]), today, given[day]).astype(np.int8)
        counts[day] = today
        state *= decay
        state += (1.0 - decay) * today
    return counts.transpose(1, 0, 2), state


def scales(sets: Parameters, design: Floats) -> Floats:
    """exp(x·β) for each set, day and class."""
    return np.asarray(np.exp(np.einsum("rcp,dp->rdc", sets.beta, design, optimize=True)))


def poisson(rate: Floats, uniform: Floats) -> Counts:
    """Poisson counts by inversion, cut at `MOST`: the smallest k whose distribution function exceeds the uniform number.

    >>> poisson(np.array([0.5, 0.5]), np.array([0.5, 0.95])).tolist()
    [0, 2]
    """
    none = np.exp(-rate)
    counts = (uniform >= none).astype(np.int8)
    some = np.flatnonzero(counts)
    left, term, drawn = rate.ravel()[some], none.ravel()[some], uniform.ravel()[some]
    reached, flat = term.copy(), counts.reshape(-1)
    for k in range(1, MOST):
        term = term * left / k
        reached = reached + term
        more = np.flatnonzero(drawn >= reached)
        if not len(more):
            break
        flat[some[more]] += 1
    return counts


def none_until(sets: Parameters, of: Index, echo: Floats, design: Floats) -> Floats:
    """Probability of no act of any class on any of the days, for each run, shape (runs,)."""
    return np.asarray(np.exp(-quiet_hazards(sets, of, echo, design).sum(axis=1)))


def quiet_hazards(sets: Parameters, of: Index, echo: Floats, design: Floats) -> Floats:
    """Intensity of each class summed over the days while nothing happens, (runs, classes), from the echo (runs, classes) before the first.

    While nothing happens the intensity is known: P(no act of any class) = exp(−Σ_t Σ_c λ_{t,c}) exactly; simulation must agree with it.
    """
    days = design.shape[-2]
    scale, decay = scales(sets, design), sets.decay
    faded = decay ** np.arange(days)[None, :]  # (sets, days)
    base = sets.mu * scale.sum(axis=1)
    echoing = np.einsum("sdc,sd->sc", scale, faded, optimize=True)
    echo = np.atleast_2d(echo)
    felt = (sets.alpha - sets.gamma)[of] * echo + sets.gamma[of] * echo.sum(axis=1, keepdims=True)
    return np.asarray(base[of] + echoing[of] * felt)
