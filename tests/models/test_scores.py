"""Scores of probability forecasts against their definitions by brute force, and intervals that mean what they say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.models.provocations.scores import auc, auc_interval, average_precision, block_draws, brier, crps, log_score, mean_interval, reliability

PAIRS = st.lists(st.tuples(st.integers(0, 20), st.booleans()), min_size=2, max_size=40)


@given(PAIRS)
def test_auc_counts_pairs(pairs: list[tuple[int, bool]]) -> None:
    chance, happened = np.array([a / 20 for a, _ in pairs]), np.array([float(b) for _, b in pairs])
    wins = [(1.0 if p > q else 0.5 if p == q else 0.0) for p in chance[happened > 0] for q in chance[happened == 0]]
    found = auc(chance, happened)
    assert (found is None) == (not wins)
    if wins:
        assert found == pytest.approx(np.mean(wins))


@given(PAIRS)
def test_average_precision_sums_precision_at_each_threshold(pairs: list[tuple[int, bool]]) -> None:
    chance, happened = np.array([a / 20 for a, _ in pairs]), np.array([float(b) for _, b in pairs])
    found = average_precision(chance, happened)
    if not happened.any():
        assert found is None
        return
    total, before = 0.0, 0.0
    for threshold in sorted(set(chance.tolist()), reverse=True):
        warned = chance >= threshold
        recall = happened[warned].sum() / happened.sum()
        total, before = total + (recall - before) * happened[warned].mean(), recall
    assert found == pytest.approx(total)


def test_crps_is_the_expected_distance_less_half_the_spread() -> None:
    rng = np.random.default_rng(3)
    distribution = rng.dirichlet(np.ones(8))
    support = np.arange(8)
    for count in (0, 3, 7):
        spread = (distribution[:, None] * distribution[None, :] * np.abs(support[:, None] - support[None, :])).sum()
        assert float(crps(distribution, np.asarray(float(count)))) == pytest.approx((distribution * np.abs(support - count)).sum() - spread / 2)


def test_a_certain_forecast_that_fails_is_punished_and_stays_finite() -> None:
    assert log_score(np.array([0.0, 1.0]), np.array([1.0, 1.0])).round(2).tolist() == [9.21, 0.0]
    assert brier(np.array([0.0, 0.5]), np.array([1.0, 0.0])).tolist() == [1.0, 0.25]


def test_true_probabilities_beat_any_others_on_average() -> None:
    rng = np.random.default_rng(1)
    chance = rng.random(20_000)
    happened = (rng.random(20_000) < chance).astype(float)
    for score in (brier, log_score):
        assert score(chance, happened).mean() < score(np.clip(chance + 0.1, 0, 1), happened).mean()
        assert score(chance, happened).mean() < score(np.full_like(chance, happened.mean()), happened).mean()


def test_reliability_of_true_probabilities_lies_on_the_diagonal() -> None:
    rng = np.random.default_rng(2)
    chance = rng.random(50_000)
    rows = reliability(chance, (rng.random(50_000) < chance).astype(float))
    assert len(rows) == 10
    assert sum(row["n"] for row in rows) == 50_000
    assert all(abs(row["forecast"] - row["observed"]) < 0.02 for row in rows)
    assert all(row["observed_low"] <= row["observed"] <= row["observed_high"] for row in rows)


def test_blocks_keep_neighbours_together_and_cover_every_origin() -> None:
    draws = block_draws(100, block=12, draws=500, seed=1)
    assert draws.shape == (500, 100)
    assert (np.diff(draws[:, :12], axis=1) == 1).all()
    assert set(np.unique(draws)) == set(range(100))
    assert block_draws(5, block=12, draws=3, seed=1).tolist() == [[0, 1, 2, 3, 4]] * 3


def test_the_block_interval_is_wider_for_errors_that_last() -> None:
    rng = np.random.default_rng(4)
    noise = rng.standard_normal(240)
    lasting = np.convolve(rng.standard_normal(251), np.ones(12) / np.sqrt(12), mode="valid")
    draws = block_draws(240, block=12, draws=2000, seed=5)
    short, long = (np.subtract(*mean_interval(values / values.std(), draws)[::-1]) for values in (noise, lasting))
    assert long > 1.8 * short
    assert short == pytest.approx(2 * 1.96 / np.sqrt(240), rel=0.25)


def test_the_interval_of_the_area_holds_it_and_needs_both_outcomes() -> None:
    rng = np.random.default_rng(6)
    chance = rng.random(200)
    happened = (rng.random(200) < chance).astype(float)
    draws = block_draws(200, block=1, draws=400, seed=7)
    low, high = auc_interval(chance, happened, draws)
    assert low is not None
    assert high is not None
    assert low < (auc(chance, happened) or 0) < high
    assert auc_interval(chance, np.zeros(200), draws) == (None, None)
