"""How each agreement of a country stood on a day: in force, suspended, kept on condition, lapsed or ended, and when it next needs a decision.

Read from agreements, their periods and the links between them. An agreement whose end nobody states is presumed in force (method 1; a
treaty goes on until it is ended, Vienna Convention 1969, art. 42), and the row says `presumed`. A declaration of nullity by an adversary
alone does not end an agreement: it is shown beside the state. A later end or attestation only tells that the state still held on the day.
The rows are no legal opinion: terms come from the record, and most texts' terms are unknown to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from comity.measures.agreement_state import Evidence, Row, State, Terms, begins, rules_of, state_on, terms_on
from comity.measures.result import Result, result
from comity.register.snapshot import Snapshot
from comity.register.titles import actor_name
from comity.vocab.text import Text

STANDING = ("in_force", "suspended_in_part", "conditional", "provisional", "suspended")
STATES = {
    "in_force": Text("in force", "발효 중"),
    "suspended_in_part": Text("suspended in part", "일부 효력 정지"),
    "conditional": Text("kept on condition", "조건부 유지"),
    "provisional": Text("applied provisionally", "잠정 적용"),
    "suspended": Text("suspended", "효력 정지"),
    "signed": Text("signed, not yet in force", "서명, 미발효"),
    "lapsed": Text("lapsed with its term", "기간 만료"),
    "ended": Text("ended", "종료"),
}
CERTAINTIES = {
    "certainly": Text("", ""),
    "presumed": Text(", presumed", "(추정)"),
    "possibly": Text(", possibly", "(불확실)"),
}
SCHEMA: dict[str, Any] = {
    "id": pl.String, "agreement_type": pl.String, "partners": pl.List(pl.String), "signed": pl.String, "in_force": pl.String, "begun_by": pl.String,
    "state": pl.String, "certainty": pl.String, "state_since": pl.Date, "state_en": pl.String, "state_ko": pl.String,
    "declared_void_by": pl.List(pl.String), "declared_void_on": pl.Date, "replaced_by": pl.String, "ended_on": pl.Date,
    "obligations": pl.List(pl.String), "scope": pl.List(pl.String), "term_known": pl.Boolean, "term_over": pl.Boolean,
    "term_end": pl.Date, "term_end_earliest": pl.Date, "days_left": pl.Int64, "renewal": pl.String, "renewal_day": pl.Date,
    "notice": pl.String, "notice_day": pl.Date, "days_to_notice": pl.Int64, "ends_if_notice_today": pl.Date,
    "unknown": pl.List(pl.String), "records": pl.List(pl.String),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class AgreementSettings:
    """What is asked, and who counts as an adversary: `None` takes the package's list, which belongs to the country whose register it is."""

    in_force: bool = True
    lapsing_days: int | None = None
    partner: str | None = None
    adversaries: tuple[str, ...] | None = None


def agreements(
    snapshot: Snapshot,
    home: str | None = None,
    *,
    as_of: date,
    in_force: bool = True,
    lapsing_days: int | None = None,
    partner: str | None = None,
    settings: AgreementSettings | None = None,
) -> Result:
    """The agreements of `home` with their state on `as_of`, the end of their term, and the next days for notice and renewal.

    `in_force` keeps those that stand (a suspended one stands: suspension releases from performance, not from the treaty, Vienna
    Convention 1969, art. 72); `lapsing_days` keeps those whose term ends or whose notice falls due within so many days; `partner` those
    with that actor. Where the start is known only to the month or year, `notice_day` is the earliest that it can be and `term_end` the
    latest. Table `others`: agreements of the register to which `home` is no party.
    """
    home = home or snapshot.home
    settings = settings or AgreementSettings(in_force, lapsing_days, partner)
    every = standing(snapshot, home, as_of=as_of, adversaries=settings.adversaries)
    is_party = every["id"].is_in(_of_home(snapshot, home).implode())
    own = every.filter(is_party)
    rows = _asked(own, as_of, settings)
    return result("agreements", snapshot, rows, as_of=as_of, home=home, settings=settings, notes=_notes(own), tables={"others": every.filter(~is_party)})


