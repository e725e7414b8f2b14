"""How long a command takes and how much memory it needs: a process of its own, several times, the median.

Wall seconds are from start to end of the process; CPU seconds are user and system time of all its threads; the peak is the largest
resident set. The process that measures stays small, because a child's peak counts the moment before it becomes another program.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Run:
    """One run of a command: seconds, peak memory and what it printed as JSON."""

    wall: float
    cpu: float
    peak_mb: float
    answer: dict[str, Any] = field(default_factory=dict)


def python(*arguments: str) -> list[str]:
    """A command line of this interpreter."""
    return [sys.executable, *arguments]


def comity(*arguments: str) -> list[str]:
    """A command line of the `comity` command that belongs to this interpreter."""
    return [str(Path(sys.executable).with_name("comity")), *arguments]


def once(command: Sequence[str], *, answers: bool = False) -> Run:
    """Run a command to its end; `answers` says that it prints one JSON object. A failing command raises `RuntimeError` with its words."""
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        out, err = process.stdout.read(), process.stderr.read()  # type: ignore[union-attr]  # both are pipes
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - began
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}: {err.decode()[-2000:]}")
    return Run(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, json.loads(out) if answers else {})


def median(command: Sequence[str], times: int, *, answers: bool = False) -> Run:
    """The run with the median wall time of several; its CPU time and peak are the medians of their own."""
    runs = sorted((once(command, answers=answers) for _ in range(times)), key=lambda run: run.wall)
    middle = runs[len(runs) // 2]
    cpu, peak = (statistics.median(getattr(run, name) for run in runs) for name in ("cpu", "peak_mb"))
    return Run(statistics.median(run.wall for run in runs), cpu, peak, middle.answer)


def peak_mb() -> float:
    """The largest resident set of this process so far, in MB."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


class Stopwatch:
    """Seconds of named parts of a workload inside one process, wall and CPU."""

    def __init__(self) -> None:
        self.wall: dict[str, float] = {}
        self.cpu: dict[str, float] = {}
        self._began = (time.perf_counter(), time.process_time())

    def lap(self, name: str) -> None:
        """Call what has run since the last lap by a name."""
        now = (time.perf_counter(), time.process_time())
        self.wall[name], self.cpu[name] = now[0] - self._began[0], now[1] - self._began[1]
        self._began = (time.perf_counter(), time.process_time())

    def skip(self) -> None:
        """Forget what has run since the last lap."""
        self._began = (time.perf_counter(), time.process_time())
