"""The Hawkes engine: against a direct double sum, finite differences, known parameters, time rescaling and the algebra of the process."""

from __future__ import annotations

import builtins
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest, kstest

from comity.models.hawkes import (
    Covariates,
    HawkesFit,
    HawkesModel,
    Pattern,
    compensators,
    fit_hawkes,
    intensity,
    log_likelihood,
    residuals,
    score,
    simulate,
)
from comity.models.point_process import fast as hawkes_fast
from comity.models.point_process.features import decayed
from comity.models.point_process.likelihood import model_of, vectors
from comity.vocab.errors import ComityError, NotAPointPattern, OutOfRange, Runaway

UNEVEN = HawkesModel(baseline=[0.4, 0.1], alpha=[[0.3, 0.0], [0.5, 0.2]], decay=1.5)
"""The first excites the second and not the other way round."""


def direct(model: HawkesModel, pattern: Pattern, grid: Covariates | None = None) -> float:
    """The log-likelihood by its definition, every pair of events, without any recursion."""
    total = 0.0
    for t, i in zip(pattern.times, pattern.marks, strict=True):
        if t > pattern.start:
            total += np.log(direct_intensity(model, pattern, t, grid)[i])
    cells = [(pattern.start, pattern.end, np.zeros(0))]
    if grid is not None:
        cells = list(zip(np.maximum(grid.edges[:-1], pattern.start), np.minimum(grid.edges[1:], pattern.end), grid.values, strict=True))
    for i in range(model.size):
        total -= sum(model.baseline[i] * np.exp(x @ model.effects[i]) * max(0.0, high - low) for low, high, x in cells)
        for t, j in zip(pattern.times, pattern.marks, strict=True):
            for alpha, beta in zip(model.alpha[i, j], model.decay, strict=True):
                total -= alpha * (np.exp(-beta * (max(t, pattern.start) - t)) - np.exp(-beta * (pattern.end - t)))
    return float(total)


def direct_intensity(model: HawkesModel, pattern: Pattern, at: float, grid: Covariates | None = None) -> np.ndarray:
    found = model.baseline.copy()
    if grid is not None:
        cell = next(c for c in range(len(grid.values)) if grid.edges[c] < at <= grid.edges[c + 1])
        found = found * np.exp(model.effects @ grid.values[cell])
    for t, j in zip(pattern.times, pattern.marks, strict=True):
        if t < at:
            found = found + (model.alpha[:, j] * model.decay * np.exp(-model.decay * (at - t))).sum(axis=1)
    return found


