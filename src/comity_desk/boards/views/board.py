"""The page of a board, the records behind its numbers, and its figures and tables to take away.

A page names the result that it shows (`of`), so that what is opened from it is of the same state of the record, even when a newer board has been
made meanwhile. A result of other readers is not there.
"""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET
from django_htmx.http import HttpResponseClientRefresh, reswap, retarget

from comity.register.snapshot import Snapshot
from comity.report.boards import year_before
from comity.report.drawing import rastered
from comity.vocab.kinds import kinds
from comity.vocab.text import Text
from comity_desk.boards import results
from comity_desk.boards.catalogue import Board, board_named, boards
from comity_desk.boards.live import Shown, asked_in, shown
from comity_desk.boards.making import day_of
from comity_desk.boards.models import BoardResult
from comity_desk.boards.references import reference, referred
from comity_desk.boards.results import Asked, data_of
from comity_desk.boards.views import etag_of, for_holders_of
from comity_desk.boards.wording import partners_named
from comity_desk.ledger.asking import snapshot_of
from comity_desk.lib.addresses import partner_address, records_address
from comity_desk.lib.errors import NOTHING_HERE, NotFound
from comity_desk.lib.language import lang, words
from comity_desk.lib.pages import page

MEDIA = {"svg": "image/svg+xml", "png": "image/png", "csv": "text/csv; charset=utf-8"}
PNG_SCALE = 2.0
CHOICES = {"partner": Text("Partner", "상대국"), "against": Text("Compared with", "비교 대상"), "since": Text("From day", "비교 시작일")}
OTHERS = (
    ("partners", Text("Partners", "상대국"), Text("Everyone with whom the record holds anything.", "기록이 있는 모든 상대.")),
    (
        "timeline",
        Text("Timeline of everything", "전체 연표"),
        Text("Every dated act, by kind, mechanism, partner and year.", "종류·수단·상대국·연도별 모든 활동."),
    ),
    ("calendar", Text("Calendar", "일정"), Text("Twelve months of exercises, meetings, deadlines and promises.", "연습·회담·기한·약속의 12개월 일정.")),
)
WHICH = {"notice_day": Text("notice by", "통보 기한"), "term_end": Text("term ends", "기간 만료")}
FORMS = (("docx", "Word (DOCX)"), ("xlsx", "Excel (XLSX)"), ("pdf", "PDF"), ("html", "HTML"))


@require_GET
@for_holders_of("board.read")
def board(request: HttpRequest, name: str) -> HttpResponse:
    """A board as last made for this reader."""
    what = board_named(name)
    if not what.in_menu or what.address:
        raise NotFound(NOTHING_HERE)
    asked, snapshot = asked_in(request, what), snapshot_of(request)
    missing = [one for one in what.requires if one not in asked]
    told = {"chooses": chooses(snapshot, what, asked), "missing": missing}
    if missing:
        return page(request, "boards/board.html", context_of(request, Shown(what, asked, day_of(asked), None, None, None)) | told)
    return board_page(request, shown(request, name, asked), "boards/board.html", told)


def chooses(snapshot: Snapshot, board: Board, asked: Asked) -> list[dict[str, Any]]:
    """What a board lets its reader choose: partners, an earlier day."""
    partners = partners_named(snapshot) if "partner" in board.asks else []
    usual = year_before(day_of(asked)).isoformat() if board.name == "compare" else ""
    made = [{"name": name, "label": CHOICES[name], "value": asked.get(name, ""), "choices": partners} for name in ("partner", "against") if name in board.asks]
    made += [{"name": "since", "label": CHOICES["since"], "value": asked.get("since") or usual, "choices": []}] if "since" in board.asks else []
    return made


def tiles(snapshot: Snapshot, what: Shown) -> list[dict[str, Any]]:
    """The soonest of the notice clock, where the board tells it."""
    told = data_of(snapshot, what.result).get("clock", [])
    return [
        {
            "reference": reference(snapshot, one["ref"]),
            "urgency": one["urgency"],
            "days": one["days"],
            "words": Text(one["en"], one["ko"]),
            "which": WHICH[one["which"]],
            "day": date.fromisoformat(one["day"]),
        }
        for one in told
        if snapshot.has_record(one["ref"])
    ]


def board_page(request: HttpRequest, what: Shown, template: str, more: dict[str, Any] | None = None) -> HttpResponse:
    """The page of what is shown."""
    etag = etag_of(request, what.etag, snapshot_of(request).hash) if what.etag else None
    return page(request, template, context_of(request, what) | (more or {}), etag=etag)