def standing(snapshot: Snapshot, home: str, *, as_of: date, adversaries: tuple[str, ...] | None = None) -> pl.DataFrame:
    """Every agreement known by `as_of` with its state on that day; one row each, by id. `partners` are its parties without `home`."""
    key = ("standing agreements", home, as_of, adversaries, snapshot.include_unsourced)
    return snapshot.remembered(key, lambda: _standing(snapshot, home, as_of, adversaries))


def _standing(snapshot: Snapshot, home: str, as_of: date, adversaries: tuple[str, ...] | None) -> pl.DataFrame:
    hostile = set(snapshot.settings.get("adversaries", []) if adversaries is None else adversaries) - {home}
    known = pl.min_horizontal("signed_earliest", "in_force_earliest", "attested_earliest") <= as_of
    frame = snapshot.counted("agreement").filter(known.fill_null(False))
    periods = _periods(snapshot, as_of)
    followers, extensions = _links(frame, "replaces", as_of), _links(frame, "extends", as_of)
    rows = []
    for row in frame.sort("id").iter_rows(named=True):
        void, effective = _split(periods.get(row["id"], []), hostile)
        evidence = Evidence(row, effective, void, followers.get(row["id"]), extensions.get(row["id"]))
        rows.append(_row(snapshot, home, evidence, as_of))
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def term_known_share(rows: pl.DataFrame) -> float | None:
    """Share of the agreements that stand whose term is known; None when none stands."""
    share = rows.filter(pl.col("state").is_in(STANDING))["term_known"].mean()
    return float(share) if isinstance(share, float) else None


def _of_home(snapshot: Snapshot, home: str) -> pl.Series:
    return snapshot.counted("agreement").filter(pl.col("parties").list.contains(home))["id"]


def _asked(rows: pl.DataFrame, as_of: date, settings: AgreementSettings) -> pl.DataFrame:
    if settings.in_force:
        rows = rows.filter(pl.col("state").is_in(STANDING))
    if settings.partner is not None:
        rows = rows.filter(pl.col("partners").list.contains(settings.partner))
    if settings.lapsing_days is not None:
        until = as_of + timedelta(days=settings.lapsing_days)
        near = [pl.col(name).is_between(as_of, until) for name in ("term_end", "notice_day")]
        rows = rows.filter(pl.any_horizontal(near).fill_null(False)).sort(pl.min_horizontal("term_end", "notice_day"), "id")
    return rows


def _periods(snapshot: Snapshot, as_of: date) -> dict[str, list[Row]]:
    """The periods begun by `as_of`, by agreement, in the order in which they began."""
    frame = snapshot.counted("agreement_period").filter(pl.col("start_earliest") <= as_of).sort("start_earliest", "start_latest", "id")
    by: dict[str, list[Row]] = {}
    for row in frame.iter_rows(named=True):
        by.setdefault(row["agreement"], []).append(row)
    return by


def _links(frame: pl.DataFrame, field: str, as_of: date) -> dict[str, Row]:
    """The earliest instrument begun by `as_of` that names each agreement in `field`."""
    begun = pl.coalesce("in_force_latest", "signed_latest")
    rows = frame.filter(begun <= as_of).with_columns(begun=begun).sort("begun", "id").explode(field)
    found: dict[str, Row] = {}
    for row in rows.filter(pl.col(field).is_not_null()).iter_rows(named=True):
        found.setdefault(row[field], row)
    return found


def _split(periods: list[Row], hostile: set[str]) -> tuple[list[Row], list[Row]]:
    """One-sided declarations of nullity by adversaries, and the periods that count."""
    void = [row for row in periods if row["status"] == "terminated" and row["by"] and set(row["by"]) <= hostile]
    return void, [row for row in periods if row not in void]