@st.composite
def cases(draw: st.DrawFn) -> tuple[HawkesModel, Pattern, Covariates | None]:
    """Any small model and pattern: ties, history, empty dimensions, several decays, covariates or none."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    size, kinds, count = draw(st.integers(1, 4)), draw(st.integers(1, 3)), draw(st.integers(0, 40))
    times = np.sort(np.round(rng.uniform(-5.0, 20.0, count), draw(st.integers(0, 3))))
    columns = draw(st.integers(0, 2))
    grid = Covariates(np.array([-6.0, 2.5, 3.0, 11.0, 30.0]), rng.normal(size=(4, columns))) if columns else None
    effects = rng.normal(size=(size, columns))
    model = HawkesModel(rng.uniform(0.05, 1.0, size), rng.uniform(0.0, 0.4, (size, size, kinds)), 10.0 ** rng.uniform(-2, 2, kinds), effects)
    return model, Pattern(times, rng.integers(0, size, count), size, end=20.5), grid


@settings(max_examples=60, deadline=None)
@given(case=cases())
def test_the_likelihood_is_the_double_sum_over_pairs(case: Any) -> None:
    model, pattern, grid = case
    wanted = direct(model, pattern, grid)
    for engine in ("numpy", "numba"):
        assert log_likelihood(model, pattern, grid, engine=engine) == pytest.approx(wanted, rel=1e-8, abs=1e-8)


@settings(max_examples=40, deadline=None)
@given(case=cases())
def test_the_gradient_agrees_with_finite_differences(case: Any) -> None:
    model, pattern, grid = case
    rows, own = vectors(model), score(model, pattern, grid)
    columns = model.effects.shape[1]

    def at(changed: np.ndarray, decays: np.ndarray) -> float:
        return log_likelihood(model_of(changed, decays, columns), pattern, grid)

    for place in np.ndindex(rows.shape):
        moved = np.zeros_like(rows)
        moved[place] = 1e-6 * max(1.0, abs(rows[place]))
        base = np.maximum(rows, 2e-6) if place[1] == 0 or place[1] > columns else rows
        if base[place] != rows[place]:
            continue  # at the bound there is no difference on both sides
        wanted = (at(rows + moved, model.decay) - at(rows - moved, model.decay)) / (2 * moved[place])
        assert own[0][place] == pytest.approx(wanted, rel=1e-5, abs=1e-5)
    for k, beta in enumerate(model.decay):
        step = np.zeros_like(model.decay)
        step[k] = 1e-5 * beta
        wanted = (at(rows, model.decay + step) - at(rows, model.decay - step)) / (2 * step[k])
        assert own[1][k] == pytest.approx(wanted, rel=1e-4, abs=1e-5)


@settings(max_examples=40, deadline=None)
@given(case=cases(), shift=st.floats(-1e4, 1e4), data=st.data())
def test_neither_the_origin_of_time_nor_the_names_of_dimensions_matter(case: Any, shift: float, data: st.DataObject) -> None:
    model, pattern, grid = case
    wanted = log_likelihood(model, pattern, grid)
    moved_grid = None if grid is None else Covariates(grid.edges + shift, grid.values)
    moved = Pattern(pattern.times + shift, pattern.marks, pattern.size, end=pattern.end + shift, start=pattern.start + shift)
    if len(np.unique(moved.times)) == len(np.unique(pattern.times)) and moved.first == pattern.first:  # rounding made no new ties
        assert log_likelihood(model, moved, moved_grid) == pytest.approx(wanted, rel=1e-6, abs=1e-6)
    order = np.array(data.draw(st.permutations(range(model.size))))
    named = HawkesModel(model.baseline[order], model.alpha[np.ix_(order, order)], model.decay, model.effects[order])
    renamed = Pattern(pattern.times, np.argsort(order)[pattern.marks], pattern.size, end=pattern.end)
    assert log_likelihood(named, renamed, grid) == pytest.approx(wanted, rel=1e-10, abs=1e-10)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32), rounding=st.integers(0, 4), scale=st.sampled_from([0.01, 1.0, 100.0, 1e5]))
def test_both_engines_give_the_same_numbers(seed: int, rounding: int, scale: float) -> None:
    rng = np.random.default_rng(seed)
    times, at = np.sort(np.round(rng.uniform(0, scale, 200), rounding)), np.sort(np.round(rng.uniform(-1, scale + 1, 150), rounding))
    marks, decays, rows = rng.integers(0, 3, 200), np.array([0.03, 1.0, 40.0]), rng.permutation(150)
    found = [decayed(times, marks, 3, decays, at, rows, delays=True, engine=engine) for engine in ("numpy", "numba")]
    for one, other in zip(*found, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-10, atol=1e-13)


def test_a_fit_is_the_same_with_both_engines_and_without_numba(monkeypatch: pytest.MonkeyPatch) -> None:
    pattern = simulate(UNEVEN, end=2_000.0, seed=3)
    by_numpy, by_numba = (fit_hawkes(pattern, engine=engine) for engine in ("numpy", "numba"))
    assert by_numpy.log_likelihood == pytest.approx(by_numba.log_likelihood, rel=1e-10)
    np.testing.assert_allclose(by_numpy.model.alpha, by_numba.model.alpha, rtol=1e-6, atol=1e-8)
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name == "numba":
            raise ImportError(name)
        return real(name, *rest, **more)

    hawkes_fast.compiled.cache_clear()
    monkeypatch.setattr(builtins, "__import__", without)
    try:
        alone = log_likelihood(UNEVEN, pattern, engine="numba")
    finally:
        hawkes_fast.compiled.cache_clear()
    assert alone == pytest.approx(log_likelihood(UNEVEN, pattern, engine="numpy"), rel=1e-14)


def test_the_loop_that_numba_compiles_is_right_as_plain_python_too() -> None:
    times, at = np.array([0.0, 1.0, 1.0]), np.array([1.0, 2.0])
    counts, delays = np.zeros((2, 2)), np.zeros((2, 2))
    hawkes_fast.recursion(times, np.array([0, 1, 0]), np.array([1.0]), at, np.array([1, 0]), counts, delays)
    e = np.exp(-1.0)
    np.testing.assert_allclose(counts, [[e + e**2, e], [e, 0.0]])
    np.testing.assert_allclose(delays, [[e + 2 * e**2, e], [e, 0.0]])


def test_rows_are_excited_by_columns() -> None:
    """One event of dimension 1 in an empty past: dimension i waits for alpha[i, 1] offspring, not alpha[1, i]."""
    model = HawkesModel(baseline=[0.0, 0.0, 0.0], alpha=[[0.0, 0.2, 0.0], [0.0, 0.0, 0.7], [0.0, 0.9, 0.0]], decay=2.0)
    one = Pattern(times=[0.0], marks=[1], size=3, end=50.0, start=0.0)
    np.testing.assert_allclose(compensators(model, one)[1], [0.2, 0.0, 0.9], atol=1e-12)
    np.testing.assert_allclose(intensity(model, one, [0.5])[0], 2.0 * np.exp(-1.0) * np.array([0.2, 0.0, 0.9]))
    born = simulate(model, end=50.0, seed=1, history=Pattern(np.zeros(20_000), np.ones(20_000, dtype=int), 3, end=1.0, start=-1.0))
    direct_share = 0.9 / (1 - 0.7 * 0.9)  # of 2: born of 1, whose offspring come back through 2
    assert born.counts[0] / 20_000 == pytest.approx(0.2 * (1 + 0.7 * direct_share), rel=0.05)
    assert born.counts[2] / 20_000 == pytest.approx(direct_share, rel=0.05)
    fitted = fit_hawkes(simulate(UNEVEN, end=20_000.0, seed=8), decay=1.5).model.offspring
    assert fitted[1, 0] == pytest.approx(0.5, abs=0.05)
    assert fitted[0, 1] < 0.05


def test_the_intensity_is_that_of_the_definition_at_any_moment_in_any_order() -> None:
    rng = np.random.default_rng(5)
    model = HawkesModel([0.2, 0.6], rng.uniform(0, 0.4, (2, 2, 2)), [0.3, 4.0], rng.normal(size=(2, 1)))
    pattern = Pattern(np.sort(rng.uniform(0, 10, 30)), rng.integers(0, 2, 30), 2, end=10.0)
    grid = Covariates([-1.0, 4.0, 20.0], [0.5, -0.7])
    at = np.array([9.0, 0.1, pattern.times[7], 15.0])
    np.testing.assert_allclose(intensity(model, pattern, at, grid), [direct_intensity(model, pattern, t, grid) for t in at], rtol=1e-12)


def test_the_compensator_is_the_integral_of_the_intensity() -> None:
    model = HawkesModel([0.5, 0.2], [[0.4, 0.1], [0.0, 0.3]], 0.8, [[0.6], [-0.4]])
    pattern, grid = Pattern([-1.0, 0.3, 2.0, 2.0, 5.5], [0, 1, 0, 0, 1], 2, end=6.0), Covariates([-2.0, 3.0, 6.0], [1.0, 2.0])
    clocks, whole = compensators(model, pattern, grid)
    steps = np.linspace(0, 6, 60_001)
    middles = intensity(model, pattern, (steps[1:] + steps[:-1]) / 2, grid) * 1e-4
    np.testing.assert_allclose(middles.sum(axis=0), whole, rtol=1e-4)
    np.testing.assert_allclose(clocks[1], [middles[:3_000, 1].sum(), middles[:55_000, 1].sum()], rtol=1e-3)
    assert clocks[0][0] == clocks[0][1]  # a tie


def test_known_parameters_come_back() -> None:
    truth = HawkesModel([0.5, 0.2, 0.3], [[0.3, 0.0, 0.2], [0.4, 0.1, 0.0], [0.0, 0.3, 0.2]], 1.5)
    found = fit_hawkes(simulate(truth, end=30_000.0, seed=11))
    assert found.converged
    for estimate, error, value in (
        (found.model.baseline, found.baseline_error, truth.baseline),
        (found.model.alpha, found.alpha_error, truth.alpha),
        (found.model.decay, found.decay_error, truth.decay),
    ):
        known = np.isfinite(error)
        assert (np.abs(estimate - value)[known] < 4 * error[known]).all()
        assert (value[~known] == 0).all()
    assert found.model.spectral_radius == pytest.approx(truth.spectral_radius, abs=0.03)


def test_a_fitted_model_expects_as_many_events_as_there_were() -> None:
    """Scaling all of a target's intensity cannot better the best fit, so the compensator equals the count (Ogata 1978)."""
    pattern = simulate(UNEVEN, end=500.0, seed=4)
    rows = residuals(fit_hawkes(pattern).model, pattern).rows
    np.testing.assert_allclose(rows["expected"].to_numpy(), rows["events"].to_numpy(), rtol=1e-6)


