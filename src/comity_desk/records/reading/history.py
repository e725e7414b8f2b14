"""What was entered about a record, when, what stood before, and why: from the claims that this reader may see, and from nothing else.

Differences of texts are shown word by word. Who else entered what, and what the reader may not see, is not in it: the audit trail is never read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from comity.register.snapshot import Record
from comity.register.titles import shown
from comity.vocab.kinds import Field
from comity.vocab.text import Lang, Text
from comity_desk.records.reading.basis import Cited, Sources, marking_title
from comity_desk.records.reading.columns import column_label

WHOLE = "*"
WORD, ITEM = re.compile(r"\s+|[^\s]+"), re.compile(r"[,;] |(?:(?![,;] ).)+", re.DOTALL)
Row = dict[str, Any]
_WHOLE = Text("The whole record", "기록 전체")
ACTS = {
    "entered": Text("entered", "입력"),
    "changed": Text("changed", "변경"),
    "competing": Text("another value noted", "다른 값 등재"),
    "adopted_within": Text("adopted within its marking", "등급 내 채택"),
    "withdrawn": Text("taken back", "철회"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened to the record."""

    day: str
    act: str
    label: Text | None
    value: SafeString
    reason: str
    by: str | None
    source: Cited | None
    marking: str | None

    @property
    def act_label(self) -> Text:
        """The act in words."""
        return ACTS[self.act]


def history_of(record: Record, sources: Sources) -> list[Entry]:
    """The history of a record, latest first."""
    entries = [*_changes(record, sources), *_others(record, sources)]
    entered = record.cells.get("entered_at")
    if entered:
        cited = sources.cite(record.cells.get("source"))
        entries.append(Entry(entered, "entered", None, SafeString(""), "", None, cited, None))
    return sorted(entries, key=lambda entry: (entry.day, entry.act != "entered"), reverse=True)


def days_of(record: Record) -> list[str]:
    """The days on which anything was entered about the record, earliest first."""
    found = {record.cells.get("entered_at")}
    for row in record.snapshot.claims_on(record):
        found |= {row["entered_at"], row["superseded_at"]}
    return sorted(day for day in found if day)


def _changes(record: Record, sources: Sources) -> Iterator[Entry]:
    """Each superseded value with the one that took its place."""
    by_field: dict[str, list[Row]] = {}
    for row in record.snapshot.claims_on(record):
        if row["status"] == "superseded":
            by_field.setdefault(row["field"], []).append(row)
    for name, rows in by_field.items():
        rows.sort(key=lambda row: (row["superseded_at"] or "", row["entered_at"] or "", row["id"]))
        after = [(row["value"], row["source"], row["entered_by"]) for row in rows[1:]] + [_stands(record, name)]
        for row, (value, source, by) in zip(rows, after, strict=True):
            day = row["superseded_at"] or row["entered_at"]
            if day:
                told = row | {"source": source, "entered_by": by}
                yield _entry(record, sources, told, "changed", day, difference(record, name, row["value"], value, sources.lang))


def _stands(record: Record, name: str) -> tuple[str | None, str | None, str | None]:
    """What stands in a cell now, its source, and who entered it."""
    if not record.kind.has(name):
        return None, None, None
    claim = record.why(name)[0]
    by = next((row["entered_by"] for row in record.snapshot.claims_on(record) if row["id"] == claim.id), None)
    return claim.value, claim.source, by


def _others(record: Record, sources: Sources) -> Iterator[Entry]:
    for row in record.snapshot.claims_on(record):
        if row["status"] in ("competing", "adopted_within", "withdrawn") and row["entered_at"]:
            field = record.kind.field(row["field"]) if record.kind.has(row["field"]) else None
            value = shown(record.snapshot, field, row["value"], sources.lang) if field else row["value"] or ""
            yield _entry(record, sources, row, row["status"], row["entered_at"], format_html("{}", value))


def _entry(record: Record, sources: Sources, row: Row, act: str, day: str, value: SafeString) -> Entry:
    label = _WHOLE if row["field"] == WHOLE else column_label(record.kind, row["field"]) if record.kind.has(row["field"]) else None
    reason = (row["reason_ko"] if sources.lang == "ko" else row["reason_en"]) or row["reason_en"] or ""
    marking = marking_title(record.snapshot, row["marking"], sources.lang) if row["marking"] != record.cells.get("marking") else None
    return Entry(day, act, label, value, reason, row["entered_by"], sources.cite(row["source"]), marking)


def difference(record: Record, name: str, before: str | None, after: str | None, lang: Lang) -> SafeString:
    """A former value beside what took its place; texts word by word, everything else as a whole."""
    field: Field | None = record.kind.field(name) if record.kind.has(name) else None
    old, new = (shown(record.snapshot, field, value, lang) if field else value or "" for value in (before, after))
    if old == new and before != after:
        old, new = before or "", after or ""
    if field is None or not old or not new or not (field.type == "text" or field.is_list):
        return _replaced(old, new)
    return difference_of(ITEM if field.is_list else WORD, old, new)


def difference_of(pieces: re.Pattern[str], before: str, after: str) -> SafeString:
    """One text turned into another: pieces taken out and pieces put in.

    >>> str(difference_of(WORD, "Held in Seoul", "Held in Busan"))
    'Held in <del>Seoul</del><ins>Busan</ins>'
    >>> str(difference_of(ITEM, "Japan, United States", "Japan, South Korea, United States"))
    'Japan, <ins>South Korea, </ins>United States'
    """
    old, new = pieces.findall(before), pieces.findall(after)
    parts: list[SafeString] = []
    for act, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if act == "equal":
            parts.append(format_html("{}", "".join(old[a:b])))
        else:
            parts.append(_replaced("".join(old[a:b]), "".join(new[c:d])))
    return format_html_join("", "{}", ((part,) for part in parts))


def _replaced(old: str, new: str) -> SafeString:
    gone = format_html("<del>{}</del>", old) if old else SafeString("")
    come = format_html("<ins>{}</ins>", new) if new else SafeString("")
    return format_html("{}{}", gone, come)
