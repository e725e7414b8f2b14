"""The brief as HTML in both languages and JSON, with the caches of fonts and script warm: the whole command and its peak memory.

There is no line for what a person would use instead: a brief is written by hand there, in a slide deck, and takes days.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from bench.clock import comity, median, once
from bench.results import Measured, Section, under

LIMIT_MB = 700


def measure(times: int = 3) -> Section:
    """One run to warm the caches, then several."""
    with tempfile.TemporaryDirectory() as folder:
        command = comity("brief", "--form", "html,json", "--out", folder)
        once(command)
        run = median(command, times)
        sizes = {path.name: path.stat().st_size for path in sorted(Path(folder).iterdir())}
    lines = [
        under("comity brief, HTML in two languages and JSON", run.wall, 5.0, cpu=run.cpu),
        Measured("its peak memory", peak_mb=run.peak_mb, target=f"under {LIMIT_MB} MB", met=run.peak_mb < LIMIT_MB),
    ]
    written = ", ".join(f"{name} {size / 1e6:.1f} MB" for name, size in sizes.items())
    return Section("briefs", "The brief", lines, [f"Medians of {times} processes after one that warms the caches. Written: {written}."])
