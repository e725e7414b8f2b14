"""How time and memory grow with the register: 2,000, 20,000 and 200,000 made-up records, each step of a working day.

Checked and loaded, seen as one reader's snapshot with all its frames and its hash, ties of the home country, and the moment until three
edited records are visible in a snapshot. The last line of each table is the exponent of growth: time grows as records to that power
between the two largest sizes. Beside it: pandas reading the same files and parsing their days.
"""

from __future__ import annotations

import json
import math
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.clock import Run, Stopwatch, once, peak_mb, python
from bench.results import Measured, Section

SIZES = (2_000, 20_000, 200_000)
STEPS = {  # step → what it is, seconds allowed at the largest size
    "check": ("read and check", 60.0),
    "load": ("load, found sound before", 60.0),
    "snapshot": ("snapshot, all frames and hash", 10.0),
    "ties": ("ties of the home country", 15.0),
    "edit": ("three edited records visible", 0.2),
}
LIMIT_MB = 4_000


def measure(sizes: tuple[int, ...] = SIZES) -> Section:
    """One process a size; sizes in rising order."""
    ours: dict[int, Run] = {}
    peers: dict[int, Run] = {}
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            place = str(Path(folder) / str(size))
            once(python("-m", "bench.generator", place, str(size)))
            ours[size] = once(python("-m", "bench.scale", place), answers=True)
            peers[size] = once(python("-m", "bench.scale", place, "pandas"), answers=True)
    lines = [line for size in sizes for line in _lines(size, ours[size], peers[size], last=size == SIZES[-1])]
    lines += _growth(sizes, ours)
    rows = ", ".join(f"{size:,}: {ours[size].answer['rows']:,} rows" for size in sizes)
    return Section("scale", "Large registers", lines, [f"One process a size. Rows with series, sources, claims and the actors of the world: {rows}."])


def _lines(size: int, ours: Run, peer: Run, *, last: bool) -> list[Measured]:
    lines = []
    for step, (what, limit) in STEPS.items():
        wall = ours.answer["wall"][step]
        lines.append(
            Measured(f"{size:,} records: {what}", wall, ours.answer["cpu"][step], None, f"under {limit:g} s" if last else "", wall < limit if last else None)
        )
    peak = ours.answer["peak_mb"]
    lines.append(
        Measured(f"{size:,} records: peak memory", peak_mb=peak, target=f"under {LIMIT_MB:,} MB" if last else "", met=peak < LIMIT_MB if last else None)
    )
    reading = peer.answer
    lines.append(
        Measured(
            f"{size:,} records: pandas reads the files and parses their days", reading["wall"]["read"], reading["cpu"]["read"], reading["peak_mb"], peer=True
        )
    )
    return lines


def _growth(sizes: tuple[int, ...], ours: dict[int, Run]) -> list[Measured]:
    """log(time ratio) / log(size ratio) between the two largest sizes, of CPU time: 1 is linear."""
    if len(sizes) < 2:
        return []
    small, large = sizes[-2:]
    lines = []
    for step, (what, _) in STEPS.items():
        power = math.log(ours[large].answer["cpu"][step] / ours[small].answer["cpu"][step]) / math.log(large / small)
        lines.append(Measured(f"growth of CPU time, {what}: records to the power {power:.2f}", target="at most 1 (linear)", met=power <= 1.05))
    return lines


def day(folder: Path) -> dict[str, Any]:
    """Every step on one package, in one process."""
    from datetime import date

    import polars as pl

    from comity.measures.tie_settings import TieSettings
    from comity.measures.tie_strength import tie_strength
    from comity.register.checks import faults_of
    from comity.register.package import read_package
    from comity.register.register import load
    from comity.vocab.kinds import kinds

    tie_strength(load("kor").snapshot(), as_of=date(2026, 6, 30), settings=TieSettings(draws=10))  # libraries loaded, the vocabulary read
    watch = Stopwatch()
    package = read_package(folder)
    faults = [fault for fault in package.faults + faults_of(package) if fault.severity == "error"]
    watch.lap("check")
    assert faults == []
    del package
    load(folder)  # keeps in the cache that it is sound
    watch.skip()
    register = load(folder)
    watch.lap("load")
    snapshot = register.snapshot()
    frames = [snapshot.frame(name).height for name in kinds()]
    first_hash = snapshot.hash
    watch.lap("snapshot")
    ties = tie_strength(snapshot, as_of=snapshot.settings["until"])
    watch.lap("ties")
    edited = {
        name: register.tables[name].select(kinds()[name].columns).head(1).with_columns(pl.lit("2001-05").alias("start"))
        for name in ("event", "dialogue", "exercise")
    }
    watch.skip()
    after = snapshot.after(register.with_rows(edited), {name: rows["id"].to_list() for name, rows in edited.items()})
    seen = [after.frame(name).filter(pl.col("id") == rows["id"][0])["start"][0] for name, rows in edited.items()]
    watch.lap("edit")
    assert seen == ["2001-05"] * 3
    assert after.hash != first_hash
    assert ties.rows.height > 0
    return {"wall": watch.wall, "cpu": watch.cpu, "peak_mb": peak_mb(), "rows": sum(frames)}


def by_pandas(folder: Path) -> dict[str, Any]:
    """Read every file with pandas and parse the columns of days."""
    import pandas as pd  # type: ignore[import-untyped]  # its stubs are not worth a dependency

    watch = Stopwatch()
    rows = 0
    for path in sorted(folder.glob("*.csv")):
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
        rows += len(frame)
        for name in {"start", "end", "signed", "in_force", "date", "published", "fielded_start"} & set(frame.columns):
            frame[name] = pd.to_datetime(frame[name], format="ISO8601", errors="coerce")
    watch.lap("read")
    return {"wall": watch.wall, "cpu": watch.cpu, "peak_mb": peak_mb(), "rows": rows}


if __name__ == "__main__":
    place = Path(sys.argv[1])
    print(json.dumps(by_pandas(place) if "pandas" in sys.argv else day(place)))
