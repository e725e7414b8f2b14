"""The agenda: what may lie in a window of days, how sure each day is, and what the rhythm of a series alone lets expect."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

import comity
from comity.measures.agenda import agenda, deadlines, expected
from comity.measures.watch import watch
from comity.register.snapshot import Snapshot
from small_package import SmallPackage

DAY = date(2026, 11, 25)


@pytest.fixture
def package(small_package: SmallPackage) -> SmallPackage:
    ahead = {"series": "freedom-shield", "marking": "public"}
    small_package.edit("exercise", "in-a-month", start="2027-03", end="", status="planned", **ahead)
    small_package.edit("exercise", "over-new-year", start="2026-12-30", end="2027-01-02", status="conducted", **ahead)
    small_package.edit("exercise", "given-up", start="2027-05-01", end="", status="cancelled", **ahead)
    small_package.edit("exercise", "that-year", start="2027", end="", status="planned", **ahead)
    small_package.edit("commitment", "reform-2017", due="2027-06")
    return small_package


def snapshot_of(package: SmallPackage) -> Snapshot:
    return comity.load(package.write()).snapshot("public")


def of(rows: pl.DataFrame, ref: str) -> dict[str, object]:
    (row,) = rows.filter(pl.col("ref") == ref).to_dicts()
    return row


def test_imprecise_days_span_all_that_they_may_be(package: SmallPackage) -> None:
    rows = agenda(snapshot_of(package), first=date(2027, 1, 1), last=date(2027, 12, 31))
    month = of(rows, "exercise:in-a-month")
    assert (month["first"], month["last"], month["exact"], month["state"]) == (date(2027, 3, 1), date(2027, 3, 31), False, "tentative")
    assert (of(rows, "exercise:that-year")["first"], of(rows, "exercise:that-year")["last"]) == (date(2027, 1, 1), date(2027, 12, 31))
    assert of(rows, "exercise:given-up")["state"] == "cancelled"
    assert of(rows, "commitment:reform-2017")["last"] == date(2027, 6, 30)


def test_what_reaches_into_the_window_is_in_it(package: SmallPackage) -> None:
    snapshot = snapshot_of(package)
    assert "exercise:over-new-year" in agenda(snapshot, first=date(2027, 1, 1), last=date(2027, 1, 31))["ref"].to_list()
    assert "exercise:over-new-year" not in agenda(snapshot, first=date(2027, 1, 3), last=date(2027, 1, 31))["ref"].to_list()
    assert "exercise:in-a-month" in agenda(snapshot, first=date(2027, 3, 31), last=date(2027, 3, 31))["ref"].to_list()


def test_notice_days_of_the_watch_list_stand_in_the_same_form(package: SmallPackage) -> None:
    snapshot = snapshot_of(package)
    day = date(2026, 1, 1)
    found = watch(snapshot, as_of=day, days=4000).rows
    rows = deadlines(snapshot, found)
    assert rows.columns == agenda(snapshot, first=day, last=day).columns
    assert set(rows["ref"]) == set(found.filter(pl.col("item").is_in(["notice", "renewal", "expiry"]))["ref"])


def test_a_rhythm_lets_expect_the_month_in_which_its_cycle_is_full(package: SmallPackage) -> None:
    package.edit("exercise_series", "freedom-shield", frequency="annual", status="active", last_held="..")
    package.edit("exercise", "held-last", series="freedom-shield", start="2026-03-10", end="2026-03-20", status="conducted", participants="KOR;USA")
    del package.rows["exercise"]["over-new-year"]
    rows = expected(snapshot_of(package), "KOR", as_of=DAY)
    (row,) = rows.filter(pl.col("series") == "exercise_series:freedom-shield").to_dicts()
    assert (row["first"], row["last"], row["edition"]) == (date(2027, 3, 1), date(2027, 3, 31), "exercise:held-last")
    assert expected(snapshot_of(package), "KOR", as_of=date(2027, 4, 1)).is_empty()  # late by then: the watch list says so
