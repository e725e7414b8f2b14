"""In which state one agreement stands on a day, and in which period of its term.

Read from one agreement's dates and term, its periods, and the instruments that replace or extend it. The order of evidence: what ended it
by the record, what replaced it, the state of its latest period, the end of its term, and last the presumption that a treaty goes on until
it is ended (Vienna Convention on the Law of Treaties 1969, art. 42). Nothing here reads a text or judges a breach.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from comity.measures.terms import Duration, Period, Rules, ends_if_notice_on, next_noticeable, period_on

Row = dict[str, Any]
STATE_OF_PERIOD = {
    "in_force": "in_force", "restored": "in_force", "suspended": "suspended", "suspended_in_part": "suspended_in_part",
    "conditionally_continued": "conditional", "provisionally_applied": "provisional", "terminated": "ended",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the record holds on one agreement by the day in question: its row, its periods, who declared it void, what followed it."""

    row: Row
    periods: list[Row]
    declarations: list[Row]
    replaced_by: Row | None = None
    extended_by: Row | None = None


@dataclass(frozen=True, slots=True)
class State:
    """A state with how sure it is, since when, and what brought its end."""

    state: str
    certainty: str
    since: date | None = None
    ended_on: date | None = None
    replaced_by: str | None = None
    term_over: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """The period of the term in which a day lies, for the latest and for the earliest day on which the agreement may have begun."""

    period: Period | None
    earliest: Period | None
    notice_day: date | None
    ends_if_notice: date | None
    over: bool


def rules_of(row: Row, *, latest: bool = True) -> Rules:
    """The rules of an agreement's term; of an imprecise last day its latest or its earliest meaning."""
    expires = row["expires_latest"] if latest else row["expires_earliest"]
    fixed = None if expires is None or expires.year == date.max.year else expires
    renewal = row["renewal"]
    lengths = (Duration.parse(row[name]) for name in ("term", "renewal_term", "notice"))
    term, renewal_term, notice = lengths
    return Rules(term, fixed, renewal == "automatic", renewal == "indefinite", renewal_term, notice)


def begins(row: Row) -> tuple[str, date | None, date | None]:
    """By which date an agreement is held to begin (entry into force, else signature, else attestation), and that date's first and last day."""
    name = next((name for name in ("in_force", "signed") if row[name] is not None), "attested")
    return name, row[f"{name}_earliest"], row[f"{name}_latest"]


def terms_on(row: Row, day: date) -> Terms:
    """The period of the term on `day`; notice by the earliest reading, ends by the latest, so that a desk is warned early and not late."""
    name, first, last = begins(row)
    if name == "attested":
        first = last = None
    late, early = rules_of(row), rules_of(row, latest=False)
    found, warned = period_on(last, late, day), next_noticeable(first, early, day)
    over = found is not None and found.end < day
    return Terms(found, period_on(first, early, day), warned.notice if warned else None, ends_if_notice_on(last, late, day), over)


def state_on(evidence: Evidence, terms: Terms, day: date) -> State:
    """The state on `day`, from the strongest evidence that the record holds."""
    begun = _begun(evidence.row, day)
    if begun is None:
        return State("signed", "certainly", evidence.row["signed_earliest"])
    return _ended(evidence, day) or _by_period(evidence, terms, day) or _by_term(evidence, terms, begun, day)


def _begun(row: Row, day: date) -> str | None:
    """How surely it was in force on `day` by its own dates alone; None when it was signed and not yet in force."""
    _, first, last = begins(row)
    if first is None or last is None or first > day:
        return None
    if last > day or (row["ended"] is not None and row["ended_earliest"] < day):
        return "possibly"
    return "certainly" if _held_later(row, day) else "presumed"


def _held_later(row: Row, day: date) -> bool:
    """Whether the record tells that it held on a day not before `day`: a later end, an open one, or a later attestation."""
    return (row["ended"] is not None and row["ended_earliest"] >= day) or (row["attested"] is not None and row["attested_earliest"] >= day)


def _ended(evidence: Evidence, day: date) -> State | None:
    row, follower = evidence.row, evidence.replaced_by
    if row["ended_latest"] is not None:
        return State("ended", "certainly", row["ended_earliest"], row["ended_latest"]) if row["ended_latest"] < day else None
    if follower is not None and follower["begun"] < day:
        return State("ended", "presumed", follower["begun"], follower["begun"], follower["id"])
    closed = [one["end_latest"] for one in evidence.periods if one["status"] in ("in_force", "restored") and one["end_latest"] and one["end_latest"] < day]
    if closed and _current(evidence, day) is None and not evidence.declarations:
        return State("ended", "presumed", max(closed), max(closed))
    return None


def _current(evidence: Evidence, day: date) -> Row | None:
    """The period of `day` that began last; a termination goes on."""
    covering = [one for one in evidence.periods if one["status"] == "terminated" or one["end_latest"] is None or one["end_latest"] >= day]
    return covering[-1] if covering else None


def _by_period(evidence: Evidence, terms: Terms, day: date) -> State | None:
    period = _current(evidence, day)
    if period is None:
        return None
    state, since = STATE_OF_PERIOD[period["status"]], period["start_earliest"]
    if state == "ended":
        return State(state, "certainly" if period["start_latest"] < day else "possibly", since, period["start_latest"])
    if _lapsed(evidence, terms, day):
        return None
    unsure = period["start_latest"] > day or (period["end"] is not None and period["end_earliest"] < day)
    certainty = "possibly" if unsure else "certainly" if period["end"] is not None else "presumed"
    return replace(State(state, certainty, since), certainty="possibly", term_over=True) if _outran(evidence, terms, day) else State(state, certainty, since)


def _by_term(evidence: Evidence, terms: Terms, begun: str, day: date) -> State:
    since = evidence.row["in_force_earliest"] or evidence.row["signed_earliest"]
    if _lapsed(evidence, terms, day) and terms.period:
        return State("lapsed", "presumed", terms.period.end, terms.period.end, term_over=True)
    if _outran(evidence, terms, day):
        return State("in_force", "possibly", since, term_over=True)
    may_be_over = evidence.row["expires"] is not None and terms.earliest is not None and terms.earliest.end < day and not _held_later(evidence.row, day)
    return State("in_force", "possibly" if may_be_over else begun, since)


def _outran(evidence: Evidence, terms: Terms, day: date) -> bool:
    """Whether its term is over while nothing tells that it went on: no extension, no attestation since, no later end."""
    row = evidence.row
    if not terms.over or terms.period is None or evidence.extended_by is not None or _held_later(row, day):
        return False
    return not (row["attested"] is not None and row["attested_earliest"] > terms.period.end)


def _lapsed(evidence: Evidence, terms: Terms, day: date) -> bool:
    """Whether it ended by its own words: a fixed last day is past, or a term that is not to be renewed."""
    return _outran(evidence, terms, day) and (evidence.row["expires"] is not None or evidence.row["renewal"] == "none")
