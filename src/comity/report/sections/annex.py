"""How far to trust the page: coverage, confidence, the effect of unsourced records, sources, and how the numbers were made."""

from __future__ import annotations

from collections import Counter

import polars as pl

from comity.report.context import Context
from comity.report.document import Block, Column, Num, Paragraph, Section, Table
from comity.report.words import actor, code, day, number, plain
from comity.vocab.kinds import kinds
from comity.vocab.text import Text, same

KINDS = ("agreement", "exercise", "dialogue", "deployment", "strength", "transfer", "event", "poll_answer")
SOURCES_LISTED = 40


def annex(context: Context) -> list[Section]:
    """The sections of the annex."""
    return [
        Section(
            "annex",
            Text("Annex: how far to trust this", "부록: 신뢰의 근거"),
            (_confidence(context), _unsourced(context), _coverage(context), *_sources(context)),
            new_page=True,
        ),
        Section("method", Text("How the numbers were made", "산출 방법"), _method(context), level=3),
    ]


def _confidence(context: Context) -> Table:
    rows = []
    for name in KINDS:
        frame, kind = context.snapshot.frame(name), kinds()[name]
        by = Counter(frame["confidence"].to_list())
        refs = {level: [f"{name}:{one}" for one in frame.filter(pl.col("confidence") == level)["id"]] for level in ("high", "medium", "low")}
        left_out = frame.filter(~pl.col("counts"))
        unsourced = frame.filter(~pl.col("sourced"))
        rows.append(
            (
                kind.plural_label,
                number(frame.height),
                *(number(by[level], refs[level]) for level in ("high", "medium", "low")),
                number(unsourced.height, [f"{name}:{one}" for one in unsourced["id"]]),
                number(left_out.height, [f"{name}:{one}" for one in left_out["id"]]),
            )
        )
    columns = (
        Column(Text("Kind", "종류"), width=2),
        *(
            Column(text, "right")
            for text in (
                Text("Records", "기록"),
                Text("High", "높음"),
                Text("Medium", "중간"),
                Text("Low", "낮음"),
                Text("Unsourced", "출처 없음"),
                Text("Told twice or totals", "중복·합계"),
            )
        ),
    )
    return Table("confidence", Text("Records by confidence", "신뢰도별 기록"), columns, tuple(rows), note=_CONFIDENCE_NOTE)


def _unsourced(context: Context) -> Paragraph:
    both = (
        context.ranked.select("partner", "score")
        .join(context.without_source.rows.select("partner", pl.col("score").alias("all")), on="partner")
        .with_columns((pl.col("all") - pl.col("score")).alias("more"))
        .sort(pl.col("more").abs(), "partner", descending=[True, False])
    )
    if both.is_empty():
        return Paragraph((Text("No tie is measured.", "측정된 유대가 없다."),), small=True)
    partner, change = both["partner"][0], both["more"][0]
    name = actor(context.snapshot, partner)
    return Paragraph(
        (
            Text(
                f"Records without a source are shown and count nowhere. Counting them would move {name.en} most, by {change:+.1f} points.",
                f"출처 없는 기록은 보여 주되 집계하지 않는다. 이를 집계하면 {name.ko}의 유대가 가장 크게, {change:+.1f}점 달라진다.",
            ),
        )
    )


def _coverage(context: Context) -> Table:
    frame = context.snapshot.coverage.filter(
        pl.col("scope").str.starts_with("kind:")
        | pl.col("scope").str.starts_with("event_class:")
        | pl.col("completeness").is_in(["complete", "nearly_complete"])
    )
    rows = tuple(
        (_scope(context, scope), code("completeness", full), day(start), day(end), Text(en, ko or en))
        for scope, full, start, end, en, ko in frame.select("scope", "completeness", "start", "end", "basis_en", "basis_ko").sort("scope").iter_rows()
    )
    columns = (
        Column(Text("What", "대상"), width=2),
        Column(Text("Completeness", "완전성")),
        Column(Text("From", "시작")),
        Column(Text("To", "끝")),
        Column(Text("Basis", "근거"), width=5),
    )
    return Table("coverage", Text("From when the record is believed complete", "수록 범위"), columns, rows, note=_COVERAGE_NOTE, filterable=True)


