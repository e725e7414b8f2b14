"""How it evolved: acts a year by mechanism, and the eras that can be told from chance within what is covered."""

from __future__ import annotations

from typing import Any

import polars as pl

from comity.report.charts.evolution import era_bands, small_multiples
from comity.report.context import Context
from comity.report.document import Block, Column, Figure, Num, Paragraph, Section, Table
from comity.report.sections.partners import MECHANISM_LABELS
from comity.report.words import actors, count, number, source_line
from comity.vocab.text import Lang, Text, same

FIRST_YEAR = 1953


def evolution(context: Context) -> Section:
    """The section on evolution and eras."""
    notes = tuple(Paragraph((note,), small=True) for note in context.eras.notes)
    blocks: tuple[Block, ...] = (_multiples(context), *_eras(context), *notes)
    return Section("evolution", Text("Evolution and eras", "변천과 시기"), blocks, new_page=True)


def _multiples(context: Context) -> Figure:
    rows = context.activity.rows.filter(pl.col("year") >= FIRST_YEAR)
    years = context.activity.tables["years"].filter(pl.col("all").is_not_null())
    full = years.filter(pl.col("year") < context.as_of.year)
    peak = full.sort(["all", "year"], descending=True).row(0, named=True)

    def spec(lang: Lang) -> dict[str, Any]:
        labels = {name: text.in_(lang) for name, text in MECHANISM_LABELS.items()}
        made = []
        for row in rows.iter_rows(named=True):
            whole = row["covered"] is not None and row["covered"] == row["all"]
            told = (
                ("수록 범위 안" if whole else "일부만 수록" if row["all"] is not None else "기록 없음(미상)")
                if lang == "ko"
                else ("covered" if whole else "in part" if row["all"] is not None else "no record: unknown")
            )
            made.append({"mechanism": labels[row["mechanism"]], "year": row["year"], "count": row["all"], "full": whole, "covered": told})
        return small_multiples(made, labels, lang, first=FIRST_YEAR, last=context.as_of.year)

    title = Text(
        f"The record holds most acts for {peak['year']}: {peak['all']}; pale bars are years that it holds only in part",
        f"기록이 가장 많은 해는 {peak['year']}년({peak['all']}건)이다. 옅은 막대는 일부만 수록된 해",
    )
    alt = Text(
        f"Small multiples of acts a year by mechanism, {FIRST_YEAR} to {context.as_of.year}.",
        f"{FIRST_YEAR}년부터 {context.as_of.year}년까지 수단별 연간 건수의 작은 그림 묶음.",
    )
    basis = Text(
        "Pale bars and grey ticks are years outside coverage: their heights are recording as much as activity.",
        "옅은 막대와 회색 표시는 수록 범위 밖의 해로, 높이는 활동만큼이나 기록의 정도를 나타낸다.",
    )
    return Figure("activity", title, spec, alt, source_line(context.snapshot, basis), table=_years(context), height=560)


def _years(context: Context) -> Table:
    years = context.activity.tables["years"].filter(pl.col("year") >= FIRST_YEAR).sort("year", descending=True)
    made = tuple(
        (same(str(row["year"])), number(row["all"], row["records"]), number(row["covered"], row["covered_records"])) for row in years.iter_rows(named=True)
    )
    columns = (Column(Text("Year", "연도")), Column(Text("On the record", "등록"), "right"), Column(Text("Of covered series", "수록 계열"), "right"))
    return Table("activity-table", Text("Acts a year", "연간 건수"), columns, made)


def _eras(context: Context) -> list[Block]:
    rows = context.eras.rows
    if rows.is_empty():
        return []
    return [_bands(context, rows), _table(context)]


