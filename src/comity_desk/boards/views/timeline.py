"""Everything that happened, by kind, mechanism, partner and year: a strip of years above, the acts below, page by page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.http import require_GET

from comity.measures.timeline import KINDS, MECHANISMS, timeline
from comity.register.snapshot import Snapshot
from comity.report.drawing import rastered
from comity.vocab.kinds import kinds
from comity.vocab.text import Text
from comity_desk.boards.making import csv_text
from comity_desk.boards.references import reference
from comity_desk.boards.strip import COLOURS, LABELS, Bar, bars, strip_file, strip_html
from comity_desk.boards.views import etag_of, for_holders_of
from comity_desk.boards.views.board import MEDIA, PNG_SCALE
from comity_desk.boards.wording import names_of, partners_named
from comity_desk.ledger.asking import snapshot_of
from comity_desk.lib.language import lang, words
from comity_desk.lib.pages import page

SHOWN = 60
YEARS = range(1000, 3000)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of the timeline."""

    kinds: tuple[str, ...]
    mechanisms: tuple[str, ...]
    partner: str
    first: int | None
    last: int | None
    page: int

    @property
    def plain(self) -> dict[str, Any]:
        """As names and values of an address, without the page."""
        told = {"kind": self.kinds, "mechanism": self.mechanisms, "partner": self.partner, "from": self.first, "to": self.last}
        return {name: value for name, value in told.items() if value}


def wanted_of(parameters: QueryDict) -> Wanted:
    """What an address asks for; what is no kind, mechanism or year is passed over."""
    chosen = tuple(name for name in KINDS if name in parameters.getlist("kind"))
    mechanisms = tuple(name for name in MECHANISMS if name in parameters.getlist("mechanism"))
    at = _number(parameters.get("page"), range(1, 10_000_000)) or 1
    return Wanted(chosen, mechanisms, parameters.get("partner", "")[:24], _number(parameters.get("from"), YEARS), _number(parameters.get("to"), YEARS), at)


def _number(text: str | None, within: range) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 and int(text) in within else None


def found(snapshot: Snapshot, wanted: Wanted) -> pl.DataFrame:
    """The acts asked for, the latest first."""
    acts = timeline(snapshot)
    conditions = []
    if wanted.kinds:
        conditions.append(pl.col("kind").is_in(wanted.kinds))
    if wanted.mechanisms:
        conditions.append(pl.col("mechanism").is_in(wanted.mechanisms))
    if wanted.partner:
        conditions.append(pl.col("actors").list.contains(wanted.partner))
    if wanted.first:
        conditions.append(pl.col("last").dt.year() >= wanted.first)
    if wanted.last:
        conditions.append(pl.col("first").dt.year() <= wanted.last)
    return acts.filter(*conditions) if conditions else acts


def counts_of(acts: pl.DataFrame) -> dict[int, dict[str, int]]:
    """Acts by year and mechanism."""
    counts: dict[int, dict[str, int]] = {}
    for year, mechanism, n in acts.group_by("year", "mechanism").len().sort("year", "mechanism").iter_rows():
        counts.setdefault(year, {})[mechanism] = n
    return counts


@require_GET
@for_holders_of("board.read")
def timeline_page(request: HttpRequest) -> HttpResponse:
    """The page."""
    snapshot, wanted = snapshot_of(request), wanted_of(request.GET)
    acts = found(snapshot, wanted)
    pages = max((acts.height + SHOWN - 1) // SHOWN, 1)
    at = min(wanted.page, pages)
    shown = acts.slice((at - 1) * SHOWN, SHOWN)
    made, used = _bars(acts)
    strip = strip_html(made, words(_STRIP.format(n=f"{acts.height:,}")), lambda year: f"?{_query(wanted, first=year, last=year)}") if made else ""
    context = {
        "wanted": wanted,
        "rows": [_row(snapshot, row) for row in shown.iter_rows(named=True)],
        "count": f"{acts.height:,}",
        "forms": tuple(MEDIA),
        "strip": strip,
        "ticks": _ticks(made),
        "legend": [(LABELS[name], name) for name in used],
        "first_of": (at - 1) * SHOWN + 1,
        "page_at": at,
        "pages": pages,
        "before": _query(wanted, page=at - 1) if at > 1 else "",
        "after": _query(wanted, page=at + 1) if at < pages else "",
        "query": _query(wanted),
        "kinds": [(name, kinds()[name].plural_label) for name in KINDS],
        "mechanisms": [(name, LABELS[name]) for name in MECHANISMS],
        "partners": partners_named(snapshot),
        "snapshot": snapshot,
    }
    template = "boards/timeline_found.html" if getattr(request, "htmx", False) else "boards/timeline.html"
    return page(request, template, context, etag=etag_of(request, snapshot.hash))


def _row(snapshot: Snapshot, row: dict[str, Any]) -> dict[str, Any]:
    actors = [code for code in row["actors"] if code != snapshot.home]
    return {
        "reference": reference(snapshot, row["ref"]),
        "text": row["text"],
        "kind": kinds()[row["kind"]].label,
        "mechanism": row["mechanism"],
        "label": LABELS[row["mechanism"]],
        "actors": names_of(snapshot, actors, most=5),
    }


def _bars(acts: pl.DataFrame) -> tuple[list[Bar], list[str]]:
    if acts.is_empty():
        return [], []
    counts = counts_of(acts)
    used = {name for own in counts.values() for name in own}
    return bars(counts, min(counts), max(counts), words), [name for name in COLOURS if name in used]


def _ticks(made: list[Bar]) -> list[int]:
    """Years written under the strip: first, middle and last."""
    if len(made) < 3:
        return [bar.year for bar in made]
    return [made[0].year, made[len(made) // 2].year, made[-1].year]


def _query(wanted: Wanted, *, first: int | None = None, last: int | None = None, page: int | None = None) -> str:
    told = QueryDict(mutable=True)
    for name, value in (wanted.plain | ({"from": first, "to": last} if first else {}) | ({"page": page} if page else {})).items():
        if isinstance(value, tuple):
            told.setlist(name, list(value))
        else:
            told[name] = str(value)
    return told.urlencode()


@require_GET
@for_holders_of("board.read")
def timeline_file(request: HttpRequest, form: str) -> HttpResponse:
    """The strip as a drawing, or the acts as rows."""
    snapshot, wanted = snapshot_of(request), wanted_of(request.GET)
    acts = found(snapshot, wanted)
    if form == "csv":
        content: str | bytes = "﻿" + csv_text(_csv(snapshot, acts))
    else:
        made, used = _bars(acts)
        title = words(_STRIP.format(n=f"{acts.height:,}"))
        content = strip_file(made, f"{title} · {snapshot.hash[:12]}", words, used)
        content = rastered(content, PNG_SCALE) if form == "png" else content
    response = HttpResponse(content, content_type=MEDIA[form])
    response.headers["Content-Disposition"] = f'attachment; filename="timeline-{snapshot.hash[:12]}.{form}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _csv(snapshot: Snapshot, acts: pl.DataFrame) -> list[list[Any]]:
    rows = [
        [row["text"], row["kind"], row["mechanism"], snapshot.record(row["ref"]).title(lang()), ";".join(row["actors"]), row["ref"]]
        for row in acts.iter_rows(named=True)
    ]
    return [["date", "kind", "mechanism", "title", "actors", "record"], *rows]


_STRIP = Text("Acts a year by mechanism: {n}", "연도별·수단별 활동: {n}건")
