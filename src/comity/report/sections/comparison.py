"""Two days side by side, or two partners: what the ties were and are, and which agreements, exercises, deployments and standings began or ended between.

Made from the measure `compare` and from the ties; nothing is computed here. A difference is said to be one only where its interval leaves out 0.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from comity.measures.agreements import STATES
from comity.measures.result import Result
from comity.report.charts.comparison import tie_changes
from comity.report.context import Context
from comity.report.document import Cell, Column, Figure, Num, Paragraph, Section, Spark, Table
from comity.report.sections.partners import MECHANISM_LABELS, change_cell, partner_status
from comity.report.words import actor, actors, code, count, day, interval, number, source_line, titled
from comity.vocab.dates import written
from comity.vocab.kinds import kinds
from comity.vocab.text import LANGUAGES, Lang, Text, same

DRAWN = 25
KIND_OF = {"agreements": "agreement", "series": "exercise_series", "deployments": "deployment", "statuses": "partner"}


def two_days(context: Context, first: date) -> list[Section]:
    """What changed from `first` to the day of the context."""
    found = context.compared(first, context.as_of)
    moved = found.rows.filter(pl.col("differs"))
    lead = Paragraph((found.notes[0],))
    aside = Paragraph((found.notes[1],), small=True)
    ties = Section("compare-ties", _TIES, (lead, _figure(context, found, moved, first), _ties(context, found.rows), aside))
    records = Section("compare-records", _RECORDS, tuple(_changes(context, name, found.tables[name]) for name in KIND_OF), level=3)
    return [ties, records]


def _figure(context: Context, found: Result, moved: pl.DataFrame, first: date) -> Figure:
    drawn = moved.head(DRAWN)

    def spec(lang: Lang) -> dict[str, Any]:
        return tie_changes([_dots(context, row, lang) for row in drawn.iter_rows(named=True)], lang)

    newly = moved.filter(~pl.col("by_time_alone"))
    up, down, faded = (
        frame.height for frame in (newly.filter(pl.col("difference") > 0), newly.filter(pl.col("difference") < 0), moved.filter("by_time_alone"))
    )
    (first_en, second_en), (first_ko, second_ko) = ([written(one.isoformat(), lang) for one in (first, context.as_of)] for lang in LANGUAGES)
    title = Text(
        f"{up} {'tie' if up == 1 else 'ties'} rose and {down} fell between {first_en} and {second_en}; {faded} more faded by time alone",
        f"{first_ko}부터 {second_ko}까지 유대 {up}건이 강해지고 {down}건이 약해졌으며, {faded}건은 새 기록 없이 약해졌다",
    )
    told = [(actor(context.snapshot, row["partner"]), row["difference"]) for row in drawn.head(8).iter_rows(named=True)]
    en, ko = (", ".join(f"{name.in_(lang)} {_signed(change)}" for name, change in told) for lang in LANGUAGES)
    alt = Text(f"{drawn.height} ties on both days, the largest changes first: {en}.", f"변화가 큰 순서로 두 시점의 유대 {drawn.height}건: {ko}.")
    records = tuple(ref for row in drawn.iter_rows(named=True) for ref in (*row["gained"], *row["lost"]))
    return Figure("compare-ties-figure", title, spec, alt, source_line(context.snapshot, _BASIS), height=DRAWN * 22 + 60, records=records)


def _dots(context: Context, row: dict[str, Any], lang: Lang) -> dict[str, Any]:
    values = {name: None if row[name] is None else round(row[name], 1) for name in ("first", "second")}
    told = " → ".join("–" if value is None else f"{value:.0f}" for value in values.values())
    return {"name": actor(context.snapshot, row["partner"]).in_(lang), "shown": _difference(row), "told": told} | values


def _difference(row: dict[str, Any]) -> str:
    return f"{_signed(row['difference'])} ({_signed(row['low'])} … {_signed(row['high'])})"


def _signed(points: float) -> str:
    """Whole points with their sign; nothing has none.

    >>> _signed(2.6), _signed(-0.3)
    ('+3', '0')
    """
    return f"{round(points):+d}" if round(points) else "0"


def _ties(context: Context, rows: pl.DataFrame) -> Table:
    made = tuple(
        (
            actor(context.snapshot, row["partner"]),
            number(row["first"]),
            number(row["second"], row["records"]),
            Num(same(_difference(row)), (*row["gained"], *row["lost"]), round(row["difference"], 3)),
            _VERDICT[("apart" if row["differs"] else "same", bool(row["by_time_alone"]))],
            count(row["gained"]),
            count(row["lost"]),
        )
        for row in rows.iter_rows(named=True)
    )
    columns = (
        Column(Text("Partner", "상대국"), width=2),
        Column(Text("First day", "첫날"), "right"),
        Column(Text("Second day", "둘째 날"), "right"),
        Column(Text("Difference (5–95 %)", "차이(5–95 %)"), "right", 2),
        Column(Text("Verdict", "판단"), width=2),
        Column(Text("Records that came", "새 기록"), "right"),
        Column(Text("Records that ended", "끝난 기록"), "right"),
    )
    return Table("compare-ties-table", Text("Every tie on both days, the largest change first", "두 시점의 모든 유대(변화가 큰 순)"), columns, made)


def _changes(context: Context, name: str, frame: pl.DataFrame) -> Table:
    """What began, ended or changed, of one kind."""
    kind = KIND_OF[name]
    made = tuple(
        (
            day(row["date"]) or day(row["day"]),
            CHANGES.get(row["change"], same(row["change"])),
            titled(context.snapshot, f"{kind}:{row['id']}"),
            _state(name, row["before"]),
            _state(name, row["after"]),
            actors(context.snapshot, row["partners"]),
        )
        for row in frame.sort("day", "id", descending=[True, False], nulls_last=True).iter_rows(named=True)
    )
    columns = (
        Column(Text("Date", "날짜")),
        Column(Text("Change", "변화")),
        Column(Text("Record", "기록"), width=4),
        Column(Text("Before", "전")),
        Column(Text("After", "후")),
        Column(Text("With", "상대"), width=2),
    )
    return Table(f"compare-{name}", kinds()[kind].plural_label, columns, made, note=None if made else _NONE)


def _state(name: str, value: str | None) -> Cell:
    if value is None:
        return None
    listed = {"series": "series_status", "statuses": "partner_status"}
    return STATES.get(value, same(value)) if name == "agreements" else code(listed[name], value) if name in listed else same(value)


def two_partners(context: Context, one: str, other: str) -> list[Section]:
    """Two partners' ties beside each other."""
    names = (actor(context.snapshot, one), actor(context.snapshot, other))
    rows = [context.ties.rows.filter(pl.col("partner") == code_) for code_ in (one, other)]
    cells = [_column(context, code_, row.row(0, named=True) if row.height else None) for code_, row in zip((one, other), rows, strict=True)]
    made = tuple((label, *(cell[at] for cell in cells)) for at, label in enumerate(_lines()))
    columns = (Column(Text("What", "항목"), width=2), *(Column(name, "right", 2) for name in names))
    title = Text(f"{names[0].en} and {names[1].en}", f"{names[0].ko}와 {names[1].ko}")
    return [Section("versus", title, (Table("versus-table", title, columns, made, note=_VERSUS),))]


