"""Made-up events in a form of the tests' own: one JSON object a line, `!` for a damaged line, so that the store is tested apart from the readers."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from comity.events.loading import Source
from comity.sources.reading import EVENT_SCHEMA, QUARANTINE_SCHEMA, Batch
from comity.vocab.errors import DamagedFile
from comity.vocab.text import same

STATES = ["KOR", "PRK", "USA", "CHN", "JPN", None]
CODES = [("010", "ENGAGE", 1, 0.0), ("042", "CONSULT", 1, 1.9), ("112", "ACCUSE", 3, -2.0), ("190", "ASSAULT", 4, -10.0), ("071", "AID", 2, 7.4)]


def event(number: int, *, seed: int = 0) -> dict[str, Any]:
    """The event with this number, always the same."""
    rng = random.Random(number * 7919 + seed)
    code, root, quad, goldstein = rng.choice(CODES)
    day = date(2019, 11, 25) + timedelta(days=rng.randrange(70))
    row: dict[str, Any] = dict.fromkeys(EVENT_SCHEMA) | {
        "event_id": str(1_000_000 + number), "day": day.isoformat(), "added_at": f"{day + timedelta(days=rng.randrange(3))}T06:15:00", "actor1": rng.choice(STATES),
        "actor2": rng.choice(STATES), "role1": rng.choice(["GOV", "MIL", None]), "role2": rng.choice(["GOV", None]), "code": code, "root": root, "quad": quad,
        "goldstein": goldstein, "tone": round(rng.uniform(-9, 9), 3) if rng.random() < 0.9 else None, "mentions": rng.randrange(1, 20) if rng.random() < 0.95 else None,
        "place": rng.choice(["KOR", "JPN", None]),
    }  # fmt: skip
    return {name: value for name, value in row.items() if name != "line"}


def write_lines(path: Path, numbers: list[int | None]) -> Path:
    """A file of these events; None is a damaged line."""
    path.write_text("".join(("!" if number is None else json.dumps(event(number))) + "\n" for number in numbers))
    return path


def read_lines(path: Path, *, batch_lines: int = 250_000) -> Iterator[Batch]:
    """The reader of this form. A line `cut off` is a file that breaks there; `wait` stands still for a while."""
    lines = path.read_text().splitlines()
    for start in range(0, max(len(lines), 1), batch_lines):
        good, bad = [], []
        chosen = lines[start : start + batch_lines]
        for number, line in enumerate(chosen, start + 1):
            if line == "cut off":
                raise DamagedFile(same(f"{path.name}: cut off"), path.name, "corrupt-zip")
            if line == "wait":
                time.sleep(0.2)
            if line.startswith("{"):
                good.append(_typed(json.loads(line)) | {"line": number})
            else:
                bad.append({"file": path.name, "line": number, "field": "day", "reason": "blank-line" if line == "wait" else "date", "text": line})
        yield Batch(pl.DataFrame(good, schema=EVENT_SCHEMA, orient="row"), pl.DataFrame(bad, schema=QUARANTINE_SCHEMA, orient="row"), len(chosen))


def lines_source(path: Path) -> Source:
    """Every file is of this form; the source is the first word of its name."""
    return Source(path.name.split("-")[0].partition(".")[0], read_lines)


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"day": date.fromisoformat(row["day"]), "added_at": datetime.fromisoformat(row["added_at"])}
