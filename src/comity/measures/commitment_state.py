"""Which promises were kept by a day, which are overdue, and who owes what to whom?

Read from commitments: by whom, to whom, due, done. A promise is late only when the last day that its due date may mean has passed; one that was
kept on an imprecise date is called late only when every day that it may mean lies after the due date. That nothing is recorded as done does
not say that nothing was done.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from comity.register.snapshot import Snapshot
from comity.vocab.text import Text

STATES = {
    "overdue": Text("Overdue", "기한 경과"),
    "late": Text("Said to be late", "지연(출처)"),
    "soon": Text("Due soon", "기한 임박"),
    "open": Text("Open", "진행"),
    "undated": Text("Open, no due date", "진행(기한 없음)"),
    "kept_late": Text("Kept late", "지연 이행"),
    "kept": Text("Kept", "이행"),
    "dropped": Text("Dropped", "철회"),
}
SIDES = {
    "ours": Text("We owe them", "우리가 지킬 약속"),
    "theirs": Text("They owe us", "상대가 지킬 약속"),
    "together": Text("Together", "공동"),
    "others": Text("Between others", "제3자 간"),
}
OPEN = ("overdue", "late", "soon", "open", "undated")


@dataclass(frozen=True, slots=True)
class CommitmentSettings:
    """What counts as soon."""

    soon_days: int = 90
    """A quarter: the usual step between two working-level meetings."""


def commitment_states(snapshot: Snapshot, home: str, *, as_of: date, settings: CommitmentSettings | None = None) -> pl.DataFrame:
    """Promises made by `as_of`: their columns, `ref`, `partners` (those in it besides `home`), `state`, `side`, `days_left`; the most pressing first."""
    chosen = settings or CommitmentSettings()
    frame = snapshot.counted("commitment").filter(pl.col("promised_earliest") <= as_of)
    done = (pl.col("done_earliest") <= as_of).fill_null(False)
    partners = pl.col("by").list.set_union("to").list.set_difference([home]).list.sort()
    made = frame.with_columns(
        ref=pl.lit("commitment:") + pl.col("id"),
        partners=partners,
        state=_state(done, as_of, chosen),
        side=_side(home),
        days_left=(pl.col("due_latest") - pl.lit(as_of)).dt.total_days(),
    )
    order = {name: at for at, name in enumerate(STATES)}
    return made.sort(
        pl.col("state").replace_strict(order, return_dtype=pl.Int64), pl.col("due_latest"), pl.col("promised_earliest"), pl.col("id"), nulls_last=True
    )


def _state(done: pl.Expr, as_of: date, settings: CommitmentSettings) -> pl.Expr:
    late = (pl.col("done_earliest") > pl.col("due_latest")).fill_null(False)
    days = (pl.col("due_latest") - pl.lit(as_of)).dt.total_days()
    return (
        pl.when(done & late)
        .then(pl.lit("kept_late"))
        .when(done)
        .then(pl.lit("kept"))
        .when(pl.col("status") == "dropped")
        .then(pl.lit("dropped"))
        .when(days < 0)
        .then(pl.lit("overdue"))
        .when(pl.col("status") == "late")
        .then(pl.lit("late"))
        .when(days <= settings.soon_days)
        .then(pl.lit("soon"))
        .when(pl.col("due").is_null())
        .then(pl.lit("undated"))
        .otherwise(pl.lit("open"))
    )


def _side(home: str) -> pl.Expr:
    by, to = pl.col("by").list.contains(home), pl.col("to").list.contains(home)
    alone = pl.col("by").list.len() == 1
    return pl.when(by & (alone | ~to)).then(pl.lit("ours")).when(by).then(pl.lit("together")).when(to).then(pl.lit("theirs")).otherwise(pl.lit("others"))