def test_covariates_come_back() -> None:
    rng = np.random.default_rng(2)
    grid = Covariates(np.arange(0.0, 5_001.0, 10.0), rng.normal(size=(500, 2)))
    truth = HawkesModel([0.4, 0.3], [[0.3, 0.1], [0.2, 0.2]], 1.0, [[0.8, -0.5], [0.0, 0.4]])
    found = fit_hawkes(simulate(truth, end=5_000.0, seed=4, covariates=grid), covariates=grid)
    assert found.converged
    assert (np.abs(found.model.effects - truth.effects) < 4 * found.effects_error).all()
    assert (np.abs(found.model.baseline - truth.baseline) < 4 * found.baseline_error).all()
    assert found.effects_error.max() < 0.1


def test_two_time_scales_come_back() -> None:
    truth = HawkesModel([0.3], [[[0.3, 0.35]]], [0.05, 5.0])
    found = fit_hawkes(simulate(truth, end=20_000.0, seed=6), components=2)
    one = fit_hawkes(simulate(truth, end=20_000.0, seed=6), components=1)
    assert found.log_likelihood > one.log_likelihood + 50
    assert (np.abs(found.model.decay - truth.decay) < 4 * found.decay_error).all()
    assert (np.abs(found.model.alpha - truth.alpha) < 4 * found.alpha_error).all()


