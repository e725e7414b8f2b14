"""Compare: paired differences, what began and ended by hand, and facts of the shipped register."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest

from comity.measures.compare import compare
from comity.measures.tie_settings import TieSettings
from comity.measures.tie_strength import tie_draws, tie_strength
from comity.register.snapshot import Snapshot
from comity.vocab.errors import ComityError, UnknownActor

Tiny = Callable[..., Snapshot]
FIRST, SECOND = date(2018, 6, 30), date(2020, 6, 30)
QUICK = TieSettings(draws=300)


def exercise(name: str, start: str, who: str = "KOR;USA") -> dict[str, Any]:
    return {"id": name, "series": "s", "title_en": name, "participants": who, "start": start, "exercise_types": "FTX", "status": "conducted"}


def agreement(name: str, **cells: Any) -> dict[str, Any]:
    return {"id": name, "title_en": name, "agreement_type": "logistics", "parties": "KOR;USA"} | cells


def changes(snapshot: Snapshot, table: str, **asked: Any) -> dict[str, str]:
    rows = compare(snapshot, first=FIRST, second=SECOND, settings=QUICK, **asked).tables[table]
    return dict(rows.select("id", "change").iter_rows())


def test_draws_are_those_of_tie_strength(kor: Snapshot) -> None:
    partners, drawn = tie_draws(kor, as_of=SECOND, settings=QUICK)
    rows = tie_strength(kor, as_of=SECOND, settings=QUICK).rows
    medians = dict(zip(partners, np.median(drawn, axis=1), strict=True))
    assert drawn.shape == (len(partners), QUICK.draws)
    assert dict(rows.select("partner", "score").iter_rows()) == medians


def test_no_records_give_no_draws(tiny: Tiny) -> None:
    partners, drawn = tie_draws(tiny({}), as_of=SECOND, settings=QUICK)
    assert (partners, drawn.shape) == ([], (0, QUICK.draws))
    assert compare(tiny({}), first=FIRST, second=SECOND).rows.is_empty()


def test_differences_are_paired_and_narrower_than_either_day(kor: Snapshot) -> None:
    rows = compare(kor, first=FIRST, second=SECOND).rows.filter(pl.col("partner") == "USA")
    widths = [
        tie_strength(kor, as_of=day).rows.filter(pl.col("partner") == "USA").select((pl.col("high") - pl.col("low")).alias("w")).item()
        for day in (FIRST, SECOND)
    ]
    assert rows["high"].item() - rows["low"].item() < min(widths)


def test_turning_the_days_round_is_refused_and_strangers_too(tiny: Tiny) -> None:
    with pytest.raises(ComityError):
        compare(tiny({}), first=SECOND, second=FIRST)
    with pytest.raises(ComityError):
        compare(tiny({}), first=FIRST, second=FIRST)
    with pytest.raises(UnknownActor):
        compare(tiny({}), first=FIRST, second=SECOND, partner="XXX")


def test_a_new_exercise_lifts_one_tie_and_the_other_only_fades(tiny: Tiny) -> None:
    snapshot = tiny({"exercise": [exercise("a", "2017-01-01", "KOR;USA"), exercise("b", "2017-01-01", "KOR;AUS"), exercise("c", "2020-06-01", "KOR;AUS")]})
    rows = {row["partner"]: row for row in compare(snapshot, first=FIRST, second=SECOND, settings=QUICK).rows.iter_rows(named=True)}
    assert rows["USA"]["by_time_alone"]
    assert rows["USA"]["high"] <= 0
    assert rows["USA"]["gained"] == rows["USA"]["lost"] == []
    assert rows["AUS"]["gained"] == ["exercise:c"]
    assert rows["AUS"]["difference"] > 0
    assert rows["AUS"]["records"] == ["exercise:b", "exercise:c"]


def test_a_tie_that_had_no_record_is_null_then(tiny: Tiny) -> None:
    found = compare(tiny({"exercise": [exercise("a", "2020-01-01")]}), first=FIRST, second=SECOND, settings=QUICK).rows.row(0, named=True)
    assert found["first"] is None
    assert found["difference"] == found["second"] > 0


def test_agreements_by_what_became_of_them(tiny: Tiny) -> None:
    agreements = [
        agreement("gained", in_force="2019-01-01"),
        agreement("lost", in_force="2000-01-01", ended="2019-05-05"),
        agreement("passed", in_force="2018-12-01", ended="2019-12-01"),
        agreement("suspended", in_force="2000-01-01"),
        agreement("resumed", in_force="2000-01-01"),
        agreement("attested", attested="2019-01-01"),
        agreement("signed", signed="2020-01-01", in_force="2021-01-01"),
        agreement("same", in_force="2000-01-01"),
        agreement("later", in_force="2020-07-01", parties="KOR;JPN"),
        agreement("theirs", in_force="2019-01-01", parties="USA;JPN"),
    ]
    periods = [
        {"id": "p1", "agreement": "suspended", "status": "suspended", "start": "2019-06-01", "end": "..", "what_en": "x"},
        {"id": "p2", "agreement": "resumed", "status": "suspended", "start": "2017-01-01", "end": "2019-01-01", "what_en": "x"},
        {"id": "p3", "agreement": "resumed", "status": "restored", "start": "2019-01-01", "end": "..", "what_en": "x"},
    ]
    snapshot = tiny({"agreement": agreements, "agreement_period": periods})
    names = ["gained", "lost", "passed", "suspended", "resumed", "attested"]
    assert {name: change for name, change in changes(snapshot, "agreements").items() if name != "signed"} == {name: name for name in names}
    table = compare(snapshot, first=FIRST, second=SECOND, settings=QUICK).tables["agreements"]
    days = dict(table.select("id", "day").iter_rows())
    assert (days["gained"], days["lost"], days["suspended"], days["attested"]) == (date(2019, 1, 1), date(2019, 5, 5), date(2019, 6, 1), None)
    assert changes(snapshot, "agreements", partner="JPN") == {}


def test_series_begin_with_their_first_edition_and_end_when_they_go_on_no_more(tiny: Tiny) -> None:
    def series(name: str, first: str, last: str, status: str, **cells: Any) -> dict[str, Any]:
        return {"id": name, "title_en": name, "title_ko": name, "first_held": first, "last_held": last, "status": status} | cells

    every = [
        series("new", "2019-03-04", "..", "active"),
        series("over", "1990", "2019", "ended"),
        series("pausing", "1990", "2019", "active"),
        series("kept", "1990", "..", "active"),
        series("single-drills", "2019", "2019", "ended", collection="true"),
        series("theirs", "2019", "..", "active"),
    ]
    editions = [exercise(f"{one['id']}-1", "2019-03-04") | {"series": one["id"]} for one in every if one["id"] != "theirs"]
    snapshot = tiny({"exercise_series": every, "exercise": [*editions, exercise("theirs-1", "2019-03-04", "USA;JPN") | {"series": "theirs"}]})
    table = compare(snapshot, first=FIRST, second=SECOND, settings=QUICK).tables["series"]
    assert table.select("change", "id", "date", "after").rows() == [("begun", "new", "2019-03-04", None), ("ended", "over", "2019", "ended")]


def test_deployments_and_standings(tiny: Tiny) -> None:
    def force(name: str, start: str, end: str | None) -> dict[str, Any]:
        cells = {"id": name, "mission_en": name, "unit_en": name, "framework": "un", "deployment_type": "pko", "countries": "LBN", "start": start}
        return cells | ({"end": end} if end else {})

    standings = [
        {"id": "vnm-1", "actor": "VNM", "status": "partner", "since": "2001", "until": "2019-12-22"},
        {"id": "vnm-2", "actor": "VNM", "status": "strategic_partner", "since": "2019-12-22", "until": ".."},
        {"id": "fra-1", "actor": "FRA", "status": "partner", "since": "2001", "until": "2019-01-01"},
    ]
    forces = [force("sent", "2019-01-01", None), force("home", "2010-01-01", "2020-01-31"), force("stays", "2010-01-01", "..")]
    snapshot = tiny({"deployment": forces, "partner": standings})
    assert changes(snapshot, "deployments") == {"sent": "begun", "home": "ended"}
    rows = compare(snapshot, first=FIRST, second=SECOND, settings=QUICK).tables["statuses"].sort("id")
    assert rows.select("id", "change", "before", "after").rows() == [("fra-1", "ended", "partner", None), ("vnm-2", "given", "partner", "strategic_partner")]
    assert changes(snapshot, "deployments", home="JPN") == {}


def test_the_shipped_register_between_two_governments(kor: Snapshot) -> None:
    answer = compare(kor, first=date(2022, 5, 10), second=date(2025, 6, 4), settings=QUICK)
    agreements = dict(answer.tables["agreements"].select("id", "change").iter_rows())
    assert agreements["kor-prk-cma-2018"] == "suspended"
    assert agreements["kor-usa-jpn-tscf-2024"] == "gained"
    assert "freedom-edge" in answer.tables["series"].filter(pl.col("change") == "begun")["id"].to_list()
    japan = answer.rows.row(by_predicate=pl.col("partner") == "JPN", named=True)
    assert japan["differs"]
    assert japan["low"] > 0
    own = compare(kor, first=date(2022, 5, 10), second=date(2025, 6, 4), settings=QUICK, partner="JPN")
    assert own.rows["partner"].to_list() == ["JPN"]
    assert all(table["partners"].list.contains("JPN").all() for table in own.tables.values())
