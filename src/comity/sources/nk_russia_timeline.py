"""The CSIS timeline of North Korea-Russia cooperation since 2022: dated headlines with a tag, their kind of source and a phase.

The day and its three parts must agree. The list is a selection of what was reported, not a record of what happened.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from comity.sources.listing import Cells, Listing, Wrong, listing, number, one_of, partial_day
from comity.vocab.text import Text

ADDRESS = "https://beyondparallel.csis.org"
CITATION = "Cha, V. & Lim, A. Timeline of North Korea-Russia Cooperation. CSIS Beyond Parallel"
TERMS = Text("All rights reserved by CSIS; facts only.", "CSIS 저작권 보유. 사실만 씁니다.")
EDITIONS = {"timeline_to_2024-08-20.csv": "7db555a1e04822b04ff371e4afac0a791564a53b9213828d08ec6ae0b5bbf7a1"}
TAGS = frozenset({"military", "economic", "diplomatic", "intelligence", "technology"})
SCHEMA: dict[str, pl.DataType] = {
    "source_id": pl.String(),
    "day": pl.String(),
    "category": pl.String(),
    "title": pl.String(),
    "source_class": pl.String(),
    "phase": pl.Int8(),
    "landmark": pl.Boolean(),
    "address": pl.String(),
    "line": pl.Int32(),
}


def read(path: Path) -> Listing:
    """The events of the timeline, in its order. Raises `DamagedFile` without the form's columns."""
    return listing(path, ("id", "date", "year", "month", "day", "headline", "tag", "src_type", "phase", "is_landmark", "source"), SCHEMA, _event)


def _event(cells: Mapping[str, str | None]) -> Cells:
    day = partial_day(cells["date"])
    if [number(cells[part], part) for part in ("year", "month", "day")] != [float(part) for part in day.split("-")]:
        raise Wrong("year", "date-parts")
    phase = number(cells["phase"], "phase")
    return {
        "source_id": cells["id"],
        "day": day,
        "category": one_of(cells["tag"], "tag", TAGS),
        "title": cells["headline"],
        "source_class": cells["src_type"],
        "phase": None if phase is None else int(phase),
        "landmark": one_of(cells["is_landmark"], "is_landmark", ("True", "False")) == "True",
        "address": cells["source"],
    }