def test_the_standard_errors_are_those_of_the_numerical_hessian() -> None:
    pattern = simulate(UNEVEN, end=1_000.0, seed=1)
    found = fit_hawkes(pattern)
    free = [(i, c) for i in range(2) for c in range(3) if np.isfinite(found.covariance[i][c, c])]
    rows, decay = vectors(found.model), found.model.decay

    def gradient(point: np.ndarray) -> np.ndarray:
        changed = rows.copy()
        for (i, c), value in zip(free, point, strict=False):
            changed[i, c] = value
        own, by_decay = score(model_of(changed, point[-1:], 0), pattern)
        return np.array([*(own[place] for place in free), by_decay[0]])

    point = np.array([*(rows[place] for place in free), decay[0]])
    hessian = np.empty((len(point), len(point)))
    for at, value in enumerate(point):
        step = np.zeros_like(point)
        step[at] = 1e-5 * value
        hessian[:, at] = -(gradient(point + step) - gradient(point - step)) / (2 * step[at])
    errors = np.sqrt(np.diag(np.linalg.inv(hessian)))
    np.testing.assert_allclose([*(np.sqrt(found.covariance[i][c, c]) for i, c in free), found.decay_error[0]], errors, rtol=1e-4)
    assert np.abs(gradient(point)).max() < 0.05


def coverage(runs: int, truth: HawkesModel, end: float, **asked: Any) -> tuple[dict[str, list[bool]], dict[str, list[float]]]:
    """For each parameter, whether its 95 % interval held the truth, and the estimates' standardised errors, over simulated runs."""
    held: dict[str, list[bool]] = {}
    errors: dict[str, list[float]] = {}
    truths = {"baseline": truth.baseline, "alpha": truth.alpha, "decay": truth.decay, "effect": truth.effects}
    for seed in range(runs):
        table = fit_hawkes(simulate(truth, end=end, seed=seed, covariates=asked.get("covariates")), **asked).table()
        for row in table.iter_rows(named=True):
            name, i, j, k = row["parameter"], row["target"], row["source"], row["component"]
            value = float(truths[name][tuple(at for at in (i, j, k) if at is not None)])
            if row["low"] is not None:
                held.setdefault(f"{name} {i} {j} {k}", []).append(row["low"] <= value <= row["high"])
                errors.setdefault(f"{name} {i} {j} {k}", []).append(row["estimate"] - value)
    return held, errors


INNER = HawkesModel([0.5, 0.3], [[0.3, 0.2], [0.4, 0.2]], 1.2)
"""No parameter near its bound, where intervals by the information do not hold."""


