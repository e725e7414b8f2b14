"""The daily self-exciting model: an independent likelihood, checked slopes, known parameters found again."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import gammaln

from comity.models.provocations.self_exciting import echoes, fit_class, information, intensity, log_likelihood, negative_log_posterior, prior_of, scores_by_day
from comity.models.provocations.simulation import Parameters, simulate

DAYS = 20_000
TRUE = {"mu": np.array([0.05, 0.05]), "alpha": np.array([0.4, 0.3]), "gamma": np.array([0.15, 0.15]), "beta": np.array([0.3, -0.2])}
HALF_LIFE = 10.0


def wave(days: int) -> np.ndarray:
    return np.column_stack([np.sin(np.arange(days) / 58.1), np.cos(np.arange(days) / 58.1)])


def truth(half_life: float = HALF_LIFE) -> Parameters:
    beta = np.broadcast_to(TRUE["beta"], (1, 2, 2)).copy()
    return Parameters(np.array([half_life]), TRUE["mu"][None], TRUE["alpha"][None], TRUE["gamma"][None], beta)


def drawn(runs: int, days: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    counts, _ = simulate(truth(), np.zeros(runs, dtype=np.int64), np.zeros(2), wave(days), rng.random((days, runs, 2)))
    return counts.astype(np.float64)


def parts(seed: int = 3, days: int = 600) -> tuple[Any, ...]:
    counts = drawn(1, days, seed)[0]
    echo = echoes(counts, 20.0)[:-1]
    return counts[:, 0], echo[:, 0], echo[:, 1], wave(days)


def test_the_echo_is_the_sum_over_all_earlier_acts() -> None:
    counts = drawn(1, 300, 1)[0]
    decay = 2.0 ** (-1 / 20.0)
    direct = np.zeros((301, 2))
    for day in range(301):
        for before in range(day):
            direct[day] += counts[before] * (1 - decay) * decay ** (day - before - 1)
    assert np.abs(echoes(counts, 20.0) - direct).max() < 1e-12


def test_the_likelihood_equals_a_direct_double_sum_to_eight_digits() -> None:
    counts, _, _, design = parts()
    every = drawn(1, 600, 3)[0]
    theta, decay, total = np.array([-4.2, -0.7, -2.3, 0.4, -0.3]), 2.0 ** (-1 / 20.0), 0.0
    for day in range(len(counts)):
        own = sum(every[s, 0] * (1 - decay) * decay ** (day - s - 1) for s in range(day))
        other = sum(every[s, 1] * (1 - decay) * decay ** (day - s - 1) for s in range(day))
        rate = float(np.exp(design[day] @ theta[3:]) * (np.exp(theta[0]) + np.exp(theta[1]) * own + np.exp(theta[2]) * other))
        total += counts[day] * np.log(rate) - rate - float(gammaln(counts[day] + 1))
    _, own_echo, other_echo, _ = parts()
    assert log_likelihood(theta, counts, own_echo, other_echo, design) == pytest.approx(total, abs=1e-8)


@given(st.lists(st.floats(-1.0, 1.0), min_size=5, max_size=5))
def test_slopes_and_curvature_agree_with_finite_differences(shift: list[float]) -> None:
    counts, own, others, design = parts()
    weights = np.exp2(-np.arange(len(counts))[::-1] / 300.0)
    theta, step = np.array([-4.2, -0.7, -2.3, 0.4, -0.3]) + shift, 1e-5
    fixed = (counts, own, others, design, weights, prior_of(0.02, 2, 2.0))
    numeric = [(negative_log_posterior(theta + step * e, *fixed)[0] - negative_log_posterior(theta - step * e, *fixed)[0]) / (2 * step) for e in np.eye(5)]
    assert negative_log_posterior(theta, *fixed)[1] == pytest.approx(np.array(numeric), rel=1e-5, abs=1e-5)
    curved = [(negative_log_posterior(theta + step * e, *fixed)[1] - negative_log_posterior(theta - step * e, *fixed)[1]) / (2 * step) for e in np.eye(5)]
    assert information(theta, *fixed) == pytest.approx(np.array(curved), rel=1e-5, abs=1e-5)


def test_the_scores_of_days_add_up_to_the_slope_of_the_likelihood() -> None:
    counts, own, others, design = parts()
    theta, step = np.array([-4.2, -0.7, -2.3, 0.4, -0.3]), 1e-5
    fixed = (counts, own, others, design)
    numeric = [(log_likelihood(theta + step * e, *fixed) - log_likelihood(theta - step * e, *fixed)) / (2 * step) for e in np.eye(5)]
    assert scores_by_day(theta, *fixed).sum(axis=0) == pytest.approx(np.array(numeric), rel=1e-5, abs=1e-5)


def test_days_of_no_weight_change_nothing() -> None:
    counts, own, others, design = parts()
    weights = np.ones(len(counts))
    weights[100:200] = 0.0
    damaged = counts.copy()
    damaged[100:200] = 9.0
    first, second = (fit_class(one, own, others, design, weights) for one in (counts, damaged))
    assert first.theta == pytest.approx(second.theta)


def test_a_class_without_a_single_act_gets_a_low_rate_and_no_error() -> None:
    counts, own, others, design = parts()
    fit = fit_class(np.zeros_like(counts), own, others, design, np.ones(len(counts)))
    assert float(intensity(fit.theta, own, others, design).sum()) < 3.0
    assert np.isfinite(fit.covariance).all()


def recovered(runs: int, days: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Estimates less truth and standard errors of log μ, log α, log γ and β of the first class, one row a run."""
    found, errors = [], []
    true = np.concatenate([np.log([TRUE["mu"][0], TRUE["alpha"][0], TRUE["gamma"][0]]), TRUE["beta"]])
    for counts in drawn(runs, days, seed):
        echo = echoes(counts, HALF_LIFE)[:-1]
        fit = fit_class(counts[:, 0], echo[:, 0], echo[:, 1], wave(days), np.ones(days))
        found.append(fit.theta - true)
        errors.append(np.sqrt(np.diag(fit.covariance)))
    return np.array(found), np.array(errors)


def held(runs: int, days: int, seed: int) -> None:
    """Bias under half a standard error, coverage of 95 % intervals not rejected at 0.1 % by an exact binomial test."""
    from scipy.stats import binomtest

    off, errors = recovered(runs, days, seed)
    bias, spread = off.mean(axis=0), off.std(axis=0)
    assert (np.abs(bias) < 0.5 * spread).all(), bias / spread
    for column in range(off.shape[1]):
        inside = int((np.abs(off[:, column]) < 1.96 * errors[:, column]).sum())
        assert binomtest(inside, runs, 0.95).pvalue > 0.001, (column, inside / runs)


def test_known_parameters_come_back() -> None:
    held(60, DAYS, 11)


@pytest.mark.long
def test_known_parameters_come_back_with_the_stated_coverage_over_500_runs() -> None:
    held(500, DAYS, 12)
