"""Calendars: the twelve months ahead as recorded and as rhythms let expect, the life of each edition from announcement to holding, meetings and visits."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl

from comity.measures.agenda import ITEMS, agenda, expected
from comity.report.context import Context
from comity.report.document import Cell, Column, Num, Section, Table
from comity.report.words import actors, code, count, day, number, titled
from comity.vocab.dates import EN_MONTHS
from comity.vocab.text import Text, same

AHEAD = 365
EDITIONS, MEETINGS = 40, 40
STATES = {"confirmed": Text("Recorded", "기록"), "tentative": Text("Planned", "계획"), "cancelled": Text("Put off or cancelled", "연기·취소")}
Row = tuple[Cell, ...]


def coming(context: Context, items: tuple[str, ...] = ("exercise", "dialogue", "visit")) -> Section:
    """The twelve months ahead."""
    return Section("coming", Text("The next twelve months", "향후 12개월"), (_recorded(context, items), _expected(context, items)))


def _recorded(context: Context, items: tuple[str, ...]) -> Table:
    rows = agenda(context.snapshot, first=context.as_of, last=context.as_of + timedelta(days=AHEAD)).filter(pl.col("item").is_in(items))
    made = tuple(_recorded_row(context, row) for row in rows.iter_rows(named=True))
    columns = (
        Column(Text("When", "일자"), width=2),
        Column(Text("Kind", "구분")),
        Column(Text("What", "내용"), width=4),
        Column(Text("With", "상대"), width=2),
        Column(Text("State", "상태")),
    )
    return Table("coming-recorded", Text("On the record", "등록된 일정"), columns, made, note=None if made else _NOTHING_AHEAD)


def _recorded_row(context: Context, row: dict[str, Any]) -> Row:
    partners = [one for one in row["actors"] or [] if one != context.home]
    return (
        span_words(row["first"], row["last"], exact=row["exact"]),
        ITEMS[row["item"]],
        titled(context.snapshot, row["ref"]),
        actors(context.snapshot, partners),
        STATES[row["state"]],
    )


def span_words(first: date, last: date, *, exact: bool) -> Text:
    """The days of an item: exact ones as they are, possible days as the month or year to which they are known."""
    begin, end = day(first) or same("–"), day(last) or same("–")
    if exact:
        return begin if first == last else Text(f"{begin.en} – {end.en}", f"{begin.ko} – {end.ko}")
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return _years(first.year, last.year)
    if (first.year, first.month) == (last.year, last.month):
        return month_of(first)
    return Text(f"{month_of(first).en} – {month_of(last).en}", f"{month_of(first).ko} – {month_of(last).ko}")


def _years(first: int, last: int) -> Text:
    return Text(f"{first}", f"{first}년") if first == last else Text(f"{first}–{last}", f"{first}~{last}년")


def month_of(value: date) -> Text:
    """The month of a day, in words."""
    return Text(f"{EN_MONTHS[value.month - 1]} {value.year}", f"{value.year}년 {value.month}월")


def _expected(context: Context, items: tuple[str, ...]) -> Table:
    rows = expected(context.snapshot, context.home, as_of=context.as_of, days=AHEAD).filter(pl.col("item").is_in(items))
    made: tuple[Row, ...] = tuple(
        (
            month_of(row["first"]),
            ITEMS[row["item"]],
            titled(context.snapshot, row["series"]),
            Num(day(row["held"]) or same("–"), (row["edition"],)),
            number(row["cycle_days"]),
        )
        for row in rows.iter_rows(named=True)
    )
    columns = (
        Column(Text("Month", "월"), width=2),
        Column(Text("Kind", "구분")),
        Column(Text("Series", "계열"), width=4),
        Column(Text("Last edition", "최근 회차")),
        Column(Text("Rhythm, days", "주기(일)"), "right"),
    )
    return Table(
        "coming-expected", Text("Expected from the rhythm of a series, not announced", "주기로 보아 예상되는 회차(발표된 것 아님)"), columns, made, note=_RHYTHM
    )


def life_cycle(context: Context) -> Section:
    """What was announced beside what was held, and the life of each series."""
    return Section("life-cycle", Text("From announcement to holding", "발표에서 실시까지"), (_editions(context), _series(context)))


def _editions(context: Context) -> Table:
    since = date(context.as_of.year - 3, 1, 1)
    frame = context.snapshot.counted("exercise").filter(pl.col("participants").list.contains(context.home) & (pl.col("start_latest") >= since))
    announced = frame.filter(pl.col("start_announced").is_not_null())
    rows = frame.sort(pl.col("start_announced").is_null(), "start_earliest", "id", descending=[False, True, False]).head(EDITIONS)
    slips = dict(context.tempo.tables["editions"].select("id", "slip_days").iter_rows())
    made = tuple(_edition_row(context, row, slips.get(row["id"])) for row in rows.iter_rows(named=True))
    columns = (
        Column(Text("Edition", "회차"), width=4),
        Column(Text("Announced start", "발표 시작일")),
        Column(Text("Start", "시작일")),
        Column(Text("Slip, days", "지연(일)"), "right"),
        Column(Text("Announced size", "발표 인원"), "right"),
        Column(Text("Size", "인원"), "right"),
        Column(Text("State", "상태")),
    )
    note = _ANNOUNCED.format(n=announced.height, all=frame.height)
    return Table("editions", Text("Announced, planned and held", "발표·계획·실시"), columns, made, note=note, filterable=True)


def _edition_row(context: Context, row: dict[str, Any], slip: int | None) -> Row:
    ref = f"exercise:{row['id']}"
    start = day(row["start"])
    return (
        titled(context.snapshot, ref),
        day(row["start_announced"]),
        start,
        number(slip, [ref], sign=True),
        number(row["personnel_announced"], [ref]),
        number(row["personnel"], [ref]),
        code("exercise_status", row["status"]),
    )


def _series(context: Context) -> Table:
    """Active series with a rhythm: the last edition, how long ago, the usual month, the gaps."""
    rows = (
        context.tempo.tables["series"].filter(pl.col("active") & pl.col("cycle_days").is_not_null()).sort("days_since_last", descending=True, nulls_last=True)
    )
    made: tuple[Row, ...] = tuple(
        (
            titled(context.snapshot, f"exercise_series:{row['series']}"),
            number(row["cycle_days"]),
            day(row["last"]),
            number(row["days_since_last"], row["records"][:1]),
            Text(EN_MONTHS[row["usual_month"] - 1], f"{row['usual_month']}월") if row["usual_month"] else None,
            number(len(row["gaps"])),
            count([one for one in row["records"] if one.startswith("exercise:")]),
        )
        for row in rows.iter_rows(named=True)
    )
    columns = (
        Column(Text("Series", "계열"), width=4),
        Column(Text("Rhythm, days", "주기(일)"), "right"),
        Column(Text("Last edition", "최근 회차")),
        Column(Text("Days since", "경과(일)"), "right"),
        Column(Text("Usual month", "통상 실시 월")),
        Column(Text("Gaps", "공백"), "right"),
        Column(Text("Editions", "회차"), "right"),
    )
    return Table("series-life", Text("Active series, longest silent first", "진행 중 계열(오래 실시되지 않은 순)"), columns, made, filterable=True)


def meetings(context: Context) -> Section:
    """The latest meetings and visits."""
    return Section("meetings", Text("Meetings and visits", "회담과 방문"), (_held(context), _visits(context)))


def _held(context: Context) -> Table:
    frame = context.snapshot.counted("dialogue").filter(pl.col("parties").list.contains(context.home) & (pl.col("start_earliest") <= context.as_of))
    rows = frame.sort("start_earliest", "id", descending=[True, False]).head(MEETINGS)
    made: tuple[Row, ...] = tuple(
        (
            day(row["start"]),
            titled(context.snapshot, f"dialogue:{row['id']}"),
            code("dialogue_level", row["level"]),
            actors(context.snapshot, [one for one in row["parties"] if one != context.home]),
            Text(row["place_en"], row["place_ko"] or row["place_en"]) if row["place_en"] else None,
            Text(row["outcome_en"], row["outcome_ko"] or row["outcome_en"]) if row["outcome_en"] else None,
        )
        for row in rows.iter_rows(named=True)
    )
    columns = (
        Column(Text("Date", "날짜")),
        Column(Text("Meeting", "회담"), width=3),
        Column(Text("Level", "급")),
        Column(Text("With", "상대"), width=2),
        Column(Text("Place", "장소")),
        Column(Text("Outcome", "결과"), width=4),
    )
    return Table("meetings-held", Text("Latest meetings", "최근 회담"), columns, made, note=None if made else _NONE, filterable=True)


def _visits(context: Context) -> Table:
    among = (pl.col("visitor") == context.home) | (pl.col("host") == context.home)
    rows = context.snapshot.counted("visit").filter(among & (pl.col("start_earliest") <= context.as_of)).sort("start_earliest", "id", descending=[True, False])
    made: tuple[Row, ...] = tuple(
        (
            day(row["start"]),
            titled(context.snapshot, f"visit:{row['id']}"),
            code("visit_type", row["visit_type"]),
            actors(context.snapshot, [row["visitor"]]),
            actors(context.snapshot, [row["host"]]),
        )
        for row in rows.head(MEETINGS).iter_rows(named=True)
    )
    columns = (
        Column(Text("Date", "날짜")),
        Column(Text("Visit", "방문"), width=4),
        Column(Text("Type", "유형")),
        Column(Text("Visitor", "방문국")),
        Column(Text("Host", "주최국")),
    )
    return Table("visits", Text("Latest visits", "최근 방문"), columns, made, note=None if made else _NONE)


_NONE = Text("Nothing on the record.", "기록 없음.")
_NOTHING_AHEAD = Text("The record holds nothing for these months.", "이 기간에 등록된 일정이 없다.")
_RHYTHM = Text(
    "From the stated frequency and the last edition recorded; nobody has announced these. An edition that is late already stands among the decisions.",
    "명시된 주기와 최근 회차에서 셈한 것으로, 발표된 일정이 아니다. 이미 늦은 회차는 결정 사안에 있다.",
)
_ANNOUNCED = Text(
    "The announced start is recorded for {n} of the {all} editions since then; without it no slip can be told.",
    "이 기간 회차 {all}건 중 발표 시작일이 기록된 것은 {n}건이며, 없으면 지연을 알 수 없다.",
)
