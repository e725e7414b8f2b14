"""Feeds for calendars and readers: what is in them is what the holder of the token may see, in the language that the holder reads."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponse
from django.utils.translation import override
from django.views.decorators.http import require_GET

from comity.measures.agenda import ITEMS
from comity.vocab.text import Text
from comity_desk.accounts.tokens import takes_token
from comity_desk.boards.agenda import agenda_of
from comity_desk.boards.atom import feed_of
from comity_desk.boards.ical import calendar_of
from comity_desk.boards.recent import changes
from comity_desk.boards.views import for_holders_of
from comity_desk.ledger.asking import snapshot_of
from comity_desk.lib import clock
from comity_desk.lib.errors import NOTHING_HERE, NotFound
from comity_desk.lib.language import lang

BACK, AHEAD = timedelta(days=400), timedelta(days=5 * 366)


@takes_token("feed")
@require_GET
@for_holders_of("feed.read")
def calendar(request: HttpRequest) -> HttpResponse:
    """The calendar, all of it or of one partner (`partner`) or some kinds (`items`)."""
    snapshot, today = snapshot_of(request), clock.today()
    rows = agenda_of(snapshot, today - BACK, today + AHEAD)
    if partner := request.GET.get("partner"):
        rows = rows.filter(pl.col("actors").list.contains(partner))
    if items := request.GET.get("items"):
        wanted = [one for one in items.split(",") if one in ITEMS]
        if not wanted:
            raise NotFound(NOTHING_HERE)
        rows = rows.filter(pl.col("item").is_in(wanted))
    with override(language_of(request)):
        name = _CALENDAR.in_(lang())
        content = calendar_of(snapshot, rows, lang(), name=name, absolute=request.build_absolute_uri)
    return answered(request, content, "text/calendar; charset=utf-8", "comity.ics")


@takes_token("feed")
@require_GET
@for_holders_of("feed.read")
def changes_atom(request: HttpRequest) -> HttpResponse:
    """What changed lately."""
    snapshot = snapshot_of(request)
    with override(language_of(request)):
        found = changes(snapshot, clock.today())
        content = feed_of(snapshot, found, lang(), title=_CHANGES, own=request.path, absolute=request.build_absolute_uri)
    return answered(request, content, "application/atom+xml; charset=utf-8", "comity-changes.atom")


def language_of(request: HttpRequest) -> str:
    """The language asked for, else that of the token's holder."""
    user: Any = request.user
    asked = request.GET.get("lang", "")
    return asked if asked in ("en", "ko") else user.language


def answered(request: HttpRequest, content: bytes, media_type: str, name: str) -> HttpResponse:
    """Content with its own digest as ETag, or 304 where the asker holds it already."""
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304, headers={"ETag": etag})
    response = HttpResponse(content, content_type=media_type)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


_CALENDAR = Text("Military diplomacy", "군사외교 일정")
_CHANGES = Text("Changes of the record", "기록 변경")