def _bands(context: Context, rows: pl.DataFrame) -> Figure:
    years = context.eras.tables["years"]

    def spec(lang: Lang) -> dict[str, Any]:
        last = years["year"].max()
        counts = [
            {"year": row["year"], "count": row["count"], "fitted": round(row["fitted"], 2), "last": row["year"] == last} for row in years.iter_rows(named=True)
        ]
        bands = [{"change_low": row["start_low"], "change_high": row["start_high"]} for row in rows.iter_rows(named=True)]
        return era_bands(counts, bands, lang)

    if rows.height == 1:
        title = Text("Within the covered series no change of pace can be told from chance", "수록 계열 안에서는 우연과 구별되는 속도 변화가 없다")
    else:
        last = rows.tail(1).row(0, named=True)
        title = Text(
            f"The pace changed in {last['start']} ({last['start_low']}–{last['start_high']}): ×{last['ratio']:.1f}",
            f"{last['start']}년({last['start_low']}–{last['start_high']})에 속도가 {last['ratio']:.1f}배로 달라졌다",
        )
    few, most = int(str(years["count"].min())), int(str(years["count"].max()))
    span = f"{int(str(years['year'].min()))}–{int(str(years['year'].max()))}"
    alt = Text(
        f"Bars of acts a year of the covered series, {span}, between {few} and {most}; eras: {rows.height}.",
        f"수록 계열의 연간 건수 막대({span}), 최소 {few}건에서 최대 {most}건, 시기 수 {rows.height}.",
    )
    basis = Text(
        "Only series believed complete in the years shown; more series are covered in later years, which the fitted rate allows for.",
        "해당 연도에 빠짐없다고 보는 계열만. 후기로 갈수록 수록 계열이 늘며 추정 비율은 이를 감안한다.",
    )
    return Figure("eras", title, spec, alt, source_line(context.snapshot, basis), height=280, records=tuple(ref for refs in rows["records"] for ref in refs))


def _table(context: Context) -> Table:
    """Eras with foundings and endings of series counted too, which is where the turn of the 1990s shows."""
    rows = context.eras.tables["with_foundings"]
    made = []
    for row in rows.iter_rows(named=True):
        refs = tuple(row["records"])
        started = f"{row['start']}" + (f" ({row['start_low']}–{row['start_high']})" if row["start_low"] is not None else "")
        ratio = (
            Num(same(f"×{row['ratio']:.2f} ({row['ratio_low']:.2f}–{row['ratio_high']:.2f})"), refs, row["ratio"])
            if row["ratio"] is not None and row["ratio_low"] is not None
            else None
        )
        made.append(
            (
                Num(same(started), refs, row["start"]),
                same(str(row["end"])),
                number(row["rate"], refs, digits=2),
                ratio,
                _changed(row["mechanisms"]),
                _partners(context, row["partners"]),
                count(refs),
            )
        )
    columns = (
        Column(Text("Begins (90 %)", "시작(90 %)")),
        Column(Text("Ends", "끝")),
        Column(Text("Rate", "비율"), "right"),
        Column(Text("Against before", "이전 대비"), "right", 2),
        Column(Text("Mechanisms that changed", "달라진 수단"), width=2),
        Column(Text("Partners that changed", "달라진 상대"), width=2),
        Column(Text("Acts", "건수"), "right"),
    )
    return Table(
        "eras-table",
        Text("Eras when the founding and ending of series counts as change", "계열의 신설과 종료를 변화로 볼 때의 시기"),
        columns,
        tuple(made),
        note=_RATE,
    )


def _changed(listed: list[dict[str, Any]] | None) -> Text | None:
    if not listed:
        return None
    top = [(MECHANISM_LABELS.get(next(iter(entry.values())), same(str(next(iter(entry.values()))))), entry["change"]) for entry in listed[:3]]
    return Text(", ".join(f"{label.en.lower()} {change:+.1f}" for label, change in top), ", ".join(f"{label.ko} {change:+.1f}" for label, change in top))


def _partners(context: Context, listed: list[dict[str, Any]] | None) -> Text | None:
    if not listed:
        return None
    return actors(context.snapshot, [str(next(iter(entry.values()))) for entry in listed[:3]])


_RATE = Text(
    "Rate: acts a covered series and year. Dates of change carry the interval in which 90 % of the resampled histories put them.",
    "비율: 수록 계열 하나의 연간 건수. 변화 시점의 구간은 재표집한 이력의 90 %가 드는 범위이다.",
)
