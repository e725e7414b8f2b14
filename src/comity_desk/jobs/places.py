"""Which process does a job, and does that process still live?

A place names machine, process space, process and the instant at which it began, so that a number used again is not taken for the old process.
Of another machine nothing can be said but whether it gives signs of life.
"""

from __future__ import annotations

import os
import socket
from functools import cache
from pathlib import Path


def here() -> str:
    """The place of this process."""
    return f"{_space()}/{os.getpid()}/{_began(os.getpid())}"


def ended(place: str) -> bool:
    """Whether the process of a place is known to be no more; False also where nothing can be known."""
    space, _, process = place.partition("/")
    pid, _, began = process.partition("/")
    return space == _space() and pid.isdigit() and _began(int(pid)) != began


@cache
def _space() -> str:
    try:
        space = os.readlink("/proc/self/ns/pid").strip("pid:[]")
    except OSError:
        space = "-"
    return f"{socket.gethostname().replace('/', '-')[:80]}+{space}"


def _began(pid: int) -> str:
    """When a process began, in the kernel's ticks; empty when there is none, `-` where the kernel does not tell."""
    if not Path("/proc/self/stat").exists():
        return "-"
    try:
        told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if told[0] == "Z" else told[19]  # dead, and only not buried yet
