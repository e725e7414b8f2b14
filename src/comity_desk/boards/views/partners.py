"""Partners: the list of all, and the page of one with its dossier, its records, what is ahead and what is promised.

These are the pages that are opened most. What they show of the record is kept with each partner and renewed by an edit that touches it; the
dossier comes from the background, with what it is of.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET

from comity.measures.commitment_state import OPEN, STATES
from comity.register.snapshot import Snapshot
from comity.vocab.dates import written
from comity.vocab.kinds import code_label, kinds
from comity.vocab.text import Text
from comity_desk.boards.agenda import agenda_of, promised
from comity_desk.boards.catalogue import board_named
from comity_desk.boards.live import Shown, asked_in, of_snapshot, shown
from comity_desk.boards.partner_index import Partner, partner_index
from comity_desk.boards.references import reference
from comity_desk.boards.results import data_of
from comity_desk.boards.views import etag_of, for_holders_of
from comity_desk.boards.views.board import context_of
from comity_desk.boards.views.calendar import item_of
from comity_desk.boards.wording import name_of
from comity_desk.ledger.asking import snapshot_of
from comity_desk.lib import clock
from comity_desk.lib.addresses import partner_address, records_address
from comity_desk.lib.errors import NOTHING_HERE, NotFound
from comity_desk.lib.language import lang
from comity_desk.lib.pages import page

KINDS = ("agreement", "exercise", "dialogue", "visit", "transfer", "deployment", "event", "commitment")
AMONG = {  # the filter by which a kind's list is narrowed to a partner
    "agreement": "parties",
    "exercise": "participants",
    "dialogue": "parties",
    "deployment": "countries",
    "event": "source_actors",
    "commitment": "by",
}
LATEST, AHEAD = 12, 10
Row = dict[str, Any]


@require_GET
@for_holders_of("board.read")
def partners(request: HttpRequest) -> HttpResponse:
    """Every partner, the strongest tie first, those without one after it."""
    snapshot = snapshot_of(request)
    board = of_snapshot(snapshot, board_named("partners"), {})
    key = board.result.key if board.result else ""
    words = " ".join(request.GET.get("q", "").split())[:80]
    table = snapshot.remembered(("partners table", lang(), key, words, clock.today()), lambda: _table(snapshot, board, words))
    context = context_of(request, board) | {"table": table, "words": words, "tie_day": tie_day(board)}
    return page(request, "boards/partners.html", context, etag=etag_of(request, snapshot.hash, key) if board.fresh else None)


@dataclass(frozen=True, slots=True)
class Line:
    """A partner's line of the list, already written, and what it is ordered and found by."""

    order: tuple[object, ...]
    words: str
    html: str


def _table(snapshot: Snapshot, board: Shown, words: str) -> str:
    """The list; a line is written anew only where its partner was touched or the ties were."""
    ties, key = ties_of(snapshot, board), (board.result.key if board.result else "", clock.today())
    known = [one for one in partner_index(snapshot).partners.values() if one.code in snapshot.actor_names]
    lines = [one.drawn(f"line {lang()}", key, partial(_line, snapshot, one, ties)) for one in known]
    shown = sorted((line for line in lines if words.casefold() in line.words), key=lambda line: line.order)
    return render_to_string("boards/partners_table.html", {"lines": [line.html for line in shown], "kinds": [kinds()[name].plural_label for name in KINDS]})


def _line(snapshot: Snapshot, partner: Partner, ties: dict[str, Row]) -> Line:
    row = _row(snapshot, partner, ties)
    order = (row["rank"] is None, row["rank"] or 0, -row["all"], row["code"])
    return Line(order, f"{row['name'].en} {row['name'].ko} {row['code']}".casefold(), render_to_string("boards/partners_line.html", {"row": row}))


def tie_day(board: Shown) -> Text:
    """The day that the ties are of, in words."""
    day = board.result.as_of.isoformat() if board.result is not None else ""
    return Text(written(day, "en"), written(day, "ko"))


def ties_of(snapshot: Snapshot, board: Shown) -> dict[str, Row]:
    """The tie of each partner, as the board of partners last told it."""
    ties: dict[str, Row] = data_of(snapshot, board.result).get("ties", {})
    return ties


