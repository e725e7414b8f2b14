"""The pilot's numbers from the research lists: days with a provocation during exercises of 2005-2017, six calendars, to two decimals."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from comity.models.designs.calendar import Calendar, calendar_of, controls_of
from comity.models.designs.episodes import Episodes, episodes, window_days
from comity.models.designs.randomisation import running, window_sums
from comity.models.designs.rates import RateFit, fit_rates

FIRST, LAST = date(2005, 1, 1), date(2017, 12, 31)
CALENDARS = ("none", "year", "year_one_wave", "year_months", "year_two_waves", "year_two_waves_past")
pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    return calendar_of(FIRST, (LAST - FIRST).days + 1)


@pytest.fixture(scope="module")
def exercises(shared: Path) -> Episodes:
    rows = pl.read_csv(shared / "reference/us-rok-exercises-csis/exercises_2005-2017.csv", try_parse_dates=True)
    assert rows.height == 33
    return episodes(rows.with_columns(ref=pl.col("Event")), FIRST)


def acts(shared: Path, calendar: Calendar, *categories: str) -> np.ndarray:
    listed = pl.read_csv(shared / "reference/nk-provocations-csis-coded/records_to_2024-08-20.csv", try_parse_dates=True)
    listed = listed.filter(pl.col("cat").is_in(list(categories)) if categories else pl.lit(True)).filter(pl.col("date").is_between(FIRST, LAST))
    return np.bincount([(day - FIRST).days for day in listed["date"]], minlength=calendar.days).astype(float)


def fits(counts: np.ndarray, exercises: Episodes, calendar: Calendar) -> list[RateFit]:
    windows, happened = window_days(exercises, calendar.days, 28), np.minimum(counts, 1.0)
    return [fit_rates(happened, windows, *controls_of(name, calendar, counts), lag=28) for name in CALENDARS]


def interval(fit: RateFit, side: int) -> list[float]:
    return np.exp(fit.log_ratio[side] + 1.959964 * fit.robust[side] * np.array([-1, 1])).tolist()


def test_all_provocations(shared: Path, calendar: Calendar, exercises: Episodes) -> None:
    counts = acts(shared, calendar)
    found = fits(counts, exercises, calendar)
    windows = window_days(exercises, calendar.days, 28)
    assert (windows[:, 1].sum(), np.minimum(counts, 1).sum()) == (608, 142)
    share = [100 * np.minimum(counts, 1)[windows[:, side] > 0].mean() for side in range(3)]
    assert share == pytest.approx([2.20, 7.07, 3.02], abs=0.005)
    assert 100 * np.minimum(counts, 1)[windows.sum(axis=1) == 0].mean() == pytest.approx(2.27, abs=0.005)
    eve, during, aftermath = (np.exp([fit.log_ratio[side] for fit in found]) for side in range(3))
    assert during == pytest.approx([3.11, 2.56, 2.09, 1.55, 0.95, 0.97], abs=0.006)
    assert eve == pytest.approx([0.97, 0.93, 0.85, 0.67, 0.45, 0.45], abs=0.006)
    assert aftermath == pytest.approx([1.33, 1.28, 1.09, 0.80, 0.67, 0.67], abs=0.006)
    bounds = [[1.90, 5.09], [1.77, 3.70], [1.42, 3.09], [0.70, 3.40], [0.51, 1.79], [0.50, 1.87]]
    assert [interval(fit, 1) for fit in found] == [pytest.approx(pair, abs=0.011) for pair in bounds]
    assert interval(found[4], 0) == pytest.approx([0.22, 0.94], abs=0.006)


def test_missiles_and_nuclear_only(shared: Path, calendar: Calendar, exercises: Episodes) -> None:
    counts = acts(shared, calendar, "missile", "nuclear_test", "nuclear_program")
    assert np.minimum(counts, 1).sum() == 99
    found = fits(counts, exercises, calendar)
    assert [np.exp(fit.log_ratio[1]) for fit in found] == pytest.approx([3.45, 2.70, 1.96, 1.74, 1.31, 1.32], abs=0.006)
    bounds = [[1.94, 6.11], [1.72, 4.24], [1.23, 3.10], [0.73, 4.10], [0.60, 2.86], [0.61, 2.86]]
    assert [interval(fit, 1) for fit in found] == [pytest.approx(pair, abs=0.011) for pair in bounds]


def test_the_smallest_detectable_ratio_grows_with_the_calendar(shared: Path, calendar: Calendar, exercises: Episodes) -> None:
    mde = [
        np.exp(2.8 * fit.robust[1])
        for categories in ((), ("missile", "nuclear_test", "nuclear_program"))
        for fit in fits(acts(shared, calendar, *categories), exercises, calendar)
    ]
    loose, months_and_waves = [mde[at] for at in (0, 1, 6, 7)], [mde[at] for at in (3, 4, 9, 10)]
    assert (min(loose), max(loose)) == pytest.approx((1.7, 2.3), abs=0.05)
    assert (min(months_and_waves), max(months_and_waves)) == pytest.approx((2.5, 3.4), abs=0.05)


def test_shuffled_years_and_moved_windows(shared: Path, calendar: Calendar, exercises: Episodes) -> None:
    rng = np.random.default_rng(2)
    observed, placebo = [], []
    for categories in ((), ("missile", "nuclear_test", "nuclear_program")):
        happened = np.minimum(acts(shared, calendar, *categories), 1.0)
        total = running(happened[:, None])
        inside = window_sums(total, exercises.start, exercises.length).sum()
        days = exercises.length.sum()
        observed.append((inside / days) / ((happened.sum() - inside) / (calendar.days - days)))
        ratios = []
        for _ in range(2000):
            year = rng.permutation(13)[calendar.years[exercises.start] - 2005]
            first = (exercises.start % 365.25 + year * 365.25 + rng.integers(-60, 61, len(exercises))).astype(int)
            moved = window_sums(total, first, exercises.length).sum()
            ratios.append((moved / days) / ((happened.sum() - moved) / (calendar.days - days)))
        placebo.append(np.quantile(ratios, [0.025, 0.975]))
    assert observed == pytest.approx([2.96, 3.25], abs=0.01)
    assert placebo[0] == pytest.approx([0.71, 2.29], abs=0.2)  # how the pilot joined overlapping windows is not known: near, not equal
    assert placebo[1] == pytest.approx([0.65, 2.52], abs=0.2)
