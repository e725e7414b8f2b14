"""Dates as precise as they are known: year, month or day, open or unknown.

A partial date is the interval [first day, last day] of the days that it may mean (EDTF level 0: `1953`, `1953-10`, `1953-10-01`);
`..` is an open end: a source says that the state still holds. An empty cell is unknown and is no date at all. Nothing here guesses a
day: measures that need one use `midpoint` and say so.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from comity.vocab.errors import NotADate
from comity.vocab.text import Lang, Text

Precision = Literal["year", "month", "day", "open"]
PATTERN = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
OPEN = ".."
KO_MONTH, EN_MONTHS = "월", ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A date known to the year, month or day, or an open end.

    >>> PartialDate.parse("1953-10").latest
    datetime.date(1953, 10, 31)
    >>> PartialDate.parse("1953").in_("ko")
    '1953년'
    """

    earliest: date
    latest: date
    precision: Precision

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """Read `YYYY`, `YYYY-MM`, `YYYY-MM-DD` or `..`; anything else raises `NotADate`."""
        if text == OPEN:
            return cls(date.max, date.max, "open")
        match = PATTERN.fullmatch(text)
        if match is None or not text.isascii():
            raise NotADate(_NOT_A_DATE.format(text=repr(text)))
        year, month, day = (int(part) if part else None for part in match.groups())
        try:
            return cls._of(year or 0, month, day)
        except ValueError:
            raise NotADate(_NOT_A_DATE.format(text=repr(text))) from None

    @classmethod
    def _of(cls, year: int, month: int | None, day: int | None) -> PartialDate:
        if month is None:
            return cls(date(year, 1, 1), date(year, 12, 31), "year")
        if day is None:
            return cls(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]), "month")
        return cls(date(year, month, day), date(year, month, day), "day")

    @property
    def midpoint(self) -> date:
        """The middle of the interval, the earlier of two middles: what a measure uses when it needs one day."""
        return self.earliest + (self.latest - self.earliest) // timedelta(days=2) * timedelta(days=1)

    def __str__(self) -> str:
        if self.precision == "open":
            return OPEN
        return self.earliest.isoformat()[: {"year": 4, "month": 7, "day": 10}[self.precision]]

    def in_(self, lang: Lang) -> str:
        """As a person writes it: `30 Nov 2017`, `2017년 11월 30일`."""
        return written(str(self), lang)


def written(text: str | None, lang: Lang) -> str:
    """A partial date, given as its text, as people of that language write it; empty when unknown.

    >>> written("2017-11-30", "en"), written("2017-11", "ko"), written("..", "en")
    ('30 Nov 2017', '2017년 11월', 'still')
    """
    if not text:
        return ""
    if text == OPEN:
        return "계속" if lang == "ko" else "still"
    parts = text.split("-")
    if lang == "ko":
        return " ".join(f"{int(part)}{unit}" for part, unit in zip(parts, ("년", KO_MONTH, "일"), strict=False))
    month = [EN_MONTHS[int(parts[1]) - 1]] if len(parts) > 1 else []
    return " ".join([*([str(int(parts[2]))] if len(parts) > 2 else []), *month, parts[0]])


@dataclass(frozen=True, slots=True)
class Span:
    """A state that begins and ends on partial dates; either end may be unknown (`None`).

    Method 1: it holds on a day *certainly* if the day lies in the inner interval (latest start to earliest end) and *possibly* if
    in the outer (earliest start to latest end). An unknown start is no evidence of an earlier day; an unknown end never makes a day
    certain unless the state was `attested` later.
    """

    start: PartialDate | None
    end: PartialDate | None
    attested: PartialDate | None = None

    def holds_certainly_on(self, day: date) -> bool:
        """Whether the state held on `day` whatever the unknown days turn out to be."""
        begun = (self.start is not None and self.start.latest <= day) or (self.start is None and self.attested is not None and self.attested.latest <= day)
        until = self.end.earliest if self.end else (self.attested.earliest if self.attested else None)
        return begun and until is not None and day <= until

    def holds_possibly_on(self, day: date) -> bool:
        """Whether the state may have held on `day`."""
        if self.start is None and self.end is None and self.attested is None:
            return False
        return (self.start is None or self.start.earliest <= day) and (self.end is None or day <= self.end.latest)


_NOT_A_DATE = Text(
    "{text} is no date. Write YYYY, YYYY-MM or YYYY-MM-DD as precisely as it is known, or '..' for what still holds.",
    "{text}은(는) 날짜가 아닙니다. 아는 만큼 YYYY, YYYY-MM, YYYY-MM-DD로 적거나 계속 중이면 '..'로 적으십시오.",
)
