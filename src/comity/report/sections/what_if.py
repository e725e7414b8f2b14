"""What would a changed calendar go together with: the shipped scenarios, their differences with intervals, both calendars, and what lies outside the data."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import polars as pl

from comity.measures.result import Result
from comity.models.provocations.class_words import ANY, class_words
from comity.models.scenarios.verdict_words import STATES, VERDICTS
from comity.report.charts.what_if import COLOURS, acts_by_month, difference_forest
from comity.report.context import Context
from comity.report.document import Block, Cell, Column, Figure, Num, Paragraph, Table
from comity.report.words import source_line
from comity.vocab.dates import written
from comity.vocab.text import Lang, Text, same

Rows = list[dict[str, Any]]
MONTH = 30


def what_if_blocks(context: Context) -> list[Block]:
    """Blocks on the scenarios that fit the calendar of the day: the verdicts, the forest, months, calendars and warnings; none where there are none."""
    answers = {name: found for name, found in context.what_if.items() if found.rows.height}
    if not answers:
        return [Paragraph((_NOTHING,))]
    verdicts: list[Block] = [Paragraph((found.notes[0],)) for found in answers.values()]
    months: list[Block] = [_months(context, name, found) for name, found in answers.items()]
    return [*verdicts, _forest(context, answers), *months, _calendars(context, answers), _warnings(answers), Paragraph((_LIMITS,), small=True)]


def title_of(found: Result) -> Text:
    """The title of an answer's scenario."""
    en, ko = found.settings["scenario"]["title"]
    return Text(en, ko)


def _acts(found: Result) -> pl.DataFrame:
    return found.rows.filter(pl.col("measure") == "acts")


def _forest(context: Context, answers: dict[str, Result]) -> Figure:
    rows = [(found, row) for found in answers.values() for row in _acts(found).iter_rows(named=True)]
    known = sum(row["verdict"] in ("fewer", "more") for _, row in rows)

    def spec(lang: Lang) -> dict[str, Any]:
        made: Rows = []
        for found in answers.values():
            title = title_of(found).in_(lang)
            made.append({"key": f"{len(made):03d}|", "head": title})
            made += [_bar(row, f"{len(made) + at:03d}", title, lang) for at, row in enumerate(_acts(found).iter_rows(named=True))]
        return difference_forest(made, lang)

    title = Text(
        f"The direction of the difference is known in {known} of {len(rows)} comparisons",
        f"비교 {len(rows)}개 가운데 차이의 방향을 말할 수 있는 것은 {known}개이다",
    )
    told = [f"{title_of(found).en}: {_interval(row)}" for found, row in rows if row["class"] == ANY]
    told_ko = [f"{title_of(found).ko}: {_interval(row)}" for found, row in rows if row["class"] == ANY]
    alt = Text(
        f"Forest plot of differences in acts over a year, any class: {'; '.join(told)}.", f"1년간 예상 행위 차이의 숲그림(모든 도발): {'; '.join(told_ko)}."
    )
    refs = tuple(dict.fromkeys(ref for _, row in rows for ref in row["records"]))
    return Figure(
        "what-if-forest", title, spec, alt, source_line(context.snapshot, _FOREST), table=_differences(answers), height=17 * (len(rows) + len(answers)) + 40, records=refs
    )  # fmt: skip


def _bar(row: dict[str, Any], key: str, group: str, lang: Lang) -> dict[str, Any]:
    label = class_words(row["class"]).in_(lang)
    share = f"{100 * row['share_lower']:.0f} %"
    return {
        "key": f"{key}|{label}", "label": label, "group": group, "median": row["median"], "low": row["low"], "high": row["high"], "shown": _interval(row),
        "known": row["verdict"] in ("fewer", "more"), "told": f"감소 {share}" if lang == "ko" else f"{share} say fewer",
    }  # fmt: skip


def _interval(row: dict[str, Any]) -> str:
    digits = 1 if max(abs(row["low"]), abs(row["high"])) >= 1 else 2
    middle, low, high = (f"{round(row[name], digits) + 0.0:+.{digits}f}" for name in ("median", "low", "high"))  # no minus before a zero
    return f"{middle} ({low} … {high})"


