"""The board: rules that make words, evidence on every line, and silence where the record is too old."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
import pytest

from comity.measures.result import Result, result
from comity.models.stability import RUNGS, Parts, StabilitySettings, level_of, rungs, stability
from comity.register.snapshot import Snapshot

Tiny = Callable[..., Snapshot]
DAY = date(2020, 6, 30)


def act(name: str, start: str, **cells: Any) -> dict[str, Any]:
    acts = {"source_actors": "PRK", "target_actors": "KOR", "event_type": "COERCE", "subtype": "srbm_test", "event_class": "short_range", "summary_en": "x"}
    return acts | {"id": name, "start": start} | cells


def ladder(tiny: Tiny, *acts: dict[str, Any]) -> dict[str, dict[str, Any]]:
    rows = rungs(tiny({"event": list(acts)}), "KOR", DAY, StabilitySettings())
    return {row["rung"]: row for row in rows.iter_rows(named=True)}


def parts(snapshot: Snapshot, *, probability: float, unseen: int, past: list[float]) -> Parts:
    row = {
        "class": "any", "horizon_days": 28, "probability": probability, "low": probability - 0.1, "high": probability + 0.1, "usual": 0.3, "expected": 1.0, "known_to": DAY,
        "unseen_days": unseen, "brier": 0.19, "brier_usual": 0.27, "verdict": "better", "caution_en": None, "caution_ko": None, "records": ["event:a"],
    }  # fmt: skip
    kept = pl.DataFrame(
        {"model": "pool", "class": "any", "horizon_days": 28, "origin": [date(2010 + at // 12, at % 12 + 1, 1) for at in range(len(past))], "probability": past}
    )
    pressure = pl.DataFrame(schema={"role": pl.String, "what": pl.String})
    nothing = result("none", snapshot, pl.DataFrame(), as_of=DAY)

    def of(frame: pl.DataFrame, **tables: pl.DataFrame) -> Callable[[], Result]:
        return lambda: result("x", snapshot, frame, as_of=DAY, tables=tables)

    return Parts(of(pl.DataFrame([row])), of(pl.DataFrame(), forecasts=kept), of(pressure), lambda: nothing, lambda: nothing)


def line(tiny: Tiny, name: str, **given: Any) -> dict[str, Any]:
    snapshot = tiny({"event": [act("a", "2020-06-01")]})
    board = stability(snapshot, "KOR", as_of=DAY, parts=parts(snapshot, **given))
    return board.rows.row(by_predicate=pl.col("line") == name, named=True)


def test_the_threat_level_is_the_place_of_today_among_earlier_forecasts(tiny: Tiny) -> None:
    past = [at / 100 for at in range(100)]
    high, low = (line(tiny, "threat", probability=p, unseen=3, past=past) for p in (0.85, 0.15))
    assert high["value"] == pytest.approx(0.85)
    assert (high["low"], high["high"]) == (pytest.approx(0.75), pytest.approx(0.95))
    assert "highest fifth" in high["finding_en"]
    assert "상위 20%" in high["finding_ko"]
    assert "lowest fifth" in low["finding_en"]
    assert high["records"] == ["event:a"]


def test_no_level_is_told_across_a_gap_of_the_record(tiny: Tiny) -> None:
    row = line(tiny, "threat", probability=0.9, unseen=200, past=[0.1, 0.5, 0.3])
    assert row["value"] is None
    assert "200 days ago" in row["finding_en"]
    assert "200일" in row["finding_ko"]


def test_the_rung_is_the_gravest_recent_act(tiny: Tiny) -> None:
    clash = {"event_type": "ASSAULT", "event_class": "conventional_clash"}
    found = ladder(
        tiny, act("old", "2020-01-02", event_class="nuclear"), act("new", "2020-06-01"), act("said", "2020-06-15", event_type="THREATEN", event_class="statements"),
        act("fight", "2010-11-23", fatalities="4", **clash), act("shots", "2014-10-07", **clash),
    )  # fmt: skip
    assert [name for name, row in found.items() if row["reached"]] == ["words", "short_range"]
    assert found["nuclear"]["last_day"] == date(2020, 1, 2)
    assert (found["fatal_clash"]["record"], found["conventional_clash"]["record"]) == ("event:fight", "event:shots")
    assert found["long_range"]["last_day"] is None


def test_acts_of_others_and_of_later_days_are_on_no_rung(tiny: Tiny) -> None:
    found = ladder(tiny, act("theirs", "2020-06-01", source_actors="JPN"), act("later", "2020-07-01"))
    assert not any(row["reached"] for row in found.values())


def test_levels_are_fifths() -> None:
    assert [level_of(share / 10) for share in range(11)] == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 4]


def test_the_board_of_the_shipped_register_names_evidence_in_both_languages(kor: Snapshot) -> None:
    snapshot_rungs = rungs(kor, "KOR", date(2017, 11, 30), StabilitySettings())
    assert snapshot_rungs.height == len(RUNGS) - 1
    assert snapshot_rungs.filter("reached")["rung"].to_list()[-1] in {"nuclear", "long_range", "conventional_clash"}
    assert all(kor.has_record(ref) for ref in snapshot_rungs["record"].drop_nulls())
    assert snapshot_rungs["label_ko"].null_count() == 0
