"""The event store beside what a person would use instead: GDELT 2.0 rows, six states, dyad by month by quad class.

The first load checks, types, quarantines, de-duplicates and makes the sums of the panels; the plain scans of DuckDB, polars and pandas only filter
and add up. DuckDB's own load does the same work as ours in SQL. `python -m bench.event_store many 25` loads 25 files of two million rows, one
after the other, into one store, and tells the seconds of each: whether the speed stays as the store grows.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.clock import Run, Stopwatch, comity, median, once, peak_mb, python
from bench.event_store_peers import PEERS
from bench.results import Measured, Section, under

ROWS = 2_000_000
SIX = ("CHN", "JPN", "KOR", "PRK", "RUS", "USA")
MOST_MEMORY = 500
ID_START = b"\n70"  # ids of the made-up export begin so


def measure(times: int = 3, rows: int = ROWS, files: int = 4) -> Section:
    """Load, panel, peers and growth, the processes of a round one after the other, medians over the rounds."""
    from bench.gdelt_made import write_export

    with tempfile.TemporaryDirectory(prefix="comity-bench-") as folder:
        export, store = write_export(Path(folder) / "20200101000000.export.CSV", rows, seed=1), Path(folder) / "store"
        jobs = {"load": ("load", str(export), str(store)), **{name: (name, str(export)) for name in PEERS}}
        rounds = [{name: once(python("-m", "bench.event_store", *job), answers=True) for name, job in jobs.items()} for _ in range(times)]
        ran = {name: _middle([one[name] for one in rounds]) for name in jobs}
        panel = median(python("-m", "bench.event_store", "panel", str(store)), times, answers=True)
        cold = median(comity("events", "panel", "--actors", ",".join(SIX), "--by", "quad", "--store", str(store), "--format", "json"), times)
        many = once(python("-m", "bench.event_store", "many", str(files), str(rows), folder), answers=True)
    lines = _lines(rows, ran, panel, cold, many)
    notes = [
        f"{rows:,} made-up rows in the form of GDELT 2.0 (61 columns), {ran['load'].answer['text_mb']:,.0f} MB of text; seconds of the work itself, without imports.",
        f"Median of {times} rounds, the programs of a round one after the other. All panels have {ran['load'].answer['groups']:,} groups: {_equal(ran)}.",
        f"The store needs {ran['load'].answer['bytes_a_row']:.1f} bytes a row.",
        f"{files} such files into one store, rows a second of each: {', '.join(f'{one:,.0f}' for one in many.answer['rows_a_second'])}; a CPU second: "
        f"{', '.join(f'{one:,.0f}' for one in many.answer['rows_a_cpu_second'])}.",
    ]
    return Section("event_store", "Event store: first load and panel", lines, notes)


def _lines(rows: int, ran: dict[str, Run], panel: Run, cold: Run, many: Run) -> list[Measured]:
    ours, scan, same = (ran[name].answer["seconds"] for name in ("load", "duckdb", "duckdb_load"))
    load = ran["load"]
    within = load.peak_mb < MOST_MEMORY
    peers = [Measured(title, ran[name].answer["seconds"], ran[name].cpu, ran[name].peak_mb, peer=True) for name, (title, _) in PEERS.items()]
    return [
        Measured(f"first load of {rows:,} rows", ours, load.cpu, load.peak_mb, f"at most 5 × DuckDB's plain scan ({ours / scan:.1f} ×)", ours <= 5 * scan),
        Measured("the same", ours, load.cpu, load.peak_mb, f"faster than DuckDB's load ({same / ours:.1f} × as fast)", ours < same),
        Measured("the same", None, None, load.peak_mb, f"under {MOST_MEMORY} MB", within),
        under("the panel from the store", panel.answer["seconds"], 0.15, peak_mb=panel.peak_mb),
        Measured("comity events panel, cold process", cold.wall, cold.cpu, cold.peak_mb),
        Measured(
            f"{len(many.answer['rows_a_second'])} × {rows:,} rows", many.wall, many.cpu, many.peak_mb, f"under {MOST_MEMORY} MB", many.peak_mb < MOST_MEMORY
        ),
        *peers,
    ]


def _middle(runs: list[Run]) -> Run:
    """The run with the median seconds of the work itself; CPU and peak are the medians of their own."""
    chosen = sorted(runs, key=lambda run: run.answer["seconds"])[len(runs) // 2]
    return Run(chosen.wall, statistics.median(run.cpu for run in runs), statistics.median(run.peak_mb for run in runs), chosen.answer)


def _equal(ran: dict[str, Run]) -> str:
    answers = {(run.answer["groups"], run.answer["events"]) for run in ran.values() if "groups" in run.answer}
    return "equal numbers of events" if len(answers) == 1 else f"different answers {sorted(answers)}"


def load(export: Path, store: Path) -> dict[str, Any]:
    """Seconds of one load into a fresh store, and the panel from it."""
    import shutil

    from comity.events.loading import load as load_files
    from comity.events.origin import source_of
    from comity.events.store import open_store

    shutil.rmtree(store, ignore_errors=True)
    watch = Stopwatch()
    opened = open_store(store, create=True)
    summary = load_files(opened, [export], source_of=source_of)
    watch.lap("load")
    size, rows = sum(part.size for part in opened.ledger.parts), summary.totals["rows"]
    peak = peak_mb()
    answer = panel(store)
    return answer | {"seconds": watch.wall["load"], "text_mb": export.stat().st_size / 1e6, "bytes_a_row": size / rows, "peak_mb": peak}


def panel(store: Path) -> dict[str, Any]:
    """Seconds of the panel from the store, opened anew, after a first call that loads the libraries."""
    from comity.events.panels import PanelSpec
    from comity.events.panels import panel as of_store
    from comity.events.store import open_store

    spec = PanelSpec(actors=SIX, by="quad")
    of_store(open_store(store), spec)
    watch = Stopwatch()
    rows = of_store(open_store(store), spec).rows
    watch.lap("panel")
    return {"seconds": watch.wall["panel"], "groups": rows.height, "events": int(rows["events"].sum())}


def many(files: int, rows: int, folder: Path) -> dict[str, Any]:
    """Rows a second of each of several files loaded into one store; only one file lies on the disk beside the first."""
    from bench.gdelt_made import write_export
    from comity.events.loading import load as load_files
    from comity.events.origin import source_of
    from comity.events.store import open_store

    made = folder / "first.CSV"
    if not made.is_file():
        write_export(made, rows, seed=1)
    opened, speeds, by_cpu = open_store(folder / "many", create=True), [], []
    for number in range(files):
        path = _with_other_ids(made, folder / f"{number}.export.CSV", number)
        watch = Stopwatch()
        summary = load_files(opened, [path], source_of=source_of)
        watch.lap("load")
        assert summary.totals["rows"] == rows, summary.totals
        speeds.append(rows / watch.wall["load"])
        by_cpu.append(rows / watch.cpu["load"])
        path.unlink()
    made.unlink()
    peak = peak_mb()  # of the loads, before the panel
    told = panel(folder / "many")
    size = sum(part.size for part in opened.ledger.parts)
    return {"rows_a_second": speeds, "rows_a_cpu_second": by_cpu, "load_peak_mb": peak, "panel": told["seconds"], "size": size, "peak_mb": peak_mb()}


def _with_other_ids(source: Path, target: Path, number: int) -> Path:
    """A copy of an export whose ids are those of another time."""
    start = b"\n%02d" % (10 + number)
    with source.open("rb") as read, target.open("wb") as written:
        while lines := read.readlines(1 << 22):
            written.write((b"\n" + b"".join(lines)).replace(ID_START, start)[1:])
    return target


RUNS: dict[str, Callable[..., dict[str, Any]]] = {
    "load": lambda export, store: load(Path(export), Path(store)),
    "panel": lambda store: panel(Path(store)),
    "many": lambda files, rows=str(ROWS), folder=None: _many(int(files), int(rows), folder),
    **{name: (lambda export, run=run: run(Path(export), SIX)) for name, (_, run) in PEERS.items()},
}


def _many(files: int, rows: int, folder: str | None) -> dict[str, Any]:
    if folder is not None:
        return many(files, rows, Path(folder))
    with tempfile.TemporaryDirectory(prefix="comity-bench-") as made:
        return many(files, rows, Path(made))


if __name__ == "__main__":
    print(json.dumps(RUNS[sys.argv[1]](*sys.argv[2:])))
