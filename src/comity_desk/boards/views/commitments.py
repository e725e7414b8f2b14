"""Who promised what to whom, due when, done when: by partner and by directorate, what is overdue first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from comity.measures.commitment_state import OPEN, SIDES, STATES, commitment_states
from comity.register.snapshot import Snapshot
from comity.vocab.text import Text
from comity_desk.accounts.models import Directorate
from comity_desk.boards.making import csv_text
from comity_desk.boards.references import reference
from comity_desk.boards.views import etag_of, for_holders_of
from comity_desk.boards.wording import name_of, names_of
from comity_desk.ledger.asking import day_of, snapshot_of
from comity_desk.lib import clock
from comity_desk.lib.language import lang, words
from comity_desk.lib.pages import page

MARKS = {"overdue": "bad", "late": "bad", "soon": "warn", "kept": "good", "kept_late": "good"}
COLUMNS = (*OPEN, "kept", "kept_late", "dropped")
Row = dict[str, Any]


@require_GET
@for_holders_of("board.read")
def commitments(request: HttpRequest) -> HttpResponse:
    """The board of promises."""
    snapshot, today = snapshot_of(request), day_of(request, "as_of") or clock.today()
    every = commitment_states(snapshot, snapshot.home, as_of=today)
    directorates = list(Directorate.objects.all())
    narrowed = _narrowed(every, request, directorates)
    if request.GET.get("form") == "csv":
        return _csv(snapshot, narrowed)
    context = {
        "rows": [_row(snapshot, row) for row in narrowed.iter_rows(named=True)],
        "count": narrowed.height,
        "partners": _by_partner(snapshot, every),
        "columns": [(name, STATES[name]) for name in COLUMNS],
        "by_directorate": _by_directorate(every, directorates),
        "chosen": {name: request.GET.get(name, "") for name in ("partner", "directorate", "state", "side")},
        "states": [("open-all", _ANY), *((name, STATES[name]) for name in STATES)],
        "sides": list(SIDES.items()),
        "directorates": [(str(one.pk), one.name(lang())) for one in directorates],
        "day": today,
        "snapshot": snapshot,
        "query": request.GET.urlencode(),
    }
    directorate_names = [(one.pk, one.name_en, one.name_ko, one.partners) for one in directorates]
    return page(request, "boards/commitments.html", context, etag=etag_of(request, snapshot.hash, directorate_names))


def _narrowed(rows: pl.DataFrame, request: HttpRequest, directorates: Iterable[Directorate]) -> pl.DataFrame:
    partner, state, side = (request.GET.get(name, "") for name in ("partner", "state", "side"))
    if partner:
        rows = rows.filter(pl.col("partners").list.contains(partner))
    keeper = next((one for one in directorates if str(one.pk) == request.GET.get("directorate")), None)
    if keeper is not None and keeper.partners:
        rows = _kept_by(rows, keeper)
    if state == "open-all":
        rows = rows.filter(pl.col("state").is_in(OPEN))
    elif state in STATES:
        rows = rows.filter(pl.col("state") == state)
    return rows.filter(pl.col("side") == side) if side in SIDES else rows


def _kept_by(rows: pl.DataFrame, keeper: Directorate) -> pl.DataFrame:
    """Promises with a partner that the directorate keeps."""
    return rows.filter(pl.col("partners").list.set_intersection(list(keeper.partners)).list.len() > 0)


def _row(snapshot: Snapshot, row: Row) -> Row:
    evidence = [reference(snapshot, ref) for ref in row["evidence"] or [] if snapshot.has_record(ref)]
    at = row["promised_at"]
    return {
        "reference": reference(snapshot, row["ref"]),
        "state": STATES[row["state"]],
        "mark": MARKS.get(row["state"], ""),
        "is_open": row["state"] in OPEN,
        "side": SIDES[row["side"]],
        "by": names_of(snapshot, row["by"], most=4),
        "to": names_of(snapshot, row["to"], most=4),
        "promised": row["promised"],
        "at": reference(snapshot, at) if at and snapshot.has_record(at) else None,
        "due": row["due"],
        "days_left": row["days_left"],
        "done": row["done"],
        "evidence": evidence,
    }


def _by_partner(snapshot: Snapshot, rows: pl.DataFrame) -> list[Row]:
    """How many promises of each state with each partner, those with most that is overdue first."""
    each = rows.explode("partners").filter(pl.col("partners").is_not_null())
    counts: dict[str, dict[str, int]] = {}
    for code, state, n in each.group_by("partners", "state").len().iter_rows():
        counts.setdefault(code, {})[state] = n
    order = sorted(counts, key=lambda code: (-counts[code].get("overdue", 0) - counts[code].get("late", 0), -sum(counts[code].values()), code))
    return [{"code": code, "name": name_of(snapshot, code), "cells": [(name, counts[code].get(name, 0)) for name in COLUMNS]} for code in order]


def _by_directorate(rows: pl.DataFrame, directorates: Iterable[Directorate]) -> list[Row]:
    """What each directorate has overdue and due soon; one without partners of its own keeps all of them."""
    made = []
    for one in directorates:
        own = _kept_by(rows, one) if one.partners else rows
        told = {name: own.filter(pl.col("state").is_in(states)).height for name, states in (("late", ("overdue", "late")), ("soon", ("soon",)), ("open", OPEN))}
        made.append({"pk": one.pk, "name": one.name(lang()), **told})
    return made


def _csv(snapshot: Snapshot, rows: pl.DataFrame) -> HttpResponse:
    head = ["state", "due", "days_left", "what", "by", "to", "promised", "promised_at", "done", "evidence", "record"]
    made = [
        [
            words(STATES[row["state"]]),
            row["due"] or "",
            "" if row["days_left"] is None else row["days_left"],
            snapshot.record(row["ref"]).title(lang()),
            ";".join(row["by"]),
            ";".join(row["to"]),
            row["promised"],
            row["promised_at"] or "",
            row["done"] or "",
            ";".join(row["evidence"] or []),
            row["ref"],
        ]
        for row in rows.iter_rows(named=True)
    ]
    response = HttpResponse("﻿" + csv_text([head, *made]), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="commitments-{snapshot.hash[:12]}.csv"'
    return response


_ANY = Text("Everything open", "진행 중 전체")
