"""Draw the future, or a whole history, of a Hawkes process by its branching structure.

Immigrants come from the baseline; each event has Poisson many offspring at exponential delays, generation after generation (Hawkes & Oakes
1974, J. Appl. Prob. 11). Generations are drawn at once: the offspring of all events of a dimension together are Poisson, and each picks
its parent at random, which is the same law. What already happened excites on: exponential kernels forget all but the decayed sums.
"""

from __future__ import annotations

import numpy as np

from comity.models.point_process.features import exposure
from comity.models.point_process.model import HawkesModel, matching
from comity.models.point_process.pattern import Covariates, Floats, Integers, Pattern
from comity.vocab.errors import Runaway
from comity.vocab.text import Text


def simulate(
    model: HawkesModel,
    *,
    end: float,
    seed: int | np.random.Generator,
    start: float = 0.0,
    history: Pattern | None = None,
    covariates: Covariates | None = None,
    limit: int = 50_000_000,
) -> Pattern:
    """Events on (start, end], after a `history` if there is one; the answer holds the history before them, as a `Pattern` of that window.

    Only events of `history` up to `start` enter, wherever its own window lay. The same seed gives the same events. Raises `Runaway` when
    more than `limit` events come, as from an unstable process over a long window; the limit is looked at once a generation.

    >>> chain = HawkesModel(baseline=[1.0, 0.0], alpha=[[0.0, 0.0], [0.5, 0.0]], decay=2.0)
    >>> simulate(chain, end=10_000.0, seed=1).counts.tolist()
    [10003, 5040]
    """
    rng, size = np.random.default_rng(seed), model.size
    past = _past(model, history, start, end)
    times, counts = _immigrants(model, past, covariates, rng)
    every, kinds, total = [times], [counts], len(times)
    while len(times):
        times, counts = _offspring(model, times, counts, end, rng, limit - total)
        every.append(times)
        kinds.append(counts)
        total += len(times)
    found = np.concatenate(every)
    marks = np.concatenate([np.repeat(np.arange(size), count) for count in kinds])
    order = np.argsort(found)
    return Pattern(np.concatenate((past.times, found[order])), np.concatenate((past.marks, marks[order])), size, end=end, start=start)


def _past(model: HawkesModel, history: Pattern | None, start: float, end: float) -> Pattern:
    """The history up to `start`, as a pattern of the new window."""
    if history is None:
        return Pattern(np.zeros(0), np.zeros(0, dtype=np.int64), model.size, end=end, start=start)
    matching(model, history)
    kept = int(np.searchsorted(history.times, start, side="right"))
    return Pattern(history.times[:kept], history.marks[:kept], model.size, end=end, start=start)


def _immigrants(model: HawkesModel, past: Pattern, covariates: Covariates | None, rng: np.random.Generator) -> tuple[Floats, Integers]:
    """Events of the baseline and direct offspring of the past, those of dimension 0 first; how many of each dimension."""
    grid, start, end = model.grid(covariates), past.start, past.end
    edges = np.array([start, end]) if grid is None else np.clip(grid.edges, start, end)
    levels = np.ones((1, model.size)) if grid is None else np.exp(grid.values @ model.effects.T)
    widths = np.array([end - start]) if grid is None else grid.widths(start, end)
    expected = (model.baseline * levels * widths[:, None]).T
    fresh = rng.poisson(expected)
    cell = np.tile(np.arange(len(widths)), model.size)
    begun = np.repeat(edges[:-1][cell], fresh.ravel()) + rng.random(int(fresh.sum())) * np.repeat(widths[cell], fresh.ravel())
    waiting = exposure(past.times, past.marks, model.size, model.decay, start, end).reshape(model.size, -1)
    born = rng.poisson(model.alpha * waiting)
    decays = np.repeat(np.tile(model.decay, model.size**2), born.ravel())
    # Given that it comes within the window, a delay is exponential cut at the window's length.
    share = rng.random(len(decays)) * -np.expm1(-decays * (end - start))
    later = start - np.log1p(-share) / decays
    counts = fresh.sum(axis=1), born.sum(axis=(1, 2))
    owner = np.concatenate([np.repeat(np.arange(model.size), count) for count in counts])
    order = np.argsort(owner, kind="stable")
    return np.minimum(np.concatenate((begun, later))[order], end), counts[0] + counts[1]


def _offspring(model: HawkesModel, times: Floats, counts: Integers, end: float, rng: np.random.Generator, room: int) -> tuple[Floats, Integers]:
    """The next generation within the window: times grouped by dimension, and how many of each."""
    size, kinds = model.size, len(model.decay)
    born = rng.poisson(model.alpha * counts[:, None])
    total = int(born.sum())
    if total > room:
        raise Runaway(_TOO_MANY.format(n=f"{total:,}", radius=f"{model.spectral_radius:.3g}"))
    flat, source = born.ravel(), np.tile(np.repeat(np.arange(size), kinds), size)
    before = np.cumsum(counts) - counts
    parent = rng.random(total)
    parent *= np.repeat(counts[source].astype(np.float64), flat)
    chosen = parent.astype(np.int64)
    chosen += np.repeat(before[source], flat)
    delay = rng.standard_exponential(total)
    delay /= model.decay[0] if kinds == 1 else np.repeat(np.tile(model.decay, size**2), flat)
    delay += times[chosen]
    kept = delay <= end
    owner = np.repeat(np.arange(size), born.sum(axis=(1, 2)))[kept]
    return delay[kept], np.bincount(owner, minlength=size)


_TOO_MANY = Text(
    "The simulated process outgrew its limit with a generation of {n} events; its spectral radius is {radius}, and at 1 or more it has no bound.",
    "모의 과정이 한 세대에 사건 {n}건으로 한도를 넘었다. 스펙트럼 반경은 {radius}이며 1 이상이면 사건 수에 한계가 없다.",
)
