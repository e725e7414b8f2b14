"""Promises: what is overdue, due soon and open, and what was kept; by whom and to whom."""

from __future__ import annotations

from typing import Any

import polars as pl

from comity.measures.commitment_state import OPEN, SIDES, STATES, commitment_states
from comity.report.context import Context
from comity.report.document import Cell, Column, Num, Paragraph, Section, Table
from comity.report.words import actors, count, day, number, titled
from comity.vocab.text import Text

LISTED = 120


def commitments(context: Context, partner: str | None = None) -> Section:
    """The section on promises, of one partner where one is named."""
    rows = commitment_states(context.snapshot, context.home, as_of=context.as_of)
    if partner is not None:
        rows = rows.filter(pl.col("partners").list.contains(partner))
    still = rows.filter(pl.col("state").is_in(OPEN))
    return Section(
        "commitments",
        _TITLE,
        (_lead(rows), _table(context, still, "commitments-open", _OPEN), _table(context, _settled(rows), "commitments-settled", _SETTLED)),
    )


def _settled(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.filter(~pl.col("state").is_in(OPEN)).sort("done_earliest", "id", descending=[True, False], nulls_last=True)


def _lead(rows: pl.DataFrame) -> Paragraph:
    def of(*states: str) -> Num:
        return count(rows.filter(pl.col("state").is_in(states))["ref"])

    return Paragraph(
        (
            Text("The record holds ", "등록된 약속은 "),
            count(rows["ref"]),
            Text(" promises; ", "건이며, 기한이 지난 것 "),
            of("overdue", "late"),
            Text(" are overdue, ", "건, 90일 안에 기한인 것 "),
            of("soon"),
            Text(" fall due within ninety days, ", "건, 그 밖에 진행 중인 것 "),
            of("open", "undated"),
            Text(" more are open, ", "건, 이행된 것 "),
            of("kept", "kept_late"),
            Text(" were kept, ", "건(그중 늦게 이행 "),
            of("kept_late"),
            Text(" of them late.", "건)이다."),
        )
    )


def _table(context: Context, rows: pl.DataFrame, name: str, title: Text) -> Table:
    made = tuple(_row(context, row) for row in rows.head(LISTED).iter_rows(named=True))
    columns = (
        Column(Text("State", "상태")),
        Column(Text("Due", "기한")),
        Column(Text("Days", "남은 날"), "right"),
        Column(Text("What", "내용"), width=5),
        Column(Text("Side", "구분")),
        Column(Text("By", "약속한 측")),
        Column(Text("To", "약속받은 측")),
        Column(Text("Done", "이행일")),
        Column(Text("Promised at", "약속 계기"), width=2),
    )
    return Table(name, title, columns, made, note=None if made else _NONE, filterable=True)


def _row(context: Context, row: dict[str, Any]) -> tuple[Cell, ...]:
    snapshot, evidence = context.snapshot, tuple(row["evidence"] or ())
    settled = row["state"] not in OPEN
    done = day(row["done"])
    return (
        STATES[row["state"]],
        day(row["due"]),
        None if settled else number(row["days_left"]),
        Num(Text(row["what_en"], row["what_ko"] or row["what_en"]), (row["ref"],)),
        SIDES[row["side"]],
        actors(snapshot, row["by"], most=3),
        actors(snapshot, row["to"], most=3),
        Num(done, evidence) if done and evidence else done,
        titled(snapshot, row["promised_at"]) if row["promised_at"] and snapshot.has_record(row["promised_at"]) else None,
    )


_TITLE = Text("Promises", "약속 사항")
_OPEN = Text("Open, the most pressing first", "진행 중(급한 순)")
_SETTLED = Text("Kept or dropped, the latest first", "이행·철회(최근 순)")
_NONE = Text("Nothing on the record.", "기록 없음.")
