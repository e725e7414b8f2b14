"""Rows that pass every check go on, the others into quarantine with the first check that they fail.

A check is a boolean expression that is true, or null, where a cell is wrong, with the published name of the column and the code of the reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from comity.sources.reading import empty_quarantine
from comity.sources.text_rows import Block, quarantined

FIRST_DAY = date(1945, 1, 1)  # no event data reach further back
NEVER = date(2100, 1, 1)


class Check(NamedTuple):
    """What makes a row wrong: the published column, the reason's code and where it holds (null counts as wrong)."""

    field: str | None
    reason: str
    wrong: pl.Expr


def sift(rows: pl.DataFrame, checks: Sequence[Check], *, path: Path, block: Block, at: NDArray[np.int64]) -> tuple[pl.Series, pl.DataFrame]:
    """Which rows pass, and the quarantine of those that do not; `at` gives for each row its line's index in the block."""
    flags = [check.wrong.fill_null(True).alias(str(n)) for n, check in enumerate(checks)]
    wrong = rows.select(pl.any_horizontal(flags)).to_series()
    if not wrong.any():
        return ~wrong, empty_quarantine()
    first = rows.filter(wrong).select(flags).to_numpy().argmax(axis=1).tolist()
    lines = at[wrong.to_numpy()]
    return ~wrong, quarantined(path, block, lines, [checks[n].reason for n in first], [checks[n].field for n in first])


def unreadable(text: str, typed: str) -> pl.Expr:
    """A cell that says something which could not be read as what it should be."""
    return pl.col(typed).is_null() & pl.col(text).is_not_null()


def beyond(typed: str, low: float, high: float) -> pl.Expr:
    """A number outside [low, high]; null is not."""
    return pl.col(typed).is_not_null() & ~pl.col(typed).is_between(low, high)


def no_place() -> pl.Expr:
    """Coordinates (`lat`, `lon`) that mean no place: (0, 0), or one of the two only."""
    return ((pl.col("lat") == 0) & (pl.col("lon") == 0)) | pl.col("lat").is_null() | pl.col("lon").is_null()


def plain_hyphens(cell: pl.Expr) -> pl.Expr:
    """The typographer's hyphens and dashes (U+2010 to U+2014, U+2212), also the one that does not break, as the plain one."""
    return cell.str.replace_all("[\u2010-\u2014\u2212]", "-")


def as_day(name: str) -> pl.Expr:
    """A day written YYYY-MM-DD in full; null where it is anything else or no day of the calendar."""
    cell = plain_hyphens(pl.col(name))
    return pl.when(cell.str.contains(r"^\d{4}-\d{2}-\d{2}$")).then(cell.str.to_date("%Y-%m-%d", strict=False))


def as_number(name: str, dtype: pl.DataType) -> pl.Expr:
    """A number, null where it is none."""
    return pl.col(name).cast(dtype, strict=False)


def day_checks(field: str, said: str) -> tuple[Check, ...]:
    """A `day` that is said, can be read, and lies in the time of event data."""
    return (
        Check(field, "no-date", pl.col(said).is_null()),
        Check(field, "date", pl.col("day").is_null() | (pl.col("day") >= NEVER)),
        Check(field, "before-archive", pl.col("day") < FIRST_DAY),
    )
