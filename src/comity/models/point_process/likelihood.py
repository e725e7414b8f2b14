"""How likely are the events seen, given a Hawkes process: log-likelihood, gradient and curvature, one target dimension at a time.

log L = Σ_i [ Σ_{events of i} log λ_i(t) − ∫ λ_i ] over the window. Given the decays it falls apart into one problem a target, each concave
without covariates (Ogata 1981, IEEE Trans. Inf. Theory 27; Ozaki 1979, Ann. Inst. Statist. Math. 31; Bacry, Mastromatteo & Muzy 2015, Market
Microstructure and Liquidity 1). A target's parameters stand as one vector: its baseline, its P effects, its D·K excitations (column j·K + k).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from comity.models.point_process.features import Engine, decayed, exposure, exposure_slope
from comity.models.point_process.model import HawkesModel, matching
from comity.models.point_process.pattern import Covariates, Floats, Integers, Pattern

EMPTY: Floats = np.zeros((0, 0))
PIECE = 250_000  # multiplications


@dataclass(frozen=True, eq=False)
class Target:
    """What one target's likelihood needs: n events, q excitations, P effects, m cells of the grid (one when there are no covariates).

    `excited` (n, q): derivative of the intensity at each event by each excitation; `exposed` (q,): of its integral. `at_events` (n, P) and
    `cells` (m, P): covariates; `widths` (m,): time in each cell. `slopes` (n, q) and `exposed_slope` (q,): derivatives of the first two by the decays, when asked.
    """

    excited: Floats
    exposed: Floats
    at_events: Floats
    cells: Floats
    widths: Floats
    slopes: Floats
    exposed_slope: Floats

    @property
    def effects(self) -> int:
        """The number of covariates, P."""
        return int(self.cells.shape[1])

    def value(self, vector: Floats) -> float:
        """Minus the log-likelihood; infinite where an event has no intensity."""
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            intensity, _, integral = self._intensity(vector)
            found = float(integral - np.log(intensity).sum())
        return found if np.isfinite(found) else np.inf

    def gradient(self, vector: Floats) -> Floats:
        """Derivative of `value` by the vector."""
        intensity, base, _ = self._intensity(vector)
        weight, grown = 1 / intensity, self._grown(vector)
        weighted = weight * base
        by_effects = vector[0] * (grown @ self.cells - weighted @ self.at_events)
        return np.concatenate(([grown.sum() - weighted.sum()], by_effects, self.exposed - weight @ self.excited))

    def curvature(self, vector: Floats) -> Floats:
        """Second derivative of `value`: the observed information of the target's own parameters, given the decays."""
        intensity, base, _ = self._intensity(vector)
        level, own = vector[0], slice(1, 1 + self.effects)
        rows = np.empty((len(intensity), len(vector)))
        np.divide(base, intensity, out=rows[:, 0])
        np.multiply(level * rows[:, :1], self.at_events, out=rows[:, own])
        np.multiply((1 / intensity)[:, None], self.excited, out=rows[:, 1 + self.effects :])
        found = _crossed(rows)
        share, grown = rows[:, 0], self._grown(vector)
        mixed = grown @ self.cells - share @ self.at_events
        found[0, own] += mixed
        found[own, 0] += mixed
        found[own, own] += level * ((self.cells.T * grown) @ self.cells - (self.at_events.T * share) @ self.at_events)
        return found

    def by_decay(self, vector: Floats, kinds: int) -> Floats:
        """Derivative of `value` by each of the decays (K,), the vector held."""
        intensity, _, _ = self._intensity(vector)
        excitation = vector[1 + self.effects :]
        columns = (1 / intensity) @ self.slopes
        return np.asarray((excitation * (self.exposed_slope - columns)).reshape(-1, kinds).sum(axis=0))

    def across(self, vector: Floats, kinds: int) -> Floats:
        """Second derivative of `value` by the vector and by each of the decays (1 + P + q, K)."""
        intensity, base, _ = self._intensity(vector)
        excitation = vector[1 + self.effects :]
        found = np.zeros((len(vector), kinds))
        column = np.arange(len(excitation))
        found[1 + self.effects + column, column % kinds] = self.exposed_slope - (1 / intensity) @ self.slopes
        for k in range(kinds):  # vector by matrix: a matrix product this narrow would be spread over threads at a loss
            moved = (self.slopes[:, k::kinds] @ excitation[k::kinds]) / intensity**2
            found[0, k] += base @ moved
            found[1 : 1 + self.effects, k] += vector[0] * ((base * moved) @ self.at_events)
            found[1 + self.effects :, k] += moved @ self.excited
        return found

    def _grown(self, vector: Floats) -> Floats:
        return np.asarray(self.widths * np.exp(self.cells @ vector[1 : 1 + self.effects])) if self.effects else self.widths

    def _intensity(self, vector: Floats) -> tuple[Floats, Floats, float]:
        """Intensity and relative baseline at the events, and the integral of the intensity."""
        effects = self.effects
        base = np.exp(self.at_events @ vector[1 : 1 + effects]) if effects else np.ones(len(self.excited))
        excitation = vector[1 + effects :]
        intensity = vector[0] * base + self.excited @ excitation
        return intensity, base, float(vector[0] * self._grown(vector).sum() + self.exposed @ excitation)


