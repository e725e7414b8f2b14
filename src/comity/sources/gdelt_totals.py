"""How many events GDELT 1.0 holds a day, month and year, worldwide and by country of the place (1979 to July 2013): the base of rates.

The volume of GDELT grew a hundredfold; a count means little before it is divided by the total of its time. Countries are FIPS 10-4 in the file
and ISO 3166-1 alpha-3 here, null where the code names no state; the last year is not whole.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from comity.sources.actor_codes import FIPS
from comity.sources.listing import Listing, parquet_table
from comity.sources.reading import QUARANTINE_SCHEMA
from comity.sources.text_rows import damaged
from comity.vocab.text import Text

ADDRESS = "https://github.com/shaptonstahl/GDELTtools"
CITATION = (
    "Leetaru, K. & Schrodt, P. A. (2013). GDELT: Global Data on Events, Location and Tone, 1979-2012; counts by John Beieler, distributed with the R package "
    "GDELTtools 1.0.1 (S. R. Haptonstahl, T. Scherer, T. Thomas, J. Beieler)"
)
TERMS = Text("GDELTtools: MIT; GDELT: unrestricted use, with citation and a link.", "GDELTtools: MIT. GDELT: 인용과 링크를 조건으로 제한 없이 사용.")
EDITIONS = {
    "countries.parquet": "49e47217e64b71f45221e5d3e61fcc45b94a810e268b9f89b6adf7a6f1af276e",
    "daily.country.parquet": "1268ecd3931f27f085111c18d7d48bcb54260082d6a83d90a6cd4f910176ffcf",
    "daily.parquet": "de86e133bef11dd3ce442bc8e3708867371fcc9f318c7819a376cf176ddcd7ed",
    "monthly.country.parquet": "fc46b87122b10d1b6dfd8c6c5e17f13a37949f1fee7eee5e74e4d6d4c65965d6",
    "monthly.parquet": "a82739f76a106f437bfcb4ede466b6b926b7a9e47d1c992107b3643f945b4f0b",
    "yearly.country.parquet": "e9e5a28f83c2f273f315eecb09e20946f92c6ccb2de10ce84829550731e9d92e",
    "yearly.parquet": "c1b8fae6094ffc06f5ec146b81d03ba0192509cb27128a00adbfea05d184cb33",
}
PERIODS = {"day": 8, "month": 6, "year": 4}  # digits
TOTAL_SCHEMA: dict[str, pl.DataType] = {
    "period": pl.String(),  # partial date text
    "place": pl.String(),  # ISO3; null worldwide and where the code names no state
    "place_code": pl.String(),  # FIPS 10-4 as published; null worldwide
    "total": pl.Int64(),
    "line": pl.Int32(),
}


def read(path: Path) -> Listing:
    """Totals of one Parquet file with a column `day`, `month` or `year`, perhaps `country`, and `total`. Raises `DamagedFile` for other columns."""
    table = parquet_table(path, ("total",))
    period = next((name for name in PERIODS if name in table.columns), None)
    if period is None:
        raise damaged(path, "columns")
    country = pl.col("country").cast(pl.String) if "country" in table.columns else pl.lit(None, dtype=pl.String)
    digits = pl.col(period).cast(pl.String)
    parts = [digits.str.slice(0, 4), digits.str.slice(4, 2), digits.str.slice(6, 2)][: (PERIODS[period] - 2) // 2]
    said = pl.concat_str(parts, separator="-")
    first = pl.concat_str([said, *[pl.lit("01")] * (3 - len(parts))], separator="-")
    rows = table.select(
        said.alias("period"),
        country.replace_strict(FIPS, default=None, return_dtype=pl.String).alias("place"),
        country.alias("place_code"),
        pl.col("total").cast(pl.Int64, strict=False),
        pl.col("line").cast(pl.Int32),
        (digits.str.contains(rf"^\d{{{PERIODS[period]}}}$") & first.str.to_date("%Y-%m-%d", strict=False).is_not_null()).fill_null(False).alias("_dated"),
    )
    return _sorted_out(path, rows, table)


def _sorted_out(path: Path, rows: pl.DataFrame, table: pl.DataFrame) -> Listing:
    counted = (pl.col("total") >= 0).fill_null(False)
    good = pl.col("_dated") & counted
    bad = rows.filter(~good)
    text = table.join(bad.select(pl.col("line").cast(table.schema["line"])), on="line", maintain_order="left").select(
        pl.concat_str([pl.col(name).cast(pl.String).fill_null("") for name in table.columns if name != "line"], separator="\t")
    )
    kept_out = pl.DataFrame(
        {
            "file": [path.name] * bad.height,
            "line": bad["line"],
            "field": bad.select(pl.when("_dated").then(pl.lit("total")).otherwise(pl.lit("period"))).to_series(),
            "reason": bad.select(pl.when("_dated").then(pl.lit("number")).otherwise(pl.lit("date"))).to_series(),
            "text": text.to_series(),
        },
        schema=QUARANTINE_SCHEMA,
    )
    return Listing(rows.filter(good).select(*TOTAL_SCHEMA), kept_out, rows.height)
