"""What time is it? The only place where the desk reads the clock, so that a test can hold it still.

Instants are in UTC; days are those of the desk's own time zone, by which staff live.
"""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone


def now() -> datetime:
    """This instant, in UTC."""
    return timezone.now()


def today() -> date:
    """The calendar day at the desk."""
    return timezone.localdate(now())
