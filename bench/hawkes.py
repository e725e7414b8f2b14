"""Hawkes processes of 6 and 30 dimensions, 100,000 events: fit at a given decay, decay included, simulation, and the first call of a process.

The process is random and lopsided, of spectral radius 0.6 and decay 1.5. The peer is tick, which needs old habits of its environment and is
therefore run by another interpreter: `COMITY_BENCH_TICK` names one that can import it (and `numpydoc` and `six`). Both read the same events,
and one function computes the log-likelihood of every answer.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from bench.clock import Stopwatch, median, once, python
from bench.results import Measured, Section, under

SIZES, EVENTS, DECAY = (6, 30), 100_000, 1.5
RADIUS = 0.6
PEER = Path(__file__).with_name("hawkes_tick.py")
GOAL = {6: 0.13, 30: 1.7}
"""Seconds of tick's least squares on an earlier day, for when tick is not at hand."""


def measure(times: int = 5) -> Section:
    """Fits, simulations and the first call, beside tick where it can be run."""
    lines, notes = (
        [],
        [f"Medians of {times} processes; times inside a process are medians of three after a first call. Spectral radius {RADIUS}, decay {DECAY}."],
    )
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            file = Path(folder) / f"{size}.npz"
            _write(size, file)
            ours = {engine: median(python("-m", "bench.hawkes", str(size), engine), times, answers=True).answer for engine in ("numpy", "numba")}
            bare = once(["env", f"NUMBA_CACHE_DIR={folder}/{size}", *python("-m", "bench.hawkes", str(size), "numba")], answers=True).answer
            ours["numba"]["compile"] = bare["first"]
            peer = _peer(file)
            lines += _lines(size, ours, peer)
            notes += _notes(size, ours, peer)
    return Section("hawkes", "Hawkes processes", lines, notes)


def model_of(size: int) -> Any:
    """The process that is simulated: excitations uniform at random, scaled to the spectral radius."""
    from comity.models.hawkes import HawkesModel

    rng = np.random.default_rng(1)
    alpha = rng.random((size, size))
    return HawkesModel(rng.uniform(0.2, 1.0, size), alpha * RADIUS / np.abs(np.linalg.eigvals(alpha)).max(), DECAY)


def pattern_of(size: int) -> Any:
    """Its events, about 100,000."""
    from comity.models.hawkes import simulate

    model = model_of(size)
    return simulate(model, end=EVENTS / model.rates().sum(), seed=5)


def inner(size: int, engine: Any) -> dict[str, Any]:
    """Seconds of each task in this process, the first call apart, and log-likelihoods an event."""
    watch = Stopwatch()
    from comity.models.hawkes import fit_hawkes, log_likelihood, simulate

    model, pattern = model_of(size), pattern_of(size)
    watch.lap("import")
    fit_hawkes(pattern, decay=DECAY, engine=engine)
    watch.lap("first")
    kept: dict[str, list[float]] = {}
    for at in range(3):
        watch.skip()
        fixed = fit_hawkes(pattern, decay=DECAY, engine=engine)
        watch.lap("fixed")
        free = fit_hawkes(pattern, engine=engine)
        watch.lap("free")
        log_likelihood(model, pattern, engine=engine)
        watch.lap("likelihood")
        made = simulate(model, end=pattern.end, seed=at)
        watch.lap("simulate")
        long = simulate(model, end=10 * pattern.end, seed=at)
        watch.lap("long")
        for name in ("fixed", "free", "likelihood", "simulate", "long"):
            kept.setdefault(name, []).append(watch.wall[name])
            kept.setdefault(f"{name}_cpu", []).append(watch.cpu[name])
        kept.setdefault("rate", []).append(len(made.times) / watch.wall["simulate"])
        kept.setdefault("long_rate", []).append(len(long.times) / watch.wall["long"])
    events = len(pattern.times)
    found = {"ll": fixed.log_likelihood / events, "free_ll": free.log_likelihood / events, "truth_ll": log_likelihood(model, pattern) / events}
    told = {"decay": float(free.model.decay[0]), "sure": fixed.converged and free.converged, "events": events}
    return found | told | {name: statistics.median(values) for name, values in kept.items()} | {"import": watch.wall["import"], "first": watch.wall["first"]}


