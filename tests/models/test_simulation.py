"""Futures drawn day by day: exact probabilities agree, known days stay as they are, the same numbers give the same future."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.models.provocations.self_exciting import ClassFit, Specification
from comity.models.provocations.simulation import MOST, Parameters, around, none_until, parameters, poisson, quiet_hazards, simulate

RUNS = 20_000


def three() -> Parameters:
    mu, alpha, gamma = np.array([[0.01, 0.004, 0.001]]), np.array([[0.5, 0.3, 0.1]]), np.array([[0.1, 0.05, 0.02]])
    return Parameters(np.array([30.0]), mu, alpha, gamma, np.array([[[0.3], [-0.2], [0.0]]]))


ECHO = np.array([0.05, 0.01, 0.0])
SEASON = np.sin(np.arange(90) / 58.1)[:, None]


def test_simulation_agrees_with_the_exact_probability_of_nothing() -> None:
    of, rng = np.zeros(RUNS, dtype=np.int64), np.random.default_rng(5)
    counts, _ = simulate(three(), of, ECHO, SEASON, rng.random((90, RUNS, 3)))
    for days in (1, 28, 90):
        exact = float(none_until(three(), of[:1], ECHO, SEASON[:days])[0])
        found = float((counts[:, :days].sum(axis=(1, 2)) == 0).mean())
        assert abs(found - exact) < 4 * np.sqrt(exact * (1 - exact) / RUNS)


def test_quiet_hazards_add_up_day_by_day() -> None:
    sets, decay = three(), 2.0 ** (-1 / 30.0)
    echo, total = ECHO.copy(), np.zeros(3)
    for day in range(90):
        rate = np.exp(sets.beta[0] @ SEASON[day]) * (sets.mu[0] + sets.alpha[0] * echo + sets.gamma[0] * (echo.sum() - echo))
        total, echo = total + rate, echo * decay
    assert quiet_hazards(sets, np.zeros(1, dtype=np.int64), ECHO, SEASON)[0] == pytest.approx(total)


def test_the_mean_of_a_stationary_future_is_base_over_one_less_branching() -> None:
    sets = Parameters(np.array([5.0]), np.array([[0.02]]), np.array([[0.5]]), np.array([[0.0]]), np.zeros((1, 1, 0)))
    counts, _ = simulate(sets, np.zeros(400, dtype=np.int64), np.array([0.04]), np.zeros((2000, 0)), np.random.default_rng(2).random((2000, 400, 1)))
    assert counts.mean() == pytest.approx(0.04, rel=0.03)


def test_known_days_are_taken_as_they_are_and_unknown_ones_drawn() -> None:
    known = np.full((10, 3), np.nan)
    known[3], known[4, 1] = [2.0, 0.0, 1.0], 3.0
    counts, _ = simulate(three(), np.zeros(500, dtype=np.int64), ECHO, SEASON[:10], np.random.default_rng(1).random((10, 500, 3)), known)
    assert (counts[:, 3] == [2, 0, 1]).all()
    assert (counts[:, 4, 1] == 3).all()
    assert 0 < counts[:, 5:].sum() < counts[:, 5:].size


def test_the_same_numbers_give_the_same_future_and_a_higher_rate_never_fewer_acts() -> None:
    uniforms, of = np.random.default_rng(9).random((90, 300, 3)), np.zeros(300, dtype=np.int64)
    more = Parameters(three().half_life, three().mu * 1.5, three().alpha, three().gamma, three().beta)
    first, second = (simulate(three(), of, ECHO, SEASON, uniforms)[0] for _ in range(2))
    higher, _ = simulate(more, of, ECHO, SEASON, uniforms)
    assert (first == second).all()
    assert (higher >= first).all()
    assert higher.sum() > first.sum()


@given(st.floats(1e-4, 2.0), st.floats(0.0, 0.999999))
def test_a_count_is_the_first_whose_distribution_function_exceeds_the_number(rate: float, uniform: float) -> None:
    from scipy.stats import poisson as law

    found = int(poisson(np.array([rate]), np.array([uniform]))[0])
    assert found == min(int(np.argmax(law.cdf(np.arange(60), rate) > uniform)), MOST)


def test_parameters_drawn_around_a_fit_have_an_end_and_the_right_spread() -> None:
    fit = ClassFit(0.01, 0.5, 0.05, np.array([0.2]), np.diag([0.04, 0.01, 0.04, 0.09]), 0.0, 50.0)
    pool = [
        (Specification(30.0, 1), [fit, fit]),
        (Specification(10.0, 0), [ClassFit(0.01, 0.5, 0.05, np.zeros(0), np.diag([0.04, 0.01, 0.04]), 0.0, 50.0)] * 2),
    ]
    sets = around(pool, 3000, np.random.default_rng(4))
    assert sets.mu.shape == (6000, 2)
    assert (sets.branching() < 1).all()
    assert np.log(sets.mu[:3000, 0]).std() == pytest.approx(0.2, rel=0.08)
    assert sets.beta[:3000, 0, 0].std() == pytest.approx(0.3, rel=0.08)
    assert (sets.beta[3000:] == 0).all()
    assert parameters(pool).half_life.tolist() == [30.0, 10.0]


def test_branching_is_the_spectral_radius_of_the_offspring() -> None:
    sets = three()
    matrix = np.array([[0.5, 0.1, 0.1], [0.05, 0.3, 0.05], [0.02, 0.02, 0.1]])
    assert sets.branching()[0] == pytest.approx(np.abs(np.linalg.eigvals(matrix)).max())
