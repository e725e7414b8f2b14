"""The dossier of one partner, for the hour before a meeting.

It opens with what the reader needs first: the last meetings, open commitments both ways, what the partner asked for, and what changed since
the last brief; then the tie, its history, agreements with their notice days, exercises, technology, and every claim that sources dispute.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from comity.register.snapshot import Snapshot
from comity.report.context import Context
from comity.report.document import Block, Cell, Column, Document, Num, Paragraph, Section, Spark, Table
from comity.report.sections.partners import MECHANISM_LABELS, partner_status
from comity.report.words import HASH_SHOWN, actor, code, count, day, interval, number, titled
from comity.vocab.dates import written
from comity.vocab.errors import UnknownActor
from comity.vocab.text import Text, same

MEETINGS, EXERCISES, ASKED = 8, 12, 8
ASKS = ("REQUEST", "ACCUSE", "PROTEST", "REJECT")


def dossier(snapshot: Snapshot, partner: str, *, home: str | None = None, as_of: date, since: date | None = None) -> Document:
    """The dossier of `partner` on `as_of`; `since` is the day of the last brief (default a year before)."""
    return dossier_in(Context(snapshot, home or snapshot.home, as_of), partner, since)


def dossier_in(context: Context, partner: str, since: date | None = None) -> Document:
    """The dossier made from what a context holds."""
    snapshot, as_of = context.snapshot, context.as_of
    if partner not in snapshot.actor_names:
        raise UnknownActor(Text("No actor carries the code {code}.", "{code} 부호를 가진 행위자가 없습니다.").format(code=repr(partner)))
    before = since or date(as_of.year - 1, as_of.month, min(as_of.day, 28))
    name = actor(snapshot, partner)
    sections = [
        Section(
            "opening",
            Text("Before the meeting", "회담에 앞서"),
            (
                _head(context, partner),
                _meetings(context, partner),
                *_commitments(context, partner),
                _asked(context, partner),
                _changed(context, partner, before),
            ),
        ),
        Section("tie", Text("The tie", "유대"), _tie(context, partner), new_page=True),
        Section("agreements", Text("Agreements", "협정"), (_agreements(context, partner),)),
        Section("exercises", Text("Exercises", "연습"), (_exercises(context, partner),)),
        Section("technology", Text("Technology", "방산·기술"), (_technology(context, partner),)),
        Section("disputed", Text("Where sources disagree", "출처가 엇갈리는 내용"), (_disputed(context, partner),)),
    ]
    stamp = as_of.isoformat()
    subtitle = Text(
        f"As of {written(stamp, 'en')} · register snapshot {snapshot.hash[:HASH_SHOWN]}",
        f"{written(stamp, 'ko')} 기준 · 등록부 스냅숏 {snapshot.hash[:HASH_SHOWN]}",
    )
    title = Text(f"{name.en}: partner dossier", f"{name.ko} 상대국 자료집")
    return Document(f"dossier-{partner.lower()}", title, subtitle, as_of, context.home, snapshot, tuple(sections), answers={"ties": context.ties.answer()})


def _shared(context: Context, kind: str, among: str, when: str, partner: str) -> pl.DataFrame:
    both = pl.col(among).list.contains(context.home) & pl.col(among).list.contains(partner)
    return (
        context.snapshot.frame(kind)
        .filter(both & (pl.col(f"{when}_earliest") <= context.as_of) & pl.col("counted_with").is_null())
        .sort(f"{when}_earliest", "id", descending=[True, False])
    )


def _head(context: Context, partner: str) -> Paragraph:
    status = partner_status(context, partner)
    row = context.ties.rows.filter(pl.col("partner") == partner)
    parts: list[Text | Num] = [actor(context.snapshot, partner), Text(": ", ": ")]
    if isinstance(status, Num):
        parts += [status, Text(". ", ". ")]
    if row.height:
        one = row.row(0, named=True)
        refs = tuple(one["records"])
        rank = Text(f", rank {one['rank_low']}–{one['rank_high']}", f", 순위 {one['rank_low']}–{one['rank_high']}") if one["rank"] is not None else same("")
        parts += [
            Text("Tie of ", "유대 강도 "),
            Num(same(f"{one['score']:.0f}"), refs, one["score"]),
            Text(f" (5–95 %: {one['low']:.0f}–{one['high']:.0f})", f"(5–95 %: {one['low']:.0f}–{one['high']:.0f})"),
            rank,
            Text(".", "."),
        ]
    return Paragraph(tuple(parts))


def _meetings(context: Context, partner: str) -> Table:
    frame = _shared(context, "dialogue", "parties", "start", partner).head(MEETINGS)
    rows = tuple(
        (
            day(row["start"]),
            titled(context.snapshot, f"dialogue:{row['id']}"),
            code("dialogue_level", row["level"]),
            Text(row["place_en"] or "–", row["place_ko"] or row["place_en"] or "–"),
            Text(row["outcome_en"] or "–", row["outcome_ko"] or row["outcome_en"] or "–"),
        )
        for row in frame.iter_rows(named=True)
    )
    columns = (
        Column(Text("Date", "날짜")),
        Column(Text("Meeting", "회담"), width=3),
        Column(Text("Level", "급")),
        Column(Text("Place", "장소")),
        Column(Text("Outcome", "결과"), width=4),
    )
    return Table("meetings", Text("Last meetings", "최근 회담"), columns, rows, note=None if rows else _NONE)


def _commitments(context: Context, partner: str) -> list[Table]:
    frame = context.snapshot.frame("commitment").filter((pl.col("promised_earliest") <= context.as_of) & pl.col("status").is_in(["open", "late"]))
    made = []
    for by, to, title in ((context.home, partner, Text("We owe them", "우리가 지킬 약속")), (partner, context.home, Text("They owe us", "상대가 지킬 약속"))):
        own = frame.filter(pl.col("by").list.contains(by) & pl.col("to").list.contains(to)).sort("due_earliest", "promised", "id", nulls_last=True)
        rows = tuple(
            (
                Num(Text(row["what_en"], row["what_ko"] or row["what_en"]), (f"commitment:{row['id']}",)),
                day(row["promised"]),
                day(row["due"]),
                code("commitment_status", row["status"]),
            )
            for row in own.iter_rows(named=True)
        )
        columns = (Column(Text("What", "내용"), width=5), Column(Text("Promised", "약속일")), Column(Text("Due", "기한")), Column(Text("Status", "상태")))
        made.append(Table(f"commitments-{by.lower()}", title, columns, rows, note=None if rows else _NONE))
    return made


def _asked(context: Context, partner: str) -> Table:
    """What the partner asked for, objected to or protested, from the events on record."""
    acted = pl.col("source_actors").list.contains(partner) & pl.col("event_type").is_in(ASKS)
    frame = context.snapshot.frame("event").filter(acted & (pl.col("start_earliest") <= context.as_of))
    rows = tuple(
        (day(row["start"]), code("event_type", row["event_type"]), titled(context.snapshot, f"event:{row['id']}"))
        for row in frame.sort("start_earliest", "id", descending=[True, False]).head(ASKED).iter_rows(named=True)
    )
    columns = (Column(Text("Date", "날짜")), Column(Text("Act", "행위")), Column(Text("What", "내용"), width=6))
    return Table("asked", Text("What they asked or objected to", "상대의 요구와 이의"), columns, rows, note=None if rows else _NONE)


def _changed(context: Context, partner: str, since: date) -> Table:
    """Records of the tie that begin after the last brief."""
    found: list[tuple[str, str]] = []
    for kind, among, when in (("dialogue", "parties", "start"), ("exercise", "participants", "start"), ("agreement", "parties", "signed")):
        frame = _shared(context, kind, among, when, partner).filter(pl.col(f"{when}_earliest") > since)
        found += [(text, f"{kind}:{one}") for one, text in frame.select("id", when).iter_rows()]
    transfers = context.snapshot.frame("transfer").filter(
        ((pl.col("supplier") == partner) | (pl.col("recipient") == partner))
        & (pl.col("signed_earliest") > since)
        & (pl.col("signed_earliest") <= context.as_of)
    )
    found += [(text, f"transfer:{one}") for one, text in transfers.select("id", "signed").iter_rows()]
    rows = tuple((day(text), titled(context.snapshot, ref)) for text, ref in sorted(found, reverse=True))
    when_en, when_ko = written(since.isoformat(), "en"), written(since.isoformat(), "ko")
    return Table(
        "changed",
        Text(f"New on the record since {when_en}", f"{when_ko} 이후 새 기록"),
        (Column(Text("Date", "날짜")), Column(Text("What", "내용"), width=6)),
        rows,
        note=None if rows else _NONE,
    )


def _tie(context: Context, partner: str) -> tuple[Block, ...]:
    row = context.ties.rows.filter(pl.col("partner") == partner)
    if row.is_empty():
        return (Paragraph((_NONE,)),)
    one = row.row(0, named=True)
    refs = tuple(one["records"])
    series = dict(context.history.filter(pl.col("partner") == partner).select("day", "score").iter_rows())
    days = sorted(set(context.history["day"]))
    values = tuple(round(series.get(at, 0.0), 2) for at in days)
    history = Table(
        "history",
        Text("Twenty years", "20년 추이"),
        (Column(Text("Tie", "유대"), "spark", 3), Column(Text("5–95 %", "5–95 %"), "right"), Column(Text("Records", "기록"), "right")),
        (
            (
                Spark(values, Text(f"{values[0]:.0f} to {values[-1]:.0f}", f"{values[0]:.0f}에서 {values[-1]:.0f}")),
                interval(one["low"], one["high"], records=refs),
                count(refs),
            ),
        ),
    )
    by: tuple[tuple[Cell, ...], ...] = tuple(
        (MECHANISM_LABELS[m], number(100 * value, [ref for ref in refs if _belongs(ref, m)]))
        for m, value in sorted(one["mechanisms"].items(), key=lambda pair: -(pair[1] or 0))
        if value
    )
    mechanisms = Table(
        "mechanisms", Text("By mechanism, 0–100", "수단별(0–100)"), (Column(Text("Mechanism", "수단"), width=3), Column(Text("Score", "점수"), "right")), by
    )
    top = tuple((titled(context.snapshot, entry["ref"]), number(entry["points"], [entry["ref"]], digits=1)) for entry in one["top"])
    carried = Table(
        "top",
        Text("Records that carry it", "핵심 기록"),
        (Column(Text("Record", "기록"), width=6), Column(Text("Points lost without it", "없을 때 낮아지는 점수"), "right")),
        top,
    )
    return history, mechanisms, carried


def _belongs(ref: str, mechanism: str) -> bool:
    kinds = {
        "agreements": "agreement",
        "information": "agreement",
        "exercises": "exercise",
        "dialogues": "dialogue",
        "visits": "dialogue",
        "deployments": "deployment",
        "technology": "transfer",
    }
    return ref.startswith(kinds[mechanism] + ":")


def _agreements(context: Context, partner: str) -> Table:
    rows = context.agreements_with(partner).rows
    listed = tuple(
        (
            titled(context.snapshot, f"agreement:{row['id']}"),
            code("agreement_type", row["agreement_type"]),
            day(row["signed"]),
            Text(row["state_en"], row["state_ko"]),
            day(row["notice_day"]),
            day(row["term_end"]),
        )
        for row in rows.iter_rows(named=True)
    )
    columns = (
        Column(Text("Agreement", "협정"), width=4),
        Column(Text("Type", "유형")),
        Column(Text("Signed", "서명")),
        Column(Text("State", "상태")),
        Column(Text("Notice by", "통보 기한")),
        Column(Text("Term ends", "기간 만료")),
    )
    return Table("agreements-table", Text("Standing with this partner", "현행 협정"), columns, listed, note=_TERMS)


def _exercises(context: Context, partner: str) -> Table:
    frame = _shared(context, "exercise", "participants", "start", partner).head(EXERCISES)
    rows = tuple(
        (
            day(row["start"]),
            titled(context.snapshot, f"exercise:{row['id']}"),
            code("exercise_status", row["status"]),
            number(row["personnel"], [f"exercise:{row['id']}"]),
        )
        for row in frame.iter_rows(named=True)
    )
    columns = (
        Column(Text("Date", "날짜")),
        Column(Text("Exercise", "연습"), width=5),
        Column(Text("State", "상태")),
        Column(Text("Personnel", "인원"), "right"),
    )
    return Table("exercises-table", Text("Latest exercises", "최근 연습"), columns, rows, note=None if rows else _NONE)


def _technology(context: Context, partner: str) -> Table:
    frame = context.snapshot.frame("transfer").filter(
        ((pl.col("supplier") == partner) | (pl.col("recipient") == partner))
        & (pl.col("supplier").is_in([context.home, partner]))
        & (pl.col("recipient").is_in([context.home, partner]))
    )
    rows = tuple(
        (
            day(row["signed"]),
            titled(context.snapshot, f"transfer:{row['id']}"),
            code("transfer_type", row["transfer_type"]),
            number(row["value_usd_m"], [f"transfer:{row['id']}"]),
            code("transfer_status", row["status"]),
        )
        for row in frame.sort("signed_earliest", "id", descending=[True, False], nulls_last=True).iter_rows(named=True)
    )
    columns = (
        Column(Text("Signed", "계약")),
        Column(Text("Item", "품목"), width=4),
        Column(Text("Type", "유형")),
        Column(Text("USD million", "백만 달러"), "right"),
        Column(Text("State", "상태")),
    )
    return Table("technology-table", Text("Transfers both ways", "양방향 이전"), columns, rows, note=None if rows else _NONE)


def _disputed(context: Context, partner: str) -> Table:
    """Competing claims on the records of this tie."""
    row = context.ties.rows.filter(pl.col("partner") == partner)
    refs = list(row["records"][0]) if row.height else []
    rows = []
    for ref in refs:
        record = context.snapshot.record(ref)
        for claim in context.snapshot.claims_on(record):
            if claim["status"] == "competing" and record.kind.has(claim["field"]):
                label = record.kind.field(claim["field"]).label
                rows.append(
                    (
                        titled(context.snapshot, ref),
                        label,
                        same(record[claim["field"]] or "–"),
                        same(claim["value"] or "–"),
                        Text(claim["reason_en"] or "–", claim["reason_ko"] or claim["reason_en"] or "–"),
                    )
                )
    columns = (
        Column(Text("Record", "기록"), width=3),
        Column(Text("Field", "항목")),
        Column(Text("Stands", "채택")),
        Column(Text("Other claim", "다른 주장"), width=2),
        Column(Text("Why", "이유"), width=4),
    )
    return Table("disputed-table", Text("Competing claims", "경쟁하는 주장"), columns, tuple(rows[:30]), note=None if rows else _NONE)


_NONE = Text("Nothing on the record.", "기록 없음.")
_TERMS = Text(
    "An empty notice day means that the term is not known yet, not that none is needed.",
    "통보 기한이 비어 있으면 기간이 아직 확인되지 않은 것이며, 통보가 필요 없다는 뜻이 아니다.",
)
