"""Sums of past events, each decayed by its age: all that the likelihood, the residuals and the intensity of a Hawkes process need of history.

R_jk(t) = Σ_{l: t_l < t, m_l = j} exp(−β_k (t − t_l)) in O(n), by NumPy over blocks of time or by the compiled loop of `fast`; both give
the same numbers. Events at time t itself are not in R(t). Ogata (1981, IEEE Trans. Inf. Theory 27); Ozaki (1979).
"""

from __future__ import annotations

import sys
from typing import Literal

import numpy as np

from comity.models.point_process.fast import compiled
from comity.models.point_process.pattern import Floats, Integers

Engine = Literal["auto", "numpy", "numba"]
SPAN = 300.0  # decays per block: e^300 is far from overflow and costs two digits of sixteen
WORTH = 50_000_000  # cells from which on the compiled loop saves more than loading it costs


def decayed(
    times: Floats, marks: Integers, size: int, decays: Floats, at: Floats, rows: Integers, *, delays: bool = False, engine: Engine = "auto"
) -> tuple[Floats, Floats]:
    """R(t) for each of the moments `at` (m,), which must not fall; row `rows[q]` of the answer is for at[q]; shape (m, D·K), columns j·K + k.

    With `delays` also S_jk(t) = Σ u·exp(−β_k u), u the ages, else an array without rows. `engine` "auto" takes the compiled loop where numba
    is installed and is loaded already or the work is large enough to pay for loading it.
    """
    width = size * len(decays)
    counts, second = np.zeros((len(at), width)), np.zeros((len(at) if delays else 0, width))
    loop = compiled() if _pays(engine, len(at) * width) else None
    if loop is not None:
        loop(times, marks, decays, at, rows, counts, second)
        return counts, second
    for k, decay in enumerate(decays):
        _by_blocks(times, marks, float(decay), at, rows, counts[:, k :: len(decays)], second[:, k :: len(decays)])
    return counts, second


def exposure(times: Floats, marks: Integers, size: int, decays: Floats, start: float, end: float) -> Floats:
    """∫ of each unit kernel over (start, end], summed over the events of each dimension: shape (D·K,), columns j·K + k.

    Σ_l [exp(−β (s_l − t_l)) − exp(−β (end − t_l))], s_l = max(start, t_l); each event's expected direct offspring is alpha times this.
    """
    begun = np.maximum(times, start)
    columns = [np.bincount(marks, -np.exp(-decay * (begun - times)) * np.expm1(-decay * (end - begun)), size) for decay in decays]
    return np.asarray(np.stack(columns, axis=1).ravel(), dtype=np.float64)


def exposure_slope(times: Floats, marks: Integers, size: int, decays: Floats, start: float, end: float) -> Floats:
    """Derivative of `exposure` by the decay, column by column (D·K,)."""
    before, after = np.maximum(times, start) - times, end - times
    columns = [np.bincount(marks, after * np.exp(-decay * after) - before * np.exp(-decay * before), size) for decay in decays]
    return np.asarray(np.stack(columns, axis=1).ravel(), dtype=np.float64)


def _pays(engine: Engine, cells: int) -> bool:
    return engine == "numba" or (engine == "auto" and (cells >= WORTH or "numba" in sys.modules))


def _by_blocks(times: Floats, marks: Integers, decay: float, at: Floats, rows: Integers, counts: Floats, delays: Floats) -> None:
    """One decay by cumulative sums: within a block of time that is short against overflow, R(t) = e^{−βτ} (R₀ + Σ e^{βτ_l})."""
    size, wanted = counts.shape[1], len(delays) > 0
    state, second, last = np.zeros(size), np.zeros(size), 0.0
    event = query = 0
    while query < len(at):
        origin = min(at[query], times[event]) if event < len(times) else at[query]
        limit = max(origin + SPAN / decay, float(np.nextafter(origin, np.inf)))
        # An event that stands at the limit itself excites nothing up to it and waits for the next block.
        events = slice(event, max(event, int(np.searchsorted(times, limit, side="left"))))
        queries = slice(query, int(np.searchsorted(at, limit, side="right")))
        shrunk = np.exp(-decay * (origin - last))
        second = shrunk * (second + (origin - last) * state)
        state = shrunk * state
        ages, moments = times[events] - origin, at[queries] - origin
        grown = np.zeros((len(ages) + 1, size))
        grown[np.arange(1, len(ages) + 1), marks[events]] = np.exp(decay * ages)
        summed = np.cumsum(grown, axis=0) + state
        before = np.searchsorted(times[events], at[queries], side="left")
        falling = np.exp(-decay * moments)[:, None]
        counts[rows[queries]] = falling * summed[before]
        last = limit
        fallen = np.exp(-decay * (limit - origin))
        if wanted:
            grown[1:] *= ages[:, None]
            moved = second - np.cumsum(grown, axis=0)
            delays[rows[queries]] = falling * (moved[before] + moments[:, None] * summed[before])
            second = fallen * (moved[-1] + (limit - origin) * summed[-1])
        state = fallen * summed[-1]
        event, query = events.stop, queries.stop