def held_and_unbiased(runs: int, end: float, **asked: Any) -> None:
    held, errors = coverage(runs, INNER, end, **asked)
    assert len(held) == 7
    for name, inside in held.items():
        assert len(inside) == runs
        assert binomtest(sum(inside), runs, 0.95).pvalue > 0.001, (name, sum(inside) / runs)
        off = np.array(errors[name])  # a quarter of one run's own error, which a short window costs, and the chance in the mean of the runs
        assert abs(off.mean()) < (0.25 + 2.5 / np.sqrt(runs)) * off.std(), name


def test_intervals_hold_the_truth_as_often_as_they_say_few_runs() -> None:
    held_and_unbiased(60, 1_500.0)


@pytest.mark.long
def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    held_and_unbiased(500, 3_000.0)


@pytest.mark.long
def test_there_is_no_bias_in_a_long_window() -> None:
    _, errors = coverage(100, INNER, 20_000.0)
    for name, off in errors.items():
        assert abs(np.mean(off)) < 2 * np.std(off) / np.sqrt(len(off)), name


@pytest.mark.long
def test_intervals_of_covariates_hold_the_truth_as_often_as_they_say() -> None:
    grid = Covariates(np.arange(0.0, 3_001.0, 30.0), (np.arange(100) % 7 < 2).astype(float))
    truth = HawkesModel([0.2], [[0.45]], 0.8, [[0.7]])
    held, _ = coverage(500, truth, 3_000.0, covariates=grid)
    for name, inside in held.items():
        assert binomtest(sum(inside), len(inside), 0.95).pvalue > 0.001, (name, sum(inside) / len(inside))


def test_residuals_are_exponential_under_the_truth_and_not_under_another_model() -> None:
    pattern = simulate(UNEVEN, end=4_000.0, seed=9)
    right = residuals(UNEVEN, pattern)
    assert right.rows["dimension"].to_list() == [0, 1, None]
    assert right.rows["p_value"].min() > 0.01
    assert right.rows["expected"][2] == pytest.approx(len(pattern.times), rel=0.05)
    assert kstest(right.uniform(), "uniform").pvalue == pytest.approx(right.rows["p_value"][2], rel=1e-6)
    poisson = HawkesModel(pattern.counts / 4_000.0, np.zeros((2, 2)), 1.0)
    wrong = residuals(poisson, pattern)
    assert wrong.rows["p_value"].max() < 1e-6
    turned = HawkesModel(UNEVEN.baseline, UNEVEN.alpha.transpose(1, 0, 2), UNEVEN.decay)
    assert residuals(turned, pattern).rows["p_value"].min() < 1e-6


def test_the_residual_test_rejects_the_truth_as_seldom_as_it_says() -> None:
    rejected = sum(residuals(UNEVEN, simulate(UNEVEN, end=400.0, seed=seed)).rows["p_value"][2] < 0.05 for seed in range(200))
    assert binomtest(rejected, 200, 0.05).pvalue > 0.001


def test_a_simulation_has_the_long_run_rates_and_repeats_with_its_seed() -> None:
    pattern = simulate(UNEVEN, end=100_000.0, seed=2)
    np.testing.assert_allclose(pattern.counts / 100_000.0, UNEVEN.rates(), rtol=0.02)
    again = simulate(UNEVEN, end=100_000.0, seed=2)
    assert np.array_equal(pattern.times, again.times)
    assert np.array_equal(pattern.marks, again.marks)
    assert not np.array_equal(pattern.times[:50], simulate(UNEVEN, end=100_000.0, seed=3).times[:50])


def test_a_simulation_goes_on_from_its_history() -> None:
    """After a burst, the chance of quiet is exp(−μh − Σ α (1 − e^{−βh}) R), which needs no simulation."""
    model = HawkesModel([0.02], [[0.6]], 0.1)
    history = Pattern([-9.0, -2.0, 0.0, 3.0], [0, 0, 0, 0], 1, end=4.0, start=-10.0)
    quiet = [simulate(model, start=0.0, end=28.0, seed=seed, history=history).counts[0] == 0 for seed in range(3_000)]
    left = np.exp(-0.1 * np.array([9.0, 2.0, 0.0])).sum()
    wanted = np.exp(-0.02 * 28 - 0.6 * left * (1 - np.exp(-2.8)))
    assert binomtest(sum(quiet), 3_000, wanted).pvalue > 0.001
    one = simulate(model, start=0.0, end=28.0, seed=1, history=history)
    assert one.times[: one.first].tolist() == [-9.0, -2.0, 0.0]  # what lay after the start of the future is not known
    pooled = simulate(model, start=0.0, end=300.0, seed=1, history=history)
    assert residuals(model, pooled).rows["events"][0] == pooled.counts[0]


