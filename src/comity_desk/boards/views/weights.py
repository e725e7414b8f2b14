"""Weights of the reader's own: sliders, what they do to the ranks at once, and the board with intervals from the background."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from comity.measures.tie_settings import TieSettings
from comity.measures.tie_strength import tie_history
from comity.register.snapshot import Snapshot
from comity.report.sections.partners import MECHANISM_LABELS
from comity.report.sections.weighing import shares
from comity_desk.boards.live import is_small, shown
from comity_desk.boards.views import for_holders_of
from comity_desk.boards.views.board import board_page
from comity_desk.boards.weighing import MOST, SHIPPED, chosen
from comity_desk.boards.wording import name_of
from comity_desk.ledger.asking import snapshot_of
from comity_desk.lib.addresses import partner_address
from comity_desk.lib.pages import page

LISTED = 30


@require_GET
@for_holders_of("board.read")
def weights(request: HttpRequest) -> HttpResponse:
    """The page; by htmx only what changes with the sliders."""
    what, snapshot = shown(request, "weights"), snapshot_of(request)
    given = chosen(what.asked)
    now = [
        {"name": name, "label": MECHANISM_LABELS[name], "value": int(given.get(name, SHIPPED[name])), "shipped": SHIPPED[name], "share": 100 * share}
        for name, share in shares(given).items()
    ]
    more = {"weights": now, "most": MOST, "rows": _ranks(snapshot, given, what.day) if is_small(snapshot) else []}
    if getattr(request, "htmx", False):
        from comity_desk.boards.views.board import context_of

        return page(request, "boards/weights_found.html", context_of(request, what) | more)
    return board_page(request, what, "boards/weights.html", more)


def _ranks(snapshot: Snapshot, given: dict[str, float], day: Any) -> list[dict[str, Any]]:
    """Ranks at the chosen and at the shipped weights, without intervals: what a moment's computing can tell."""
    before, after = (_scored(snapshot, day, TieSettings(mechanism_weights=shares(own))) for own in ({}, given))
    places = {code: at for at, (code, _) in enumerate(before, 1)}
    return [_row(snapshot, code, score, at, places.get(code)) for at, (code, score) in enumerate(after[:LISTED], 1)]


def _scored(snapshot: Snapshot, day: Any, settings: TieSettings) -> list[tuple[str, float]]:
    key = ("weighed", day, tuple(sorted(settings.mechanism_weights.items())))

    def made() -> list[tuple[str, float]]:
        rows = tie_history(snapshot, days=[day], settings=settings)
        apart = snapshot.settings.get("adversaries", [])
        return list(rows.filter(~pl.col("partner").is_in(apart)).sort("score", "partner", descending=[True, False]).select("partner", "score").iter_rows())

    return made() if settings.mechanism_weights != shares({}) else snapshot.remembered(key, made)


def _row(snapshot: Snapshot, code: str, score: float, rank: int, before: int | None) -> dict[str, Any]:
    moved = None if before is None else before - rank
    return {
        "name": name_of(snapshot, code),
        "address": partner_address(code),
        "score": score,
        "rank": rank,
        "before": before,
        "moved": moved,
        "by": abs(moved or 0),
    }
