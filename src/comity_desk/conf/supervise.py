"""Keeps the desk's processes running: the web server and the worker of background jobs. Knows nothing of what they do.

A process that ends by itself is started again, after a pause that grows while it keeps ending at once; told to end, it ends both, gently first.
Nothing but the standard library is loaded, so that what watches costs little memory and has little to fail.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

GRACE = 25.0  # seconds to end gently
SOUND = 30.0  # seconds of life after which an end is not counted as one at once
PAUSES = (0.5, 1.0, 2.0, 5.0, 10.0)
Say = Callable[[str, Mapping[str, object]], None]
Tick = Callable[[], None]


@dataclass
class Child:
    """A process to be kept running."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    began: float = 0.0
    due: float = 0.0
    quick_ends: int = field(default=0)

    def start(self) -> None:
        """Start it, in a group of its own: what a terminal sends reaches the supervisor alone; in one session, so that one may step back behind another."""
        self.process = subprocess.Popen(self.command, process_group=0, preexec_fn=_end_with_parent)
        self.began = time.monotonic()

    def ended(self) -> int | None:
        """Its exit code, once it has ended; None while it runs or waits to be started."""
        return None if self.process is None else self.process.poll()

    def send(self, number: int) -> None:
        """Send a signal to it alone, or to all that it started when it must end at once."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, number) if number == signal.SIGKILL else self.process.send_signal(number)


class Supervisor:
    """Runs children until told to end."""

    def __init__(self, children: Sequence[Child], say: Say, tick: Tick = lambda: None, give_up_after: int = 6) -> None:
        self.children, self.say, self.tick, self.give_up_after = children, say, tick, give_up_after
        self.asked: int | None = None

    def run(self) -> int:
        """Keep them running; gives the exit code."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._ask)
        for child in self.children:
            child.start()
        while self.asked is None and all(self._look_after(child) for child in self.children):
            self.tick()
            time.sleep(0.2)
        self._end()
        return 0 if self.asked is not None else 1

    def _ask(self, number: int, frame: object) -> None:
        self.asked = number

    def _look_after(self, child: Child) -> bool:
        """Start a child again where it ended; False when it cannot be kept running."""
        if child.process is None:
            if time.monotonic() >= child.due:
                child.start()
            return True
        code = child.ended()
        if code is None:
            return True
        child.send(signal.SIGKILL)  # what it started and left behind would hold the port
        child.quick_ends = 0 if time.monotonic() - child.began > SOUND else child.quick_ends + 1
        pause = PAUSES[min(child.quick_ends, len(PAUSES) - 1)]
        child.process, child.due = None, time.monotonic() + pause
        given_up = child.quick_ends >= self.give_up_after
        self.say("process ended" if not given_up else "process keeps ending", {"process": child.name, "code": code, "again_in": None if given_up else pause})
        return not given_up

    def _end(self) -> None:
        for child in self.children:
            child.send(signal.SIGTERM)
        until = time.monotonic() + GRACE
        while time.monotonic() < until and any(child.process is not None and child.ended() is None for child in self.children):
            time.sleep(0.05)
        for child in self.children:
            child.send(signal.SIGKILL)
            if child.process is not None:
                child.process.wait()


def _end_with_parent() -> None:
    """Ask the kernel to end this process should its parent be killed; only Linux knows how."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(1, signal.SIGTERM)
