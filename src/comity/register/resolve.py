"""From claims to records: what stood in each cell, for one reader, as known at one moment.

The cells of the kinds' files are the adopted claims; `claims.csv` adds competing, superseded and withdrawn ones and says where a cell's
source, marking or day of entry differs from its row's. Claims that the reader may not see, or that were entered later than `known_at`,
are dropped first; only then is each touched cell decided: the claim adopted within the narrowest marking, then the claim that stood on
`known_at` and was superseded later, else the adopted one if it is left, else the most trusted of those that compete, else nothing. Links
to records that are not left vanish, in cells and in claims, and so do claims on them and the markings that the reader does not hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import polars as pl

from comity.register.package import FILE, LINE
from comity.register.readers import narrowness
from comity.vocab.kinds import Field, FieldType, Kind, kinds

Tables = Mapping[str, pl.DataFrame]
WHOLE = "*"
TRUST = {"high": 0, "medium": 1, "low": 2}
LINKING: tuple[FieldType, ...] = ("link", "links", "actor", "actors", "actor_counts")
WITHIN = "adopted_within"  # stands in the cell's place for those who may see the claim: the row holds what every reader of the row reads
STANDING = {"superseded": 0, WITHIN: 1, "adopted": 1, "competing": 2}
CELL = ["record_kind", "record", "field"]


def seen(table: pl.DataFrame, visible: list[str], known_at: date | None) -> pl.DataFrame:
    """Rows under a visible marking that were entered by `known_at`, and visible markings; tables without those columns pass whole."""
    if table.is_empty():
        return table
    keep = pl.lit(True)
    if "releasable_to" in table.columns:
        keep = pl.col("id").is_in(visible)
    if "marking" in table.columns:
        keep = pl.col("marking").is_in(visible)
    if known_at is not None and "entered_at" in table.columns:
        keep = keep & (pl.col("entered_at") <= known_at.isoformat())
    return table.filter(keep)


def resolved(tables: Tables, visible: list[str], known_at: date | None) -> dict[str, pl.DataFrame]:
    """Every kind's table of text as this reader may see it and as it was known then."""
    claims = seen(tables["claim"], visible, known_at)
    stands = standing(tables, tables["claim"], visible, known_at)
    left = {name: _kind_resolved(kinds()[name], table, claims, stands, visible, known_at) for name, table in tables.items() if name != "claim"}
    left["claim"] = claims_seen(tables, visible, known_at, stands)
    return without_dangling({name: left[name] for name in tables}, tables)


def claims_seen(tables: Tables, visible: list[str], known_at: date | None, stands: pl.DataFrame | None = None) -> pl.DataFrame:
    """The claims that this reader may see, on records that the reader may see, with the standing that they had on `known_at`."""
    claims = seen(tables["claim"], visible, known_at).drop(LINE, FILE, strict=False)
    shown = [name + ":" + ids for name, table in tables.items() if len(ids := seen(table, visible, known_at)["id"])]
    ref = pl.col("record_kind") + ":" + pl.col("record")
    claims = claims.filter(ref.is_in(pl.concat(shown).implode())) if shown else claims.clear()
    best = standing(tables, tables["claim"], visible, known_at) if stands is None else stands
    return _as_they_stand(_as_they_stood(claims, known_at) if known_at else claims, best)


def _as_they_stood(claims: pl.DataFrame, known_at: date) -> pl.DataFrame:
    """Claims with the status that they had on a day."""
    stood = (pl.col("status") == "superseded") & (pl.col("superseded_at") > known_at.isoformat())
    cell = pl.concat_str(*CELL, separator=":")
    rival = (pl.col("status") == "adopted") & cell.is_in(claims.filter(stood).select(cell).to_series().implode())  # adopted only when that one fell
    status = pl.when(stood).then(pl.lit("adopted")).when(rival).then(pl.lit("competing")).otherwise(pl.col("status"))
    later = [pl.when(~stood.fill_null(False)).then(pl.col(name)).alias(name) for name in ("superseded_at", "reason_en", "reason_ko")]
    return claims.with_columns(status.alias("status"), *later)


