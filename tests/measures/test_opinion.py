"""Opinion: published intervals, what may be pooled, and facts of the shipped register."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.measures.opinion import REASONS, OpinionSettings, opinion, wilson
from comity.register.snapshot import Snapshot

Tiny = Callable[..., Snapshot]
DAY = date(2020, 6, 30)
QUESTION = {"id": "q", "topic": "thaad_support", "wording_en": "For or against?"}
PLAIN = OpinionSettings(design_effect=1.0)


def answer(name: str, **cells: Any) -> dict[str, Any]:
    given = {
        "id": name,
        "question": "q",
        "fielded_start": "2019-05-01",
        "pollster": "House A",
        "country": "KOR",
        "answer_en": "for",
        "n": "1000",
        "share_pct": "50",
    }
    return {key: value for key, value in (given | cells).items() if value is not None}


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_intervals_are_those_that_newcombe_printed(hits: int, n: int, low: float, high: float) -> None:
    # Newcombe (1998, Statistics in Medicine 17), table I, score method without continuity correction.
    found = wilson(hits / n, n)
    assert found == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


@settings(deadline=None)
@given(share=st.floats(0, 1), n=st.floats(1, 1e5), more=st.floats(1.01, 10))
def test_intervals_hold_their_share_and_shrink_with_more_asked(share: float, n: float, more: float) -> None:
    low, high = wilson(share, n)
    assert 0 <= low <= share + 1e-12
    assert share - 1e-12 <= high <= 1
    wide, narrow = high - low, wilson(share, n * more)[1] - wilson(share, n * more)[0]
    assert narrow < wide + 1e-12


def test_the_design_effect_divides_the_sample(tiny: Tiny) -> None:
    snapshot = tiny({"poll_question": [QUESTION], "poll_answer": [answer("a", n="1500", share_pct="40")]})
    weighted, plain = opinion(snapshot, as_of=DAY).rows, opinion(snapshot, as_of=DAY, settings=PLAIN).rows
    assert (weighted["low"][0], weighted["high"][0]) == tuple(pytest.approx(100 * bound) for bound in wilson(0.4, 1000))
    assert (plain["low"][0], plain["high"][0]) == tuple(pytest.approx(100 * bound) for bound in wilson(0.4, 1500))


def test_an_unknown_sample_has_no_interval(tiny: Tiny) -> None:
    rows = opinion(tiny({"poll_question": [QUESTION], "poll_answer": [answer("a", n=None)]}), as_of=DAY).rows
    assert rows.select("share", "low", "high").row(0) == (50.0, None, None)


@pytest.mark.parametrize(
    ("second", "pooling"),
    [
        ({"pollster": "House B"}, "poolable"),
        ({"pollster": "House A"}, "one_house"),
        ({"pollster": "House B", "n": None}, "sample_unknown"),
        ({"pollster": "House B", "question": "r"}, "one_house"),
        ({"pollster": "House B", "answer_en": "against"}, "one_house"),
        ({"pollster": "House B", "country": "JPN"}, "one_house"),
    ],
)
def test_only_one_wording_answer_and_country_is_pooled(tiny: Tiny, second: dict[str, Any], pooling: str) -> None:
    rows = {"poll_question": [QUESTION, QUESTION | {"id": "r"}], "poll_answer": [answer("a"), answer("b", **second)]}
    found = opinion(tiny(rows), as_of=DAY).rows.row(by_predicate=pl.col("records").list.contains("poll_answer:a"), named=True)
    assert found["pooling"] == pooling
    assert (found["reason_en"], found["reason_ko"]) == (REASONS[pooling].en, REASONS[pooling].ko)


def test_a_poll_counts_when_its_fieldwork_is_over(tiny: Tiny) -> None:
    answers = [
        answer("a", fielded_start="2020-06-01", fielded_end="2020-06-30"),
        answer("b", fielded_start="2020-06-20", fielded_end="2020-07-01", pollster="House B"),
    ]
    rows = opinion(tiny({"poll_question": [QUESTION], "poll_answer": answers}), as_of=DAY).rows
    assert rows.select("day", "houses").rows() == [(date(2020, 6, 15), 1)]


def test_the_latest_poll_on_a_topic_gives_all_its_answers(tiny: Tiny) -> None:
    answers = [
        answer("old", fielded_start="2018-01-01"),
        answer("for", share_pct="41"),
        answer("against", answer_en="against", share_pct="48"),
        answer("abroad", country="JPN", fielded_start="2020-01-01"),
        answer("small", pollster="House B", n="300"),
    ]
    result = opinion(tiny({"poll_question": [QUESTION], "poll_answer": answers}), as_of=DAY)
    assert result.tables["latest"].select("answer_en", "share").rows() == [("against", 48.0), ("for", 41.0)]
    assert result.tables["elsewhere"]["country"].to_list() == ["JPN"]
    assert result.rows.height == 4


def test_a_register_without_polls_says_so(tiny: Tiny) -> None:
    result = opinion(tiny({}), as_of=DAY)
    assert result.rows.is_empty()
    assert "자료 부족" in result.notes[0].ko


def test_the_shipped_register(kor: Snapshot) -> None:
    result = opinion(kor, as_of=date(2026, 11, 22))
    gallup = result.rows.filter(
        pl.col("records").list.join(";").str.contains("thaad") & (pl.col("house") == "Gallup Korea") & (pl.col("answer_en") == "support")
    )
    assert gallup.sort("day")["share"].to_list() == [50.0, 56.0, 51.0, 53.0]
    assert set(result.rows["pooling"]) <= set(REASONS)
    assert result.rows.filter(pl.col("n").is_null() != pl.col("low").is_null()).is_empty()
    assert set(result.tables["elsewhere"]["country"]) == {"USA", "JPN"}
    assert opinion(kor, "JPN", as_of=date(2026, 11, 22)).rows["country"].unique().to_list() == ["JPN"]
    assert opinion(kor, as_of=date(2010, 1, 1)).rows["day"].max() <= date(2010, 1, 1)
