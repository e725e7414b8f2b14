"""tick on the events of one file, run by an interpreter of its own: fits at a given decay and a simulation, printed as JSON.

Imports neither comity nor bench. tick's learners read their docstrings, hence numpydoc and six beside it.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np


def timed(task: Callable[[], Any], times: int = 3) -> tuple[float, float, Any]:
    """Median wall and CPU seconds of a task and its last answer."""
    walls, cpus = [], []
    for _ in range(times):
        began = time.perf_counter(), time.process_time()
        answer = task()
        walls.append(time.perf_counter() - began[0])
        cpus.append(time.process_time() - began[1])
    return statistics.median(walls), statistics.median(cpus), answer


def main(file: str) -> dict[str, Any]:
    """Seconds and answers of tick's least squares, ADM4 and simulation."""
    from tick.hawkes import HawkesADM4, HawkesExpKern, SimuHawkesExpKernels

    data = np.load(file)
    size, end, decay = len(data["baseline"]), float(data["end"]), float(data["decay"])
    events = [np.ascontiguousarray(data["times"][data["marks"] == i]) for i in range(size)]
    answer: dict[str, Any] = {}
    learners = {
        "least_squares": lambda: HawkesExpKern(decay, gofit="least-squares", penalty="none").fit(events),
        "adm4": lambda: HawkesADM4(decay, C=1e10, n_threads=2).fit(events),
    }
    for name, task in learners.items():
        wall, cpu, learner = timed(task)
        answer |= {name: wall, f"{name}_cpu": cpu, f"{name}_baseline": learner.baseline.tolist(), f"{name}_alpha": np.asarray(learner.adjacency).tolist()}

    def made() -> int:
        simulation = SimuHawkesExpKernels(data["alpha"], decay, baseline=data["baseline"], end_time=end, seed=1, verbose=False)
        simulation.simulate()
        return int(simulation.n_total_jumps)

    wall, cpu, jumps = timed(made)
    return answer | {"simulate": wall, "simulate_cpu": cpu, "simulate_rate": jumps / wall}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1])))
