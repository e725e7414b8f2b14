"""What needs a decision in the days ahead: notice, expiry, renewal, mandates, anniversaries, and meetings or exercises that are overdue.

Read from agreements and their periods, mandates of deployments, and the editions of series with a stated frequency. The work list beside it
says what the record does not know: terms, outcomes of terms that are over, and facts on featured partners that no dated source has
confirmed for years. A notice day is computed from the recorded rule and is no legal advice; an overdue edition means that none is
recorded, not that none was held.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from comity.measures.agreements import agreements, term_known_share
from comity.measures.deployments import deployments
from comity.measures.result import Result, result
from comity.measures.tempo import CYCLE_DAYS, editions_until, is_active
from comity.measures.terms import Duration, shift
from comity.register.snapshot import Snapshot
from comity.vocab.date_columns import midpoint
from comity.vocab.dates import written
from comity.vocab.text import Text

Row = dict[str, Any]
SCHEMA: dict[str, Any] = {
    "due": pl.Date, "days_left": pl.Int64, "item": pl.String, "ref": pl.String, "partners": pl.List(pl.String),
    "what_en": pl.String, "what_ko": pl.String, "records": pl.List(pl.String),
}  # fmt: skip
WORK_SCHEMA: dict[str, Any] = {
    "item": pl.String, "ref": pl.String, "partners": pl.List(pl.String), "featured": pl.Boolean, "last_evidence": pl.Date, "age_days": pl.Int64,
    "what_en": pl.String, "what_ko": pl.String, "records": pl.List(pl.String),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class WatchSettings:
    """Parameters of the watch list, with the reason for each."""

    days: int = 365
    """A year holds each yearly rhythm once."""
    round_years: tuple[int, ...] = (10, 20, 25, 30, 40, 50, 60, 70, 75, 80, 90, 100, 125, 150, 200)
    """Years that ministries celebrate: tens and quarter centuries."""
    overdue_cycles: float = 1.5
    """An edition half a cycle late is late; less is slack in the calendar."""
    forgotten_cycles: float = 10.0
    """After so many cycles without an edition the series is no longer late but without a rhythm, and goes to the work list."""
    stale_years: int = 5
    """White papers and lists of agreements come every two years: five miss at least two of them."""


def watch(snapshot: Snapshot, home: str | None = None, *, as_of: date, days: int = 365, settings: WatchSettings | None = None) -> Result:
    """What falls due for `home` from `as_of` through the next `days` days, soonest first; what is overdue comes before it.

    `item` is notice (last day to stop a renewal), renewal (a period begins), expiry, mandate, anniversary or overdue; `due` of an overdue
    edition is the day on which the cycle was full. Table `work`: unknown terms, terms that are over, stale and undated facts, forgotten
    series, mandates of forces abroad that are over by the record. `settings["term_known_share"]` is the share of the agreements that stand
    whose term is known: of the others nothing can fall due here.
    """
    home = home or snapshot.home
    settings = settings or WatchSettings(days)
    stand = agreements(snapshot, home, as_of=as_of).rows
    forces = deployments(snapshot, home, as_of=as_of).rows
    featured = set(snapshot.settings.get("featured", []))
    late, forgotten = _late(snapshot, home, as_of, settings)
    mandates, over = _mandates(snapshot, forces, featured, as_of, settings)
    found = [*_terms(stand, as_of, settings), *mandates, *_anniversaries(snapshot, home, stand, as_of, settings), *late]
    rows = pl.DataFrame(found, schema=SCHEMA, orient="row").sort("due", "item", "ref")
    work = [*_unknown_terms(stand, featured), *_stale(snapshot, stand, forces, featured, as_of, settings), *forgotten, *over]
    table = pl.DataFrame(work, schema=WORK_SCHEMA, orient="row").sort("featured", "item", "ref", descending=[True, False, False])
    share = term_known_share(stand)
    head = asdict(settings) | {"term_known_share": None if share is None else round(share, 4)}
    return result("watch", snapshot, rows, as_of=as_of, home=home, settings=head, notes=_notes(stand, snapshot, home, as_of), tables={"work": table})


def _item(item: str, due: date, day: date, ref: str, partners: list[str], what: Text, records: list[str]) -> Row:
    left = (due - day).days
    return {"due": due, "days_left": left, "item": item, "ref": ref, "partners": partners, "what_en": what.en, "what_ko": what.ko, "records": records}


def _terms(stand: pl.DataFrame, day: date, settings: WatchSettings) -> list[Row]:
    """Notice days, and the ends of periods: a renewal where the agreement goes on by itself, an expiry where it does not."""
    until = day + timedelta(days=settings.days)
    rows = []
    for row in stand.iter_rows(named=True):
        ref, partners, records = f"agreement:{row['id']}", row["partners"], row["records"]
        if row["notice_day"] and row["notice_day"] <= until:
            rows.append(_item("notice", row["notice_day"], day, ref, partners, _notice(row), records))
        if row["renewal_day"] and row["renewal_day"] <= until:
            rows.append(_item("renewal", row["renewal_day"], day, ref, partners, _RENEWAL.format(end=_day(row["term_end"])), records))
        elif row["days_left"] is not None and row["renewal_day"] is None and row["term_end"] <= until:
            what = _EXPIRY if row["term_end"] == row["term_end_earliest"] else _EXPIRY_BETWEEN
            rows.append(_item("expiry", row["term_end"], day, ref, partners, what.format(first=_day(row["term_end_earliest"])), records))
    return rows


def _notice(row: Row) -> Text:
    """The words of a notice day: how long the notice is and which end it would reach."""
    length = Duration.parse(row["notice"]) or Duration()
    return _NOTICE.format(notice=length.words, end=_day(row["ends_if_notice_today"] or shift(row["notice_day"], length)))


def _day(day: date) -> Text:
    return Text(written(day.isoformat(), "en"), written(day.isoformat(), "ko"))


def _mandates(snapshot: Snapshot, forces: pl.DataFrame, featured: set[str], day: date, settings: WatchSettings) -> tuple[list[Row], list[Row]]:
    """The latest consent of parliament and the latest resolution of each deployment abroad: those that end within the days, those that are over."""
    acts = snapshot.counted("mandate").filter((pl.col("date_earliest") <= day) & pl.col("until_earliest").is_not_null() & (pl.col("act") != "withdrawal"))
    kinds = acts.with_columns(resolution=pl.col("act") == "resolution").sort("date_latest", "id")
    latest = (
        kinds.group_by(["deployment", "resolution"], maintain_order=True)
        .last()
        .join(_with_leaders(forces).select("id", "partners"), left_on="deployment", right_on="id")
    )
    ahead, over = [], []
    for act in latest.sort("deployment", "resolution").iter_rows(named=True):
        document = Text(act["document_en"], act["document_ko"] or act["document_en"])
        ref, due = f"deployment:{act['deployment']}", act["until_earliest"]
        records = [ref, f"mandate:{act['id']}"]
        if day <= due <= day + timedelta(days=settings.days):
            what = (_RESOLUTION if act["resolution"] else _MANDATE).format(document=document)
            ahead.append(_item("mandate", due, day, ref, act["partners"], what, records))
        elif due < day:
            over.append(
                _work("mandate_over", ref, act["partners"], featured, _MANDATE_OVER.format(document=document, end=_day(due)), records, due, (day - due).days)
            )
    return ahead, over


def _anniversaries(snapshot: Snapshot, home: str, stand: pl.DataFrame, day: date, settings: WatchSettings) -> list[Row]:
    """Round years of agreements that stand, since signature, and of active series, since their first edition; days known exactly only."""
    signed = stand.filter(pl.col("signed").str.len_chars() == 10).select("id", "signed", "partners").iter_rows()
    begun = [(f"agreement:{one}", date.fromisoformat(signed), partners, _SIGNED) for one, signed, partners in signed]
    for kind in ("exercise_series", "dialogue_series"):
        rows = snapshot.counted(kind).filter(pl.col("participants").list.contains(home) & (pl.col("first_held").str.len_chars() == 10))
        for row in rows.iter_rows(named=True):
            if row["first_held_earliest"] <= day and not row["collection"] and is_active(row, day):
                partners = sorted(set(row["participants"]) - {home})
                begun.append((f"{kind}:{row['id']}", row["first_held_earliest"], partners, _FIRST_HELD))
    found = []
    for ref, start, partners, what in begun:
        for years in settings.round_years:
            due = shift(start, Duration(months=12 * years))
            if day <= due <= day + timedelta(days=settings.days):
                found.append(_item("anniversary", due, day, ref, partners, what.format(years=years), [ref]))
    return found


def _late(snapshot: Snapshot, home: str, day: date, settings: WatchSettings) -> tuple[list[Row], list[Row]]:
    """Active series with a rhythm and no edition recorded for too long: those late, and those without an edition for many cycles."""
    late, forgotten = [], []
    for kind, last_held in (("exercise_series", _last_exercises(snapshot, home, day)), ("dialogue_series", _last_meetings(snapshot, home, day))):
        for row in snapshot.counted(kind).filter(pl.col("participants").list.contains(home)).iter_rows(named=True):
            if row["collection"] or row["frequency"] not in CYCLE_DAYS or not is_active(row, day) or row["id"] not in last_held:
                continue
            cycle, (last, record) = CYCLE_DAYS[row["frequency"]], last_held[row["id"]]
            age, ref, partners = (day - last).days, f"{kind}:{row['id']}", sorted(set(row["participants"]) - {home})
            what = _OVERDUE.format(last=_day(last), cycles=f"{age / cycle:.1f}")
            if settings.overdue_cycles * cycle < age <= settings.forgotten_cycles * cycle:
                late.append(_item("overdue", last + timedelta(days=cycle), day, ref, partners, what, [ref, record]))
            elif age > settings.forgotten_cycles * cycle:
                forgotten.append(_work("forgotten_series", ref, partners, set(), what, [ref, record], last, age))
    return late, forgotten


def _last_exercises(snapshot: Snapshot, home: str, day: date) -> dict[str, tuple[date, str]]:
    """The last edition held of each series by the last day that it may have begun, so that an imprecise date is never late too early."""
    rows = editions_until(snapshot, home, day).filter("held").sort("start_latest", "id")
    return {series: (min(last, day), f"exercise:{one}") for series, last, one in rows.select("series", "start_latest", "id").iter_rows()}


def _last_meetings(snapshot: Snapshot, home: str, day: date) -> dict[str, tuple[date, str]]:
    frame = snapshot.counted("dialogue").filter(pl.col("parties").list.contains(home) & (midpoint("start") <= day))
    rows = frame.filter(pl.col("status").is_null() | (pl.col("status") == "held")).sort("start_latest", "id")
    return {series: (min(last, day), f"dialogue:{one}") for series, last, one in rows.select("series", "start_latest", "id").iter_rows()}


def _work(
    item: str, ref: str, partners: list[str], featured: set[str], what: Text, records: list[str], last: date | None = None, age: int | None = None
) -> Row:
    words = {"what_en": what.en, "what_ko": what.ko, "records": records}
    return {"item": item, "ref": ref, "partners": partners, "featured": bool(featured & set(partners)), "last_evidence": last, "age_days": age} | words


def _unknown_terms(stand: pl.DataFrame, featured: set[str]) -> list[Row]:
    """Agreements whose term nobody knows, and those whose term is over without a word on what followed."""
    rows = []
    for row in stand.filter(~pl.col("term_known") | pl.col("term_over")).iter_rows(named=True):
        item, what = ("term_over", _TERM_OVER.format(end=_day(row["term_end"]))) if row["term_over"] else ("unknown_term", _NO_TERM)
        rows.append(_work(item, f"agreement:{row['id']}", row["partners"], featured, what, row["records"]))
    return rows


def _stale(snapshot: Snapshot, stand: pl.DataFrame, forces: pl.DataFrame, featured: set[str], day: date, settings: WatchSettings) -> list[Row]:
    """Agreements and deployments of featured partners that go on by the record, while their latest dated evidence is old or there is none."""
    limit = shift(day, Duration(months=12 * settings.stale_years), back=True)
    facts = [(f"agreement:{one}", partners, records) for one, partners, records in stand.select("id", "partners", "records").iter_rows()]
    facts += [(f"deployment:{one}", partners, records) for one, partners, records in _with_leaders(forces).select("id", "partners", "records").iter_rows()]
    evidence, rows = _Evidence(snapshot), []
    for ref, partners, records in facts:
        if not featured & set(partners):
            continue
        dated, begun = evidence.of(records, day)
        latest = dated or begun
        if latest is None or latest >= limit:
            continue
        item, what = ("stale", _STALE.format(last=_day(dated))) if dated else ("undated", _UNDATED)
        rows.append(_work(item, ref, partners, featured, what, records, dated, (day - dated).days if dated else None))
    return rows


def _with_leaders(forces: pl.DataFrame) -> pl.DataFrame:
    """Deployments with `partners`: the states in which they serve, the command, and the United Nations where they serve under them."""
    un = pl.when(pl.col("framework") == "UN").then(pl.lit("UN"))
    return forces.with_columns(partners=pl.concat_list("countries", pl.concat_list("command", un).list.drop_nulls()))


class _Evidence:
    """When the records behind a fact were last spoken for."""

    def __init__(self, snapshot: Snapshot) -> None:
        sources = snapshot.frame("source").filter(pl.col("published_latest").is_not_null())
        self.published: dict[str, date] = dict(sources.select("id", "published_latest").iter_rows())
        kinds = ("agreement", "agreement_period", "deployment", "strength", "mandate")
        self.rows = {f"{kind}:{row['id']}": row for kind in kinds for row in snapshot.counted(kind).iter_rows(named=True)}

    def of(self, records: list[str], day: date) -> tuple[date | None, date | None]:
        """The latest dated source, attestation or count by `day`, and the latest beginning."""
        rows = [self.rows[ref] for ref in records if ref in self.rows]
        dated = [self.published.get(row[name]) for row in rows for name in ("source", "second_source")]
        dated += [row.get(name) for row in rows for name in ("attested_latest", "date_latest")]
        begun = [row.get(name) for row in rows for name in ("in_force_latest", "signed_latest", "start_latest")]
        latest = [max((one for one in days if one is not None and one <= day), default=None) for days in (dated, begun)]
        return latest[0], latest[1]


def _notes(stand: pl.DataFrame, snapshot: Snapshot, home: str, day: date) -> tuple[Text, ...]:
    known, share = int(stand["term_known"].sum()), term_known_share(stand)
    notes = [_HEAD.format(known=known, n=stand.height, share="–" if share is None else f"{share:.0%}")]
    if home == snapshot.home and not snapshot.counted("mandate").filter(pl.col("date_earliest") <= day).height:
        notes.append(_NO_MANDATES)
    return tuple(notes)


_NOTICE = Text("last day for notice ({notice}) to end it on {end}", "{end} 종료를 위한 사전 통보({notice}) 마지막 날")
_RENEWAL = Text("renews itself; the period ends on {end}", "자동 연장(현 기간 {end} 만료)")
_EXPIRY = Text("its term ends", "유효 기간 만료")
_EXPIRY_BETWEEN = Text("its term ends by this day; it may end from {first} on", "늦어도 이날 만료({first}부터 만료 가능)")
_MANDATE = Text("parliament's consent ends: {document}", "파병 동의 기한 만료: {document}")
_RESOLUTION = Text("the United Nations' mandate ends: {document}", "유엔 임무 기한 만료: {document}")
_MANDATE_OVER = Text("the latest recorded mandate ended on {end}: {document}", "기록된 마지막 파병 근거가 {end}에 만료됨: {document}")
_SIGNED = Text("{years} years since signature", "서명 {years}주년")
_FIRST_HELD = Text("{years} years since it was first held", "첫 실시 {years}주년")
_OVERDUE = Text("no edition recorded since {last}, {cycles} cycles ago", "{last} 이후 실시 기록 없음(주기의 {cycles}배 경과)")
_NO_TERM = Text("its term is not known", "유효 기간 미상")
_TERM_OVER = Text("its term ended on {end} and no renewal is recorded", "{end} 유효 기간이 끝났으나 연장 여부 기록 없음")
_STALE = Text("goes on by the record; the latest dated evidence is of {last}", "효력이 계속되는 것으로 기록되어 있으나 최근 근거가 {last} 자료임")
_UNDATED = Text("goes on by the record; no dated source says so", "효력이 계속되는 것으로 기록되어 있으나 날짜가 확인되는 근거가 없음")
_HEAD = Text(
    "The term is known for {known} of the {n} agreements that stand ({share}); nothing can fall due for the others.",
    "효력이 있는 협정 {n}건 중 {known}건({share})만 유효 기간이 확인되며, 나머지는 도래일을 알 수 없다.",
)
_NO_MANDATES = Text(
    "Not enough data: no mandate of a deployment is recorded, so no end of a mandate can be listed.",
    "자료 부족: 파병 동의 기록이 없어 기한 만료를 표시할 수 없다.",
)