def _scope(context: Context, scope: str) -> Text:
    sort, _, name = scope.partition(":")
    kind = kinds().get(name) or kinds().get(f"{name}_answer")  # `kind:poll` speaks of the answers
    if sort == "kind" and kind is not None:
        return kind.plural_label
    if sort == "event_class":
        return code("event_class", name) or same(scope)
    for series in ("exercise_series", "dialogue_series"):
        if context.snapshot.has_record(f"{series}:{name}"):
            record = context.snapshot.record(f"{series}:{name}")
            return Text(record.title("en"), record.title("ko"))
    return plain(name)


def _sources(context: Context) -> tuple[Block, ...]:
    used: Counter[str] = Counter()
    for name in KINDS:
        used.update(one for one in context.snapshot.frame(name)["source"].to_list() if one and one != "unsourced")
    cells = {row["id"]: row for row in context.snapshot.table("source").iter_rows(named=True)}
    publishers: Counter[str] = Counter()
    for source, times in used.items():
        publishers[str(cells[source]["publisher"] or "–")] += times
    lead = Paragraph(
        (Text(f"{len(used):,} sources carry the records; the publishers named most:", f"기록의 출처는 {len(used):,}개이며, 많이 인용된 발행처는 다음과 같다."),)
    )
    rows = tuple((plain(publisher), Num(same(f"{times:,}"), (), times)) for publisher, times in publishers.most_common(SOURCES_LISTED // 2))
    return lead, Table("sources", Text("Publishers", "발행처"), (Column(Text("Publisher", "발행처"), width=4), Column(Text("Records", "기록"), "right")), rows)


def _method(context: Context) -> tuple[Block, ...]:
    settings = context.ties.settings
    weights = ", ".join(f"{name} {value}" for name, value in settings["mechanism_weights"].items())
    halves = ", ".join(f"{name} {value}" for name, value in settings["half_life_years"].items() if name not in ("agreements", "information"))
    return (
        Paragraph((_TIES,)),
        Paragraph(
            (
                Text(
                    f"Weights of the mechanisms: {weights}. Half-lives in years: {halves}. Draws: {settings['draws']}, seed {settings['seed']}.",
                    f"수단별 가중치: {weights}. 반감기(년): {halves}. 추첨 {settings['draws']}회, 시드 {settings['seed']}.",
                ),
            ),
            small=True,
        ),
        Paragraph((Text(f"Snapshot {context.snapshot.hash}.", f"스냅숏 {context.snapshot.hash}."),), small=True),
    )


_CONFIDENCE_NOTE = Text(
    "High: an opened source states it; medium: states most of it; low: own knowledge. An audit of 150 sourced rows found 3.4 % wrong (1.4–7.6).",
    "높음: 확인한 출처가 명시함. 중간: 대부분 명시함. 낮음: 편집자 지식. 출처 있는 150행의 감사에서 3.4 %(1.4–7.6)가 틀린 것으로 나타났다.",
)
_COVERAGE_NOTE = Text("Trends are computed from what is complete or nearly complete only.", "추세는 완전하거나 거의 완전한 범위에서만 계산한다.")
_TIES = Text(
    "A tie adds the weight of each record, shared among its participants and halved every half-life; each mechanism saturates on a fixed scale; the mechanisms are averaged with weights. "
    "The interval comes from draws of the weights, half-lives and scales, and of the records themselves by their confidence.",
    "유대 강도는 각 기록의 가중치를 참가국 수로 나누고 반감기마다 반으로 줄여 더한 뒤, 수단별로 고정 척도에서 포화시키고 가중 평균한 값이다. 구간은 가중치·반감기·척도와, 신뢰도에 따른 기록의 포함 여부를 추첨하여 얻는다.",
)
