"""Lists: what narrows, orders, pages and counts them, what is taken away, and what is kept; always of what the reader may see."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
import pytest
from django.http import QueryDict
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from standing_cast import Cast

from comity.register.register import Register
from comity.register.snapshot import Snapshot
from comity.vocab.kinds import kinds
from comity_desk.ledger.loading import LoadPackage
from comity_desk.records.models_reading import SavedView
from comity_desk.records.reading import finding
from comity_desk.records.reading.asked import PLAIN, Asked, asked_of, filters_of
from comity_desk.records.reading.cells import row_of
from comity_desk.records.reading.columns import default_columns, possible_columns
from comity_desk.records.reading.exports import as_csv
from comity_desk.records.reading.facets import facets_of, years_of
from comity_desk.records.reading.finding import every_row, found_on, sort_keys
from comity_desk.records.reading.shelf import shelf

DAY = date(2026, 11, 25)
EVENT, EXERCISE = kinds()["event"], kinds()["exercise"]
SignIn = Callable[..., Client]


def asked(kind: Any, query: str) -> Asked:
    return asked_of(kind, QueryDict(query))


def ids(snapshot: Snapshot, kind: Any, query: str) -> list[str]:
    return every_row(snapshot, kind, asked(kind, query), "en", DAY)["id"].to_list()


@pytest.fixture
def desk(db: None, marked_register: Register, still: Any) -> Register:
    """A desk that holds the marked register."""
    LoadPackage(actor=None, register=marked_register).run()
    return marked_register


# --- what a list is made of ------------------------------------------------------------------------------------------------------------


def test_titles_of_a_whole_kind_are_those_of_its_records(kor: Snapshot) -> None:
    for kind in kinds().values():
        rows = shelf(kor, kind).select("id", "_title_en", "_title_ko")
        for record, en, ko in rows.sample(min(rows.height, 60), seed=1).iter_rows():
            assert (en, ko) == tuple(kor.record(f"{kind.name}:{record}").title(lang) for lang in ("en", "ko"))


def test_the_shelf_after_edits_is_the_one_that_would_be_made_anew(small_register: Register) -> None:
    register, snapshot = small_register, small_register.snapshot()
    for kind in kinds().values():
        shelf(snapshot, kind)
    edits = [("exercise", "team-spirit-1984", "title_en", "Renamed"), ("dialogue_series", "scm", "title_en", "Talks"), ("actor", "USA", "short_en", "US")]
    for name, record, field, value in edits:
        row = register.tables[name].drop("_line", "_file", strict=False).filter(id=record).with_columns(pl.lit(value).alias(field))
        register = register.with_rows({name: row})
        snapshot = snapshot.after(register, {name: [record]})
        fresh = register.snapshot()
        for kind in kinds().values():
            assert shelf(snapshot, kind).equals(shelf(fresh, kind)), (name, kind.name)


def test_lists_after_edits_are_those_that_would_be_made_anew(kor_register: Register) -> None:
    """What is handed on through an edit is right only where it rests on nothing that was edited."""
    listed = [
        (kinds()[name], query) for name in ("exercise", "dialogue", "agreement") for query in ("", "complete=no", "sort=title", "sort=start", "actor=JPN")
    ]

    def answers(seen: Snapshot) -> list[Any]:
        each = [(kind, query, asked(kind, query)) for kind, query in listed]
        return [(kind.name, query, ids(seen, kind, query), facets_of(seen, kind, one, "en", DAY), years_of(seen, kind, one, DAY)) for kind, query, one in each]

    snapshot = kor_register.snapshot()
    answers(snapshot)
    edits = [
        ("exercise", "freedom-edge-2024-06", "start", "1999-09-09"),
        ("exercise", "freedom-edge-2024-06", "participants", "KOR;USA"),
        ("exercise", "freedom-edge-2024-06", "source", "unsourced"),
        ("dialogue_series", str(kor_register.tables["dialogue"]["series"].drop_nulls()[0]), "title_en", "Aardvark talks"),
    ]
    register = kor_register
    for name, record, field, value in edits:
        row = register.tables[name].drop("_line", "_file", strict=False).filter(id=record).with_columns(pl.lit(value).alias(field))
        assert row.height == 1, record
        register = register.with_rows({name: row})
        snapshot = snapshot.after(register, {name: [record]})
        for handed, anew in zip(answers(snapshot), answers(register.snapshot()), strict=True):
            assert handed == anew, (name, field)


@pytest.mark.parametrize("name", ["event", "exercise", "agreement"])
@pytest.mark.parametrize("query", ["", "q=defence", "actor=JPN", "confidence=high&confidence=medium", "year_from=2010&year_to=2020&sourced=yes"])
def test_every_choice_leaves_as_many_records_as_it_says(kor: Snapshot, name: str, query: str) -> None:
    kind = kinds()[name]
    base = asked(kind, query)
    checked = 0
    for facet in facets_of(kor, kind, base, "en", DAY):
        for choice in [*facet.choices[:3], *facet.choices[-1:]]:
            if not choice.chosen:
                only = base.toggled(facet.name, choice.value)
                alone = Asked(
                    **{**{n: getattr(only, n) for n in only.__slots__}, "chosen": tuple((n, (choice.value,) if n == facet.name else v) for n, v in only.chosen)}
                )
                assert found_on(kor, kind, alone, "en", DAY).total == choice.count, (facet.name, choice.value)
                checked += 1
    assert checked > 5
    if not (base.year_from or base.year_to):
        assert sum(one.count for one in years_of(kor, kind, base, DAY)) <= found_on(kor, kind, base, "en", DAY).total


@pytest.mark.parametrize("sort", ["", "sort=title", "sort=-_day", "sort=source_actors", "sort=event_class", "sort=-fatalities"])
def test_pages_neither_overlap_nor_miss(kor: Snapshot, sort: str) -> None:
    first = found_on(kor, EVENT, asked(EVENT, f"actor=PRK&{sort}"), "ko", DAY)
    seen: list[str] = []
    for page in range(1, first.pages + 1):
        found = found_on(kor, EVENT, asked(EVENT, f"actor=PRK&{sort}&page={page}"), "ko", DAY)
        assert (found.first, found.last) == (len(seen) + 1, len(seen) + found.rows.height)
        seen += found.rows["id"].to_list()
    assert (
        len(seen)
        == len(set(seen))
        == first.total
        == kor.events.filter(pl.col("source_actors").list.contains("PRK") | pl.col("target_actors").list.contains("PRK")).height
    )
    assert found_on(kor, EVENT, asked(EVENT, f"actor=PRK&page=9999&{sort}"), "ko", DAY).page == first.pages


def test_order_is_by_size_calendar_and_vocabulary_and_what_is_unknown_comes_last(kor: Snapshot) -> None:
    numbers = every_row(kor, EXERCISE, asked(EXERCISE, "sort=-personnel"), "en", DAY)["personnel"].to_list()
    known = [one for one in numbers if one is not None]
    assert known == sorted(known, reverse=True)
    assert numbers[len(known) :] == [None] * (len(numbers) - len(known))
    levels = every_row(kor, EXERCISE, asked(EXERCISE, "sort=confidence"), "en", DAY)["confidence"].to_list()
    assert levels == sorted(levels, key=["high", "medium", "low"].index)
    days = every_row(kor, EXERCISE, asked(EXERCISE, ""), "en", DAY)["_day"].to_list()
    assert days == sorted(days, reverse=True)
    assert sort_keys(kor, EXERCISE, "series", "ko")[0].to_list() == [
        kor.record(f"exercise_series:{one}").title("ko").lower() for one in shelf(kor, EXERCISE)["series"]
    ]


def test_what_narrows_a_list(small_register: Register) -> None:
    snapshot = small_register.snapshot()
    assert ids(snapshot, EXERCISE, "status=cancelled") == ["team-spirit-1992"]
    assert ids(snapshot, EXERCISE, "q=2023년") == ["freedom-shield-2023"]
    assert ids(snapshot, EXERCISE, "actor=UN") == ["freedom-shield-2024"]
    assert ids(snapshot, EXERCISE, "exercise_types=CPX&year_to=2023") == ["freedom-shield-2023"]
    assert ids(snapshot, EXERCISE, "series=team-spirit&sort=title") == ["team-spirit-1984", "team-spirit-1992"]
    assert ids(snapshot, EXERCISE, "nested_in=~&series=freedom-shield") == ["freedom-shield-2023"]
    assert ids(snapshot, EVENT, "sourced=no") == ["protest-2023"]
    assert ids(snapshot, EVENT, "answers=exercise:freedom-shield-2023") == ["protest-2023"]
    assert set(ids(snapshot, EVENT, "sourced=yes&sourced=no")) == set(snapshot.events["id"])
    assert ids(snapshot, EXERCISE, "marking=nowhere") == ids(snapshot, EXERCISE, "sourced=perhaps") == []
    assert "freedom-shield-2024" in ids(snapshot, EXERCISE, "complete=no")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_a_question_written_to_an_address_is_read_back(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(list(kinds().values())))
    names = data.draw(st.lists(st.sampled_from(list(filters_of(kind))), max_size=3, unique=True))
    words = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=1, max_size=8)
    query = QueryDict(mutable=True)
    for name in names:
        query.setlist(name, data.draw(st.lists(words, min_size=1, max_size=3)))
    query["q"] = data.draw(st.one_of(st.just(""), words))
    query["sort"] = data.draw(st.sampled_from(["", "title", "-title", "nonsense"]))
    query["columns"] = ",".join(data.draw(st.lists(st.sampled_from([*possible_columns(kind), "nonsense"]), max_size=4, unique=True)))
    query["page"] = data.draw(st.sampled_from(["", "2", "x", "-1", "99999999999"]))
    question = asked_of(kind, query)
    assert asked_of(kind, QueryDict(question.query(kind))) == question


def test_no_field_is_named_like_a_part_of_an_address() -> None:
    for kind in kinds().values():
        assert not {field.name for field in kind.fields} & {*PLAIN, "sourced", "complete"}
        assert set(default_columns(kind)) <= set(possible_columns(kind))


def test_equal_questions_are_answered_once(small_register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot, made = small_register.snapshot(), []
    masks = finding._masks
    monkeypatch.setattr(finding, "_masks", lambda *told: made.append(told) or masks(*told))
    for _ in range(3):
        ids(snapshot, EXERCISE, "status=conducted")
    assert len(made) == 1


def test_cells_lead_to_what_they_name(small_register: Register) -> None:
    snapshot = small_register.snapshot()
    found = {row["id"]: row for row in shelf(snapshot, EXERCISE).iter_rows(named=True)}
    row = row_of(snapshot, EXERCISE, ("title", "participants", "status", "personnel", "series", "start", "observers"), found["freedom-shield-2023"], "ko")
    cells = [str(cell.html) for cell in row.cells]
    assert 'href="/records/exercises/freedom-shield-2023/"' in row.title
    assert cells[0] == '<a href="/partners/KOR/">한국</a>, <a href="/partners/USA/">미국</a>'
    assert (cells[1], cells[2]) == ("실시", "5,000")
    assert cells[3] == '<a href="/records/exercise_series/freedom-shield/">자유의 방패</a>'
    assert cells[4] == "2023년 3월 13일"
    assert "미기재" in cells[5]
    assert [cell.css for cell in row.cells] == ["", "", "right", "", "day", ""]


def test_words_of_the_record_are_escaped(small_register: Register) -> None:
    table = small_register.tables["exercise"].drop("_line", "_file", strict=False).filter(id="team-spirit-1984")
    told = table.with_columns(title_en=pl.lit("<script>x</script>"), place_en=pl.lit("<b>"))
    snapshot = small_register.with_rows({"exercise": told}).snapshot()
    row = row_of(snapshot, EXERCISE, ("title", "place_en"), shelf(snapshot, EXERCISE).filter(id="team-spirit-1984").row(0, named=True), "en")
    assert "<script>" not in row.title
    assert row.cells[0].html == "&lt;b&gt;"


# --- the pages ---------------------------------------------------------------------------------------------------------------------------


def test_the_list_works_without_script_and_a_fragment_is_the_same_list(desk: Register, cast: Cast, signed_in: SignIn) -> None:
    client = signed_in(cast.reader)
    whole = client.get("/records/exercises/?status=conducted&sort=title").content.decode()
    part = client.get("/records/exercises/?status=conducted&sort=title", headers={"HX-Request": "true"}).content.decode()
    assert part.strip().startswith('<div id="list"')
    assert part.strip() in whole
    assert '<th scope="col" aria-sort="ascending">' in whole
    assert "of 5 records" in whole
    assert re.search(r'<form id="filter"[^>]*method="get"', whole)
    assert 'name="status" value="conducted"' in whole
    assert "<script>" not in whole
    assert " style=" not in whole


def test_counts_are_of_what_the_reader_sees(desk: Register, cast: Cast, signed_in: SignIn) -> None:
    shown = {}
    for name in ("reader", "japanese", "stateless"):
        page = signed_in(getattr(cast, name)).get("/records/exercises/").content.decode()
        shown[name] = int(re.search(r"of (\d+) records", page).group(1))  # type: ignore[union-attr]
        assert ("Quiet drill" in page) == (name == "reader")
    assert shown == {"reader": 6, "japanese": 4, "stateless": 4}
    cards = signed_in(cast.stateless).get("/records/").content.decode()
    assert re.search(r'href="/records/exercises/">Exercises</a> <span class="number">4<', cards)


def test_columns_are_chosen(desk: Register, cast: Cast, signed_in: SignIn) -> None:
    page = signed_in(cast.reader, lang="ko").get("/records/exercises/?columns=personnel&columns=end&columns=nonsense").content.decode()
    heads = re.findall(r'<th scope="col"[^>]*><a[^>]*>([^<]*)', page)
    assert heads == ["제목", "참가 인원", "끝"]
    assert '<th scope="col" class="right">' in page


def test_an_unchanged_list_is_not_sent_again(desk: Register, cast: Cast, signed_in: SignIn) -> None:
    client = signed_in(cast.reader)
    first = client.get("/records/exercises/")
    again = client.get("/records/exercises/", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    client.post("/lists/exercises/views/", {"name": "Mine", "query": ""})
    assert client.get("/records/exercises/", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


@pytest.mark.parametrize("path", ["/records/nowhere/", "/records/exercise/", "/records/exercises/?known_at=never"])
def test_what_is_not_there_is_not_there(desk: Register, cast: Cast, signed_in: SignIn, path: str) -> None:
    assert signed_in(cast.reader).get(path).status_code == 404


@pytest.mark.parametrize("name", ["administrator", "auditor"])
def test_roles_that_do_not_read_are_refused(desk: Register, cast: Cast, signed_in: SignIn, name: str) -> None:
    client = signed_in(getattr(cast, name))
    for path in ("/records/", "/records/exercises/", "/records/exercises/freedom-shield-2023/", "/search/?q=a", "/to-do/", "/records/behind/?r=a:b", "/as/"):
        assert client.get(path).status_code == 403, path
    assert client.post("/lists/exercises/export/", {"form": "csv"}).status_code == 403


# --- saved views -------------------------------------------------------------------------------------------------------------------------


def test_views_are_their_owners_own(desk: Register, cast: Cast, signed_in: SignIn) -> None:
    client, other = signed_in(cast.reader), signed_in(cast.editor)
    assert (
        client.post("/lists/exercises/views/", {"name": " Held  ones ", "query": "status=conducted&page=3&nonsense=1"}).url
        == "/records/exercises/?status=conducted"
    )  # type: ignore[attr-defined]
    client.post("/lists/exercises/views/", {"name": "Held ones", "query": "status=planned"})
    view = SavedView.objects.get()
    assert (view.name, view.query, view.owner) == ("Held ones", "status=planned", cast.reader)
    assert "Held ones" in client.get("/records/").content.decode()
    assert "Held ones" not in other.get("/records/").content.decode()
    assert "Held ones" not in client.get("/records/events/").content.decode()
    assert other.post(f"/lists/views/{view.key}/drop/").status_code == 404
    assert client.post(f"/lists/views/{view.key}/drop/").status_code == 302
    assert not SavedView.objects.exists()


def test_a_view_needs_a_name(desk: Register, cast: Cast, signed_in: SignIn) -> None:
    assert signed_in(cast.reader).post("/lists/exercises/views/", {"name": "  ", "query": ""}).status_code == 422


# --- taken away --------------------------------------------------------------------------------------------------------------------------


def test_csv_holds_every_field_as_it_is_spelled(desk: Register, cast: Cast, signed_in: SignIn) -> None:
    response = signed_in(cast.reader).post("/lists/exercises/export/", {"form": "csv", "query": "year_from=2023&year_to=2024&sort=title"})
    assert response.headers["Content-Disposition"] == 'attachment; filename="exercises.csv"'
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [row["id"] for row in rows] == ["freedom-shield-2023", "freedom-shield-2024"]
    assert list(rows[0]) == EXERCISE.columns
    assert (rows[0]["participants"], rows[0]["title_ko"], rows[0]["end"]) == ("KOR;USA", "2023년 자유의 방패", "2023-03-23")


@pytest.mark.parametrize("words", ["=1+1", "+1", "-2", "@SUM(A1)", "\t=1", "＝1", " =1", "\r=1"])
def test_csv_runs_nothing(words: str) -> None:
    table = pl.DataFrame({"id": ["a"], "title_en": [words], "personnel": ["-5"], "place_en": ["a=b"]})
    row = next(csv.DictReader(io.StringIO(as_csv(table, EXERCISE).decode("utf-8-sig"), newline="")))
    assert row["title_en"] == f"'{words}"
    assert (row["personnel"], row["place_en"]) == ("-5", "a=b")


def test_json_lines_and_the_workbook(desk: Register, cast: Cast, signed_in: SignIn) -> None:
    from zipfile import ZipFile

    client = signed_in(cast.reader)
    lines = client.post("/lists/exercises/export/", {"form": "jsonl", "query": "status=cancelled"}).content.decode().splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["team-spirit-1992"]
    query = {"form": "xlsx", "query": "columns=title,personnel,start&sort=title"}
    book = client.post("/lists/exercises/export/", query).content
    assert book == client.post("/lists/exercises/export/", query).content
    with ZipFile(io.BytesIO(book)) as files:
        sheet, words = files.read("xl/worksheets/sheet1.xml").decode(), files.read("xl/sharedStrings.xml").decode()
    assert "<v>207150</v>" in sheet
    assert "Quiet drill" in words
    assert desk.snapshot(cast.reader.reader).hash in words


def test_an_export_is_on_the_trail_and_holds_what_the_person_sees(desk: Register, cast: Cast, signed_in: SignIn) -> None:
    from comity_desk.audit.models import Event

    content = signed_in(cast.stateless).post("/lists/exercises/export/", {"form": "csv", "query": ""}).content.decode()
    assert "quiet-drill" not in content
    event = Event.objects.first()
    assert event is not None
    assert (event.action, event.actor) == ("list-exported", cast.stateless)
    assert json.loads(event.content or "")["details"]["records"] == 4


def test_a_workbook_too_large_is_refused(desk: Register, cast: Cast, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comity_desk.records.reading.exports.WORKBOOK_ROWS", 3)
    client = signed_in(cast.reader)
    assert client.post("/lists/exercises/export/", {"form": "xlsx", "query": ""}).status_code == 413
    assert client.post("/lists/exercises/export/", {"form": "exe", "query": ""}).status_code == 404
