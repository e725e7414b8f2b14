"""Results of measures kept from one page to the next, in the user's cache folder.

The name of a kept result holds everything that it depends on: the snapshot's hash, the measure, the country, the day, the settings and the
code. Frames are kept as Arrow, the rest as JSON; nothing kept is ever run.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

import comity
from comity.measures.result import Result
from comity.register.cache import cached
from comity.register.snapshot import Snapshot
from comity.vocab.text import Text


def kept(snapshot: Snapshot, name: str, home: str, as_of: date, settings: Any, make: Callable[[], Result]) -> Result:
    """The result, made once for this snapshot, measure, country, day, settings and code."""
    told = (snapshot.hash, snapshot.include_unsourced, name, home, as_of.isoformat(), repr(settings), code_digest())
    key = hashlib.sha256(repr(told).encode()).hexdigest()[:32]
    return unpacked(cached(f"result-{name}-{key}.zip", lambda: packed(make())))


@cache
def code_digest() -> str:
    """Digest of the code and vocabulary that results are computed with."""
    root, whole = Path(comity.__file__).parent, hashlib.sha256()
    for part in ("vocab", "register", "measures", "models"):
        for path in sorted(entry for entry in (root / part).rglob("*") if entry.suffix in (".py", ".yaml")):
            whole.update(path.name.encode() + b"\0" + path.read_bytes())
    return whole.hexdigest()


def packed(result: Result) -> bytes:
    """A result as bytes."""
    notes = [[note.en, note.ko] for note in result.notes]
    head = {
        "measure": result.measure,
        "as_of": result.as_of.isoformat(),
        "home": result.home,
        "snapshot": result.snapshot,
        "settings": result.settings,
        "notes": notes,
    }
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("head.json", json.dumps(head | {"tables": list(result.tables)}, default=str))
        for at, frame in enumerate([result.rows, *result.tables.values()]):
            arrow = io.BytesIO()
            frame.write_ipc(arrow)
            archive.writestr(f"{at}.arrow", arrow.getvalue())
    return held.getvalue()


def unpacked(data: bytes) -> Result:
    """The result that `packed` put into bytes."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        head = json.loads(archive.read("head.json"))
        frames = [pl.read_ipc(io.BytesIO(archive.read(f"{at}.arrow"))) for at in range(len(head["tables"]) + 1)]
    notes = tuple(Text(en, ko) for en, ko in head["notes"])
    tables = dict(zip(head["tables"], frames[1:], strict=True))
    return Result(head["measure"], date.fromisoformat(head["as_of"]), head["home"], head["snapshot"], head["settings"], frames[0], notes, tables)
