"""The filter and smoother against an independent implementation, day by day, and what must hold of any of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.models.polling.local_level import Array, filtered, on_days, slopes, smoothed

DRIFTS = np.array([0.0004, 0.02, 1.0])


def measured(seed: int, n: int, *, days: int = 300, columns: int = 1) -> tuple[Array, Array, Array]:
    rng = np.random.default_rng(seed)
    at = np.sort(rng.choice(days, n, replace=False)).astype(float)
    return at - at[0], rng.normal(size=(n, columns)), rng.uniform(0.05, 2.0, n)


def noises(noise: Array) -> Array:
    return np.repeat(noise[:, None], len(DRIFTS), axis=1)


@pytest.mark.parametrize("drift", DRIFTS)
def test_the_smoothed_level_of_every_day_is_that_of_statsmodels(drift: float) -> None:
    from statsmodels.tsa.statespace.initialization import Initialization
    from statsmodels.tsa.statespace.kalman_smoother import KalmanSmoother

    days, columns, noise = measured(1, 40)
    last = int(days[-1]) + 30
    series, variances = np.full((1, last + 1), np.nan), np.ones((1, 1, last + 1))
    series[0, days.astype(int)], variances[0, 0, days.astype(int)] = columns[:, 0], noise
    peer = KalmanSmoother(k_endog=1, k_states=1)
    peer.bind(np.asfortranarray(series))
    peer["design"], peer["transition"], peer["selection"] = np.eye(1), np.eye(1), np.eye(1)
    peer["obs_cov"], peer["state_cov"] = variances, np.array([[drift]])
    peer.initialize(Initialization(1, "diffuse"))
    known = peer.smooth()
    run = filtered(days, columns, noise[:, None], np.array([drift]))
    mine = on_days(np.arange(last + 1.0), days, np.array([drift]), run, smoothed(days, np.array([drift]), run))
    np.testing.assert_allclose(mine.level[:, 0, 0], known.smoothed_state[0], rtol=0, atol=1e-8)
    np.testing.assert_allclose(mine.variance[:, 0], known.smoothed_state_cov[0, 0], rtol=1e-8)


def test_several_columns_and_drifts_at_once_are_each_by_itself() -> None:
    days, columns, noise = measured(2, 25, columns=3)
    whole = filtered(days, columns, noises(noise), DRIFTS)
    smooth = smoothed(days, DRIFTS, whole)
    for g, drift in enumerate(DRIFTS):
        for column in range(3):
            alone = filtered(days, columns[:, [column]], noise[:, None], np.array([drift]))
            np.testing.assert_allclose(whole.level[:, g, column], alone.level[:, 0, 0], rtol=1e-12)
            np.testing.assert_allclose(smooth.level[:, g, column], smoothed(days, np.array([drift]), alone).level[:, 0, 0], rtol=1e-12)


def test_slopes_are_those_of_small_steps() -> None:
    days, columns, noise = measured(3, 20, columns=2)
    by_noise, step = np.linspace(0.0, 90.0, 20), 1e-6
    drift = np.array([0.02])
    runs = [filtered(days, columns, noise[:, None] + by_noise[:, None] * at, at) for at in (drift - step, drift, drift + step)]
    by_surprise, by_scale = slopes(days, noise[:, None] + by_noise[:, None] * drift, by_noise, runs[1])
    np.testing.assert_allclose(by_surprise, (runs[2].surprise - runs[0].surprise) / (2 * step), rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(by_scale, (runs[2].scale - runs[0].scale) / (2 * step), rtol=1e-5)


@settings(deadline=None, max_examples=50)
@given(seed=st.integers(0, 10_000), n=st.integers(2, 12))
def test_days_of_measurements_hold_what_the_smoother_says_and_days_after_the_last_only_grow_less_sure(seed: int, n: int) -> None:
    days, columns, noise = measured(seed, n)
    run = filtered(days, columns, noises(noise), DRIFTS)
    smooth = smoothed(days, DRIFTS, run)
    at = on_days(days, days, DRIFTS, run, smooth)
    np.testing.assert_allclose(at.level, smooth.level, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(at.variance, smooth.variance, rtol=1e-9)
    later = on_days(days[-1] + np.arange(5.0), days, DRIFTS, run, smooth)
    np.testing.assert_allclose(np.diff(later.variance, axis=0), np.tile(DRIFTS, (4, 1)), rtol=1e-7)
    assert (np.ptp(later.level, axis=0) == 0).all()


@settings(deadline=None, max_examples=50)
@given(seed=st.integers(0, 10_000), n=st.integers(2, 8))
def test_measurements_of_one_day_are_their_weighted_mean_in_any_order(seed: int, n: int) -> None:
    _, columns, noise = measured(seed, n)
    days = np.zeros(n)
    run = filtered(days, columns, noises(noise), DRIFTS)
    weights = 1 / noise
    np.testing.assert_allclose(run.level[-1, :, 0], (weights @ columns[:, 0]) / weights.sum())
    np.testing.assert_allclose(run.variance[-1], 1 / weights.sum())
    np.testing.assert_allclose(smoothed(days, DRIFTS, run).level[0], run.level[-1])
