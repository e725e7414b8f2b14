"""From claims to records: what stood in each cell, for one reader, as known at one moment.

The cells of the kinds' files are the adopted claims; `claims.csv` adds competing, superseded and withdrawn ones and says where a cell's
source, marking or day of entry differs from its row's. Claims that the reader may not see, or that were entered later than `known_at`,
are dropped first; only then is each touched cell decided: the claim that stood on `known_at` and was superseded later, else the adopted
one if it is left, else the most trusted of those that compete, else nothing. Links to records that are not left vanish, and so do claims
on them and the markings that the reader does not hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from comity.register.package import FILE, LINE
from comity.vocab.kinds import Field, FieldType, Kind, kinds

Tables = Mapping[str, pl.DataFrame]
WHOLE = "*"
TRUST = {"high": 0, "medium": 1, "low": 2}
LINKING: tuple[FieldType, ...] = ("link", "links", "actor", "actors", "actor_counts")
STANDING = {"superseded": 0, "adopted": 1, "competing": 2}


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
    hidden = tables["claim"].filter((pl.col("status") == "adopted") & ~pl.col("id").is_in(claims["id"].implode()))
    left = {name: _kind_resolved(kinds()[name], table, claims, hidden, visible, known_at) for name, table in tables.items() if name != "claim"}
    left["claim"] = claims_seen(tables, visible, known_at)
    return without_dangling({name: left[name] for name in tables}, tables)


def claims_seen(tables: Tables, visible: list[str], known_at: date | None) -> pl.DataFrame:
    """The claims that this reader may see, on records that the reader may see, with the standing that they had on `known_at`."""
    claims = seen(tables["claim"], visible, known_at).drop(LINE, FILE, strict=False)
    shown = [name + ":" + ids for name, table in tables.items() if len(ids := seen(table, visible, known_at)["id"])]
    ref = pl.col("record_kind") + ":" + pl.col("record")
    claims = claims.filter(ref.is_in(pl.concat(shown).implode())) if shown else claims.clear()
    if known_at is None:
        return claims
    stood = (pl.col("status") == "superseded") & (pl.col("superseded_at") > known_at.isoformat())
    cell = pl.concat_str("record_kind", "record", "field", separator=":")
    rival = (pl.col("status") == "adopted") & cell.is_in(claims.filter(stood).select(cell).to_series().implode())  # adopted only when that one fell
    status = pl.when(stood).then(pl.lit("adopted")).when(rival).then(pl.lit("competing")).otherwise(pl.col("status"))
    later = [pl.when(~stood.fill_null(False)).then(pl.col(name)).alias(name) for name in ("superseded_at", "reason_en", "reason_ko")]
    return claims.with_columns(status.alias("status"), *later)


def rows_resolved(tables: Tables, kind: Kind, ids: list[str], visible: list[str], known_at: date | None) -> pl.DataFrame:
    """The resolved rows of some records of one kind, before links to hidden records vanish: what an edit needs."""
    own = pl.col("record_kind") == kind.name
    claims = tables["claim"].filter(own & pl.col("record").is_in(ids))
    left = seen(claims, visible, known_at)
    hidden = claims.filter((pl.col("status") == "adopted") & ~pl.col("id").is_in(left["id"].implode()))
    return _kind_resolved(kind, tables[kind.name].filter(pl.col("id").is_in(ids)), left, hidden, visible, known_at)


def _kind_resolved(kind: Kind, table: pl.DataFrame, claims: pl.DataFrame, hidden: pl.DataFrame, visible: list[str], known_at: date | None) -> pl.DataFrame:
    rows = seen(table, visible, known_at).drop(LINE, FILE, strict=False)
    if rows.is_empty():
        return rows
    own = claims.filter(pl.col("record_kind") == kind.name)
    gone = own.filter((pl.col("field") == WHOLE) & (pl.col("status") == "withdrawn"))["record"]
    rows = rows.filter(~pl.col("id").is_in(gone.implode()))
    for name, values in _overlays(own, hidden.filter(pl.col("record_kind") == kind.name), known_at).items():
        if kind.has(name):
            old, new = list(values), [values[record] for record in values]
            rows = rows.with_columns(
                pl.when(pl.col("id").is_in(old))
                .then(pl.col("id").replace_strict(old, new, default=None, return_dtype=pl.String))
                .otherwise(pl.col(name))
                .alias(name)
            )
    return rows


def _overlays(claims: pl.DataFrame, hidden: pl.DataFrame, known_at: date | None) -> dict[str, dict[str, str | None]]:
    """Cells whose value differs from the file's: field → record → value (None where nothing is left to stand)."""
    later = claims.filter((pl.col("status") == "superseded") & (pl.col("superseded_at") > known_at.isoformat())) if known_at else claims.clear()
    touched = pl.concat([later.select("record", "field"), hidden.select("record", "field")]).unique().filter(pl.col("field") != WHOLE)
    if touched.is_empty():
        return {}
    standing = (
        claims.filter(pl.col("status").is_in(["adopted", "competing"])).vstack(later)
        if known_at
        else claims.filter(pl.col("status").is_in(["adopted", "competing"]))
    )
    best = (
        touched.join(standing, on=["record", "field"], how="left")
        .with_columns(
            pl.col("status").replace_strict(STANDING, default=9).alias("_standing"),
            pl.col("confidence").replace_strict(TRUST, default=9).alias("_trust"),
        )
        .sort("record", "field", "_standing", pl.when(pl.col("_standing") == 0).then(pl.col("superseded_at")), "_trust", "id", nulls_last=True)
        .unique(["record", "field"], keep="first", maintain_order=True)
    )
    overlays: dict[str, dict[str, str | None]] = {}
    for record, name, value in best.select("record", "field", "value").iter_rows():
        overlays.setdefault(name, {})[record] = value
    return overlays


def without_dangling(left: dict[str, pl.DataFrame], whole: Tables) -> dict[str, pl.DataFrame]:
    """Tables whose links name only what is left; a no-op when nothing was hidden."""
    lost = {name: set(whole[name]["id"]) - set(left[name]["id"]) for name in left if left[name].height != whole[name].height}
    lost = {name: ids for name, ids in lost.items() if ids}
    if not lost:
        return left
    gone = {f"{name}:{one}" for name, ids in lost.items() for one in ids}
    return {
        name: table
        if table.is_empty()
        else table.with_columns([_pruned(f, lost, gone) for f in kinds()[name].of_type(*LINKING) if _target(f) in lost or f.target == "any"])
        for name, table in left.items()
    }


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
