"""Which register do these entries make? Claims with the last judgement on each, then the tables of text that the library reads.

A cell shows its latest adopted claim. Claims that carry an id of their own (they competed, were superseded, were judged) also stand in the
register's table of claims. Entries whose content was destroyed say nothing. The inverse is `difference`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from comity.register.package import FILE, LINE, empty_table
from comity.vocab.kinds import Kind, kinds
from comity_desk.ledger.models import CLAIM, JUDGEMENT

WHOLE = "*"
JUDGED = ("name", "status", "source", "locator", "confidence", "marking", "entered_at", "entered_by", "superseded_at", "reason_en", "reason_ko")
SAID = ("kind", "field", "value")
CONTENT = pl.Struct(dict.fromkeys((*SAID, *JUDGED), pl.String))
RAW: dict[str, type[pl.DataType]] = {"number": pl.Int64, "type": pl.String, "claim": pl.Binary, "record": pl.Binary, "content": pl.String}


@dataclass(frozen=True)
class Folded:
    """Tables of text by kind, and the key of each record: kind → id → 16 bytes."""

    tables: dict[str, pl.DataFrame]
    keys: dict[str, dict[str, bytes]]


def raw_entries(rows: Iterable[Sequence[object]]) -> pl.DataFrame:
    """Rows of (number, type, claim, record, content) as a frame."""
    return pl.DataFrame([(row[0], row[1], bytes(row[2]), bytes(row[3]), row[4]) for row in rows], schema=RAW, orient="row")  # type: ignore[arg-type]


def standing(entries: pl.DataFrame) -> pl.DataFrame:
    """Every claim that still says something, with its last judgement: its keys, number, kind, field, value, and how it stands."""
    told = entries.filter(pl.col("content").is_not_null()).with_columns(pl.col("content").str.json_decode(CONTENT)).unnest("content")
    claims = told.filter(pl.col("type") == CLAIM)
    judged = told.filter(pl.col("type") == JUDGEMENT).sort("number").unique("claim", keep="last", maintain_order=True)
    joined = claims.join(judged.select("claim", pl.lit(True).alias("_judged"), *JUDGED), on="claim", how="left", suffix="_now")
    now = [pl.when(pl.col("_judged")).then(pl.col(f"{name}_now")).otherwise(pl.col(name)).alias(name) for name in JUDGED]
    return joined.select("number", "claim", "record", *SAID, *now).with_columns(pl.col("status").fill_null("adopted")).sort("number")


def cells(stands: pl.DataFrame) -> pl.DataFrame:
    """The claim that each cell shows: the latest adopted one."""
    adopted = stands.filter((pl.col("status") == "adopted") & (pl.col("field") != WHOLE))
    return adopted.unique(["record", "field"], keep="last", maintain_order=True)


def folded(entries: pl.DataFrame) -> Folded:
    """The tables that these entries make."""
    stands = standing(entries)
    shown = cells(stands)
    ids = shown.filter(pl.col("field") == "id").select("record", "kind", pl.col("value").alias("id"))
    tables = {kind.name: _table(shown.filter(pl.col("kind") == kind.name), kind) for kind in kinds().values() if kind.name != "claim"}
    tables["claim"] = _claims(stands, ids)
    keys: dict[str, dict[str, bytes]] = {}
    for record, kind_name, record_id in ids.iter_rows():
        keys.setdefault(kind_name, {})[record_id] = record
    return Folded({name: tables[name] for name in kinds()}, keys)


def _table(shown: pl.DataFrame, kind: Kind) -> pl.DataFrame:
    if shown.is_empty():
        return empty_table(kind)
    wide = shown.pivot(on="field", index="record", values="value", aggregate_function="first", maintain_order=True)
    missing = [pl.lit(None, dtype=pl.String).alias(name) for name in kind.columns if name not in wide.columns]
    return placed(wide.with_columns(missing).filter(pl.col("id").is_not_null()).select(kind.columns), kind)


def _claims(stands: pl.DataFrame, ids: pl.DataFrame) -> pl.DataFrame:
    kind = kinds()["claim"]
    named = stands.filter(pl.col("name").is_not_null()).join(ids.select("record", "id"), on="record").sort("number")
    if named.is_empty():
        return empty_table(kind)
    columns = {"id": "name", "record_kind": "kind", "record": "id"}
    return placed(named.select([pl.col(columns.get(name, name)).alias(name) for name in kind.columns]), kind)


def placed(table: pl.DataFrame, kind: Kind) -> pl.DataFrame:
    """A table with the columns that say from which file and line a row comes; rows of the ledger come from none."""
    return table.with_columns(pl.lit(None, dtype=pl.Int32).alias(LINE), pl.lit(kind.file).alias(FILE))
