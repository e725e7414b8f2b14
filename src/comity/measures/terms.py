"""The arithmetic of terms: when a period of an agreement ends, when it renews itself, and until when notice must be given.

It reads nothing: callers hand in days and ISO 8601 durations from agreements. A period that begins on 23 November for one year ends on
22 November; notice 'ninety days before the end' may be given until ninety days before that last day. It does not say what a treaty
means beyond these rules: exceptions in a text are the lawyer's.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from comity.vocab.text import Text

ONE_DAY = timedelta(days=1)
LAST = date(9000, 1, 1)
SHAPE = re.compile(r"P(?=\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?")


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time in calendar months and days, as treaties state it.

    >>> Duration.parse("P1Y6M"), Duration.parse("P90D")
    (Duration(months=18, days=0), Duration(months=0, days=90))
    """

    months: int = 0
    days: int = 0

    @classmethod
    def parse(cls, text: str | None) -> Duration | None:
        """Read an ISO 8601 duration of years, months, weeks and days; None for an empty, unreadable or zero one."""
        match = SHAPE.fullmatch(text or "")
        if match is None:
            return None
        years, months, weeks, days = (int(part or 0) for part in match.groups())
        found = cls(years * 12 + months, weeks * 7 + days)
        return found if found != cls() else None

    @property
    def words(self) -> Text:
        """As a person says it: `90 days`, `1 year 6 months`."""
        years, months = divmod(self.months, 12)
        parts = [(n, one, ko) for n, one, ko in ((years, "year", "년"), (months, "month", "개월"), (self.days, "day", "일")) if n]
        return Text(" ".join(f"{n} {one}{'s' * (n > 1)}" for n, one, _ in parts), " ".join(f"{n}{ko}" for n, _, ko in parts))

    def times(self, n: int) -> Duration:
        """The duration `n` times over."""
        return Duration(self.months * n, self.days * n)


def shift(day: date, duration: Duration, *, back: bool = False) -> date:
    """`day` moved by a duration: months by the calendar (the last day of a shorter month where the day is missing), then days.

    >>> shift(date(2024, 1, 31), Duration(months=1)), shift(date(2026, 11, 22), Duration(days=90), back=True)
    (datetime.date(2024, 2, 29), datetime.date(2026, 8, 24))
    """
    sign = -1 if back else 1
    month = day.year * 12 + day.month - 1 + sign * duration.months
    year, at = divmod(month, 12)
    moved = date(year, at + 1, min(day.day, calendar.monthrange(year, at + 1)[1]))
    return moved + sign * timedelta(days=duration.days)


@dataclass(frozen=True, slots=True)
class Rules:
    """What a text says of its term: first term or fixed last day, whether and for how long it renews itself, and notice."""

    term: Duration | None = None
    expires: date | None = None
    automatic: bool = False
    indefinite: bool = False
    renewal_term: Duration | None = None
    notice: Duration | None = None

    @property
    def known(self) -> bool:
        """Whether the text's term is known: a length, a last day, or none at all by its own words."""
        return self.term is not None or self.expires is not None or self.indefinite


@dataclass(frozen=True, slots=True)
class Period:
    """One period of a term: its last day, the first day of the next period where it renews itself, and the last day for notice."""

    end: date
    renewal: date | None
    notice: date | None


def period(start: date | None, rules: Rules, n: int) -> Period | None:
    """The period after `n` renewals (0 is the first term); None where no term is known or it does not renew.

    Ends are counted from the start, not from the last end, so that month ends do not drift: E(n) = start + term + n · renewal − 1 day.
    """
    length = rules.renewal_term or rules.term
    if rules.indefinite or (n and (not rules.automatic or length is None)):
        return None
    more = length.times(n) if n and length is not None else Duration()
    if rules.expires is not None:
        after = shift(rules.expires + ONE_DAY, more)
    elif start is not None and rules.term is not None:
        after = shift(start, Duration(rules.term.months + more.months, rules.term.days + more.days))
    else:
        return None
    end = after - ONE_DAY
    return Period(end, after if rules.automatic and length is not None else None, shift(end, rules.notice, back=True) if rules.notice else None)


def period_on(start: date | None, rules: Rules, day: date) -> Period | None:
    """The period in which `day` lies, or the last one when the term is over by then; None where no term is known.

    >>> gsomia = Rules(term=Duration(months=12), automatic=True, notice=Duration(days=90))
    >>> period_on(date(2016, 11, 23), gsomia, date(2026, 5, 1)).notice
    datetime.date(2026, 8, 24)
    """
    n, found = 0, period(start, rules, 0)
    while found is not None and found.end < day and found.end < LAST:
        later = period(start, rules, n + 1)
        if later is None:
            return found
        n, found = n + 1, later
    return found


def next_noticeable(start: date | None, rules: Rules, day: date) -> Period | None:
    """The first period whose day for notice is `day` or later: notice given on `day` ends the agreement with it; None where there is none.

    >>> gsomia = Rules(term=Duration(months=12), automatic=True, notice=Duration(days=90))
    >>> next_noticeable(date(2016, 11, 23), gsomia, date(2026, 8, 25)).notice
    datetime.date(2027, 8, 24)
    """
    n, found = 0, period(start, rules, 0)
    while found is not None and found.notice is not None and found.end < LAST:
        if found.notice >= day:
            return found
        n += 1
        found = period(start, rules, n)
    return None


def ends_if_notice_on(start: date | None, rules: Rules, day: date) -> date | None:
    """The last day of the agreement if notice were given on `day`: `day` plus the notice where it runs indefinitely, else the end of the
    first period that the notice still reaches; None where the rule is unknown or no such period is left.

    >>> ends_if_notice_on(date(1954, 11, 18), Rules(indefinite=True, notice=Duration(months=12)), date(2026, 11, 22))
    datetime.date(2027, 11, 22)
    """
    if rules.indefinite:
        return shift(day, rules.notice) if rules.notice else None
    found = next_noticeable(start, rules, day)
    return found.end if found else None
