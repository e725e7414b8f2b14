"""What is to be done: each sort on a register made for it, whose it is, who is late, and nothing of what is hidden."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
import pytest
from django.test import Client
from standing_cast import Cast

import comity
from comity.register.register import Register
from comity.register.snapshot import Snapshot
from comity.vocab.text import same
from comity_desk.accounts.models import Directorate
from comity_desk.ledger.loading import LoadPackage
from comity_desk.records.reading.waiting import NOBODY, URGENCY, WHATS, Keeper, items_of, loads
from small_package import SmallPackage

SignIn = Callable[..., Client]
DAY = date(2026, 11, 25)


@pytest.fixture
def register(marked_package: SmallPackage) -> Register:
    """The marked package with something of every sort to be done."""
    marked_package.edit("agreement", "gsomia", term="P1Y", renewal="automatic", renewal_term="P1Y", notice="P90D", in_force="2016-12-20")
    marked_package.edit(
        "exercise",
        "autumn-drill",
        title_en="Autumn drill",
        series="freedom-shield",
        start="2026-10-01",
        end="2026-10-05",
        status="planned",
        participants="KOR;USA",
        marking="public",
    )
    marked_package.edit(
        "exercise",
        "quiet-plan",
        title_en="Quiet plan",
        series="freedom-shield",
        start="2026-10-01",
        end="2026-10-05",
        status="planned",
        participants="KOR;USA",
        marking="kor-only",
    )
    marked_package.edit("finding", "doubt", what_en="A doubt", settlement="marked", how_en="Kept.", records="event:nuclear-2006")
    marked_package.edit("deployment", "dongmyeong", entered_at="2025-01-01")
    return comity.load(marked_package.write())


@pytest.fixture
def desk(db: None, register: Register, still: Any) -> Register:
    """A desk that holds it, and two directorates."""
    LoadPackage(actor=None, register=register).run()
    Directorate.objects.create(name_en="US Policy", name_ko="미국정책과", partners=["USA"])
    Directorate.objects.create(name_en="Exercises", name_ko="연습과", kinds=["exercise"])
    return register


def of(items: pl.DataFrame, what: str) -> list[tuple[str, date]]:
    return [(f"{kind}:{one}", since) for kind, one, since in items.filter(what=what).select("kind", "id", "since").iter_rows()]


def test_every_sort_is_found(register: Register) -> None:
    items = items_of(register.snapshot(), DAY)
    assert of(items, "promise") == [("commitment:reform-2017", date(2018, 6, 30))]
    assert of(items, "plan") == [("exercise:autumn-drill", date(2026, 10, 5))]
    assert of(items, "finding") == [("finding:doubt", date(2026, 1, 10))]
    assert of(items, "unlooked") == [("deployment:dongmyeong", date(2025, 1, 1))]
    assert ("event:protest-2023", date(2026, 1, 10)) in of(items, "source")
    assert [ref for ref, _ in of(items, "notice")] == ["agreement:gsomia"]
    assert "exercise:freedom-shield-2024" in dict(of(items, "missing"))
    assert dict(items.filter(kind="exercise", id="freedom-shield-2024", what="missing").select("id", "gaps").iter_rows())["freedom-shield-2024"] == [
        "expected:personnel|personnel_by_actor", "expected:lead", "expected:place_en",
    ]  # fmt: skip
    order = [URGENCY.index(what) for what in items["what"]]
    assert order == sorted(order)
    assert set(items["what"]) <= set(WHATS) == set(URGENCY)


def test_the_notice_day_is_the_measures_own(kor: Snapshot) -> None:
    """Looking at the agreements with terms alone gives what looking at all of them gives."""
    from comity.measures.agreements import agreements

    rows = agreements(kor, as_of=DAY, lapsing_days=180).rows
    assert rows.height > 0
    wanted = {row["id"]: min(day for day in (row["notice_day"], row["term_end"]) if day and 0 <= (day - DAY).days <= 180) for row in rows.iter_rows(named=True)}
    assert {ref.removeprefix("agreement:"): since for ref, since in of(items_of(kor, DAY), "notice")} == wanted


def test_items_are_the_directorates_that_keep_kind_and_partner(register: Register) -> None:
    snapshot = register.snapshot()
    both = Keeper("both", same("both"), ("exercise",), ("UN",))
    items = items_of(snapshot, DAY)
    assert set(items.filter(both.own())["id"]) == {"freedom-shield-2024"}
    assert items.filter(Keeper("all", same("all")).own()).height == items.height
    told = {load.keeper.key: load for load in loads(snapshot, DAY, (both, Keeper("usa", same("usa"), (), ("USA",))))}
    assert told["usa"].oldest == (DAY - date(2018, 6, 30)).days
    assert told["both"].oldest is None
    assert told[NOBODY].total + items.filter(pl.col("actors").list.contains("USA")).height == items.height
    assert all(load.total == sum(load.counts) for load in told.values())


def test_the_page_shows_ones_own_directorate_first(desk: Register, cast: Cast, signed_in: SignIn) -> None:
    cast.editor.directorate = Directorate.objects.get(name_en="Exercises")
    cast.editor.save()
    page = signed_in(cast.editor).get("/to-do/").content.decode()
    assert re.search(r'aria-current="true">Exercises<', page)
    assert "Autumn drill" in page
    assert "Report on reform" not in page
    assert "Report on reform" in signed_in(cast.editor).get("/to-do/?directorate=*").content.decode()
    assert re.search(r'aria-current="true">전체<', signed_in(cast.reader, lang="ko").get("/to-do/").content.decode())


def test_sorts_kinds_and_pages_narrow_it(desk: Register, cast: Cast, signed_in: SignIn) -> None:
    client = signed_in(cast.stateless)
    page = client.get("/to-do/?what=plan").content.decode()
    assert re.findall(r'<th scope="row"><a href="/records/([^"]+)/"', page) == ["exercises/autumn-drill"]
    assert '<td class="right">51</td>' in page  # days since 5 October
    kinds = client.get("/to-do/?what=missing&kind=exercise").content.decode()
    assert set(re.findall(r'<th scope="row"><a href="/records/([a-z_]+)/', kinds)) == {"exercises"}
    for query in ("what=nonsense", "kind=nonsense", "directorate=nonsense", "page=99999", "page=x"):
        assert client.get(f"/to-do/?{query}").status_code == 200, query


def test_what_is_hidden_is_no_work_of_anybody(desk: Register, cast: Cast, signed_in: SignIn) -> None:
    assert "Quiet plan" in signed_in(cast.reader).get("/to-do/?what=plan").content.decode()
    page = signed_in(cast.stateless).get("/to-do/?what=plan").content.decode()
    assert "Quiet plan" not in page
    assert "Plans to settle 1<" in page


def test_the_list_is_taken_away_as_csv(desk: Register, cast: Cast, signed_in: SignIn) -> None:
    response = signed_in(cast.stateless, lang="ko").post("/to-do/export/", {"query": "what=missing&kind=exercise"})
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    told = {row["기록"]: row for row in rows}
    assert told["exercise:freedom-shield-2024"]["빠진 항목"] == "참가 인원 또는 국가별 인원; 주관; 장소(영문)"
    assert told["exercise:freedom-shield-2024"]["경과일"] == str((DAY - date(2026, 1, 10)).days)
    assert signed_in(cast.auditor).post("/to-do/export/", {}).status_code == 403


def test_nothing_to_be_done_is_said(desk: Register, cast: Cast, signed_in: SignIn) -> None:
    assert "Nothing to be done here." in signed_in(cast.stateless).get("/to-do/?what=notice&kind=event").content.decode()
