"""What the public thinks of the country's military diplomacy: pooled support where houses can be pooled, raw points for all other questions."""

from __future__ import annotations

from typing import Any

import polars as pl

from comity.report.charts.opinion import pooled_opinion
from comity.report.charts.pressure import poll_points
from comity.report.context import Context
from comity.report.document import Block, Column, Figure, Num, Paragraph, Table
from comity.report.words import code, day, number, source_line
from comity.vocab.date_columns import earliest, latest
from comity.vocab.dates import written
from comity.vocab.kinds import code_label
from comity.vocab.text import Lang, Text, same

TOPICS = 9
FIGURES = 3  # pooled questions drawn, the latest first; all stand in the table


def pooled(context: Context) -> list[Block]:
    """Pooled questions as figures with their table, then the points of all other questions."""
    rows = context.opinion.rows
    if rows.is_empty():
        return [Paragraph(tuple(context.opinion.notes[:1]) or (_NOTHING,))]
    return [*_pooled_figures(context), *_pooled_table(context), *raw_points(context)]


def korean_houses(context: Context) -> dict[str, str]:
    """Korean names of polling houses."""
    named = context.snapshot.poll_answers.filter(pl.col("pollster_ko").is_not_null())
    return dict(named.select("pollster", "pollster_ko").unique().iter_rows())


def _pooled_figures(context: Context) -> list[Block]:
    """A figure for each pooled question with polls of several days."""
    rows = context.opinion_pool.rows
    if rows.is_empty():
        return []
    moving = rows.filter((pl.col("first_day") < pl.col("day")).any().over("question"))
    questions = moving["question"].unique(maintain_order=True).to_list()
    return [_figure(context, moving.filter(pl.col("question") == question).sort("support", descending=True)) for question in questions[:FIGURES]]


def _figure(context: Context, rows: pl.DataFrame) -> Figure:
    """The figure of one question: `rows` are its pooled answers, the most chosen first."""
    question, asked = str(rows["question"][0]), max(rows["day"])
    record = context.snapshot.record(f"poll_question:{question}")
    path = context.opinion_pool.tables["path"].filter((pl.col("question") == question) & (pl.col("country") == context.home))
    polls = context.opinion_pool.tables["polls"].filter((pl.col("question") == question) & (pl.col("country") == context.home))
    events = _events(context, path)
    houses = korean_houses(context)

    def spec(lang: Lang) -> dict[str, Any]:
        named = {house: houses.get(house, house) if lang == "ko" else house for house in sorted(polls["house"].unique())}
        answers = [_said(row, lang) for row in rows.iter_rows(named=True)]
        points = _poll_values(polls, named, lang)
        return pooled_opinion(
            _path_values(path, asked, lang),
            points,
            [tick | {"when": written(tick["day"], lang), "title": tick[lang]} for tick in events],
            answers,
            list(named.values()),
            lang,
        )

    found = [_finding(row, "95 %: " if at == 0 else "") for at, row in enumerate(rows.iter_rows(named=True))]
    told = Text(", ".join(part.en for part in found), ", ".join(part.ko for part in found))
    month = f"{asked:%Y-%m}"
    title = Text(f"{record.title('en')}, {written(month, 'en')}: {told.en}", f"{record.title('ko')}({written(month, 'ko')}): {told.ko}")
    alt = Text(
        f"Pooled lines with 80 and 95 % bands over {polls.height} points of {len(polls['house'].unique())} houses; at the last poll {told.en}.",
        f"기관 {len(polls['house'].unique())}곳의 조사값 {polls.height}개를 통합한 선과 80·95 % 띠. 마지막 조사 시점 {told.ko}.",
    )
    caution = Text(rows["caution_en"][0] or "", rows["caution_ko"][0] or "")
    basis = Text(f"{caution.en} {_FIGURE.en}".strip(), f"{caution.ko} {_FIGURE.ko}".strip())
    refs = tuple(dict.fromkeys(ref for listed in rows["records"] for ref in listed)) + tuple(tick["ref"] for tick in events)
    return Figure(
        f"opinion-{question}", title, spec, alt, source_line(context.snapshot, basis), table=_houses_table(context, question), height=340, records=refs
    )


def _finding(row: dict[str, Any], level: str) -> Text:
    """One answer's pooled share with its 95 % band; `level` names the band."""
    shown = f"{row['support']:.0f} % ({level}{row['low95']:.0f}–{row['high95']:.0f})"
    return Text(f"{_said(row, 'en')} {shown}", f"{_said(row, 'ko')} {shown}")


def _said(row: dict[str, Any], lang: Lang) -> str:
    return str((row["answer_ko"] if lang == "ko" else row["answer_en"]) or row["answer_en"])