def _differences(answers: dict[str, Result]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for found in answers.values():
        for row in _acts(found).iter_rows(named=True):
            refs = tuple(row["records"])
            gap = Num(same(f"{row['difference']:+.2f} ± {row['mc_error']:.2f}"), refs, round(row["difference"], 4))
            middle = Num(same(_interval(row)), refs, round(row["median"], 4))
            without = Num(same(f"{row['without']:.1f}"), refs, round(row["without"], 4))
            rows.append((title_of(found), class_words(row["class"]), without, gap, middle, same(f"{100 * row['share_lower']:.0f} %")))
    columns = (
        Column(Text("Scenario", "시나리오"), width=2.4),
        Column(Text("Class", "부류"), width=1.6),
        Column(Text("Acts without", "변경 없을 때"), "right"),
        Column(Text("Mean difference ± simulation", "평균 차이 ± 모의 오차"), "right", 1.6),
        Column(Text("Middle (90 % of draws)", "중앙값(모수 추출 90 %)"), "right", 2),
        Column(Text("Draws that say fewer", "감소를 가리키는 비율"), "right"),
    )
    note = Text(
        "The mean leans upward where little is known: a rate can double more than once but not fall below nothing. The middle does not.",
        "근거가 적을수록 평균은 위로 치우친다. 발생률은 몇 배로 늘 수 있지만 0 아래로 줄 수는 없기 때문이다. 중앙값은 그렇지 않다.",
    )
    return Table("what-if-table", Text("Difference in acts expected", "예상 행위의 차이"), columns, tuple(rows), note=note)


def _months(context: Context, name: str, found: Result) -> Figure:
    rows = found.tables["months"].filter(pl.col("class") == ANY).to_dicts()
    calendar = found.tables["calendar"]
    whole = _acts(found).row(by_predicate=pl.col("class") == ANY, named=True)

    def spec(lang: Lang) -> dict[str, Any]:
        return acts_by_month([_month(row, lang, first=at == 0) for at, row in enumerate(rows)], _spans(context, calendar, lang), lang)

    subject, said = title_of(found), VERDICTS[whole["verdict"]]
    title = Text(
        f"{subject.en}: {said.en}, {_interval(whole)} acts in {whole['days']} days", f"{subject.ko}: {said.ko}, {whole['days']}일간 {_interval(whole)}건"
    )
    largest = max(rows, key=lambda row: abs(row["median"]))
    month = largest["month"].isoformat()[:7]
    alt = Text(
        f"Acts by month with and without the change; the largest middle difference is {largest['median']:+.2f} in {written(month, 'en')}.",
        f"변경 유무에 따른 월별 예상 행위. 중앙값 차이가 가장 큰 달은 {written(month, 'ko')} {largest['median']:+.2f}건.",
    )
    return Figure(f"what-if-{name}", title, spec, alt, source_line(context.snapshot, _MONTHS), height=190, records=tuple(whole["records"]))


def _month(row: dict[str, Any], lang: Lang, *, first: bool) -> dict[str, Any]:
    """A month at the middle of its days, its acts brought to thirty; the band is the line without the change and the interval of the difference."""
    scale = MONTH / row["days"]
    begin = (row["month"] + timedelta(days=31)).replace(day=1) - timedelta(days=row["days"]) if first else row["month"]
    shown = f"{row['without'] * scale:.2f} → {row['with'] * scale:.2f}"
    return {
        "day": (begin + timedelta(days=row["days"] // 2)).isoformat(), "without": row["without"] * scale, "with": row["with"] * scale,
        "low": max(0.0, row["without"] + row["low"]) * scale, "high": (row["without"] + row["high"]) * scale, "shown": shown,
        "told": f"{row['difference'] * scale:+.2f} ({row['low'] * scale:+.2f} … {row['high'] * scale:+.2f})", "when": written(row["month"].isoformat()[:7], lang),
    }  # fmt: skip


def _spans(context: Context, calendar: pl.DataFrame, lang: Lang) -> Rows:
    """Entries of both calendars; exercises are drawn at least five days wide, so that they are seen."""
    made: Rows = []
    for row in calendar.iter_rows(named=True):
        for lane in ("without", "with"):
            start, end, main = row[f"start_{lane}"], row[f"end_{lane}"], row[f"main_{lane}"]
            if start is None:
                continue
            kind = "talks" if row["what"] == "talks" else "main" if main else "other"
            title = context.snapshot.record(row["ref"]).title(lang) if row["ref"] else _KINDS[row["what"]].in_(lang)
            drawn = max(end, start + timedelta(days=4))
            made.append(
                {
                    "start": start.isoformat(), "end": drawn.isoformat(), "lane": lane, "talks": kind == "talks", "colour": COLOURS[kind], "title": title,
                    "when": f"{written(start.isoformat(), lang)} – {written(end.isoformat(), lang)}", "ref": row["ref"] or "",
                }
            )  # fmt: skip
    return made


def _calendars(context: Context, answers: dict[str, Result]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for found in answers.values():
        for row in found.tables["calendar"].iter_rows(named=True):
            name: Cell = _KINDS[row["what"]]
            if row["ref"]:
                record = context.snapshot.record(row["ref"])
                name = Num(Text(record.title("en"), record.title("ko")), (record.ref,), record.ref)
            rows.append((title_of(found), name, _days(row, "without"), _days(row, "with"), STATES[row["state"]]))
    columns = (
        Column(Text("Scenario", "시나리오"), width=2),
        Column(Text("Exercise (edition last held) or talks", "연습(직전 회차)·대화"), width=2.4),
        Column(Text("Without", "변경 전"), "right", 1.8),
        Column(Text("With", "변경 후"), "right", 1.8),
        Column(Text("Change", "변경")),
    )
    return Table("what-if-calendars", Text("Both calendars", "두 일정"), columns, tuple(rows), note=_EXPECTED)


def _days(row: dict[str, Any], lane: str) -> Text | None:
    start, end = row[f"start_{lane}"], row[f"end_{lane}"]
    if start is None:
        return None
    if start == end:
        return Text(written(start.isoformat(), "en"), written(start.isoformat(), "ko"))
    return Text(*(f"{written(start.isoformat(), lang)} – {written(end.isoformat(), lang)}" for lang in ("en", "ko")))


def _warnings(answers: dict[str, Result]) -> Table:
    told: dict[str, tuple[dict[str, Any], list[Text]]] = {}
    for found in answers.values():
        for row in found.tables["range"].iter_rows(named=True):
            told.setdefault(row["text_en"], (row, []))[1].append(title_of(found))
    rows: list[tuple[Cell, ...]] = []
    for row, titles in told.values():
        where = _EVERY if len(titles) == len(answers) > 1 else Text("; ".join(one.en for one in titles), "; ".join(one.ko for one in titles))
        text = Text(row["text_en"], row["text_ko"])
        rows.append((where, Num(text, tuple(row["records"]), row["value"]) if row["records"] else text))
    columns = (Column(Text("Scenario", "시나리오"), width=1.4), Column(Text("Warning", "주의"), width=4))
    return Table("what-if-range", Text("Outside what the data saw", "자료 범위를 벗어난 부분"), columns, tuple(rows))


_NOTHING = Text("No shipped scenario fits the calendar of the coming days.", "앞으로의 일정에 적용할 수 있는 시나리오가 없다.")
_EVERY = Text("every one", "모든 시나리오")
_KINDS = {"exercise": Text("An exercise", "연습"), "talks": Text("Talks", "대화")}
_FOREST = Text(
    "Bars: 90 % of the parameter draws over all members of the pool; filled points: direction known (95 % agree).",
    "막대: 모든 모형 구성원에 걸친 모수 추출의 90 %. 채운 점: 방향 확인(95 % 일치).",
)
_MONTHS = Text(
    "Band: 90 % of the parameter draws of the difference. Above: both calendars, exercises as bars (at least five days wide), talks as diamonds.",
    "띠: 차이에 대한 모수 추출의 90 %. 위: 두 일정. 막대는 연습(최소 5일 폭), 마름모는 대화.",
)
_EXPECTED = Text(
    "Main exercises are expected on the days on which they were last held; other drills and talks only where planned.",
    "정례 연습은 직전 실시일을 기준으로 예상하고, 그 밖의 훈련과 대화는 계획된 것만 넣는다.",
)
_LIMITS = Text(
    "What went together with exercises and talks in the past is carried forward. It is not what they cause, and nobody's answer to the change is in it.",
    "과거에 연습·대화와 함께 나타난 양상을 연장한 것으로 인과가 아니며, 변경에 대한 상대의 반응은 반영하지 않는다.",
)