def test_a_simulation_follows_its_covariates() -> None:
    grid = Covariates([0.0, 1_000.0, 2_000.0], [0.0, 1.0])
    model = HawkesModel([1.0], [[0.0]], 1.0, [[np.log(3.0)]])
    pattern = simulate(model, end=2_000.0, seed=1, covariates=grid)
    late = int((pattern.times > 1_000.0).sum())
    assert binomtest(late, len(pattern.times), 0.75).pvalue > 0.001


def test_ties_do_not_excite_each_other_and_are_told() -> None:
    pattern = Pattern([1.0, 1.0, 1.0, 4.0], [0, 0, 1, 0], 2, end=5.0)
    assert log_likelihood(UNEVEN, pattern) == pytest.approx(direct(UNEVEN, pattern), rel=1e-12)
    np.testing.assert_allclose(intensity(UNEVEN, pattern, [1.0])[0], UNEVEN.baseline)
    found = fit_hawkes(pattern, decay=1.5)
    assert any("2 events share their time" in note.en for note in found.notes)
    assert any("사건 2건" in note.ko for note in residuals(UNEVEN, pattern).notes)


def test_empty_dimensions_get_zeros_without_errors_and_a_word() -> None:
    whole = simulate(UNEVEN, end=500.0, seed=1)
    pattern = Pattern(whole.times, np.where(whole.marks == 1, 3, 0), 4, end=500.0)
    found = fit_hawkes(pattern)
    assert found.converged
    assert found.model.baseline[[1, 2]].tolist() == [0.0, 0.0]
    assert found.model.alpha[[1, 2]].sum() == 0 == found.model.alpha[:, [1, 2]].sum()
    assert np.isnan(found.baseline_error[[1, 2]]).all()
    assert np.isfinite(found.baseline_error[[0, 3]]).all()
    assert {
        "No event in dimension 1, 2: its rate is put at 0 without an interval.",
        "Dimension 1, 2 never occurred, so what it excites is unknown and put at 0.",
    } <= {note.en for note in found.notes}
    small = fit_hawkes(whole)
    assert found.log_likelihood == pytest.approx(small.log_likelihood, rel=1e-9)
    assert found.parameters == small.parameters
    assert residuals(found.model, pattern).rows["p_value"][1] is None


def test_events_that_excite_nothing_leave_the_decay_untold() -> None:
    even = Pattern(np.arange(1.0, 200.0), np.zeros(199, dtype=int), 1, end=200.0)  # more regular than chance
    found = fit_hawkes(even)
    assert found.model.alpha.max() == 0.0
    assert found.model.baseline[0] == pytest.approx(199 / 200, rel=1e-6)
    assert found.baseline_error[0] == pytest.approx(np.sqrt(199) / 200, rel=1e-6)
    assert np.isnan(found.decay_error[0])
    assert found.table()["low"].to_list()[1:] == [None, None]
    assert any(note.en.startswith("The data do not tell the decay") for note in found.notes)


def test_history_before_the_window_excites_and_is_not_explained() -> None:
    whole = simulate(UNEVEN, end=300.0, seed=7)
    late = Pattern(whole.times, whole.marks, 2, end=300.0, start=100.0)
    early = Pattern(whole.times[whole.times <= 100.0], whole.marks[whole.times <= 100.0], 2, end=100.0)
    assert log_likelihood(UNEVEN, whole) == pytest.approx(log_likelihood(UNEVEN, early) + log_likelihood(UNEVEN, late), rel=1e-12)
    assert late.counts.sum() + early.counts.sum() == len(whole.times)


