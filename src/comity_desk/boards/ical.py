"""The calendar as other programs read it (RFC 5545): one event for each exercise, meeting, visit, notice day, mandate's end and promise due.

Whatever is in it comes from the reader's snapshot, its time stamps too: they are the days on which the register learned of a thing, so that the
same record gives the same bytes. A date known to the month or year is a span of whole days and says so; it blocks nobody's time.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
from icalendar import Calendar, Event, vText

from comity.measures.agenda import ITEMS
from comity.register.snapshot import Record, Snapshot
from comity.register.titles import actor_name
from comity.vocab.kinds import code_label
from comity.vocab.text import Lang, Text
from comity_desk.lib.addresses import record_address

STATUS = {"confirmed": "CONFIRMED", "tentative": "TENTATIVE", "cancelled": "CANCELLED"}
STATUS_CODES = {"exercise": "exercise_status", "dialogue": "dialogue_status", "commitment": "commitment_status"}
REFRESH = timedelta(hours=6)
Absolute = Callable[[str], str]


def calendar_of(snapshot: Snapshot, rows: pl.DataFrame, lang: Lang, *, name: str, absolute: Absolute) -> bytes:
    """The calendar of agenda rows; `absolute` makes an address of the desk whole."""
    public = set(snapshot.frame("marking").filter(pl.col("public"))["id"])
    calendar = Calendar()
    calendar.add("prodid", "-//Comity//Desk//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for row in rows.iter_rows(named=True):
        calendar.add_component(_event(snapshot, row, lang, public, absolute))
    return bytes(calendar.to_ical())


def uid_of(item: str, ref: str) -> str:
    """A name that an event keeps for ever; what follows from a record is named beside it."""
    kind, _, record = ref.partition(":")
    return f"{item}-{record}@comity" if kind == item else f"{item}-{kind}-{record}@comity"


def _event(snapshot: Snapshot, row: dict[str, Any], lang: Lang, public: set[str], absolute: Absolute) -> Event:
    record = snapshot.record(row["ref"])
    changed, times = history_of(record)
    event = Event()
    event.add("uid", uid_of(row["item"], row["ref"]))
    event.add("dtstamp", _midnight(changed))
    event.add("last-modified", _midnight(changed))
    event.add("created", _midnight(_day(record.cells["entered_at"])))
    event.add("sequence", times)
    event.add("dtstart", row["first"])
    event.add("dtend", row["last"] + timedelta(days=1))
    event.add("summary", summary_of(record, row, lang))
    event.add("description", _description(snapshot, record, row, lang))
    event.add("status", STATUS[row["state"]])
    event.add("class", "PUBLIC" if row["marking"] in public else "CONFIDENTIAL")
    event.add("transp", "OPAQUE" if row["exact"] and row["item"] in ("exercise", "dialogue", "visit") else "TRANSPARENT")
    event.add("categories", [ITEMS[row["item"]].in_(lang)])
    event.add("url", absolute(record_address(row["ref"])))
    place = (row["place_ko"] if lang == "ko" else None) or row["place_en"]
    if place:
        event.add("location", place)
    if row["series"] and snapshot.has_record(row["series"]):
        event.add("related-to", vText(uid_of("series", row["series"])), parameters={"RELTYPE": "PARENT"})
    return event


def history_of(record: Record) -> tuple[date, int]:
    """The day on which the register last learned of the record, and how often what it says was changed or withdrawn, as this reader sees it."""
    claims = record.snapshot.claims_on(record)
    days = [record.cells["entered_at"], *(claim[name] for claim in claims for name in ("entered_at", "superseded_at"))]
    return max(_day(one) for one in days if one), sum(claim["status"] in ("superseded", "withdrawn") for claim in claims)


def summary_of(record: Record, row: dict[str, Any], lang: Lang) -> str:
    """What stands in the calendar's line; how far the day is known stands with it."""
    title = record.title(lang)
    label = ITEMS[row["item"]].in_(lang)
    words = title if row["item"] in ("exercise", "dialogue", "visit") else f"{label}: {title}"
    return words if row["exact"] else f"{words} ({precision_of(row).in_(lang)})"


def precision_of(row: dict[str, Any]) -> Text:
    """How far an imprecise day is known."""
    return _MONTH if (row["last"] - row["first"]).days < 32 else _ROUGHLY


def _description(snapshot: Snapshot, record: Record, row: dict[str, Any], lang: Lang) -> str:
    lines = [ITEMS[row["item"]].in_(lang)]
    if row["status"]:
        lines.append(code_label(STATUS_CODES.get(row["item"], row["item"]), row["status"], lang))
    if row["actors"]:
        lines.append(", ".join(actor_name(snapshot, code, lang) for code in row["actors"]))
    what = (row["what_ko"] if lang == "ko" else None) or row["what_en"]
    if what:
        lines.append(what)
    if not row["exact"]:
        lines.append(_IMPRECISE.in_(lang))
    return "\n".join(lines)


def _day(text: str | None) -> date:
    return date.fromisoformat(text) if text else date(1970, 1, 1)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


_MONTH = Text("day not known", "날짜 미상")
_ROUGHLY = Text("only roughly known", "대략만 알려짐")
_IMPRECISE = Text(
    "The record does not know the days: the event spans all days that they may be.", "날짜가 정확히 알려지지 않아, 가능한 모든 날에 걸쳐 표시합니다."
)
