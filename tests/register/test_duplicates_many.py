"""Many new rows at once are found to repeat the same records as each by itself."""

from __future__ import annotations

import random

import polars as pl
import pytest

import comity
from comity.register.duplicates import likely_duplicates
from comity.register.duplicates_many import many_duplicates
from comity.vocab.kinds import kinds


@pytest.mark.parametrize("kind", ["exercise", "agreement", "dialogue", "event", "source", "deployment", "mandate"])
def test_the_same_is_found_as_row_by_row(kind: str) -> None:
    declared, chance = kinds()[kind], random.Random(5)
    table = comity.load("kor").tables[kind].select(declared.columns)
    new = table.sample(60, seed=3, with_replacement=True) if table.height < 60 else table.sample(60, seed=3)
    day = next(field.name for field in declared.of_type("date", "day"))
    rows = []
    for at, row in enumerate(new.rows(named=True)):
        changed = row | {"id": f"new-{at:02}", "counted_with": None} if "counted_with" in row else row | {"id": f"new-{at:02}"}
        if chance.random() < 0.3:
            changed[day] = chance.choice([None, "2001", "2024-05", "..", row[day]])
        rows.append(changed)
    fresh = pl.DataFrame(rows, schema=dict.fromkeys(declared.columns, pl.String))
    told: list[tuple[int, int]] = []
    many = list(many_duplicates(fresh, table, declared, progress=lambda done, total: told.append((done, total))))
    assert [(one.new, one.existing, one.score, one.days) for one in many] == [
        (one.new, one.existing, one.score, one.days) for one in likely_duplicates(fresh, table, declared)
    ]
    assert many
    assert told[-1] == (60, 60)
    assert many[0].cells["id"] == many[0].existing.partition(":")[2]


def test_kinds_whose_neighbours_look_alike_are_not_compared() -> None:
    strengths = comity.load("kor").tables["strength"]
    assert list(many_duplicates(strengths.head(3), strengths, kinds()["strength"])) == []
