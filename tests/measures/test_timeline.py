"""The timeline: every dated act once, with its mechanism and its actors, the same after an edit as made anew."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import polars as pl

import comity
from comity.measures.timeline import KINDS, timeline
from comity.register.snapshot import Snapshot
from comity.vocab.kinds import kinds
from small_package import SmallPackage


def test_every_dated_act_stands_once(small_package: SmallPackage) -> None:
    snapshot = comity.load(small_package.write()).snapshot("public")
    rows = timeline(snapshot)
    assert rows["ref"].is_unique().all()
    for name, (dates, _, _) in KINDS.items():
        frame = snapshot.frame(name)
        dated = frame.filter(pl.any_horizontal(pl.col(f"{one}_earliest").is_not_null() & (pl.col(one) != "..") for one in dates))
        assert set(rows.filter(pl.col("kind") == name)["ref"]) == {f"{name}:{one}" for one in dated["id"]}, name
    assert rows["first"].is_sorted(descending=True)


def test_every_field_that_it_reads_is_of_the_vocabulary() -> None:
    for name, (dates, among, _) in KINDS.items():
        assert all(kinds()[name].field(one).type == "date" for one in dates)
        assert all(kinds()[name].field(one).type in ("actor", "actors") for one in among)


def test_mechanisms_are_told_apart(small_package: SmallPackage) -> None:
    small_package.edit("agreement", "secrets", title_en="On secrets", agreement_type="information_security", signed="2016-11-23")
    small_package.edit("dialogue", "a-visit", format="visit", start="2019-05-01", end="")
    rows = timeline(comity.load(small_package.write()).snapshot("public"))
    told = dict(rows.select("ref", "mechanism").iter_rows())
    assert (told["agreement:secrets"], told["dialogue:a-visit"]) == ("information", "visits")


def test_periods_and_mandates_have_the_actors_of_what_they_belong_to(small_package: SmallPackage) -> None:
    snapshot = comity.load(small_package.write()).snapshot("public")
    rows = timeline(snapshot).filter(pl.col("kind").is_in(["agreement_period", "mandate"]))
    assert rows.height
    assert rows["actors"].list.len().min() > 0  # type: ignore[operator]


def test_an_edit_renews_what_it_touches_and_what_belongs_to_it(small_package: SmallPackage) -> None:
    register = comity.load(small_package.write())
    before = register.snapshot("public")
    timeline(before)
    period = before.frame("agreement_period").row(0, named=True)
    agreements = register.tables["agreement"]
    changed = agreements.filter(pl.col("id") == period["agreement"]).with_columns(parties=pl.lit("KOR;JPN"), signed=pl.lit("1999-09-09"))
    after_register = register.with_rows(
        {"agreement": changed.drop("_line", "_file", strict=False).select(["id", *[f.name for f in kinds()["agreement"].fields]])}
    )
    after = before.after(after_register, {"agreement": [period["agreement"]]})
    renewed, anew = timeline(after), timeline(after_register.snapshot("public"))
    assert renewed.equals(anew)
    told = {row["ref"]: row for row in renewed.iter_rows(named=True)}
    assert told[f"agreement:{period['agreement']}"]["first"] == date(1999, 9, 9)
    assert "JPN" in told[f"agreement_period:{period['id']}"]["actors"]


def test_threads_that_ask_at_once_renew_once(small_package: SmallPackage) -> None:
    """A second thread must neither find nothing to renew and make everything anew, nor renew a second time."""
    register = comity.load(small_package.write())
    before = register.snapshot("public")
    made: list[str] = []

    def ask(snapshot: Snapshot) -> str:
        return snapshot.derived(
            ("slow",), lambda seen: made.append("made") or "made", lambda seen, old, edited: (made.append("renewed"), time.sleep(0.05), "renewed")[2]
        )  # type: ignore[func-returns-value]

    ask(before)
    after = before.after(register, {"agreement": [register.tables["agreement"]["id"][0]]})
    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(ask, [after] * 6)) == {"renewed"}
    assert made == ["made", "renewed"]
