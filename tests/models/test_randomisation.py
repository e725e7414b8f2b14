"""Placebo windows: sums by brute force, what is permitted and what is not, and an exact p under a known law."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.models.designs.calendar import calendar_of
from comity.models.designs.episodes import Episodes, episodes, window_days
from comity.models.designs.randomisation import across_years, excess, running, two_sided, uniforms, window_sums, within_season

CALENDAR = calendar_of(date(2001, 1, 1), 365 * 4)
WHOLE = np.ones(CALENDAR.days, dtype=bool)
FIRST = np.array([70, 430, 800, 1250])
LENGTH = np.array([10, 30, 5, 60])


def test_turned_windows_sum_what_their_days_hold() -> None:
    rng = np.random.default_rng(3)
    daily = rng.normal(size=(CALENDAR.days, 2))
    drawn = within_season(rng.random((50, 4)), FIRST, LENGTH, CALENDAR, WHOLE, 45)
    sums = drawn.sums(running(daily))
    for at in range(50):
        direct = np.zeros(2)
        for window in range(4):
            turned = (drawn.choice[at, window] + np.arange(LENGTH[window])) % drawn.size[window]
            direct += daily[drawn.season[window] + turned].sum(axis=0)
        assert sums[at] == pytest.approx(direct, abs=1e-9)


def test_turned_windows_stay_in_their_year_and_near_their_days() -> None:
    covered = WHOLE.copy()
    covered[:50] = False
    drawn = within_season(np.random.default_rng(1).random((5, 4)), np.array([60, 360, 700, 1095]), np.full(4, 5), CALENDAR, covered, 45)
    assert drawn.season.tolist() == [50, 315, 655, 1095]
    assert (drawn.season + drawn.size).tolist() == [110, 365, 730, 1145]


@settings(max_examples=25, deadline=None)
@given(first=st.integers(0, CALENDAR.days - 40), length=st.integers(1, 40), seed=st.integers(0, 999))
def test_every_day_of_a_season_is_as_likely_as_any_other(first: int, length: int, seed: int) -> None:
    drawn = within_season(np.random.default_rng(seed).random((1, 1)), np.array([first]), np.array([length]), CALENDAR, WHOLE, 45)
    size = int(drawn.size[0])
    every = type(drawn)(drawn.season, drawn.size, drawn.length, np.arange(size, dtype=np.int32)[:, None])
    for day in range(size):
        only = np.zeros((CALENDAR.days, 1))
        only[drawn.season[0] + day] = 1.0
        assert every.sums(running(only)).sum() == length


def test_exchanged_years_keep_the_day_of_the_year() -> None:
    rng = np.random.default_rng(5)
    daily = rng.normal(size=(CALENDAR.days, 1))
    drawn = across_years(uniforms(1, 40, 6), FIRST, LENGTH, CALENDAR, WHOLE)
    sums = drawn.sums(running(daily))
    begins = np.take_along_axis(np.broadcast_to(drawn.options, (40, *drawn.options.shape)), drawn.choice[:, :, None], axis=2)[:, :, 0]
    assert ((begins - FIRST) % 365 == 0).all()
    assert {tuple(sorted(set(years))) for years in drawn.choice.tolist()} == {(0, 1, 2, 3)}
    direct = [sum(daily[one : one + size, 0].sum() for one, size in zip(row, LENGTH, strict=True)) for row in begins]
    assert sums[:, 0] == pytest.approx(direct, abs=1e-9)


def test_years_not_covered_throughout_keep_their_windows() -> None:
    covered = WHOLE.copy()
    covered[:20] = False
    drawn = across_years(uniforms(1, 100, 6), FIRST, LENGTH, CALENDAR, covered)
    assert (drawn.choice[:, 0] == 0).all()
    assert (drawn.choice[:, 1:] > 0).all()


def test_p_is_uniform_when_the_true_window_is_one_of_the_placebos() -> None:
    placebo = np.arange(1999.0)
    found = [two_sided(value, placebo) for value in placebo[::10]]
    assert np.mean([p <= 0.05 for p in found]) == pytest.approx(0.05, abs=0.01)
    assert two_sided(5000.0, placebo) == pytest.approx(2 / 2000)
    assert two_sided(999.0, placebo) == 1.0


def test_excess_is_a_number_even_where_nothing_happened() -> None:
    assert excess(np.array([0.0, 1.5]), np.array([0.0, 0.5])).tolist() == pytest.approx([0.0, np.log(2)])


def test_window_sums_count_nothing_outside_the_grid() -> None:
    total = running(np.ones((10, 1)))
    assert window_sums(total, np.array([-3, 8, 2]), np.array([5, 5, 3]))[:, 0].tolist() == [2.0, 2.0, 3.0]


def test_exercises_of_the_same_days_are_one_episode() -> None:
    rows = [("a", date(2001, 3, 1), date(2001, 3, 10)), ("b", date(2001, 3, 10), date(2001, 3, 12)), ("c", date(2001, 3, 13), date(2001, 3, 13))]
    found = episodes(pl.DataFrame(rows, schema=["ref", "start", "end"], orient="row"), date(2001, 1, 1))
    assert (found.start.tolist(), found.length.tolist(), found.refs) == ([59, 71], [12, 1], (("a", "b"), ("c",)))
    assert found.records == ["a", "b", "c"]
    assert len(found.within(0, 70)) == 1


def test_each_day_is_in_one_window_at_most() -> None:
    found = Episodes(np.array([5, 20, 33]), np.array([3, 4, 2]), ((), (), ()))
    windows = window_days(found, 45, 10)
    assert windows.sum(axis=1).max() == 1.0
    assert np.flatnonzero(windows[:, 1]).tolist() == [5, 6, 7, 20, 21, 22, 23, 33, 34]
    assert np.flatnonzero(windows[:, 0]).tolist() == [0, 1, 2, 3, 4, *range(10, 20), *range(24, 33)]
    assert np.flatnonzero(windows[:, 2]).tolist() == [8, 9, *range(35, 45)]
