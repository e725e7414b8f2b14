"""Extracts of GDELT that others made and passed on: a dyadic cut of 2.0 in 63 renamed columns, and two monthly sums.

The cut lost the zeros of base and root codes but kept those of the event code, so that nothing has to be guessed: both are put back from it and
counted. The monthly sums are not events; they serve to check panels of our own against published ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from comity.sources.gdelt_events import events_of
from comity.sources.listing import Listing, parquet_table
from comity.sources.reading import QUARANTINE_SCHEMA, Batch
from comity.sources.text_rows import Block, damaged
from comity.vocab.text import Text

ADDRESS = "https://github.com/Luka-Radulovic/gdelts-conflict-analysis"
CITATION = (
    "Leetaru, K. & Schrodt, P. A. (2013). GDELT: Global Data on Events, Location and Tone, 1979-2012; extracts of Luka-Radulovic/gdelts-conflict-analysis, "
    "gzemo/relations-of-power-between-countries (G. Zemo, University of Trento, 2023/24) and icy-swan/gdelt-events"
)
TERMS = Text(
    "GDELT: unrestricted use, with citation; the signed dyads: CC BY-NC-SA 4.0; others state none.",
    "GDELT: 인용 조건으로 제한 없음. 부호 있는 양자 자료: CC BY-NC-SA 4.0. 나머지는 명시 없음.",
)
EDITIONS = {
    "20201113.parquet": "f713b854048bd8b8ac2548fb4be4e1e3693b4236d84a3777064898a460542d66",
    "20201114.parquet": "8eed446738ac206a97900e0df2321eb35e1caef75e0fc1109da5b8bb9b45b558",
    "monthly_dyad_weights_2018-01_2022-06.parquet": "ed4155b33bd9723ae513619e4c3f211ecafa5143d906efa2c7e47394b6c7e41b",
    "all.parquet": "70076cbe08bd8746cd66d87846cd38f2907063b88e77f7612789dbb470a3d853",
}
# The rest are the 61 columns of GDELT 2.0 in their order; what the cut calls Mention_Type is the kind of the place of the action.
LEFT_OUT = ("row", "Confidence")
MONTHLY_SCHEMA: dict[str, pl.DataType] = {
    "month": pl.String(),
    "actor1": pl.String(),
    "actor2": pl.String(),
    "quad": pl.Int8(),  # null where all are summed
    "value": pl.Float64(),  # signed weight, or the sum of Goldstein
    "events": pl.Int64(),  # null where the file does not say
    "line": pl.Int32(),
}


def read(path: Path, *, batch_lines: int = 250_000) -> Iterator[Batch]:
    """The events of the dyadic cut (Parquet, 63 columns of text), checked like published ones. Raises `DamagedFile` for other columns."""
    table = parquet_table(path, ("row", "Global_Event_ID", "Event_Code", "Event_Base_Code", "Event_Root_Code", "Date_Added", "Confidence")).drop("line")
    if len(table.columns) != 63:
        raise damaged(path, "columns")
    for start in range(0, table.height, batch_lines):
        part, restored = _restored(table.slice(start, batch_lines))
        lines = part.select(pl.concat_str(pl.all().fill_null("").str.replace_all(r"[\t\r\n]", " "), separator="\t")).to_series()
        batch = events_of(path, Block(("\n".join(lines) + "\n").encode(), start + 1))
        yield Batch(batch.events, batch.quarantine, batch.lines, dict(batch.repaired) | ({"zero-restored": restored} if restored else {}))


def read_monthly(path: Path) -> Listing:
    """A monthly sum by dyad: signed weights of undirected dyads, or China's conflict by partner, class and the author's own subtype."""
    table = parquet_table(path, ())
    if {"iso3_a", "iso3_b", "weight"} <= set(table.columns):
        rows = table.select(
            _month("month"), *(pl.col(f"iso3_{side}").alias(f"actor{n}") for n, side in ((1, "a"), (2, "b"))), *_sums(None, "weight", None), "line"
        )
    elif {"MonthYear", "Actor2CountryCode", "QuadClass", "RecordCount"} <= set(table.columns):
        sides = (pl.lit("CHN").alias("actor1"), pl.col("Actor2CountryCode").alias("actor2"))
        rows = table.select(_month("MonthYear"), *sides, *_sums("QuadClass", "GoldsteinScale", "RecordCount"), "line")
    else:
        raise damaged(path, "columns")
    rows = rows.select(pl.col(name).cast(dtype) for name, dtype in MONTHLY_SCHEMA.items())
    dated = pl.concat_str("month", pl.lit("-01")).str.to_date("%Y-%m-%d", strict=False)
    good = (dated.is_not_null() & pl.col("value").is_not_null() & pl.col("actor1").is_not_null() & pl.col("actor2").is_not_null()).fill_null(False)
    bad = rows.filter(~good)
    kept_out = pl.DataFrame(
        {
            "file": [path.name] * bad.height,
            "line": bad["line"],
            "field": None,
            "reason": ["number"] * bad.height,
            "text": [str(row) for row in bad.iter_rows()],
        },
        schema=QUARANTINE_SCHEMA,
    )
    return Listing(rows.filter(good), kept_out, rows.height)


def _restored(table: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """The 61 columns with the zero of base and root put back where the event code has one, and how many rows that were."""
    code = pl.col("Event_Code")
    zero = code.str.starts_with("0")
    lost = zero & (pl.col("Event_Base_Code") == code.str.slice(1, 2)) & (pl.col("Event_Root_Code") == code.str.slice(1, 1))
    put_back = (
        pl.when(lost).then(code.str.slice(0, 3)).otherwise("Event_Base_Code").alias("Event_Base_Code"),
        pl.when(lost).then(code.str.slice(0, 2)).otherwise("Event_Root_Code").alias("Event_Root_Code"),
    )
    return table.with_columns(put_back).drop(LEFT_OUT), int(table.select(lost.sum()).item())


def _month(name: str) -> pl.Expr:
    return pl.concat_str(pl.col(name).str.slice(0, 4), pl.lit("-"), pl.col(name).str.slice(4)).alias("month")


def _sums(quad: str | None, value: str, events: str | None) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    nothing = pl.lit(None, dtype=pl.String)
    return (
        (pl.col(quad) if quad else nothing).cast(pl.Int8, strict=False).alias("quad"),
        pl.col(value).cast(pl.Float64, strict=False).alias("value"),
        (pl.col(events) if events else nothing).cast(pl.Int64, strict=False).alias("events"),
    )
