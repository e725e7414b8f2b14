"""The page of one record: what it says and on what that rests, what it is tied to, what counts it, and how it came to stand so.

A record that the reader may not see is answered as one that never was. As known on another day, the page shows what stood then and marks what
is different now; the days offered are those on which what the reader may see of this record changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from comity.register.completeness import NEEDS, field_label, gaps
from comity.register.snapshot import Record, Snapshot
from comity.register.titles import actor_name
from comity.vocab.dates import written
from comity.vocab.kinds import Kind, code_label, kinds
from comity.vocab.text import Text
from comity_desk.ledger.asking import day_of, looking_as, reader_of, snapshot_of
from comity_desk.ledger.snapshots import snapshot_for
from comity_desk.lib import clock
from comity_desk.lib.addresses import partner_address, record_address, records_address
from comity_desk.lib.errors import NOTHING_HERE, NotFound
from comity_desk.lib.language import lang
from comity_desk.lib.pages import page
from comity_desk.records.reading.basis import Sources, marking_title
from comity_desk.records.reading.cells import value_html
from comity_desk.records.reading.etags import etag_of
from comity_desk.records.reading.fields import groups_of, needed_of
from comity_desk.records.reading.history import days_of, history_of
from comity_desk.records.reading.links import linked_from
from comity_desk.records.reading.lists import kind_asked

ATTACHMENTS = ("records/attachments.html", "records/nothing.html")


@dataclass(frozen=True, slots=True)
class Here:
    """The record of the page, for pieces of pages that others add; a `Record` itself answers a template's every name with a field."""

    kind: Kind
    id: str
    ref: str


@dataclass(frozen=True, slots=True)
class Tick:
    """One day on which the record changed."""

    day: str
    here: bool


@require_safe
def record(request: HttpRequest, plural: str, id: str) -> HttpResponse:
    """One record."""
    kind = kind_asked(request, plural)
    known_at = day_of(request, "known_at")
    then = _of(snapshot_of(request), kind, id)
    now = then if known_at is None else _of(snapshot_for(reader_of(request)), kind, id)
    if then is None and now is None:
        raise NotFound(NOTHING_HERE)
    etag = etag_of(request, (now or then).snapshot, (then or now).snapshot.hash)  # type: ignore[union-attr]
    context: dict[str, Any] = {"kind": kind, "known_at": known_at, "ticks": _ticks(now or then, known_at), "list_address": records_address(kind.name)}
    context |= _said(then, now if known_at is not None else None) if then is not None else {"absent": True, "title": now.title(lang()) if now else ""}
    return page(request, "records/record.html", context | _may(request, kind, id), etag=etag)


def _of(snapshot: Snapshot, kind: Kind, record_id: str) -> Record | None:
    ref = f"{kind.name}:{record_id}"
    return Record(snapshot, kind, record_id) if snapshot.has_record(ref) else None


def _said(shown: Record, now: Record | None) -> dict[str, Any]:
    """What the page says of the record."""
    snapshot, sources = shown.snapshot, Sources(shown.snapshot, lang())
    missing = gaps(snapshot, shown.kind.name, as_of=clock.today()).filter(id=shown.id)
    cells = shown.cells
    said = {
        "record": Here(shown.kind, shown.id, shown.ref),
        "title": shown.title(lang()),
        "other_title": shown.title("en" if lang() == "ko" else "ko"),
        "row_source": sources.cite(cells.get("source")),
        "second_source": sources.cite(cells.get("second_source")),
        "unsourced": "source" in cells and sources.cite(cells.get("source")) is None,
        "groups": groups_of(shown, sources, needed_of(missing["field"].to_list()), now.cells if now else None),
        "missing": [(field_label(shown.kind, field), NEEDS[need]) for field, need in missing.select("field", "need").iter_rows()],
        "cells": cells,
        "confidence": code_label("confidence", cells.get("confidence"), lang()),
        "marking": marking_title(snapshot, cells.get("marking"), lang()),
        "counting": _counting(shown),
        "counted_with": value_html(snapshot, shown.kind.field("counted_with"), cells["counted_with"], lang()) if cells.get("counted_with") else "",
        "incoming": linked_from(snapshot, shown, lang()),
        "history": history_of(shown, sources),
        "ways_on": _ways_on(shown),
        "citation": _citation(shown),
        "gone": now is None and snapshot.known_at is not None,
        "attachments": ATTACHMENTS,
    }
    return said | {"sources": list(sources.listed.values())}


