"""The CSIS Beyond Parallel list of North Korean provocations: the daily copy, a 2018 vintage, its vintages, the coded re-issue, and the exercises in it.

Short titles, classes and dates are kept as facts; descriptive texts are not read. The 2018 vintage holds US-ROK exercises beside provocations,
with ranges of dates: they are no provocations and come by `read_exercises` from the same form.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from comity.sources.listing import Cells, Listing, Wrong, listing, number, one_of, parquet_table, partial_day, span
from comity.sources.reading import QUARANTINE_SCHEMA
from comity.vocab.text import Text

ADDRESS = "https://beyondparallel.csis.org/database-north-korean-provocations/"
CITATION = (
    "CSIS Korea Chair. North Korean Provocations Database, 1958-2026. Beyond Parallel. Center for Strategic and International Studies, 2026. "
    "beyondparallel.csis.org"
)
TERMS = Text("All rights reserved by CSIS; facts only, no descriptive texts passed on.", "CSIS 저작권 보유. 사실만 쓰고 설명문은 재배포하지 않습니다.")
EDITIONS = {
    "north_korea_provocations_to_2024-08-20.csv": "8240ae14ef660059ce67551e2b78e24fa0a19416cb5925a6626a4eeb5107a881",
    "provocations_2018-vintage.csv": "bc0feafa664084faf6e034457d3ce4f9f01698ca60307ab77068b24c9b6b072f",
    "vintages_to_2024-08-20.parquet": "bc1be8e539845b1e85811e62fad7224115a5b431b566606082768b80c006c776",
    "records_to_2024-08-20.csv": "30745be801ada6b648b947ca0237e064c443d023d652e3e75bd89954d86a034d",
    "exercises_2005-2017.csv": "d3d1bd95d431b706240d62d71e68b36696a76918db831c342c83534ef807e918",
}
TYPES = frozenset({"Missile Provocation", "Nuclear Provocation", "Other Provocation", "Other"})
EXERCISE = "Military Exercise"
CATEGORIES = frozenset({"terror", "conventional", "missile", "nuclear_program", "nuclear_test", "hybrid", "cyber", "other"})
PROVOCATION_SCHEMA: dict[str, pl.DataType] = {
    "day": pl.String(),  # partial date text
    "end": pl.String(),  # last day of a range; null where one day is given
    "category": pl.String(),  # as published
    "title": pl.String(),
    "severity": pl.Int8(),  # 1 to 5 in the coded re-issue; null elsewhere
    "address": pl.String(),  # of the source that the list names
    "line": pl.Int32(),
}
VINTAGE_SCHEMA: dict[str, pl.DataType] = {
    "day": pl.String(),
    "category": pl.String(),
    "title": pl.String(),
    "address": pl.String(),
    "first_seen": pl.Date(),  # the first daily copy that carried this wording
    "last_seen": pl.Date(),
    "in_latest": pl.Boolean(),
    "line": pl.Int32(),
}


def read(path: Path) -> Listing:
    """The provocations of the daily copy or the 2018 vintage (four columns); exercises in it go into quarantine as no provocation."""
    return listing(path, ("date", "type", "event", "resources"), PROVOCATION_SCHEMA, _provocation)


def read_exercises(path: Path) -> Listing:
    """The US-ROK exercises of the list, of the 2018 vintage or of the list of exercises alone, with first and last day."""
    return listing(path, ("date", "type", "event", "resources"), PROVOCATION_SCHEMA, _exercise)


def read_coded(path: Path) -> Listing:
    """The coded re-issue: eight categories and a severity from 1 to 5."""
    return listing(path, ("date", "cat", "event", "sev", "url"), PROVOCATION_SCHEMA, _coded)


def read_vintages(path: Path) -> Listing:
    """Which daily copy first and last carried each wording (Parquet): what was published when, for causal track records."""
    table = parquet_table(path, ("date", "type", "event", "resources", "first_snapshot", "last_snapshot", "in_latest"))
    rows: list[Cells] = []
    kept_out: list[Cells] = []
    for cells in table.iter_rows(named=True):
        try:
            rows.append(_vintage(cells))
        except Wrong as wrong:
            text = "\t".join(str(cells[name]) for name in ("date", "type", "event", "first_snapshot", "last_snapshot"))
            kept_out.append({"file": path.name, "line": cells["line"], "field": wrong.field, "reason": wrong.reason, "text": text})
    return Listing(pl.DataFrame(rows, schema=VINTAGE_SCHEMA), pl.DataFrame(kept_out, schema=QUARANTINE_SCHEMA), table.height)


def _provocation(cells: Mapping[str, str | None]) -> Cells:
    category = _type(cells, TYPES)
    day, end = span(cells["date"])
    return {"day": day, "end": end, "category": category, "title": cells["event"], "severity": None, "address": cells["resources"]}


def _exercise(cells: Mapping[str, str | None]) -> Cells:
    category = _type(cells, frozenset({EXERCISE}))
    day, end = span(cells["date"])
    return {"day": day, "end": end, "category": category, "title": cells["event"], "severity": None, "address": cells["resources"]}


def _type(cells: Mapping[str, str | None], asked: frozenset[str]) -> str:
    category = one_of(cells["type"], "type", TYPES | {EXERCISE})
    if category not in asked:
        raise Wrong("type", "other-kind")
    return category


def _coded(cells: Mapping[str, str | None]) -> Cells:
    category, severity = one_of(cells["cat"], "cat", CATEGORIES), number(cells["sev"], "sev")
    if severity is not None and severity not in (1, 2, 3, 4, 5):
        raise Wrong("sev", "range")
    day = partial_day(cells["date"])
    return {"day": day, "end": None, "category": category, "title": cells["event"], "severity": severity and int(severity), "address": cells["url"]}


def _vintage(cells: Mapping[str, Any]) -> Cells:
    first, last = (date.fromisoformat(partial_day(cells[field], field)) for field in ("first_snapshot", "last_snapshot"))
    return {
        "day": partial_day(cells["date"] or None),
        "category": one_of(cells["type"], "type", TYPES),
        "title": cells["event"],
        "address": cells["resources"] or None,
        "first_seen": first,
        "last_seen": last,
        "in_latest": cells["in_latest"],
        "line": cells["line"],
    }
