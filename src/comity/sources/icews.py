"""ICEWS coded events (20-column tab form) and the benchmarks that were cut from them: acts between named actors, 1995 on, CAMEO coded.

One act told in several stories stands in several rows with the same day, actors and code, each with its own id; the rows are kept, and
`told_once` gives each act a day once. Countries come by name; sectors and organisations are no states. Missing is NA where R has written
the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import polars as pl

from comity.sources.actor_codes import state_names
from comity.sources.cameo import NO_EVENT
from comity.sources.event_text import LOST_ZEROS, EventForm, cameo_exprs, event_batches, place_checks
from comity.sources.listing import Cells, Listing, Wrong, parquet_table, partial_day
from comity.sources.reading import QUARANTINE_SCHEMA, Batch
from comity.sources.sifting import Check, as_day, as_number, day_checks, plain_hyphens
from comity.vocab.text import Text

ADDRESS = "https://doi.org/10.7910/DVN/28075"
CITATION = (
    "Boschee, E., Lautenschlager, J., O'Brien, S., Shellman, S., Starz, J. & Ward, M. (2015). ICEWS Coded Event Data. Harvard Dataverse. doi:10.7910/DVN/28075"
)
TERMS = Text("Terms of Harvard Dataverse; read them there before passing the data on.", "Harvard Dataverse의 약관. 재배포 전에 원문을 확인하십시오.")
EDITIONS = {
    "events.2018.sample.tab.zip": "a4b81c307ffc49b2435f8f817092affed4413843a5ed4f6448f30acb0ca0ee31",
    "icews05-15_valid.parquet": "d962b69e3a3d0a1a94d6ddd0e649b88d8ac835bbd5513921aec6ad006d8ac477",
    "icews14_test.parquet": "62a8574b0ba627ac34138029c4c5c0111e8085150e95a99b15bf0a9a7c6f47bd",
    "icews14_valid.parquet": "ecd19d8de8422170c1cb89ad0fe2a91f5f258e4a45eab9e21530348ab6521716",
    "icews18_valid.parquet": "3f0b77523b0b003478d60f5f7bebf7089b8481b968fb745f120c794857600850",
}
COLUMNS = (
    "event_id", "event_date", "source_name", "source_sectors", "source_country", "cameo_code", "intensity", "target_name", "target_sectors",
    "target_country", "country", "latitude", "longitude",
)  # fmt: skip

IN_BRACKETS = re.compile(r"\(([^()]+)\)$")
QUADRUPLE_SCHEMA: dict[str, pl.DataType] = {
    "day": pl.Date(),
    "actor1": pl.String(),  # ISO3 where the name is a state's or ends with one in brackets; null for persons and organisations
    "actor2": pl.String(),
    "actor1_code": pl.String(),  # the name as published
    "actor2_code": pl.String(),
    "relation": pl.String(),  # the text of the CAMEO code
    "line": pl.Int32(),
}


def read(path: Path, *, batch_lines: int = 250_000) -> Iterator[Batch]:
    """The events of one published file, plain or zipped; `goldstein` is ICEWS's intensity, `actor1_code` the name, `role1` the first sector.

    `added_at`, `mentions`, `tone` are null: the form does not say them. Raises `DamagedFile` without the form's header.
    """
    yield from event_batches(path, _form(), batch_lines=batch_lines)


def told_once(events: pl.DataFrame) -> pl.DataFrame:
    """Each act of a day once, however many stories told it: the first row of equal day, actors, code and target; ids of the others are let go."""
    return events.unique(["day", "actor1_code", "code", "actor2_code"], keep="first", maintain_order=True)


def read_quadruples(path: Path) -> Listing:
    """The facts of a temporal knowledge graph cut from ICEWS: head, relation, tail, date; Parquet, or text with tabs and no header."""
    rows: list[Cells] = []
    kept_out: list[Cells] = []
    for line, cells in enumerate(_quadruples(path), start=1):
        try:
            rows.append(_fact(cells) | {"line": line})
        except Wrong as wrong:
            text = "\t".join(cell or "" for cell in cells)
            kept_out.append({"file": path.name, "line": line, "field": wrong.field, "reason": wrong.reason, "text": text})
    return Listing(pl.DataFrame(rows, schema=QUADRUPLE_SCHEMA), pl.DataFrame(kept_out, schema=QUARANTINE_SCHEMA), len(rows) + len(kept_out))


def state_in_name(name: str) -> str | None:
    """The state that a name says: its own, or the one in brackets at its end; nothing for others.

    >>> state_in_name("Police (South Korea)"), state_in_name("Japan"), state_in_name("European Union")
    ('KOR', 'JPN', None)
    """
    found = IN_BRACKETS.search(name)
    return state_names().get((found[1] if found else name).strip().lower())


def _quadruples(path: Path) -> Iterator[tuple[str | None, ...]]:
    if path.suffix == ".parquet":
        names = ("head", "relation", "tail", "date")
        yield from parquet_table(path, names).select(names).iter_rows()
        return
    for line in path.read_bytes().decode("utf-8", "backslashreplace").removesuffix("\n").split("\n"):
        yield tuple(line.removesuffix("\r").split("\t"))


def _fact(cells: tuple[str | None, ...]) -> Cells:
    if len(cells) != 4:
        raise Wrong(None, "column-count")
    head, relation, tail, told = cells
    if not head or not relation or not tail:
        raise Wrong("head" if not head else "tail" if not tail else "relation", "id")
    day = partial_day(told)
    if len(day) != 10:
        raise Wrong("date", "date")
    states = {"actor1": state_in_name(head), "actor2": state_in_name(tail)}
    return states | {"day": date.fromisoformat(day), "actor1_code": head, "actor2_code": tail, "relation": relation}


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
        *day_checks("Event Date", "event_date"),
        Check("CAMEO Code", "no-event-code", pl.col("code").is_in(sorted(NO_EVENT)).fill_null(False)),
        Check("CAMEO Code", "lost-zero", pl.col("code").is_in(LOST_ZEROS).fill_null(False)),
        Check("CAMEO Code", "unknown-code", pl.col("_quad").is_null()),
        Check("Intensity", "number", pl.col("goldstein").is_null() & pl.col("intensity").is_not_null()),
        Check("Intensity", "range", pl.col("goldstein").is_not_null() & ~pl.col("goldstein").is_between(-10, 10)),
        *place_checks("latitude", "longitude"),
    )
    return EventForm(COLUMNS, (first, second, (pl.col("_quad").alias("quad"),)), checks)