def context_of(request: HttpRequest, what: Shown) -> dict[str, Any]:
    """What templates are told of a board."""
    snapshot = snapshot_of(request)
    user: Any = request.user
    return {
        "board": what.board,
        "shown": what,
        "snapshot": snapshot,
        "until": str(snapshot.settings.get("until") or ""),
        "day": what.asked.get("as_of", ""),
        "query": request.GET.urlencode(),
        "forms": FORMS,
        "rests_on": rests_on(snapshot, what.board),
        "tiles": tiles(snapshot, what),
        "may_ask": user.permitted("clearance.ask") and what.result is not None,
    }


def rests_on(snapshot: Snapshot, board: Board) -> list[dict[str, Any]]:
    """The kinds of records that a board rests on, with how many of each the reader may see."""
    return [{"label": kinds()[name].plural_label, "address": records_address(name), "count": snapshot.table(name).height} for name in board.reads]


@require_GET
@for_holders_of("board.read")
def board_status(request: HttpRequest, name: str) -> HttpResponse:
    """How far a newer board is; the board itself once it is there."""
    what = shown(request, name)
    context = context_of(request, what)
    seen = request.GET.get("of", "")
    if what.result is not None and what.result.key != seen:
        if what.board.address:  # its page has more than the board
            return HttpResponseClientRefresh()
        return retarget(reswap(page(request, "boards/board_body.html", context), "outerHTML"), "#board")
    return page(request, "boards/board_status.html", context)


@require_GET
@for_holders_of("board.read")
def board_behind(request: HttpRequest, name: str, n: int) -> HttpResponse:
    """The records behind a number."""
    result, snapshot = _result(request, name), snapshot_of(request)
    refs = [ref for ref in (result.behind[n] if n < len(result.behind) else []) if snapshot.has_record(ref)]
    if not refs:
        raise NotFound(_REPLACED)
    board = board_named(name)
    context = {
        "title": _BEHIND,
        "references": referred(snapshot, refs),
        "count": len(refs),
        "back": address_of(board, result.asked),
        "back_label": words(board.title),
    }
    return page(request, "boards/behind.html", context, etag=etag_of(request, snapshot.hash, result.key, n))


@require_GET
@for_holders_of("board.read")
def board_file(request: HttpRequest, name: str, block: str, form: str) -> HttpResponse:
    """A figure or table as a file."""
    result = _result(request, name)
    return file_of(result, block, form)


def file_of(result: BoardResult, block: str, form: str) -> HttpResponse:
    """A kept figure or table of a result as an answer that is saved."""
    kept = result.files.filter(block=block, form="csv" if form == "csv" else "svg", lang__in=("", lang())).first()
    if kept is None:
        raise NotFound(_REPLACED)
    content = rastered(kept.content, PNG_SCALE) if form == "png" else ("﻿" if form == "csv" else "") + kept.content
    response = HttpResponse(content, content_type=MEDIA[form])
    name = f"{result.board}-{block}-{result.as_of.isoformat()}-{result.snapshot[:12]}.{form}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@require_GET
def board_style(request: HttpRequest) -> HttpResponse:
    """The library's style for sections that stand in a page."""
    style = (files("comity.report") / "static/fragment.css").read_text(encoding="utf-8")
    response = HttpResponse(style, content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


@require_GET
@for_holders_of("board.read")
def board_list(request: HttpRequest) -> HttpResponse:
    """Every board, with what it answers."""
    listed = [{"title": one.title, "lead": one.lead, "address": address_of(one, {})} for one in boards().values() if one.in_menu]
    others = [{"title": title, "lead": lead, "address": reverse(name)} for name, title, lead in OTHERS]
    return page(request, "boards/boards.html", {"boards": [*others, *listed]}, etag=etag_of(request))


def address_of(board: Board, asked: Asked) -> str:
    """Where a board's own page stands."""
    if board.name == "partner" and "partner" in asked:
        return partner_address(asked["partner"])
    if not board.in_menu:
        return reverse("home")
    return reverse(board.address) if board.address else reverse("board", args=[board.name])


def _result(request: HttpRequest, name: str) -> BoardResult:
    """The result that the address names, or the one that the page would show now."""
    key = request.GET.get("of")
    what = board_named(name)
    result = results.of(key, snapshot_of(request)) if key else shown(request, name, asked_in(request, what)).result
    if result is None or result.board != name:
        raise NotFound(_REPLACED)
    return result


_BEHIND = Text("Records behind a number", "수치의 근거 기록")
_REPLACED = Text(
    "There is nothing here, or nothing that you may see. If you came from a board, open it again: a newer one has replaced it.",
    "해당 내용이 없거나 열람 권한이 없습니다. 현황판에서 왔다면 새로 만든 현황판으로 바뀌었으니 다시 여십시오.",
)
