"""Pooled opinion from a register: which polls are pooled, with what weight, and what the shipped register allows."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from comity.models.opinion_pool import opinion_pool, per_cent
from comity.models.polling.house_effects import fitted, log_likelihood
from comity.models.polling.polls import REASONS, as_numbers, pollable
from comity.models.polling.settings import OpinionPoolSettings
from comity.models.polling.words import ROWS, TABLES
from comity.register.snapshot import Snapshot

Tiny = Callable[..., Snapshot]
DAY = date(2020, 6, 30)
QUESTION = {"id": "q", "topic": "thaad_support", "wording_en": "For or against?"}
PLAIN = OpinionPoolSettings(design_effect=1.0, sensitivity=False)


def answer(name: str, house: str, day: str, share: float, **cells: Any) -> dict[str, Any]:
    given = {"id": name, "question": "q", "fielded_start": day, "pollster": house, "country": "KOR", "answer_en": "for", "n": "1000", "share_pct": f"{share}"}
    return {key: value for key, value in (given | cells).items() if value is not None}


def snapshot_of(tiny: Tiny, *answers: dict[str, Any]) -> Snapshot:
    return tiny({"poll_question": [QUESTION, QUESTION | {"id": "r"}], "poll_answer": list(answers)})


FOUR = (
    answer("a1", "House A", "2020-01-10", 50),
    answer("b1", "House B", "2020-02-10", 54),
    answer("a2", "House A", "2020-03-10", 51),
    answer("b2", "House B", "2020-04-10", 56),
)


def test_two_houses_are_pooled_day_by_day_up_to_the_day(tiny: Tiny) -> None:
    result = opinion_pool(snapshot_of(tiny, *FOUR), as_of=DAY, settings=PLAIN)
    row = result.rows.row(0, named=True)
    assert (row["polls"], row["houses"], row["first_day"], row["day"], row["days_since"]) == (4, 2, date(2020, 1, 10), date(2020, 4, 10), 81)
    path = result.tables["path"]
    assert path["day"].to_list() == [date(2020, 1, 10) + timedelta(days=at) for at in range((DAY - date(2020, 1, 10)).days + 1)]
    on_last, on_day = path.filter(pl.col("day") == row["day"]).row(0, named=True), path.row(-1, named=True)
    for name in ("support", "low95", "high95", "low80", "high80"):
        assert row[name] == on_last[name]
    assert (row["now"], row["now_low95"], row["now_high95"]) == (on_day["support"], on_day["low95"], on_day["high95"])
    assert row["low95"] < row["low80"] < row["support"] < row["high80"] < row["high95"]
    assert on_day["high95"] - on_day["low95"] > row["high95"] - row["low95"]
    assert 50 < row["support"] < 56
    assert set(row["records"]) == {"poll_answer:a1", "poll_answer:a2", "poll_answer:b1", "poll_answer:b2", "poll_question:q"}
    houses = {one["house"]: one for one in result.tables["houses"].to_dicts()}
    assert houses["House A"]["points"] < 0 < houses["House B"]["points"]
    assert houses["House A"]["effect"] == pytest.approx(-houses["House B"]["effect"])
    assert set(houses["House A"]["records"]) == {"poll_answer:a1", "poll_answer:a2", "poll_question:q"}
    assert result.tables["raw"].is_empty()


def test_the_order_of_the_records_is_irrelevant(tiny: Tiny) -> None:
    same_day = [*FOUR, answer("a3", "House A", "2020-04-10", 49, n="500"), answer("c", "House C", "2020-04-10", 58)]
    first = opinion_pool(snapshot_of(tiny, *same_day), as_of=DAY)
    for seed in range(3):
        random.Random(seed).shuffle(same_day)
        again = opinion_pool(snapshot_of(tiny, *same_day), as_of=DAY)
        assert again.rows.equals(first.rows)
        assert all(again.tables[name].equals(first.tables[name]) for name in first.tables)


@pytest.mark.parametrize(
    ("second", "why"),
    [
        ({"pollster": "House A"}, "one_house"),
        ({"question": "r"}, "one_house"),
        ({"answer_en": "against"}, "one_house"),
        ({"country": "JPN"}, "one_house"),
    ],
)
def test_what_one_house_alone_published_stays_raw_with_the_reason(tiny: Tiny, second: dict[str, Any], why: str) -> None:
    result = opinion_pool(snapshot_of(tiny, answer("a", "House A", "2020-01-10", 50), answer("b", "House B", "2020-02-10", 54) | second), as_of=DAY)
    assert result.rows.is_empty()
    assert result.rows.schema == pl.Schema(ROWS)
    assert result.tables["path"].schema == pl.Schema(TABLES["path"])
    assert set(result.tables["raw"]["why"]) == {why}
    assert set(result.tables["raw"]["reason_ko"]) == {REASONS[why].ko}


def test_a_poll_after_the_day_is_not_known_yet(tiny: Tiny) -> None:
    early = opinion_pool(snapshot_of(tiny, *FOUR), as_of=date(2020, 3, 31))
    cut = opinion_pool(snapshot_of(tiny, *FOUR[:3]), as_of=date(2020, 3, 31))
    assert early.rows.drop("records").equals(cut.rows.drop("records"))
    assert early.rows["polls"].to_list() == [3]


def test_long_after_the_last_poll_nothing_is_said_of_today(tiny: Tiny) -> None:
    row = opinion_pool(snapshot_of(tiny, *FOUR), as_of=date(2026, 1, 1), settings=PLAIN).rows.row(0, named=True)
    assert row["now"] is None
    assert row["now_low95"] is None
    assert "365" in row["now_reason_en"]
    assert "365" in row["now_reason_ko"]
    assert row["support"] is not None


def test_an_unknown_sample_is_the_median_of_its_house_else_of_all_and_is_flagged(tiny: Tiny) -> None:
    others = [answer("x", "House A", "2019-01-01", 40, question="r", n="600"), answer("y", "House A", "2019-02-01", 40, question="r", n="800")]
    polls = [
        answer("a", "House A", "2020-01-10", 50, n=None),
        answer("b", "House B", "2020-02-10", 54, n="2000"),
        answer("c", "House C", "2020-02-10", 54, n=None),
    ]
    snapshot = snapshot_of(tiny, *others, *polls)
    result = opinion_pool(snapshot, as_of=DAY)
    sizes = dict(result.tables["polls"].select("house", "sample").iter_rows())
    assert sizes == {"House A": 700.0, "House B": 2000.0, "House C": 800.0}
    row = result.rows.row(0, named=True)
    assert row["assumed"] == 2
    assert "700, 800" in row["caution_en"]
    changed = {one["change"]: one for one in result.tables["sensitivity"].to_dicts()}
    assert changed["unknown_out"]["support"] is None  # only House B is left
    assert changed["unknown_out"]["reason_en"]
    assert changed["unknown_double"]["high95"] - changed["unknown_double"]["low95"] < changed["unknown_half"]["high95"] - changed["unknown_half"]["low95"]
    left = opinion_pool(snapshot, as_of=DAY, settings=OpinionPoolSettings(unknown_sample="leave_out"))
    assert left.rows.is_empty()
    assert dict(left.tables["raw"].filter(pl.col("question") == "q").select("house", "why").iter_rows()) == {
        "House A": "no_sample",
        "House B": "one_house_left",
        "House C": "no_sample",
    }


def test_polls_of_one_house_on_the_same_days_count_once(tiny: Tiny) -> None:
    rolling = [
        answer("a1", "House A", "2020-03-01", 50, fielded_end="2020-03-10"),
        answer("a2", "House A", "2020-03-06", 50, fielded_end="2020-03-15"),
        answer("a3", "House A", "2020-03-08", 52, fielded_end="2020-03-14"),
        answer("b", "House B", "2020-03-06", 54, fielded_end="2020-03-15"),
    ]
    result = opinion_pool(snapshot_of(tiny, *rolling), as_of=DAY, settings=PLAIN)
    shares = {refs[0]: (new, weight) for refs, new, weight in result.tables["polls"].select("records", "new_days", "weight").iter_rows()}
    assert shares == {"poll_answer:a1": (1.0, 1000.0), "poll_answer:a2": (0.5, 500.0), "poll_answer:b": (1.0, 1000.0)}
    assert result.tables["raw"].select("why").rows() == [("same_persons",)]
    assert "1 of 3" in result.rows["caution_en"][0]


@pytest.mark.parametrize(("share", "low", "high"), [(0, 0, 1.5), (100, 98.5, 100)])
def test_nobody_and_everybody_are_handled(tiny: Tiny, share: float, low: float, high: float) -> None:
    polls = [answer("a", "House A", "2020-01-10", share), answer("b", "House B", "2020-01-12", share)]
    row = opinion_pool(snapshot_of(tiny, *polls), as_of=DAY, settings=PLAIN).rows.row(0, named=True)
    assert low < row["low95"] < row["support"] < row["high95"] < high
    assert "half a person" in row["caution_en"]
    numbers = as_numbers(opinion_pool(snapshot_of(tiny, *polls), as_of=DAY, settings=PLAIN).tables["polls"].with_columns(span=pl.lit(0.0)))
    np.testing.assert_allclose(per_cent(numbers.logit), abs(share - 100 * 0.5 / 1001))


def test_a_poll_dated_by_the_year_counts_for_less_and_is_moved_about(tiny: Tiny) -> None:
    vague = [*FOUR[:1], FOUR[2], answer("b", "House B", "2020", 60, n="3000"), answer("b0", "House B", "2020-01-20", 51)]
    day = date(2020, 12, 31)
    result = opinion_pool(snapshot_of(tiny, *vague), as_of=day)
    row = result.rows.row(0, named=True)
    assert row["year_only"] == 1
    assert row["day"] == date(2020, 3, 10)  # not the middle of the year
    assert {"vague_out", "vague_first", "vague_last"} <= set(result.tables["sensitivity"]["change"])
    sharp = opinion_pool(snapshot_of(tiny, *vague[:2], vague[3], answer("b", "House B", "2020-07-01", 60, n="3000")), as_of=day)
    july = [one.tables["path"].filter(pl.col("day") == date(2020, 7, 1)).row(0, named=True) for one in (result, sharp)]
    assert july[0]["support"] < july[1]["support"]


def test_other_countries_stand_apart(tiny: Tiny) -> None:
    abroad = [one | {"country": "JPN", "id": f"j{one['id']}"} for one in FOUR]
    result = opinion_pool(snapshot_of(tiny, *FOUR, *abroad), as_of=DAY, settings=PLAIN)
    assert result.rows["country"].to_list() == ["KOR"]
    assert result.tables["elsewhere"]["country"].to_list() == ["JPN"]
    assert result.tables["elsewhere"]["support"][0] == result.rows["support"][0]
    assert opinion_pool(snapshot_of(tiny, *abroad), "JPN", as_of=DAY, settings=PLAIN).rows["country"].to_list() == ["JPN"]


def test_a_register_without_polls_says_so(tiny: Tiny) -> None:
    result = opinion_pool(tiny({}), as_of=DAY)
    assert result.rows.is_empty()
    assert "자료 부족" in result.notes[0].ko


def test_what_the_shipped_register_allows(kor: Snapshot) -> None:
    result = opinion_pool(kor, as_of=date(2026, 11, 22))
    pooled = {(row["question"], row["answer_en"]): row for row in result.rows.to_dicts()}
    assert set(pooled) == {
        ("gsomia-keep-view-of-the-decision-to-end-gsomia", "good decision"),
        ("thaad-support-thaad-deployment-in-korea", "support"),
        ("thaad-support-thaad-deployment-in-korea", "oppose"),
    }
    thaad = pooled["thaad-support-thaad-deployment-in-korea", "support"]
    assert (thaad["polls"], thaad["houses"], thaad["assumed"], thaad["year_only"]) == (5, 2, 2, 1)
    assert 50 < thaad["low80"] < thaad["support"] < 55
    assert result.tables["polls"].height + result.tables["raw"].height >= 258
    moved = result.tables["sensitivity"].filter((pl.col("country") == "KOR") & pl.col("moved").is_not_null())["moved"].abs().max()
    assert moved is not None
    assert moved < 2  # points: nothing that was assumed carries the finding
    assert all(note.ko != note.en for note in result.notes)


@pytest.mark.shared
def test_two_houses_approval_ratings_are_pooled_between_them(tiny: Tiny, shared: Path) -> None:
    """A year of a president's approval by two houses, a poll a month each; no sample is stated, so one of 1,000 is put in by hand."""
    with (shared / "reference" / "polls-korea-unification-2019" / "approval.csv").open(encoding="utf-8") as lines:
        read = [row for row in csv.DictReader(lines) if row["media"] in ("A", "B")]
    answers = [answer(f"{row['media']}-{row['period']}", row["media"], row["period"], float(row["positive"])) for row in read]
    result = opinion_pool(snapshot_of(tiny, *answers), as_of=date(2018, 5, 31))
    row = result.rows.row(0, named=True)
    assert (row["polls"], row["houses"]) == (24, 2)
    both = {period: [float(one["positive"]) for one in read if one["period"] == period] for period in {one["period"] for one in read}}
    for period, shares in both.items():
        middle = date.fromisoformat(f"{period}-16")
        day = result.tables["path"].filter(pl.col("day") == middle).row(0, named=True)
        assert day["low95"] - 1 < sum(shares) / 2 < day["high95"] + 1, period
    logits = {house: np.mean([np.log(p / (100 - p)) for one in read if one["media"] == house for p in [float(one["positive"])]]) for house in "AB"}
    effects = {one["house"]: one for one in result.tables["houses"].to_dicts()}
    half = (logits["A"] - logits["B"]) / 2
    assert effects["A"]["low"] < half < effects["A"]["high"]
    numbers = as_numbers(pollable(_raw(result), OpinionPoolSettings()))
    assert row["drift_ml"] == pytest.approx(_best_drift(numbers), rel=0.02)