def _as_they_stand(claims: pl.DataFrame, stands: pl.DataFrame) -> pl.DataFrame:
    """Claims with their status for this reader: where one is adopted within its marking, it is the adopted one and the cell's own competes with it."""
    tops = stands.filter(pl.col("_layer") > 0).select(*CELL, pl.col("id").alias("_top"))
    if tops.is_empty():
        return claims
    status = (
        pl.when(pl.col("id") == pl.col("_top"))
        .then(pl.lit("adopted"))
        .when(pl.col("_top").is_not_null() & pl.col("status").is_in(["adopted", WITHIN]))
        .then(pl.lit("competing"))
        .otherwise(pl.col("status"))
    )
    return claims.join(tops, on=CELL, how="left", maintain_order="left").with_columns(status.alias("status")).drop("_top")


def rows_resolved(tables: Tables, kind: Kind, ids: list[str], visible: list[str], known_at: date | None) -> pl.DataFrame:
    """The resolved rows of some records of one kind, before links to hidden records vanish: what an edit needs."""
    claims = tables["claim"].filter((pl.col("record_kind") == kind.name) & pl.col("record").is_in(ids))
    stands = standing(tables, claims, visible, known_at)
    rows = tables[kind.name].filter(pl.col("id").is_in(ids))
    return _kind_resolved(kind, rows, seen(claims, visible, known_at), stands, visible, known_at)


def _kind_resolved(kind: Kind, table: pl.DataFrame, claims: pl.DataFrame, stands: pl.DataFrame, visible: list[str], known_at: date | None) -> pl.DataFrame:
    rows = seen(table, visible, known_at).drop(LINE, FILE, strict=False)
    if rows.is_empty():
        return rows
    own = pl.col("record_kind") == kind.name
    gone = claims.filter(own & (pl.col("field") == WHOLE) & (pl.col("status") == "withdrawn"))["record"]
    rows = rows.filter(~pl.col("id").is_in(gone.implode()))
    values: dict[str, dict[str, str | None]] = {}
    for record, name, value in stands.filter(own).select("record", "field", "value").iter_rows():
        values.setdefault(name, {})[record] = value
    for name, by_record in values.items():
        if kind.has(name):
            old, new = list(by_record), list(by_record.values())
            rows = rows.with_columns(
                pl.when(pl.col("id").is_in(old))
                .then(pl.col("id").replace_strict(old, new, default=None, return_dtype=pl.String))
                .otherwise(pl.col(name))
                .alias(name)
            )
    return rows


def standing(tables: Tables, claims: pl.DataFrame, visible: list[str], known_at: date | None) -> pl.DataFrame:
    """The claims that stand for this reader in cells whose value is not the file's: kind, record, field, id and value (empty where nothing is left).

    `_layer` is above 0 where the claim stands in the cell's place, and the higher the narrower its marking. `claims` are those to look at.
    """
    mine = seen(claims, visible, known_at)
    hidden = claims.filter((pl.col("status") == "adopted") & ~pl.col("id").is_in(mine["id"].implode()))
    later = mine.filter((pl.col("status") == "superseded") & (pl.col("superseded_at") > known_at.isoformat())) if known_at else mine.clear()
    touched = pl.concat([one.select(CELL) for one in (later, hidden, mine.filter(pl.col("status") == WITHIN))]).unique().filter(pl.col("field") != WHOLE)
    if touched.is_empty():
        return mine.clear().select(*CELL, "id", "value", pl.lit(0).alias("_layer"))
    left = mine.filter(pl.col("status").is_in([WITHIN, "adopted", "competing"])).vstack(later)
    status, trust = (pl.col(name).replace_strict(order, default=9) for name, order in (("status", STANDING), ("confidence", TRUST)))
    rival = pl.col("status") == WITHIN
    return (
        _layered(touched.join(left, on=CELL, how="left"), tables)
        .with_columns(status.alias("_standing"), trust.alias("_trust"), pl.when(rival).then(pl.col("entered_at")).alias("_entered"))
        .sort(
            *CELL,
            "_layer",
            "_standing",
            pl.when(pl.col("_standing") == 0).then(pl.col("superseded_at")),
            "_entered",
            "_trust",
            "id",
            descending=[False, False, False, True, False, False, True, False, False],
            nulls_last=True,
        )
        .unique(CELL, keep="first", maintain_order=True)
        .select(*CELL, "id", "value", "_layer")
    )


