"""What a record, an actor or a cell is called on a page, in English or Korean.

Titles come from the vocabulary: a pair of text fields gives the English and the Korean title, any other pair is rendered and joined.
A record without a Korean title shows its English one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.vocab.dates import written
from comity.vocab.kinds import Field, code_label
from comity.vocab.text import Lang

if TYPE_CHECKING:
    from comity.register.snapshot import Record, Snapshot


def title_of(record: Record, lang: Lang) -> str:
    """The title of a record."""
    cells, kind = record.cells, record.kind
    if kind.name == "dialogue":
        return _meeting(record, lang)
    first, second = kind.title
    if first == "id":
        return record.id
    if kind.field(first).type == "text" and kind.field(second).type == "text":
        title = (cells[second] if lang == "ko" else cells[first]) or cells[first] or cells[second]
        return title or record.id
    parts = [shown(record.snapshot, kind.field(name), cells[_in_language(record, name, lang)], lang) for name in (first, second)]
    return ", ".join(part for part in parts if part) or record.id


def shown(snapshot: Snapshot, field: Field, value: str | None, lang: Lang) -> str:
    """A cell as a person reads it: labels for codes, names for actors, titles for links, written dates."""
    if not value:
        return ""
    match field.type:
        case "code" | "codes":
            return ", ".join(code_label(str(field.codes), one, lang) for one in value.split(";"))
        case "actor" | "actors":
            return ", ".join(actor_name(snapshot, one, lang) for one in value.split(";"))
        case "date" | "day":
            return written(value, lang)
        case "link" | "links":
            return "; ".join(link_title(snapshot, field, one, lang) for one in value.split(";"))
        case "flag":
            return {"true": ("yes", "예"), "false": ("no", "아니요")}.get(value, (value, value))[lang == "ko"]
        case "integer":
            return f"{int(value):,}" if field.unit else value
        case "actor_counts":
            pairs = (one.split(":") for one in value.split(";"))
            return ", ".join(f"{actor_name(snapshot, pair[0], lang)} {int(pair[1]):,}" for pair in pairs)
        case _:
            return value


def link_title(snapshot: Snapshot, field: Field, ref: str, lang: Lang) -> str:
    """Title of the record that a link names."""
    full = ref if field.target == "any" else f"{field.target}:{ref}"
    return snapshot.record(full).title(lang) if snapshot.has_record(full) else ref


def actor_name(snapshot: Snapshot, code: str, lang: Lang, *, long: bool = False) -> str:
    """Short (or long) name of an actor; the code itself when the snapshot does not know it."""
    names = snapshot.actor_names
    if code not in names:
        return code
    short_en, short_ko, name_en, name_ko = names[code]
    return ((name_ko if lang == "ko" else name_en) if long else (short_ko if lang == "ko" else short_en)) or code


def _in_language(record: Record, name: str, lang: Lang) -> str:
    other = name.removesuffix("_en") + "_ko"
    return other if lang == "ko" and name.endswith("_en") and record.kind.has(other) and record.cells[other] else name


def _meeting(record: Record, lang: Lang) -> str:
    cells = record.cells
    series = link_title(record.snapshot, record.kind.field("series"), cells["series"] or "", lang)
    return meeting_title(series, cells["edition"], cells["start"], lang)


def meeting_title(series: str, edition: str | None, start: str | None, lang: Lang) -> str:
    """A meeting is called by its series and, where it has one, its number; else by its day."""
    number = edition or ""
    if number.isdigit() and int(number) < 1000:
        return f"제{number}차 {series}" if lang == "ko" else f"{series}, {_ordinal(int(number))}"
    return f"{series} ({written(start, lang)})" if lang == "ko" else f"{series}, {written(start, lang)}"


def _ordinal(number: int) -> str:
    suffix = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}"
