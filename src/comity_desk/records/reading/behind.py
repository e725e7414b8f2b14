"""The records behind a number, as a table: what each is, when it was, on which source it rests and how sure that is.

A reference to a record that the reader may not see is left out, as one to no record is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from comity.register.search import date_fields
from comity.register.snapshot import Snapshot
from comity.vocab.kinds import code_label
from comity.vocab.text import Lang, Text
from comity_desk.ledger.asking import day_of, snapshot_of
from comity_desk.lib.addresses import record_address
from comity_desk.lib.errors import NOTHING_HERE, NotFound
from comity_desk.lib.language import lang
from comity_desk.lib.pages import page
from comity_desk.records.reading.cells import value_html
from comity_desk.records.reading.etags import etag_of
from comity_desk.records.reading.permits import reading

MOST = 500


@dataclass(frozen=True, slots=True)
class Behind:
    """One record behind a number."""

    title: str
    address: str
    kind: Text
    date: str | None
    source: SafeString | str
    confidence: str


def records_behind(snapshot: Snapshot, refs: Iterable[str], language: Lang) -> list[Behind]:
    """Rows for these records (`kind:id`), each once, in the order given."""
    return [_row(snapshot, ref, language) for ref in dict.fromkeys(refs) if ":" in ref and snapshot.has_record(ref)]


def _row(snapshot: Snapshot, ref: str, language: Lang) -> Behind:
    record = snapshot.record(ref)
    cells = record.cells
    day = next((cells[name] for name in date_fields(record.kind) if cells[name]), None)
    source = value_html(snapshot, record.kind.field("source"), cells["source"], language, short=True) if record.kind.has("source") else ""
    return Behind(record.title(language), record_address(ref), record.kind.label, day, source, code_label("confidence", cells.get("confidence"), language))


@require_safe
def behind(request: HttpRequest) -> HttpResponse:
    """The records named in the address (`?r=kind:id&r=…`)."""
    reading(request)
    snapshot = snapshot_of(request)
    refs = request.GET.getlist("r")[:MOST]
    if not refs:
        raise NotFound(NOTHING_HERE)
    context = {"rows": records_behind(snapshot, refs, lang()), "known_at": day_of(request, "known_at")}
    return page(request, "records/behind.html", context, etag=etag_of(request, snapshot))
