"""Joint exercises: the rhythm of the main series, what became of planned editions, bilateral, multinational and humanitarian ones."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from comity.report.charts.exercises import conduct_bars, year_strip
from comity.report.context import Context
from comity.report.document import Block, Column, Figure, Num, Paragraph, Section, Table
from comity.report.words import code, count, number, source_line
from comity.vocab.dates import written
from comity.vocab.kinds import codes
from comity.vocab.text import Lang, Text, same

SERIES_SHOWN = 6
HELD = ("conducted", "scaled_down")
STATE_COLOURS = {"conducted": "#E69F00", "scaled_down": "#f2c879", "postponed": "#8a8f98", "suspended": "#D55E00", "cancelled": "#7a1c00", "planned": "#c9ced4"}


def exercises(context: Context) -> Section:
    """The section on exercises."""
    frame = taken_part(context)
    blocks: list[Block] = [_lead(context, frame), _strip(context, frame), _conduct(context), _types(frame)]
    return Section("exercises", _TITLE, tuple(blocks), new_page=True)


def taken_part(context: Context) -> pl.DataFrame:
    """Exercises of the home country that had begun, or were planned to, by the day."""
    frame = context.snapshot.counted("exercise")
    return frame.filter(pl.col("participants").list.contains(context.home) & (pl.col("start_earliest") <= context.as_of))


def _lead(context: Context, frame: pl.DataFrame) -> Paragraph:
    since = date(context.as_of.year - 10, context.as_of.month, min(context.as_of.day, 28))
    recent = frame.filter((pl.col("start_earliest") > since) & pl.col("status").is_in(["conducted", "scaled_down"]))
    two = recent.filter(pl.col("participants").list.len() == 2)
    aid = recent.filter(pl.col("purpose").list.contains("humanitarian") | pl.col("exercise_types").list.contains("HADR"))
    return Paragraph(
        (
            Text("In ten years the record holds ", "최근 10년 등록된 연습은 "),
            _count(recent),
            Text(" exercises held: ", "건이며, 양자 "),
            _count(two),
            Text(" of two nations, ", "건, 다국적 "),
            _count(recent.filter(pl.col("participants").list.len() > 2)),
            Text(" of more, ", "건이다. 이 가운데 인도적 목적은 "),
            _count(aid),
            Text(" of them humanitarian.", "건이다."),
        )
    )


def _count(frame: pl.DataFrame) -> Num:
    return count([f"exercise:{one}" for one in frame["id"]])


def _strip(context: Context, frame: pl.DataFrame) -> Figure:
    lines = _lines(context, frame)
    line_of = {one: at for at, (_, series) in enumerate(lines) for one in series}
    inside = frame.filter(pl.col("series").is_in(list(line_of)))
    shown = inside.filter(pl.col("start").str.len_chars() == 10)
    left_out = inside.height - shown.height

    def spec(lang: Lang) -> dict[str, Any]:
        names = {one: lines[at][0].in_(lang) for one, at in line_of.items()}
        return year_strip([_bar(row, names, lang) for row in shown.iter_rows(named=True)], lang, series=[label.in_(lang) for label, _ in lines])

    cut = shown.filter(~pl.col("status").is_in(["conducted", "scaled_down", "planned"])).height
    first = str(shown["start"].min())[:4]
    title = Text(
        f"Since {first} the large exercises kept to their seasons" + (f"; open bars: {cut} dated editions not held" if cut else ""),
        f"{first}년 이후 주요 연습은 계절을 지켰다" + (f". 빈 막대는 실시되지 않은 회차 {cut}건" if cut else ""),
    )
    basis = Text(
        f"Editions with the day known: {shown.height}; {left_out} of these series are known to the month or year only and are not drawn.",
        f"날짜가 확인된 회차 {shown.height}건. 같은 계열의 {left_out}건은 월·연도까지만 알려져 그리지 않았다.",
    )
    alt = Text(
        f"Strip of year by day for {len(lines)} lines of exercises, {shown.height} editions.",
        f"{len(lines)}개 연습 계통 {shown.height}개 회차의 연도×날짜 띠그림.",
    )
    refs = tuple(f"exercise:{one}" for one in shown["id"])
    return Figure("exercise-strip", title, spec, alt, source_line(context.snapshot, basis), height=660, records=refs)


def _lines(context: Context, frame: pl.DataFrame) -> list[tuple[Text, list[str]]]:
    """The lines that the package names, else its six largest real series."""
    declared = context.snapshot.settings.get("exercise_lines", [])
    if declared:
        return [(Text(line["label"]["en"], line["label"]["ko"]), line["series"]) for line in declared]
    real = context.snapshot.exercise_series.filter(~pl.col("collection").fill_null(False))["id"]
    largest = (
        frame.filter(pl.col("series").is_in(real.implode()))
        .group_by("series")
        .len()
        .sort(["len", "series"], descending=[True, False])
        .head(SERIES_SHOWN)["series"]
    )
    records = [context.snapshot.record(f"exercise_series:{one}") for one in largest]
    return [(Text(record.title("en"), record.title("ko")), [record.id]) for record in records]


def _bar(row: dict[str, Any], names: dict[str, str], lang: Lang) -> dict[str, Any]:
    start, end = row["start_earliest"], row["end_latest"] or row["start_latest"]
    first = start.timetuple().tm_yday
    last = end.timetuple().tm_yday if end.year == start.year else 366
    state = codes("exercise_status")[row["status"]].label.in_(lang)
    when = written(row["start"], lang) + (f" – {written(row['end'], lang)}" if row["end"] else "")
    title = (row["title_ko"] if lang == "ko" else row["title_en"]) or row["title_en"]
    place = {"year": start.year, "from": first, "to": max(last, first + 2), "series": names[row["series"]]}
    return place | {"state": state, "title": title, "when": when, "ref": f"exercise:{row['id']}", "held": row["status"] in HELD}


def _conduct(context: Context) -> Figure:
    frame = taken_part(context).filter(pl.col("start_earliest") >= date(context.as_of.year - 25, 1, 1))
    counts = frame.group_by(pl.col("start_earliest").dt.year().alias("year"), "status").agg(pl.len().alias("n"), pl.col("id")).sort("year", "status")
    cut = frame.filter(pl.col("status").is_in(["postponed", "suspended", "cancelled", "scaled_down"]))
    order = {name: at for at, name in enumerate(STATE_COLOURS)}

    def spec(lang: Lang) -> dict[str, Any]:
        rows = [
            {"year": y, "state": codes("exercise_status")[s].label.in_(lang), "count": n, "order": order[s], "colour": STATE_COLOURS[s]}
            for y, s, n in counts.select("year", "status", "n").iter_rows()
        ]
        return conduct_bars(rows, lang)

    worst = cut.group_by(pl.col("start_earliest").dt.year().alias("year")).len().sort(["len", "year"], descending=[True, False]).head(1)
    year, n = (worst["year"][0], worst["len"][0]) if worst.height else (None, 0)
    title = Text(
        f"Most cuts fell in {year}: {n} editions postponed, suspended, cancelled or scaled down", f"축소·연기·유예·취소가 가장 많은 해는 {year}년으로 {n}건이다"
    )
    rows = tuple(
        (same(str(y)), code("exercise_status", s), number(k, [f"exercise:{one}" for one in ids]))
        for y, s, k, ids in counts.filter(pl.col("status") != "conducted").iter_rows()
    )
    columns = (Column(Text("Year", "연도")), Column(Text("State", "상태")), Column(Text("Editions", "회차"), "right"))
    table = Table("exercise-cuts", Text("Editions not held as planned", "계획대로 실시되지 않은 회차"), columns, rows)
    return Figure(
        "exercise-conduct",
        title,
        spec,
        Text(f"Stacked bars of editions a year by state; {cut.height} were cut.", f"연도별·상태별 회차 누적 막대. 조정된 회차 {cut.height}건."),
        source_line(context.snapshot, _CONDUCT_BASIS),
        table=table,
        height=200,
    )


def _types(frame: pl.DataFrame) -> Table:
    held = frame.filter(pl.col("status").is_in(["conducted", "scaled_down"]))
    by = held.select("id", "exercise_types", pl.col("start_earliest").dt.year().alias("year")).explode("exercise_types")
    counts = (
        by.group_by("exercise_types")
        .agg(pl.col("id").unique().sort().alias("ids"), pl.col("year").min().alias("first"), pl.col("year").max().alias("last"))
        .sort(pl.col("ids").list.len(), "exercise_types", descending=[True, False])
    )
    rows = tuple(
        (code("exercise_type", kind), count([f"exercise:{one}" for one in ids]), same(f"{first}–{last}")) for kind, ids, first, last in counts.iter_rows()
    )
    return Table(
        "exercise-types",
        Text("Exercises by type", "유형별 연습"),
        (Column(Text("Type", "유형"), width=3), Column(Text("Held", "실시"), "right"), Column(Text("Years", "기간"), "right")),
        rows,
        note=_TYPES_NOTE,
    )


_TITLE = Text("Joint exercises", "연합·합동 연습")
_CONDUCT_BASIS = Text(
    "An edition is one record; what was cut is recorded where a source says so, so that quiet cuts may be missing.",
    "회차 하나가 기록 하나이다. 조정은 출처가 밝힌 경우만 기록하므로 알려지지 않은 조정은 빠질 수 있다.",
)
_TYPES_NOTE = Text("An exercise of several types stands in each of them.", "여러 유형에 해당하는 연습은 각 유형에 모두 넣었다.")
