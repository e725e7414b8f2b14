"""Korean-language lists of North Korean acts: attacks and infiltrations 1945-2015, nuclear tests, missiles, balloons, and the four joined.

A row of the balloon list is one landing place and a row of the missile list one missile: rows that are alike are several of them and all stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from comity.sources.listing import Cells, Listing, listing, one_of, partial_day, place
from comity.vocab.text import Text

ADDRESS = "https://github.com/Jimin-official/nk-provocation-detection"
CITATION = (
    "Jimin-official/nk-provocation-detection; sources named there: National Intelligence Service and National Assembly Library (attacks), NTI (missiles), "
    "Beyond Parallel (balloons), Beyond Parallel and Wikipedia (nuclear tests)"
)
TERMS = Text("No licence stated; facts only.", "이용 조건이 명시되지 않음. 사실만 씁니다.")
EDITIONS = {
    "attack.csv": "a37298f2d3b7f7e182e2096c0095f7bb627fd74714ff7feba790fb267efad333",
    "balloon.csv": "49010786707c150767cb369251453e8711ad2640569a424337181c86f5c3305a",
    "missile.csv": "c9c0a95ff11c44270029760169cf52510a53388ec37af4d1bfd5cc56a66489ad",
    "nuclear.csv": "275144d2bfcaad8bdbe21012452f93998c573d775d277925673762179324cfd6",
    "provocation.csv": "b37a75b0d26c522e29b51a74a0096bbc6a3729c1f063455eebbb05e35ec98cd1",
}
CLASSES = {"피습 사건": "attack", "오물풍선": "balloon", "미사일": "missile", "핵실험": "nuclear"}
SCHEMA: dict[str, pl.DataType] = {
    "day": pl.String(),
    "category": pl.String(),  # attack, balloon, missile, nuclear
    "title": pl.String(),
    "lat": pl.Float64(),
    "lon": pl.Float64(),
    "line": pl.Int32(),
}


def read(path: Path) -> Listing:
    """One of the lists or their join, in the order of the file. Raises `DamagedFile` without the form's columns."""
    return listing(path, ("type", "date", "case", "latitude", "longtitude"), SCHEMA, _act)


def _act(cells: Mapping[str, str | None]) -> Cells:
    category = CLASSES[one_of(cells["type"], "Type", CLASSES)]
    lat, lon = place(cells, "latitude", "longtitude")
    return {"day": partial_day(cells["date"], "Date"), "category": category, "title": cells["case"], "lat": lat, "lon": lon}
