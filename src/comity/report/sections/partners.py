"""Who matters: every partner by strength of tie, with interval, rank interval, history and records; then the leading ones in some depth."""

from __future__ import annotations

from typing import Any

import polars as pl

from comity.measures.tie_settings import MECHANISMS
from comity.report.charts.partners import tie_plot
from comity.report.context import Context
from comity.report.document import Block, Cell, Column, Figure, Num, Paragraph, Section, Spark, Table
from comity.report.words import actor, code, count, day, interval, number, source_line, titled
from comity.vocab.text import Lang, Text, same

PLOTTED, LISTED, IN_DEPTH = 25, 60, 10
MECHANISM_LABELS = {
    "agreements": Text("Agreements", "협정"),
    "exercises": Text("Exercises", "연습"),
    "dialogues": Text("Dialogues", "회담"),
    "deployments": Text("Deployments", "파병"),
    "technology": Text("Technology", "방산·기술"),
    "information": Text("Information", "정보"),
    "visits": Text("Visits", "방문"),
}


def partners(context: Context) -> list[Section]:
    """The table of partners and a short profile of the featured ones and the next ten."""
    blocks: tuple[Block, ...] = (Paragraph((_INTRO,)), _plot(context), _table(context))
    return [Section("partners", _TITLE, blocks, new_page=True), *(_profile(context, partner) for partner in in_depth(context))]


def in_depth(context: Context) -> list[str]:
    """The package's featured partners and the next ten by rank."""
    featured = [partner for partner in context.snapshot.settings.get("featured", []) if partner in set(context.ranked["partner"])]
    rest = [partner for partner in context.ranked["partner"] if partner not in featured]
    return featured + rest[:IN_DEPTH]


def _plot(context: Context) -> Figure:
    top = context.ranked.head(PLOTTED)
    first, second = top.row(0, named=True), top.row(1, named=True)
    name, other = actor(context.snapshot, first["partner"]), actor(context.snapshot, second["partner"])
    apart = first["low"] > second["high"]
    title = (_CLEAR if apart else _CLOSE).format(first=name, second=other, low=f"{first['low']:.0f}", high=f"{second['high']:.0f}")

    def spec(lang: Lang) -> dict[str, Any]:
        rows = [
            {
                "name": actor(context.snapshot, row["partner"]).in_(lang),
                "score": round(row["score"], 2),
                "low": round(row["low"], 2),
                "high": round(row["high"], 2),
                "shown": f"{row['score']:.0f}",
                "interval": f"{row['low']:.0f}–{row['high']:.0f}",
                "ranks": f"{row['rank_low']}–{row['rank_high']}",
            }
            for row in top.iter_rows(named=True)
        ]
        return tie_plot(rows, lang)

    alt_rows = [(actor(context.snapshot, row["partner"]), row) for row in top.head(8).iter_rows(named=True)]
    listed_en = ", ".join(f"{text.en} {row['score']:.0f} ({row['low']:.0f}–{row['high']:.0f})" for text, row in alt_rows)
    listed_ko = ", ".join(f"{text.ko} {row['score']:.0f}({row['low']:.0f}–{row['high']:.0f})" for text, row in alt_rows)
    alt = Text(f"Dot plot of tie strength with 5–95 % intervals: {listed_en}.", f"유대 강도와 5–95 % 구간: {listed_ko}.")
    return Figure("ties", title, spec, alt, source_line(context.snapshot, _BASIS), height=PLOTTED * 22 + 60)


