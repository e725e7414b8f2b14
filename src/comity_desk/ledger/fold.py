"""Which register do these entries make? Claims with the last judgement on each, then the tables of text that the library reads.

A cell shows its latest adopted claim. Claims that carry an id of their own (they competed, were superseded, were judged) also stand in the
register's table of claims. Entries whose content was destroyed say nothing. The inverse is `difference`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

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


def raw_entries(rows: Iterable[Sequence[Any]]) -> pl.DataFrame:
    """Rows of (number, type, claim, record, content) as a frame."""
    return pl.DataFrame([(row[0], row[1], bytes(row[2]), bytes(row[3]), row[4]) for row in rows], schema=RAW, orient="row")


@dataclass(frozen=True)
class Told:
    """What entries say: `plain` claims, which are most (a cell's value and no more), and `rest`, with every column of claims."""

    plain: pl.DataFrame
    rest: pl.DataFrame


def told(*parts: pl.DataFrame) -> Told:
    """What these entries say, column by column; those whose content was destroyed say nothing. Parts are read one by one, to spare memory."""
    split = [_split(part) for part in (raw_entries([]), *parts)]
    return Told(pl.concat([one.plain for one in split]), pl.concat([one.rest for one in split]))


def joined(parts: Iterable[Told]) -> Told:
    """What several parts say together."""
    listed = [told(), *parts]
    return Told(pl.concat([one.plain for one in listed]), pl.concat([one.rest for one in listed]))


def _split(entries: pl.DataFrame) -> Told:
    said = entries.filter(pl.col("content").is_not_null() & pl.col("type").is_in([CLAIM, JUDGEMENT]))
    said = said.with_columns(pl.col("content").str.json_decode(CONTENT)).unnest("content")
    plain = (pl.col("type") == CLAIM) & pl.col("status").is_null() & pl.col("name").is_null()
    return Told(said.filter(plain).select("number", "claim", "record", *SAID), said.filter(~plain))


def standing(entries: pl.DataFrame) -> pl.DataFrame:
    """Every claim that still says something, with its last judgement: its keys, number, kind, field, value, and how it stands."""
    said = told(entries)
    untouched, rest = _apart(said)
    return pl.concat([untouched.select(rest.columns), rest]).sort("number")


def _apart(said: Told) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Plain claims that nobody judged, and all others with their last judgement."""
    judged = said.rest.filter(pl.col("type") == JUDGEMENT).sort("number").unique("claim", keep="last", maintain_order=True)
    is_judged = pl.col("claim").is_in(judged["claim"].implode())
    nothing = [pl.lit(None, dtype=pl.String).alias(name) for name in JUDGED]
    claims = pl.concat([said.plain.filter(is_judged).with_columns(nothing), said.rest.filter(pl.col("type") == CLAIM).drop("type")])
    both = claims.join(judged.select("claim", pl.lit(True).alias("_judged"), *JUDGED), on="claim", how="left", suffix="_now")
    now = [pl.when(pl.col("_judged")).then(pl.col(f"{name}_now")).otherwise(pl.col(name)).alias(name) for name in JUDGED]
    rest = both.select("number", "claim", "record", *SAID, *now).with_columns(pl.col("status").fill_null("adopted"))
    return said.plain.filter(~is_judged).with_columns(nothing).with_columns(status=pl.lit("adopted")), rest


def cells(stands: pl.DataFrame) -> pl.DataFrame:
    """The claim that each cell shows: the latest adopted one."""
    adopted = stands.filter((pl.col("status") == "adopted") & (pl.col("field") != WHOLE)).sort("number")
    return adopted.unique(["record", "field"], keep="last", maintain_order=True)


def folded(entries: pl.DataFrame) -> Folded:
    """The tables that these entries make."""
    return folded_from(told(entries))


def folded_from(said: Told) -> Folded:
    """The tables that come of what entries say; for many, which are read in parts."""
    untouched, rest = _apart(said)
    wanted = ["number", "record", *SAID, "status"]
    shown = cells(pl.concat([untouched.select(wanted), rest.select(wanted)]))
    ids = shown.filter(pl.col("field") == "id").select("record", "kind", pl.col("value").alias("id"))
    tables = {kind.name: _table(shown.filter(pl.col("kind") == kind.name), kind) for kind in kinds().values() if kind.name != "claim"}
    tables["claim"] = _claims(rest, ids)
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
