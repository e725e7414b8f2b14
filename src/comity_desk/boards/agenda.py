"""The reader's agenda: what the record holds for the days asked, with the days on which agreements need notice.

Exercises, meetings, visits, mandates and promises are read from the snapshot; notice days come with the board of decisions as last made for
the reader's class, since they follow from rules.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from comity.measures.agenda import agenda, deadlines
from comity.measures.commitment_state import commitment_states
from comity.register.snapshot import Snapshot
from comity_desk.boards.catalogue import board_named
from comity_desk.boards.live import of_snapshot
from comity_desk.boards.models import BoardResult
from comity_desk.boards.results import data_of

WATCHED: dict[str, Any] = {
    "item": pl.String,
    "ref": pl.String,
    "partners": pl.List(pl.String),
    "what_en": pl.String,
    "what_ko": pl.String,
    "days_left": pl.Int64,
    "due": pl.String,
}


def watched(snapshot: Snapshot) -> list[dict[str, object]]:
    """What falls due, as the board of decisions last told it, of records that may still be seen."""
    return _seen(snapshot, of_snapshot(snapshot, board_named("due"), {}).result)


def _seen(snapshot: Snapshot, result: BoardResult | None) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = snapshot.remembered(
        ("watched", result.key if result is not None else ""),
        lambda: [row for row in data_of(snapshot, result).get("watch", []) if snapshot.has_record(row["ref"])],
    )
    return rows


def agenda_of(snapshot: Snapshot, first: date, last: date) -> pl.DataFrame:
    """Everything in the calendar from `first` to `last`, in order."""
    result = of_snapshot(snapshot, board_named("due"), {}).result

    def together() -> pl.DataFrame:
        rows = pl.DataFrame(_seen(snapshot, result), schema=WATCHED, orient="row").with_columns(pl.col("due").str.to_date())
        ahead = deadlines(snapshot, rows.filter(pl.col("due").is_between(first, last)))
        return pl.concat([agenda(snapshot, first=first, last=last), ahead]).sort("first", "last", "item", "ref")

    made: pl.DataFrame = snapshot.remembered(("agenda", first, last, result.key if result is not None else ""), together)
    return made


def promised(snapshot: Snapshot, today: date) -> pl.DataFrame:
    """How every promise stands today."""
    states: pl.DataFrame = snapshot.remembered(("promises", today), lambda: commitment_states(snapshot, snapshot.home, as_of=today))
    return states
