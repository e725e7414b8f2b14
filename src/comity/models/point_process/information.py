"""How sure are the parameters of a fitted Hawkes process: the inverse of the observed information, decays included.

The information is one block a target, bordered by the decays that all share; its inverse follows from the blocks (Schur complement), so
that thirty dimensions cost thirty small inverses. Parameters held at zero have no place in it. Ogata (1978, Ann. Inst. Statist. Math. 30).
"""

from __future__ import annotations

import numpy as np

from comity.models.point_process.features import Engine
from comity.models.point_process.likelihood import targets
from comity.models.point_process.newton import Least
from comity.models.point_process.pattern import Covariates, Floats, Pattern
from comity.models.point_process.solve import Solution

STRIDE = 1e-5  # relative step of the difference of derivatives by the decay


def covariance(pattern: Pattern, solution: Solution, covariates: Covariates | None, engine: Engine) -> tuple[Floats, ...]:
    """Inverse observed information of each target's free parameters together with the decays (D blocks of 1+P+D·K+K); NaN for what is not free.

    Given decays count as known and their part is NaN, and so does a decay of which the data say nothing, as when nothing excites.
    """
    kinds = len(solution.decays)
    inner = [part.curvature(one.vector)[np.ix_(one.free, one.free)] for part, one in zip(solution.parts, solution.best, strict=True)]
    inverses = [_inverse(information) for information in inner]
    levers = [np.zeros((len(inverse), kinds)) for inverse in inverses]
    of_decays = np.full((kinds, kinds), np.nan)
    if not solution.given:
        borders, middle = _borders(pattern, solution, covariates, engine)
        levers = [inverse @ border for inverse, border in zip(inverses, borders, strict=True)]
        of_decays = _inverse(middle - sum((border.T @ lever for border, lever in zip(borders, levers, strict=True)), np.zeros((kinds, kinds))))
    return tuple(_block(one, inverse, lever, of_decays) for one, inverse, lever in zip(solution.best, inverses, levers, strict=True))


def _block(one: Least, inverse: Floats, lever: Floats, of_decays: Floats) -> Floats:
    """One target's block of the inverse; without an answer for the decays they count as known."""
    width, kinds = len(one.vector), len(of_decays)
    block = np.full((width + kinds, width + kinds), np.nan)
    own, tail = np.flatnonzero(one.free), np.arange(width, width + kinds)
    spread = np.nan_to_num(of_decays)
    block[np.ix_(own, own)] = inverse + lever @ spread @ lever.T
    block[np.ix_(own, tail)] = -lever @ of_decays
    block[np.ix_(tail, own)] = block[np.ix_(own, tail)].T
    block[np.ix_(tail, tail)] = of_decays
    return block


def _borders(pattern: Pattern, solution: Solution, covariates: Covariates | None, engine: Engine) -> tuple[list[Floats], Floats]:
    """Second derivatives of minus the log-likelihood by the decays: with each target's free parameters, and among the decays themselves.

    The latter are differences of the analytic derivative, the parameters held.
    """
    kinds, pairs = len(solution.decays), list(zip(solution.parts, solution.best, strict=True))
    borders = [part.across(one.vector, kinds)[one.free] for part, one in pairs]
    here = sum((part.by_decay(one.vector, kinds) for part, one in pairs), np.zeros(kinds))
    middle = np.zeros((kinds, kinds))
    for k, decay in enumerate(solution.decays):
        moved = solution.decays.copy()
        moved[k] += STRIDE * decay
        parts = targets(pattern, moved, covariates, slopes=True, engine=engine)
        there = sum((part.by_decay(one.vector, kinds) for part, one in zip(parts, solution.best, strict=True)), np.zeros(kinds))
        middle[k] = (there - here) / (STRIDE * decay)
    return borders, (middle + middle.T) / 2


def _inverse(information: Floats) -> Floats:
    """The inverse of an information matrix, NaN where it is not positive definite."""
    diagonal = np.diag(information)
    if not (diagonal > 0).all():
        return np.full_like(information, np.nan)
    scale = np.sqrt(diagonal)
    try:
        factor = np.linalg.cholesky(information / np.outer(scale, scale))
    except np.linalg.LinAlgError:
        return np.full_like(information, np.nan)
    half = np.linalg.solve(factor, np.diag(1 / scale))
    return np.asarray(half.T @ half)
