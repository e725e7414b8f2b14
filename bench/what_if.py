"""What-if runs: 10,000 one-year futures of the register's classes and of twelve actors, beside Mesa and a plain Python loop, and the whole command.

All versions draw acts from the same self-exciting process (base rate, own and others' echo). Mesa runs from an environment of its own, whose
interpreter `COMITY_BENCH_MESA` names; without it that line is left out.
"""

from __future__ import annotations

import json
import math
import os
import random
import sys
from pathlib import Path
from typing import Any

from bench.clock import Stopwatch, comity, median, once, python
from bench.results import Measured, Section, under

RUNS, PLAIN_RUNS, ACTORS, DYADS, WEEKS, BLOCK = 10_000, 100, 12, 132, 52, 1_000
BASE, OWN, OTHERS, HALF_LIFE = 0.02, 0.3, 0.03, 30.0 / 7.0
SCENARIO = "no-late-summer-exercise"


def measure(times: int = 5) -> Section:
    """Our runs, the peers' runs, and the command."""
    ours = median(python("-m", "bench.what_if"), times, answers=True).answer
    plain = once(python("-m", "bench.what_if", "plain"), answers=True).answer
    whole = median(comity("what-if", SCENARIO), 3)
    lines = [
        under(f"{RUNS:,} one-year runs, twelve actors, weekly steps", ours["weekly"], 2.0, cpu=ours["weekly_cpu"]),
        under(f"{RUNS:,} one-year runs, all {DYADS} directed pairs of twelve actors, weekly steps", ours["dyads"], 2.0, cpu=ours["dyads_cpu"]),
        under(f"{RUNS:,} one-year runs, twelve actors, daily steps", ours["daily"], 2.0, cpu=ours["daily_cpu"]),
        under(f"{RUNS:,} one-year runs of the register's four classes, daily steps", ours["register"], 2.0, cpu=ours["register_cpu"]),
        Measured("a scenario on the fitted register: 9,600 runs either way, all tables", ours["scenario"], ours["scenario_cpu"]),
        Measured("the same in two processes", ours["two"], None),
        Measured("the fit: 32 members, four classes, 960 sets of parameters", ours["fit"], ours["fit_cpu"]),
        Measured(f"comity what-if {SCENARIO}, cold", whole.wall, whole.cpu, whole.peak_mb),
        Measured(f"plain Python loop, twelve actors, weekly steps, {PLAIN_RUNS} runs", plain["plain"], plain["plain_cpu"], peer=True),
    ]
    notes = [
        f"Runs a second of CPU time, twelve actors in weekly steps: ours {RUNS / ours['weekly_cpu']:,.0f}, plain Python {PLAIN_RUNS / plain['plain_cpu']:,.0f}.",
        f"Mean acts a run: ours {ours['acts']:.2f}, plain Python {plain['acts']:.2f}.",
    ]
    if interpreter := os.environ.get("COMITY_BENCH_MESA"):
        mesa = once([interpreter, str(Path(__file__).with_name("what_if_mesa.py")), str(PLAIN_RUNS)], answers=True).answer
        lines.append(Measured(f"Mesa {mesa['version']}, the same, {mesa['runs']} runs", None, mesa["seconds"], peer=True))
        notes[0] += f" Mesa {mesa['runs'] / mesa['seconds']:,.0f}."
        notes[1] += f" Mesa {mesa['acts']:.2f}."
    return Section("what_if", "What-if runs", lines, notes)


def inner() -> dict[str, Any]:
    """Seconds of our runs, of a scenario and of the fit, after a first call that loads the libraries."""
    from comity.models.scenarios.fit import fitted
    from comity.models.scenarios.scenario import read_scenario
    from comity.models.scenarios.settings import WhatIfSettings
    from comity.models.what_if import what_if
    from comity.register.register import load

    register = load("kor")
    snapshot, as_of = register.snapshot(), register.settings["until"]
    _futures(100, ACTORS, WEEKS, HALF_LIFE, 1)
    watch = Stopwatch()
    acts = _futures(RUNS, ACTORS, WEEKS, HALF_LIFE, 1) / RUNS
    watch.lap("weekly")
    _futures(RUNS, DYADS, WEEKS, HALF_LIFE, 4, OTHERS / ACTORS)
    watch.lap("dyads")
    _futures(RUNS, ACTORS, 365, 30.0, 2)
    watch.lap("daily")
    _futures(RUNS, 4, 365, 30.0, 3)
    watch.lap("register")
    fitted(snapshot, snapshot.home, as_of, WhatIfSettings())
    watch.lap("fit")
    scenario = read_scenario(SCENARIO, register.path)
    watch.skip()
    what_if(snapshot, scenario, as_of=as_of)
    watch.lap("scenario")
    what_if(snapshot, scenario, as_of=as_of, processes=2)
    watch.lap("two")
    return {"acts": acts} | watch.wall | {f"{name}_cpu": seconds for name, seconds in watch.cpu.items()}


def _futures(runs: int, actors: int, steps: int, half_life: float, seed: int, others: float = OTHERS) -> int:
    """Acts in so many futures of so many actors, their random numbers included; a thousand runs at a time stay in the processor's cache."""
    import numpy as np

    from comity.models.provocations.simulation import Parameters, simulate

    one = np.ones((1, actors))
    sets = Parameters(np.array([half_life]), BASE * one, OWN * one, others * one, np.zeros((1, actors, 1)))
    rng, acts = np.random.default_rng(seed), 0
    for start in range(0, runs, BLOCK):
        block = min(BLOCK, runs - start)
        drawn = rng.random((steps, block, actors))
        counts, _ = simulate(sets, np.zeros(block, dtype=np.int64), np.zeros((block, actors)), np.zeros((steps, 1)), drawn)
        acts += int(counts.sum(dtype=np.int64))
    return acts


def plain_runs(runs: int, seed: int = 1) -> float:
    """The same twelve actors by plain lists and loops; mean acts a run."""
    draw, decay, total = random.Random(seed), 2.0 ** (-1.0 / HALF_LIFE), 0
    for _ in range(runs):
        echo = [0.0] * ACTORS
        for _ in range(WEEKS):
            every = sum(echo)
            acts = []
            for one in echo:
                rate = BASE + (OWN - OTHERS) * one + OTHERS * every
                uniform, term, k = draw.random(), math.exp(-rate), 0
                reached = term
                while uniform >= reached and k < 6:
                    k += 1
                    term *= rate / k
                    reached += term
                acts.append(k)
            total += sum(acts)
            echo = [decay * one + (1.0 - decay) * n for one, n in zip(echo, acts, strict=True)]
    return total / runs


def plainly() -> dict[str, Any]:
    """Seconds of the plain loop."""
    watch = Stopwatch()
    acts = plain_runs(PLAIN_RUNS)
    watch.lap("plain")
    return {"acts": acts, "plain": watch.wall["plain"], "plain_cpu": watch.cpu["plain"]}


if __name__ == "__main__":
    print(json.dumps(plainly() if "plain" in sys.argv else inner()))
