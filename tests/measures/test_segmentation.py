"""Segmentation: the exact optimum, false breaks, recovery, and the dates' intervals."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest, nbinom, poisson

from comity.measures.segmentation import Segmentation, SegmentationSettings, _best, _cost, _neighbour_dispersion, segmentation

QUICK = SegmentationSettings(resamples=20, draws=400)
YEARS = 76


def homogeneous(seed: int, mean: float, alpha: float, years: int = YEARS) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.poisson(rng.gamma(1 / alpha, mean * alpha, years) if alpha else np.full(years, mean))


def stepped(seed: int, before: float, after: float, at: int, index: float = 1.0) -> np.ndarray:
    """A series whose mean jumps; `index` is its variance over its mean."""
    rng = np.random.default_rng(seed)
    means = np.where(np.arange(YEARS) < at, before, after)
    return rng.poisson(rng.gamma(means / (index - 1)) * (index - 1) if index > 1 else means)


@settings(max_examples=40, deadline=None)
@given(counts=st.lists(st.integers(0, 12), min_size=6, max_size=11), alpha=st.sampled_from([0.0, 0.3, 2.0]), data=st.data())
def test_the_optimum_is_that_of_trying_every_cut(counts: list[int], alpha: float, data: st.DataObject) -> None:
    y = np.array(counts, dtype=float)
    e = np.array(data.draw(st.lists(st.floats(0.2, 3.0), min_size=len(y), max_size=len(y))))
    costs, starts = _best(y[None], e, np.array([alpha]), 3, 2)

    def cost(first: int, last: int) -> float:
        return float(_cost(y[first:last].sum()[None], e[first:last].sum()[None], np.array([max(alpha, 1e-7)]))[0])

    for spans in (1, 2, 3):
        cuts = [(0, *inner, len(y)) for inner in combinations(range(1, len(y)), spans - 1)]
        tried = [sum(cost(a, b) for a, b in pairwise(cut)) for cut in cuts if min(np.diff(cut)) >= 2]
        if tried:
            assert costs[0, spans - 1] == pytest.approx(min(tried))
            found = [*starts(spans)[0].tolist(), len(y)]
            assert sum(cost(a, b) for a, b in pairwise(found)) == pytest.approx(min(tried))


def test_differences_of_cost_are_those_of_the_likelihood() -> None:
    y, e, alpha = np.array([3, 1, 4, 9, 8, 12]), np.array([1.0, 0.5, 1.5, 1.0, 1.2, 0.8]), 0.25

    def likelihood(parts: list[slice]) -> float:
        total = 0.0
        for part in parts:
            rate = y[part].sum() / e[part].sum()
            total += nbinom.logpmf(y[part], e[part] / alpha, 1 / (1 + alpha * rate)).sum()
        return total

    def cost(parts: list[slice]) -> float:
        return sum(float(_cost(y[part].sum()[None] * 1.0, e[part].sum()[None], np.array([alpha]))[0]) for part in parts)

    one, two = [slice(0, 6)], [slice(0, 3), slice(3, 6)]
    assert cost(one) - cost(two) == pytest.approx(2 * (likelihood(two) - likelihood(one)))


def test_without_overdispersion_the_gain_is_the_poisson_likelihood_ratio() -> None:
    y = np.array([2, 2, 2, 2, 2, 2, 7, 7, 7, 7, 7, 7])
    found = segmentation(y, settings=QUICK)
    expected = 2 * (poisson.logpmf(y, [2] * 6 + [7] * 6).sum() - poisson.logpmf(y, 4.5).sum())
    assert found.gains[1] == pytest.approx(expected, rel=1e-4)
    assert found.starts == (0, 6)
    assert found.rates == pytest.approx((2.0, 7.0))


@pytest.mark.parametrize(("mean", "alpha"), [(6, 0.0), (6, 0.3), (15, 1.0)])
def test_homogeneous_series_get_a_break_in_no_more_than_five_of_a_hundred(mean: float, alpha: float) -> None:
    broken = sum(len(segmentation(homogeneous(seed, mean, alpha), settings=QUICK).starts) > 1 for seed in range(200))
    assert binomtest(broken, 200, 0.05, alternative="greater").pvalue > 0.01, broken


@pytest.mark.long
@pytest.mark.parametrize("years", [59, 76])
@pytest.mark.parametrize("mean", [2, 6, 20])
@pytest.mark.parametrize("alpha", [0.0, 0.1, 0.3, 0.6, 1.0])
def test_so_they_do_at_every_length_mean_and_dispersion(years: int, mean: float, alpha: float) -> None:
    chosen = SegmentationSettings(resamples=2)
    broken = sum(len(segmentation(homogeneous(seed, mean, alpha, years), settings=chosen).starts) > 1 for seed in range(500))
    assert binomtest(broken, 500, 0.05, alternative="greater").pvalue > 0.01, broken


@pytest.mark.parametrize(("at", "index"), [(38, 1.0), (60, 1.0), (38, 2.0)])
def test_a_threefold_rate_is_found_within_a_year_in_nine_of_ten(at: int, index: float) -> None:
    hits = sum(any(abs(start - at) <= 1 for start in segmentation(stepped(seed, 5, 15, at, index), settings=QUICK).starts[1:]) for seed in range(100))
    assert binomtest(hits, 100, 0.9, alternative="less").pvalue > 0.01, hits
    assert hits / 100 > 0.85


def test_the_interval_of_the_date_holds_the_true_year_as_often_as_it_says() -> None:
    chosen = SegmentationSettings(resamples=100, draws=400)
    found = [segmentation(stepped(seed, 4, 9, 40), settings=chosen) for seed in range(50)]
    single = [cut for cut in found if len(cut.starts) == 2]
    assert len(single) > 40
    held = sum(cut.low[1] <= 40 <= cut.high[1] for cut in single)
    assert binomtest(held, len(single), 0.9, alternative="less").pvalue > 0.01


def test_a_rise_of_exposure_alone_is_no_break() -> None:
    exposure = np.repeat([2.0, 10.0], 38)
    counts = np.random.default_rng(4).poisson(exposure)
    assert len(segmentation(counts, settings=QUICK).starts) == 2
    assert segmentation(counts, exposure, QUICK).starts == (0,)


@settings(max_examples=15, deadline=None)
@given(scale=st.sampled_from([0.25, 0.5, 2.0, 8.0]), seed=st.integers(0, 20))
def test_the_unit_of_exposure_changes_only_the_unit_of_the_rate(scale: float, seed: int) -> None:
    counts = stepped(seed, 3, 8, 30)
    plain, scaled = segmentation(counts, settings=QUICK), segmentation(counts, np.full(YEARS, scale), QUICK)
    assert scaled.starts == plain.starts
    assert np.array(scaled.rates) * scale == pytest.approx(np.array(plain.rates))


def test_same_series_same_answer_and_another_seed_another_calibration() -> None:
    counts = stepped(1, 3, 6, 30)
    assert segmentation(counts) == segmentation(counts)
    other = segmentation(counts, settings=SegmentationSettings(seed=1))
    assert other.penalty != segmentation(counts).penalty


def test_a_dearer_break_is_never_cut_more_often() -> None:
    breaks = [count for _, count in segmentation(stepped(3, 2, 5, 25), settings=QUICK).sensitivity]
    assert breaks == sorted(breaks, reverse=True)


def test_dispersion_is_recovered_and_a_break_hardly_spoils_it() -> None:
    y = np.array([homogeneous(seed, 8, 0.25, 400) for seed in range(40)], dtype=float)
    assert _neighbour_dispersion(y, np.ones(400)).mean() == pytest.approx(0.25, abs=0.02)
    jump = np.array([stepped(seed, 5, 15, 38) for seed in range(60)], dtype=float)
    assert _neighbour_dispersion(jump, np.ones(YEARS)).mean() < 0.03


def test_a_series_too_short_to_cut_says_so() -> None:
    assert segmentation([1, 9, 9]) == Segmentation((0,), (0,), (0,), (19 / 3,), segmentation([1, 9, 9]).dispersion, None, (0.0,), ())
    assert segmentation([0] * 30).starts == (0,)
    with pytest.raises(ValueError, match="exposure"):
        segmentation([1, 2, 3], [1.0, 0.0, 1.0])