def _table(context: Context) -> Table:
    columns = (
        Column(Text("Rank", "순위"), "right"),
        Column(Text("Partner", "상대국"), width=2),
        Column(Text("Status", "지위"), width=2),
        Column(Text("Tie", "강도"), "right"),
        Column(Text("5–95 %", "5–95 %"), "right"),
        Column(Text("Rank interval", "순위 구간"), "right"),
        Column(Text("Last 20 years", "최근 20년"), "spark", 2),
        Column(Text("Change in a year", "1년 변화"), "right"),
        Column(Text("Records", "기록"), "right"),
    )
    rows = [_row(context, row) for row in context.ties.rows.head(LISTED).iter_rows(named=True)]
    rows += [_row(context, row) for row in context.ties.rows.slice(LISTED).filter(pl.col("apart")).iter_rows(named=True)]
    return Table("partners-table", _TABLE_TITLE, columns, tuple(rows), note=_TABLE_NOTE, filterable=True)


def _row(context: Context, row: dict[str, Any]) -> tuple[Cell | Spark, ...]:
    partner, refs = str(row["partner"]), tuple(row["records"])
    status = partner_status(context, partner)
    rank = number(row["rank"], refs) if row["rank"] is not None else Num(_APART, refs)
    ranks = interval(row["rank_low"], row["rank_high"], records=refs) if row["rank"] is not None else None
    values = context.history.filter(pl.col("partner") == partner).sort("day")
    series = _aligned(context, values)
    spark = Spark(series, Text(f"{series[0]:.0f} to {series[-1]:.0f} in twenty years", f"20년 사이 {series[0]:.0f}에서 {series[-1]:.0f}"))
    return (
        rank,
        actor(context.snapshot, partner),
        status,
        number(row["score"], refs),
        interval(row["low"], row["high"], records=refs),
        ranks,
        spark,
        change_cell(context, partner),
        count(refs),
    )


def _aligned(context: Context, values: pl.DataFrame) -> tuple[float, ...]:
    """Scores on every day of the history; a day without any record is a tie of 0."""
    known = dict(values.select("day", "score").iter_rows())
    days = sorted(set(context.history["day"]))
    return tuple(round(known.get(one, 0.0), 2) for one in days)


def change_cell(context: Context, partner: str) -> Cell:
    """Change of the tie in a year: an arrow where it lies outside its interval, else 'within its interval'."""
    rows = context.changes.rows.filter(pl.col("partner") == partner)
    if rows.is_empty() or rows["difference"][0] is None:
        return None
    row = rows.row(0, named=True)
    refs, change = (*row["gained"], *row["lost"]), row["difference"]
    mark = "▲" if change > 0 else "▽" if row["by_time_alone"] else "▼"
    words = f"{mark} {change:+.0f}" if row["differs"] else f"≈ ({change:+.0f})"
    return Num(same(words), refs, round(change, 3))


def partner_status(context: Context, partner: str) -> Cell:
    """The label that the home country gives a partner."""
    found = context.snapshot.partners.filter((pl.col("actor") == partner) & (pl.col("until").is_null() | (pl.col("until_latest") >= context.as_of)))
    if found.is_empty():
        return None
    row = found.row(0, named=True)
    label = code("partner_status", row["status"])
    return Num(label, (f"partner:{row['id']}",), row["status"]) if label else None


def _profile(context: Context, partner: str) -> Section:
    row = context.ranked.filter(pl.col("partner") == partner).row(0, named=True)
    name = actor(context.snapshot, partner)
    refs = tuple(row["records"])
    title = _PROFILE.format(name=name, score=f"{row['score']:.0f}", low=row["rank_low"], high=row["rank_high"])
    scores = [(MECHANISM_LABELS[m], row["mechanisms"][m]) for m in MECHANISMS if row["mechanisms"][m]]
    scores.sort(key=lambda pair: -pair[1])
    strongest_en = ", ".join(f"{label.en.lower()} {100 * value:.0f}" for label, value in scores[:4])
    strongest_ko = ", ".join(f"{label.ko} {100 * value:.0f}" for label, value in scores[:4])
    lead = Paragraph((Text("By mechanism (0–100): ", "수단별(0–100): "), Num(Text(strongest_en, strongest_ko), refs), Text(".", ".")))
    return Section(f"partner-{partner.lower()}", title, (lead, _top_records(context, partner, row), _latest(context, partner)), level=3)


