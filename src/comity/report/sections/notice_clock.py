"""The notice clock: every agreement that stands and whose term is known, by the days that are left to give notice."""

from __future__ import annotations

from typing import Any

import polars as pl

from comity.report.context import Context
from comity.report.document import Cell, Column, Num, Section, Table
from comity.report.words import actors, day, titled
from comity.vocab.text import Text

URGENCY = (  # days left up to which it is called so
    (-1, "past", Text("Day for notice past", "통보 기한 경과")),
    (30, "now", Text("Within 30 days", "30일 이내")),
    (90, "soon", Text("Within 90 days", "90일 이내")),
    (365, "year", Text("Within a year", "1년 이내")),
)
LATER = ("later", Text("Later", "1년 이후"))


def urgency(days: int) -> tuple[str, Text]:
    """How pressing so many days are, as a word for styles and as words."""
    return next(((name, words) for limit, name, words in URGENCY if days <= limit), LATER)


def notice_clock(context: Context) -> Section:
    """The section with the clock."""
    return Section("notice-clock", Text("Days left to give notice", "통보 기한까지 남은 날"), (_clock(context),))


def clock_rows(context: Context) -> pl.DataFrame:
    """Agreements that stand with a day for notice, a renewal or an end ahead, the soonest first; `days` to the nearest of them."""
    known = pl.min_horizontal("days_to_notice", "days_left")
    return context.agreements.rows.with_columns(days=known).filter(pl.col("days").is_not_null()).sort("days", "id")


def _clock(context: Context) -> Table:
    rows = clock_rows(context)
    made = tuple(_row(context, row) for row in rows.iter_rows(named=True))
    columns = (
        Column(Text("Urgency", "긴급도"), width=2),
        Column(Text("Days", "남은 날"), "right"),
        Column(Text("Agreement", "협정"), width=4),
        Column(Text("With", "상대"), width=2),
        Column(Text("Notice by", "통보 기한")),
        Column(Text("Renewal", "연장일")),
        Column(Text("Term ends", "기간 만료")),
        Column(Text("State", "상태"), width=2),
    )
    unknown = context.agreements.rows.height - rows.height
    return Table("notice-clock-table", Text("The soonest first", "빠른 순"), columns, made, note=_UNKNOWN.format(n=unknown))


def _row(context: Context, row: dict[str, Any]) -> tuple[Cell, ...]:
    words = urgency(row["days"])[1]
    return (
        words,
        Num(Text(f"{row['days']:,}", f"{row['days']:,}"), tuple(row["records"]), row["days"]),
        titled(context.snapshot, f"agreement:{row['id']}"),
        actors(context.snapshot, row["partners"]),
        day(row["notice_day"]),
        day(row["renewal_day"]),
        day(row["term_end"]),
        Text(row["state_en"], row["state_ko"]),
    )


_UNKNOWN = Text(
    "{n} more agreements stand, but the record does not know their term or notice: nothing can be counted down for them.",
    "그 밖에 {n}건의 협정이 유효하나 기간이나 통보 규정이 확인되지 않아 기한을 셀 수 없다.",
)
