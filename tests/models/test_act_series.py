"""Daily counts from a register: cover, coarse dates, same days; windows of exercises and talks, and what is left out of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest

from comity.models.provocations.act_series import SeriesSettings, act_series
from comity.models.provocations.windows import exercise_windows, talk_days
from comity.register.snapshot import Snapshot

Tiny = Callable[..., Snapshot]
UNTIL = date(2020, 12, 31)
COVER = {"id": "c1", "scope": "event_class:short_range", "start": "2010", "end": "2019", "completeness": "complete", "basis_en": "b"}


def launch(name: str, start: str, **cells: Any) -> dict[str, Any]:
    acts = {"source_actors": "PRK", "target_actors": "KOR", "event_type": "COERCE", "subtype": "srbm_test", "event_class": "short_range", "summary_en": "x"}
    return acts | {"id": name, "start": start} | cells


def exercise(name: str, **cells: Any) -> dict[str, Any]:
    held = {"title_en": name, "series": "s1", "start": "2015-03-01", "end": "2015-03-10", "exercise_types": "FTX", "participants": "KOR;USA"}
    return held | {"purpose": "deterrence", "status": "conducted", "id": name} | cells


def series_of(tiny: Tiny, starts: list[str], **settings: Any) -> Any:
    snapshot = tiny({"event": [launch(f"e{at}", start) for at, start in enumerate(starts)], "coverage": [COVER]})
    return act_series(snapshot, "KOR", until=UNTIL, settings=SeriesSettings(**settings))


def test_acts_are_counted_on_their_day_and_only_where_covered(tiny: Tiny) -> None:
    series = series_of(tiny, ["2015-05-01", "2015-05-01", "2009-01-01", "2020-06-01"])
    assert series.classes == ("short_range",)
    assert series.counts[series.index(date(2015, 5, 1)), 0] == 2
    assert series.counts.sum() == 2
    assert series.covered.sum() == 3652  # 2010 to 2019
    assert series.acts["counted"].to_list() == [False, True, True, False]
    assert series.records() == ["event:e0", "event:e1"]
    assert series.last == UNTIL


def test_days_can_be_counted_instead_of_acts(tiny: Tiny) -> None:
    assert series_of(tiny, ["2015-05-01", "2015-05-01"], same_day="days").counts.sum() == 1


def test_months_stand_at_their_middle_are_drawn_or_left_out_and_years_never_enter(tiny: Tiny) -> None:
    starts = ["2015-05", "2016"]
    middle = series_of(tiny, starts)
    assert np.flatnonzero(middle.counts[:, 0]).tolist() == [middle.index(date(2015, 5, 16))]
    days = {int(np.flatnonzero(series_of(tiny, starts, coarse="drawn", seed=seed).counts[:, 0])[0]) for seed in range(40)}
    assert days <= set(range(middle.index(date(2015, 5, 1)), middle.index(date(2015, 6, 1))))
    assert len(days) > 10
    assert series_of(tiny, starts, coarse="left_out").counts.sum() == 0
    assert any("month only" in note.en for note in middle.left_out)


def test_a_class_without_cover_is_left_out_and_named(tiny: Tiny) -> None:
    series = series_of(tiny, ["2015-05-01"])
    assert sum("Left out" in note.en for note in series.left_out) == 4


def test_a_salvo_on_the_record_is_one_act_of_the_shipped_register(kor: Snapshot) -> None:
    series = act_series(kor, "KOR", until=date(2026, 11, 22))
    assert series.counts.max() == 1
    assert kor.counted("event")["number"].max() > 1
    assert "grey_zone" not in series.classes


def test_exercises_enter_with_days_a_source_and_a_purpose(tiny: Tiny) -> None:
    rows = [
        exercise("held"), exercise("cut", status="scaled_down", start="2016-03-01", end="2016-03-05"), exercise("off", status="cancelled"),
        exercise("month", end="2015-03"), exercise("said", source="unsourced", confidence="low"), exercise("part", nested_in="held"),
        exercise("rescue", purpose="humanitarian"), exercise("theirs", participants="JPN;USA"),
    ]  # fmt: skip
    sources = [
        {"id": "unsourced", "title": "Unsourced", "source_type": "other", "marking": "public"},
        {"id": "s", "title": "A", "source_type": "other", "marking": "public"},
    ]
    series = [{"id": "s1", "title_en": "Great exercise", "exercise_types": "FTX"}]
    found = exercise_windows(tiny({"exercise": rows, "exercise_series": series, "source": sources}, main_exercises=["s1"]), "KOR", until=UNTIL)
    assert found.rows["ref"].to_list() == ["exercise:held", "exercise:cut"]
    assert found.rows["main"].all()
    assert found.left_out == {"no_day": 1, "not_held": 1, "unsourced": 1, "inside_another": 1}
    assert found.total == 6
    under_way = found.during(date(2015, 2, 27), 20)
    assert under_way.tolist() == [0.0] * 2 + [1.0] * 10 + [0.0] * 8


@pytest.mark.parametrize("day", [date(1994, 3, 19), date(2018, 4, 27), date(2026, 11, 22)])
def test_windows_of_the_shipped_register_end_by_the_day(kor: Snapshot, day: date) -> None:
    exercises, talks = exercise_windows(kor, "KOR", until=day), talk_days(kor, "KOR", until=day)
    assert exercises.rows["end"].max() <= day
    assert talks.rows["end"].max() <= day
    assert exercises.rows.height + sum(exercises.left_out.values()) == exercises.total
    assert talks.rows["ref"].is_unique().all()
