"""The least value of a smooth function over parameters some of which may not fall below zero, by Newton steps on those that are free.

Projected Newton with an active set (Bertsekas 1982, SIAM J. Control Optim. 20). The end is certified by the Newton decrement, twice the
log-likelihood still to be gained, so that a stop short of the optimum is told and not passed over in silence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from comity.models.point_process.pattern import Floats

Flags = npt.NDArray[np.bool_]
ENOUGH = 1e-10
STEPS = 200


class Smooth(Protocol):
    """A function with gradient and curvature."""

    def value(self, vector: Floats) -> float:
        """The value; infinite outside the domain."""

    def gradient(self, vector: Floats) -> Floats:
        """Its first derivative."""

    def curvature(self, vector: Floats) -> Floats:
        """Its second derivative."""


@dataclass(frozen=True, eq=False)
class Least:
    """Where the least value is, the value, whether that is certain, and which parameters are free, that is not held at zero."""

    vector: Floats
    value: float
    found: bool
    free: Flags


def least(function: Smooth, start: Floats, bounded: Flags) -> Least:
    """Minimise from `start` (p,); those `bounded` (p,) stay at zero or above."""
    vector, value = start, function.value(start)
    free = np.ones(len(start), dtype=bool)
    for _ in range(STEPS):
        slope = function.gradient(vector)
        free = ~(bounded & (vector <= 0) & (slope >= 0))
        step = np.zeros(len(vector))
        step[free] = _step(_curved(function.curvature(vector), slope, vector)[np.ix_(free, free)], slope[free])
        if -(slope @ step) < ENOUGH:
            return Least(vector, value, True, free)
        moved = _searched(function, vector, value, slope, step, bounded)
        if moved is None:
            break
        vector, value = moved
    return Least(vector, value, False, free)


def _curved(curvature: Floats, slope: Floats, vector: Floats) -> Floats:
    """The curvature with something on the diagonal where there is none, such that the step there leads to zero."""
    diagonal = np.diag(curvature)
    return np.asarray(curvature + np.diag(np.where(diagonal == 0, np.abs(slope) / np.maximum(np.abs(vector), 1e-12) + 1e-12, 0.0)))


def _step(curvature: Floats, slope: Floats) -> Floats:
    """−H⁻¹g, H scaled to a unit diagonal and lifted until it is positive definite."""
    scale = np.sqrt(np.abs(np.diag(curvature)))
    scaled, lift = curvature / np.outer(scale, scale), 1e-12
    while True:
        try:
            factor = np.linalg.cholesky(scaled + lift * np.eye(len(slope)))
            break
        except np.linalg.LinAlgError:
            lift *= 100
    return np.asarray(-np.linalg.solve(factor.T, np.linalg.solve(factor, slope / scale)) / scale)


def _searched(function: Smooth, vector: Floats, value: float, slope: Floats, step: Floats, bounded: Flags) -> tuple[Floats, float] | None:
    """The first point of a halving line search along the projected step that gains enough; None when none does."""
    size, blur = 1.0, 1e-13 * abs(value)
    while size > 1e-12:
        tried = vector + size * step
        tried[bounded] = np.maximum(tried[bounded], 0.0)
        found = function.value(tried)
        if found <= value + 1e-4 * (slope @ (tried - vector)) + blur:
            return tried, found
        size /= 2
    return None
