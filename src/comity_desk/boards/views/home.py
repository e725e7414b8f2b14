"""The first page: what waits for this person, what needs a decision, what changed lately, the headline findings, and how fresh each part of the record is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from comity.measures.commitment_state import STATES
from comity.register.snapshot import Snapshot
from comity.report.sections.standing import ITEMS
from comity.vocab.kinds import code_label, kinds
from comity.vocab.text import Text
from comity_desk.boards.agenda import promised, watched
from comity_desk.boards.atom import headline_of, told_of
from comity_desk.boards.live import shown
from comity_desk.boards.recent import Change, by_day, changes
from comity_desk.boards.references import reference
from comity_desk.boards.views.board import context_of
from comity_desk.boards.wording import names_of
from comity_desk.ledger.asking import snapshot_of
from comity_desk.lib import clock
from comity_desk.lib.addresses import record_address, records_address
from comity_desk.lib.attention import attention_of
from comity_desk.lib.language import lang
from comity_desk.lib.pages import page

DECISIONS, CHANGES, DAYS_SHOWN, SOON = 10, 14, 5, 183
PARTS = ("agreement", "exercise", "dialogue", "visit", "deployment", "transfer", "event", "poll_answer", "commitment", "office_holder")
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """How fresh one part of the record is."""

    label: Text
    address: str
    count: int
    entered: str
    latest: str
    coverage: str


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The first page of this reader; those who read no boards see what they may do."""
    user: Any = request.user
    waits = attention_of(request)
    if not user.permitted("board.read"):
        return page(request, "boards/home_bare.html", {"waits": waits})
    snapshot, today = snapshot_of(request), clock.today()
    headlines = shown(request, "home", {})
    context = context_of(request, headlines) | {
        "waits": waits,
        "decisions": decisions(snapshot, today),
        "promises": promises(snapshot, today),
        "changes": [
            (day, [_told(snapshot, one) for one in part[:CHANGES]], max(len(part) - CHANGES, 0)) for day, part in by_day(changes(snapshot, today))[:DAYS_SHOWN]
        ],
        "parts": snapshot.remembered(("freshness", today, lang()), lambda: freshness(snapshot, today)),
        "until": str(snapshot.settings.get("until") or ""),
    }
    return page(request, "boards/home.html", context)


def decisions(snapshot: Snapshot, today: date) -> list[Row]:
    """What falls due within half a year and what is overdue, the soonest first; anniversaries are left to the board."""
    found = [row for row in watched(snapshot) if row["item"] != "anniversary"]
    rows: list[Row] = [{**row, "day": date.fromisoformat(str(row["due"]))} for row in found]
    near = [row for row in rows if (row["day"] - today).days <= SOON]
    late, ahead = [row for row in near if row["day"] < today], [row for row in near if row["day"] >= today]
    late.sort(key=lambda row: (-row["day"].toordinal(), row["ref"]))
    return [_decision(snapshot, row, today) for row in (*ahead[:DECISIONS], *late[: max(DECISIONS - len(ahead), 3)])]


def _decision(snapshot: Snapshot, row: Row, today: date) -> Row:
    left = (row["day"] - today).days
    return {
        "reference": reference(snapshot, row["ref"]),
        "label": ITEMS.get(row["item"], Text(row["item"], row["item"])),
        "day": row["day"],
        "days_left": left,
        "mark": "bad" if left < 0 or left <= 30 else "warn" if left <= 90 else "",
        "what": Text(row["what_en"], row["what_ko"]),
        "with": names_of(snapshot, row["partners"] or [], most=3),
    }


def promises(snapshot: Snapshot, today: date) -> list[Row]:
    """Promises that are overdue or fall due soon."""
    rows = promised(snapshot, today).filter(pl.col("state").is_in(["overdue", "late", "soon"]))
    return [
        {"reference": reference(snapshot, row["ref"]), "state": STATES[row["state"]], "mark": "warn" if row["state"] == "soon" else "bad", "due": row["due"]}
        for row in rows.head(DECISIONS).iter_rows(named=True)
    ]


def _told(snapshot: Snapshot, change: Change) -> Row:
    address = record_address(change.ref) if change.ref else records_address(change.kind, sort="-entered_at")
    return {
        "words": headline_of(snapshot, change),
        "more": told_of(change) if change.fields or change.reason else None,
        "address": address,
        "what": change.what,
    }


def freshness(snapshot: Snapshot, today: date) -> list[Part]:
    """When each part of the record was last added to, up to when it tells, and how complete it says it is."""
    return [_part(snapshot, name, today) for name in PARTS]


def _part(snapshot: Snapshot, name: str, today: date) -> Part:
    kind, frame = kinds()[name], snapshot.frame(name)
    when = next(column for column in ("start_earliest", "signed_earliest", "fielded_start_earliest", "promised_earliest") if column in frame.columns)
    past = frame.filter(pl.col(when) <= today)
    latest, entered = past[when].max(), frame["entered_at"].max()
    statement = snapshot.frame("coverage").filter(pl.col("scope") == f"kind:{name}").sort("end_latest", "id", nulls_last=False).tail(1)
    coverage = code_label("completeness", statement["completeness"][0], lang()) if statement.height else ""
    return Part(kind.plural_label, records_address(name), frame.height, str(entered or ""), str(latest or ""), coverage)
