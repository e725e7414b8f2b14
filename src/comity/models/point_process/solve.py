"""The parameters that make the events likeliest: each target's by Newton steps, the shared decays by their profile likelihood.

Given the decays, the targets are solved one by one (`newton`); the decays then climb the profile by quasi-Newton steps whose gradient
needs no more than the decays' own derivative, since the other parameters are at their best (envelope theorem).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from comity.models.point_process.features import Engine
from comity.models.point_process.likelihood import Target, targets
from comity.models.point_process.newton import Least, least
from comity.models.point_process.pattern import Covariates, Floats, Pattern

SAMPLE = 2_000  # events from which a first guess of the decay is made
SCALE = 30.0  # of the log-likelihood an event by the log of the decay, such that a quasi-Newton method's first step is about right


@dataclass(frozen=True, eq=False)
class Solution:
    """The best parameters of each target at the `decays` (K,), which were `given` or searched; `sure` when the optimum is certified.

    The `parts` of searched decays carry derivatives by the decays.
    """

    decays: Floats
    parts: list[Target]
    best: list[Least]
    given: bool
    sure: bool


def solution(pattern: Pattern, decays: Floats, covariates: Covariates | None, engine: Engine, warm: Solution | None = None) -> Solution:
    """The maximum likelihood at given decays; in a search, from a `warm` start and with derivatives by the decays."""
    parts = targets(pattern, decays, covariates, slopes=warm is not None, engine=engine)
    best = [_one(part, warm.best[i].vector if warm and warm.best else None) for i, part in enumerate(parts)]
    return Solution(decays, parts, best, warm is None, all(one.found for one in best))


def searched(pattern: Pattern, components: int, covariates: Covariates | None, engine: Engine) -> Solution:
    """The maximum likelihood over `components` decays too, by quasi-Newton steps on their logarithms from the best of a coarse ladder."""
    from scipy.optimize import minimize

    last = Solution(np.zeros(components), [], [], False, False)
    events = len(pattern.times) - pattern.first

    def profile(logs: Floats) -> tuple[float, Floats]:
        nonlocal last
        last = solution(pattern, np.exp(logs), covariates, engine, last)
        slope = sum((part.by_decay(one.vector, components) for part, one in zip(last.parts, last.best, strict=True)), np.zeros(components))
        return SCALE * sum(one.value for one in last.best) / events, SCALE * slope * last.decays / events

    ladder, precise = _ladder(pattern), SCALE / np.sqrt(events)
    begun = np.log(_guess(pattern, components, ladder, engine))
    bounds = [(np.log(ladder[0]) - 3.0, np.log(ladder[-1]) + 3.0)] * components
    found = minimize(profile, begun, jac=True, method="L-BFGS-B", bounds=bounds, options={"ftol": 0.0, "gtol": 2e-4 * precise, "maxiter": 60})
    inside = all(low < value < high for value, (low, high) in zip(found.x, bounds, strict=True))
    decays = np.sort(np.exp(found.x))
    best = last if np.array_equal(decays, last.decays) else solution(pattern, decays, covariates, engine, last)
    return replace(best, sure=inside and best.sure and bool(np.abs(found.jac).max() < 1e-2 * precise))


def _one(part: Target, warm: Floats | None) -> Least:
    """One target's best parameters; those of which the data say nothing stay at zero."""
    effects, count = part.effects, len(part.excited)
    width = 1 + effects + len(part.exposed)
    if count == 0:
        return Least(np.zeros(width), 0.0, True, np.zeros(width, dtype=bool))
    heard = part.exposed > 0
    known = np.concatenate((np.ones(1 + effects, dtype=bool), heard))
    seen = part if heard.all() else replace(part, excited=part.excited[:, heard], exposed=part.exposed[heard])
    start = np.zeros(width)
    start[0] = 0.5 * count / part.widths.sum()
    start[1 + effects :] = 0.5 * count / max(part.exposed.sum(), count)
    if warm is not None:
        start = np.concatenate(([max(warm[0], 1e-3 * start[0])], warm[1:]))
    bounded = np.ones(int(known.sum()), dtype=bool)
    bounded[1 : 1 + effects] = False
    best = least(seen, start[known], bounded)
    if warm is not None and not best.found:
        return _one(part, None)
    vector, free = np.zeros(width), np.zeros(width, dtype=bool)
    vector[known], free[known] = best.vector, best.free
    return Least(vector, best.value, best.found, free)


def _ladder(pattern: Pattern) -> Floats:
    """Decays a factor of three apart, from slower than the mean gap between events to faster."""
    rate = (len(pattern.times) - pattern.first) / (pattern.end - pattern.start)
    return np.asarray(rate * 3.0 ** np.arange(-5, 6))


def _guess(pattern: Pattern, components: int, ladder: Floats, engine: Engine) -> Floats:
    """Where on the ladder the first events are likeliest, all dimensions taken as one; further components stand two rungs apart around it."""
    last = min(pattern.first + SAMPLE, len(pattern.times)) - 1
    end = float(pattern.times[last]) if last + 1 < len(pattern.times) else pattern.end
    times = pattern.times[: last + 1]
    pooled = Pattern(times, np.zeros(len(times), dtype=np.int64), 1, end=end, start=pattern.start)
    values = [solution(pooled, np.array([decay]), None, engine).best[0].value for decay in ladder]
    best = int(np.clip(np.argmin(values), 1, len(ladder) - 2))
    left, middle, right = values[best - 1 : best + 2]
    bent = left - 2 * middle + right
    between = float(np.clip(0.5 * (left - right) / bent, -1.0, 1.0)) if bent > 0 else 0.0  # the vertex of the parabola through three rungs
    return np.asarray(ladder[best] * 3.0**between * 9.0 ** (np.arange(components) - (components - 1) / 2))
