"""Who is in office on a day and how sure that is; which promises were kept, late or are overdue on a day."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

import comity
from comity.measures.commitment_state import commitment_states
from comity.measures.offices import attache_posts_on, office_holders_on
from small_package import SmallPackage

DAY = date(2026, 11, 25)
MINISTER = {"actor": "KOR", "office": "defence_minister"}


def holders(package: SmallPackage, day: date) -> list[tuple[str | None, str | None]]:
    rows = office_holders_on(comity.load(package.write()).snapshot("public"), day)
    return [(ref and ref.partition(":")[2], certainty) for ref, certainty in rows.filter(pl.col("actor") == "KOR").select("ref", "certainty").iter_rows()]


def test_a_holder_is_certain_while_a_source_says_so(small_package: SmallPackage) -> None:
    small_package.edit("office_holder", "minister-1", start="2017-07-13", end="2018-09-20", **MINISTER)
    small_package.edit("office_holder", "minister-2", person_en="B. Minister", start="2018-09-21", end="..", **MINISTER)
    assert holders(small_package, date(2018, 1, 1)) == [("minister-1", "certain")]
    assert holders(small_package, DAY) == [("minister-2", "certain")]
    assert holders(small_package, date(2017, 1, 1)) == []  # nobody had begun


def test_an_end_that_nobody_recorded_is_presumed_until_another_takes_over(small_package: SmallPackage) -> None:
    small_package.edit("office_holder", "minister-1", start="2017-07-13", end="", **MINISTER)
    assert holders(small_package, DAY) == [("minister-1", "presumed")]
    small_package.edit("office_holder", "minister-2", person_en="B. Minister", start="2020", end="", **MINISTER)
    assert holders(small_package, DAY) == [("minister-2", "presumed")]
    assert holders(small_package, date(2020, 6, 1)) == [("minister-2", "possible")]


def test_an_office_without_holder_names_the_last_one(small_package: SmallPackage) -> None:
    small_package.edit("office_holder", "minister-1", start="2017-07-13", end="2018-09-20", **MINISTER)
    (row,) = office_holders_on(comity.load(small_package.write()).snapshot("public"), DAY).filter(pl.col("ref").is_null()).to_dicts()
    assert (row["last_ref"], row["empty_since"]) == ("office_holder:minister-1", "2018-09-20")


def test_attache_posts_are_open_presumed_or_closed(small_package: SmallPackage) -> None:
    small_package.edit("attache_post", "kor-in-usa", end="..")
    small_package.edit("attache_post", "kor-in-jpn", sender="KOR", host="JPN", start="1966", end="")
    small_package.edit("attache_post", "kor-in-sun", sender="KOR", host="SUN", start="1991-10", end="")  # a state that is no more
    rows = attache_posts_on(comity.load(small_package.write()).snapshot("public"), DAY)
    assert dict(rows.select("id", "state").iter_rows()) == {"kor-in-usa": "open", "kor-in-jpn": "presumed", "kor-in-sun": "closed"}


@pytest.mark.parametrize(
    ("due", "done", "status", "state"),
    [
        ("2026-10-31", "", "open", "overdue"),
        ("2026-11", "", "open", "soon"),
        ("2026-12-01", "", "late", "late"),
        ("2030", "", "open", "open"),
        ("", "", "open", "undated"),
        ("", "", "dropped", "dropped"),
        ("2026-01-31", "2026-01", "done", "kept"),
        ("2026-01-31", "2026-02", "done", "kept_late"),
        ("2026-01-31", "2027-01-01", "done", "overdue"),  # kept later: on the day nobody knew
    ],
)
def test_a_promise_is_late_only_when_every_day_that_it_may_mean_has_passed(small_package: SmallPackage, due: str, done: str, status: str, state: str) -> None:
    small_package.edit("commitment", "reform-2017", due=due, done=done, status=status)
    (row,) = commitment_states(comity.load(small_package.write()).snapshot("public"), "KOR", as_of=DAY).to_dicts()
    assert row["state"] == state


def test_sides_tell_who_owes_whom(small_package: SmallPackage) -> None:
    for name, by, to in (("ours", "KOR", "USA"), ("theirs", "USA", "KOR"), ("both", "KOR;USA", "KOR;USA"), ("apart", "USA", "JPN")):
        small_package.edit("commitment", name, by=by, to=to)
    rows = commitment_states(comity.load(small_package.write()).snapshot("public"), "KOR", as_of=DAY)
    told = dict(rows.select("id", "side").iter_rows())
    assert {name: told[name] for name in ("ours", "theirs", "both", "apart")} == {"ours": "ours", "theirs": "theirs", "both": "together", "apart": "others"}
    assert dict(rows.select("id", "partners").iter_rows())["both"] == ["USA"]
