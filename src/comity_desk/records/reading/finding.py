"""Which records of a kind answer a question, in which order, and how many would answer a wider or narrower one?

Columns of the reader's snapshot are filtered and sorted whole; no record is looked at one by one. What a reader may not see is in no count,
in no order and on no page, since the snapshot does not hold it. Order is total (by id at last), so that pages neither overlap nor miss.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import and_, or_

import polars as pl

from comity.register.completeness import gaps
from comity.register.search import matching
from comity.register.snapshot import Snapshot
from comity.vocab.kinds import Field, Kind, codes
from comity.vocab.text import Lang
from comity_desk.records.reading.asked import PAGE_SIZE, Asked, filters_of
from comity_desk.records.reading.columns import DAY, TITLE, twin_of
from comity_desk.records.reading.kept import kept
from comity_desk.records.reading.shelf import rests_on, shelf, spoken

UNKNOWN = "~"  # chooses the records whose field is empty
YES, NO = "yes", "no"
Masks = dict[str, pl.Series]


@dataclass(frozen=True, slots=True)
class Found:
    """The records that answer: their number, and those of one page in order."""

    total: int
    page: int
    pages: int
    rows: pl.DataFrame

    @property
    def first(self) -> int:
        """Place of the page's first record, counted from one."""
        return min((self.page - 1) * PAGE_SIZE + 1, self.total)

    @property
    def last(self) -> int:
        """Place of the page's last record."""
        return (self.page - 1) * PAGE_SIZE + self.rows.height


