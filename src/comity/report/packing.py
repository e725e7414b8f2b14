"""A result as bytes and back: frames as Arrow, the rest as JSON. Nothing packed is ever run."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date

import polars as pl

from comity.measures.result import Result
from comity.vocab.text import Text


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
