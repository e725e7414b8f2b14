"""The historical Phoenix data of the Cline Center (New York Times 1945-2005, Summary of World Broadcasts 1979-2015, FBIS 1995-2004): 25 columns.

Comma-separated with a header, dates as month/day/year and again in three columns. Codes are CAMEO; tables of numbers lose the leading zero,
but the root code beside it tells 010 (root 1) from 10 (root 10), so that it can be put back and is counted. What no root proves goes into
quarantine. Quad class 0 (neutral, mere statements) is no class: null.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import polars as pl

from comity.sources.actor_codes import cameo_states
from comity.sources.cameo import NO_EVENT
from comity.sources.event_text import LOST_ZEROS, EventForm, cameo_exprs, event_batches, place_checks
from comity.sources.reading import Batch
from comity.sources.sifting import Check, as_day, as_number, day_checks
from comity.vocab.text import Text

ADDRESS = "https://doi.org/10.13012/B2IDB-0647142_V3"
CITATION = (
    "Althaus, S., Bajjalieh, J., Carter, J. F., Peyton, B. & Shalmon, D. A. Cline Center Historical Phoenix Event Data. Cline Center for Advanced Social Research, "
    "University of Illinois Urbana-Champaign"
)
TERMS = Text("Terms of the Cline Center; read them at the publisher's page.", "Cline Center의 약관. 발행처에서 확인하십시오.")
EDITIONS: dict[str, str] = {}
COLUMNS = (
    "eid", "story_date", "year", "month", "day", "source", "source_root", "source_agent", "target", "target_root", "target_agent", "code", "root_code",
    "quad_class", "goldstein", "lat", "lon", "countryname",
)  # fmt: skip


def read(path: Path, *, batch_lines: int = 250_000) -> Iterator[Batch]:
    """The events of one published file, plain or zipped. Raises `DamagedFile` without the form's header."""
    yield from event_batches(path, _form(), batch_lines=batch_lines)


@cache
def _form() -> EventForm:
    told = pl.col("story_date")
    root = as_number("root_code", pl.Int32()).cast(pl.String).str.zfill(2)
    first = (
        pl.col("eid").alias("event_id"),
        pl.coalesce(pl.when(told.str.contains(r"^\d{1,2}/\d{1,2}/\d{4}$")).then(told.str.to_date("%m/%d/%Y", strict=False)), as_day("story_date")).alias("day"),
        pl.format("{}-{}-{}", *(as_number(name, pl.Int32()) for name in ("year", "month", "day_said"))).alias("_parts"),
        root.alias("_root"),
        pl.col("source").alias("actor1_code"),
        pl.col("target").alias("actor2_code"),
        pl.col("source_agent").alias("role1"),
        pl.col("target_agent").alias("role2"),
        *(
            pl.col(name).replace_strict(cameo_states(), default=None, return_dtype=pl.String).alias(state)
            for name, state in (("source_root", "actor1"), ("target_root", "actor2"), ("countryname", "place"))
        ),
        as_number("quad_class", pl.Int8()).alias("_quad_said"),
        as_number("goldstein_said", pl.Float32()).alias("goldstein"),
        as_number("lat_said", pl.Float32()).alias("lat"),
        as_number("lon_said", pl.Float32()).alias("lon"),
    )
    lost = pl.col("code_said").is_in(LOST_ZEROS) & pl.col("_root").str.starts_with("0") & pl.format("0{}", "code_said").str.starts_with(pl.col("_root"))
    second = (
        lost.fill_null(False).alias("_restored"),
        pl.when(lost).then(pl.format("0{}", "code_said")).otherwise("code_said").alias("code"),
        pl.format("{}-{}-{}", pl.col("day").dt.year(), pl.col("day").dt.month(), pl.col("day").dt.day()).alias("_day_parts"),
    )
    third = (*cameo_exprs("code"), pl.when(pl.col("_quad_said") > 0).then("_quad_said").alias("quad"))
    return EventForm(COLUMNS, (first, second, third), _checks(), (("zero-restored", pl.col("_restored")),), commas=True)


def _checks() -> tuple[Check, ...]:
    return (
        Check("eid", "id", pl.col("event_id").is_null()),
        *day_checks("story_date", "story_date"),
        Check("year", "date-parts", pl.col("_parts").is_not_null() & (pl.col("_parts") != pl.col("_day_parts"))),
        Check("code", "no-event-code", pl.col("code").is_in(sorted(NO_EVENT)).fill_null(False)),
        Check("code", "lost-zero", pl.col("code").is_in(LOST_ZEROS).fill_null(False) & (pl.col("code") != pl.col("_root")).fill_null(True)),
        Check("code", "unknown-code", pl.col("_quad").is_null()),
        Check("root_code", "code-parts", pl.col("_root") != pl.col("code").str.slice(0, 2)),
        Check("quad_class", "quad", ~pl.col("_quad_said").is_between(0, 4)),
        Check("goldstein", "number", pl.col("goldstein").is_null() & pl.col("goldstein_said").is_not_null()),
        Check("goldstein", "range", pl.col("goldstein").is_not_null() & ~pl.col("goldstein").is_between(-10, 10)),
        *place_checks("lat_said", "lon_said"),
    )