def _layered(claims: pl.DataFrame, tables: Tables) -> pl.DataFrame:
    """Claims with their layer: 0 in the row itself, above it the narrowness of the marking within which they stand or stood."""
    ranks = narrowness(tables["marking"])
    rank = pl.col("marking").replace_strict(ranks, default=0, return_dtype=pl.Int64)
    stood = claims.filter(pl.col("status") == "superseded").select("record_kind", "record").unique()
    rows = [
        tables[name]
        .filter(pl.col("id").is_in(own["record"].implode()))
        .select(pl.lit(name).alias("record_kind"), pl.col("id").alias("record"), rank.alias("_row"))
        for (name,), own in stood.partition_by("record_kind", as_dict=True).items()
        if "marking" in tables[str(name)].columns
    ]
    nothing = pl.DataFrame(schema={"record_kind": pl.String, "record": pl.String, "_row": pl.Int64})
    layer = (
        pl.when(pl.col("status") == WITHIN)
        .then(pl.max_horizontal(rank, pl.lit(1)))
        .when((pl.col("status") == "superseded") & (rank > pl.col("_row").fill_null(0)))
        .then(rank)
        .otherwise(0)
    )
    return claims.join(pl.concat([nothing, *rows]), on=["record_kind", "record"], how="left").with_columns(layer.alias("_layer")).drop("_row")


def without_dangling(left: dict[str, pl.DataFrame], whole: Tables) -> dict[str, pl.DataFrame]:
    """Tables whose links name only what is left; a no-op when nothing was hidden."""
    lost = {name: set(whole[name]["id"]) - set(left[name]["id"]) for name in left if left[name].height != whole[name].height}
    lost = {name: ids for name, ids in lost.items() if ids}
    if not lost:
        return left
    gone = {f"{name}:{one}" for name, ids in lost.items() for one in ids}
    pruned = {
        name: table
        if table.is_empty()
        else table.with_columns([_pruned(f, lost, gone) for f in kinds()[name].of_type(*LINKING) if _target(f) in lost or f.target == "any"])
        for name, table in left.items()
    }
    return pruned | {"claim": _values_pruned(pruned["claim"], lost, gone)} if "claim" in pruned else pruned


def _values_pruned(claims: pl.DataFrame, lost: dict[str, set[str]], gone: set[str]) -> pl.DataFrame:
    """Claims whose values name only what is left, where their field names records."""
    value = pl.col("value")
    for kind_name, field_name in claims.select("record_kind", "field").unique().sort("record_kind", "field").iter_rows():
        kind = kinds().get(kind_name)
        if kind is not None and kind.has(field_name):
            field = kind.field(field_name)
            if field.type in LINKING and (_target(field) in lost or field.target == "any"):
                own = (pl.col("record_kind") == kind_name) & (pl.col("field") == field_name)
                value = pl.when(own).then(_pruned(replace(field, name="value"), lost, gone)).otherwise(value)
    return claims.with_columns(value.alias("value"))


def is_linked_to(tables: Tables, name: str, ids: set[str]) -> bool:
    """Whether any cell of any table names one of these records of the kind."""
    refs = {f"{name}:{one}" for one in ids}
    return any(
        table.select(_parts(f).list.eval(pl.element().is_in(list(refs if f.target == "any" else ids))).list.any().any()).item()
        for kind, table in tables.items()
        for f in kinds()[kind].of_type(*LINKING)
        if _target(f) in (name, "any") and table.height
    )


def _parts(field: Field) -> pl.Expr:
    parts = pl.col(field.name).str.split(";")
    return parts.list.eval(pl.element().str.split(":").list.first()) if field.type == "actor_counts" else parts


def _target(field: Field) -> str | None:
    return "actor" if field.type in ("actor", "actors", "actor_counts") else field.target


def _pruned(field: Field, lost: dict[str, set[str]], gone: set[str]) -> pl.Expr:
    away = list(gone if field.target == "any" else lost[str(_target(field))])
    if field.type in ("link", "actor"):
        return pl.when(~pl.col(field.name).is_in(away)).then(pl.col(field.name)).alias(field.name)
    named = pl.element().str.split(":").list.first() if field.type == "actor_counts" else pl.element()
    kept = pl.col(field.name).str.split(";").list.eval(pl.element().filter(~named.is_in(away)))
    return pl.when(kept.list.len() > 0).then(kept.list.join(";")).alias(field.name)
