"""`comity check kor`: the whole command, beside reading the same files with pandas and a row-by-row script with rules for single cells.

The script checks that required cells are filled and that codes, links and dates can be read, as such scripts do; it knows nothing of the
logic across rows, of claims or of the seal, which the command checks too.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from bench.clock import Stopwatch, comity, median, peak_mb, python
from bench.results import Measured, Section, under


def measure(times: int = 5) -> Section:
    """Cold processes."""
    ours = median(comity("check", "kor"), times)
    script = median(python("-m", "bench.checking", "script"), times, answers=True)
    pandas = median(python("-m", "bench.checking", "pandas"), times, answers=True)
    lines = [
        under("comity check kor", ours.wall, 3.0, cpu=ours.cpu, peak_mb=ours.peak_mb),
        Measured("a script over the rows, single cells only", script.wall, script.cpu, script.peak_mb, peer=True),
        Measured("pandas.read_csv of the same files, no check", pandas.wall, pandas.cpu, pandas.peak_mb, peer=True),
    ]
    return Section("checking", "Checking the shipped register", lines, [f"Medians of {times} processes; {pandas.answer['rows']:,} rows."])


def folders() -> list[Path]:
    """Folders of the shipped package and of what it extends."""
    from comity.register.package import package_path

    return [package_path("kor"), package_path("world")]


def by_pandas() -> dict[str, Any]:
    """Read every file as text."""
    import pandas as pd  # type: ignore[import-untyped]  # its stubs are not worth a dependency

    frames = [pd.read_csv(path, dtype=str, keep_default_na=False) for folder in folders() for path in sorted(folder.glob("*.csv")) if path.name != "seal.csv"]
    return {"rows": sum(len(frame) for frame in frames)}


def by_script() -> dict[str, Any]:
    """Read every file and look at each cell; the number of faults found."""
    import csv

    from comity.vocab.kinds import kinds

    rows: dict[str, list[dict[str, str]]] = {}
    for kind in kinds().values():
        for folder in folders():
            if (folder / kind.file).is_file():
                with (folder / kind.file).open(encoding="utf-8", newline="") as file:
                    rows.setdefault(kind.name, []).extend(csv.DictReader(file))
    ids = {name: {row["id"] for row in listed} for name, listed in rows.items()}
    faults = sum(_faulty(row[field.name], field, ids) for name, listed in rows.items() for field in kinds()[name].fields for row in listed)
    return {"faults": faults, "rows": sum(len(listed) for listed in rows.values())}


def _faulty(cell: str, field: Any, ids: dict[str, set[str]]) -> bool:
    from comity.vocab.dates import PartialDate
    from comity.vocab.errors import NotADate
    from comity.vocab.kinds import codes

    if not cell:
        return bool(field.required)
    parts = cell.split(";") if field.is_list else [cell]
    if field.type in ("code", "codes"):
        return not all(part in codes(str(field.codes)) for part in parts)
    if field.type in ("actor", "actors"):
        return not all(part in ids["actor"] for part in parts)
    if field.type in ("link", "links"):
        split = [part.split(":", 1) if field.target == "any" else [str(field.target), part] for part in parts]
        return not all(len(pair) == 2 and pair[1] in ids.get(pair[0], set()) for pair in split)
    if field.type == "date":
        try:
            PartialDate.parse(cell)
        except NotADate:
            return True
    return False


if __name__ == "__main__":
    watch = Stopwatch()
    found = by_script() if "script" in sys.argv else by_pandas()
    watch.lap("inner")
    print(json.dumps(found | watch.wall | {"peak_mb": peak_mb()}))