@pytest.mark.parametrize(
    ("make", "error", "en", "ko"),
    [
        (lambda: Pattern([2.0, 1.0], [0, 0], 1, end=3.0), NotAPointPattern, "event 1 lies before", "1번 사건이"),
        (lambda: Pattern([1.0, np.nan], [0, 0], 1, end=3.0), NotAPointPattern, "time of event 1 is missing", "1번 사건의 시각"),
        (lambda: Pattern([1.0, 4.0], [0, 0], 1, end=3.0), NotAPointPattern, "after the end of the window, 3.0", "끝(3.0)"),
        (lambda: Pattern([1.0], [1], 1, end=3.0), NotAPointPattern, "from 0 to 0", "0부터 0까지"),
        (lambda: Pattern([1.0], [0.5], 1, end=3.0), NotAPointPattern, "whole number", "정수"),
        (lambda: Pattern([1.0, 2.0], [0], 1, end=3.0), NotAPointPattern, "equal length", "길이가 같은"),
        (lambda: Pattern([], [], 1, end=0.0), NotAPointPattern, "start before it ends", "시작이 끝보다"),
        (lambda: Pattern([], [], 0, end=1.0), NotAPointPattern, "one dimension or more", "1 이상"),
        (lambda: Covariates([0.0, 1.0, 1.0], [1.0, 2.0]), NotAPointPattern, "Edges of a grid rise", "증가"),
        (lambda: Covariates([0.0, 1.0], [1.0, 2.0]), NotAPointPattern, "m+1 edges", "m+1개"),
        (lambda: HawkesModel([0.1], [[0.5]], -1.0), OutOfRange, "decay may be negative; there is -1", "음수"),
        (lambda: HawkesModel([0.1], [[0.5]], 0.0), OutOfRange, "above 0", "0보다"),
        (lambda: HawkesModel([np.nan], [[0.5]], 1.0), OutOfRange, "baseline is missing", "baseline"),
        (lambda: HawkesModel([0.1], [[-0.5]], 1.0), OutOfRange, "alpha may be negative", "alpha"),
        (lambda: HawkesModel([0.1, 0.2], [[0.5]], 1.0), OutOfRange, "shape of alpha is (1, 1, 1)", "(2, 2, 1)"),
        (lambda: HawkesModel([0.1], [[0.5]], 1.0, [[np.inf]]), OutOfRange, "effects is missing", "effects"),
        (lambda: HawkesModel([0.1], [[1.0]], 1.0).rates(), OutOfRange, "spectral radius is 1", "스펙트럼"),
        (lambda: fit_hawkes(Pattern([], [], 1, end=1.0)), OutOfRange, "no event within", "사건이 없어"),
        (lambda: fit_hawkes(Pattern([0.5], [0], 1, end=1.0), decay=-2.0), OutOfRange, "not -2.0", "-2.0"),
        (lambda: fit_hawkes(Pattern([0.5], [0], 1, end=1.0), decay=np.nan), OutOfRange, "not nan", "nan"),
        (lambda: fit_hawkes(Pattern([0.5], [0], 1, end=1.0), components=0), OutOfRange, "1 or more, not 0", "감쇠율의 수"),
        (lambda: log_likelihood(UNEVEN, Pattern([0.5], [0], 1, end=1.0)), OutOfRange, "shape of pattern", "pattern"),
        (lambda: log_likelihood(UNEVEN, Pattern([0.5], [0], 2, end=1.0), Covariates([0.0, 1.0], [1.0])), OutOfRange, "covariates", "covariates"),
        (lambda: simulate(HawkesModel([1.0], [[3.0]], 1.0), end=1e3, seed=1, limit=10_000), Runaway, "outgrew", "한도"),
        (lambda: simulate(HawkesModel([1.0], [[0.0]], 1.0, [[1.0]]), end=9.0, seed=1, covariates=Covariates([0.0, 5.0], [1.0])), NotAPointPattern, "do not cover", "덮지"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_both_languages(make: Any, error: type[ComityError], en: str, ko: str) -> None:
    with pytest.raises(error) as caught:
        make()
    assert en in caught.value.in_("en")
    assert ko in caught.value.in_("ko")


def test_a_fit_tells_its_criterion_and_its_given_decay() -> None:
    found: HawkesFit = fit_hawkes(simulate(UNEVEN, end=300.0, seed=2), decay=1.5)
    assert found.aic == pytest.approx(2 * found.parameters - 2 * found.log_likelihood)
    assert np.isnan(found.decay_error).all()
    assert any(note.en.startswith("The decay was given") for note in found.notes)
    kept = found.table().filter(parameter="alpha")
    assert (kept["low"].drop_nulls() >= 0).all()
    wide = found.table(0.99).filter(parameter="baseline")
    assert (wide["high"] > found.table().filter(parameter="baseline")["high"]).all()


def test_an_impossible_event_has_no_likelihood() -> None:
    model = HawkesModel([0.0, 0.5], [[0.0, 0.0], [0.0, 0.0]], 1.0)
    assert log_likelihood(model, Pattern([0.5], [0], 2, end=1.0)) == -np.inf