def _raw(result: Any) -> pl.DataFrame:
    return result.tables["polls"].with_columns(houses=pl.lit(2, dtype=pl.Int64)).drop("sample", "assumed", "year_only", "new_days", "weight")


def _best_drift(polls: Any) -> float:
    drifts, spreads = np.exp(np.linspace(np.log(0.05), np.log(5), 400)), np.exp(np.linspace(np.log(0.003), np.log(1), 60))
    found = log_likelihood(fitted(polls, drifts), spreads)
    return float(drifts[np.unravel_index(np.argmax(found), found.shape)[0]])


@pytest.mark.shared
def test_pew_is_one_house_and_stays_raw(tiny: Tiny, shared: Path) -> None:
    waves = pl.read_parquet(shared / "reference" / "polls-pew-favourability" / "pew_favourability_by_country_wave.parquet").filter(
        (pl.col("sta").cast(pl.String) == "KOR") & (pl.col("target") == "opi_USA")
    )
    shares = waves.group_by("wav").agg(
        share=100 * pl.col("sum_wgt").filter(pl.col("response").is_in(["Very favorable", "Somewhat favorable"])).sum() / pl.col("sum_wgt").sum(),
        n=pl.col("n").sum(),
    )
    answers = [answer(f"w{wave:.0f}", "Pew", f"{wave:.0f}", round(share, 1), n=str(n)) for wave, share, n in shares.sort("wav").iter_rows()]
    assert len(answers) >= 10
    result = opinion_pool(snapshot_of(tiny, *answers), as_of=date(2024, 1, 1))
    assert result.rows.is_empty()
    assert set(result.tables["raw"]["why"]) == {"one_house"}
    assert result.tables["raw"].height == len(answers)