def _row(snapshot: Snapshot, home: str, evidence: Evidence, day: date) -> Row:
    """One line of the answer."""
    row, terms = evidence.row, terms_on(evidence.row, day)
    state = state_on(evidence, terms, day)
    void_by = sorted({actor for one in evidence.declarations for actor in one["by"]})
    words = _words(snapshot, state, void_by)
    cells: Row = {name: row[name] for name in ("id", "agreement_type", "signed", "scope", "renewal", "notice")}
    cells |= {"in_force": row["in_force"] if state.state != "signed" else None, "begun_by": begins(row)[0]}
    cells |= {"partners": [party for party in row["parties"] if party != home], "obligations": [one for one in row["obligations"] if one != "none"]}
    cells |= {"state": state.state, "certainty": state.certainty, "state_since": state.since, "state_en": words.en, "state_ko": words.ko}
    cells |= {"ended_on": state.ended_on, "replaced_by": state.replaced_by, "term_over": state.term_over, "term_known": rules_of(row).known}
    cells |= {"declared_void_by": void_by, "declared_void_on": max((one["start_latest"] for one in evidence.declarations), default=None)}
    return cells | _days(terms, state, day) | {"unknown": _unknown(row), "records": _behind(evidence, state)}


def _days(terms: Terms, state: State, day: date) -> Row:
    """The days ahead of an agreement that stands; those of one that is over are its term's end alone."""
    ahead = state.state in STANDING and not terms.over
    end, first = terms.period.end if terms.period else None, terms.earliest.end if terms.earliest else None
    notice = terms.notice_day if state.state in STANDING else None
    return {
        "term_end": end,
        "term_end_earliest": first,
        "days_left": (end - day).days if end and ahead else None,
        "renewal_day": terms.period.renewal if terms.period and ahead else None,
        "notice_day": notice,
        "days_to_notice": (notice - day).days if notice else None,
        "ends_if_notice_today": terms.ends_if_notice if state.state in STANDING else None,
    }


def _behind(evidence: Evidence, state: State) -> list[str]:
    periods = [f"agreement_period:{one['id']}" for one in (*evidence.periods, *evidence.declarations)]
    return [f"agreement:{evidence.row['id']}", *periods, *([f"agreement:{state.replaced_by}"] if state.replaced_by else [])]


def _unknown(row: Row) -> list[str]:
    """What a desk must still find out: the day of entry into force, the term, what happens at its end, the notice."""
    rules = rules_of(row)
    gaps = {"in_force": not row["in_force"], "term": not rules.known, "renewal": row["renewal"] is None, "notice": not (rules.notice or row["notice_text_en"])}
    return [name for name, missing in gaps.items() if missing]


def _words(snapshot: Snapshot, state: State, void_by: list[str]) -> Text:
    words = Text("{state}{certainty}", "{state}{certainty}").format(state=STATES[state.state], certainty=CERTAINTIES[state.certainty])
    if state.term_over and state.state != "lapsed":
        words = Text("{words}; its term is over and no renewal is recorded", "{words}, 유효 기간이 지났으나 연장 기록 없음").format(words=words)
    if void_by:
        names = Text(*(", ".join(actor_name(snapshot, code, lang) for code in void_by) for lang in ("en", "ko")))
        words = Text("{words}; declared void by {who}", "{words}, {who} 일방 무효 선언").format(words=words, who=names)
    return words


def _notes(own: pl.DataFrame) -> tuple[Text, ...]:
    stand = own.filter(pl.col("state").is_in(STANDING))
    presumed = stand.filter(pl.col("certainty") == "presumed").height
    unsure = stand.filter(pl.col("certainty") == "possibly").height
    share = term_known_share(own)
    notes = [_PRESUMED.format(n=stand.height, presumed=presumed, possibly=unsure)]
    if share is not None:
        notes.append(_TERMS.format(share=f"{share:.0%}", known=stand["term_known"].sum(), n=stand.height))
    return tuple(notes)


_PRESUMED = Text(
    "{n} agreements stand; for {presumed} no end is stated, so they are presumed in force, and for {possibly} the day is uncertain.",
    "효력이 있는 협정 {n}건 중 {presumed}건은 종료 기록이 없어 발효 중으로 추정하며, {possibly}건은 해당일의 효력이 불확실하다.",
)
_TERMS = Text(
    "The term is known for {known} of the {n} ({share}); the notice and renewal days of the others cannot be computed.",
    "유효 기간을 아는 협정은 {n}건 중 {known}건({share})이며, 나머지는 통보일과 연장일을 계산할 수 없다.",
)