def _may(request: HttpRequest, kind: Kind, record_id: str) -> dict[str, Any]:
    """What this person may do from here."""
    user: Any = request.user
    editing = user.permitted("record.propose") and looking_as(request) is None
    try:
        edit = reverse("record_edit", args=[kind.plural, record_id]) if editing else ""
    except NoReverseMatch:
        edit = ""
    return {"edit_address": edit, "json_address": f"/api/v1{record_address(f'{kind.name}:{record_id}').rstrip('/')}"}


def _ticks(record: Record | None, known_at: date | None) -> list[Tick]:
    """The days offered, earliest first; the one whose knowledge the page shows is marked."""
    days = days_of(record) if record is not None else []
    upto = [day for day in days if known_at is not None and day <= known_at.isoformat()]
    return [Tick(day, bool(upto) and day == upto[-1]) for day in days]


def _counting(record: Record) -> list[Text]:
    """What counts it, or why nothing does."""
    cells = record.cells
    if "count_as" not in cells:
        return []
    if cells["count_as"]:
        why = {language: code_label("count_as", cells["count_as"], language) for language in ("en", "ko")}
        return [Text(f"Left out of counts and measures: {why['en'].lower()}.", f"집계와 측정에서 제외됨: {why['ko']}.")]
    if cells["counted_with"]:
        return [_COUNTED_WITH]
    if cells["source"] == "unsourced":
        return [_UNSOURCED.format(kind=Text(record.kind.label.en.lower(), record.kind.label.ko))]
    return [_ONE.format(kind=Text(record.kind.label.en.lower(), record.kind.label.ko))]


def _ways_on(record: Record) -> list[tuple[Text, str]]:
    """Of a claim: the record that it is about. Of an actor: its partner page, and the lists of what names it."""
    if record.kind.name == "claim":
        about = f"{record['record_kind']}:{record['record']}"
        told = record.snapshot.record(about) if record.snapshot.has_record(about) else None
        return [(Text(told.title("en"), told.title("ko")), record_address(about))] if told is not None else []
    if record.kind.name != "actor":
        return []
    named = [kind for kind in kinds().values() if kind.of_type("actor", "actors", "actor_counts") and kind.name not in ("actor", "actor_code")]
    name = {language: actor_name(record.snapshot, record.id, language) for language in ("en", "ko")}
    own = (Text(f"{name['en']}: the page of the partner", f"{name['ko']} 상대국 화면"), partner_address(record.id))
    return [own, *((kind.plural_label, records_address(kind.name, actor=record.id)) for kind in named)]


def _citation(record: Record) -> dict[str, str]:
    """What to write when the record is cited."""
    snapshot, title = record.snapshot, record.snapshot.settings.get("title", {})
    register = title.get(lang(), "") if isinstance(title, dict) else str(title)
    day = (snapshot.known_at or clock.today()).isoformat()
    return {
        "register": register,
        "version": str(snapshot.settings.get("version", "")),
        "hash": snapshot.hash[:12],
        "day": written(day, lang()),
        "ref": record.ref,
    }


_COUNTED_WITH = Text("Counted once, with the leading record of the same happening.", "같은 사안의 대표 기록으로 한 번만 집계함.")
_ONE = Text("Counts as one {kind} in measures.", "측정에서 {kind} 1건으로 집계됨.")
_UNSOURCED = Text("One {kind}; measures leave it out until it has a source.", "{kind} 1건이나, 출처가 확인될 때까지 측정에서 제외됨.")