def _events(context: Context, path: pl.DataFrame) -> list[dict[str, str]]:
    """Moves of the country and the blocs while the question was asked; the path's carried end is left out."""
    moves = context.balance.tables.get("moves", pl.DataFrame())
    if moves.is_empty() or path.is_empty():
        return []
    within = moves.filter(pl.col("day").is_between(path["day"].min(), path["day"].max()))
    return [
        {"day": row["day"].isoformat(), "en": row["what_en"], "ko": row["what_ko"] or row["what_en"], "ref": row["record"]}
        for row in within.iter_rows(named=True)
    ]


def _path_values(path: pl.DataFrame, asked: Any, lang: Lang) -> list[dict[str, Any]]:
    """Rows of the pooled line; the day of the last poll stands in both parts, so that they meet."""
    made, end = [], path["day"].max()
    for row in path.iter_rows(named=True):
        shares = {name: round(row[name], 2) for name in ("support", "low80", "high80", "low95", "high95")}
        shown = f"{row['support']:.0f} % ({row['low95']:.0f}–{row['high95']:.0f})"
        value = {"day": row["day"].isoformat(), "answer": _said(row, lang), **shares, "shown": shown, "when": written(row["day"].isoformat(), lang)}
        if row["day"] <= asked:
            made.append(value | {"carried": False, "last": False})
        if row["day"] >= asked:
            made.append(value | {"carried": True, "last": row["day"] == end})
    return made


def _poll_values(polls: pl.DataFrame, named: dict[str, str], lang: Lang) -> list[dict[str, Any]]:
    spans = polls.with_columns(span_from=earliest(pl.col("fielded_start")), span_to=latest(pl.coalesce("fielded_end", "fielded_start")))
    return [
        {
            "day": row["day"].isoformat(), "from": row["span_from"].isoformat(), "to": row["span_to"].isoformat(), "answer": _said(row, lang), "house": named[row["house"]],
            "share": row["share"], "low": row["low"] if row["low"] is not None else row["share"], "high": row["high"] if row["high"] is not None else row["share"],
            "assumed": row["assumed"], "when": written(row["fielded_start"], lang), "shown": f"{row['share']:.0f} %",
            "sample": f"{row['n']:,}" if row["n"] is not None else ("미상" if lang == "ko" else "unknown"), "ref": row["records"][0],
        }
        for row in spans.iter_rows(named=True)
    ]  # fmt: skip


def _houses_table(context: Context, question: str) -> Table:
    """How far each house leans, by answer."""
    frame = context.opinion_pool.tables["houses"].filter((pl.col("question") == question) & (pl.col("country") == context.home))
    names = korean_houses(context)
    rows = tuple(
        (
            Text(_said(row, "en"), _said(row, "ko")),
            Text(row["house"], names.get(row["house"], row["house"])),
            number(row["polls"], row["records"]),
            Num(same(f"{row['points']:+.1f} ({row['points_low']:+.1f} … {row['points_high']:+.1f})"), tuple(row["records"]), round(row["points"], 4)),
        )
        for row in frame.iter_rows(named=True)
    )
    columns = (
        Column(Text("Answer", "응답")),
        Column(Text("House", "조사 기관"), width=2),
        Column(Text("Polls", "조사"), "right"),
        Column(Text("Leans by, points (95 %)", "기관 효과(점, 95 %)"), "right", 2),
    )
    return Table(f"houses-{question}", Text("House effects, summing to zero", "기관 효과(합은 0)"), columns, rows)


def _pooled_table(context: Context) -> list[Block]:
    """Every pooled answer: its share, what it rests on and, below, what to mind."""
    pool = context.opinion_pool
    if pool.rows.is_empty():
        return []
    rows = tuple(
        (
            _question(context, row["question"]),
            Text(_said(row, "en"), _said(row, "ko")),
            Num(same(f"{row['support']:.1f} ({row['low95']:.1f}–{row['high95']:.1f})"), tuple(row["records"]), round(row["support"], 4)),
            number(row["polls"], row["records"]),
            number(row["houses"], row["records"]),
            day(row["day"]),
        )
        for row in pool.rows.iter_rows(named=True)
    )
    columns = (
        Column(Text("Question", "문항"), width=3),
        Column(Text("Answer", "응답")),
        Column(Text("Pooled, % (95 %)", "통합 비율 %(95 %)"), "right", 2),
        Column(Text("Polls", "조사"), "right"),
        Column(Text("Houses", "기관"), "right"),
        Column(Text("Last poll", "마지막 조사"), "right"),
    )
    told = [*_cautions(context, pool.rows), *pool.notes[1:]]
    note = Text(" ".join(text.en for text in told), " ".join(text.ko for text in told))
    return [Table("pooled-table", Text("Shares pooled over houses", "여러 기관을 통합한 응답 비율"), columns, rows, note=note)]


