"""What-if: nothing changed is nothing different, common numbers, planted effects, warnings, talks outside cover, and the shipped register."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.measures.result import Result
from comity.models.provocations.act_series import ActSeries
from comity.models.provocations.forecast_settings import ForecastSettings
from comity.models.provocations.self_exciting import log_likelihood, prior_of
from comity.models.provocations.simulation import Parameters, none_until, simulate
from comity.models.provocations.windows import Windows
from comity.models.scenarios.calendar import Entry, baseline
from comity.models.scenarios.covariates import AT, Past, design, marks, past_of
from comity.models.scenarios.data_range import longest
from comity.models.scenarios.draws import log_posterior
from comity.models.scenarios.expected import expected, expected_echo
from comity.models.scenarios.fit import coefficients, fit
from comity.models.scenarios.runs import Job, jobs, run, run_all
from comity.models.scenarios.scenario import AddExercise, AddTalks, Cancel, Change, Day, Move, Scale, Scenario, Which, read_scenario, scenarios_of
from comity.models.scenarios.settings import WhatIfSettings
from comity.models.scenarios.tables import paired
from comity.models.what_if import what_if
from comity.register.snapshot import Snapshot
from comity.vocab.errors import EngineMissing, ScenarioFaults, UnknownActor
from comity.vocab.text import Text

AS_OF = date(2026, 11, 22)
SMALL = WhatIfSettings(pool=ForecastSettings(half_lives=(30.0,), harmonics=(0, 2), memories=(None,)), draws=60, runs=1200, block=500)
SUMMER = Cancel(Which(series="ulchi-freedom-shield"))
SPRING = Cancel(Which(series="freedom-shield"))


def scenario(*changes: Change, days: int = 365) -> Scenario:
    return Scenario(Text("A", "가"), changes, days)


@pytest.fixture(scope="session")
def asked(kor: Snapshot) -> Callable[..., Result]:
    """Ask the shipped register with a small pool; each question once."""

    @cache
    def ask(*changes: Change, days: int = 365, runs: int = SMALL.runs, seed: int = SMALL.seed) -> Result:
        return what_if(kor, scenario(*changes, days=days), as_of=AS_OF, settings=replace(SMALL, runs=runs, seed=seed))

    return ask


def row(found: Result, name: str = "any", measure: str = "acts") -> dict[str, Any]:
    return found.rows.row(by_predicate=(pl.col("class") == name) & (pl.col("measure") == measure), named=True)


# -- the runs ---------------------------------------------------------------------------------------------------------------------------------------


def job(effect: float = 0.7, *, horizon: int = 90, runs: int = 4000, gap: int = 20) -> Job:
    """Two classes, three sets of parameters, a covariate that is on for a month in one of the scenarios."""
    sets = Parameters(
        np.array([10.0, 30.0, 90.0]),
        np.array([[0.02, 0.01], [0.03, 0.005], [0.015, 0.02]]),
        np.array([[0.4, 0.2], [0.5, 0.3], [0.6, 0.1]]),
        np.array([[0.1, 0.05], [0.05, 0.1], [0.02, 0.2]]),
        np.full((3, 2, 1), effect),
    )
    known = np.full((gap, 2), np.nan)
    known[:10, 0] = 0.0
    known[3, 0] = 2.0
    off, on = np.zeros((horizon, 1)), np.zeros((horizon, 1))
    on[20:50] = 1.0
    month = np.arange(horizon) // 30
    return Job(sets, np.array([[0.05, 0.0], [0.1, 0.02], [0.0, 0.1]]), known, np.zeros((gap, 1)), off, on, month, (11,), 0, runs)


def test_blocks_and_processes_give_the_same_answer() -> None:
    whole = job(runs=600)
    parts = jobs(whole, 250)
    one, other = run_all(parts), run_all(parts[::-1][::-1], processes=2)
    assert [part.last - part.first for part in parts] == [250, 250, 100]
    for side in ("without", "with_"):
        assert np.array_equal(getattr(one, side).acts, getattr(other, side).acts)
        assert np.array_equal(getattr(one, side).until, getattr(other, side).until)


def test_a_ray_cluster_gives_the_same_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys
    import types

    asked: list[str | None] = []
    fake = types.ModuleType("ray")
    fake.is_initialized = lambda: False  # type: ignore[attr-defined]
    fake.init = lambda address=None, **_: asked.append(address)  # type: ignore[attr-defined]
    fake.shutdown = lambda: asked.append("down")  # type: ignore[attr-defined]
    fake.remote = lambda function: types.SimpleNamespace(remote=function)  # type: ignore[attr-defined]
    fake.get = list  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "ray", fake)
    parts = jobs(job(runs=300), 100)
    assert np.array_equal(run_all(parts, ray_address="ray://head:10001").with_.acts, run_all(parts).with_.acts)
    assert asked == ["ray://head:10001", "down"]
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(EngineMissing) as error:
        run_all(parts, ray_address="auto")
    assert "Ray" in error.value.in_("ko")


def test_both_scenarios_are_one_until_they_part() -> None:
    pair = run(job(runs=500))
    early = pair.without.until[:, 2] < 20
    assert np.array_equal(pair.without.until[early], pair.with_.until[early]) or early.any()
    assert np.array_equal(pair.without.until[early, 2], pair.with_.until[early, 2])
    assert (pair.with_.acts.sum(axis=(1, 2)) >= pair.without.acts.sum(axis=(1, 2))).all()  # more intensity, same numbers: never fewer acts
    same = run(replace(job(runs=500), with_=job().without))
    assert np.array_equal(same.with_.acts, same.without.acts)


def test_common_random_numbers_reduce_the_error() -> None:
    pair, alone = run(job(runs=3000)), run(replace(job(runs=3000), seed=(12,)))
    acts = [futures.acts.sum(axis=(1, 2), dtype=np.float64) for futures in (pair.without, pair.with_, alone.with_)]
    _, common = paired(acts[0], acts[1], 3)
    _, independent = paired(acts[0], acts[2], 3)
    assert common < 0.75 * independent  # 0.55 to 0.65 for these processes


def test_simulation_agrees_with_the_exact_expectation() -> None:
    whole = job(runs=9000)
    pair = run(whole)
    start = expected_echo(whole.sets, whole.echo, whole.gap, whole.before)
    for futures, path in ((pair.without, whole.without), (pair.with_, whole.with_)):
        told = expected(whole.sets, start, path)
        by_set = futures.acts.sum(axis=1, dtype=np.float64).reshape(-1, 3, 2)
        error = by_set.std(axis=0) / np.sqrt(len(by_set))
        assert (np.abs(by_set.mean(axis=0) - told.acts.sum(axis=1)) < 4 * error + 0.01).all()
        hits = (futures.until < 90).reshape(-1, 3, 3).mean(axis=0)
        assert np.abs(hits - told.chance(90)).max() < 0.04  # the chance is taken at the mean of the unknown echo: close, not exact


def test_the_chance_of_any_act_is_exact_given_the_past() -> None:
    whole = job()
    told = expected(whole.sets, whole.echo, whole.with_)
    quiet = none_until(whole.sets, np.arange(3), whole.echo, whole.with_)
    assert np.allclose(1.0 - told.chance(90)[:, 2], quiet, rtol=1e-12)


@settings(max_examples=25, deadline=None)
@given(st.floats(-1.0, 1.0), st.integers(1, 60), st.integers(1, 3))
def test_the_expectation_moves_with_the_effect(effect: float, horizon: int, seed: int) -> None:
    whole = job(effect, horizon=horizon)
    start = expected_echo(whole.sets, whole.echo, whole.gap, whole.before)
    gap = expected(whole.sets, start, whole.with_).acts.sum() - expected(whole.sets, start, whole.without).acts.sum()
    assert np.sign(gap) == np.sign(effect) * (horizon > 20) or abs(effect) < 1e-9
    rng = np.random.default_rng(seed)
    counts, _ = simulate(whole.sets, np.arange(3), start, whole.without, rng.random((horizon, 3, 2)))
    assert counts.shape == (3, horizon, 2)


def test_the_error_of_a_paired_difference_is_that_within_sets() -> None:
    rng = np.random.default_rng(5)
    means = np.array([0.0, 5.0, -5.0])
    gaps = means[np.arange(3000) % 3] + rng.standard_normal(3000)
    mean, error = paired(np.zeros(3000), gaps, 3)
    assert mean == pytest.approx(gaps.mean())
    assert error == pytest.approx(1 / np.sqrt(3000), rel=0.05)  # the spread between sets is no simulation error


# -- the fit ----------------------------------------------------------------------------------------------------------------------------------------


def planted(log_ratio: float, seed: int = 3, years: int = 30) -> tuple[ActSeries, Past]:
    """A made series whose acts are `log_ratio` more frequent (log) during exercises at drawn times of the year, with talks covered throughout."""
    first, days = date(1990, 1, 1), years * 365
    rng = np.random.default_rng(seed)
    starts = [first + timedelta(days=int(365 * year + rng.integers(0, 335))) for year in range(years) for _ in range(2)]
    rows = pl.DataFrame({"ref": [f"exercise:e{at}" for at in range(len(starts))], "start": starts, "end": [day + timedelta(days=20) for day in starts]})
    drills = rows.with_columns(main=pl.lit(True), series=pl.lit("x"), status=pl.lit("conducted"), personnel=pl.lit(None, dtype=pl.Int64))
    past = Past(first, days, Windows(drills, {}, 60), Windows(drills.clear(), {}, 0), np.ones(days, dtype=bool), np.ones(days, dtype=bool))
    columns = design(marks(past, (), 0, SMALL), past, 0)
    sets = Parameters(np.array([30.0]), np.full((1, 1), 0.03), np.full((1, 1), 0.3), np.full((1, 1), 1e-6), np.zeros((1, 1, columns.shape[1])))
    sets.beta[0, 0, AT["main"]] = log_ratio
    counts, _ = simulate(sets, np.zeros(1, dtype=np.int64), np.zeros((1, 1)), columns, rng.random((days, 1, 1)))
    grid = counts[0].astype(np.float64)
    return ActSeries(first, ("short_range",), grid, np.ones((days, 1), dtype=bool), pl.DataFrame({"ref": [], "what": []})), past


def test_a_planted_effect_is_recovered() -> None:
    series, past = planted(np.log(3.0))
    table = coefficients(fit(series, past, SMALL), SMALL).filter(pl.col("covariate") == "main")
    for one in table.iter_rows(named=True):
        assert one["low"] < 3.0 < one["high"]
        assert one["low"] > 1.3
        assert not one["mostly_prior"]


def test_the_difference_recovers_what_was_planted() -> None:
    """Two exercises of three weeks less: about 0.03 · 42 · (3 − 1) base acts fewer, more with their echo."""
    series, past = planted(np.log(3.0))
    found = fit(series, past, SMALL)
    last = past.last_day
    entries = tuple(Entry("exercise", f"e{at}", last + timedelta(days=at), last + timedelta(days=at + 20), True, "added") for at in (60, 200))
    ahead = [design(marks(past, calendar, 365, SMALL), past, 2)[past.origin :] for calendar in (entries, ())]
    start = np.full((len(found.sets.half_life), 1), 0.05)
    gaps = (expected(found.sets, start, ahead[1]).acts - expected(found.sets, start, ahead[0]).acts).sum(axis=(1, 2))
    truth = Parameters(np.array([30.0]), np.full((1, 1), 0.03), np.full((1, 1), 0.3), np.full((1, 1), 1e-6), np.zeros((1, 1, ahead[0].shape[1])))
    truth.beta[0, 0, AT["main"]] = np.log(3.0)
    one = np.array([[0.05]])
    true = (expected(truth, one, ahead[1]).acts - expected(truth, one, ahead[0]).acts).sum()
    low, high = np.quantile(gaps, [0.05, 0.95])
    assert low < true < high < 0


def test_no_planted_effect_is_not_found() -> None:
    found = [coefficients(fit(*planted(0.0, seed), SMALL), SMALL).filter(pl.col("covariate") == "main") for seed in range(4)]
    inside = [one["low"] < 1.0 < one["high"] for table in found for one in table.iter_rows(named=True)]
    assert sum(inside) >= 6


def test_the_quick_posterior_is_the_likelihood_and_the_prior() -> None:
    rng = np.random.default_rng(1)
    counts = rng.poisson(0.05, 4000).astype(np.float64)
    own, others, made = rng.random(4000) * 0.1, rng.random(4000) * 0.1, rng.standard_normal((4000, 2))
    prior = prior_of(0.05, 2, 2.0)
    theta = np.array([[-3.5, -1.0, -3.0, 0.2, -0.1], [-3.0, -1.5, -2.5, 0.0, 0.3]])
    quick = log_posterior(theta, counts, own, others, made, np.ones(4000), prior)
    plain = [log_likelihood(one, counts, own, others, made) - 0.5 * float(prior.precision @ (one - prior.centre) ** 2) for one in theta]
    assert quick[0] - quick[1] == pytest.approx(plain[0] - plain[1], abs=0.01)


# -- talks and the calendar -------------------------------------------------------------------------------------------------------------------------


def test_days_outside_the_cover_of_talks_say_nothing_of_talks(kor: Snapshot) -> None:
    from comity.models.provocations.act_series import act_series

    series = act_series(kor, "KOR", until=AS_OF)
    past = past_of(kor, "KOR", series, AS_OF, SMALL)
    columns = design(marks(past, (), 90, SMALL), past, 0)
    outside = ~past.talks_known
    assert (columns[: past.origin][outside][:, [AT["talks"], AT["summit"]]] == 0).all()
    inside = columns[: past.origin][past.talks_known][:, AT["talks"]]
    assert inside.mean() == pytest.approx(0.0, abs=1e-9)
    assert (past.day(int(np.flatnonzero(past.talks_known)[0])), past.day(int(np.flatnonzero(past.talks_known)[-1]))) == (date(1998, 3, 2), date(2020, 12, 31))
    assert (columns[past.origin :, AT["talks"]] == 0).all()  # ahead of an uncovered spell, no talks stand where the spell stands
    early = past_of(kor, "KOR", act_series(kor, "KOR", until=date(2017, 12, 31)), date(2017, 12, 31), SMALL)
    assert (design(marks(early, (), 90, SMALL), early, 0)[early.origin :, AT["talks"]] < 0).all()


def test_a_day_is_of_one_kind_of_exercise_at_most(kor: Snapshot) -> None:
    from comity.models.provocations.act_series import act_series

    past = past_of(kor, "KOR", act_series(kor, "KOR", until=AS_OF), AS_OF, SMALL)
    marked = marks(past, (), 0, SMALL)
    assert marked[:, : AT["talks"]].sum(axis=1).max() == 1
    assert set(np.unique(marked)) == {0.0, 1.0}
    assert not past.exercises_known[(date(1999, 8, 10) - past.first).days]  # held that August, on which days is not known


def test_the_baseline_holds_what_was_last_held(kor: Snapshot) -> None:
    def expected_at(day: date) -> list[tuple[str, date, date]]:
        from comity.models.provocations.windows import exercise_windows

        drills = exercise_windows(kor, "KOR", until=day)
        return [
            (entry.ref, entry.start, entry.end) for entry in baseline(kor, "KOR", day, drills, day + timedelta(days=365), SMALL) if entry.basis == "expected"
        ]

    assert expected_at(AS_OF) == [
        ("exercise:freedom-shield-2026", date(2027, 3, 9), date(2027, 3, 19)),
        ("exercise:ulchi-freedom-shield-2026", date(2027, 8, 17), date(2027, 8, 21)),
    ]
    assert [ref for ref, *_ in expected_at(date(2018, 12, 31))] == [
        "exercise:foal-eagle-2018",
        "exercise:key-resolve-2018",
        "exercise:ulchi-freedom-guardian-2017",
    ]
    late = [ref for ref, *_ in expected_at(date(2022, 12, 31))]
    assert late == ["exercise:cpt-2022-1", "exercise:ulchi-freedom-shield-2022"]  # the August edition of the older series yields to the newer


def test_an_exercise_under_way_goes_on(tiny: Callable[..., Snapshot]) -> None:
    from comity.models.provocations.windows import exercise_windows

    cells = {"title_en": "X", "participants": "KOR;USA", "purpose": "deterrence", "status": "conducted", "series": "x"}
    planned = cells | {"id": "b", "start": "2020-06-01", "end": "2020-06-05", "status": "planned", "series": "y"}
    snapshot = tiny({"exercise": [cells | {"id": "a", "start": "2020-03-01", "end": "2020-03-20"}, planned]}, main_exercises=["x"])
    day = date(2020, 3, 10)
    found = baseline(snapshot, "KOR", day, exercise_windows(snapshot, "KOR", until=day), day + timedelta(days=200), SMALL)
    assert [(entry.ref, entry.start, entry.end, entry.main, entry.basis) for entry in found] == [
        ("exercise:a", date(2020, 3, 11), date(2020, 3, 20), True, "under_way"),
        ("exercise:b", date(2020, 6, 1), date(2020, 6, 5), False, "planned"),
    ]


# -- the answer -------------------------------------------------------------------------------------------------------------------------------------


def test_nothing_changed_is_nothing_different(asked: Callable[..., Result]) -> None:
    found = asked()
    for name in ("difference", "mc_error", "median", "low", "high", "share_lower", "share_higher"):
        assert (found.rows[name] == 0).all()
    assert set(found.rows["verdict"]) == {"unchanged"}
    assert (found.rows["with"] == found.rows["without"]).all()
    assert (found.tables["months"]["difference"] == 0).all()
    assert set(found.tables["calendar"]["state"]) == {"kept"}
    assert set(found.tables["range"]["rule"]) == {"few_acts", "unseen"}


def test_an_answer_is_the_same_again_and_by_another_seed_close(asked: Callable[..., Result], kor: Snapshot) -> None:
    again = what_if(kor, scenario(SUMMER, SPRING), as_of=AS_OF, settings=SMALL, processes=2)
    assert again.rows.equals(asked(SUMMER, SPRING).rows)
    other = row(asked(SUMMER, SPRING, seed=4))
    assert 0 < abs(other["without"] - row(again)["without"]) < 4


def test_rows_hold_together(asked: Callable[..., Result]) -> None:
    found = asked(SUMMER, SPRING)
    rows = found.rows
    assert (rows["with"] - rows["without"] - rows["difference"]).abs().max() < 1e-9
    assert ((rows["low"] <= rows["median"]) & (rows["median"] <= rows["high"])).all()
    assert (rows["share_lower"] + rows["share_higher"]).max() <= 1
    assert rows.filter(pl.col("measure").str.starts_with("chance"))["with"].is_between(0, 1).all()
    parts = rows.filter((pl.col("measure") == "acts") & (pl.col("class") != "any"))["difference"].sum()
    assert parts == pytest.approx(row(found)["difference"])
    months = found.tables["months"].filter(pl.col("class") == "any")
    assert months["difference"].sum() == pytest.approx(row(found)["difference"])
    assert months["days"].sum() == 365
    assert (months["difference"][:4] == 0).all()  # nothing differs before March
    assert row(found, measure="chance_90")["verdict"] == "unchanged"
    for column in ("records",):
        assert all(ref.startswith("exercise:") for ref in rows[column][0])
    assert {"exercise:foal-eagle-2017", "exercise:freedom-shield-2026"} <= set(rows["records"][0])


def test_the_calendar_shows_both(asked: Callable[..., Result]) -> None:
    table = asked(Move(Which(series="freedom-shield"), 31), SUMMER, AddTalks((Day(5, 1),)), AddExercise(Day(6, 1), Day(6, 3))).tables["calendar"]
    told = {(one["ref"], one["state"]): one for one in table.iter_rows(named=True)}
    moved = told["exercise:freedom-shield-2026", "moved"]
    assert (moved["start_without"], moved["start_with"], moved["expected_from"]) == (date(2027, 3, 9), date(2027, 4, 9), "exercise:freedom-shield-2026")
    assert told["exercise:ulchi-freedom-shield-2026", "cancelled"]["start_with"] is None
    assert table.filter(pl.col("state") == "added").select("what", "start_with").rows() == [("talks", date(2027, 5, 1)), ("exercise", date(2027, 6, 1))]
    rescaled = asked(Scale(Which(series="freedom-shield"), False)).tables["calendar"]
    assert rescaled.filter(pl.col("state") == "rescaled").select("main_without", "main_with").rows() == [(True, False)]


def rules(found: Result) -> set[tuple[str, str | None]]:
    return set(found.tables["range"].select("rule", "covariate").rows())


def test_warnings_fire_where_the_data_saw_nothing_like_it(asked: Callable[..., Result]) -> None:
    assert ("days_a_year", "main") in rules(asked(SUMMER, SPRING))  # a year without any
    assert ("days_a_year", "main") not in rules(asked(SUMMER))
    whole = asked(AddExercise(Day(1, 1), Day(10, 31)))
    assert {("days_a_year", "main"), ("stretch", "main"), ("month", "main")} <= rules(whole)
    july = whole.tables["range"].filter((pl.col("rule") == "month") & pl.col("text_en").str.contains("July"))
    assert july["value"].item() == 0
    talks = asked(AddTalks(tuple(Day(month, 1) for month in range(1, 11)), True))
    assert {("talks_since", "talks"), ("stretch", "summit"), ("days_a_year", "summit"), ("thin", "summit")} <= rules(talks)
    assert ("horizon", None) in rules(asked(SUMMER, days=500))
    for found in (whole, talks):
        assert all(found.tables["range"]["text_ko"].str.len_chars() > 0)
        assert any("table 'range'" in note.en for note in found.notes)


def test_talks_within_cover_carry_no_warning_of_it(kor: Snapshot) -> None:
    found = what_if(kor, scenario(AddTalks((Day(5, 1),))), as_of=date(2017, 12, 31), settings=replace(SMALL, runs=240))
    assert "talks_since" not in set(found.tables["range"]["rule"])
    assert found.as_of == date(2017, 12, 31)
    later = {"exercise:freedom-shield-2026", "dialogue:inter-korean-summit-2018-1"}
    assert not later & set(found.rows["records"][0])


def test_the_longest_stretch() -> None:
    assert longest(np.zeros(5)) == 0
    assert longest(np.array([0.0, 1.0, 1.0, 0.0, 1.0])) == 2
    assert longest(np.ones(4)) == 4


def test_faults_of_file_and_calendar_are_raised_together(kor: Snapshot) -> None:
    from comity.models.scenarios.reading import parsed

    told = parsed(b"title: {en: A, ko: B}\nchanges:\n- cancel: nothing\n- move: {series: freedom-shield}\n", "x.yaml")
    with pytest.raises(ScenarioFaults) as error:
        what_if(kor, told, as_of=AS_OF, settings=SMALL)
    assert [(fault.row, fault.code) for fault in error.value.faults] == [(3, "not-in-calendar"), (4, "one-of-two")]
    with pytest.raises(UnknownActor):
        what_if(kor, told, "XXX", as_of=AS_OF)


def test_a_register_without_acts_says_so(tiny: Callable[..., Snapshot]) -> None:
    found = what_if(tiny({}), scenario(), as_of=AS_OF, settings=SMALL)
    assert found.rows.is_empty()
    assert "No what-if" in found.notes[0].en


def test_shipped_scenarios_run_on_the_shipped_register(kor: Snapshot, kor_register: Any) -> None:
    for name in scenarios_of(kor_register.path):
        found = what_if(kor, read_scenario(name, kor_register.path), as_of=AS_OF, settings=SMALL)
        assert row(found)["verdict"] in ("fewer", "more", "unknown")
        assert row(found)["mc_error"] > 0
        assert row(found)["low"] < row(found)["high"]
        assert all(kor.has_record(ref) for ref in found.rows["records"][0])


@pytest.mark.long
def test_the_whole_pool_on_the_shipped_register(kor: Snapshot, kor_register: Any) -> None:
    found = what_if(kor, read_scenario("no-late-summer-exercise", kor_register.path), as_of=AS_OF)
    whole = row(found)
    assert 10 < whole["without"] < 40  # the covered classes saw some 20 to 45 a year since 2022
    assert whole["verdict"] == "unknown"
    assert found.tables["members"].height == 32
    assert abs(whole["difference"]) < 3