def _write(size: int, file: Path) -> None:
    model, pattern = model_of(size), pattern_of(size)
    np.savez(file, times=pattern.times, marks=pattern.marks, end=pattern.end, baseline=model.baseline, alpha=model.alpha[:, :, 0], decay=DECAY)


def _peer(file: Path) -> dict[str, Any]:
    """What tick took on the same events and how likely they are under its answers; empty when no interpreter with tick is named."""
    from comity.models.hawkes import HawkesModel, Pattern, log_likelihood

    interpreter = os.environ.get("COMITY_BENCH_TICK")
    if not interpreter:
        return {}
    done = subprocess.run([interpreter, "-W", "ignore", str(PEER), str(file)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"tick ended with {done.returncode}: {done.stderr[-2000:]}")
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    data = np.load(file)
    pattern = Pattern(data["times"], data["marks"], len(data["baseline"]), end=float(data["end"]))
    for name in ("least_squares", "adm4"):
        found = HawkesModel(np.maximum(answer[f"{name}_baseline"], 0), np.maximum(answer[f"{name}_alpha"], 0), DECAY)
        answer[f"{name}_ll"] = log_likelihood(found, pattern) / len(pattern.times)
    return answer


def _lines(size: int, ours: dict[str, dict[str, Any]], peer: dict[str, Any]) -> list[Measured]:
    goal = round(peer.get("least_squares", GOAL[size]), 2)
    plain, fast = ours["numpy"], ours["numba"]
    lines = [
        under(f"D={size}: maximum likelihood, given decay, NumPy", plain["fixed"], goal, cpu=plain["fixed_cpu"]),
        under(f"D={size}: the same, compiled", fast["fixed"], goal, cpu=fast["fixed_cpu"]),
        under(f"D={size}: decay and errors estimated, NumPy", plain["free"], 3 * goal, cpu=plain["free_cpu"]),
        under(f"D={size}: the same, compiled", fast["free"], 3 * goal, cpu=fast["free_cpu"]),
        Measured(f"D={size}: simulation of 100,000 events", plain["simulate"], plain["simulate_cpu"], None, "over 5 million a second", plain["rate"] > 5e6),
        Measured(f"D={size}: simulation of 1,000,000 events", plain["long"], plain["long_cpu"], None, "over 5 million a second", plain["long_rate"] > 5e6),
    ]
    names = {
        "least_squares": "tick, least squares, given decay",
        "adm4": "tick, likelihood (ADM4), given decay",
        "simulate": "tick, simulation of 100,000 events",
    }
    return lines + [Measured(f"D={size}: {words}", peer[name], peer.get(f"{name}_cpu"), peer=True) for name, words in names.items() if peer]


def _notes(size: int, ours: dict[str, dict[str, Any]], peer: dict[str, Any]) -> list[str]:
    plain, fast = ours["numpy"], ours["numba"]
    theirs = (
        f"; tick: {peer['least_squares_ll']:.5f} least squares, {peer['adm4_ll']:.5f} ADM4" if peer else "; tick was not measured: COMITY_BENCH_TICK is not set"
    )
    return [
        f"D={size}, {plain['events']:,} events, log-likelihood an event: {plain['truth_ll']:.5f} truth, {plain['ll']:.5f} given decay, {plain['free_ll']:.5f} decay {plain['decay']:.3f}"
        + theirs
        + ".",
        f"D={size}, simulation, events a second: {plain['rate'] / 1e6:.1f} million, {plain['long_rate'] / 1e6:.1f} million of a million"
        + (f"; tick {peer['simulate_rate'] / 1e6:.2f} million." if peer else "."),
        f"D={size}, first fit of a process: {plain['first']:.2f} s NumPy, {fast['first']:.2f} s compiled (numba loaded, code from its cache), {fast['compile']:.2f} s when nothing is cached; import and simulation {plain['import']:.2f} s.",
    ]


if __name__ == "__main__":
    print(json.dumps(inner(int(sys.argv[1]), sys.argv[2])))
