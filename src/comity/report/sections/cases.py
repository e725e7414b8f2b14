"""Case studies as pages of data: the life of one exercise series, a three-way format, two peacekeeping missions, missions of an alliance.

Each case is declared in the package (`cases` in package.yaml): which series, partners, deployments it draws on. Question, data, method,
answer and limits are made from the records; nothing is told that they do not hold.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import polars as pl

from comity.report.context import Context
from comity.report.document import Block, Cell, Column, Num, Paragraph, Part, Section, Table
from comity.report.words import code, count, day, number, titled
from comity.vocab.text import Text, same

LISTED = 14


def cases(context: Context) -> list[Section]:
    """The case studies of the package, each a section of its own."""
    declared = context.snapshot.settings.get("cases", [])
    if not declared:
        return []
    made = [_CASES[case["type"]](context, case) for case in declared]
    return [Section("cases", Text("Case studies", "사례"), (Paragraph((_INTRO,)),), new_page=True), *made]


def _series(context: Context, case: dict[str, Any]) -> Section:
    """The life of an exercise series: editions, gaps, cuts and what they answered."""
    frame = (
        context.snapshot.counted("exercise")
        .filter(pl.col("series").is_in(case["series"]) & (pl.col("start_earliest") <= context.as_of))
        .sort("start_earliest", "id")
    )
    held = frame.filter(pl.col("status").is_in(["conducted", "scaled_down"]))
    cut = frame.filter(~pl.col("status").is_in(["conducted"]))
    years = sorted({one.year for one in held["start_earliest"]})
    gaps = _gaps(years)
    sized = held.filter(pl.col("personnel").is_not_null())
    largest = sized.sort("personnel", descending=True).head(1)
    line: list[Part] = [
        Text("The record holds ", "등록된 회차는 "),
        count([f"exercise:{one}" for one in frame["id"]]),
        Text(" editions, ", "건으로, 실시 "),
        count([f"exercise:{one}" for one in held["id"]]),
        Text(f" of them held between {years[0]} and {years[-1]}. ", f"건({years[0]}~{years[-1]}년)이다. "),
    ]
    if largest.height:
        line += [
            Text("The largest counted ", "가장 큰 회차의 인원은 "),
            number(largest["personnel"][0], [f"exercise:{largest['id'][0]}"]) or Text("", ""),
            Text(f" persons; a size is known for {sized.height} of {held.height}. ", f"명이며, 규모가 알려진 회차는 {held.height}건 중 {sized.height}건이다. "),
        ]
    if gaps:
        line.append(Text(f"No edition on the record: {', '.join(gaps)}.", f"기록이 없는 해: {', '.join(gaps)}."))
    rows = tuple(
        (day(row["start"]), titled(context.snapshot, f"exercise:{row['id']}"), code("exercise_status", row["status"]), _because(context, row))
        for row in cut.iter_rows(named=True)
    )
    columns = (
        Column(Text("Date", "날짜")),
        Column(Text("Edition", "회차"), width=3),
        Column(Text("State", "상태")),
        Column(Text("Because of", "배경"), width=3),
    )
    blocks: list[Block] = [Paragraph(tuple(line))]
    if rows:
        blocks.append(
            Table(f"case-{case['id']}", Text("Editions scaled down, delayed, suspended or cancelled", "축소·연기·유예·취소된 회차"), columns, rows[:LISTED])
        )
    return _section(case, blocks)


def _because(context: Context, row: dict[str, Any]) -> Num | None:
    refs = [ref for ref in row["because_of"] if context.snapshot.has_record(ref)]
    return titled(context.snapshot, refs[0]) if refs else None


def _gaps(years: list[int]) -> list[str]:
    spans = []
    for before, after in pairwise(years):
        if after - before > 1:
            spans.append(f"{before + 1}" if after - before == 2 else f"{before + 1}–{after - 1}")
    return spans


def _format(context: Context, case: dict[str, Any]) -> Section:
    """A format of several partners: everything that all of them share, and nobody else."""
    wanted = set(case["parties"])
    blocks: list[Block] = []
    found: list[tuple[str, str, str]] = []
    for kind, among, when in (("dialogue", "parties", "start"), ("exercise", "participants", "start"), ("agreement", "parties", "signed")):
        frame = context.snapshot.counted(kind).filter(pl.col(f"{when}_earliest") <= context.as_of)
        if kind == "exercise":
            frame = frame.filter(pl.col("status").is_in(["conducted", "scaled_down"]))
        own = frame.filter(pl.all_horizontal([pl.col(among).list.contains(one) for one in wanted]) & (pl.col(among).list.len() == len(wanted)))
        found += [(text, kind, one) for one, text in own.select("id", when).iter_rows() if text]
    found.sort()
    refs = [f"{kind}:{one}" for _, kind, one in found]
    since = case.get("since", 2022)
    recent = [f"{kind}:{one}" for text, kind, one in found if int(text[:4]) >= since]
    line = (
        Text("The record holds ", "세 나라만 함께한 기록은 "),
        count(refs),
        Text(f" acts of these parties alone, the first in {found[0][0][:4]}; ", f"건이고 첫 기록은 {found[0][0][:4]}년이다. {since}년 이후 기록은 "),
        count(recent),
        Text(f" of them since {since}.", "건이다."),
    )
    blocks.append(Paragraph(line))
    by = {kind: [f"{k}:{one}" for _, k, one in found if k == kind] for kind in ("dialogue", "exercise", "agreement")}
    years: tuple[tuple[Cell, ...], ...] = tuple(
        (
            same(f"{first}–{first + 4}"),
            *(
                count([ref for ref, text in zip(refs, [f[0] for f in found], strict=True) if ref.startswith(kind) and first <= int(text[:4]) < first + 5])
                for kind in by
            ),
        )
        for first in range(int(found[0][0][:4]) // 5 * 5, context.as_of.year + 1, 5)
    )
    columns = (
        Column(Text("Years", "기간")),
        Column(Text("Dialogues", "회담"), "right"),
        Column(Text("Exercises", "연습"), "right"),
        Column(Text("Agreements", "협정"), "right"),
    )
    blocks.append(Table(f"case-{case['id']}", Text("Acts of these parties alone, by five years", "세 나라만의 활동(5년 단위)"), columns, years))
    latest = tuple((day(text), titled(context.snapshot, f"{kind}:{one}")) for text, kind, one in reversed(found[-8:]))
    blocks.append(Table(f"case-{case['id']}-latest", Text("Latest", "최근"), (Column(Text("Date", "날짜")), Column(Text("What", "내용"), width=5)), latest))
    return _section(case, blocks)


def _missions(context: Context, case: dict[str, Any]) -> Section:
    """Missions abroad: spans, peaks, last counts, mandates."""
    rows: list[tuple[Cell, ...]] = []
    for one in case["deployments"]:
        if not context.snapshot.has_record(f"deployment:{one}"):
            continue
        record = context.snapshot.record(f"deployment:{one}")
        counts = (
            context.snapshot.frame("strength")
            .filter((pl.col("deployment") == one) & (pl.col("date_earliest") <= context.as_of) & pl.col("sourced"))
            .sort("date_earliest")
        )
        last = counts.tail(1)
        mandates = context.snapshot.counted("mandate").filter(pl.col("deployment") == one)
        span = Text(
            *(f"{(day(record['start']) or same('')).in_(lang)} – {(day(record['end']) or Text('end unknown', '종료 미상')).in_(lang)}" for lang in ("en", "ko"))
        )
        rows.append(
            (
                titled(context.snapshot, f"deployment:{one}"),
                Text(record["mission_en"] or "", record["mission_ko"] or record["mission_en"] or ""),
                span,
                number(int(record["personnel_peak"] or 0) or None, [f"deployment:{one}"]),
                number(last["personnel"][0], [f"strength:{last['id'][0]}"]) if last.height else None,
                day(last["date"][0]) if last.height else None,
                count([f"mandate:{m}" for m in mandates["id"]]) if mandates.height else None,
            )
        )
    columns = (
        Column(Text("Unit", "부대"), width=3),
        Column(Text("Mission", "임무"), width=2),
        Column(Text("Span", "기간"), width=2),
        Column(Text("Peak", "최대"), "right"),
        Column(Text("Last count", "최근 인원"), "right"),
        Column(Text("Counted on", "집계일")),
        Column(Text("Mandates", "동의·결의"), "right"),
    )
    return _section(case, [Table(f"case-{case['id']}", Text("What was sent, and how many", "파견 부대와 인원"), columns, tuple(rows))])


def _partner(context: Context, case: dict[str, Any]) -> Section:
    """One organisation: its tie, what it rests on, and every record with it by kind."""
    row = context.ties.rows.filter(pl.col("partner") == case["partner"])
    blocks: list[Block] = []
    if row.height:
        one = row.row(0, named=True)
        refs = tuple(one["records"])
        blocks.append(
            Paragraph(
                (
                    Text("The tie stands at ", "유대 강도는 "),
                    Num(same(f"{one['score']:.0f}"), refs, one["score"]),
                    Text(
                        f" (5–95 %: {one['low']:.0f}–{one['high']:.0f}), rank {one['rank_low']}–{one['rank_high']}.",
                        f"(5–95 %: {one['low']:.0f}–{one['high']:.0f}), 순위 {one['rank_low']}–{one['rank_high']}이다.",
                    ),
                )
            )
        )
        blocks.append(
            Table(
                f"case-{case['id']}",
                Text("Records that carry it", "핵심 기록"),
                (Column(Text("Record", "기록"), width=5), Column(Text("Points lost without it", "없을 때 낮아지는 점수"), "right")),
                tuple((titled(context.snapshot, e["ref"]), number(e["points"], [e["ref"]], digits=1)) for e in one["top"]),
            )
        )
    missions = context.snapshot.counted("deployment").filter(pl.col("id").is_in(case.get("deployments", [])))
    if missions.height:
        blocks.append(
            Table(
                f"case-{case['id']}-missions",
                Text("Missions led by it or beside it", "주도하거나 함께한 임무"),
                (Column(Text("Unit", "부대"), width=4), Column(Text("From", "시작")), Column(Text("To", "끝"))),
                tuple(
                    (titled(context.snapshot, f"deployment:{i}"), day(s), day(e)) for i, s, e in missions.select("id", "start", "end").sort("start").iter_rows()
                ),
            )
        )
    return _section(case, blocks)


def _section(case: dict[str, Any], blocks: list[Block]) -> Section:
    title, question, limits = (Text(case[name]["en"], case[name]["ko"]) for name in ("title", "question", "limits"))
    return Section(f"case-{case['id']}-section", title, (Paragraph((question,)), *blocks, Paragraph((limits,), small=True)), level=3)


_CASES = {"series": _series, "format": _format, "missions": _missions, "partner": _partner}
_INTRO = Text(
    "Each case asks one question and answers it from the records alone; its limits stand below it.",
    "각 사례는 하나의 질문을 기록만으로 답하고, 한계를 아래에 밝힌다.",
)
