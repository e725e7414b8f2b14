"""Deployments: the last count and its age, what is presumed, and the shipped register against the United Nations' own totals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
import pytest

from comity.measures.deployments import deployments
from comity.register.register import Register
from comity.register.snapshot import Snapshot

Tiny = Callable[..., Snapshot]
TODAY = date(2026, 11, 22)


def deployment(name: str = "d", **cells: str | None) -> dict[str, Any]:
    base = {"id": name, "mission_en": "m", "unit_en": "u", "framework": "UN", "deployment_type": "pko", "countries": "LBN", "start": "2020-01-01"}
    return base | cells


def strength(day: str, personnel: int, of: str = "d", **cells: str) -> dict[str, Any]:
    return {"id": f"{of}@{day}", "deployment": of, "date": day, "personnel": str(personnel)} | cells


def one(snapshot: Snapshot, day: date) -> dict[str, Any]:
    return deployments(snapshot, as_of=day).rows.row(0, named=True)


def test_a_strength_is_the_last_count_with_its_age(tiny: Tiny) -> None:
    snapshot = tiny({"deployment": [deployment()], "strength": [strength("2020-06-01", 300), strength("2021-06-01", 100)]})
    cells = [one(snapshot, day) for day in (date(2020, 3, 1), date(2020, 6, 11), date(2021, 5, 31), date(2021, 6, 1))]
    assert [(row["personnel"], row["age_days"]) for row in cells] == [(None, None), (300, 10), (300, 364), (100, 0)]
    assert [row["peak"] for row in cells] == [None, 300, 300, 300]
    table = deployments(snapshot, as_of=date(2021, 7, 1)).tables["strengths"]
    assert table.select("since", "until", "days", "personnel").rows() == [
        (date(2020, 6, 1), date(2021, 5, 31), 365, 300),
        (date(2021, 6, 1), None, None, 100),
    ]


def test_states(tiny: Tiny) -> None:
    def state(day: date, **cells: str) -> tuple[str, str] | None:
        answer = deployments(tiny({"deployment": [deployment(**cells)]}), as_of=day)
        rows = pl.concat([answer.rows, answer.tables["ended"], answer.tables["standby"]])
        return (rows["state"][0], rows["certainty"][0]) if rows.height else None

    assert state(date(2019, 12, 31)) is None
    assert state(date(2021, 1, 1), end="2022-05-05") == ("abroad", "certainly")
    assert state(date(2022, 5, 6), end="2022-05-05") == ("ended", "certainly")
    assert state(date(2022, 6, 1), end="2022") == ("abroad", "possibly")
    assert state(TODAY, end="..") == ("abroad", "certainly")
    assert state(date(2024, 1, 1)) == ("abroad", "presumed")
    assert state(TODAY) == ("abroad", "possibly")  # nothing has told of it for more than five years
    assert state(TODAY, countries="KOR") == ("standby", "presumed")


def test_a_recent_count_keeps_the_presumption(tiny: Tiny) -> None:
    snapshot = tiny({"deployment": [deployment()], "strength": [strength("2023-01-01", 5)]})
    assert (one(snapshot, TODAY)["certainty"], one(snapshot, TODAY)["last_evidence"]) == ("presumed", date(2023, 1, 1))


def test_sums_leave_out_totals_and_say_what_is_missing(tiny: Tiny) -> None:
    rows = {
        "deployment": [deployment(end=".."), deployment("e", framework="coalition", end=".."), deployment("f", end=".."), deployment("all", count_as="total")],
        "strength": [strength("2020-06-01", 300), strength("2020-06-01", 50, "e"), strength("2020-06-01", 900, "all", count_as="total")],
    }
    answer = deployments(tiny(rows), as_of=date(2020, 12, 31))
    last = answer.tables["by_year"].row(-1, named=True)
    assert (last["deployments"], last["counted"], last["personnel"], last["un_personnel"], last["oldest_days"]) == (3, 2, 350, 300, 213)
    assert answer.tables["totals"].select("deployment", "personnel").rows() == [("all", 900)]
    assert "2 of the 3" in answer.notes[0].en


def test_too_few_counts_give_no_sum(tiny: Tiny) -> None:
    forces = [deployment(f"d{n}", end="..") for n in range(4)]
    answer = deployments(tiny({"deployment": forces, "strength": [strength("2020-06-01", 300, "d0")]}), as_of=date(2020, 12, 31))
    assert answer.tables["by_year"]["personnel"].to_list() == [None]
    assert answer.notes[0].en.startswith("Not enough data")


def test_mandates_and_the_ceiling_of_the_last_one(tiny: Tiny) -> None:
    acts = [
        {"id": f"m{year}", "deployment": "d", "act": act, "date": f"{year}-01-01", "until": f"{year}-12-31", "ceiling": ceiling, "document_en": "x"}
        for year, act, ceiling in ((2020, "consent", "350"), (2021, "extension", "300"))
    ]
    snapshot = tiny({"deployment": [deployment(personnel_ceiling="999")], "mandate": acts})
    assert [one(snapshot, date(year, 6, 1))["ceiling"] for year in (2020, 2021)] == [350, 300]
    answer = deployments(snapshot, as_of=date(2021, 6, 1))
    assert answer.tables["mandates"]["days_left"].to_list() == [-152, 213]
    assert answer.rows["mandate_until"].to_list() == [date(2021, 12, 31)]


def test_a_stated_peak_is_not_known_before_its_source(tiny: Tiny) -> None:
    source = {"id": "s", "title": "s", "source_type": "other", "marking": "public", "published": "2022-01-01"}
    snapshot = tiny({"deployment": [deployment(personnel_peak="320")], "source": [source]})
    assert [one(snapshot, date(year, 6, 1))["peak_stated"] for year in (2021, 2022)] == [None, 320]


def test_the_register_holds_no_forces_of_others(kor: Snapshot) -> None:
    assert deployments(kor, "JPN", as_of=TODAY).rows.height == 0


def test_units_abroad_today_and_vietnam(kor: Snapshot) -> None:
    rows = {row["id"]: row for row in deployments(kor, as_of=TODAY).rows.iter_rows(named=True)}
    assert (rows["dongmyeong"]["countries"], rows["dongmyeong"]["personnel"]) == (["LBN"], 276)
    assert (rows["hanbit"]["countries"], rows["hanbit"]["personnel"]) == (["SSD"], 281)
    assert rows["unomig"]["certainty"] == "possibly"  # the mission in Georgia closed in 2009; no end of the Korean part is recorded
    assert "onnuri-standby" not in rows
    vietnam = deployments(kor, as_of=date(1970, 1, 1)).rows.row(0, named=True)
    assert (vietnam["id"], vietnam["certainty"], vietnam["personnel"], vietnam["counted_on"]) == ("vietnam", "certainly", 27500, date(1966, 4, 30))
    assert deployments(kor, as_of=date(1973, 3, 24)).rows.height == 0


@pytest.mark.parametrize(("day", "total"), [(date(2014, 9, 30), 636), (date(2016, 11, 30), 647), (date(2018, 11, 30), 635), (date(2022, 12, 31), 577)])
def test_single_missions_add_up_to_the_total_counted_by_the_united_nations(kor: Snapshot, day: date, total: int) -> None:
    answer = deployments(kor, as_of=day)
    stated = answer.tables["totals"].filter(pl.col("deployment") == "un-all")["personnel"].to_list()[-1]
    summed = answer.tables["by_year"]["un_personnel"].to_list()[-1]
    assert stated == total
    assert summed == pytest.approx(total, rel=0.015)


def test_every_number_names_its_records(kor: Snapshot) -> None:
    answer = deployments(kor, as_of=TODAY)
    for table in (answer.rows, *answer.tables.values()):
        assert all(kor.has_record(ref) for refs in table["records"] for ref in refs)


def test_a_register_cut_at_a_day_gives_the_same_as_that_day(kor_register: Register, kor: Snapshot) -> None:
    tables, at = dict(kor_register.tables), "2014-12-31"
    forces = tables["deployment"].filter(pl.col("start") <= at)
    tables["deployment"] = forces.with_columns(end=pl.when(pl.col("end") > at).then(pl.lit("..")).otherwise("end"))
    tables["strength"] = tables["strength"].filter(pl.col("date") <= at)
    tables["source"] = tables["source"].filter(pl.col("published").is_null() | (pl.col("published") <= at))
    part = deployments(Register(kor_register.path, kor_register.settings, tables).snapshot(), as_of=date(2014, 12, 31))
    whole = deployments(kor, as_of=date(2014, 12, 31))
    assert whole.rows.equals(part.rows)
    for name, table in whole.tables.items():
        assert table.equals(part.tables[name]), name
