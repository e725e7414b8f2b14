"""What in the record waits for somebody: promises past their day, plans whose day has come and gone, doubts not settled, states nobody looked at for long?

Read from a snapshot and a day. Each row names the record and the day since which it waits. A row says that the register has not been told;
the promise may have been kept, and the exercise held.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl

from comity.register.snapshot import Snapshot
from comity.vocab.kinds import Kind, kinds

SCHEMA: dict[str, Any] = {"kind": pl.String, "id": pl.String, "since": pl.Date}
PLANNED = {"exercise": ("start", "end"), "dialogue": ("start", "end")}
GOING_ON = ("agreement", "agreement_period", "attache_post", "deployment", "dialogue_series", "exercise_series", "office_holder", "partner")
LOOKED_AT = timedelta(days=365)


def promises_overdue(snapshot: Snapshot, as_of: date) -> pl.DataFrame:
    """Commitments neither kept nor dropped whose last possible day has passed; `since` is that day."""
    frame = _own(snapshot, "commitment").filter(pl.col("status").is_in(["open", "late"]) & pl.col("done").is_null())
    return _since(frame.filter(pl.col("due_latest") < as_of), "commitment", pl.col("due_latest"))


def plans_unresolved(snapshot: Snapshot, as_of: date) -> pl.DataFrame:
    """Exercises and meetings still said to be planned although their last possible day has passed; `since` is that day."""
    found = []
    for name, (start, end) in PLANNED.items():
        last = pl.max_horizontal(f"{start}_latest", f"{end}_latest")
        frame = _own(snapshot, name).filter((pl.col("status") == "planned") & (last < as_of))
        found.append(_since(frame, name, last))
    return pl.concat(found).sort("since", "kind", "id")


def findings_open(snapshot: Snapshot, as_of: date) -> pl.DataFrame:
    """Audit findings that were marked and not settled; `since` is the day on which they were entered."""
    frame = snapshot.frame("finding").filter((pl.col("settlement") == "marked") & (pl.col("entered_at") <= as_of))
    return _since(frame, "finding", pl.col("entered_at"))


def unlooked_at(snapshot: Snapshot, as_of: date, *, longer_than: timedelta = LOOKED_AT) -> pl.DataFrame:
    """Records of states that go on, of which nothing was entered for long; `since` is the last day on which anything was."""
    claims = (
        snapshot.frame("claim")
        .group_by("record_kind", "record")
        .agg(pl.max_horizontal(pl.col("entered_at").max(), pl.col("superseded_at").max()).alias("told"))
    )
    found = []
    for name in GOING_ON:
        own = claims.filter(pl.col("record_kind") == name)
        frame = _own(snapshot, name).filter(_goes_on(kinds()[name], as_of)).join(own, left_on="id", right_on="record", how="left")
        last = pl.max_horizontal("entered_at", "told")
        found.append(_since(frame.filter(last < as_of - longer_than), name, last))
    return pl.concat(found).sort("since", "kind", "id")


def _own(snapshot: Snapshot, kind: str) -> pl.DataFrame:
    """Records that are one thing of their kind, with a source or without."""
    return snapshot.frame(kind).filter(pl.col("counts"))


def _goes_on(kind: Kind, as_of: date) -> pl.Expr:
    """Whether nothing says that the state was over on the day."""
    end = kind.span[1] if kind.span else ""
    return (pl.col(f"{end}_latest") >= as_of).fill_null(True)


def _since(frame: pl.DataFrame, kind: str, since: pl.Expr) -> pl.DataFrame:
    return frame.select(pl.lit(kind).alias("kind"), "id", since.alias("since")).sort("since", "id")
