"""Pooling of polls: exact likelihood, and a known opinion and known leanings come back with bands that hold what they promise."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.models.polling.fit import FREEDOM, level_on, mixture_quantiles, pooled
from comity.models.polling.fit import given as known_given
from comity.models.polling.house_effects import YEAR, Polls, contrasts, fitted, gradient, log_likelihood, maximum
from comity.models.polling.local_level import Array

PERSONS = 1000
PRIORS = {"drift_scale": 0.5, "house_scale": 0.15}


def simulated(
    rng: np.random.Generator, n: int, houses: int, *, days: int = 730, drift: float = 0.5, spread: float = 0.15, start: float = 0.0
) -> tuple[Polls, Array, Array]:
    """Polls of `PERSONS` asked at random on random days, the true level of each day from the first poll on, and the true house effects."""
    at = np.sort(rng.integers(0, days, n))
    at -= at[0]
    steps = rng.normal(size=days) * drift / np.sqrt(YEAR)
    steps[0] = 0.0
    path = start + np.cumsum(steps)
    house = np.concatenate([np.arange(houses), rng.integers(0, houses, max(n - houses, 0))])[:n]
    rng.shuffle(house)
    effects = rng.normal(size=houses) * spread
    effects -= effects.mean()
    true = 1 / (1 + np.exp(-(path[at] + effects[house])))
    share = np.clip(rng.binomial(PERSONS, true) / PERSONS, 0.5 / (PERSONS + 1), 1 - 0.5 / (PERSONS + 1))
    polls = Polls(at.astype(float), np.log(share / (1 - share)), 1 / (PERSONS * share * (1 - share)), np.zeros(n), house, houses)
    return polls, path, effects


def by_hand(days: list[float], logit: list[float], house: list[int], *, persons: list[float] | None = None) -> Polls:
    share = 1 / (1 + np.exp(-np.array(logit)))
    noise = 1 / (np.array(persons or [PERSONS] * len(days)) * share * (1 - share))
    return Polls(np.array(days, dtype=float), np.array(logit), noise, np.zeros(len(days)), np.array(house), max(house) + 1)


def blurred(polls: Polls, seed: int) -> Polls:
    return dataclasses.replace(polls, span=np.random.default_rng(seed).choice([0.0, 30.0, 365.0], len(polls.days)))


def covariance(polls: Polls, drift: float, spread: float) -> Array:
    since = polls.days - polls.days[0]
    walk, lean = drift**2 / YEAR, contrasts(polls.houses)[polls.house]
    return np.diag(polls.noise + walk * polls.span / 4) + walk * np.minimum.outer(since, since) + spread**2 * lean @ lean.T


# --- the likelihood ------------------------------------------------------------------------------------------------------------------


def test_contrasts_are_an_orthonormal_basis_of_what_sums_to_zero() -> None:
    for houses in range(1, 9):
        basis = contrasts(houses)
        np.testing.assert_allclose(basis.T @ basis, np.eye(houses - 1), atol=1e-12)
        np.testing.assert_allclose(basis.sum(axis=0), 0, atol=1e-12)
        np.testing.assert_allclose(basis @ basis.T, np.eye(houses) - 1 / houses, atol=1e-12)  # every house has the same prior variance


@pytest.mark.parametrize(("n", "houses"), [(2, 2), (3, 1), (30, 4), (150, 9)])
def test_the_likelihood_is_the_density_of_all_differences(n: int, houses: int) -> None:
    from scipy.stats import multivariate_normal

    polls = blurred(simulated(np.random.default_rng(n), n, houses)[0], n)
    differences = np.linalg.svd(np.ones((1, n)))[2][1:]  # an orthonormal basis of what does not change when the level does
    drifts, spreads = np.array([0.01, 0.5, 3.0]), np.array([0.02, 0.5])
    mine = log_likelihood(fitted(polls, drifts), spreads)
    for (g, drift), (k, spread) in ((a, b) for a in enumerate(drifts) for b in enumerate(spreads)):
        known = multivariate_normal(cov=differences @ covariance(polls, drift, spread) @ differences.T).logpdf(differences @ polls.logit)
        # the diffuse start takes the level's own density, log n / 2, into the bargain
        assert mine[g, k] == pytest.approx(known - 0.5 * np.log(n), abs=1e-8)


def test_likelihood_level_and_effects_are_those_of_statsmodels() -> None:
    from statsmodels.tsa.statespace.initialization import Initialization
    from statsmodels.tsa.statespace.kalman_smoother import KalmanSmoother

    whole = simulated(np.random.default_rng(5), 60, 4)[0]
    days, first = np.unique(whole.days, return_index=True)  # statsmodels takes one measurement a day
    polls = Polls(days, whole.logit[first], whole.noise[first], np.zeros(len(first)), whole.house[first], 4)
    drift, spread, at, last = 0.6, 0.2, days.astype(int), int(days[-1])
    series, variances, design = np.full((1, last + 1), np.nan), np.ones((1, 1, last + 1)), np.zeros((1, 4, last + 1))
    series[0, at], variances[0, 0, at], design[0, 0], design[0, 1:, at] = polls.logit, polls.noise, 1.0, contrasts(4)[polls.house]
    peer = KalmanSmoother(k_endog=1, k_states=4, k_posdef=1)
    peer.bind(np.asfortranarray(series))
    peer["design"], peer["obs_cov"], peer["transition"], peer["selection"] = design, variances, np.eye(4), np.eye(4)[:, :1]
    peer["state_cov"] = np.array([[drift**2 / YEAR]])
    start = Initialization(4)
    start.set(0, "diffuse")
    start.set((1, 4), "known", constant=np.zeros(3), stationary_cov=spread**2 * np.eye(3))
    peer.initialize(start)
    known = peer.smooth()
    fit = fitted(polls, np.array([drift]))
    # Durbin & Koopman count log 2π for the measurement that starts the level too
    assert log_likelihood(fit, np.array([spread]))[0, 0] - 0.5 * np.log(2 * np.pi) == pytest.approx(known.llf, abs=1e-8)
    level, variance, effects, errors = known_given(fit, level_on(polls, fit, np.array([drift]), np.arange(last + 1.0)), 0, spread, 4)
    np.testing.assert_allclose(level, known.smoothed_state[0], atol=1e-8)
    np.testing.assert_allclose(variance, known.smoothed_state_cov[0, 0], atol=1e-8)
    np.testing.assert_allclose(effects, contrasts(4) @ known.smoothed_state[1:, -1], atol=1e-8)
    np.testing.assert_allclose(errors, np.diag(contrasts(4) @ known.smoothed_state_cov[1:, 1:, -1] @ contrasts(4).T), atol=1e-8)


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 10_000), n=st.integers(3, 40), drift=st.floats(-4, 1.5), spread=st.floats(-4, 1))
def test_the_gradient_is_that_of_small_steps(seed: int, n: int, drift: float, spread: float) -> None:
    polls = blurred(simulated(np.random.default_rng(seed), n, 3)[0], seed)
    value, slope = gradient(polls, drift, spread)
    step = 1e-5
    by_step = [gradient(polls, drift + step * a, spread + step * b)[0] - gradient(polls, drift - step * a, spread - step * b)[0] for a, b in ((1, 0), (0, 1))]
    assert np.isfinite(value)
    np.testing.assert_allclose(slope, np.array(by_step) / (2 * step), rtol=1e-4, atol=1e-4)


def test_nothing_near_the_maximum_is_likelier() -> None:
    polls = simulated(np.random.default_rng(11), 200, 6)[0]
    drift, spread, value = maximum(polls, (0.1, 0.02))
    around = log_likelihood(fitted(polls, drift * np.exp(np.linspace(-0.3, 0.3, 13))), spread * np.exp(np.linspace(-0.3, 0.3, 13)))
    assert around.max() <= value + 1e-9
    assert np.abs(gradient(polls, np.log(drift), np.log(spread))[1]).max() < 1e-3


# --- what is known of opinion --------------------------------------------------------------------------------------------------------


def test_a_single_poll_returns_itself() -> None:
    polls = by_hand([0], [0.3], [0])
    found = pooled(polls, np.array([0.0, 365.25]), **PRIORS)
    deviation = np.sqrt(polls.noise[0])
    np.testing.assert_allclose(found.path[:, 0], 0.3 + deviation * np.array([-1.959964, -1.281552, 0, 1.281552, 1.959964]), atol=1e-5)
    assert found.path[2, 1] == pytest.approx(0.3, abs=1e-9)
    assert found.path[4, 1] - found.path[0, 1] > 4 * deviation  # a year later less is known
    assert (found.effects == 0).all()
    assert found.best is None


def test_one_day_s_polls_lie_between_their_weighted_mean_and_the_mean_of_houses() -> None:
    polls = by_hand([0, 0], [0.0, 0.4], [0, 1], persons=[900, 300])
    found = pooled(polls, np.array([0.0]), **PRIORS)
    weighted = (polls.logit / polls.noise).sum() / (1 / polls.noise).sum()
    assert weighted < found.path[2, 0] < 0.2
    assert found.effects[2, 0] == pytest.approx(-found.effects[2, 1], abs=1e-9)


@settings(deadline=None, max_examples=15)
@given(seed=st.integers(0, 10_000), houses=st.integers(2, 4))
def test_house_effects_sum_to_zero_and_bands_lie_in_one_another(seed: int, houses: int) -> None:
    polls = simulated(np.random.default_rng(seed), 12, houses)[0]
    found = pooled(polls, np.arange(polls.days[-1] + 1), **PRIORS, maximise=False)
    assert (np.diff(found.path, axis=0) > 0).all()
    assert np.isfinite(found.path).all()
    if houses == 2:
        np.testing.assert_allclose(found.effects[2].sum(), 0, atol=1e-7)
        np.testing.assert_allclose(found.effects[0, 0], -found.effects[4, 1], atol=1e-6)


@settings(deadline=None, max_examples=15)
@given(seed=st.integers(0, 10_000), shift=st.floats(-2, 2))
def test_turning_the_answer_round_turns_the_path_round_and_a_shift_shifts_it(seed: int, shift: float) -> None:
    polls = simulated(np.random.default_rng(seed), 10, 3)[0]
    days = np.arange(0, polls.days[-1] + 1, 20)
    plain, turned, moved = (
        pooled(dataclasses.replace(polls, logit=logit), days, **PRIORS, maximise=False) for logit in (polls.logit, -polls.logit, polls.logit + shift)
    )
    near = 2e-3  # rounding may let a point of the grid that weighs next to nothing in or out
    np.testing.assert_allclose(turned.path, -plain.path[::-1], atol=near)
    np.testing.assert_allclose(moved.path, plain.path + shift, atol=near)
    np.testing.assert_allclose(moved.effects, plain.effects, atol=near)


def test_a_house_with_a_huge_sample_moves_the_path() -> None:
    days, logit = [0, 40, 80, 120], [0.0, 0.05, -0.02, 0.03]
    before = pooled(by_hand(days, logit, [0, 1, 0, 1]), np.array([60.0]), **PRIORS)
    after = pooled(
        by_hand([*days[:2], 60, *days[2:]], [*logit[:2], 0.5, *logit[2:]], [0, 1, 2, 0, 1], persons=[1000, 1000, 100_000, 1000, 1000]),
        np.array([60.0]),
        **PRIORS,
    )
    assert after.path[2, 0] > before.path[2, 0] + 0.1


def test_a_planted_house_effect_is_not_taken_for_opinion() -> None:
    """The leaning house asks alone for the last half year: opinion seems to jump, and does not."""
    rng = np.random.default_rng(8)
    days = np.concatenate([np.arange(0, 730, 10), np.arange(735, 915, 10)])
    house = np.concatenate([np.arange(73) % 2, np.ones(18, dtype=int)])
    lean = 0.4
    logit = np.where(house == 1, lean / 2, -lean / 2) + rng.normal(size=len(days)) * 0.05
    polls = dataclasses.replace(by_hand(list(days), [0.0] * len(days), list(house)), logit=logit, noise=np.full(len(days), 0.05**2))
    found = pooled(polls, np.array([365.0, 905.0]), **PRIORS)
    assert found.effects[2, 1] == pytest.approx(lean / 2, abs=0.03)
    assert found.effects[0, 1] < lean / 2 < found.effects[4, 1]
    assert found.path[2, 1] == pytest.approx(0.0, abs=0.08)
    naive = pooled(dataclasses.replace(polls, house=np.zeros_like(house), houses=1), np.array([905.0]), **PRIORS)
    assert naive.path[2, 0] > 0.15  # without houses it would be taken for opinion


def test_a_poll_whose_day_is_vague_counts_for_less_where_opinion_drifts() -> None:
    sharp = by_hand([0, 100, 200, 300, 400], [0.0, 0.5, 0.1, 0.6, 0.2], [0, 1, 0, 1, 0])
    vague = dataclasses.replace(sharp, span=np.array([0, 365.0, 0, 0, 0]))
    day = np.array([100.0])
    first, second = (pooled(polls, day, **PRIORS, maximise=False).path[:, 0] for polls in (sharp, vague))
    assert second[4] - second[0] > 1.1 * (first[4] - first[0])
    assert abs(second[2] - 0.5) > abs(first[2] - 0.5)


@settings(deadline=None, max_examples=50)
@given(seed=st.integers(0, 10_000), parts=st.integers(1, 6), level=st.floats(0.01, 0.99))
def test_quantiles_of_mixtures_hold_their_share(seed: int, parts: int, level: float) -> None:
    from scipy.stats import norm

    rng = np.random.default_rng(seed)
    weights, means, deviations = rng.uniform(0.01, 1, parts), rng.normal(size=(parts, 3)) * 3, rng.uniform(0.05, 2, (parts, 3))
    at = mixture_quantiles(weights, means, deviations, (level,))[0]
    below = (weights[:, None] / weights.sum() * norm.cdf((at - means) / deviations)).sum(axis=0)
    np.testing.assert_allclose(below, level, atol=5e-6)


def test_the_grid_is_fine_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    for n, houses in ((2, 2), (5, 2), (40, 5)):
        polls = simulated(np.random.default_rng(n), n, houses)[0]
        days = np.linspace(0, polls.days[-1], 20)
        usual = pooled(polls, days, **PRIORS, maximise=False).path
        with monkeypatch.context() as finer:
            for name, value in (("COARSE", (60, 50)), ("FINE", (81, 51)), ("LIGHT", 1e-7), ("DEPTH", 12.0)):
                finer.setattr(f"comity.models.polling.fit.{name}", value)
            exact = pooled(polls, days, **PRIORS, maximise=False).path
        assert np.abs(usual - exact).max() < 0.01  # a quarter of a point


# --- coverage ------------------------------------------------------------------------------------------------------------------------


def half_t(rng: np.random.Generator, scale: float) -> float:
    return float(min(abs(rng.standard_t(FREEDOM)) * scale, 4.0))


def covered(rng: np.random.Generator, sets: int, n: int, houses: int, **true: float) -> tuple[Array, Array]:
    """For each simulated set, the share of days whose true level the 95 and 80 % bands hold and, last, of houses whose effect the 95 % interval holds; and the mean errors."""
    held, errors = [], []
    for _ in range(sets):
        drift, spread = true.get("drift", half_t(rng, 0.5)), true.get("spread", half_t(rng, 0.15))
        polls, path, effects = simulated(rng, n, houses, drift=drift, spread=spread)
        days = np.unique(np.linspace(0, polls.days[-1], 25).astype(int))
        found, level = pooled(polls, days.astype(float), **PRIORS, maximise=False), path[days]
        inside = [((found.path[low] <= level) & (level <= found.path[high])).mean() for low, high in ((0, 4), (1, 3))]
        held.append([*inside, ((found.effects[0] <= effects) & (effects <= found.effects[4])).mean()])
        errors.append((found.path[2] - level).mean())
    return np.array(held), np.array(errors)


def test_bands_hold_the_latent_path_as_often_as_they_say() -> None:
    rng = np.random.default_rng(20261122)
    held, errors = covered(rng, 150, 30, 4)
    assert held[:, 0].mean() == pytest.approx(0.95, abs=0.02)
    assert held[:, 1].mean() == pytest.approx(0.80, abs=0.04)
    assert held[:, 2].mean() == pytest.approx(0.95, abs=0.03)
    assert abs(errors.mean()) < 3 * errors.std() / np.sqrt(len(errors))


@pytest.mark.long
@pytest.mark.parametrize(("n", "houses"), [(2, 2), (3, 2), (5, 2), (12, 4), (60, 6), (200, 12)])
def test_bands_hold_over_the_prior_with_few_polls_and_many(n: int, houses: int) -> None:
    held, errors = covered(np.random.default_rng(n), 1000, n, houses)
    assert held[:, 0].mean() == pytest.approx(0.95, abs=0.02)
    assert held[:, 1].mean() == pytest.approx(0.80, abs=0.03)
    assert held[:, 2].mean() == pytest.approx(0.95, abs=0.02)
    assert abs(errors.mean()) < 4 * errors.std() / np.sqrt(len(errors))


@pytest.mark.long
@pytest.mark.parametrize("drift", [0.1, 0.4, 1.0])
@pytest.mark.parametrize("spread", [0.05, 0.3])
def test_bands_hold_for_fixed_drift_and_leanings_with_sixty_polls(drift: float, spread: float) -> None:
    held, errors = covered(np.random.default_rng(60), 500, 60, 6, drift=drift, spread=spread)
    assert held[:, 0].mean() == pytest.approx(0.95, abs=0.02)
    assert held[:, 2].mean() == pytest.approx(0.95, abs=0.02)
    assert abs(errors.mean()) < 4 * errors.std() / np.sqrt(len(errors))


def test_house_effects_and_drift_are_recovered_from_many_polls() -> None:
    polls, path, effects = simulated(np.random.default_rng(4), 600, 12, days=3650, drift=0.5, spread=0.15)
    days = np.arange(polls.days[-1] + 1)
    found = pooled(polls, days, **PRIORS)
    assert np.corrcoef(found.effects[2], effects)[0, 1] > 0.97
    assert np.abs(found.effects[2] - effects).max() < 0.06
    assert found.drift[0] < 0.5 < found.drift[4]
    assert found.spread[0] < 0.15 < found.spread[4]
    assert found.best is not None
    assert found.drift[0] < found.best[0] < found.drift[4]
    error = found.path[2] - path[: len(days)]
    assert np.sqrt((error**2).mean()) < 0.9 * np.sqrt(polls.noise.mean())  # nearer than single polls
    assert ((found.path[0] <= path[: len(days)]) & (path[: len(days)] <= found.path[4])).mean() > 0.9
