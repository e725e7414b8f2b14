"""Partial dates on whole columns: the same rules as `dates.PartialDate` and `dates.Span`, as polars expressions.

A date field `signed` of a frame stands in three columns: `signed` (its text), `signed_earliest` and `signed_latest` (days).
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from comity.vocab.dates import OPEN

if TYPE_CHECKING:
    from collections.abc import Iterable

FAR = date(9999, 12, 31)
SHAPE = r"^(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])(-[0-9]{2}(-[0-9]{2})?)?$"


def earliest(text: pl.Expr) -> pl.Expr:
    """First day that the text may mean; null for unknown or for what is no date."""
    first = pl.when(text.str.len_chars() == 4).then(text + "-01-01").when(text.str.len_chars() == 7).then(text + "-01").otherwise(text)
    shaped = pl.when(text.str.contains(SHAPE)).then(first)
    return pl.when(text == OPEN).then(pl.lit(FAR)).otherwise(shaped.str.to_date("%Y-%m-%d", strict=False))


def latest(text: pl.Expr) -> pl.Expr:
    """Last day that the text may mean; null for unknown or for what is no date."""
    first = earliest(text)
    year_end = pl.date(first.dt.year(), 12, 31)
    return (
        pl.when(text == OPEN)
        .then(pl.lit(FAR))
        .when(text.str.len_chars() == 4)
        .then(year_end)
        .when(text.str.len_chars() == 7)
        .then(first.dt.month_end())
        .otherwise(first)
    )


def is_date(text: pl.Expr) -> pl.Expr:
    """Whether the text is a partial date; null stays null."""
    return pl.when(text.is_not_null()).then(earliest(text).is_not_null())


def with_bounds(frame: pl.DataFrame, fields: Iterable[str]) -> pl.DataFrame:
    """Add `_earliest` and `_latest` beside each date field.

    >>> with_bounds(pl.DataFrame({"signed": ["1953-10", None]}), ["signed"])["signed_latest"].to_list()
    [datetime.date(1953, 10, 31), None]
    """
    bounds = [expr for name in fields for expr in (earliest(pl.col(name)).alias(f"{name}_earliest"), latest(pl.col(name)).alias(f"{name}_latest"))]
    return frame.with_columns(bounds)


def midpoint(name: str) -> pl.Expr:
    """The middle day of a date field: what measures use when they need one day."""
    first, last = pl.col(f"{name}_earliest"), pl.col(f"{name}_latest")
    return first + pl.duration(days=(last - first).dt.total_days() // 2)


def holds_certainly(start: str, end: str, day: date | pl.Expr, *, attested: str | None = None) -> pl.Expr:
    """Method 1 on a frame: the state holds on `day` whatever the unknown days turn out to be."""
    at = pl.lit(day) if isinstance(day, date) else day
    seen_from = pl.col(f"{attested}_latest") if attested else pl.lit(None, dtype=pl.Date)
    seen_to = pl.col(f"{attested}_earliest") if attested else pl.lit(None, dtype=pl.Date)
    begun = pl.coalesce(pl.col(f"{start}_latest"), seen_from) <= at
    not_over = at <= pl.coalesce(pl.col(f"{end}_earliest"), seen_to)
    return (begun & not_over).fill_null(False)


def holds_possibly(start: str, end: str, day: date | pl.Expr, *, attested: str | None = None) -> pl.Expr:
    """Method 1 on a frame: the state may hold on `day`."""
    at = pl.lit(day) if isinstance(day, date) else day
    known = pl.col(f"{start}_earliest").is_not_null() | pl.col(f"{end}_latest").is_not_null()
    if attested:
        known = known | pl.col(f"{attested}_earliest").is_not_null()
    begun = (pl.col(f"{start}_earliest") <= at).fill_null(True)
    not_over = (at <= pl.col(f"{end}_latest")).fill_null(True)
    return known & begun & not_over
