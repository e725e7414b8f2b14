"""The list of a kind: narrowed by facets and words, ordered, paged, with the columns that the reader wants; and the overview of all kinds.

Everything is asked by the address, so that it works without script and can be sent to a colleague; with script only the list is exchanged.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from comity.register.search import date_fields
from comity.register.snapshot import Snapshot
from comity.vocab.kinds import Kind, kinds
from comity.vocab.text import Text
from comity_desk.ledger.asking import day_of, looking_as, snapshot_of
from comity_desk.lib import clock
from comity_desk.lib.addresses import records_address
from comity_desk.lib.errors import NOTHING_HERE, NotFound
from comity_desk.lib.language import lang
from comity_desk.lib.pages import page
from comity_desk.records.models_reading import SavedView
from comity_desk.records.reading.asked import Asked, asked_of, filters_of
from comity_desk.records.reading.cells import is_number, row_of
from comity_desk.records.reading.columns import TITLE, possible_columns
from comity_desk.records.reading.etags import etag_of
from comity_desk.records.reading.facets import facets_of, years_of
from comity_desk.records.reading.finding import Found, found_on
from comity_desk.records.reading.kept import kept
from comity_desk.records.reading.permits import reading
from comity_desk.records.reading.shelf import kind_named

BEHIND = frozenset({"claim", "actor_code", "membership"})  # kinds that few people look for


@dataclass(frozen=True, slots=True)
class KindCard:
    """One kind in the overview."""

    kind: Kind
    count: int
    address: str


@dataclass(frozen=True, slots=True)
class Head:
    """One column's head: the question in its order, and the order just now (`ascending`, `descending` or none)."""

    name: str
    label: Text
    query: str
    order: str
    right: bool


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """All kinds, with their numbers and what they are."""
    reading(request)
    snapshot = snapshot_of(request)
    cards = [KindCard(kind, snapshot.table(kind.name).height, records_address(kind.name)) for kind in kinds().values()]
    views = _views(request)
    main = [card for card in cards if card.kind.name not in BEHIND and card.count]
    rest = [card for card in cards if card not in main]
    return page(request, "records/kinds.html", {"main": main, "rest": rest, "views": views}, etag=etag_of(request, snapshot, [view.key for view in views]))


@require_safe
def records(request: HttpRequest, plural: str) -> HttpResponse:
    """The list of one kind."""
    kind = kind_asked(request, plural)
    snapshot, asked, today = snapshot_of(request), asked_of(kind, request.GET), clock.today()
    views = _views(request, kind)
    etag = etag_of(request, snapshot, [(view.key, view.name) for view in views])
    if getattr(request, "htmx", False):
        return _varied(page(request, "records/list_part.html", {"list": listed(snapshot, kind, asked, today)}, etag=etag))
    context = {
        "kind": kind,
        "asked": asked,
        "list": listed(snapshot, kind, asked, today),
        "views": views,
        "query": asked.at(1).query(kind),
        "known_at": day_of(request, "known_at"),
        "may_add": request.user.permitted("record.propose") and looking_as(request) is None,  # type: ignore[union-attr]
    }
    return _varied(page(request, "records/list.html", context, etag=etag))


def _varied(response: HttpResponse) -> HttpResponse:
    """An address gives the page or the list alone, by what is asked with it."""
    patch_vary_headers(response, ["HX-Request"])
    return response


def kind_asked(request: HttpRequest, plural: str) -> Kind:
    """The kind of an address, for somebody who may read."""
    reading(request)
    kind = kind_named(plural)
    if kind is None:
        raise NotFound(NOTHING_HERE)
    return kind


def listed(snapshot: Snapshot, kind: Kind, asked: Asked, today: date) -> SafeString:
    """The list as a piece of a page: facets, table, pages. Kept for the snapshot, since it depends on nothing but the question."""
    return kept(snapshot, "list", (kind.name, asked, today, lang()), lambda: _listed(snapshot, kind, asked, today))


def _listed(snapshot: Snapshot, kind: Kind, asked: Asked, today: date) -> SafeString:
    found = found_on(snapshot, kind, asked, lang(), today)
    context: dict[str, Any] = {
        "kind": kind,
        "asked": asked,
        "found": found,
        "lang": lang(),
        "heads": _heads(kind, asked),
        "rows": [row_of(snapshot, kind, asked.columns, row, lang()) for row in found.rows.iter_rows(named=True)],
        "facets": facets_of(snapshot, kind, asked, lang(), today),
        "years": years_of(snapshot, kind, asked, today) if date_fields(kind) else [],
        "columns": [(name, label, name in asked.columns) for name, label in possible_columns(kind).items() if name != TITLE],
        "hidden": [(name, value) for name, values in asked.chosen for value in values],
        "links": _link_filters(snapshot, kind, asked),
        "pages": _pages(kind, asked, found),
        "address": records_address(kind.name),
        "export": asked.at(1).query(kind),
    }
    return render_to_string("records/list_table.html", context)


def _heads(kind: Kind, asked: Asked) -> list[Head]:
    labels = possible_columns(kind)
    order = "descending" if asked.descending else "ascending"
    return [
        Head(name, labels[name], asked.ordered_by(name).query(kind), order if asked.sorted_by == name else "", is_number(kind, name))
        for name in (TITLE, *(name for name in asked.columns if name != TITLE))
    ]


def _link_filters(snapshot: Snapshot, kind: Kind, asked: Asked) -> list[tuple[Text, str, str]]:
    """What is chosen by links and roles, which no facet shows: label, words, and the question without it."""
    from comity_desk.records.reading.shelf import link_words

    found = []
    for name, values in asked.chosen:
        field = filters_of(kind)[name]
        if field is not None and (field.type in ("link", "links", "actor", "actors", "flag") and name != "marking"):
            found += [(field.label, link_words(snapshot, field, value, lang()), asked.toggled(name, value).query(kind)) for value in values]
    return found


def _pages(kind: Kind, asked: Asked, found: Found) -> dict[str, str]:
    """Questions of the neighbouring pages, where there are any."""
    near = {"first": 1, "before": found.page - 1, "after": found.page + 1, "last": found.pages}
    there = {name: at for name, at in near.items() if 1 <= at <= found.pages and at != found.page}
    return {name: f"?{asked.at(at).query(kind)}" for name, at in there.items()}


def _views(request: HttpRequest, kind: Kind | None = None) -> list[SavedView]:
    own = SavedView.objects.filter(owner=reading(request))
    return list(own.filter(kind=kind.name) if kind is not None else own)
