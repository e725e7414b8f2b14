"""Between which blocs the home country stands: the ties to each over time, with marked moves, and what others did after them."""

from __future__ import annotations

from typing import Any

import polars as pl

from comity.report.charts.pressure import balance_lines
from comity.report.context import Context
from comity.report.document import Block, Column, Figure, Num, Paragraph, Table
from comity.report.words import actor, day, number, source_line
from comity.vocab.dates import written
from comity.vocab.text import Lang, Text, particle, same

REACTIONS = 8


def balancing(context: Context) -> list[Block]:
    """The balance between blocs as a figure with its table, and reactions to own moves."""
    rows, between = context.balance.rows, context.balance.tables["balance"]
    if rows.is_empty() or between.is_empty():
        return [Paragraph(context.balance.notes[:1])]
    return [_figure(context, rows, between), _reactions(context)]


def _figure(context: Context, rows: pl.DataFrame, between: pl.DataFrame) -> Figure:
    first, last = between.head(1).row(0, named=True), between.tail(1).row(0, named=True)
    marks = context.balance.tables["moves"].filter(pl.col("event_type").is_in(["SANCTION", "COERCE", "THREATEN"]))
    labels = {row["bloc"]: Text(row["label_en"], row["label_ko"]) for row in rows.select("bloc", "label_en", "label_ko").unique().iter_rows(named=True)}
    one, other = labels[last["bloc"]], labels[last["against"]]

    def spec(lang: Lang) -> dict[str, Any]:
        names = {name: text.in_(lang) for name, text in labels.items()}
        values = [
            {
                "day": row["day"].isoformat(),
                "bloc": names[row["bloc"]],
                "score": round(row["score"], 2),
                "low": round(row["low"], 2),
                "high": round(row["high"], 2),
                "when": written(row["day"].isoformat(), lang),
                "shown": f"{row['score']:.0f} ({row['low']:.0f}–{row['high']:.0f})",
                "last": row["day"] == context.as_of,
            }
            for row in rows.iter_rows(named=True)
        ]
        ticks = [
            {
                "day": row["day"].isoformat(),
                "when": written(row["day"].isoformat(), lang),
                "title": (row["what_ko"] if lang == "ko" else row["what_en"]) or row["what_en"],
                "ref": row["record"],
            }
            for row in marks.iter_rows(named=True)
        ]
        return balance_lines(values, names, ticks, lang)

    apart = first["low"] > last["high"] or last["low"] > first["high"]
    moved = Text(f"from {first['difference']:.0f} to {last['difference']:.0f} points", f"{first['difference']:.0f}점에서 {last['difference']:.0f}점으로")
    if apart:
        title = Text(
            f"The gap between {one.en} and {other.en} moved {moved.en} since {first['day'].year}",
            f"{first['day'].year}년 이후 {particle(one.ko, '와')} {other.ko} 사이의 격차가 {moved.ko} 달라졌다",
        )
    else:
        title = Text(
            f"The gap between {one.en} and {other.en} has not moved beyond its interval since {first['day'].year}",
            f"{first['day'].year}년 이후 {particle(one.ko, '와')} {other.ko} 사이의 격차는 구간을 벗어나 달라지지 않았다",
        )
    alt = Text(
        f"Two lines with bands; the gap was {first['difference']:.0f} in {first['day'].year} and is {last['difference']:.0f} ({last['low']:.0f}–{last['high']:.0f}).",
        f"띠가 있는 두 선. 격차는 {first['day'].year}년 {first['difference']:.0f}, 현재 {last['difference']:.0f}({last['low']:.0f}–{last['high']:.0f}).",
    )
    basis = Text(
        "A bloc's tie is the mean of its three strongest members. Dashed lines: sanctions and coercion between the home country and a bloc.",
        "진영의 유대는 가장 강한 구성원 셋의 평균. 점선: 자국과 진영 사이의 제재·강압.",
    )
    return Figure("balance", title, spec, alt, source_line(context.snapshot, basis), table=_table(between), height=300, records=tuple(last["records"]))


def _table(between: pl.DataFrame) -> Table:
    made = tuple(
        (
            day(row["day"]),
            number(row["difference"], row["records"], digits=1),
            Num(same(f"{row['low']:.1f}–{row['high']:.1f}"), tuple(row["records"])),
            number(row["entropy"], digits=2),
        )
        for row in between.iter_rows(named=True)
    )
    columns = (
        Column(Text("Day", "시점")),
        Column(Text("Gap, points", "격차(점)"), "right"),
        Column(Text("5–95 %", "5–95 %"), "right"),
        Column(Text("Evenness", "균등도"), "right"),
    )
    return Table("balance-table", Text("The gap between the blocs", "진영 간 격차"), columns, made)


def _reactions(context: Context) -> Table:
    frame = context.balance.tables["reactions"].head(REACTIONS)
    made = []
    for row in frame.iter_rows(named=True):
        answer: Text | Num = (
            Text(row["reason_en"] or "–", row["reason_ko"] or "–")
            if row["change"] is None
            else Num(same(f"{row['change']:+.2f} ({row['low']:+.2f}–{row['high']:+.2f})"), tuple(row["records"]), row["change"])
        )
        made.append((actor(context.snapshot, row["third_party"]), number(row["moves"]), number(row["events"], row["records"]), answer))
    columns = (
        Column(Text("Third party", "제3국"), width=2),
        Column(Text("Own moves", "자국의 행동"), "right"),
        Column(Text("Its events towards us", "대자국 사건"), "right"),
        Column(Text("Change after moves (placebo band)", "행동 이후 변화(위약 구간)"), width=5),
    )
    return Table("reactions", Text("Did others answer own moves?", "자국의 행동에 대한 제3국의 반응"), columns, tuple(made), note=_PLACEBO)


_PLACEBO = Text(
    "Change of the mean cooperation balance in the weeks after; inside the band it is what other weeks show too.",
    "이후 몇 주간 협력 균형 평균의 변화. 구간 안이면 다른 시기에도 나타나는 수준이다.",
)
