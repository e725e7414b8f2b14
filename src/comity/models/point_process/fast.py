"""The loop over events that machines run: sums of past events, each decayed by its age, at each moment asked for.

Plain Python that numba compiles when the extra `fast` is installed (`compiled`); nothing here imports numba by itself. The same sums by
NumPy stand in `features`, and a test holds the two together. Ozaki (1979, Ann. Inst. Statist. Math. 31) for the recursion.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from comity.models.point_process.pattern import Floats, Integers


@cache
def compiled() -> Callable[..., None] | None:
    """The loop as machine code, kept on disk between processes; None without numba."""
    try:
        from numba import njit
    except ImportError:
        return None
    made: Any = njit(cache=True, nogil=True)(recursion)
    return made  # type: ignore[no-any-return]  # numba has no types


def recursion(times: Floats, marks: Integers, decays: Floats, at: Floats, rows: Integers, counts: Floats, delays: Floats) -> None:
    """Fill `counts[rows[q]]` with R(at[q]) and, unless it has no rows, `delays[rows[q]]` with S(at[q]); columns are j·K + k.

    R_jk(t) = Σ e^{−β_k u}, S_jk(t) = Σ u e^{−β_k u} over events of dimension j before t, u = t − t_l. `at` must not fall.
    """
    width, kinds = counts.shape[1], len(decays)
    wanted = delays.shape[0] > 0
    state, second, factor = np.zeros(width), np.zeros(width), np.zeros(kinds)
    done, last = 0, -np.inf
    for query in range(len(at)):
        moment = at[query]
        while True:
            adding = done < len(times) and times[done] < moment
            goal = times[done] if adding else moment
            if goal > last:
                gap = goal - last if last > -np.inf else 0.0
                for k in range(kinds):
                    factor[k] = np.exp(-decays[k] * gap)
                k = 0
                for column in range(width):
                    if wanted:
                        second[column] = factor[k] * (second[column] + gap * state[column])
                    state[column] *= factor[k]
                    k = k + 1 if k + 1 < kinds else 0
                last = goal
            if not adding:
                break
            for k in range(kinds):
                state[marks[done] * kinds + k] += 1.0
            done += 1
        row = rows[query]
        for column in range(width):
            counts[row, column] = state[column]
            if wanted:
                delays[row, column] = second[column]
