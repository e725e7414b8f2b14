"""Interoperability: closed forms, decay, a suspended series, thin inputs, and the shipped register."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity.measures.interoperability import interoperability
from comity.measures.interoperability_settings import InteroperabilitySettings
from comity.register.snapshot import Snapshot
from comity.vocab.errors import UnknownActor

Tiny = Callable[..., Snapshot]
DAY = date(2020, 6, 30)
SURE = InteroperabilitySettings(draws=51, dirichlet_concentration=1e9, log_sd=0.0)  # all constants at their defaults
QUICK = InteroperabilitySettings(draws=50)


def exercise(name: str, start: str, **more: str) -> dict[str, Any]:
    plain = {"series": "s", "title_en": name, "status": "conducted", "participants": "KOR;USA", "exercise_types": "FTX", "domains": "land", "personnel": "1000"}
    return {"id": name, "start": start, **plain, **more}


def agreement(name: str, kind: str, **more: str) -> dict[str, Any]:
    return {"id": name, "title_en": name, "agreement_type": kind, "parties": "KOR;USA", "signed": "2010-01-01", "in_force": "2010-01-01", "ended": "..", **more}


def component(snapshot: Snapshot, name: str, day: date = DAY, chosen: InteroperabilitySettings = SURE) -> dict[str, Any]:
    return interoperability(snapshot, "USA", as_of=day, settings=chosen).rows.filter(pl.col("component") == name).row(0, named=True)


def domain(snapshot: Snapshot, name: str, day: date = DAY) -> dict[str, Any]:
    return interoperability(snapshot, "USA", as_of=day, settings=SURE).tables["domains"].filter(pl.col("domain") == name).row(0, named=True)


def test_one_exercise_has_the_closed_form(tiny: Tiny) -> None:
    snapshot = tiny({"exercise": [exercise("e", "2018-07-01")]})
    age = (DAY - date(2018, 7, 1)).days / 365.25
    land = 1 - math.exp(-1.0 * math.log10(1000) * 2 ** (-age / 2.0) / 12.0)
    assert domain(snapshot, "land")["score"] == pytest.approx(land, rel=1e-6)
    assert component(snapshot, "practice")["score"] == pytest.approx(0.28 * land, rel=1e-4)


def test_an_exercise_of_several_domains_is_shared_by_three(tiny: Tiny) -> None:
    whole, third = tiny({"exercise": [exercise("e", "2020-06-30")]}), tiny({"exercise": [exercise("e", "2020-06-30", domains="multi")]})
    amount = -12.0 * math.log(1 - domain(whole, "land")["score"])
    for name in ("land", "sea", "air"):
        assert -12.0 * math.log(1 - domain(third, name)["score"]) == pytest.approx(amount / 3)
    assert domain(third, "cyber")["score"] == 0.0


def test_practice_decays_and_paper_does_not(tiny: Tiny) -> None:
    snapshot = tiny({"exercise": [exercise("e", "2015-01-01")], "agreement": [agreement("a", "logistics")]})
    days = [date(year, 6, 30) for year in range(2015, 2025)]
    practice = [component(snapshot, "practice", day)["score"] for day in days]
    assert all(later < earlier for earlier, later in pairwise(practice))
    assert {component(snapshot, "procedures", day)["score"] for day in days} == {component(snapshot, "procedures")["score"]}


def test_a_suspended_series_shows(tiny: Tiny) -> None:
    held = [exercise(f"e{year}", f"{year}-03-01") for year in range(2010, 2018)]
    missed = [exercise(f"e{year}", f"{year}-03-01", status="suspended") for year in range(2018, 2021)]
    went_on = [row | {"status": "conducted"} for row in missed]
    stopped = tiny({"exercise": held + missed})
    assert component(stopped, "practice")["score"] < 0.7 * component(tiny({"exercise": held + went_on}), "practice")["score"]
    series = interoperability(stopped, "USA", as_of=DAY, settings=SURE).tables["series"].row(0, named=True)
    assert series["held"] == 8
    assert series["last_held"] == date(2017, 3, 1)
    assert series["latest_status"] == "suspended"
    assert series["not_held_since"] == 3
    assert component(stopped, "practice")["reason_en"] == "In 1 shared series the latest edition was not held."
    assert component(stopped, "practice", date(2017, 12, 31))["reason_en"] is None


def test_a_suspended_instrument_gives_no_procedure_meanwhile(tiny: Tiny) -> None:
    period = {"id": "p", "agreement": "a", "status": "suspended", "start": "2018-01-01", "end": "2019-01-01", "what_en": "suspended"}
    snapshot = tiny({"agreement": [agreement("a", "information_security")], "agreement_period": [period]})
    one = 1 - math.exp(-1 / 0.5)
    assert component(snapshot, "procedures", date(2017, 6, 1))["score"] == pytest.approx(one / 3, rel=1e-3)
    assert component(snapshot, "procedures", date(2018, 6, 1))["score"] == 0.0
    assert component(snapshot, "procedures", date(2019, 6, 1))["score"] == pytest.approx(one / 3, rel=1e-3)


def test_an_instrument_of_many_serves_two_of_them_as_much(tiny: Tiny) -> None:
    two = tiny({"agreement": [agreement("a", "status_of_forces")]})
    many = tiny({"agreement": [agreement("a", "status_of_forces", parties="AUS;GBR;JPN;KOR;USA")]})
    assert component(two, "procedures")["score"] == pytest.approx(component(many, "procedures")["score"])


def test_thin_inputs_give_a_reason_and_no_number(tiny: Tiny) -> None:
    meeting = {"id": "d", "series": "s", "level": "service_chief", "parties": "KOR;USA", "start": "2020-01-01"}
    thin = component(tiny({"dialogue": [meeting]}), "people")
    assert thin["score"] is None
    assert thin["filled"] == pytest.approx(0.25)
    assert thin["records"] == []
    assert "attaché posts" in thin["reason_en"]
    assert "무관부" in thin["reason_ko"]
    post = {"id": "p", "sender": "KOR", "host": "USA", "start": "2000-01-01", "end": ".."}
    enough = component(tiny({"dialogue": [meeting], "attache_post": [post]}), "people")
    assert enough["score"] > 0
    assert set(enough["records"]) == {"attache_post:p", "dialogue:d"}


def test_nothing_on_record_counts_as_nothing_only_where_the_register_is_covered(tiny: Tiny) -> None:
    with_others = {
        "id": "t",
        "supplier": "KOR",
        "recipient": "POL",
        "item_en": "K9",
        "transfer_type": "export",
        "signed": "2019",
        "status": "signed",
        "value_usd_m": "100",
    }
    selection = {"id": "c", "scope": "kind:transfer", "start": "1990", "end": "2020", "completeness": "selective", "basis_en": "Large deals."}
    assert component(tiny({"transfer": [with_others]}), "equipment")["score"] == 0.0
    assert component(tiny({"transfer": [with_others], "coverage": [selection]}), "equipment")["score"] is None


def test_a_combined_command_needs_sourced_seats(tiny: Tiny) -> None:
    seats = [{"id": f"{who}-cfc", "member": who, "organisation": "CFC", "role": "member", "start": "1978-11-07", "end": ".."} for who in ("kor", "usa")]
    seats = [row | {"member": row["member"].upper()} for row in seats]  # the ids of the world package: these rows take the place of its own
    plain = InteroperabilitySettings(
        draws=51, dirichlet_concentration=1e9, log_sd=0.0, enough=0.05
    )  # the world package has 26 seats, these two among the few with a source
    both = component(tiny({"membership": seats}), "command", chosen=plain)
    assert both["score"] == pytest.approx(1 - math.exp(-1 / 0.5), rel=1e-3)
    one = [seats[0], seats[1] | {"source": "unsourced", "confidence": "low"}]
    assert component(tiny({"membership": one}), "command", chosen=plain)["score"] == 0.0
    assert component(tiny({}), "command")["score"] is None


def exercises(rows: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    return {"exercise": rows} if rows else {}


sets = st.lists(st.tuples(st.dates(date(2010, 1, 1), DAY), st.sampled_from(["land", "sea", "air", "cyber", "multi", "sea;air"])), min_size=1, max_size=6)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(held=sets, data=st.data())
def test_an_exercise_more_never_lowers_practice_and_order_is_irrelevant(tiny: Tiny, held: list[tuple[date, str]], data: st.DataObject) -> None:
    rows = [exercise(f"e{at}", str(day), domains=which) for at, (day, which) in enumerate(held)]
    names = ("score", "low", "high")
    whole, less = component(tiny({"exercise": rows}), "practice", chosen=QUICK), component(tiny(exercises(rows[1:])), "practice", chosen=QUICK)
    if less["score"] is not None:
        assert all(whole[name] >= less[name] - 1e-12 for name in names)
    mixed = component(tiny({"exercise": data.draw(st.permutations(rows))}), "practice", chosen=QUICK)
    assert [mixed[name] for name in names] == [whole[name] for name in names]


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(held=sets, day=st.dates(date(2010, 1, 1), DAY))
def test_a_register_cut_at_a_day_gives_the_same_as_that_day(tiny: Tiny, held: list[tuple[date, str]], day: date) -> None:
    rows = [exercise(f"e{at}", str(start), domains=which) for at, (start, which) in enumerate(held)]
    cut = [row for row in rows if row["start"] <= str(day)]
    seen, known = (interoperability(tiny(exercises(some)), "USA", as_of=day, settings=QUICK) for some in (rows, cut))
    assert seen.rows.equals(known.rows)
    assert seen.tables["overall"].equals(known.tables["overall"])
    assert seen.tables["series"].equals(known.tables["series"])


def test_an_unknown_partner_is_refused(kor: Snapshot) -> None:
    with pytest.raises(UnknownActor):
        interoperability(kor, "ZZZ", as_of=DAY)


def test_the_shipped_register_reads_sensibly(kor: Snapshot) -> None:
    day = date(2026, 11, 22)
    answers = {partner: interoperability(kor, partner, as_of=day, settings=QUICK) for partner in ("USA", "JPN", "AUS", "PRK")}
    overall = {partner: answer.tables["overall"]["score"][0] for partner, answer in answers.items()}
    assert overall["USA"] > overall["JPN"] > overall["PRK"] == 0.0
    for answer in answers.values():
        known = answer.rows.filter(pl.col("score").is_not_null())
        assert ((known["low"] <= known["score"]) & (known["score"] <= known["high"]) & (known["high"] <= 1)).all()
        assert (answer.rows["score"].is_null() <= answer.rows["reason_ko"].is_not_null()).all()
        assert all(kor.has_record(ref) for refs in answer.rows["records"] for ref in refs)
    japan = answers["JPN"].rows.filter(pl.col("component") == "procedures").row(0, named=True)
    assert japan["records"] == ["agreement:kor-jpn-gsomia-2016", "agreement:kor-usa-jpn-tisa-2014"]


def test_the_halt_of_2018_shows_in_the_shipped_register(kor: Snapshot) -> None:
    then = [interoperability(kor, "USA", as_of=date(year, 12, 31), settings=QUICK) for year in (2017, 2019)]
    practice = [answer.rows.filter(pl.col("component") == "practice").row(0, named=True) for answer in then]
    assert practice[1]["score"] < practice[0]["score"]
    guardian = then[1].tables["series"].filter(pl.col("series") == "ulchi-freedom-guardian").row(0, named=True)
    assert guardian["latest_status"] == "suspended"
    assert guardian["lately_not_held"]
