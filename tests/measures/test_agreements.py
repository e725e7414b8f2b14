"""Agreements: states on hand-made registers, the facts of the shipped one, and what may not influence an answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
import pytest

from comity.measures.agreements import STANDING, AgreementSettings, agreements
from comity.register.register import Register
from comity.register.snapshot import Snapshot

Tiny = Callable[..., Snapshot]
TODAY = date(2026, 11, 22)


def agreement(**cells: str) -> dict[str, Any]:
    return {"id": "a", "title_en": "a", "agreement_type": "other", "parties": "KOR;JPN", "signed": "2010-03-01"} | cells


def period(status: str, start: str, end: str | None = None, by: str = "KOR", one: str = "p") -> dict[str, Any]:
    return {"id": one, "agreement": "a", "status": status, "start": start, "end": end, "by": by, "what_en": status}


def one(snapshot: Snapshot, day: date = TODAY, record: str = "a") -> dict[str, Any]:
    return agreements(snapshot, as_of=day, in_force=False).rows.row(by_predicate=pl.col("id") == record, named=True)


def stands(snapshot: Snapshot, day: date = TODAY) -> tuple[str, str]:
    row = one(snapshot, day)
    return row["state"], row["certainty"]


def test_an_agreement_without_an_end_is_presumed_in_force(tiny: Tiny) -> None:
    assert stands(tiny({"agreement": [agreement()]})) == ("in_force", "presumed")


def test_an_end_an_open_end_or_a_later_attestation_make_it_certain(tiny: Tiny) -> None:
    ended = tiny({"agreement": [agreement(ended="2020-05-05")]})
    assert stands(ended, date(2015, 1, 1)) == ("in_force", "certainly")
    assert stands(ended, date(2020, 5, 5)) == ("in_force", "certainly")
    assert stands(ended, date(2020, 5, 6)) == ("ended", "certainly")
    assert stands(tiny({"agreement": [agreement(ended="..")]})) == ("in_force", "certainly")
    assert stands(tiny({"agreement": [agreement(attested="2020")]}), date(2015, 1, 1)) == ("in_force", "certainly")


def test_days_inside_an_imprecise_date_are_possible_only(tiny: Tiny) -> None:
    assert stands(tiny({"agreement": [agreement(signed="2010")]}), date(2010, 6, 1)) == ("in_force", "possibly")
    assert stands(tiny({"agreement": [agreement(ended="2020")]}), date(2020, 6, 1)) == ("in_force", "possibly")


def test_between_signature_and_entry_into_force_it_binds_nobody(tiny: Tiny) -> None:
    snapshot = tiny({"agreement": [agreement(in_force="2011-01-01")]})
    assert stands(snapshot, date(2010, 6, 1)) == ("signed", "certainly")
    assert agreements(snapshot, as_of=date(2010, 6, 1)).rows.height == 0


def test_what_was_not_signed_yet_is_not_there(tiny: Tiny) -> None:
    assert agreements(tiny({"agreement": [agreement()]}), as_of=date(2010, 2, 28), in_force=False).rows.height == 0


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("suspended", "suspended"),
        ("suspended_in_part", "suspended_in_part"),
        ("conditionally_continued", "conditional"),
        ("provisionally_applied", "provisional"),
    ],
)
def test_a_period_gives_the_state_until_it_is_over(tiny: Tiny, status: str, state: str) -> None:
    snapshot = tiny({"agreement": [agreement()], "agreement_period": [period(status, "2018-01-01", "2019-01-01")]})
    assert stands(snapshot, date(2018, 6, 1)) == (state, "certainly")
    assert stands(snapshot, date(2019, 6, 1)) == ("in_force", "presumed")


def test_a_termination_lasts_and_a_restoration_ends_it(tiny: Tiny) -> None:
    ended = [period("terminated", "2018-01-01", "2018-01-01")]
    assert stands(tiny({"agreement": [agreement()], "agreement_period": ended})) == ("ended", "certainly")
    restored = [*ended, period("restored", "2019-01-01", "..", one="q")]
    assert stands(tiny({"agreement": [agreement()], "agreement_period": restored})) == ("in_force", "certainly")


def test_an_adversary_alone_ends_nothing(tiny: Tiny) -> None:
    void = [period("terminated", "2018-01-01", "..", by="PRK")]
    snapshot = tiny({"agreement": [agreement(parties="KOR;PRK")], "agreement_period": void})
    row = one(snapshot)
    assert (row["state"], row["certainty"]) == ("in_force", "presumed")
    assert (row["declared_void_by"], row["declared_void_on"]) == (["PRK"], date(2018, 1, 1))
    assert row["state_en"] == "in force, presumed; declared void by North Korea"
    assert one(snapshot, date(2017, 12, 31))["declared_void_by"] == []
    other = agreements(snapshot, as_of=TODAY, in_force=False, settings=AgreementSettings(in_force=False, adversaries=())).rows
    assert other["state"].to_list() == ["ended"]
    both = [period("terminated", "2018-01-01", "..", by="KOR;PRK")]
    assert stands(tiny({"agreement": [agreement(parties="KOR;PRK")], "agreement_period": both})) == ("ended", "certainly")


def test_its_successor_ends_an_agreement(tiny: Tiny) -> None:
    rows = [agreement(), agreement(id="b", signed="2015-01-01", in_force="2015-07-01", replaces="a")]
    snapshot = tiny({"agreement": rows})
    assert stands(snapshot, date(2015, 6, 1)) == ("in_force", "presumed")
    row = one(snapshot)
    assert (row["state"], row["ended_on"], row["replaced_by"]) == ("ended", date(2015, 7, 1), "b")
    assert row["records"] == ["agreement:a", "agreement:b"]


def test_a_fixed_term_lapses_and_a_term_of_unknown_renewal_becomes_doubtful(tiny: Tiny) -> None:
    fixed = one(tiny({"agreement": [agreement(expires="2015-12-31")]}))
    assert (fixed["state"], fixed["ended_on"]) == ("lapsed", date(2015, 12, 31))
    open_ended = one(tiny({"agreement": [agreement(term="P5Y")]}))
    assert (open_ended["state"], open_ended["certainty"], open_ended["term_over"]) == ("in_force", "possibly", True)
    assert open_ended["term_end"] == date(2015, 2, 28)
    seen = one(tiny({"agreement": [agreement(term="P5Y", attested="2019-08")]}))
    assert (seen["certainty"], seen["term_over"]) == ("presumed", False)
    extended = tiny({"agreement": [agreement(term="P5Y"), agreement(id="b", signed="2014-01-01", extends="a")]})
    assert stands(extended) == ("in_force", "presumed")


def test_an_imprecise_start_warns_early(tiny: Tiny) -> None:
    row = one(tiny({"agreement": [agreement(signed="2016-11", term="P1Y", renewal="automatic", notice="P90D")]}), date(2026, 5, 1))
    assert (row["term_end_earliest"], row["term_end"]) == (date(2026, 10, 31), date(2026, 11, 29))
    assert row["notice_day"] == date(2026, 8, 2)


def test_partner_and_lapsing_days_choose_rows(tiny: Tiny) -> None:
    rows = [agreement(expires="2026-12-01"), agreement(id="b", parties="KOR;USA", expires="2027-12-01"), agreement(id="c", parties="USA;JPN")]
    snapshot = tiny({"agreement": rows})
    assert agreements(snapshot, as_of=TODAY, lapsing_days=30).rows["id"].to_list() == ["a"]
    assert agreements(snapshot, as_of=TODAY, partner="USA").rows["id"].to_list() == ["b"]
    assert agreements(snapshot, as_of=TODAY).tables["others"]["id"].to_list() == ["c"]


def test_the_information_agreement_with_japan(kor: Snapshot) -> None:
    """Article 21: one year from 23 November 2016, then year by year unless notice is given ninety days before the end."""
    before = one(kor, date(2026, 8, 1), "kor-jpn-gsomia-2016")
    assert (before["notice_day"], before["days_to_notice"], before["term_end"]) == (date(2026, 8, 24), 23, date(2026, 11, 22))
    assert before["ends_if_notice_today"] == date(2026, 11, 22)
    after = one(kor, TODAY, "kor-jpn-gsomia-2016")
    assert (after["state"], after["certainty"], after["days_left"]) == ("in_force", "certainly", 0)
    assert (after["renewal_day"], after["notice_day"]) == (date(2026, 11, 23), date(2027, 8, 24))
    assert one(kor, date(2021, 1, 1), "kor-jpn-gsomia-2016")["state"] == "conditional"


def test_the_twelfth_special_measures_agreement_runs_to_the_end_of_2030(kor: Snapshot) -> None:
    row = one(kor, TODAY, "kor-usa-sma-12-2024")
    assert (row["state"], row["term_end"], row["days_left"]) == ("in_force", date(2030, 12, 31), 1500)
    assert one(kor, date(2031, 1, 1), "kor-usa-sma-12-2024")["state"] == "lapsed"
    assert one(kor, date(2020, 6, 1), "kor-usa-sma-10-2019")["state"] == "ended"


def test_the_missile_guidelines_ended_in_2021(kor: Snapshot) -> None:
    rows = agreements(kor, as_of=TODAY, in_force=False).rows.filter(
        pl.col("id").str.starts_with("kor-usa-missile-guidelines-2") | (pl.col("id") == "kor-usa-missile-guidelines-1979")
    )
    assert set(rows["state"]) == {"ended"}
    assert one(kor, TODAY, "kor-usa-missile-guidelines-2020")["ended_on"] == date(2021, 5, 21)
    assert one(kor, date(2021, 5, 20), "kor-usa-missile-guidelines-2020")["state"] == "in_force"


def test_the_military_agreement_of_2018_is_suspended_and_declared_void_by_the_north(kor: Snapshot) -> None:
    states = {day: one(kor, day, "kor-prk-cma-2018")["state"] for day in (date(2018, 10, 1), date(2023, 1, 1), date(2023, 12, 1), TODAY)}
    assert list(states.values()) == ["signed", "in_force", "suspended_in_part", "suspended"]
    row = one(kor, TODAY, "kor-prk-cma-2018")
    assert (row["declared_void_by"], row["state_ko"]) == (["PRK"], "효력 정지, 북한 일방 무효 선언")


def test_the_mutual_defence_treaty_ends_one_year_after_notice(kor: Snapshot) -> None:
    row = one(kor, TODAY, "kor-usa-mutual-defense-treaty-1953")
    assert (row["obligations"], row["ends_if_notice_today"], row["notice_day"]) == (["defense", "consultation"], date(2027, 11, 22), None)


def test_every_standing_row_says_how_sure_it_is_and_names_its_records(kor: Snapshot) -> None:
    answer = agreements(kor, as_of=TODAY)
    assert set(answer.rows["state"]) <= set(STANDING)
    assert set(answer.rows["certainty"]) == {"certainly", "presumed", "possibly"}
    assert all(kor.has_record(ref) for refs in answer.rows["records"] for ref in refs)
    assert str(answer.rows.height) in answer.notes[0].ko


def test_the_armistice_is_listed_apart_from_the_agreements_of_home(kor: Snapshot) -> None:
    others = agreements(kor, as_of=TODAY).tables["others"]
    assert others.select("id", "state", "declared_void_by").row(0) == ("kor-armistice-1953", "in_force", ["PRK"])


def cut(register: Register, day: date) -> Register:
    """The register as it would stand at the end of `day`: later acts gone, later ends open."""
    tables, at = dict(register.tables), day.isoformat()
    whole = tables["agreement"]
    later = pl.any_horizontal([(pl.col(name) > at).fill_null(False) & (pl.col(name) != "..") for name in ("ended", "attested")])
    ended = pl.when(later & (pl.col("ended").is_null() | (pl.col("ended") > at))).then(pl.lit("..")).otherwise("ended")
    attested = pl.when(pl.col("attested") <= at).then("attested")
    known = pl.min_horizontal(pl.coalesce("signed", "in_force", "attested"), pl.coalesce("attested", "signed", "in_force")) <= at
    tables["agreement"] = whole.filter(known).with_columns(ended=ended, attested=attested)
    periods = tables["agreement_period"].filter(pl.col("start") <= at)
    tables["agreement_period"] = periods.with_columns(end=pl.when(pl.col("end") > at).then(pl.lit("..")).otherwise("end"))
    return Register(register.path, register.settings, tables)


@pytest.mark.parametrize("year", [1999, 2012, 2019, 2023])
def test_a_register_cut_at_a_day_gives_the_same_as_that_day(kor_register: Register, kor: Snapshot, year: int) -> None:
    day = date(year, 12, 31)
    whole, part = (agreements(snapshot, as_of=day, in_force=False) for snapshot in (kor, cut(kor_register, day).snapshot()))
    assert part.rows.height < kor.agreements.height
    assert whole.rows.equals(part.rows)
    assert whole.notes == part.notes


def test_the_order_of_records_is_irrelevant(kor_register: Register, kor: Snapshot) -> None:
    tables = {name: table.reverse() for name, table in kor_register.tables.items()}
    mixed = Register(kor_register.path, kor_register.settings, tables).snapshot()
    assert agreements(mixed, as_of=TODAY).rows.equals(agreements(kor, as_of=TODAY).rows)
