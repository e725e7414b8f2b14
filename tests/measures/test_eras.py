"""Eras: better recording makes none, a true change makes one, and nothing after the day matters."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy.stats import binomtest

from comity.measures.activity import activity
from comity.measures.eras import EraSettings, eras
from comity.measures.result import Result
from comity.measures.segmentation import SegmentationSettings, segmentation
from comity.register.snapshot import Snapshot

Tiny = Callable[..., Snapshot]
QUICK = EraSettings(segmentation=SegmentationSettings(draws=300, resamples=100))
FIRST, LAST = 1970, 2019
NOW = date(2019, 12, 31)


def series(name: str, years: list[int], *, partner: str = "USA", first_held: str | None = None, each: int = 1) -> dict[str, list[dict[str, Any]]]:
    """One series with `each` editions in every one of `years`, covered from the first to the last of them."""
    rows = [
        {"id": f"{name}-{year}-{n}", "title_en": name, "series": name, "start": f"{year}-{3 + n:02}", "participants": f"KOR;{partner}", "exercise_types": "FTX"}
        | {"status": "conducted"}
        for year in years
        for n in range(each)
    ]
    stated = {"id": name, "scope": f"series:{name}", "start": str(years[0]), "end": str(years[-1]), "completeness": "complete", "basis_en": "b"}
    kind = {"id": name, "title_en": name, "title_ko": name, "first_held": first_held or str(years[0]), "last_held": ".."}
    return {"exercise": rows, "coverage": [stated], "exercise_series": [kind]}


def joined(*parts: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    return {kind: [row for part in parts for row in part[kind]] for kind in parts[0]}


def starts(found: Result) -> list[int]:
    return found.rows["start"].to_list()


def better_recorded() -> dict[str, list[dict[str, Any]]]:
    """Twelve yearly series, all as old as the register, that enter it one after the other."""
    return joined(*(series(f"s{at}", list(range(FIRST + 4 * at, LAST + 1)), first_held=str(FIRST)) for at in range(12)))


def faster() -> dict[str, list[dict[str, Any]]]:
    """Five series that are held once a year to 1994 and three times a year from 1995."""
    once = [series(f"s{at}", list(range(FIRST, LAST + 1))) for at in range(5)]
    more = [
        row | {"id": row["id"] + extra, "start": row["start"][:5] + month}
        for part in once
        for row in part["exercise"]
        if row["start"] >= "1995"
        for extra, month in (("b", "06"), ("c", "09"))
    ]
    told = joined(*once)
    return told | {"exercise": told["exercise"] + more}


def test_better_recording_makes_no_era_though_the_bare_counts_have_one(tiny: Tiny) -> None:
    told = tiny(better_recorded())
    bare = activity(told, as_of=NOW).tables["years"]["all"].to_numpy()
    assert len(segmentation(bare).starts) > 1
    found = eras(told, as_of=NOW, settings=QUICK)
    assert starts(found) == [FIRST]
    assert found.tables["with_foundings"]["start"].to_list() == [FIRST]


def test_foundings_are_read_apart(tiny: Tiny) -> None:
    old = [series(f"old{at}", list(range(FIRST, LAST + 1))) for at in range(2)]
    new = [series(f"new{at}", list(range(1998, LAST + 1))) for at in range(8)]
    found = eras(tiny(joined(*old, *new)), as_of=NOW, settings=QUICK)
    assert starts(found) == [FIRST]
    assert found.tables["with_foundings"]["start"].to_list() == [FIRST, 1998]
    assert any("1998" in note.en for note in found.notes)


def test_a_threefold_pace_is_an_era_with_the_closed_form_of_its_ratio(tiny: Tiny) -> None:
    found = eras(tiny(faster()), as_of=NOW, settings=QUICK)
    assert starts(found) == [FIRST, 1995]
    row = found.rows.row(1, named=True)
    assert row["start_low"] <= 1995 <= row["start_high"]
    assert (row["rate_before"], row["rate"], row["ratio"]) == pytest.approx((1.0, 3.0, 3.0))
    spread = math.sqrt(1 / 125 + 1 / 375)  # two Poisson totals, no overdispersion
    assert math.log(row["ratio_high"] / row["ratio_low"]) == pytest.approx(2 * 1.6448536 * spread, rel=1e-6)
    assert row["count"] == len(row["records"]) == 375
    assert row["coverage_share"] == 1.0
    assert [part["name"] for part in row["partners"]] == ["USA"]
    assert row["mechanisms"][0] == pytest.approx({"name": "exercises", "before": 0.5, "after": 1.5, "change": 10.0})


def test_the_ratio_is_that_of_the_series_that_lived_through_both(tiny: Tiny) -> None:
    """A busy series that enters with the change would, pooled, make the ratio larger than any series' own."""
    late = series("late", list(range(1995, LAST + 1)), each=6, partner="JPN")
    found = eras(tiny(joined(faster(), late)), as_of=NOW, settings=QUICK)
    assert starts(found) == [FIRST, 1995]
    assert found.rows["ratio"][1] == pytest.approx(3.0, rel=1e-6)


