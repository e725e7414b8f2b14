"""On what the benchmarks ran: processor, memory, system, versions. No names of hosts, users or folders."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import comity

PACKAGES = ("polars", "numpy", "pandas", "scipy", "rustworkx", "typer", "rich", "jinja2", "vl-convert-python")


def machine() -> dict[str, Any]:
    """Processor, cores, memory, load, system and versions as plain values."""
    return {
        "day": datetime.now(UTC).date().isoformat(),
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_gb": _memory_gb(),
        "load": round(os.getloadavg()[0], 1),
        "system": platform.system() + " " + platform.machine(),
        "python": platform.python_version(),
        "comity": comity.__version__,
        "packages": {name: version(name) for name in PACKAGES},
    }


def _processor() -> str:
    described = Path("/proc/cpuinfo")
    if described.is_file():
        for line in described.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown"


def _memory_gb() -> int | None:
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3)
    except (ValueError, OSError):
        return None