def _top_records(context: Context, partner: str, row: dict[str, Any]) -> Table:
    listed = row["top"][:5]
    rows = tuple((titled(context.snapshot, entry["ref"]), number(entry["points"], [entry["ref"]], digits=1)) for entry in listed)
    columns = (
        Column(Text("What the tie rests on most", "유대를 가장 떠받치는 기록"), width=5),
        Column(Text("Points lost without it", "없을 때 낮아지는 점수"), "right"),
    )
    return Table(f"top-{partner.lower()}", Text("Records that carry it", "핵심 기록"), columns, rows)


def _latest(context: Context, partner: str) -> Table:
    """The last five meetings, exercises and agreements with the partner."""
    found = []
    for kind, among, when in (("dialogue", "parties", "start"), ("exercise", "participants", "start"), ("agreement", "parties", "signed")):
        frame = context.snapshot.counted(kind).filter(
            pl.col(among).list.contains(context.home) & pl.col(among).list.contains(partner) & (pl.col(f"{when}_earliest") <= context.as_of)
        )
        found += [(text, f"{kind}:{one}", kind) for one, text in frame.select("id", when).iter_rows() if text]
    found.sort(reverse=True)
    rows = tuple((day(text), _KIND[kind], titled(context.snapshot, ref)) for text, ref, kind in found[:5])
    columns = (Column(Text("Date", "날짜")), Column(Text("Kind", "종류")), Column(Text("What", "내용"), width=4))
    return Table(f"latest-{partner.lower()}", Text("Latest on the record", "최근 기록"), columns, rows)


_TITLE = Text("Partners", "상대국")
_INTRO = Text(
    "Each tie is measured from agreements in force, exercises, dialogues, deployments, technology, information sharing and visits, on a scale of 0 to 100 that does not depend on the other partners. "
    "The bar is the interval in which 90 % of the draws fall; ranks whose intervals overlap should not be told apart.",
    "발효 중인 협정, 연습, 회담, 파병, 방산·기술, 정보공유, 방문으로 각 유대를 0에서 100까지 잰다. 척도는 다른 상대국과 무관하다. 막대는 추첨의 90 %가 드는 구간이며, 순위 구간이 겹치는 상대국은 순서를 가릴 수 없다.",
)
_CLEAR = Text(
    "{first} stands apart: its interval begins at {low}, above that of {second} ({high})",
    "{first}이(가) 뚜렷이 앞선다: 구간 하한 {low}이(가) 2위 {second}의 상한 {high}보다 높다",
)
_CLOSE = Text("{first} and {second} cannot be told apart: their intervals overlap", "{first}, {second}: 구간이 겹쳐 순서를 가릴 수 없다")
_BASIS = Text(
    "Agreements, exercises, dialogues, deployments, transfers with a source; see the annex for coverage.",
    "출처가 있는 협정·연습·회담·파병·이전 기록. 수록 범위는 부록 참조.",
)
_TABLE_TITLE = Text("Partners by strength of tie", "유대 강도순 상대국")
_TABLE_NOTE = Text(
    "▲ ▼ where the change lies outside its own interval, ▽ where the tie only faded for want of new records, ≈ inside the interval. Adversaries stand apart and are not ranked. Organisations stand for themselves, never for their members.",
    "▲ ▼: 변화가 구간을 벗어난 경우. ▽: 새 기록이 없어 낮아진 경우. ≈: 구간 안의 변화. 적대국은 따로 두고 순위를 매기지 않는다. 기구는 회원국을 뜻하지 않는다.",
)
_APART = Text("apart", "별도")
_PROFILE = Text("{name}: tie of {score}, rank {low}–{high}", "{name}: 유대 강도 {score}, 순위 {low}–{high}")
_KIND = {"dialogue": Text("Meeting", "회담"), "exercise": Text("Exercise", "연습"), "agreement": Text("Agreement", "협정")}
