"""How often may a caller ask? A fixed window for each person, and one for each network address that fails to sign in.

Processes take turns in bundles from one counter in the database, so that most requests count in memory and all processes together never
let through more than the limit. A process that holds an unused rest may make the limit smaller for the others, by a twentieth at most.
Nothing here depends on the record.
"""

from __future__ import annotations

import ipaddress
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse

from comity.vocab.text import Text
from comity_desk.accounts.backends import address_of
from comity_desk.api.errors import TooOften
from comity_desk.api.models import Window
from comity_desk.api.problems import problem
from comity_desk.lib import clock

BUNDLES = 20  # a window's limit is taken in at least so many bundles
MOST_HELD = 10_000
UPSERT = """
INSERT INTO api_window (who, start, count) VALUES (%s, %s, %s)
ON CONFLICT (who) DO UPDATE SET
  count = CASE WHEN api_window.start = excluded.start THEN api_window.count + excluded.count ELSE excluded.count END,
  start = excluded.start
RETURNING count
"""
logger = logging.getLogger("comity_desk.api")


@dataclass(frozen=True, slots=True)
class Standing:
    """How a caller stands in the running window."""

    limit: int
    seconds: int
    remaining: int
    reset: int
    allowed: bool

    @property
    def headers(self) -> dict[str, str]:
        """The headers that tell it."""
        told = {"RateLimit-Limit": self.limit, "RateLimit-Remaining": self.remaining, "RateLimit-Reset": self.reset}
        policy = {"RateLimit-Policy": f"{self.limit};w={self.seconds}"}
        return {name: str(value) for name, value in told.items()} | policy | ({} if self.allowed else {"Retry-After": str(self.reset)})


@dataclass(slots=True)
class _Held:
    """What this process has taken for a caller and not used up, and how many of all are taken."""

    start: int
    left: int = 0
    taken: int = 0


_lock = threading.Lock()
_held: dict[str, _Held] = {}


def take(who: str, policy: str) -> Standing:
    """Count one request of a caller under a policy of `settings.API_RATE`."""
    limit, seconds = settings.API_RATE[policy]
    now = int(clock.now().timestamp())
    start = now - now % seconds
    name = f"{policy}:{who}"
    with _lock:
        held = _held.get(name)
        if held is None or held.start != start:
            held = _held[name] = _Held(start)
        used_up = held.left == 0 and held.taken < limit
    if used_up:
        _reserve(name, held, limit)
    with _lock:
        allowed = held.left > 0
        held.left -= allowed
        return Standing(limit, seconds, max(0, limit - held.taken) + held.left, start + seconds - now, allowed)


def forget() -> None:
    """Drop what this process holds."""
    with _lock:
        _held.clear()


def _reserve(name: str, held: _Held, limit: int) -> None:
    """Take a bundle from the common counter; where that cannot be written just now, requests pass uncounted."""
    wanted, taken = max(1, limit // BUNDLES), 0
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(UPSERT, [name, held.start, wanted])
            taken = cursor.fetchone()[0]
        if len(_held) > MOST_HELD:
            _forget(held.start)
    except DatabaseError:
        logger.warning("requests could not be counted")
        wanted = 1
    with _lock:
        held.left += max(0, wanted - max(0, taken - limit))
        held.taken = min(max(taken, held.taken), limit)


def _forget(start: int) -> None:
    """Keep memory and table small: what is held of windows that are over, and rows of callers who came a day ago."""
    with _lock:
        for name in [name for name, held in _held.items() if held.start < start]:
            del _held[name]
    Window.objects.filter(start__lt=start - 86_400).delete()


def network_of(address: str) -> str:
    """An address as it is counted: of the newer kind, whoever holds one holds 2⁶⁴ of them."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network(f"{found}/64", strict=False)) if found.version == 6 else str(found)


class Strangers:
    """Middleware before the gate: from where nobody managed to sign in too often, the answer is 429 instead of 401.

    Only failures count, and only failures are turned away: whoever signs in is never stopped by somebody else behind the same address.
    """

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The gate's answer, or that there were too many."""
        response = self.answer(request)
        if response.status_code != 401 or not request.path_info.startswith(settings.API_PREFIX):
            return response
        standing = take(network_of(address_of(request)), "stranger")
        if not standing.allowed:
            response = problem(TooOften(TOO_OFTEN))
        for name, value in standing.headers.items():
            response.headers[name] = value
        return response


TOO_OFTEN = Text(
    "You ask more often than the limit; wait until the window ends (Retry-After).", "허용된 횟수를 넘었습니다. 다음 구간까지 기다리십시오(Retry-After)."
)
