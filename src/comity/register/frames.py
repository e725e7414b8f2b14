"""From tables of text to typed frames: dates with their bounds, numbers, flags and lists, as the vocabulary declares them.

A typed frame has every column of its kind plus `<date>_earliest` and `<date>_latest` for date fields, `sourced` (its source is a real
one) and `counts` (it is one thing of its kind, told by no other record and left out of no count). Cells that cannot be read as their
type become null: `checks` has reported them by then.
"""

from __future__ import annotations

import polars as pl

from comity.vocab.date_columns import with_bounds
from comity.vocab.kinds import Field, Kind

UNSOURCED = "unsourced"


def typed(table: pl.DataFrame, kind: Kind) -> pl.DataFrame:
    """The typed frame of a resolved table, rows by id."""
    frame = table.select("id", *(_cell(f).alias(f.name) for f in kind.fields)).sort("id", maintain_order=True)
    frame = with_bounds(frame, [f.name for f in kind.of_type("date")])
    if not kind.has("count_as"):
        return frame
    return frame.with_columns(sourced=(pl.col("source") != UNSOURCED).fill_null(False), counts=pl.col("count_as").is_null() & pl.col("counted_with").is_null())


def schema(kind: Kind) -> dict[str, pl.DataType]:
    """Names and types of the columns of a kind's typed frame."""
    from comity.register.package import empty_table

    return dict(typed(empty_table(kind), kind).schema)


def _cell(field: Field) -> pl.Expr:
    text = pl.col(field.name)
    if field.is_list:
        return text.str.split(";").fill_null([])
    match field.type:
        case "integer":
            return text.cast(pl.Int64, strict=False)
        case "number":
            return text.cast(pl.Float64, strict=False)
        case "flag":
            return pl.when(text == "true").then(True).when(text == "false").then(False)
        case "day":
            return text.str.to_date("%Y-%m-%d", strict=False)
        case "actor_counts":
            pairs = pl.element().str.split(":")
            pair = pl.struct(actor=pairs.list.get(0), number=pairs.list.get(1, null_on_oob=True).cast(pl.Int64, strict=False))
            return text.str.split(";").fill_null([]).list.eval(pair)
        case _:
            return text
