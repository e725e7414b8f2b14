"""The page of a record: values with what they rest on, rivals side by side, links both ways, history and other days; nothing of what is hidden."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
import pytest
from django.test import Client
from standing_cast import Cast

from comity.register.register import Register
from comity.register.snapshot import Snapshot
from comity.vocab.kinds import kinds
from comity_desk.ledger.loading import LoadPackage
from comity_desk.records.reading import links
from comity_desk.records.reading.basis import Sources
from comity_desk.records.reading.history import ITEM, WORD, days_of, difference_of, history_of
from comity_desk.records.reading.links import linked_from
from small_package import SmallPackage

SignIn = Callable[..., Client]
TREATY, SHIELD = "/records/agreements/mutual-defence/", "/records/exercises/freedom-shield-2023/"


@pytest.fixture
def told(marked_package: SmallPackage) -> SmallPackage:
    """The marked package with a record that changed three times."""
    claims = [
        ("place-1", "place_en", "Held in Seoul by day", "superseded", "2026-01-10", "2026-02-01", "The host says otherwise."),
        ("place-2", "place_en", "Held in Busan by day", "superseded", "2026-02-01", "2026-03-01", "At night, says the ministry."),
        ("sides-1", "participants", "KOR;USA", "superseded", "2026-01-10", "2026-02-15", "Japan was there."),
        ("end-1", "end", "2023-03-24", "competing", "2026-02-20", "", "A day later, says a newspaper."),
    ]
    for name, field, value, status, entered, ceased, reason in claims:
        base = {"record_kind": "exercise", "record": "freedom-shield-2023", "source": "newspaper", "confidence": "medium", "marking": "public"}
        told = {
            "field": field,
            "value": value,
            "status": status,
            "entered_at": entered,
            "superseded_at": ceased,
            "reason_en": reason,
            "reason_ko": f"국문 {reason}",
        }
        marked_package.edit("claim", name, **base, **told)
    marked_package.edit("exercise", "freedom-shield-2023", place_en="Held in Busan by night", participants="KOR;USA;JPN", count_as="", source="treaty-series")
    marked_package.edit(
        "event", "double", summary_en="The same again", count_as="double", counted_with="event:shelling-2010", source="treaty-series", confidence="high"
    )
    return marked_package


@pytest.fixture
def register(told: SmallPackage) -> Register:
    """That package, loaded."""
    import comity

    return comity.load(told.write())


@pytest.fixture
def desk(db: None, register: Register, still: Any) -> Register:
    """A desk that holds it."""
    LoadPackage(actor=None, register=register).run()
    return register


def text(page: str) -> str:
    """What a person reads of a page, spaces made one."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_values_stand_with_their_source_and_rivals_beside_them(desk: Register, cast: Cast, signed_in: SignIn) -> None:
    page = signed_in(cast.stateless).get(TREATY).content.decode()
    assert "<h1>Mutual Defence Treaty</h1>" in page
    assert "18 Nov 1954" in page
    assert "17 Nov 1954" in page
    assert "Sources differ: other claims (1)" in page
    assert 'href="/records/sources/newspaper/"' in page
    assert 'href="/partners/USA/"' in page
    assert "1 year" in text(page)  # the notice, in words
    assert 'id="source-1"' in page
    assert "2 Oct 1953" not in page


def test_a_claim_under_a_marking_is_shown_to_those_who_hold_it_with_its_name(desk: Register, cast: Cast, signed_in: SignIn) -> None:
    page = signed_in(cast.reader).get(TREATY).content.decode()
    assert "2 Oct 1953" in page
    assert '<span class="tag bad">kor-restricted</span>' in page