def _cautions(context: Context, rows: pl.DataFrame) -> list[Text]:
    """What to mind of each question, once."""
    told = rows.filter(pl.col("caution_en").is_not_null()).unique(["question", "caution_en"], keep="first", maintain_order=True)
    asked = ((_question(context, row["question"]), row) for row in told.iter_rows(named=True))
    return [Text(f"{question.en}: {row['caution_en']}", f"{question.ko}: {row['caution_ko']}") for question, row in asked]


def _question(context: Context, question: str) -> Text:
    record = context.snapshot.record(f"poll_question:{question}")
    return Text(record.title("en"), record.title("ko"))


def raw_points(context: Context) -> list[Block]:
    """Points of the questions that are not pooled, a panel for the question asked most often on each topic, with the last answers as a table."""
    rows = context.opinion_pool.tables["raw"]
    if rows.is_empty():
        return []
    counts = (
        rows.group_by("topic", "question", "answer_en")
        .agg(pl.len().alias("n"), pl.col("day").max().alias("last"))
        .sort(["n", "last", "question", "answer_en"], descending=[True, True, False, False])
    )
    chosen = counts.unique("topic", keep="first", maintain_order=True).head(TOPICS)
    shown = rows.join(chosen.select("topic", "question", "answer_en"), on=["topic", "question", "answer_en"]).sort("topic", "day")
    houses = korean_houses(context)
    title = Text(
        f"{rows.height} further answers on {rows['topic'].n_unique()} topics stay raw points: one house alone published each",
        f"그 밖의 {rows['topic'].n_unique()}개 주제 {rows.height}개 응답은 한 기관만 발표한 값이라 통합하지 않고 있는 그대로 둔다",
    )
    alt = Text(
        f"Points with 95 % intervals of {shown.height} polls in {chosen.height} panels.", f"{chosen.height}개 칸에 조사 {shown.height}건의 점과 95 % 구간."
    )
    return [
        Figure(
            "polls",
            title,
            lambda lang: poll_points(_raw_values(context, shown, houses, lang), lang),
            alt,
            source_line(context.snapshot, _POLLS),
            table=_latest(context),
            height=560,
            records=tuple(ref for refs in shown["records"] for ref in refs),
        )
    ]


def _raw_values(context: Context, shown: pl.DataFrame, houses: dict[str, str], lang: Lang) -> list[dict[str, Any]]:
    made = []
    for row in shown.iter_rows(named=True):
        answer, share = _said(row, lang), row["share"]
        made.append(
            {
                "topic": f"{code_label('poll_topic', row['topic'], lang)}: {answer}", "question": _question(context, row["question"]).in_(lang), "answer": answer,
                "house": houses.get(row["house"], row["house"]) if lang == "ko" else row["house"], "share": share, "day": row["day"].isoformat(),
                "when": written(row["day"].isoformat()[:7], lang), "low": row["low"] if row["low"] is not None else share,
                "high": row["high"] if row["high"] is not None else share, "shown": f"{share:.0f} %", "ref": row["records"][0],
            }
        )  # fmt: skip
    return made


def _latest(context: Context) -> Table:
    latest, houses = context.opinion.tables["latest"].sort("day", descending=True), korean_houses(context)
    rows = tuple(
        (
            code("poll_topic", row["topic"]),
            Text(row["answer_en"], row["answer_ko"] or row["answer_en"]),
            number(row["share"], row["records"], digits=1),
            Text(row["house"], houses.get(row["house"], row["house"])),
            day(row["day"]),
        )
        for row in latest.head(40).iter_rows(named=True)
    )
    columns = (
        Column(Text("Topic", "주제"), width=2),
        Column(Text("Answer", "응답"), width=2),
        Column(Text("Share, %", "비율(%)"), "right"),
        Column(Text("House", "조사 기관")),
        Column(Text("Fielded", "시기")),
    )
    return Table("polls-table", Text("The last question on each topic", "주제별 최근 조사"), columns, rows)


_NOTHING = Text("Not enough data.", "자료가 부족하다.")
_FIGURE = Text(
    "Dark band: 80 %, pale band: 95 %; dashed: carried on after the last poll. Open points: no stated sample. Ticks: moves of the country and the blocs.",
    "진한 띠: 80 %, 옅은 띠: 95 %. 점선: 마지막 조사 이후. 빈 점: 표본 크기 미공개. 아래 눈금: 자국과 진영의 조치.",
)
_POLLS = Text(
    "Bars: 95 % intervals with a design effect; points without a bar have no published sample size. Questions of other wording are never joined.",
    "막대: 설계효과를 반영한 95 % 구간. 막대가 없는 점은 표본 크기 미공개. 문구가 다른 문항은 합치지 않음.",
)
