"""What presses on the home country: provocations by class, the balance between blocs, opinion."""

from __future__ import annotations

from typing import Any

import polars as pl

from comity.report.charts.pressure import provocation_strips, provocation_years
from comity.report.context import Context
from comity.report.document import Block, Column, Figure, Num, Paragraph, Section, Table
from comity.report.palette import CLASS
from comity.report.sections.balancing import balancing
from comity.report.sections.opinion import korean_houses, pooled
from comity.report.words import code, day, number, source_line
from comity.vocab.dates import written
from comity.vocab.kinds import code_label
from comity.vocab.text import Lang, Text, same

FROM = 1990  # the first year drawn year by year

__all__ = ["korean_houses", "pressures", "provocations"]


def pressures(context: Context) -> Section:
    """The section on pressures."""
    blocks: list[Block] = [*provocation_blocks(context), *balancing(context), *pooled(context)]
    return Section("pressures", Text("Pressures", "압력 요인"), tuple(blocks), new_page=True)


def provocations(context: Context) -> pl.DataFrame:
    """Rows of pressure that are provocations."""
    rows = context.pressure.rows
    return rows.filter(pl.col("role") == "provocation") if rows.height else rows


def provoking_acts(context: Context) -> pl.DataFrame:
    """Events behind the rows of provocations, oldest first."""
    refs = [ref for refs in provocations(context)["records"] for ref in refs]
    ids = [ref.split(":", 1)[1] for ref in refs]
    return context.snapshot.frame("event").filter(pl.col("id").is_in(ids)).sort("start_earliest", "id")


def act_ticks(acts: pl.DataFrame, labels: dict[str, str], strip: str, lang: Lang) -> list[dict[str, Any]]:
    """A tick for each act: its day, its class under the name `strip`, its title, date in words and ref."""
    return [
        {
            "day": row["start_earliest"].isoformat(),
            strip: labels[row["event_class"]],
            "title": (row["summary_ko"] if lang == "ko" else row["summary_en"]) or row["summary_en"],
            "when": written(row["start"], lang),
            "ref": f"event:{row['id']}",
        }
        for row in acts.iter_rows(named=True)
    ]


def provocation_blocks(context: Context) -> list[Block]:
    """Provocations as strips and by year, and the last year against the five before."""
    rows = provocations(context)
    if rows.is_empty():
        return [Paragraph(tuple(context.pressure.notes[:1]) or (_NOTHING,))]
    acts = provoking_acts(context)
    years = context.pressure.tables["years"].filter((pl.col("role") == "provocation") & pl.col("count").is_not_null())
    total = years.group_by("year").agg(pl.col("count").sum()).sort(["count", "year"], descending=True)
    top, most = (total["year"][0], total["count"][0]) if total.height else ("–", 0)
    listed = tuple(f"event:{one}" for one in acts["id"])

    def strips(lang: Lang) -> dict[str, Any]:
        labels = {name: code_label("event_class", name, lang) for name in CLASS}
        made = act_ticks(acts, labels, "class", lang)
        return provocation_strips(made, labels, lang)

    def bars(lang: Lang) -> dict[str, Any]:
        labels = {name: code_label("event_class", name, lang) for name in CLASS}
        made = [
            {"year": year, "class": labels[what], "count": n}
            for year, what, n in years.filter(pl.col("year") >= FROM).select("year", "what", "count").iter_rows()
        ]
        return provocation_years(made, labels, lang)

    first = Figure(
        "provocations",
        Text(
            f"{acts.height:,} provocations are on the record since {str(acts['start'].min())[:4]}",
            f"{str(acts['start'].min())[:4]}년 이후 등록된 도발은 {acts.height:,}건이다",
        ),
        strips,
        Text(f"A tick for each of {acts.height} provocations, in {rows.height} classes.", f"{rows.height}개 부류 도발 {acts.height}건의 시간 띠."),
        source_line(context.snapshot, _COVER),
        height=230,
        records=listed,
    )
    second = Figure(
        "provocation-years",
        Text(f"The year with most acts on the record is {top}: {most}", f"가장 많은 해는 {top}년으로 {most}건이다"),
        bars,
        Text("Stacked bars of provocations a year by class, 1990 on.", "1990년 이후 부류별 연간 도발 누적 막대."),
        source_line(context.snapshot, _COVER),
        height=240,
        table=_by_year(years.filter(pl.col("year") >= FROM)),
    )
    return [first, second, _recent(rows)]


def _by_year(years: pl.DataFrame) -> Table:
    """Acts a year by class, the latest year first; a dash where the class is not covered."""
    classes = [name for name in CLASS if name in set(years["what"])]
    counted = {(year, what): (n, refs) for year, what, n, refs in years.select("year", "what", "count", "records").iter_rows()}
    made = tuple((same(str(year)), *(number(*counted.get((year, what), (None, ()))) for what in classes)) for year in sorted(set(years["year"]), reverse=True))
    columns = (Column(Text("Year", "연도")), *(Column(code("event_class", what) or same(what), "right") for what in classes))
    return Table("provocation-years-table", Text("Acts a year by class", "부류별 연간 건수"), columns, made)


def _recent(rows: pl.DataFrame) -> Table:
    made = []
    for row in rows.iter_rows(named=True):
        refs = tuple(row["records"])
        if row["ratio"] is not None:
            high = f"{row['ratio_high']:.1f}" if row["ratio_high"] is not None else "∞"
            ratio: Text | Num = Num(same(f"×{row['ratio']:.2f} ({row['ratio_low']:.2f}–{high})"), refs, round(row["ratio"], 4))
        else:
            ratio = Text(row["reason_en"] or "–", row["reason_ko"] or "–")
        last = Num(day(row["last_day"]) or same("–"), (row["last_record"],) if row["last_record"] else ()) if row["last_day"] else None
        made.append((code("event_class", row["what"]), number(row["recent"], refs), number(row["rate_before"], refs, digits=1), ratio, last))
    columns = (
        Column(Text("Class", "부류"), width=2),
        Column(Text("Last 12 months", "최근 12개월"), "right"),
        Column(Text("A year, five years before", "직전 5년 연평균"), "right"),
        Column(Text("Ratio of rates (95 %)", "비율(95 %)"), width=3),
        Column(Text("Last act", "최근 사례"), "right"),
    )
    return Table("pressure-table", Text("The last year against the five before", "최근 1년과 직전 5년"), columns, tuple(made), note=_RATIO)


_NOTHING = Text("Not enough data.", "자료가 부족하다.")
_COVER = Text("Counted where the class is covered (see the annex); yearly totals are left out.", "수록 범위 안에서만 집계(부록 참조). 연간 합계 기록은 제외.")
_RATIO = Text(
    "A ratio whose interval holds 1 is no change. It compares counts on the record and is no forecast.",
    "구간에 1이 들면 변화로 보지 않는다. 기록 건수의 비교이며 예측이 아니다.",
)
