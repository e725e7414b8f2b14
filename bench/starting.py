"""What starting costs: `import comity` and `comity --help` above the bare interpreter, beside importing the libraries of data analysis."""

from __future__ import annotations

from bench.clock import comity, median, python
from bench.results import Measured, Section

LIMIT = 0.35  # seconds above the bare interpreter: what a person does not notice as waiting


def measure(times: int = 9) -> Section:
    """Medians of whole processes."""
    bare = median(python("-c", "pass"), times)
    lines = [Measured("bare interpreter", bare.wall, bare.cpu, bare.peak_mb)]
    for what, command in (
        ("import comity", python("-c", "import comity")),
        ("comity --help", comity("--help")),
        ("comity ties --help", comity("ties", "--help")),
    ):
        run = median(command, times)
        above = run.wall - bare.wall
        lines.append(Measured(f"{what}, above bare", above, run.cpu - bare.cpu, run.peak_mb, f"under {LIMIT:g} s", above < LIMIT))
    for name in ("polars", "pandas"):
        run = median(python("-c", f"import {name}"), times)
        lines.append(Measured(f"import {name}, above bare", run.wall - bare.wall, run.cpu - bare.cpu, run.peak_mb, peer=True))
    return Section("starting", "Starting", lines, [f"Medians of {times} processes."])
