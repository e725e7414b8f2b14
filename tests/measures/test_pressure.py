"""Pressure: counts by hand, cover and its edges, a published interval, and facts of the shipped register."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity.measures.pressure import PressureSettings, pressure, rate_ratio
from comity.register.register import Register
from comity.register.snapshot import Snapshot
from comity.vocab.errors import UnknownActor

Tiny = Callable[..., Snapshot]
DAY = date(2020, 6, 30)
COVER = {"id": "c1", "scope": "event_class:short_range", "start": "2005", "end": "2030", "completeness": "complete", "basis_en": "b"}


def launch(name: str, start: str, **cells: Any) -> dict[str, Any]:
    acts = {"source_actors": "PRK", "target_actors": "KOR", "event_type": "COERCE", "subtype": "srbm_test", "event_class": "short_range", "summary_en": "x"}
    return acts | {"id": name, "start": start} | cells


def row(snapshot: Snapshot, what: str, day: date = DAY, **asked: Any) -> dict[str, Any]:
    return pressure(snapshot, as_of=day, **asked).rows.row(by_predicate=pl.col("what") == what, named=True)


def counts(snapshot: Snapshot, what: str, table: str = "years", day: date = DAY) -> dict[date, int | None]:
    rows = pressure(snapshot, as_of=day).tables[table].filter(pl.col("what") == what)
    return dict(rows.select("start", "count").iter_rows())


def test_the_interval_inverts_the_exact_binomial_test() -> None:
    from scipy.special import bdtr, bdtrc

    for recent, before in ((10, 10), (0, 4), (7, 0), (17, 78)):
        ratio, low, high = rate_ratio(recent, 0.75, before, 5.0)
        share = low * 0.75 / (low * 0.75 + 5.0)
        assert recent == 0 or abs(bdtrc(recent - 1, recent + before, share) - 0.025) < 1e-9
        if before:
            assert high is not None
            share = high * 0.75 / (high * 0.75 + 5.0)
            assert abs(bdtr(recent, recent + before, share) - 0.025) < 1e-9
            assert ratio == pytest.approx(recent / 0.75 / (before / 5.0))
        else:
            assert ratio is None
            assert high is None


def test_equal_years_compare_as_in_the_textbook() -> None:
    # With equal times the bounds are p/(1-p) of Clopper-Pearson; 10 of 20: 0.272 and 0.728 (Clopper & Pearson 1934, chart; standard tables).
    _, low, high = rate_ratio(10, 1.0, 10, 1.0)
    assert high is not None
    assert (round(low / (1 + low), 3), round(high / (1 + high), 3)) == (0.272, 0.728)


def test_last_year_and_the_five_before_are_counted_by_hand(tiny: Tiny) -> None:
    starts = ["2020-06-30", "2019-07-01", "2019-06-30", "2014-07-01", "2014-06-30", "2020-07-01"]
    snapshot = tiny({"event": [launch(f"e{at}", start) for at, start in enumerate(starts)], "coverage": [COVER]})
    found = row(snapshot, "short_range")
    assert (found["recent"], found["baseline"], found["known"]) == (2, 2, 5)
    assert found["recent_years"] == pytest.approx(366 / 365.25)
    assert found["baseline_years"] == pytest.approx(1826 / 365.25)
    assert (found["last_day"], found["days_since"], found["last_record"]) == (date(2020, 6, 30), 0, "event:e0")
    assert found["ratio"] == pytest.approx(2 / (366 / 365.25) / (2 / (1826 / 365.25)))
    assert found["ratio_low"] < 1 < found["ratio_high"]


def test_years_outside_cover_are_null_and_inside_zero(tiny: Tiny) -> None:
    cover = COVER | {"start": "2012-07", "end": "2014-06-30"}
    events = [launch("a", "2010-01-01"), launch("b", "2012-03-01"), launch("c", "2012-09-01"), launch("d", "2015-01-01")]
    snapshot = tiny({"event": events, "coverage": [cover]})
    assert counts(snapshot, "short_range", day=date(2015, 6, 1)) == {
        date(2010, 1, 1): None, date(2011, 1, 1): None, date(2012, 1, 1): 1, date(2013, 1, 1): 0, date(2014, 1, 1): 0, date(2015, 1, 1): None,
    }  # fmt: skip
    years = pressure(snapshot, as_of=date(2015, 6, 1)).tables["years"].filter(pl.col("what") == "short_range")
    assert years["known"].to_list() == [1, 0, 2, 0, 0, 1]
    assert years["covered"].to_list()[2] == pytest.approx(184 / 366)
    months = counts(snapshot, "short_range", "months", date(2015, 6, 1))
    assert (months[date(2012, 3, 1)], months[date(2012, 9, 1)], months[date(2012, 10, 1)]) == (None, 1, 0)


@pytest.mark.parametrize("completeness", ["partial", "selective", "none"])
def test_what_is_not_covered_gets_no_rate(tiny: Tiny, completeness: str) -> None:
    snapshot = tiny({"event": [launch("a", "2020-01-01")], "coverage": [COVER | {"completeness": completeness}]})
    found = row(snapshot, "short_range")
    assert (found["recent"], found["ratio"], found["known"]) == (None, None, 1)
    assert found["reason_en"]
    assert found["reason_ko"]


def test_cover_that_ended_long_ago_gives_no_last_year(tiny: Tiny) -> None:
    snapshot = tiny({"event": [launch("a", "2018-01-01")], "coverage": [COVER | {"end": "2019-09-01"}]})
    found = row(snapshot, "short_range")
    assert (found["recent"], found["ratio"], found["days_since"]) == (None, None, (DAY - date(2018, 1, 1)).days)
    assert "2019-09-01" in found["reason_ko"]


def test_none_before_leaves_a_lower_bound_and_says_why(tiny: Tiny) -> None:
    found = row(tiny({"event": [launch("a", "2020-01-01"), launch("b", "2020-01-02")], "coverage": [COVER]}), "short_range")
    assert (found["ratio"], found["ratio_high"]) == (None, None)
    assert found["ratio_low"] > 0
    assert found["reason_en"].startswith("None in the years before")


def test_totals_retold_and_unsourced_acts_are_left_out(tiny: Tiny) -> None:
    extra = [
        launch("b", "2020-02-01", count_as="total"),
        launch("c", "2020-02-02", counted_with="event:a"),
        launch("d", "2020-02-03", source="unsourced"),
    ]
    rows = {"event": [launch("a", "2020-02-02"), *extra], "coverage": [COVER], "source": [{"id": "unsourced", "title": "None", "source_type": "other"}]}
    snapshot = tiny(rows)
    assert row(snapshot, "short_range")["recent"] == 1
    assert row(snapshot.including_unsourced(), "short_range")["recent"] == 2


def test_salvos_are_days_of_several_acts_or_items(tiny: Tiny) -> None:
    events = [
        launch("a", "2020-02-02", number="2"),
        launch("b", "2020-02-02", number="3"),
        launch("c", "2020-03-01", number="1"),
        launch("d", "2020-03-02"),
        launch("e", "2020-03-02"),
        launch("f", "2020-04", number="9"),
    ]
    salvos = pressure(tiny({"event": events, "coverage": [COVER]}), as_of=DAY).tables["salvos"]
    assert salvos.select("day", "events", "number").rows() == [(date(2020, 2, 2), 2, 5), (date(2020, 3, 2), 2, None)]
    assert salvos["records"][0].to_list() == ["event:a", "event:b"]


def test_other_states_coercion_stands_apart_and_others_quarrels_do_not(tiny: Tiny) -> None:
    events = [
        launch("a", "2020-01-01", source_actors="CHN", event_type="SANCTION", event_class="sanctions"),
        launch("b", "2020-01-02", source_actors="CHN", event_type="SANCTION", event_class="sanctions", target_actors="JPN"),
        launch("c", "2020-01-03", source_actors="RUS;CHN", event_type="MOBILIZE", event_class="grey_zone"),
        launch("d", "2020-01-04", source_actors="CHN", event_type="THREATEN", event_class="statements"),
    ]
    rows = pressure(tiny({"event": events}), as_of=DAY).rows.filter(pl.col("role") == "coercion")
    assert rows.select("actor", "known").rows() == [("CHN", 2), ("RUS", 1)]
    assert rows["records"][0].to_list() == ["event:a", "event:c"]


def test_a_talk_told_twice_is_one_talk(tiny: Tiny) -> None:
    talk = {"event_type": "CONSULT", "event_class": "talks", "subtype": "summit", "source_actors": "KOR", "target_actors": "PRK"}
    events = [
        launch("told", "2018-04-27", **talk, counted_with="dialogue:summit"),
        launch("alone", "2018-05-26", **talk),
        launch("usa", "2018-06-12", **(talk | {"source_actors": "USA"})),
        launch("about", "2018-08-18", **(talk | {"source_actors": "KOR;USA"}), counted_with="dialogue:allies"),
    ]
    dialogues = [
        {"id": "summit", "series": "s", "start": "2018-04-27", "parties": "KOR;PRK", "level": "head_of_state"},
        {"id": "allies", "series": "s", "start": "2018-08-18", "parties": "KOR;USA", "level": "head_of_state"},
    ]
    snapshot = tiny({"event": events, "dialogue": dialogues, "coverage": [COVER | {"scope": "event_class:talks"}]})
    assert row(snapshot, "talks")["records"] == ["dialogue:summit", "event:alone"]
    assert row(snapshot, "summits")["records"] == ["dialogue:summit", "event:alone"]
    assert row(snapshot, "summits_of_others")["records"] == ["event:usa"]
    assert counts(snapshot, "summits")[date(2018, 1, 1)] == 2


def test_acts_known_to_the_year_enter_years_and_no_month(tiny: Tiny) -> None:
    snapshot = tiny({"event": [launch("a", "2019")], "coverage": [COVER]})
    assert counts(snapshot, "short_range")[date(2019, 1, 1)] == 1
    assert sum(count or 0 for count in counts(snapshot, "short_range", "months").values()) == 0


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    days=st.lists(st.dates(date(2004, 1, 1), date(2022, 12, 31)), min_size=1, max_size=12), as_of=st.dates(date(2011, 1, 1), date(2021, 1, 1)), data=st.data()
)
def test_a_register_cut_at_a_day_answers_as_of_that_day(tiny_register: Callable[..., Register], days: list[date], as_of: date, data: st.DataObject) -> None:
    events = [launch(f"e{at}", str(day)) for at, day in enumerate(days)]
    mixed = data.draw(st.permutations(events))
    anchor = launch("first", "2003-01-01")
    whole = tiny_register({"event": [anchor, *events], "coverage": [COVER]}).snapshot()
    cut = tiny_register({"event": [one for one in [*mixed, anchor] if one["start"] <= str(as_of)], "coverage": [COVER]}).snapshot()
    first, second = pressure(whole, as_of=as_of), pressure(cut, as_of=as_of)
    assert first.rows.equals(second.rows)
    assert all(first.tables[name].equals(second.tables[name]) for name in first.tables)
    recent = sum(as_of - timedelta(days=365) < day <= as_of for day in days)
    assert abs(row(whole, "short_range", as_of)["recent"] - recent) <= 1  # a leap day more or less


def test_a_register_without_events_says_so(tiny: Tiny) -> None:
    answer = pressure(tiny({}), as_of=DAY)
    assert answer.rows.is_empty()
    assert "Not enough data" in answer.notes[0].en


def test_an_unknown_country_is_an_error(tiny: Tiny) -> None:
    with pytest.raises(UnknownActor):
        pressure(tiny({}), "XXX", as_of=DAY)


def test_the_shipped_register(kor: Snapshot) -> None:
    day = date(2026, 11, 22)
    found = row(kor, "nuclear", day)
    assert (found["known"], found["last_day"]) == (6, date(2017, 9, 3))
    years = counts(kor, "nuclear", day=day)
    assert [year.year for year, count in years.items() if count] == [2006, 2009, 2013, 2016, 2017]
    assert years[date(2016, 1, 1)] == 2
    assert counts(kor, "short_range", day=day)[date(2018, 1, 1)] == 0
    assert row(kor, "grey_zone", day)["recent"] is None
    assert {"CHN", "JPN"} <= set(pressure(kor, as_of=day).rows.filter(pl.col("role") == "coercion")["actor"])


def test_what_lies_after_the_day_is_not_seen(kor: Snapshot) -> None:
    day = date(2017, 12, 31)
    answer = pressure(kor, as_of=day)
    assert answer.rows["last_day"].max() <= day
    assert answer.rows["covered_to"].max() <= day
    ratio = row(kor, "nuclear", day, settings=PressureSettings(baseline_years=10))
    assert (ratio["recent"], ratio["baseline"]) == (1, 4)
