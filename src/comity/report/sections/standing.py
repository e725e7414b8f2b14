"""Agreements and obligations: how many stand, with whom, what was suspended, which terms are known; and what lapses or needs notice soon."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from comity.report.charts.agreements import lanes
from comity.report.context import Context
from comity.report.document import Block, Column, Figure, Num, Paragraph, Section, Table
from comity.report.words import actor, actors, code, count, day, number, source_line, titled
from comity.vocab.dates import written
from comity.vocab.kinds import code_label
from comity.vocab.text import Lang, Text, same

LANES, SHOWN, WORK = 9, 40, 15
STATES = ("in_force", "conditional", "provisional", "suspended_in_part", "suspended")


def agreements(context: Context) -> Section:
    """The section on agreements."""
    rows = context.agreements.rows
    return Section("agreements", _TITLE, (_lead(context, rows), _lanes(context, rows), _types(rows), _restless(context, rows)), new_page=True)


def _refs(frame: pl.DataFrame) -> list[str]:
    return [f"agreement:{one}" for one in frame["id"]]


def _lead(context: Context, rows: pl.DataFrame) -> Paragraph:
    known = rows.filter(pl.col("term_known"))
    sure = rows.filter(pl.col("certainty") == "certainly")
    return Paragraph(
        (
            Text("On the day ", "기준일 현재 "),
            count(_refs(rows)),
            Text(" agreements stand, ", "건의 협정이 유효하며, 이 가운데 "),
            count(_refs(sure)),
            Text(
                " of them by a source that says so for that time and the rest presumed, since nobody states an end. The term is known of ",
                "건은 출처로 확인되고 나머지는 종료 사실이 알려지지 않아 유효한 것으로 추정한다. 유효 기간이 확인된 것은 ",
            ),
            count(_refs(known)),
            Text(
                f" ({100 * known.height / max(rows.height, 1):.0f} %); of the others nothing can fall due here.",
                f"건({100 * known.height / max(rows.height, 1):.0f} %)이며, 나머지는 기한을 알 수 없다.",
            ),
        )
    )


def _lanes(context: Context, rows: pl.DataFrame) -> Figure:
    exploded = rows.explode("partners").rename({"partners": "partner"}).filter(pl.col("partner").is_not_null())
    order = exploded.group_by("partner").len().sort(["len", "partner"], descending=[True, False]).head(LANES)["partner"].to_list()
    every = context.every_agreement.rows.explode("partners").rename({"partners": "partner"}).filter(pl.col("partner").is_in(order))
    horizon = date(context.as_of.year + 2, 1, 1)

    def spec(lang: Lang) -> dict[str, Any]:
        bars = []
        for lane, row in enumerate(every.sort("partner", "signed", "id").iter_rows(named=True)):
            begun = row["signed"] or row["in_force"]
            if begun in (None, ".."):
                continue
            title = context.snapshot.record(f"agreement:{row['id']}").title(lang)
            ended = row["ended_on"] or row["term_end"] or context.as_of
            start = str(begun)[:4] + ("-01-01" if len(str(begun)) == 4 else str(begun)[4:] + "-01" if len(str(begun)) == 7 else str(begun)[4:])
            bars.append(
                {
                    "partner": actor(context.snapshot, row["partner"]).in_(lang),
                    "lane": lane,
                    "from": start,
                    "to": min(max(ended, date.fromisoformat(start)), horizon).isoformat(),
                    "type": code_label("agreement_type", row["agreement_type"], lang),
                    "state": row["state_ko"] if lang == "ko" else row["state_en"],
                    "title": title,
                    "when": written(str(begun), lang),
                    "standing": row["state"] in STATES,
                    "notice": row["notice_day"].isoformat() if row["notice_day"] else None,
                    "notice_shown": written(row["notice_day"].isoformat(), lang) if row["notice_day"] else None,
                    "ref": f"agreement:{row['id']}",
                }
            )
        names = [actor(context.snapshot, one).in_(lang) for one in order]
        return lanes(bars, names, lang)

    first = actor(context.snapshot, order[0]) if order else same("–")
    n = exploded.filter(pl.col("partner") == order[0]).height if order else 0
    title = Text(f"{first.en} holds the most agreements that stand: {n}", f"유효한 협정이 가장 많은 상대는 {first.ko}({n}건)이다")
    alt = Text(
        f"A bar for each agreement in the lanes of {len(order)} partners; grey bars have ended.", f"상대국 {len(order)}곳의 협정 막대. 회색은 종료된 협정."
    )
    return Figure("agreement-lanes", title, spec, alt, source_line(context.snapshot, _LANES_BASIS), height=460, records=tuple(_refs(every)))


def _types(rows: pl.DataFrame) -> Table:
    by = (
        rows.group_by("agreement_type")
        .agg("id", pl.col("partners").list.explode().n_unique().alias("n"), pl.col("term_known").sum().alias("known"))
        .sort([pl.col("id").list.len(), "agreement_type"], descending=[True, False])
    )
    made = tuple((code("agreement_type", kind), count([f"agreement:{one}" for one in ids]), number(n), number(known)) for kind, ids, n, known in by.iter_rows())
    columns = (
        Column(Text("Type", "유형"), width=4),
        Column(Text("Standing", "유효"), "right"),
        Column(Text("Partners", "상대"), "right"),
        Column(Text("Term known", "기간 확인"), "right"),
    )
    return Table("agreement-types", Text("What stands, by type", "유형별 유효 협정"), columns, made)


def _restless(context: Context, rows: pl.DataFrame) -> Table:
    """Agreements that are or were suspended, kept on condition or declared void."""
    periods = (
        context.snapshot.counted("agreement_period")
        .filter((pl.col("status") != "in_force") & (pl.col("start_earliest") <= context.as_of))
        .sort("start_earliest", descending=True)
    )
    made = tuple(
        (
            titled(context.snapshot, f"agreement:{row['agreement']}"),
            code("agreement_status", row["status"]),
            day(row["start"]),
            day(row["end"]),
            actors(context.snapshot, row["by"]),
            Num(Text(row["what_en"], row["what_ko"] or row["what_en"]), (f"agreement_period:{row['id']}",)),
        )
        for row in periods.head(16).iter_rows(named=True)
    )
    columns = (
        Column(Text("Agreement", "협정"), width=3),
        Column(Text("State", "상태")),
        Column(Text("From", "시작")),
        Column(Text("To", "끝")),
        Column(Text("By", "행위자")),
        Column(Text("What", "내용"), width=4),
    )
    return Table("restless", Text("Suspended, conditional, void or ended", "효력 정지·조건부·무효 선언·종료"), columns, made)


def due(context: Context) -> Section:
    """What lapses soon: notice days, expiries, mandates, anniversaries, overdue editions; and what is not known."""
    rows, work = context.watch.rows, context.watch.tables["work"]
    share = context.watch.settings.get("term_known_share")
    lead = Text(
        f"In the next 365 days; the term is known of {100 * (share or 0):.0f} % of the agreements that stand.",
        f"앞으로 365일. 유효한 협정 가운데 기간이 확인된 비율은 {100 * (share or 0):.0f} %이다.",
    )
    blocks: tuple[Block, ...] = (Paragraph((lead,)), _due_table(context, rows), _work_table(context, work))
    return Section("due", Text("What needs a decision", "결정이 필요한 사안"), blocks, new_page=True)


def _due_table(context: Context, rows: pl.DataFrame) -> Table:
    made = tuple(
        (
            day(row["due"]),
            number(row["days_left"]),
            ITEMS.get(row["item"], same(row["item"])),
            titled(context.snapshot, row["ref"]),
            Text(row["what_en"], row["what_ko"]),
            actors(context.snapshot, row["partners"] or []),
        )
        for row in rows.head(SHOWN).iter_rows(named=True)
    )
    columns = (
        Column(Text("Due", "기한")),
        Column(Text("Days", "남은 날"), "right"),
        Column(Text("What kind", "구분")),
        Column(Text("Record", "기록"), width=4),
        Column(Text("What", "내용"), width=4),
        Column(Text("With", "상대"), width=2),
    )
    more = Text(f"{rows.height - SHOWN} more are in the JSON.", f"나머지 {rows.height - SHOWN}건은 JSON에 있다.") if rows.height > SHOWN else None
    return Table("due-table", Text("Deadlines, soonest first", "기한순 목록"), columns, made, note=more)


def _work_table(context: Context, work: pl.DataFrame) -> Table:
    made = tuple(
        (
            WORK_ITEMS.get(row["item"], same(row["item"])),
            titled(context.snapshot, row["ref"]),
            Text(row["what_en"], row["what_ko"]),
            actors(context.snapshot, row["partners"] or []),
        )
        for row in work.head(WORK).iter_rows(named=True)
    )
    columns = (
        Column(Text("Kind of work", "구분")),
        Column(Text("Record", "기록"), width=4),
        Column(Text("What is not known", "확인할 사항"), width=4),
        Column(Text("With", "상대"), width=2),
    )
    return Table(
        "work-table",
        Text(f"Work: the first {min(WORK, work.height)} of {work.height} facts to find out", f"확인할 사실 {work.height}건 가운데 {min(WORK, work.height)}건"),
        columns,
        made,
    )


ITEMS = {
    "notice": Text("notice day", "통보 기한"),
    "renewal": Text("renewal", "연장"),
    "expiry": Text("expiry", "만료"),
    "mandate": Text("mandate ends", "파병 기한"),
    "anniversary": Text("anniversary", "주년"),
    "overdue": Text("edition overdue", "개최 지연"),
}
WORK_ITEMS = {
    "unknown_term": Text("term unknown", "기간 미상"),
    "term_over": Text("term over", "기간 경과"),
    "stale": Text("stale fact", "오래된 사실"),
    "undated": Text("undated source", "날짜 없는 출처"),
    "forgotten_series": Text("series without a rhythm", "주기가 끊긴 계열"),
    "mandate_over": Text("mandate over", "파병 기한 경과"),
}
_TITLE = Text("Agreements and obligations", "협정과 의무")
_LANES_BASIS = Text(
    "Bars end where an end or term is known, else on the day; diamonds are days by which notice must be given.",
    "막대는 종료나 기간이 알려지면 그날, 아니면 기준일에서 끝난다. 마름모는 통보 기한이다.",
)
