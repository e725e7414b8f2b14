"""What stands in a cell of a list, and where does it lead? Titles to records, names to partners, linked records to their pages.

Words are escaped here, once; templates put the cells into rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from comity.measures.terms import Duration
from comity.register.frames import UNSOURCED
from comity.register.snapshot import Snapshot
from comity.register.titles import actor_name, shown
from comity.vocab.dates import written
from comity.vocab.kinds import Field, Kind
from comity.vocab.text import Lang, Text
from comity_desk.lib.addresses import partner_address, record_address
from comity_desk.records.reading.columns import DAY, NUMBERS, TITLE, twin_of
from comity_desk.records.reading.shelf import link_words

LONG, LONG_LINK, MANY = 160, 60, 6
DAYS = ("date", "day")
_NO_SOURCE, _NONE = Text("no source yet", "출처 없음"), Text("not stated", "미기재")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its contents, and how it stands (`right` for numbers, `day` for dates)."""

    html: SafeString
    css: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One record of a list."""

    id: str
    title: SafeString
    cells: tuple[Cell, ...]


def is_number(kind: Kind, column: str) -> bool:
    """Whether a column holds numbers, and stands to the right."""
    return kind.has(column) and kind.field(column).type in NUMBERS


def row_of(snapshot: Snapshot, kind: Kind, columns: Iterable[str], found: dict[str, Any], lang: Lang) -> Row:
    """A record's row; `found` is its row of the shelf. The title leads it, whether or not it is among the columns."""
    record_id = str(found["id"])
    text = snapshot.text_row(kind, record_id)
    title = format_html('<a href="{}">{}</a>', record_address(f"{kind.name}:{record_id}"), found[f"_title_{lang}"] or record_id)
    text["_date"] = found["_date"]
    return Row(record_id, title, tuple(_cell(snapshot, kind, name, text, lang) for name in columns if name != TITLE))


def _cell(snapshot: Snapshot, kind: Kind, name: str, text: dict[str, str | None], lang: Lang) -> Cell:
    if name == "id":
        return Cell(format_html("<code>{}</code>", text["id"]))
    if name == DAY:
        return Cell(format_html("{}", written(text["_date"], lang)), "day")
    if name == "record" and kind.name == "claim" and snapshot.has_record(ref := f"{text['record_kind']}:{text['record']}"):
        return Cell(format_html('<a href="{}">{}</a>', record_address(ref), _cut(snapshot.record(ref).title(lang), LONG_LINK)))
    field = kind.field(name)
    twin = twin_of(kind, name)
    value = (text[twin] if twin and lang == "ko" else None) or text[name]
    return Cell(value_html(snapshot, field, value, lang, short=True), "right" if field.type in NUMBERS else "day" if field.type in DAYS else "")


def value_html(snapshot: Snapshot, field: Field, value: str | None, lang: Lang, *, short: bool = False) -> SafeString:
    """A value as a person reads it, with links to what it names; `short` for the cell of a list, which names a few and says how many more."""
    if not value:
        return format_html('<span class="unknown" title="{}">–</span>', _NONE.in_(lang))
    parts = value.split(";") if field.is_list or field.type in ("actor", "link") else []
    few = parts[:MANY] if short else parts
    more = format_html(' <span class="small">+{}</span>', len(parts) - len(few)) if len(parts) > len(few) else SafeString("")
    if field.type in ("actor", "actors"):
        named = format_html_join(", ", '<a href="{}">{}</a>', ((partner_address(one), actor_name(snapshot, one, lang)) for one in few))
        return format_html("{}{}", named, more)
    if field.type in ("link", "links"):
        return format_html("{}{}", format_html_join("; ", "{}", ((_linked(snapshot, field, one, lang, short=short),) for one in few)), more)
    if field.type == "url":
        return _address(value, short=short)
    length = Duration.parse(value) if field.type == "duration" else None
    words = length.words.in_(lang) if length is not None else shown(snapshot, field, value, lang)
    return format_html("{}", _cut(words, LONG) if short else words)


def _cut(words: str, length: int) -> str:
    return words if len(words) <= length else words[: length - 1] + "…"


def _linked(snapshot: Snapshot, field: Field, value: str, lang: Lang, *, short: bool) -> SafeString:
    ref = value if field.target == "any" else f"{field.target}:{value}"
    if value == UNSOURCED and field.target == "source":
        return format_html('<span class="tag warn">{}</span>', _NO_SOURCE.in_(lang))
    if not snapshot.has_record(ref):
        return format_html("{}", value)
    words = link_words(snapshot, field, value, lang)
    if short and len(words) > LONG_LINK:
        return format_html('<a href="{}" title="{}">{}</a>', record_address(ref), words, _cut(words, LONG_LINK))
    return format_html('<a href="{}">{}</a>', record_address(ref), words)


def _address(value: str, *, short: bool) -> SafeString:
    """A web address, as a link where it is one; anything else stays words."""
    words = _cut(value, 40) if short else value
    if value.startswith(("https://", "http://")):
        return format_html('<a href="{}" rel="noopener noreferrer external">{}</a>', value, words)
    return format_html("{}", words)
