"""Finding a record by words: the library's search on the reader's own snapshot, so that both databases and every reader of one class agree.

All words must occur. Results are counted by kind, and where the words stand is marked in the title and in a piece of the text.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import polars as pl
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from comity.register.search import fold, ranked
from comity.register.snapshot import Snapshot
from comity.vocab.kinds import kinds
from comity.vocab.text import Lang, Text
from comity_desk.ledger.asking import day_of, snapshot_of
from comity_desk.lib.addresses import record_address
from comity_desk.lib.language import lang
from comity_desk.lib.pages import page
from comity_desk.records.reading.asked import WORDS_LIMIT
from comity_desk.records.reading.etags import etag_of
from comity_desk.records.reading.kept import kept
from comity_desk.records.reading.permits import reading

SHOWN, LAST_PAGE, AROUND = 25, 40, 90
TOLD = ("summary", "statement", "outcome", "what", "note", "wording", "basis")


@dataclass(frozen=True, slots=True)
class Hit:
    """One record found: its title and a piece of its text with the words marked."""

    kind: Text
    address: str
    title: SafeString
    date: str | None
    piece: SafeString | None


@dataclass(frozen=True, slots=True)
class KindCount:
    """How many records of a kind were found."""

    name: str
    label: Text
    count: int


@dataclass(frozen=True, slots=True)
class Found:
    """What was found: how many of each kind, how many of the kind chosen, and the best of those."""

    total: int
    shown: int
    counts: tuple[KindCount, ...]
    best: pl.DataFrame


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """The form, and what was found."""
    reading(request)
    snapshot = snapshot_of(request)
    words = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:WORDS_LIMIT]
    chosen = request.GET.get("kind", "")
    chosen = chosen if chosen in kinds() else ""
    found = kept(snapshot, "search", (words, chosen), lambda: _found(snapshot, words, chosen))
    at = _page(request.GET.get("page", ""), found.shown)
    context = {
        "words": words,
        "chosen": chosen,
        "counts": found.counts,
        "total": found.total,
        "hits": [_hit(snapshot, row, words, lang()) for row in found.best.slice((at - 1) * SHOWN, SHOWN).iter_rows(named=True)],
        "before": at - 1 if at > 1 else None,
        "after": at + 1 if at * SHOWN < found.shown and at < LAST_PAGE else None,
        "known_at": day_of(request, "known_at"),
    }
    return page(request, "records/search.html", context, etag=etag_of(request, snapshot))


def _page(text: str, height: int) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 1
    return max(1, min(number, LAST_PAGE, -(-height // SHOWN)))


def _found(snapshot: Snapshot, words: str, chosen: str) -> Found:
    every = ranked(snapshot, words)
    counts: dict[str, int] = dict(every.group_by("kind").len().iter_rows())
    listed = tuple(KindCount(kind.name, kind.plural_label, counts[kind.name]) for kind in kinds().values() if kind.name in counts)
    own = every.filter(pl.col("kind") == chosen) if chosen else every
    return Found(every.height, own.height, listed, own.head(SHOWN * LAST_PAGE))


def _hit(snapshot: Snapshot, row: dict[str, str | None], words: str, language: Lang) -> Hit:
    ref = f"{row['kind']}:{row['id']}"
    record = snapshot.record(ref)
    wanted = fold(words).split()
    texts = [text for name in _told(record.kind.name, language) if (text := record.cells[name])]
    piece = next((found for text in texts if (found := _piece(text, wanted)) is not None), None)
    first = next((text for text in texts), None)
    shown = piece or (format_html("{}", _cut(first)) if first else None)
    return Hit(record.kind.label, record_address(ref), marked(record.title(language), wanted), row["date"], shown)


def _told(kind_name: str, language: Lang) -> list[str]:
    """Text fields that tell something, those in the reader's language first; titles stand above them already."""
    kind = kinds()[kind_name]
    names = [field.name for field in kind.of_type("text") if field.name not in kind.title]
    own = "_ko" if language == "ko" else "_en"
    return sorted(names, key=lambda name: (not name.endswith(own), not name.startswith(TOLD)))


def _piece(text: str, wanted: list[str]) -> SafeString | None:
    """The text around the first of the words, marked; none where none of them stands in it."""
    spans = places(text, wanted)
    if not spans:
        return None
    first = max(0, spans[0][0] - AROUND)
    last = min(len(text), spans[0][1] + 2 * AROUND)
    cut = ("…" if first else "") + text[first:last] + ("…" if last < len(text) else "")
    return marked(cut, wanted)


def _cut(text: str) -> str:
    return text if len(text) <= 3 * AROUND else text[: 3 * AROUND] + "…"


def marked(text: str, wanted: list[str]) -> SafeString:
    """A text with the words marked wherever they stand.

    >>> str(marked("Drill with Türkiye", ["turk"]))
    'Drill with <mark>Türk</mark>iye'
    """
    parts: list[SafeString] = []
    at = 0
    for first, last in places(text, wanted):
        parts += [format_html("{}", text[at:first]), format_html("<mark>{}</mark>", text[first:last])]
        at = last
    parts.append(format_html("{}", text[at:]))
    return format_html_join("", "{}", ((part,) for part in parts))


def places(text: str, wanted: list[str]) -> list[tuple[int, int]]:
    """Where the words stand in a text as it is written, found as the search compares: no case, no diacritics. Overlapping places are one."""
    plain, origin = _plain(text)
    spans = []
    for word in wanted:
        begins = "" if re.search(r"[ᄀ-ᇿ⺀-鿿가-힣]", word) else r"(?<![^\W_])"
        spans += [(origin[match.start()], origin[match.end() - 1] + 1) for match in re.finditer(begins + re.escape(word), plain)]
    merged: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if merged and first < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged


def _plain(text: str) -> tuple[str, list[int]]:
    """A text letter by letter as it is compared, and from which place each letter comes."""
    letters: list[str] = []
    origin: list[int] = []
    for at, letter in enumerate(unicodedata.normalize("NFC", text)):
        bare = fold(letter) or letter
        letters.append(bare)
        origin += [at] * len(bare)
    return "".join(letters), origin
