"""ICEWS coded events (20-column tab form) and the benchmarks that were cut from them: acts between named actors, 1995 on, CAMEO coded.

One act told in several stories stands in several rows with the same day, actors and code, each with its own id; the rows are kept, and
`told_once` gives each act a day once. Countries come by name; sectors and organisations are no states. Missing is NA where R has written
the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import polars as pl

from comity.sources.actor_codes import state_names
from comity.sources.cameo import NO_EVENT
from comity.sources.event_text import LOST_ZEROS, EventForm, cameo_exprs, event_batches, place_checks
from comity.sources.reading import Batch
from comity.sources.sifting import Check, as_day, as_number, plain_hyphens
from comity.vocab.text import Text

ADDRESS = "https://doi.org/10.7910/DVN/28075"
CITATION = (
    "Boschee, E., Lautenschlager, J., O'Brien, S., Shellman, S., Starz, J. & Ward, M. (2015). ICEWS Coded Event Data. Harvard Dataverse. doi:10.7910/DVN/28075"
)
TERMS = Text("Terms of Harvard Dataverse; read them there before passing the data on.", "Harvard Dataverse의 약관. 재배포 전에 원문을 확인하십시오.")
EDITIONS = {"events.2018.sample.tab.zip": "a4b81c307ffc49b2435f8f817092affed4413843a5ed4f6448f30acb0ca0ee31"}
COLUMNS = (
    "event_id", "event_date", "source_name", "source_sectors", "source_country", "cameo_code", "intensity", "target_name", "target_sectors",
    "target_country", "country", "latitude", "longitude",
)  # fmt: skip


def read(path: Path, *, batch_lines: int = 250_000) -> Iterator[Batch]:
    """The events of one published file, plain or zipped; `goldstein` is ICEWS's intensity, `actor1_code` the name, `role1` the first sector.

    `added_at`, `mentions`, `tone` are null: the form does not say them. Raises `DamagedFile` without the form's header.
    """
    yield from event_batches(path, _form(), batch_lines=batch_lines)


def told_once(events: pl.DataFrame) -> pl.DataFrame:
    """Each act of a day once, however many stories told it: the first row of equal day, actors, code and target; ids of the others are let go."""
    return events.unique(["day", "actor1_code", "code", "actor2_code"], keep="first", maintain_order=True)


@cache
def _form() -> EventForm:
    code = plain_hyphens(pl.col("cameo_code")).str.strip_chars()
    names = state_names()
    first = (
        pl.col("event_id_said").alias("event_id"),
        as_day("event_date").alias("day"),
        code.alias("code"),
        pl.col("source_name").alias("actor1_code"),
        pl.col("target_name").alias("actor2_code"),
        pl.col("source_sectors").str.split(",").list.first().alias("role1"),
        pl.col("target_sectors").str.split(",").list.first().alias("role2"),
        *(
            pl.col(name).str.to_lowercase().replace_strict(names, default=None, return_dtype=pl.String).alias(state)
            for name, state in (("source_country", "actor1"), ("target_country", "actor2"), ("country", "place"))
        ),
        as_number("intensity", pl.Float32()).alias("goldstein"),
        as_number("latitude", pl.Float32()).alias("lat"),
        as_number("longitude", pl.Float32()).alias("lon"),
    )
    second = cameo_exprs("code")
    checks = (
        Check("Event ID", "id", ~pl.col("event_id").str.contains(r"^\d+$")),
        Check("Event Date", "no-date", pl.col("event_date").is_null()),
        Check("Event Date", "date", pl.col("day").is_null()),
        Check("CAMEO Code", "no-event-code", pl.col("code").is_in(sorted(NO_EVENT))),
        Check("CAMEO Code", "lost-zero", pl.col("code").is_in(LOST_ZEROS)),
        Check("CAMEO Code", "unknown-code", pl.col("_quad").is_null()),
        Check("Intensity", "number", pl.col("goldstein").is_null() & pl.col("intensity").is_not_null()),
        Check("Intensity", "range", pl.col("goldstein").is_not_null() & ~pl.col("goldstein").is_between(-10, 10)),
        *place_checks("latitude", "longitude"),
    )
    return EventForm(COLUMNS, (first, second, (pl.col("_quad").alias("quad"),)), checks)