def found_on(snapshot: Snapshot, kind: Kind, asked: Asked, lang: Lang, today: date) -> Found:
    """The page asked for, or the last one where there are fewer."""
    at = places(snapshot, kind, asked, lang, today)
    pages = max(1, -(-len(at) // PAGE_SIZE))
    page = min(asked.page, pages)
    return Found(len(at), page, pages, shelf(snapshot, kind)[at.slice((page - 1) * PAGE_SIZE, PAGE_SIZE)])


def every_row(snapshot: Snapshot, kind: Kind, asked: Asked, lang: Lang, today: date) -> pl.DataFrame:
    """All that answer, in order: for taking the list away."""
    return shelf(snapshot, kind)[places(snapshot, kind, asked, lang, today)]


def places(snapshot: Snapshot, kind: Kind, asked: Asked, lang: Lang, today: date) -> pl.Series:
    """Rows of the shelf that answer, in order."""
    order = kept(snapshot, "order", (kind.name, asked.sort, lang), lambda: _order(snapshot, kind, asked, lang), rests_on=_ordered_by(kind, asked.sorted_by))
    masks = masks_of(snapshot, kind, asked, today)
    return order.filter(together(masks).gather(order)) if masks else order


def masks_of(snapshot: Snapshot, kind: Kind, asked: Asked, today: date) -> Masks:
    """What each part of the question keeps, by part."""
    key = (kind.name, asked.words, asked.chosen, asked.year_from, asked.year_to, today)
    return kept(snapshot, "masks", key, lambda: _masks(snapshot, kind, asked, today), rests_on=None if asked.words else rests_on(kind))


def together(masks: Masks, *, but: str | None = None) -> pl.Series:
    """What all parts keep; without one of them where it is named."""
    return reduce(and_, [mask for name, mask in masks.items() if name != but])


def _masks(snapshot: Snapshot, kind: Kind, asked: Asked, today: date) -> Masks:
    frame, fields = shelf(snapshot, kind), filters_of(kind)
    conditions: dict[str, pl.Expr] = {}
    if asked.words:
        conditions["q"] = pl.col("id").is_in(matching(snapshot, asked.words, kind.name).implode())
    if asked.year_from or asked.year_to:
        conditions["year"] = pl.col("_year").is_between(asked.year_from or 1, asked.year_to or 9999)
    for name, values in asked.chosen:
        field = fields[name]
        conditions[name] = _of_all(snapshot, kind, name, values, today) if field is None else _of_field(field, values)
    told = frame.with_columns(condition.fill_null(False).alias(f"_kept {name}") for name, condition in conditions.items())
    return {name: told[f"_kept {name}"] for name in conditions}


def _of_field(field: Field, values: tuple[str, ...]) -> pl.Expr:
    column, named = pl.col(field.name), [value for value in values if value != UNKNOWN]
    if field.is_list:
        parts = [column.list.contains(value) for value in named] + ([column.list.len() == 0] if UNKNOWN in values else [])
        return reduce(or_, parts)
    if field.type == "flag":
        column = pl.when(column).then(pl.lit("true")).when(column.not_()).then(pl.lit("false"))
    return column.is_in(named) | (column.is_null() if UNKNOWN in values else pl.lit(False))


def _of_all(snapshot: Snapshot, kind: Kind, name: str, values: tuple[str, ...], today: date) -> pl.Expr:
    if name == "actor":
        return reduce(or_, [pl.col("_actors").list.contains(value) for value in values])
    whole = pl.col("sourced") if name == "sourced" and kind.has("count_as") else pl.lit(True)
    if name == "complete":
        whole = ~pl.col("id").is_in(incomplete(snapshot, kind, today).implode())
    return reduce(or_, [whole if value == YES else ~whole if value == NO else pl.lit(False) for value in values])


def incomplete(snapshot: Snapshot, kind: Kind, today: date) -> pl.Series:
    """Ids of the records that miss something which is not a translation."""
    missing = gaps(snapshot, kind.name, as_of=today)
    return missing.filter(pl.col("need") != "translation")["id"].unique()


def _ordered_by(kind: Kind, column: str) -> frozenset[str] | None:
    """The kinds on whose records the order rests; not known where the column may name records of any kind."""
    field = kind.field(column) if kind.has(column) else None
    if field is None or field.type not in ("link", "links"):
        return rests_on(kind)
    return None if field.target == "any" else rests_on(kind) | {str(field.target)}


def _order(snapshot: Snapshot, kind: Kind, asked: Asked, lang: Lang) -> pl.Series:
    frame = shelf(snapshot, kind)
    keys = sort_keys(snapshot, kind, asked.sorted_by, lang)
    told = pl.DataFrame(keys).with_columns(id=frame["id"], at=pl.int_range(0, frame.height, dtype=pl.UInt32, eager=True))
    directions = [asked.descending] * len(keys)
    return told.sort([*(key.name for key in keys), "id"], descending=[*directions, False], nulls_last=True)["at"]


def sort_keys(snapshot: Snapshot, kind: Kind, column: str, lang: Lang) -> list[pl.Series]:
    """What a column is ordered by: days by the calendar, numbers by size, codes as the vocabulary lists them, everything else as it is read."""
    frame = shelf(snapshot, kind)
    if column == TITLE:
        return [frame[f"_title_{lang}"].str.to_lowercase().alias("key")]
    if column in (DAY, "id"):
        return [frame[column].alias("key")]
    field = kind.field(column)
    match field.type:
        case "date":
            return [frame[f"{column}_earliest"].alias("key"), frame[f"{column}_latest"].alias("key_latest")]
        case "day" | "integer" | "number" | "flag":
            return [frame[column].alias("key")]
        case "code":
            place = {value: at for at, value in enumerate(codes(str(field.codes)))}
            return [frame[column].replace_strict(place, default=len(place), return_dtype=pl.Int64).set(frame[column].is_null(), None).alias("key")]
    return [_as_read(snapshot, kind, field, lang)]


def _as_read(snapshot: Snapshot, kind: Kind, field: Field, lang: Lang) -> pl.Series:
    table = snapshot.table(kind.name).sort("id")
    twin = twin_of(kind, field.name)
    column = table.select(pl.coalesce(twin, field.name)).to_series() if twin and lang == "ko" else table[field.name]
    return pl.Series("key", spoken(snapshot, field, column, lang), dtype=pl.String).str.to_lowercase()
