"""A multivariate Hawkes process with exponential kernels: its parameters, what they mean, and its intensity at any moment.

λ_i(t) = μ_i · exp(x(t)·b_i) + Σ_{l: t_l < t} Σ_k α[i, m_l, k] · β_k · exp(−β_k (t − t_l)).

The convention: kernels are normalised, so that `alpha[i, j, k]` is the expected number of direct offspring in dimension i of one event in
dimension j through the kernel of decay β_k; rows are who is excited, columns who excites. Events at one time do not excite each other.
Hawkes (1971, Biometrika 58). It is a description of clustering; that one event causes another it cannot say.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from comity.models.point_process.features import Engine, decayed
from comity.models.point_process.pattern import Covariates, Floats, Pattern
from comity.vocab.errors import OutOfRange
from comity.vocab.text import Text, same


@dataclass(frozen=True, eq=False)
class HawkesModel:
    """Parameters of a Hawkes process of D dimensions, K decays and P covariates.

    `baseline` (D,), events per unit of time at covariates 0; `alpha` (D, D, K), or (D, D) for one decay: expected direct offspring in i per
    event of j; `decay` (K,), per unit of time: the mean delay of an offspring is 1/β; `effects` (D, P), log rate ratios of the baseline.
    Raises `OutOfRange` for negative or missing values and shapes that do not fit.

    >>> chain = HawkesModel(baseline=[0.2, 0.0], alpha=[[0.0, 0.0], [0.5, 0.0]], decay=1.0)  # the second follows the first
    >>> chain.rates().round(3).tolist(), chain.spectral_radius
    ([0.2, 0.1], 0.0)
    """

    baseline: Floats
    alpha: Floats
    decay: Floats
    effects: Floats = field(default_factory=lambda: np.zeros((0, 0)))

    def __post_init__(self) -> None:
        baseline, decay = _nonnegative("baseline", self.baseline), np.atleast_1d(_nonnegative("decay", self.decay))
        alpha = _nonnegative("alpha", self.alpha)
        alpha = alpha[:, :, None] if alpha.ndim == 2 else alpha
        size = len(baseline) if baseline.ndim == 1 else 0
        effects = np.asarray(self.effects, dtype=np.float64)
        effects = np.zeros((size, 0)) if effects.size == 0 else effects[:, None] if effects.ndim == 1 else effects
        _fits(size > 0 and decay.ndim == 1 and alpha.shape == (size, size, len(decay)), "alpha", alpha.shape, (size, size, decay.size))
        _fits(effects.ndim == 2 and len(effects) == size, "effects", effects.shape, (size, "P"))
        if not np.isfinite(effects).all():
            raise OutOfRange(_NOT_FINITE.format(name="effects"))
        if (decay <= 0).any():
            raise OutOfRange(_NO_DECAY)
        for name, value in (("baseline", baseline), ("alpha", alpha), ("decay", decay), ("effects", effects)):
            object.__setattr__(self, name, np.ascontiguousarray(value))

    @property
    def size(self) -> int:
        """The number of dimensions, D."""
        return len(self.baseline)

    @property
    def offspring(self) -> Floats:
        """Expected direct offspring in i per event of j, over all decays (D, D)."""
        return np.asarray(self.alpha.sum(axis=2))

    @property
    def spectral_radius(self) -> float:
        """The largest absolute eigenvalue of `offspring`; below 1 the process is stable."""
        return float(np.abs(np.linalg.eigvals(self.offspring)).max())

    def rates(self) -> Floats:
        """Long-run events per unit of time (D,) at covariates 0: (I − offspring)⁻¹ · baseline; `OutOfRange` when the process is not stable."""
        if self.spectral_radius >= 1:
            raise OutOfRange(_UNSTABLE.format(radius=f"{self.spectral_radius:.3g}"))
        return np.asarray(np.linalg.solve(np.eye(self.size) - self.offspring, self.baseline))

    def baseline_at(self, times: Floats, covariates: Covariates | None) -> Floats:
        """The baselines μ_i · exp(x(t)·b_i) at `times` (n,), shape (n, D)."""
        grid = self.grid(covariates)
        if grid is None:
            return np.broadcast_to(self.baseline, (len(times), self.size))
        return np.asarray(self.baseline * np.exp(grid.values[grid.cells(times)] @ self.effects.T))

    def grid(self, covariates: Covariates | None) -> Covariates | None:
        """The covariates, after checking that the model has an effect for each; None for a model without effects."""
        columns = 0 if covariates is None else covariates.values.shape[1]
        _fits(columns == self.effects.shape[1], "covariates", (columns,), (self.effects.shape[1],))
        return covariates if columns else None


def intensity(model: HawkesModel, pattern: Pattern, at: Any, covariates: Covariates | None = None, *, engine: Engine = "auto") -> Floats:
    """The conditional intensity λ_i(t), given the events before t, at the times `at` (n,) in any order; shape (n, D), events per unit of time."""
    times = np.asarray(at, dtype=np.float64)
    order = np.argsort(times, kind="stable")
    matching(model, pattern)
    if (grid := model.grid(covariates)) is not None and times.size:
        grid.widths(float(np.nextafter(times.min(), -np.inf)), float(times.max()))
    found, _ = decayed(pattern.times, pattern.marks, pattern.size, model.decay, times[order], order, engine=engine)
    weights = (model.alpha * model.decay).reshape(model.size, -1)
    return np.asarray(model.baseline_at(times, covariates) + found @ weights.T)


def matching(model: HawkesModel, pattern: Pattern) -> None:
    """Refuse a pattern of another number of dimensions than the model's with `OutOfRange`."""
    _fits(model.size == pattern.size, "pattern", (pattern.size,), (model.size,))


def _nonnegative(name: str, value: Any) -> Floats:
    array = np.asarray(value, dtype=np.float64)
    if not np.isfinite(array).all():
        raise OutOfRange(_NOT_FINITE.format(name=name))
    if (array < 0).any():
        raise OutOfRange(_NEGATIVE.format(name=name, value=f"{array.min():g}"))
    return array


def _fits(holds: bool, name: str, found: object, wanted: object) -> None:
    if not holds:
        raise OutOfRange(_SHAPE.format(name=same(name), found=found, wanted=wanted))


_NOT_FINITE = Text("A value of {name} is missing or not finite.", "{name}에 비어 있거나 유한하지 않은 값이 있다.")
_NEGATIVE = Text("No value of {name} may be negative; there is {value}.", "{name}의 값은 음수일 수 없다. 주어진 값: {value}.")
_NO_DECAY = Text("A decay must be above 0.", "감쇠율은 0보다 커야 한다.")
_SHAPE = Text("The shape of {name} is {found} and should be {wanted}.", "{name}의 모양이 {found}이다. {wanted}이어야 한다.")
_UNSTABLE = Text(
    "A process whose spectral radius is 1 or more has no long-run rate; it is {radius}.", "스펙트럼 반경이 1 이상이면 장기 평균 빈도가 없다. 현재 값: {radius}."
)
