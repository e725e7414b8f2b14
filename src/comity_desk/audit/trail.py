"""Which events are asked for? The trail by actor, action and days, newest first, a page at a time."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import StringIO
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date

from comity.vocab.text import Text
from comity_desk.audit.actions import Action
from comity_desk.audit.models import Event
from comity_desk.audit.names import name_of
from comity_desk.lib.errors import Refused

PAGE = 50
COLUMNS = ("number", "at", "actor", "action", "target", "reason", "details", "commitment", "link")


@dataclass(frozen=True, slots=True)
class Asked:
    """What part of the trail is asked for."""

    actor: str = ""
    action: str = ""
    since: date | None = None
    until: date | None = None
    before: int | None = None  # events older than this number: the next page

    @classmethod
    def of(cls, query: Any) -> Asked:
        """Read from an address; a day or number that is none is refused."""
        before = query.get("before", "")
        if (before and not before.isascii()) or (before and not before.isdigit()) or len(before) > 18:
            raise Refused(_NO_NUMBER)
        return cls(
            query.get("actor", "").strip(), query.get("action", "").strip(), _day(query.get("since")), _day(query.get("until")), int(before) if before else None
        )

    def events(self) -> QuerySet[Event]:
        """The events, newest first."""
        found = Event.objects.select_related("actor")
        if self.actor:
            found = found.filter(actor__username=self.actor.lower())
        if self.action:
            found = found.filter(action=self.action)
        if self.since:
            found = found.filter(at__gte=_midnight(self.since))
        if self.until:
            found = found.filter(at__lt=_midnight(self.until + timedelta(days=1)))
        return found.filter(number__lt=self.before) if self.before else found

    def told(self) -> dict[str, str]:
        """The question, for the trail and for addresses; without the page."""
        given = {"actor": self.actor, "action": self.action, "since": self.since, "until": self.until}
        return {name: str(value) for name, value in given.items() if value}


def actions_there_are() -> list[tuple[str, Text]]:
    """Every action on the trail, with its name."""
    return [(action, name_of(action)) for action in Event.objects.order_by("action").values_list("action", flat=True).distinct()]


def lines(events: QuerySet[Event]) -> Iterator[str]:
    """The events as lines of a CSV file that a spreadsheet reads as text."""
    yield "\ufeff" + _line(COLUMNS)
    for event in events.iterator(2000):
        said = event.said()
        details = json.dumps(said.get("details"), ensure_ascii=False, sort_keys=True) if said.get("details") else ""
        cells = (event.number, event.at.isoformat(), said.get("actor") or "", event.action, said.get("target", ""), said.get("reason", ""), details)
        yield _line((*(_harmless(str(cell)) for cell in cells), bytes(event.commitment).hex(), bytes(event.link).hex()))


def _line(cells: Any) -> str:
    told = StringIO()
    csv.writer(told).writerow(cells)
    return told.getvalue()


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _day(text: str | None) -> date | None:
    try:
        found = parse_date(text) if text else None
    except ValueError:
        found = None
    if text and found is None:
        raise Refused(_NO_DAY)
    return found


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


@dataclass(kw_only=True)
class ExportTrail(Action[Event]):
    """Take the trail, or part of it, out of the desk."""

    permission: ClassVar[str] = "audit.read"
    audit_event: ClassVar[str] = "trail-exported"

    asked: Asked

    def check(self) -> None:
        """Say which part."""
        self.details = self.asked.told()

    def perform(self, event: Event) -> Event:
        """The event is all."""
        return event


_NO_DAY = Text("Write days as 2026-11-28.", "날짜는 2026-11-28처럼 쓰십시오.")
_NO_NUMBER = Text("This is no number of an event.", "기록 번호가 아닙니다.")