def _crossed(rows: Floats) -> Floats:
    """`rows.T @ rows`, in pieces small enough that the linear algebra does not spread each over threads, which costs more than it saves."""
    piece = PIECE // rows.shape[1] ** 2
    whole = len(rows) // piece * piece if piece else 0
    found = rows[whole:].T @ rows[whole:]
    if whole:
        pieces = rows[:whole].reshape(-1, piece, rows.shape[1])
        found += (pieces.transpose(0, 2, 1) @ pieces).sum(axis=0)
    return np.asarray(found)


def targets(pattern: Pattern, decays: Floats, covariates: Covariates | None = None, *, slopes: bool = False, engine: Engine = "auto") -> list[Target]:
    """The problems into which the likelihood falls apart, one a dimension; `slopes` prepares derivatives by the decays too."""
    first = pattern.first
    times = pattern.times[first:]
    order = pattern.grouped
    rows = np.empty_like(order)
    rows[order] = np.arange(len(order))
    counts, delays = decayed(pattern.times, pattern.marks, pattern.size, decays, times, rows, delays=slopes, engine=engine)
    by_column = np.tile(decays, pattern.size)
    if slopes:
        delays *= by_column
        np.subtract(counts, delays, out=delays)
    counts *= by_column
    seen = (pattern.times, pattern.marks, pattern.size, decays, pattern.start, pattern.end)
    exposed, exposed_slope = exposure(*seen), exposure_slope(*seen) if slopes else EMPTY
    cells = EMPTY.reshape(1, 0) if covariates is None else covariates.values
    widths = np.array([pattern.end - pattern.start]) if covariates is None else covariates.widths(pattern.start, pattern.end)
    at_events = np.zeros((len(times), 0)) if covariates is None else covariates.values[covariates.cells(times[order])]
    edges = np.concatenate(([0], np.cumsum(pattern.counts)))
    return [Target(counts[low:high], exposed, at_events[low:high], cells, widths, delays[low:high], exposed_slope) for low, high in pairwise(edges)]


def vectors(model: HawkesModel) -> Floats:
    """The parameters of a model as one row a target (D, 1 + P + D·K)."""
    return np.hstack([model.baseline[:, None], model.effects, model.alpha.reshape(model.size, -1)])


def model_of(rows: Floats, decays: Floats, effects: int) -> HawkesModel:
    """The model whose parameters `vectors` would give."""
    size = len(rows)
    return HawkesModel(rows[:, 0], rows[:, 1 + effects :].reshape(size, size, len(decays)), decays, rows[:, 1 : 1 + effects])


