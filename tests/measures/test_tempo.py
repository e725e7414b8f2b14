"""Tempo: counts on hand-made registers, the life of series, and the shipped one's well-known interruptions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from comity.measures.tempo import tempo, usual_month
from comity.register.register import Register
from comity.register.snapshot import Snapshot

Tiny = Callable[..., Snapshot]
TODAY = date(2026, 11, 22)


def edition(start: str, **cells: str) -> dict[str, Any]:
    base = {"id": f"e{start}", "series": "s", "title_en": "e", "participants": "KOR;USA", "exercise_types": "FTX", "status": "conducted"}
    return base | {"start": start} | cells


def series(**cells: str) -> dict[str, Any]:
    return {"id": "s", "title_en": "s", "title_ko": "s", "participants": "KOR;USA", "frequency": "annual", "status": "active", "collection": "false"} | cells


def test_a_year_counts_what_became_of_its_exercises(tiny: Tiny) -> None:
    rows = [
        edition("2020-03-01", end="2020-03-10", personnel="1000"),
        edition("2020-05-01", status="scaled_down", end="2020-05-02"),
        edition("2020-08-01", status="cancelled"),
        edition("2020-09-01", status="postponed"),
        edition("2020-10-01", status="planned"),
        edition("2020-11-01", participants="USA;JPN"),
    ]
    row = tempo(tiny({"exercise": rows}), as_of=TODAY).rows.row(0, named=True)
    assert (row["scheduled"], row["realised"], row["conducted"], row["scaled_down"], row["cancelled"], row["postponed"], row["planned"]) == (
        5,
        2,
        1,
        1,
        1,
        1,
        1,
    )
    assert row["realised_share"] == 2 / 4
    assert (row["days"], row["days_known"], row["personnel"], row["personnel_known"]) == (12, 2, 1000, 1)
    assert len(row["records"]) == 5


def test_a_part_of_a_larger_exercise_adds_no_days_or_persons(tiny: Tiny) -> None:
    whole = edition("2020-03-01", end="2020-03-10", personnel="1000")
    part = edition("2020-03-02", end="2020-03-03", personnel="400", nested_in="e2020-03-01")
    row = tempo(tiny({"exercise": [whole, part]}), as_of=TODAY).rows.row(0, named=True)
    assert (row["realised"], row["counted"], row["days"], row["personnel"]) == (2, 1, 10, 1000)


def test_too_few_known_numbers_give_no_sum(tiny: Tiny) -> None:
    rows = [edition("2020-03-01", personnel="1000"), *(edition(f"2020-04-0{day}") for day in range(1, 5))]
    answer = tempo(tiny({"exercise": rows}), as_of=TODAY)
    assert answer.rows.select("personnel", "personnel_known", "days", "days_known").row(0) == (None, 1, None, 0)
    assert any("Not enough data" in note.en for note in answer.notes)


def test_years_without_records_are_empty_unless_covered(tiny: Tiny) -> None:
    rows = {"exercise": [edition("2018-03-01"), edition("2021-03-01")]}
    assert tempo(tiny(rows), as_of=TODAY).rows["realised"].to_list() == [1, None, None, 1]
    covers = {"id": "c", "scope": "series:s", "start": "2018", "end": "2021", "completeness": "nearly_complete", "basis_en": "b", "gaps": "2020"}
    covered = tempo(tiny(rows | {"coverage": [covers]}), as_of=TODAY, series="s").rows
    assert covered["realised"].to_list() == [1, 0, None, 1]
    assert covered["realised_share"].to_list() == [1.0, None, None, 1.0]


def test_slip_against_the_announced_start_and_announced_size(tiny: Tiny) -> None:
    rows = [edition("2020-03-08", start_announced="2020-03-01", personnel="800", personnel_announced="1000")]
    answer = tempo(tiny({"exercise": rows}), as_of=TODAY)
    assert answer.tables["editions"].select("slip_days", "personnel", "personnel_announced").row(0) == (7, 800, 1000)
    assert answer.rows.select("personnel", "personnel_announced").row(0) == (800, 1000)


def test_the_life_of_a_series(tiny: Tiny) -> None:
    event = {"id": "x", "date": "2019-01-01", "initiator": "PRK", "event_type": "CONSULT", "title_en": "x"}
    rows = [
        edition("2016-03-10"),
        edition("2017-03-12"),
        edition("2018-04-01", status="scaled_down", because_of="event:x"),
        edition("2019-03-01", status="cancelled", because_of="event:x", requested_by="USA"),
        edition("2021-03-05"),
    ]
    answer = tempo(tiny({"exercise_series": [series(first_held="2016")], "exercise": rows, "event": [event]}), as_of=date(2022, 1, 1))
    life = answer.tables["series"].row(0, named=True)
    assert (life["first"], life["last"], life["editions"], life["usual_month"], life["in_usual_month"]) == (date(2016, 3, 10), date(2021, 3, 5), 4, 3, 0.75)
    assert life["gaps"] == [{"after": date(2018, 4, 1), "until": date(2021, 3, 5), "days": 1069}]
    assert [(change["status"], change["because_of"]) for change in life["changes"]] == [("scaled_down", ["event:x"]), ("cancelled", ["event:x"])]
    assert life["days_since_last"] == 302
    assert answer.tables["editions"]["days_since_last"].to_list() == [None, 367, 385, None, 1069]


def test_nothing_after_the_day_counts(tiny: Tiny) -> None:
    rows = [edition("2020-03-01", end="2020-03-10"), edition("2020-06-01", end="2020-06-20"), edition("2021-01-01")]
    day = date(2020, 6, 10)
    whole = tempo(tiny({"exercise": rows}), as_of=day)
    part = tempo(tiny({"exercise": [rows[0], edition("2020-06-01")]}), as_of=day)
    assert whole.rows.equals(part.rows)
    assert whole.tables["editions"].equals(part.tables["editions"])
    assert whole.rows["days"].to_list() == [10]


def test_no_exercises_give_no_rows(tiny: Tiny) -> None:
    answer = tempo(tiny({}), as_of=TODAY)
    assert answer.rows.height == 0
    assert answer.notes[0].en == "No exercise held by that day is recorded."


@given(months=st.lists(st.integers(1, 12), min_size=1, max_size=12), turn=st.integers(0, 11))
def test_the_usual_month_goes_around_the_year(months: list[int], turn: int) -> None:
    assert usual_month(months) in range(1, 13)
    assert usual_month([months[0]]) == months[0]
    turned = [(month - 1 + turn) % 12 + 1 for month in (11, 12, 12, 1)]
    assert usual_month(turned) == (11 + turn) % 12 + 1


def test_ulchi_is_held_in_august(kor: Snapshot) -> None:
    table = tempo(kor, as_of=TODAY).tables["series"]
    ulchi = table.filter(pl.col("series") == "ulchi-freedom-guardian").row(0, named=True)
    assert (ulchi["usual_month"], ulchi["editions"], ulchi["suspended"], ulchi["active"]) == (8, 10, 1, False)
    assert (ulchi["first"], ulchi["last"]) == (date(2008, 8, 18), date(2017, 8, 21))


def test_foal_eagle_was_cut_in_2018_and_given_up_in_2019(kor: Snapshot) -> None:
    answer = tempo(kor, as_of=TODAY, series="foal-eagle")
    by_year = {row["year"]: row for row in answer.rows.iter_rows(named=True)}
    assert (by_year[2018]["scaled_down"], by_year[2019]["cancelled"], by_year[2019]["realised"]) == (1, 1, 0)
    assert by_year[1990]["realised"] is None  # the register names 1990 as a gap of its own
    changes = answer.tables["series"].row(0, named=True)["changes"]
    assert {"event:hanoi-summit-2019"} <= {ref for change in changes for ref in change["because_of"]}


def test_the_sums_of_the_years_are_the_editions(kor: Snapshot) -> None:
    answer = tempo(kor, as_of=TODAY)
    assert answer.rows["scheduled"].sum() == answer.tables["editions"].height
    assert answer.rows["realised"].sum() == answer.tables["series"]["editions"].sum()
    assert all(kor.has_record(ref) for refs in answer.rows["records"] for ref in refs)
    assert answer.rows["records"].list.len().to_list() == [n or 0 for n in answer.rows["scheduled"]]


def test_a_register_cut_at_a_day_gives_the_same_as_that_day(kor_register: Register, kor: Snapshot) -> None:
    tables, day = dict(kor_register.tables), date(2017, 12, 31)
    tables["exercise"] = tables["exercise"].filter(pl.col("start") <= "2017-12-31")
    past = pl.when(pl.col("last_held") > "2017-12-31").then(pl.lit("..")).otherwise("last_held")
    tables["exercise_series"] = tables["exercise_series"].with_columns(last_held=past)
    part = tempo(Register(kor_register.path, kor_register.settings, tables).snapshot(), as_of=day)
    whole = tempo(kor, as_of=day)
    assert whole.rows.equals(part.rows)
    assert whole.tables["series"].equals(part.tables["series"])
