"""Which records of a kind does a caller want? Filters by field, made from the vocabulary, on the reader's typed frame.

A value equals; an empty one means unknown. A date takes what lies within the precision given; `_from` and `_to`, `_min` and `_max` bound
dates and numbers. A word that is no filter of the kind is refused, so that a slip of the pen never gives everything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any

import polars as pl

from comity.register.search import ranked
from comity.register.snapshot import Snapshot
from comity.vocab.dates import PartialDate
from comity.vocab.errors import Fault, NotADate
from comity.vocab.kinds import Field, Kind
from comity.vocab.text import Text
from comity_desk.api.errors import Malformed, fault

Condition = Callable[[str], pl.Expr]
RESERVED = frozenset({"limit", "cursor", "sort", "known_at"})
ACTORS = ("actor", "actors", "actor_counts")


class NotOne(ValueError):
    """A value that is none of the field's type."""


def wanted(snapshot: Snapshot, kind: Kind, given: Mapping[str, list[str]]) -> pl.DataFrame:
    """The rows of the kind's typed frame that meet every filter given; filters that are none, or of the wrong form, are all told at once."""
    faults: list[Fault] = []
    conditions = [pl.lit(True)]
    for name, values in sorted(given.items()):
        if name in RESERVED:
            continue
        try:
            conditions.append(_condition(snapshot, kind, name, values))
        except NotOne as error:
            faults.append(fault(name, "wrong-value", _NOT_ONE.format(value=repr(str(error))[:80]), _SEE_KIND.format(kind=kind.name)))
        except KeyError:
            faults.append(fault(name[:60], "unknown-filter", _NO_FILTER.format(kind=kind.label), _SEE_KIND.format(kind=kind.name)))
    if faults:
        raise Malformed(faults)
    return snapshot.frame(kind.name).filter(conditions)


def filters_of(kind: Kind) -> list[str]:
    """Names of every filter of a kind."""
    return sorted([*_conditions(kind), "q"])


def first_date(kind: Kind) -> str | None:
    """The date by which a record is placed: of its act, its beginning, or the first that its kind has."""
    dates = [field.name for field in kind.of_type("date")]
    first = [name for name in (kind.act, kind.span[0] if kind.span else None) if name in dates]
    return next(iter([*first, *dates]), None)


def _condition(snapshot: Snapshot, kind: Kind, name: str, values: list[str]) -> pl.Expr:
    if name == "q":
        words = " ".join(values)
        return pl.col("id").is_in(ranked(snapshot, words, kinds=[kind.name])["id"].implode()) if words.strip() else pl.lit(True)
    one = _conditions(kind)[name]
    each = [one(value) for value in values]
    together = (kind.has(name) and kind.field(name).is_list) or name == "actor"
    return (pl.all_horizontal(each) if together else pl.any_horizontal(each)).fill_null(False)


@cache
def _conditions(kind: Kind) -> dict[str, Condition]:
    found: dict[str, Condition] = {"id": lambda value: pl.col("id") == value}
    for field in kind.fields:
        found |= _of_field(field)
    actors = [field for field in kind.fields if field.type in ACTORS]
    if actors:
        found["actor"] = lambda code: pl.any_horizontal(_named(field, code).fill_null(False) for field in actors)
    if (day := first_date(kind)) is not None:
        found["year_from"] = lambda value: pl.col(f"{day}_latest") >= date(_year(value), 1, 1)
        found["year_to"] = lambda value: pl.col(f"{day}_earliest") <= date(_year(value), 12, 31)
    if kind.has("count_as"):
        found["counted"] = lambda value: (pl.col("counts") & pl.col("sourced")) == _flag(value)
    return found


def _of_field(field: Field) -> dict[str, Condition]:
    name, cell = field.name, pl.col(field.name)
    if field.type == "date":
        return {
            name: lambda value: _unknown(cell, value, lambda: _within(name, value)),
            f"{name}_from": lambda value: pl.col(f"{name}_latest") >= _partial(value).earliest,
            f"{name}_to": lambda value: pl.col(f"{name}_earliest") <= _partial(value).latest,
        }
    if field.type == "day":
        return {name: lambda value: _unknown(cell, value, lambda: cell == _day(value)), **_bounds(name, "from", "to", _day)}
    if field.type in ("integer", "number"):
        return {name: lambda value: _unknown(cell, value, lambda: cell == _number(value)), **_bounds(name, "min", "max", _number)}
    if field.type == "flag":
        return {name: lambda value: _unknown(cell, value, lambda: cell == _flag(value))}
    if field.is_list or field.type == "actor_counts":
        return {name: lambda value: _named(field, value) if value else cell.list.len() == 0}
    return {name: lambda value: _unknown(cell, value, lambda: cell == value)}


def _bounds(name: str, low: str, high: str, read: Callable[[str], Any]) -> dict[str, Condition]:
    return {f"{name}_{low}": lambda value: pl.col(name) >= read(value), f"{name}_{high}": lambda value: pl.col(name) <= read(value)}


def _named(field: Field, value: str) -> pl.Expr:
    """Whether a cell names that value."""
    if field.type == "actor_counts":
        return pl.col(field.name).list.eval(pl.element().struct.field("actor") == value).list.any()
    return pl.col(field.name).list.contains(value) if field.is_list else pl.col(field.name) == value


def _unknown(cell: pl.Expr, value: str, otherwise: Callable[[], pl.Expr]) -> pl.Expr:
    return otherwise() if value else cell.is_null()


def _within(name: str, value: str) -> pl.Expr:
    wanted_day = _partial(value)
    return (pl.col(f"{name}_earliest") >= wanted_day.earliest) & (pl.col(f"{name}_latest") <= wanted_day.latest)


def _partial(value: str) -> PartialDate:
    try:
        return PartialDate.parse(value)
    except NotADate:
        raise NotOne(value) from None


def _day(value: str) -> date:
    found = _partial(value)
    if found.precision != "day":
        raise NotOne(value)
    return found.earliest


def _number(value: str) -> float:
    import math

    try:
        found = float(value)
    except ValueError:
        raise NotOne(value) from None
    if not math.isfinite(found):
        raise NotOne(value)
    return found


def _flag(value: str) -> bool:
    if value not in ("true", "false"):
        raise NotOne(value)
    return value == "true"


def _year(value: str) -> int:
    if not (value.isascii() and value.isdigit() and 1 <= int(value[:6]) <= 9999):
        raise NotOne(value)
    return int(value)


def names_of(kinds: Iterable[Kind]) -> list[str]:
    """Names of the filters of these kinds together."""
    return sorted({name for kind in kinds for name in filters_of(kind)})


_NOT_ONE = Text("{value} is no value of it.", "{value}은(는) 쓸 수 없는 값입니다.")
_NO_FILTER = Text("Records of the kind {kind} have no such filter.", "{kind}에는 이런 조건이 없습니다.")
_SEE_KIND = Text("See /kinds/{kind} for filters and fields.", "/kinds/{kind}에서 조건과 항목을 확인하십시오.")
