"""The calendar of everything: twelve months from a month on, by kind and partner, and where to subscribe to it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from comity.measures.agenda import ITEMS, expected
from comity.register.snapshot import Snapshot
from comity.report.sections.calendar import month_of, span_words
from comity_desk.boards.agenda import agenda_of
from comity_desk.boards.ical import precision_of
from comity_desk.boards.references import reference
from comity_desk.boards.views import etag_of, for_holders_of
from comity_desk.boards.wording import names_of, partners_named
from comity_desk.ledger.asking import snapshot_of
from comity_desk.lib import clock
from comity_desk.lib.errors import NOTHING_HERE, NotFound
from comity_desk.lib.pages import page

MONTHS = 12
MARKS = {"confirmed": "", "tentative": "warn", "cancelled": "bad"}
Row = dict[str, Any]


@require_GET
@for_holders_of("board.read")
def calendar(request: HttpRequest) -> HttpResponse:
    """Twelve months of the calendar."""
    snapshot, today = snapshot_of(request), clock.today()
    first = _month(request.GET.get("month"), today)
    last = _after(first, MONTHS) - timedelta(days=1)
    partner, items = request.GET.get("partner", ""), [one for one in request.GET.getlist("item") if one in ITEMS]
    rows = agenda_of(snapshot, first, last)
    if partner:
        rows = rows.filter(pl.col("actors").list.contains(partner))
    if items:
        rows = rows.filter(pl.col("item").is_in(items))
    context = {
        "months": _months(snapshot, rows, first, today, {} if partner or items else _expected(snapshot, today)),
        "count": rows.height,
        "items": list(ITEMS.items()),
        "chosen": {"partner": partner, "items": items, "month": first.isoformat()[:7]},
        "partners": partners_named(snapshot),
        "before": _after(first, -MONTHS).isoformat()[:7],
        "after": _after(first, MONTHS).isoformat()[:7],
        "snapshot": snapshot,
    }
    return page(request, "boards/calendar.html", context, etag=etag_of(request, snapshot.hash, rows["ref"].to_list()))


def item_of(snapshot: Snapshot, row: Row, today: date) -> Row:
    """One thing in the calendar as pages show it."""
    return {
        "reference": reference(snapshot, row["ref"]),
        "item": row["item"],
        "label": ITEMS[row["item"]],
        "state": row["state"],
        "mark": MARKS[row["state"]],
        "when": span_words(row["first"], row["last"], exact=row["exact"]),
        "precision": None if row["exact"] else precision_of(row),
        "days_left": (row["first"] - today).days if row["exact"] else None,
        "actors": names_of(snapshot, [one for one in row["actors"] or [] if one != snapshot.home], most=4),
    }


def _months(snapshot: Snapshot, rows: pl.DataFrame, first: date, today: date, rhythm: dict[date, list[Row]]) -> list[Row]:
    """The months one after the other, each with what begins in it; what began before stands in the first."""
    months = [_after(first, at) for at in range(MONTHS)]
    held: dict[date, list[Row]] = {month: [] for month in months}
    for row in rows.iter_rows(named=True):
        held[max(row["first"].replace(day=1), first)].append(item_of(snapshot, row, today))
    return [
        {"name": month_of(month), "rows": held[month], "expected": rhythm.get(month, []), "now": (month.year, month.month) == (today.year, today.month)}
        for month in months
    ]


def _expected(snapshot: Snapshot, today: date) -> dict[date, list[Row]]:
    """Editions that a rhythm lets expect, by month."""
    rows = snapshot.remembered(("expected", today), lambda: expected(snapshot, snapshot.home, as_of=today))
    by: dict[date, list[Row]] = {}
    for row in rows.iter_rows(named=True):
        by.setdefault(row["first"], []).append({"reference": reference(snapshot, row["series"]), "label": ITEMS[row["item"]], "held": row["held"]})
    return by


def _month(text: str | None, today: date) -> date:
    if not text:
        return today.replace(day=1)
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise NotFound(NOTHING_HERE) from None
    if not 1000 <= month.year <= 2998:
        raise NotFound(NOTHING_HERE)
    return month


def _after(month: date, count: int) -> date:
    at = month.year * 12 + month.month - 1 + count
    return date(at // 12, at % 12 + 1, 1)
