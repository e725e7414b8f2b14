"""How many records would each choice leave? Counts of every facet's values under the other parts of the question.

Counts are of the reader's snapshot, so that they tell nothing of what is hidden. A facet whose records are all alike says nothing and is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from comity.register.snapshot import Snapshot
from comity.register.titles import actor_name
from comity.vocab.kinds import Field, Kind, code_label, codes
from comity.vocab.text import Lang, Text
from comity_desk.records.reading.asked import Asked
from comity_desk.records.reading.finding import NO, UNKNOWN, YES, Masks, incomplete, masks_of, together
from comity_desk.records.reading.kept import kept
from comity_desk.records.reading.shelf import link_words, rests_on, shelf

SHOWN = 8
LISTED = 60  # values of one facet at most; others are reached by words
FIRST = ("actor", "marking", "sourced", "complete", "confidence", "count_as")
_ACTOR, _SOURCED, _COMPLETE = Text("Country or organisation", "국가·기구"), Text("Source", "출처"), Text("Completeness", "완전성")
_STATES = {
    "sourced": {YES: Text("has a source", "출처 있음"), NO: Text("no source yet", "출처 없음")},
    "complete": {YES: Text("nothing missing", "빠진 것 없음"), NO: Text("something missing", "빠진 것 있음")},
}
_UNKNOWN = Text("not stated", "미기재")


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet: what it is called, how many records have it, whether it is chosen, and the question with it the other way."""

    value: str
    label: str
    count: int
    chosen: bool
    query: str


@dataclass(frozen=True, slots=True)
class Facet:
    """One way to narrow a list."""

    name: str
    label: Text
    choices: tuple[Choice, ...]

    @property
    def top(self) -> tuple[Choice, ...]:
        """What stands there at once: the most frequent, and whatever is chosen."""
        return tuple(choice for at, choice in enumerate(self.choices) if at < SHOWN or choice.chosen)

    @property
    def rest(self) -> tuple[Choice, ...]:
        """What is shown on demand."""
        return tuple(choice for at, choice in enumerate(self.choices) if at >= SHOWN and not choice.chosen)

    @property
    def used(self) -> bool:
        """Whether anything of it is chosen."""
        return any(choice.chosen for choice in self.choices)


@dataclass(frozen=True, slots=True)
class Year:
    """A year in which records begin, and how many."""

    year: int
    count: int


def facets_of(snapshot: Snapshot, kind: Kind, asked: Asked, lang: Lang, today: date) -> list[Facet]:
    """Every facet that tells records apart, and those in use."""
    masks = masks_of(snapshot, kind, asked, today)
    return [facet for name, field in _facet_fields(kind).items() if (facet := _facet(snapshot, kind, name, field, asked, masks, lang, today))]


def years_of(snapshot: Snapshot, kind: Kind, asked: Asked, today: date) -> list[Year]:
    """Years in which the records that the rest of the question leaves begin, the latest first."""
    left = _left(shelf(snapshot, kind), masks_of(snapshot, kind, asked, today), "year")
    counted = left.filter(pl.col("_year").is_not_null()).group_by("_year").len().sort("_year", descending=True)
    return [Year(year, count) for year, count in counted.iter_rows()]


def _facet_fields(kind: Kind) -> dict[str, Field | None]:
    """Facets in order: who, the kind's own controlled values, then how the record is kept."""
    own = {field.name: field for field in kind.of_type("code", "codes") if not field.common}
    found: dict[str, Field | None] = {"actor": None} if kind.of_type("actor", "actors", "actor_counts") else {}
    found |= own
    found |= {name: kind.field(name) for name in ("confidence", "count_as", "marking") if kind.has(name) and name not in own}
    return found | ({"sourced": None} if kind.has("count_as") else {}) | {"complete": None}


def _facet(snapshot: Snapshot, kind: Kind, name: str, field: Field | None, asked: Asked, masks: Masks, lang: Lang, today: date) -> Facet | None:
    others = (asked.words, tuple(part for part in asked.chosen if part[0] != name), asked.year_from, asked.year_to)
    alone = None if asked.words else rests_on(kind)
    counts = kept(snapshot, "facet", (kind.name, name, others, today), lambda: _counts(snapshot, kind, name, field, masks, today), rests_on=alone)
    values = asked.values(name)
    if len(counts) < 2 and not values:
        return None
    known = {**counts, **{value: 0 for value in values if value not in counts}}
    query = asked.choosing(kind, name)
    choices = [Choice(value, _label(snapshot, name, field, value, lang), count, value in values, query(value)) for value, count in known.items()]
    return Facet(name, _facet_label(name, field), tuple(choices))


def _counts(snapshot: Snapshot, kind: Kind, name: str, field: Field | None, masks: Masks, today: date) -> dict[str, int]:
    """Values with their counts: controlled ones of few values in the vocabulary's order, all others by frequency."""
    frame = _left(shelf(snapshot, kind), masks, name)
    counted: dict[str | None, int] = dict(_column(snapshot, kind, frame, name, field, today).value_counts(name="n").iter_rows())
    found = {UNKNOWN if value is None else value: count for value, count in counted.items()}
    order = list(codes(str(field.codes))) if field is not None and field.codes else [YES, NO]
    if (field is not None and field.codes and len(order) > SHOWN) or name in ("actor", "marking"):
        return dict(sorted(found.items(), key=lambda pair: (pair[0] == UNKNOWN, -pair[1], pair[0]))[:LISTED])
    place = {value: at for at, value in enumerate(order)}
    return dict(sorted(found.items(), key=lambda pair: (pair[0] == UNKNOWN, place.get(pair[0], len(place)), pair[0])))


def _column(snapshot: Snapshot, kind: Kind, frame: pl.DataFrame, name: str, field: Field | None, today: date) -> pl.Series:
    if name == "actor":
        return frame["_actors"].explode().drop_nulls()
    if name == "sourced":
        return frame.select(pl.when("sourced").then(pl.lit(YES)).otherwise(pl.lit(NO))).to_series()
    if name == "complete":
        gone = pl.col("id").is_in(incomplete(snapshot, kind, today).implode())
        return frame.select(pl.when(gone).then(pl.lit(NO)).otherwise(pl.lit(YES))).to_series()
    return frame[name].explode() if field is not None and field.is_list else frame[name]


def _left(frame: pl.DataFrame, masks: Masks, name: str) -> pl.DataFrame:
    return frame.filter(together(masks, but=name)) if any(part != name for part in masks) else frame


def _facet_label(name: str, field: Field | None) -> Text:
    return field.label if field is not None else {"actor": _ACTOR, "sourced": _SOURCED, "complete": _COMPLETE}[name]


def _label(snapshot: Snapshot, name: str, field: Field | None, value: str, lang: Lang) -> str:
    if value == UNKNOWN:
        return _UNKNOWN.in_(lang)
    if name in _STATES:
        return _STATES[name][value].in_(lang) if value in _STATES[name] else value
    if field is None or field.type in ("actor", "actors"):
        return actor_name(snapshot, value, lang)
    return code_label(str(field.codes), value, lang) if field.codes else link_words(snapshot, field, value, lang)