def test_nothing_after_the_day_matters_and_the_order_of_rows_neither(tiny: Tiny) -> None:
    day = date(2005, 6, 30)
    told = faster()
    cut = {
        "exercise": [row for row in told["exercise"] if row["start"] <= "2005-06"],
        "coverage": [row | {"end": "2005-06-30"} for row in told["coverage"]],
        "exercise_series": told["exercise_series"],
    }
    turned = {kind: rows[::-1] for kind, rows in told.items()}
    first, second, third = (eras(tiny(rows), as_of=day, settings=QUICK) for rows in (told, cut, turned))
    for other in (second, third):
        assert first.rows.equals(other.rows)
        assert all(first.tables[name].equals(other.tables[name]) for name in first.tables)


def test_the_year_of_the_day_counts_with_the_season_that_has_passed(tiny: Tiny) -> None:
    """A series held each March has had its year by June; one held each October has not."""
    spring = series("spring", list(range(2000, 2013)))
    autumn = series("autumn", list(range(2000, 2013)))
    autumn["exercise"] = [row | {"start": row["start"][:5] + "10"} for row in autumn["exercise"]]
    told = tiny(joined(spring, autumn))
    last = eras(told, as_of=date(2012, 6, 30), settings=QUICK).tables["years"].row(-1, named=True)
    half = 182 / 366
    usual = [13 / (12 + (12 + half) / 13), 12 / (12 + half / 13)]
    assert (last["year"], last["count"]) == (2012, 1)
    assert last["expected"] == pytest.approx(usual[0] * (12 + half) / 13 + usual[1] * half / 13)
    assert eras(told, as_of=date(2012, 12, 31), settings=QUICK).tables["years"]["expected"][-1] == pytest.approx(2.0)


def staggered(seed: int, step: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Yearly counts and expectation of thirty series that enter and leave at random, each covered from its first to its last edition."""
    rng = np.random.default_rng(seed)
    counts, spans = np.zeros((30, 59)), np.zeros((30, 59))
    for at in range(30):
        first = rng.integers(0, 50)
        last = min(59, first + rng.integers(6, 45))
        rate = rng.choice([0.5, 1.0, 1.0, 2.0])
        counts[at, first:last] = rng.poisson(rate * np.where(np.arange(first, last) < 35, 1.0, step))
        held = np.flatnonzero(counts[at])
        if len(held):
            spans[at, held[0] : held[-1] + 1] = 1.0
    usual = counts.sum(axis=1) / np.maximum(spans.sum(axis=1), 1)
    expected = usual @ spans
    return counts.sum(axis=0)[expected > 0], expected[expected > 0]


def test_series_that_come_and_go_make_no_era_and_hide_none() -> None:
    quick = SegmentationSettings(draws=200, resamples=2)
    broken = sum(len(segmentation(*staggered(seed), quick).starts) > 1 for seed in range(30))
    assert binomtest(broken, 30, 0.05, alternative="greater").pvalue > 0.01, broken
    found = sum(len(segmentation(*staggered(seed, 3.0), quick).starts) > 1 for seed in range(15))
    assert found >= 14


def test_no_coverage_is_not_enough_data(tiny: Tiny) -> None:
    told = {kind: rows for kind, rows in better_recorded().items() if kind != "coverage"}
    found = eras(tiny(told), as_of=NOW, settings=QUICK)
    assert found.rows.is_empty()
    assert found.rows.schema == eras(tiny(faster()), as_of=NOW, settings=QUICK).rows.schema
    assert found.notes[0].en.startswith("Not enough data")


def test_the_shipped_register(kor: Snapshot) -> None:
    found = eras(kor, as_of=date(2026, 11, 22))
    assert starts(found) == [1968]  # the pace within the covered series is that of chance
    assert found.rows["coverage_share"][0] < 0.5
    assert set(found.tables["mechanisms"]["mechanism"]) == {"exercises", "dialogues"}
    years = activity(kor, as_of=date(2026, 11, 22)).tables["years"].filter(pl.col("year") >= 1968)
    assert len(segmentation(years["all"].fill_null(0).to_numpy()).starts) > 1  # what the bare counts would have claimed
    assert all(kor.has_record(ref) for ref in found.rows["records"].explode())
    assert found.tables["with_foundings"].height > 1
    assert (found.tables["years"]["expected"] > 0).all()