def test_a_hidden_record_is_answered_as_one_that_never_was(
    desk: Register, cast: Cast, signed_in: SignIn, still_chance: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same address, asked of a desk that holds the record and hides it, and of one that never held it."""
    client = signed_in(cast.stateless)
    client.get("/records/")  # the form token of the session is drawn
    still_chance()
    hidden = client.get("/records/exercises/quiet-drill/")
    tables = dict(desk.tables) | {"exercise": desk.tables["exercise"].filter(pl.col("id") != "quiet-drill")}
    without = desk.__class__(desk.path, desk.settings, tables)
    monkeypatch.setattr("comity_desk.ledger.asking.snapshot_for", lambda reader, known_at=None, enough=None: without.snapshot(reader, known_at))
    still_chance()
    never = client.get("/records/exercises/quiet-drill/")
    assert hidden.status_code == never.status_code == 404
    assert dict(hidden.headers) | {"X-Request-ID": ""} == dict(never.headers) | {"X-Request-ID": ""}
    assert hidden.content == never.content


def test_links_both_ways_and_none_to_what_is_hidden(desk: Register, cast: Cast, signed_in: SignIn) -> None:
    page = text(signed_in(cast.stateless).get(TREATY).content.decode())
    assert "Instruments under it Agreements · 2" in page
    assert "First cost agreement, with a comma" in page
    page = text(signed_in(cast.stateless).get("/records/exercise_series/freedom-shield/").content.decode())
    visible = desk.snapshot().exercises.filter(series="freedom-shield").height
    assert f"Editions Exercises · {visible}" in page
    assert "Quiet drill" not in page


def test_what_counts_it_is_said(desk: Register, cast: Cast, signed_in: SignIn) -> None:
    client = signed_in(cast.stateless, lang="ko")
    assert "측정에서 연습 1건으로 집계됨." in client.get(SHIELD).content.decode()
    page = client.get("/records/events/double/").content.decode()
    assert "집계와 측정에서 제외됨: 다른 기록과 중복." in page
    assert 'href="/records/events/shelling-2010/"' in page
    assert "출처가 확인될 때까지" in client.get("/records/events/protest-2023/").content.decode()


def test_history_says_what_was_before_and_why_word_by_word(register: Register) -> None:
    record = register.snapshot().record("exercise:freedom-shield-2023")
    entries = history_of(record, Sources(record.snapshot, "ko"))
    assert [(one.day, one.act) for one in entries] == [
        ("2026-03-01", "changed"), ("2026-03-01", "changed"), ("2026-02-20", "competing"), ("2026-02-15", "changed"), ("2026-02-01", "changed"), ("2026-01-10", "entered"),
    ]  # fmt: skip
    changes = {one.day + one.label.en: one for one in entries if one.label}
    assert changes["2026-02-01Place"].value == "Held in <del>Seoul</del><ins>Busan</ins> by day"
    assert changes["2026-03-01Place"].value == "Held in Busan by <del>day</del><ins>night</ins>"
    assert changes["2026-03-01Place"].reason == "국문 At night, says the ministry."
    assert changes["2026-02-15Participants"].value == "한국, 미국<ins>, 일본</ins>"
    assert changes["2026-03-01Personnel"].value == "<del>4,000</del><ins>5,000</ins>"
    assert days_of(record) == ["2026-01-10", "2026-02-01", "2026-02-15", "2026-02-20", "2026-03-01"]


@pytest.mark.parametrize(
    ("pieces", "before", "after", "wanted"),
    [
        (WORD, "a b", "a b", "a b"),
        (WORD, "<b>", "<i>", "<del>&lt;b&gt;</del><ins>&lt;i&gt;</ins>"),
        (WORD, "한미 연합 연습", "한미 단독 연습", "한미 <del>연합</del><ins>단독</ins> 연습"),
        (ITEM, "A, B, C", "A, C", "A, <del>B, </del>C"),
    ],
)
def test_differences_are_of_whole_pieces(pieces: Any, before: str, after: str, wanted: str) -> None:
    assert difference_of(pieces, before, after) == wanted


def test_another_day_shows_what_stood_then_and_marks_what_differs(desk: Register, cast: Cast, signed_in: SignIn) -> None:
    client = signed_in(cast.stateless)
    page = client.get(SHIELD).content.decode()
    ticks = re.findall(r'<a href="\?known_at=([\d-]+)"', page)
    assert ticks == ["2026-01-10", "2026-02-01", "2026-02-15", "2026-02-20", "2026-03-01"]
    then = client.get(f"{SHIELD}?known_at=2026-02-16").content.decode()
    assert re.findall(r'<a href="\?known_at=([\d-]+)" aria-current="true"', then) == ["2026-02-15"]
    assert re.findall(r'<a href="\?known_at=([\d-]+)"', then) == ticks
    assert "As known at the end of 16 Feb 2026" in then
    assert then.count('<dd class="changed">') == 2  # place and personnel
    assert "Held in Busan by day" in then
    assert "now:" in then
    before = client.get(f"{SHIELD}?known_at=2026-01-09")
    assert before.status_code == 200
    assert "did not know of this record yet" in before.content.decode()
    assert "Busan" not in before.content.decode()


def test_days_are_of_what_the_reader_may_see(desk: Register, cast: Cast, signed_in: SignIn, register: Register) -> None:
    """The narrower claim on the treaty was entered on a day of its own."""
    row = register.tables["claim"].filter(id="claim-quiet").drop("_line", "_file").with_columns(entered_at=pl.lit("2026-05-05"))
    later = register.with_rows({"claim": row})
    days = {name: days_of(later.snapshot(getattr(cast, name).reader).record("agreement:mutual-defence")) for name in ("reader", "stateless")}
    assert ("2026-05-05" in days["reader"], "2026-05-05" in days["stateless"]) == (True, False)


def test_changes_are_offered_to_those_who_may_propose_and_not_while_looking(desk: Register, cast: Cast, signed_in: SignIn) -> None:
    assert "Propose a change" not in signed_in(cast.reader).get(SHIELD).content.decode()
    editor = signed_in(cast.editor)
    assert "Propose a change" in editor.get(SHIELD).content.decode()
    editor.post("/as/look/", {"class": ""})
    assert "Propose a change" not in editor.get(SHIELD).content.decode()


def test_what_is_missing_stands_beside(desk: Register, cast: Cast, signed_in: SignIn) -> None:
    page = text(signed_in(cast.stateless).get("/records/exercises/freedom-shield-2024/").content.decode())
    assert "Still missing" in page
    assert "Personnel or Personnel by side expected in this state" in page


def test_it_says_how_to_cite_it_and_leads_to_its_json(desk: Register, cast: Cast, signed_in: SignIn) -> None:
    page = signed_in(cast.stateless).get(TREATY).content.decode()
    assert desk.snapshot().hash[:12] in page
    assert "<code>agreement:mutual-defence</code>, Treaty series" in page
    assert 'href="/api/v1/records/agreements/mutual-defence"' in page


def test_every_kind_has_a_page_in_both_languages(desk: Register, cast: Cast, signed_in: SignIn) -> None:
    snapshot = desk.snapshot(cast.reader.reader)
    for lang in ("en", "ko"):
        client = signed_in(cast.reader, lang=lang)
        for kind in kinds().values():
            for one in snapshot.table(kind.name)["id"].head(2):
                page = client.get(f"/records/{kind.plural}/{one}/")
                assert page.status_code == 200, (kind.name, one)
                assert " style=" not in page.content.decode()


def test_a_page_is_not_sent_again_while_nothing_visible_changed(desk: Register, cast: Cast, signed_in: SignIn) -> None:
    client = signed_in(cast.stateless)
    first = client.get(TREATY)
    assert client.get(TREATY, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert client.get(f"{TREATY}?known_at=2026-03-03").headers["ETag"] != first.headers["ETag"]


def test_the_index_of_links_after_edits_is_the_one_that_would_be_made_anew(register: Register) -> None:
    snapshot = register.snapshot()
    linked_from(snapshot, snapshot.record("agreement:mutual-defence"), "en")
    for record, under in (("first-cost", None), ("gsomia", "mutual-defence;second-cost"), ("new", "gsomia")):
        table = register.tables["agreement"].drop("_line", "_file")
        own = table.filter(id=record) if record != "new" else table.filter(id="gsomia").with_columns(id=pl.lit("new"))
        register = register.with_rows({"agreement": own.with_columns(under=pl.lit(under, dtype=pl.String))})
        snapshot = snapshot.after(register, {"agreement": [record]})
        by = list(links.SCHEMA)
        assert links._index(snapshot).sort(by).equals(links._index(register.snapshot()).sort(by))
    shown = linked_from(snapshot, snapshot.record("agreement:gsomia"), "en")
    assert [(group.label.en, group.count) for group in shown if group.kind.name == "agreement"] == [("Instruments under it", 1)]


def test_of_many_records_the_latest_are_shown_and_the_list_holds_all(kor: Snapshot) -> None:
    source = kor.events["source"].drop_nulls().value_counts().sort("count")["source"][-2]
    group = next(one for one in linked_from(kor, kor.record(f"source:{source}"), "en") if one.kind.name == "event" and one.more)
    assert len(group.shown) == links.SHOWN
    assert group.address == f"/records/events/?source={source}"
    assert group.count == kor.events.filter(source=source).height
    days = [one.date for one in group.shown]
    assert days == sorted(days, key=lambda day: day or "", reverse=True)
    months = [
        one
        for kind in ("dialogue", "strength")
        for row in kor.frame(kind).head(40)["source"].unique()
        if row
        for found in linked_from(kor, kor.record(f"source:{row}"), "en")
        for one in found.shown
    ]
    assert any(one.date and len(one.date) == 7 for one in months)  # a month stays a month


def test_records_behind_a_number(desk: Register, cast: Cast, signed_in: SignIn) -> None:
    page = (
        signed_in(cast.stateless).get("/records/behind/?r=exercise:freedom-shield-2023&r=exercise:quiet-drill&r=event:protest-2023&r=nonsense").content.decode()
    )
    assert "2 records" in page
    assert "Quiet drill" not in page
    assert "no source yet" in page
    assert signed_in(cast.stateless).get("/records/behind/").status_code == 404


def test_another_part_of_the_desk_can_show_records(register: Register) -> None:
    from django.template import Context, Template

    shown = Template("{% load records %}{% record_refs snapshot refs %}").render(
        Context({"snapshot": register.snapshot(), "refs": ["agreement:gsomia", "exercise:quiet-drill"]})
    )
    assert "Military information agreement" in shown
    assert shown.count("<tr>") == 2
    assert date(2016, 11, 23).strftime("%d Nov %Y") in shown
