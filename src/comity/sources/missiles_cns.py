"""The CNS North Korea Missile Test Database as carried by nk-missile-tests: one row a missile, with its launch site, flight and outcome.

Several missiles at one time from one place are a salvo, each a row of its own and numbered in `series`. Dates known to the month stay so;
`unknown` and `na` are null. Descriptions are not read. Names, types and sites come from the two small tables beside the list, where they lie.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from comity.sources.listing import UNKNOWN, Cells, Listing, Wrong, listing, number, one_of, partial_day
from comity.vocab.text import Text

ADDRESS = "https://www.nti.org/analysis/articles/cns-north-korea-missile-test-database/"
CITATION = "The CNS North Korea Missile Test Database, James Martin Center for Nonproliferation Studies for the Nuclear Threat Initiative"
TERMS = Text(
    "The carrier's additions: Apache-2.0; the terms of CNS and NTI are not stated there. Facts only.",
    "수록 저장소의 추가분은 Apache-2.0. CNS·NTI 약관은 명시되지 않음. 사실만 씁니다.",
)
EDITIONS = {
    "missile_tests_to_2024-08-20.csv": "bcebac22dc5364e6ef945a28892cf41b2400607ea9581f34a6a417a6984ef2c7",
    "missile.en.json": "0de17f79f5fdff146fe86c29b2664d14a98c42166bd78ef8720685720d037a6c",
    "facility.en.json": "125c3898b26710d07b5eaadd28df4df91515894254492470b90d6089f559c96c",
    "dict.en.json": "3d35780539cb0db998272a4ef8d7f7d5dc7f73acd3f6b13689bbcbef36b18c5d",
}
OUTCOMES = frozenset({"success", "failure", "unknown"})
TIME = re.compile(r"^([01]\d|2[0-3]):([0-5]\d)(?: \(UTC\))?$")
MISSILE_SCHEMA: dict[str, pl.DataType] = {
    "day": pl.String(),
    "time": pl.String(),  # HH:MM, UTC; null where unknown
    "series": pl.Int32(),  # number within a salvo; null where the list gives none
    "missile": pl.String(),
    "missile_class": pl.String(),  # SRBM … ICBM, SLV; null without the table of missiles
    "facility": pl.String(),
    "lat": pl.Float64(),
    "lon": pl.Float64(),
    "landing": pl.String(),
    "apogee_km": pl.Float64(),
    "distance_km": pl.Float64(),
    "bearing": pl.Float64(),  # degrees from north
    "outcome": pl.String(),  # success, failure; null where unknown
    "line": pl.Int32(),
}


def read(path: Path) -> Listing:
    """Every missile of the list, in its order; types and sites from `missile.en.json` and `facility.en.json` in the same folder, if they are there."""
    missiles = _table(path.with_name("missile.en.json"))
    sites = _table(path.with_name("facility.en.json")).get("facilities", {})
    wanted = ("date", "time", "series", "missile", "facility", "landing", "apogee", "distance", "bearing", "outcome")
    return listing(path, wanted, MISSILE_SCHEMA, lambda cells: _missile(cells, missiles, sites))


def _missile(cells: Mapping[str, str | None], missiles: Mapping[str, Any], sites: Mapping[str, Any]) -> Cells:
    series = number(cells["series"], "series")
    if series is not None and (series != int(series) or series < 1):
        raise Wrong("series", "range")
    missile, facility = _known(cells["missile"]), _known(cells["facility"])
    site = sites.get(facility or "", {})
    flight = {f"{name}_km": _flown(cells[name], name) for name in ("apogee", "distance")}
    return flight | {
        "day": partial_day(cells["date"]),
        "time": _time(cells["time"]),
        "series": series and int(series),
        "missile": missile,
        "missile_class": missiles.get(missile or "", {}).get("type"),
        "facility": facility,
        "lat": site.get("lat"),
        "lon": site.get("lon"),
        "landing": _known(cells["landing"]),
        "bearing": number(cells["bearing"], "bearing"),
        "outcome": _known(one_of(cells["outcome"], "outcome", OUTCOMES)),
    }


def _known(cell: str | None) -> str | None:
    return None if cell is None or cell in UNKNOWN else cell


def _flown(cell: str | None, field: str) -> float | None:
    value = number(cell, field)
    if value is not None and value < 0:
        raise Wrong(field, "range")
    return value


def _time(cell: str | None) -> str | None:
    if _known(cell) is None:
        return None
    found = TIME.match(cell or "")
    if not found:
        raise Wrong("time", "date")
    return f"{found[1]}:{found[2]}"


def _table(path: Path) -> dict[str, Any]:
    """A table beside the list; empty where it does not lie there."""
    return dict(json.loads(path.read_text(encoding="utf-8-sig"))) if path.is_file() else {}