def _lines() -> tuple[Text, ...]:
    head = (
        Text("Status", "지위"),
        Text("Tie", "유대 강도"),
        Text("5–95 %", "5–95 %"),
        Text("Rank interval", "순위 구간"),
        Text("Twenty years", "20년 추이"),
        Text("Change in a year", "1년 변화"),
        Text("Records", "기록"),
    )
    return (*head, *(Text(f"{label.en}, 0–100", f"{label.ko}(0–100)") for label in MECHANISM_LABELS.values()))


def _column(context: Context, partner: str, row: dict[str, Any] | None) -> tuple[Cell | Spark, ...]:
    if row is None:
        return (partner_status(context, partner), *(None for _ in _lines()[1:]))
    refs = tuple(row["records"])
    series = dict(context.history.filter(pl.col("partner") == partner).select("day", "score").iter_rows())
    values = tuple(round(series.get(at, 0.0), 2) for at in sorted(set(context.history["day"])))
    spark = Spark(values, Text(f"{values[0]:.0f} to {values[-1]:.0f} in twenty years", f"20년 사이 {values[0]:.0f}에서 {values[-1]:.0f}"))
    mechanisms = (None if row["mechanisms"].get(name) is None else number(100 * row["mechanisms"][name]) for name in MECHANISM_LABELS)
    return (
        partner_status(context, partner),
        number(row["score"], refs),
        interval(row["low"], row["high"], records=refs),
        interval(row["rank_low"], row["rank_high"], records=refs),
        spark,
        change_cell(context, partner),
        count(refs),
        *mechanisms,
    )


CHANGES = {
    "gained": Text("gained", "발효"),
    "attested": Text("first attested", "처음 확인"),
    "lost": Text("lost", "종료"),
    "suspended": Text("suspended", "효력 정지"),
    "resumed": Text("resumed", "효력 회복"),
    "changed": Text("changed", "상태 변경"),
    "passed": Text("gained and lost", "발효 후 종료"),
    "signed": Text("signed", "서명"),
    "begun": Text("begun", "시작"),
    "ended": Text("ended", "종료"),
    "given": Text("given", "부여"),
}
_VERDICT = {
    ("apart", False): Text("differs", "뚜렷한 차이"),
    ("apart", True): Text("faded by time alone", "시간 경과만으로 약화"),
    ("same", False): Text("within its interval", "구간 안"),
    ("same", True): Text("within its interval", "구간 안"),
}
_TIES = Text("What changed between the two days", "두 시점 사이의 변화")
_RECORDS = Text("What began, ended or changed", "시작·종료·변경된 것")
_BASIS = Text(
    "Ties whose difference leaves out 0, in common draws; both days seen with today's record.",
    "공통 추출에서 차이가 0을 벗어난 유대. 두 시점 모두 현재의 기록으로 본 것이다.",
)
_NONE = Text("Nothing on the record.", "기록 없음.")
_VERSUS = Text(
    "Intervals that overlap do not order the two. A mechanism without a number has no record.",
    "구간이 겹치면 우열을 말할 수 없다. 수치가 없는 수단은 기록이 없다.",
)
