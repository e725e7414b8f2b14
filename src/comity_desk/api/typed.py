"""What does a record look like as JSON? As `comity.vocab.schema.json_schema` says: dates as text, lists as lists, unknown as null."""

from __future__ import annotations

from typing import Any

import polars as pl

from comity.register.snapshot import Snapshot
from comity.vocab.kinds import Field, Kind


def typed_records(frame: pl.DataFrame, kind: Kind) -> list[dict[str, Any]]:
    """Rows of a kind's typed frame as JSON values, in their order."""
    return frame.select("id", *(_cell(field) for field in kind.fields)).to_dicts()


def typed_record(snapshot: Snapshot, kind: Kind, record: str) -> dict[str, Any]:
    """One record."""
    return typed_records(snapshot.frame(kind.name).filter(pl.col("id") == record), kind)[0]


def _cell(field: Field) -> pl.Expr:
    cell = pl.col(field.name)
    if field.type == "day":
        return cell.dt.to_string("%Y-%m-%d")
    if field.type == "number":
        return pl.when(cell.is_finite()).then(cell).alias(field.name)
    return cell
