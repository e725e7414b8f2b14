"""Forecasts and their track record: nothing from the future, honest against rivals, the rows that commands and pages read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from comity.measures.result import Result
from comity.models.diagnostics import diagnostics, time_rescaling
from comity.models.forecast import forecast, scaled
from comity.models.provocations.act_series import ActSeries, act_series
from comity.models.provocations.forecast_settings import ForecastSettings
from comity.models.provocations.pool import fit_pool, known_counts, outlook, specifications
from comity.models.provocations.rivals import RIVALS, Past
from comity.models.provocations.rolling import chance, distribution, origins, rolling_forecasts, targets
from comity.models.track_record import scored, track_record
from comity.register.snapshot import Snapshot
from comity.vocab.errors import UnknownActor

Tiny = Callable[..., Snapshot]
DAY = date(2024, 12, 31)
SMALL = ForecastSettings(half_lives=(30.0,), harmonics=(0,), memories=(None,), runs=400, bootstrap=200)


def made(counts: np.ndarray, first: date = date(2000, 1, 1)) -> ActSeries:
    two_d = counts.reshape(len(counts), -1).astype(np.float64)
    return ActSeries(
        first,
        tuple("abc"[: two_d.shape[1]]),
        two_d,
        np.ones_like(two_d, dtype=bool),
        pl.DataFrame({"what": [], "ref": [], "counted": []}, schema={"what": pl.String, "ref": pl.String, "counted": pl.Boolean}),
    )


def steady(rate: float, days: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).poisson(rate, days)


@pytest.fixture(scope="module")
def record(kor: Snapshot) -> Result:
    """A short track record of the shipped register."""
    return track_record(kor, as_of=DAY, settings=replace(ForecastSettings(), first_origin=date(2021, 1, 1), runs=50, bootstrap=300))


def test_what_happens_after_the_origin_and_within_the_lag_changes_no_forecast(kor: Snapshot) -> None:
    series, settings = act_series(kor, "KOR", until=date(2019, 9, 15)), replace(SMALL, lag_days=14, first_origin=date(2019, 5, 1))
    day = date(2019, 6, 1)
    cut = series.index(day) - 14
    later = series.counts.copy()
    later[cut:] = 5.0
    one, other = (rolling_forecasts(replace(series, counts=counts), settings).filter(pl.col("origin") <= day) for counts in (series.counts, later))
    assert one.height > 50
    early = pl.col("origin") == day
    assert (
        one.filter(early)
        .select("model", "class", "horizon_days", "probability", "expected")
        .equals(other.filter(early).select("model", "class", "horizon_days", "probability", "expected"))
    )
    assert not one.filter(early)["count"].equals(other.filter(early)["count"])


def test_unknown_days_are_unknown_and_not_quiet(kor: Snapshot) -> None:
    series = act_series(kor, "KOR", until=date(2026, 11, 22))
    known = known_counts(series, series.index(date(2026, 11, 23)), 3)
    assert np.isnan(known[-3:]).all()
    assert np.isnan(known[-200:, series.classes.index("long_range")]).all()
    assert not np.isnan(known[: series.index(date(2024, 12, 1))]).any()


def test_a_steady_rate_is_forecast_as_a_poisson_process_would() -> None:
    series = made(steady(0.05, 7300))
    settings = replace(SMALL, lag_days=0, runs=4000)
    origin = 7300
    seen = outlook(series, fit_pool(series, origin, settings), origin, settings, days=90)
    rate = series.counts.mean()
    assert seen.any_by[28] == pytest.approx(1 - np.exp(-28 * rate), abs=0.08)
    assert chance(seen, "a", 28) == seen.any_by[28]  # with one class, any act is its act
    assert distribution(seen, "a", 28) @ np.arange(61) == pytest.approx(28 * rate, rel=0.2)
    assert distribution(seen, "a", 90).sum() == pytest.approx(1)


def test_the_pool_has_every_combination_with_equal_weight(kor: Snapshot) -> None:
    assert len(specifications(ForecastSettings())) == 16
    series = act_series(kor, "KOR", until=DAY)
    settings = replace(ForecastSettings(), runs=7)
    seen = outlook(series, fit_pool(series, series.index(DAY) + 1, settings), series.index(DAY) + 1, settings, days=90)
    assert seen.counts.shape == (16 * 7, 90, 4)


def test_rivals_give_whole_distributions_from_known_days_only() -> None:
    counts = steady(0.04, 3000).astype(np.float64)
    known = np.ones(3000, dtype=bool)
    known[1000:1500] = False
    damaged = counts.copy()
    damaged[1000:1500] = 7.0
    for name, rival in RIVALS.items():
        first = rival(Past(date(2010, 1, 1), np.where(known, counts, 0.0), known), 28)
        second = rival(Past(date(2010, 1, 1), np.where(known, damaged, 0.0), known), 28)
        assert first.sum() == pytest.approx(1), name
        assert (first >= 0).all(), name
        assert first == pytest.approx(second), name
        if name != "logistic":
            assert first @ np.arange(61) == pytest.approx(28 * 0.04, rel=0.5), name


def test_origins_are_firsts_of_months_up_to_the_last_that_can_be_scored() -> None:
    days = origins(made(steady(0.05, 2000)), replace(SMALL, first_origin=date(2003, 3, 15)))
    assert days[0] == date(2003, 4, 1)
    assert all(day.day == 1 for day in days)
    assert days[-1] + timedelta(days=28) <= date(2000, 1, 1) + timedelta(days=2000) < days[-1] + timedelta(days=60)


def test_all_together_is_covered_where_no_class_has_ended() -> None:
    series = made(np.column_stack([steady(0.05, 100), steady(0.05, 100, 2)]))
    covered = series.covered.copy()
    covered[:30, 1], covered[80:, 0] = False, False
    found = {name: cover for name, _, cover in targets(replace(series, covered=covered))}
    assert found["any"].tolist() == [True] * 80 + [False] * 20


def test_the_record_scores_every_model_on_the_same_origins(record: Result) -> None:
    rows = record.rows
    assert set(rows["model"]) == {"pool", *RIVALS}
    assert (
        rows.group_by("class", "horizon_days").agg(pl.col("origins").n_unique())["origins"].to_list() == [1] * rows.select("class", "horizon_days").n_unique()
    )
    assert (rows["brier_low"] <= rows["brier"]).all()
    assert (rows["brier"] <= rows["brier_high"]).all()
    kept = record.tables["forecasts"].filter((pl.col("class") == "any") & (pl.col("horizon_days") == 28) & (pl.col("model") == "pool"))
    mine = rows.row(by_predicate=(pl.col("class") == "any") & (pl.col("horizon_days") == 28) & (pl.col("model") == "pool"), named=True)
    assert mine["brier"] == pytest.approx(((kept["probability"] - kept["happened"]) ** 2).mean())
    assert mine["base_rate"] == pytest.approx(kept["happened"].mean())
    assert all(ref.startswith("event:") for ref in mine["records"])
    assert {"mean_probability", "log_score", "crps", "auc", "auc_low", "average_precision"} <= set(rows.columns)


def test_outcomes_are_those_of_the_register(record: Result, kor: Snapshot) -> None:
    series = act_series(kor, "KOR", until=DAY)
    at = series.classes.index("short_range")
    for row in record.tables["forecasts"].filter((pl.col("class") == "short_range") & (pl.col("model") == "climatology")).iter_rows(named=True):
        start = series.index(row["origin"])
        assert row["count"] == series.counts[start : start + row["horizon_days"], at].sum()


def test_a_verdict_needs_an_interval_without_zero() -> None:
    rng = np.random.default_rng(3)
    happened = (rng.random(200) < 0.5).astype(float)
    days = [date(2005 + at // 12, at % 12 + 1, 1) for at in range(200)]

    def rows(model: str, probability: np.ndarray) -> pl.DataFrame:
        crps = (probability - happened) ** 2
        fixed = {"model": model, "class": "any", "horizon_days": 28, "expected": 0.0}
        return pl.DataFrame({"origin": days, "probability": probability, "happened": happened, "count": happened, "crps": crps}).with_columns(
            **{name: pl.lit(value) for name, value in fixed.items()}
        )

    good, bad = np.clip(happened * 0.4 + 0.3, 0, 1), np.full(200, 0.5)
    frame = pl.concat([rows("pool", good), rows("climatology", bad), rows("glm", good + rng.normal(0, 0.001, 200)), rows("logistic", happened * 0.8 + 0.1)])
    verdict = dict(scored(frame, ForecastSettings())[0].select("model", "verdict").iter_rows())
    assert verdict == {"pool": None, "climatology": "better", "glm": "undecided", "logistic": "worse"}


def test_the_forecast_of_the_shipped_register_says_how_far_it_may_be_trusted(kor: Snapshot, record: Result) -> None:
    found = forecast(kor, as_of=date(2026, 11, 22), record=lambda: record)
    rows = found.rows
    assert rows["class"][0] == "any"
    assert ((rows["low"] <= rows["probability"]) & (rows["probability"] <= rows["high"])).all()
    assert (rows["count_low"] <= rows["count_high"]).all()
    assert rows.filter(pl.col("class") == "any")["brier"].null_count() == 0
    nuclear = rows.row(by_predicate=(pl.col("class") == "nuclear") & (pl.col("horizon_days") == 28), named=True)
    assert nuclear["acts"] == 6
    assert "6" in nuclear["caution_en"]
    assert "6" in nuclear["caution_ko"]
    long_range = rows.row(by_predicate=(pl.col("class") == "long_range") & (pl.col("horizon_days") == 28), named=True)
    assert long_range["known_to"] == date(2025, 1, 6)
    wide, near = rows.filter(pl.col("horizon_days") == 90), rows.filter(pl.col("horizon_days") == 28)
    assert (wide["probability"] > near["probability"]).all()
    assert found.tables["fan"].height == 90
    assert found.tables["members"].height == 64


def test_the_same_question_gets_the_same_answer(kor: Snapshot) -> None:
    first, second = (forecast(kor, as_of=DAY, settings=SMALL).rows for _ in range(2))
    assert first.equals(second)


def test_the_forecast_hardly_hangs_on_how_coarse_days_are_treated(kor: Snapshot) -> None:
    chances = []
    for coarse in ("midpoint", "drawn", "left_out"):
        settings = replace(ForecastSettings(), runs=50, series=replace(ForecastSettings().series, coarse=coarse))
        rows = forecast(kor, as_of=DAY, settings=settings).rows
        chances.append(rows.filter((pl.col("class") == "any") & (pl.col("horizon_days") == 28))["probability"][0])
    assert max(chances) - min(chances) < 0.03


def test_no_forecast_is_made_from_next_to_nothing(tiny: Tiny) -> None:
    found = forecast(tiny({}), "KOR", as_of=DAY)
    assert found.rows.is_empty()
    assert "20" in found.notes[0].en
    with pytest.raises(UnknownActor):
        forecast(tiny({}), "ATLANTIS", as_of=DAY)


def test_an_interval_scales_on_the_hazard_and_holds_the_probability() -> None:
    low, high = scaled(0.5, np.array([0.5, 1.0, 2.0] * 40), (0.05, 0.95))
    assert (low, high) == (pytest.approx(1 - 0.5**0.5), pytest.approx(1 - 0.5**2))


def test_waits_are_exponential_under_the_true_rate_and_not_under_a_wrong_one() -> None:
    rng = np.random.default_rng(8)
    rate = 0.05 * np.exp(1.5 * np.sin(np.arange(6000) / 58.1))
    counts = rng.poisson(rate).astype(np.float64)
    _, right, spread = time_rescaling(counts, rate, seed=1)
    _, wrong, _ = time_rescaling(counts, np.full(6000, counts.mean()), seed=1)
    assert right is not None
    assert wrong is not None
    assert right > 0.01
    assert wrong < 0.001
    assert spread == pytest.approx(1.0, abs=0.35)
    assert time_rescaling(np.zeros(100), np.full(100, 0.1), seed=1) == (None, None, None)


def test_the_rescaling_test_holds_its_size() -> None:
    rng, rejected = np.random.default_rng(2), 0
    for _ in range(150):
        rate = np.full(1500, 0.06)
        p = time_rescaling(rng.poisson(rate).astype(np.float64), rate, seed=3, drawings=20)[1]
        rejected += p is not None and p < 0.05
    assert rejected <= 16  # 7.5 expected; 17 or more have a probability of 0.2 %


def test_diagnostics_name_the_years_that_carry_most(kor: Snapshot) -> None:
    found = diagnostics(kor, as_of=DAY, settings=replace(ForecastSettings(), half_lives=(30.0,)))
    assert (found.rows["expected"] - found.rows["acts"]).abs().max() < 0.4 * found.rows["acts"].max()
    influence = found.tables["influence"].filter(pl.col("class") == "short_range").sort("moved", descending=True)
    assert influence["year"][0] == 2022
    assert influence["moved"][0] < 3
    again = found.tables["bootstrap"].filter((pl.col("class") == "short_range") & (pl.col("parameter") == "log_alpha"))
    assert 0.5 < (again["bootstrap_error"] / again["error"])[0] < 2  # two hundred acts: the information is not far off
    assert again["draws"][0] == 60


@pytest.mark.shared
def test_the_reference_origins_are_scored_as_published(shared: Path) -> None:
    from bench.forecasts import LIST, reference

    rows = {row["model"]: row for row in reference(shared / "reference" / LIST.parent.name / LIST.name)["rows"]}
    assert rows["pool"]["origins"] == 235
    assert rows["pool"]["base_rate"] == pytest.approx(0.481, abs=0.0005)
    assert rows["last_five_years"]["brier"] == pytest.approx(0.2526, abs=0.001)
    assert rows["pool"]["brier"] < 0.22
    assert rows["climatology"]["verdict"] == "better"


@pytest.mark.long
def test_the_whole_track_record_is_better_than_the_long_run_rate(kor: Snapshot) -> None:
    rows = track_record(kor, as_of=date(2026, 11, 22)).rows
    verdict = dict(rows.filter((pl.col("class") == "any") & (pl.col("horizon_days") == 28)).select("model", "verdict").iter_rows())
    assert verdict["climatology"] == "better"
    assert rows.filter(pl.col("model") == "pool")["origins"].min() >= 235