def log_likelihood(model: HawkesModel, pattern: Pattern, covariates: Covariates | None = None, *, engine: Engine = "auto") -> float:
    """The log-likelihood of the events within the window, given the history before it, in nats; −inf where an event was impossible.

    >>> from comity.models.hawkes import HawkesModel, Pattern
    >>> poisson = HawkesModel(baseline=[0.5], alpha=[[0.0]], decay=1.0)
    >>> round(log_likelihood(poisson, Pattern(times=[1.0, 2.5], marks=[0, 0], size=1, end=10.0)), 4)  # 2 log 0.5 − 5
    -6.3863
    """
    matching(model, pattern)
    parts = targets(pattern, model.decay, model.grid(covariates), engine=engine)
    return -sum(part.value(row) for part, row in zip(parts, vectors(model), strict=True))


def score(model: HawkesModel, pattern: Pattern, covariates: Covariates | None = None, *, engine: Engine = "auto") -> tuple[Floats, Floats]:
    """Gradient of the log-likelihood: by each target's parameters (D, 1 + P + D·K), as `vectors` orders them, and by the decays (K,)."""
    matching(model, pattern)
    parts = targets(pattern, model.decay, model.grid(covariates), slopes=True, engine=engine)
    rows = vectors(model)
    own = np.stack([part.gradient(row) for part, row in zip(parts, rows, strict=True)])
    return -own, -sum((part.by_decay(row, len(model.decay)) for part, row in zip(parts, rows, strict=True)), np.zeros(len(model.decay)))


def compensators(model: HawkesModel, pattern: Pattern, covariates: Covariates | None = None, *, engine: Engine = "auto") -> tuple[list[Floats], Floats]:
    """Λ_i at each event of i within the window, counted from `start`, a list of (n_i,); and Λ_i over the whole window (D,).

    Λ_i(t) = μ_i ∫ exp(x·b_i) + Σ_jk α_ijk [N_j(t−) + R_jk(start) − R_jk(t−)], N the events within the window and R those of `features`.
    """
    matching(model, pattern)
    grid, first, size, kinds = model.grid(covariates), pattern.first, model.size, len(model.decay)
    times, marks = pattern.times[first:], pattern.marks[first:]
    at_start = np.exp(-(pattern.start - pattern.times[:first, None]) * model.decay)
    begun = np.stack([np.bincount(pattern.marks[:first], at_start[:, k], size) for k in range(kinds)], axis=1).ravel()
    counts, _ = decayed(pattern.times, pattern.marks, size, model.decay, times, np.arange(len(times)), engine=engine)
    base = _integrated(model, grid, np.concatenate((times, [pattern.end])), pattern.start)
    whole = base[-1] + model.alpha.reshape(size, -1) @ exposure(pattern.times, pattern.marks, size, model.decay, pattern.start, pattern.end)
    before = _counted_before(times, marks, size)
    found = []
    for i in range(size):
        own = marks == i
        excitation = np.repeat(before[own], kinds, axis=1) + begun - counts[own]
        found.append(base[:-1][own, i] + excitation @ model.alpha[i].ravel())
    return found, whole


def _counted_before(times: Floats, marks: Integers, size: int) -> Floats:
    """N_j(t−) for each event (n, D): events strictly before it."""
    counted = np.zeros((len(times) + 1, size))
    counted[np.arange(1, len(times) + 1), marks] = 1.0
    return np.asarray(np.cumsum(counted, axis=0)[np.searchsorted(times, times, side="left")])


def _integrated(model: HawkesModel, grid: Covariates | None, until: Floats, start: float) -> Floats:
    """∫ of the baselines from `start` to each time (n, D)."""
    if grid is None:
        return np.asarray((until - start)[:, None] * model.baseline)
    levels = model.baseline * np.exp(grid.values @ model.effects.T)
    whole = np.vstack([np.zeros(model.size), np.cumsum(levels * grid.widths(start, float(until[-1]))[:, None], axis=0)])
    cell = grid.cells(until)
    return np.asarray(whole[cell] + levels[cell] * (until - np.maximum(grid.edges[cell], start))[:, None])