def _row(snapshot: Snapshot, partner: Partner, ties: dict[str, Row]) -> Row:
    tie = ties.get(partner.code, {})
    return {
        "code": partner.code,
        "name": name_of(snapshot, partner.code),
        "address": partner_address(partner.code),
        "counts": [partner.counts.get(name, 0) for name in KINDS],
        "all": sum(partner.counts.values()),
        "last": _last(partner),
        "rank": tie.get("rank"),
        "score": tie.get("score"),
        "low": tie.get("low"),
        "high": tie.get("high"),
        "status": status_of(snapshot, partner.code),
    }


def _last(partner: Partner) -> str:
    """The date of the latest act that has begun."""
    past = partner.acts.filter(pl.col("first") <= clock.today())
    return str(past["text"][0]) if past.height else ""


def status_of(snapshot: Snapshot, code: str) -> str:
    """What the record calls the partner just now; empty where it says nothing."""
    language = lang()
    return statuses(snapshot).get(code, {}).get(language, "")


def statuses(snapshot: Snapshot) -> dict[str, dict[str, str]]:
    """The latest standing of every partner, in both languages."""

    def made() -> dict[str, dict[str, str]]:
        today = clock.today()
        rows = snapshot.counted("partner").filter((pl.col("since_earliest") <= today).fill_null(True) & ((pl.col("until_latest") >= today).fill_null(True)))
        latest = rows.sort("since_earliest", "id", nulls_last=False)
        return {
            row["actor"]: {language: code_label("partner_status", row["status"], language) for language in ("en", "ko")} for row in latest.iter_rows(named=True)
        }

    return snapshot.remembered(("partner statuses", clock.today()), made)


@require_GET
@for_holders_of("board.read")
def partner(request: HttpRequest, code: str) -> HttpResponse:
    """One partner."""
    snapshot = snapshot_of(request)
    if code == snapshot.home:
        return redirect("home")
    if code not in snapshot.actor_names:
        raise NotFound(NOTHING_HERE)
    board = board_named("partner")
    asked = asked_in(request, board) | {"partner": code}
    what = shown(request, "partner", asked)
    known = partner_index(snapshot).partners.get(code) or Partner(code, pl.DataFrame(schema={"ref": pl.String, "kind": pl.String}), {})
    live = known.drawn(f"live {lang()}", (clock.today(), _around(snapshot)), lambda: _live(snapshot, known))
    context = context_of(request, what) | {
        "name": name_of(snapshot, code),
        "code": code,
        "live": live,
        "status": status_of(snapshot, code),
        "action": partner_address(code),
    }
    etag = etag_of(request, snapshot.hash, what.etag) if what.etag else None
    return page(request, "boards/partner.html", context, etag=etag)


def _around(snapshot: Snapshot) -> str:
    """What the live part depends on beside the partner's own records: the deadlines that were computed for this class."""
    due = of_snapshot(snapshot, board_named("due"), {}).result
    return due.key if due is not None else ""


def _live(snapshot: Snapshot, known: Partner) -> str:
    today = clock.today()
    ahead = agenda_of(snapshot, today, today + timedelta(days=365)).filter(pl.col("actors").list.contains(known.code)).head(AHEAD)
    open_ones = promised(snapshot, today).filter(pl.col("partners").list.contains(known.code) & pl.col("state").is_in(OPEN))
    context = {
        "counts": [_count(name, known) for name in KINDS if known.counts.get(name)],
        "latest": [reference(snapshot, ref) for ref in known.acts["ref"].head(LATEST)],
        "ahead": [item_of(snapshot, row, today) for row in ahead.iter_rows(named=True)],
        "promised": [
            {"reference": reference(snapshot, row["ref"]), "state": STATES[row["state"]], "due": row["due"], "late": row["state"] in ("overdue", "late")}
            for row in open_ones.head(AHEAD).iter_rows(named=True)
        ],
        "code": known.code,
        "lang": lang(),
    }
    return render_to_string("boards/partner_live.html", context)


def _count(name: str, known: Partner) -> Row:
    filters = {AMONG[name]: known.code} if name in AMONG else {}
    return {
        "label": kinds()[name].plural_label,
        "count": known.counts[name],
        "address": records_address(name, **filters),
        "timeline": f"kind={name}&partner={known.code}",
    }
