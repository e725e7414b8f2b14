"""The benchmark of Hawkes processes and the comparison of days and moments compute what they say; speeds are not asserted."""

from __future__ import annotations

import numpy as np
import pytest
from bench import hawkes as bench
from bench import time_resolution as resolution

from comity.models.hawkes import HawkesModel, Pattern, simulate
from comity.register.snapshot import Snapshot


def test_the_benchmark_reaches_the_optimum_and_says_so() -> None:
    answer = bench.inner(6, "numpy")
    assert answer["sure"]
    assert answer["truth_ll"] < answer["ll"] < answer["free_ll"]
    assert answer["events"] == pytest.approx(100_000, rel=0.05)
    assert answer["decay"] == pytest.approx(1.5, abs=0.2)
    lines = bench._lines(6, {"numpy": answer, "numba": answer}, {})
    assert [line.peer for line in lines] == [False] * 6


def test_the_chance_of_the_next_weeks_is_that_of_a_simulation() -> None:
    parameters, times = np.array([0.01, 0.6, 0.1]), np.array([2.0, 9.0, 10.0])
    wanted = resolution.chances(parameters, times, np.array([10.0]))[0]
    model, history = HawkesModel(parameters[:1], parameters[1:2, None], parameters[2:]), Pattern(times, [0, 0, 0], 1, end=10.0)
    some = [simulate(model, start=10.0, end=38.0, seed=seed, history=history).counts[0] > 0 for seed in range(2_000)]
    assert np.mean(some) == pytest.approx(wanted, abs=0.035)


def test_the_daily_fit_is_at_a_maximum_and_its_expectation_is_what_happened() -> None:
    counts = np.random.default_rng(3).poisson(0.2, 2_000).astype(float)
    counts[500:520] += 1
    parameters, spread = resolution.daily(counts)
    assert resolution.rates(parameters, counts).sum() == pytest.approx(counts.sum(), rel=1e-3)
    assert (np.diag(spread) > 0).all()
    slow = [sum(counts[s] * np.exp(-0.3 * (d - s - 1)) for s in range(d)) for d in range(60)]
    np.testing.assert_allclose(resolution.past(counts, 0.3)[:60], slow, atol=1e-12)


def test_days_and_moments_hardly_differ_on_the_shipped_register(kor: Snapshot) -> None:
    found = list(resolution.versions(kor, draws=3))
    base = found[0]
    assert len(found) == 9
    assert len(base.chances) == 235
    for one in found:
        assert np.abs(one.chances - base.chances).mean() < 0.03, one.name
        assert (np.abs(one.parameters - base.parameters) < 1.5 * base.errors).all(), one.name
    assert np.abs(found[4].chances - base.chances).max() > 0  # a comparison of a fit with itself would show nothing
