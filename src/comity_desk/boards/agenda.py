"""The reader's agenda: what the record holds for the days asked, with the days on which agreements need notice.

Exercises, meetings, visits, mandates and promises are read from the snapshot; notice days come with the board of decisions as last made for
the reader's class, since they follow from rules.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from comity.measures.agenda import agenda, deadlines
from comity.register.snapshot import Snapshot
from comity_desk.boards.catalogue import board_named
from comity_desk.boards.live import of_snapshot

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
    shown = of_snapshot(snapshot, board_named("due"), {})
    rows = shown.result.data.get("watch", []) if shown.result is not None else []
    return [row for row in rows if snapshot.has_record(row["ref"])]


def agenda_of(snapshot: Snapshot, first: date, last: date) -> pl.DataFrame:
    """Everything in the calendar from `first` to `last`, in order."""
    rows = pl.DataFrame(watched(snapshot), schema=WATCHED, orient="row").with_columns(pl.col("due").str.to_date())
    ahead = deadlines(snapshot, rows.filter(pl.col("due").is_between(first, last)))
    own = snapshot.remembered(("agenda", first, last), lambda: agenda(snapshot, first=first, last=last))
    return pl.concat([own, ahead]).sort("first", "last", "item", "ref")
