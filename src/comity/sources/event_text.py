"""What the readers of text events with a header share: cells to events, checks, quarantine and the count of what was mended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from comity.sources.cameo import codes, lost_zero, plover_root, quad_class
from comity.sources.headed import Cells, headed_cells
from comity.sources.reading import EVENT_SCHEMA, Batch, empty_events
from comity.sources.sifting import Check, no_place, sift
from comity.sources.text_rows import quarantined, whole_file

MANY_LOST = 0.2
LOST_ZEROS = sorted({code[1:] for code in codes() if code.startswith("0") and lost_zero(code[1:])})


@dataclass(frozen=True)
class EventForm:
    """A form of event text: the columns that it needs, how cells become typed columns (steps, one after another), and what a row must satisfy.

    A cell whose name is also one of EVENT_SCHEMA is called `…_said`, so that what was read stands beside what was said.
    """

    columns: tuple[str, ...]
    steps: tuple[tuple[pl.Expr, ...], ...]
    checks: tuple[Check, ...]
    mended: tuple[tuple[str, pl.Expr], ...] = ()
    members: bool = False
    commas: bool = False


def event_batches(path: Path, form: EventForm, *, batch_lines: int) -> Iterator[Batch]:
    """The events of one file of the form, block by block; a file in which all codes lost their zeros goes into quarantine whole."""
    damaged, lines = False, 0
    for cells in headed_cells(path, form.columns, batch_lines=batch_lines, members=form.members, commas=form.commas):
        batch = _batch(path, form, cells)
        damaged = damaged or zeros_lost(batch)
        lines += batch.lines
        if batch.lines:
            yield _all_out(path, cells) if damaged else batch
    if lines == 0:
        yield Batch(empty_events(), whole_file(path, "empty-file"), 0)


def zeros_lost(batch: Batch) -> bool:
    """Whether many event codes lost their leading zero and none kept it: then a spreadsheet had the whole file, not one row.

    In event data six codes of ten begin with a zero; one of five is enough to tell, so that a single slip of a pen does not condemn a file.
    """
    lost = int((batch.quarantine["reason"] == "lost-zero").sum())
    return lost > 0 and lost >= MANY_LOST * (lost + batch.events.height) and not batch.events["code"].str.starts_with("0").any()


def cameo_exprs(code: str) -> tuple[pl.Expr, pl.Expr]:
    """PLOVER root and quad class (`_quad`) of the CAMEO code in a column."""
    root = {one: plover_root(one) for one in codes()}
    quad = {one: quad_class(one) for one in codes()}
    return (
        pl.col(code).replace_strict(root, default=None, return_dtype=pl.String).alias("root"),
        pl.col(code).replace_strict(quad, default=None, return_dtype=pl.Int8).alias("_quad"),
    )


def place_checks(lat: str, lon: str) -> tuple[Check, ...]:
    """Coordinates (`lat`, `lon`) that can be read from the cells named and lie on the globe."""
    checks: list[Check] = []
    for name, number, bound in ((lat, pl.col("lat"), 90), (lon, pl.col("lon"), 180)):
        checks.append(Check(name, "number", number.is_null() & pl.col(name).is_not_null()))
        checks.append(Check(name, "range", number.is_not_null() & ~number.is_between(-bound, bound)))
    return tuple(checks)


def _batch(path: Path, form: EventForm, part: Cells) -> Batch:
    rows = part.cells.rename(lambda name: f"{name}_said" if name in EVENT_SCHEMA else name)
    for step in form.steps:
        rows = rows.with_columns(step)
    rows = rows.with_columns(part.numbers)
    lines = len(part.at) + part.quarantine.height
    if rows.is_empty():
        return Batch(empty_events(), part.quarantine, lines)
    good, kept_out = sift(rows, form.checks, path=path, block=part.block, at=part.at)
    rows = rows.filter(good)
    counts = rows.select(
        ((pl.col("lat") == 0) & (pl.col("lon") == 0)).sum().alias("zero-place"),
        (pl.col("lat").is_null() != pl.col("lon").is_null()).sum().alias("half-place"),
        *(expr.sum().alias(name) for name, expr in form.mended),
    ).row(0, named=True)
    repaired = Counter({"latin-1": part.latin}) + Counter(counts)
    nowhere = no_place()
    rows = rows.with_columns(pl.when(~nowhere).then("lat").alias("lat"), pl.when(~nowhere).then("lon").alias("lon"))
    events = rows.select((pl.col(name) if name in rows.columns else pl.lit(None)).cast(dtype).alias(name) for name, dtype in EVENT_SCHEMA.items())
    return Batch(events, pl.concat([part.quarantine, kept_out]).sort("line"), lines, dict(repaired))


def _all_out(path: Path, part: Cells) -> Batch:
    at = np.arange(1 if part.block.begins else 0, part.block.lines)
    reasons: Sequence[str] = ["spreadsheet"] * len(at)
    return Batch(empty_events(), quarantined(path, part.block, at, list(reasons), [None] * len(at)), len(at))
