"""Pooling of 600 polls by twelve houses over ten years of weeks: ours, and the same model as a person would write it in statsmodels.

The polls are made up from a known opinion by a seed, so that each answer can be held against the truth. The peer maximises the likelihood over
the drift and eleven house effects with numeric derivatives, then smooths; its bands do not hold the uncertainty of the drift.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import numpy as np

from bench.clock import Stopwatch, median, once, python
from bench.results import Measured, Section, under

WEEKS, HOUSES, POLLS, PERSONS = 520, 12, 600, 1000


def measure(times: int = 5) -> Section:
    """Our pooling with daily bands and parameter uncertainty; statsmodels once."""
    ours = median(python("-m", "bench.opinion"), times, answers=True)
    peer = once(python("-m", "bench.opinion", "peer"), answers=True).answer
    answer = ours.answer
    lines = [
        under(f"pooling of {POLLS} polls, {HOUSES} houses, {WEEKS} weeks", answer["ours"], 1.0, cpu=answer["ours_cpu"], peak_mb=ours.peak_mb),
        Measured("the maximum of its likelihood alone, with exact gradient", answer["climb"], answer["climb_cpu"]),
        Measured("the same model in statsmodels, maximum likelihood and smoother, weekly", peer["peer"], peer["peer_cpu"], peer=True),
    ]
    notes = [
        f"Medians of {times} processes, statsmodels once. Ours gives every day, statsmodels every week.",
        f"Root mean square error against the truth, in points: {answer['error']:.3f} and {peer['error']:.3f}; share of weeks inside the 95 % band: "
        f"{answer['inside']:.3f} and {peer['inside']:.3f}; most likely drift in a year, true 0.5: {answer['drift']:.3f} and {peer['drift']:.3f}.",
    ]
    return Section("opinion", "Pooling of polls", lines, notes)


def simulated(seed: int = 20261122) -> dict[str, np.ndarray]:
    """Weeks, houses and shares of polls (no house twice in a week), and the true opinion of each week (logit)."""
    rng = np.random.default_rng(seed)
    cells = np.sort(rng.choice(WEEKS * HOUSES, POLLS, replace=False))
    week, house = cells // HOUSES, cells % HOUSES
    week[0] = 0
    truth = 0.2 + np.cumsum(np.concatenate([[0.0], rng.normal(size=WEEKS - 1) * 0.5 * np.sqrt(7 / 365.25)]))
    effects = rng.normal(size=HOUSES) * 0.1
    share = rng.binomial(PERSONS, 1 / (1 + np.exp(-(truth[week] + effects[house] - effects.mean())))) / PERSONS
    return {"week": week, "house": house, "share": share, "truth": truth}


def inner() -> dict[str, Any]:
    """Seconds of our pooling after a first call on ten polls that loads the libraries, and how near the answer lies."""
    from comity.models.polling.fit import pooled
    from comity.models.polling.house_effects import Polls, maximum

    made = simulated()
    share = made["share"]
    polls = Polls(7.0 * made["week"], np.log(share / (1 - share)), 1 / (PERSONS * share * (1 - share)), np.zeros(POLLS), made["house"].astype(np.int64), HOUSES)
    few = Polls(polls.days[:10], polls.logit[:10], polls.noise[:10], polls.span[:10], polls.house[:10], HOUSES)
    priors = {"drift_scale": 0.5, "house_scale": 0.15}
    pooled(few, few.days, **priors)
    watch = Stopwatch()
    found = pooled(polls, np.arange(7.0 * WEEKS), **priors)
    watch.lap("ours")
    drift, _, _ = maximum(polls, (0.35, 0.1))
    watch.lap("climb")
    return {"drift": drift} | _answer(watch, *found.path[[2, 0, 4]][:, ::7], made["truth"])


def peer() -> dict[str, Any]:
    """The same from statsmodels: a series a house, the level as their common state, effects as intercepts that sum to zero."""
    from statsmodels.tsa.statespace.mlemodel import MLEModel

    made = simulated()
    share, week, house = made["share"], made["week"], made["house"]
    table, noise = np.full((WEEKS, HOUSES), np.nan), np.ones((WEEKS, HOUSES))
    table[week, house], noise[week, house] = np.log(share / (1 - share)), 1 / (PERSONS * share * (1 - share))

    class Houses(MLEModel):
        def __init__(self) -> None:
            super().__init__(table, k_states=1, k_posdef=1, initialization="approximate_diffuse", loglikelihood_burn=1)
            self["design"], self["transition"], self["selection"] = np.ones((HOUSES, 1)), np.eye(1), np.eye(1)
            self["obs_cov"] = np.array([np.diag(row) for row in noise]).transpose(1, 2, 0)

        @property
        def start_params(self) -> np.ndarray:
            return np.concatenate([[np.log(0.05)], np.zeros(HOUSES - 1)])

        def update(self, params: np.ndarray, **given: Any) -> None:
            params = super().update(params, **given)
            self["state_cov"] = np.exp(2 * params[[0]])[:, None]
            self["obs_intercept"] = np.append(params[1:], -params[1:].sum())

    watch = Stopwatch()
    fit = Houses().fit(disp=False, maxiter=500)
    watch.lap("peer")
    drift = float(np.exp(fit.params[0]) * np.sqrt(365.25 / 7))
    level, deviation = fit.smoothed_state[0], np.sqrt(fit.smoothed_state_cov[0, 0])
    return {"drift": drift} | _answer(watch, level, level - 1.959964 * deviation, level + 1.959964 * deviation, made["truth"])


def _answer(watch: Stopwatch, middle: np.ndarray, low: np.ndarray, high: np.ndarray, truth: np.ndarray) -> dict[str, Any]:
    points = 100 / (1 + np.exp(-middle)) - 100 / (1 + np.exp(-truth))
    near = {"error": float(np.sqrt((points**2).mean())), "inside": float(((low <= truth) & (truth <= high)).mean())}
    return near | watch.wall | {f"{name}_cpu": seconds for name, seconds in watch.cpu.items()}


if __name__ == "__main__":
    print(json.dumps(peer() if "peer" in sys.argv else inner()))
