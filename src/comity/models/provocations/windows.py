"""When were exercises under way and when did the adversary talk: the windows that forecasts and effect designs use.

Read from exercises in which the home country took part for deterrence, and from talks and summits with its adversaries. An exercise enters
only with a day for its start and its end, held and sourced; talks only with a day. What does not enter is counted by reason, so that a page
can say how much is left. Nothing here says what a window did.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from comity.measures.pressure_acts import acts_of
from comity.models.provocations.act_series import Floats
from comity.register.snapshot import Snapshot
from comity.vocab.text import Text

HELD = ("conducted", "scaled_down")


@dataclass(frozen=True)
class Windows:
    """Dated windows, one row each: `ref`, `start`, `end` (days), `main` (of the great yearly series), `series`, `status`; and what was left out."""

    rows: pl.DataFrame
    left_out: dict[str, int]
    total: int

    def during(self, first: date, days: int, *, main: bool | None = None) -> Floats:
        """1 on each day of the grid on which any window was open, else 0; shape (days,)."""
        rows = self.rows if main is None else self.rows.filter(pl.col("main") == main)
        under_way = np.zeros(days)
        for start, end in rows.select("start", "end").iter_rows():
            under_way[max(0, (start - first).days) : max(0, (end - first).days + 1)] = 1.0
        return under_way


def exercise_windows(snapshot: Snapshot, home: str, *, until: date, purpose: str = "deterrence") -> Windows:
    """Exercises of `home` for `purpose` held up to `until`, those of the package's `main_exercises` marked `main`.

    `left_out` counts by reason: `unsourced`, `not_held` (planned, postponed, suspended, cancelled), `no_day` (start or end not known to the
    day), `inside_another` (nested in an exercise that is itself in the list).
    """
    frame = snapshot.frame("exercise").filter(pl.col("count_as").is_null() & pl.col("counted_with").is_null())
    ours = frame.filter(pl.col("participants").list.contains(home) & pl.col("purpose").list.contains(purpose) & (pl.col("start_earliest") <= until))
    exact = (pl.col("start_earliest") == pl.col("start_latest")) & (pl.col("end_earliest") == pl.col("end_latest"))
    main = list(snapshot.settings.get("main_exercises", []))
    reason = (
        pl.when(~pl.col("sourced") & (not snapshot.include_unsourced)).then(pl.lit("unsourced"))
        .when(~pl.col("status").is_in(HELD)).then(pl.lit("not_held"))
        .when(~exact.fill_null(False)).then(pl.lit("no_day"))
    )  # fmt: skip
    marked = ours.with_columns(reason=reason, ref="exercise:" + pl.col("id"), main=pl.col("series").is_in(main))
    kept = marked.filter(pl.col("reason").is_null())
    inside = pl.col("nested_in").is_in(kept["id"].to_list()).fill_null(False)
    nested = kept.filter(inside).height
    rows = kept.filter(~inside).select(
        "ref", "series", "status", "main", "personnel", start="start_earliest", end=pl.min_horizontal("end_latest", pl.lit(until))
    )
    return Windows(rows.sort("start", "ref"), _counted(marked, nested), marked.height)


def talk_days(snapshot: Snapshot, home: str, *, until: date, summits_only: bool = False) -> Windows:
    """Days of talks with an adversary up to `until`, by `home` or by others; `main` marks summits. `left_out`: `no_day`."""
    acts = acts_of(snapshot, home, until, (), ()).filter(pl.col("role") == "talks")
    summits = acts.filter(pl.col("what").str.starts_with("summits"))["ref"].unique().to_list()
    talks = acts.filter(pl.col("what").str.starts_with("talks")).with_columns(main=pl.col("ref").is_in(summits))
    talks = talks.unique("ref", keep="first", maintain_order=True)
    kept = talks.filter(pl.col("exact"))
    if summits_only:
        kept = kept.filter(pl.col("main"))
    series = pl.when(pl.col("what") == "talks").then(pl.lit("own")).otherwise(pl.lit("others"))
    rows = kept.select("ref", "main", series=series, status=pl.lit("held"), personnel=pl.lit(None, dtype=pl.Int64), start="day", end="day")
    return Windows(rows.sort("start", "ref"), {"no_day": talks.filter(~pl.col("exact")).height}, talks.height)


def _counted(marked: pl.DataFrame, nested: int) -> dict[str, int]:
    counts: dict[str, int] = dict(marked.filter(pl.col("reason").is_not_null()).group_by("reason").len().sort("reason").iter_rows())
    return counts | ({"inside_another": nested} if nested else {})


REASONS = {
    "unsourced": Text("without a source", "출처 없음"),
    "not_held": Text("not held", "실시되지 않음"),
    "no_day": Text("start or end not known to the day", "시작일 또는 종료일 미상"),
    "inside_another": Text("part of a larger exercise that is counted", "집계된 더 큰 연습의 일부"),
}
