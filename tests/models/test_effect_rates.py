"""Rate ratios: equal to statsmodels' Poisson regression with dummies and its robust errors; what has no answer gives none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.models.designs.calendar import calendar_of, controls_of, past
from comity.models.designs.rates import bartlett, fit_rates


def made(seed: int, days: int = 2000) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    strata = np.repeat(np.arange(5), days // 5)
    windows = (rng.random((days, 3)) < 0.08).astype(float)
    controls = rng.normal(size=(days, 2))
    rate = 0.08 * np.exp(0.3 * strata - 0.6 + windows @ [0.5, 0.9, -0.3] + controls @ [0.2, -0.1])
    return rng.poisson(rate).astype(float), windows, controls, strata


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_fit_is_that_of_a_poisson_regression_with_dummies(seed: int) -> None:
    import statsmodels.api as sm

    counts, windows, controls, strata = made(seed)
    fit = fit_rates(counts, windows, controls, strata, lag=28)
    dummies = (strata[:, None] == np.arange(5)).astype(float)
    model = sm.GLM(counts, np.column_stack([windows, controls, dummies]), family=sm.families.Poisson())
    plain, robust = model.fit(tol=1e-12), model.fit(tol=1e-12, cov_type="HAC", cov_kwds={"maxlags": 28})
    assert fit.log_ratio == pytest.approx(plain.params[:3], abs=1e-8)
    assert fit.plain == pytest.approx(plain.bse[:3], abs=1e-8)
    assert fit.robust == pytest.approx(robust.bse[:3], rel=1e-6)
    assert fit.expected == pytest.approx(plain.fittedvalues, abs=1e-8)
    assert fit.dispersion == pytest.approx(plain.pearson_chi2 / plain.df_resid, rel=1e-8)


def test_a_ratio_without_controls_is_the_ratio_of_the_rates() -> None:
    counts = np.zeros(400)
    counts[[3, 50, 60, 70, 200, 300]] = 1.0
    window = np.zeros((400, 1))
    window[40:80] = 1.0
    fit = fit_rates(counts, window, np.zeros((400, 0)), np.zeros(400, dtype=int))
    assert np.exp(fit.log_ratio[0]) == pytest.approx((3 / 40) / (3 / 360))
    assert fit.plain[0] == pytest.approx(np.sqrt(1 / 3 + 1 / 3))
    assert fit.acts.tolist() == [3.0]


def test_a_window_without_an_act_has_no_ratio_and_leaves_the_others_alone() -> None:
    counts, windows, controls, strata = made(4)
    empty = np.zeros(len(counts))
    empty[np.flatnonzero(counts == 0)[:40]] = 1.0
    fit = fit_rates(counts, np.column_stack([windows, empty]), controls, strata)
    held = empty == 0
    other = fit_rates(counts[held], windows[held], controls[held], strata[held])
    assert np.isnan(fit.log_ratio[3])
    assert fit.acts[3] == 0
    assert fit.log_ratio[:3] == pytest.approx(other.log_ratio, abs=1e-8)


def test_a_window_that_is_the_calendar_gives_no_ratio() -> None:
    counts, windows, _, strata = made(5)
    fit = fit_rates(counts, windows[:, :1], windows[:, :1] * 2, strata)
    assert np.isnan(fit.robust[0])


def test_no_act_at_all_gives_no_ratio() -> None:
    _, windows, controls, strata = made(6)
    fit = fit_rates(np.zeros(len(windows)), windows, controls, strata)
    assert np.isnan(fit.log_ratio).all()
    assert fit.expected.sum() == 0


def test_years_without_an_act_say_nothing() -> None:
    counts, windows, controls, strata = made(7)
    counts[strata == 2] = 0
    held = strata != 2
    whole, part = fit_rates(counts, windows, controls, strata), fit_rates(counts[held], windows[held], controls[held], strata[held])
    assert whole.log_ratio == pytest.approx(part.log_ratio, abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), days=st.integers(3, 60), lag=st.integers(0, 12))
def test_bursts_enter_with_bartlett_weights_and_never_below_zero(seed: int, days: int, lag: int) -> None:
    pull = np.random.default_rng(seed).normal(size=(days, 2))
    long_run = bartlett(pull, lag)
    for column in range(2):
        one = pull[:, column]
        direct = one @ one + 2 * sum((1 - step / (lag + 1)) * (one[step:] @ one[:-step]) for step in range(1, min(lag, days - 1) + 1))
        assert long_run[column] == pytest.approx(direct, abs=1e-9)
        assert long_run[column] >= 0


def test_calendars_nest_and_know_their_days() -> None:
    from datetime import date

    calendar = calendar_of(date(2019, 12, 30), 400)
    assert (calendar.years[0], calendar.months[0], calendar.years[2], calendar.months[2], calendar.months[33]) == (2019, 12, 2020, 1, 2)
    acts = np.zeros(400)
    widths = {name: controls_of(name, calendar, acts)[0].shape[1] for name in ("none", "year", "year_one_wave", "year_two_waves", "year_months")}
    assert widths == {"none": 0, "year": 0, "year_one_wave": 2, "year_two_waves": 4, "year_months": 11}
    columns, strata = controls_of("year_two_waves_past", calendar, acts)
    assert columns.shape == (400, 5)
    assert strata.tolist() == calendar.years.tolist()
    assert past(np.array([1.0, 2.0, 0.0]), 28).tolist() == [0.0, 1.0, 3.0]
