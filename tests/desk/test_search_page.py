"""Search as a person meets it, in both languages; and looking as another will read it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client, RequestFactory
from standing_cast import Cast

from comity.register.register import Register
from comity.register.search import search
from comity.register.snapshot import Snapshot
from comity_desk.ledger.asking import AS_READER, reader_of, refuse_while_looking
from comity_desk.ledger.loading import LoadPackage
from comity_desk.lib.errors import NotPermitted
from comity_desk.records.reading.search_page import _found, marked, places

SignIn = Callable[..., Client]


@pytest.fixture
def desk(db: None, marked_register: Register, still: Any) -> Register:
    """A desk that holds the marked register."""
    LoadPackage(actor=None, register=marked_register).run()
    return marked_register


def titles(page: bytes) -> list[str]:
    return [re.sub("<[^>]+>", "", one) for one in re.findall(r'<h2 class="hit">(.*?)</h2>', page.decode())]


def test_records_are_found_counted_by_kind_and_marked(desk: Register, cast: Cast, signed_in: SignIn) -> None:
    page = signed_in(cast.stateless).get("/search/?q=SHIELD")
    assert titles(page.content)[:3] == ["Freedom Shield 24", "Freedom Shield", "Freedom Shield 23"]
    text = page.content.decode()
    assert "Freedom <mark>Shield</mark> 24" in text
    assert re.search(r'href="\?q=SHIELD&amp;kind=exercise_series">Exercise series 1<', text)
    narrowed = signed_in(cast.stateless).get("/search/?q=SHIELD&kind=exercise_series")
    assert titles(narrowed.content) == ["Freedom Shield"]
    assert 'value="SHIELD"' in text


def test_korean_is_found_inside_words(desk: Register, cast: Cast, signed_in: SignIn) -> None:
    page = signed_in(cast.stateless, lang="ko").get("/search/?q=방위조약")
    assert titles(page.content)[0] == "상호방위조약"
    assert "상호<mark>방위조약</mark>" in page.content.decode()


def test_only_what_the_reader_may_see_is_found(desk: Register, cast: Cast, signed_in: SignIn) -> None:
    assert titles(signed_in(cast.reader).get("/search/?q=quiet").content) == ["Quiet drill", "Quiet paper"]
    assert titles(signed_in(cast.stateless).get("/search/?q=quiet").content) == []
    assert titles(signed_in(cast.american).get("/search/?q=quiet").content) == ["Quiet paper"]


@pytest.mark.parametrize("query", ["", "q=", "q=%20-%20", "q=nothinglikethis", "q=a&page=99", "q=a&page=x", "q=a&kind=nonsense", "q=%00a", "q=" + "가" * 400])
def test_odd_questions_have_plain_answers(desk: Register, cast: Cast, signed_in: SignIn, query: str) -> None:
    assert signed_in(cast.reader).get(f"/search/?{query}").status_code == 200


def test_what_was_typed_is_escaped(desk: Register, cast: Cast, signed_in: SignIn) -> None:
    assert b"<script>x" not in signed_in(cast.reader).get("/search/?q=%3Cscript%3Ex").content


@pytest.mark.parametrize(
    ("text", "words", "wanted"),
    [
        ("Airborne repair in the air", ["air"], "<mark>Air</mark>borne repair in the <mark>air</mark>"),
        ("Türkiye & Ørsted", ["turkiye", "o"], "<mark>Türkiye</mark> &amp; <mark>Ø</mark>rsted"),
        ("한미연합훈련", ["연합", "합훈"], "한미<mark>연합훈</mark>련"),
        ("K9자주포", ["k9", "자주포"], "<mark>K9</mark><mark>자주포</mark>"),
        ("Æ stands for ae", ["ae"], "<mark>Æ</mark> stands for <mark>ae</mark>"),
        ("nothing", ["else"], "nothing"),
    ],
)
def test_words_are_marked_as_the_search_finds_them(text: str, words: list[str], wanted: str) -> None:
    assert marked(text, words) == wanted


@pytest.mark.parametrize("words", ["defence minister", "핵실험", "freedom shield", "kor", "turk"])
def test_the_page_finds_what_the_library_finds(kor: Snapshot, words: str) -> None:
    found = _found(kor, words, "")
    wanted = search(kor, words, limit=500)
    assert found.best.select("kind", "id").head(500).rows() == wanted.select("kind", "id").rows()
    assert found.total == sum(one.count for one in found.counts)
    told = [title for title in wanted.filter(where="title")["title"].head(10) if places(title, words.lower().split())]
    assert told or words == "kor"


# --- looking as another ----------------------------------------------------------------------------------------------------------------


def test_looking_narrows_every_page_and_says_so(desk: Register, cast: Cast, signed_in: SignIn) -> None:
    client = signed_in(cast.editor)
    assert client.get("/records/exercises/quiet-drill/").status_code == 200
    assert client.post("/as/look/", {"class": ""}).status_code == 302
    assert client.get("/records/exercises/quiet-drill/").status_code == 404
    for path in ("/records/", "/search/?q=quiet", "/to-do/", "/records/exercises/nowhere/"):
        page = client.get(path).content.decode()
        assert "You look as: everybody (what is public)" in page, path
        assert "Quiet drill" not in page
    client.post("/as/leave/")
    assert client.get("/records/exercises/quiet-drill/").status_code == 200
    assert "You look as" not in client.get("/records/").content.decode()


def test_nobody_sees_more_by_looking(desk: Register, cast: Cast, signed_in: SignIn) -> None:
    """An American who looks as a Korean sees no more than an American."""
    client = signed_in(cast.american)
    client.post("/as/look/", {"class": "other", "nationality": "KOR", "clearance": "top_secret"})
    assert titles(client.get("/search/?q=quiet").content) == ["Quiet paper"]
    client.post("/as/look/", {"class": "other", "nationality": "JPN", "clearance": "secret"})
    assert titles(client.get("/search/?q=quiet").content) == []


def test_classes_that_exist_are_offered(desk: Register, cast: Cast, signed_in: SignIn) -> None:
    page = signed_in(cast.release_officer).get("/as/").content.decode()
    assert 'value="JPN/restricted"' in page
    assert "Japan, cleared to: Restricted" in page


@pytest.mark.parametrize(
    "chosen",
    [
        {"class": "everything/top_secret"},
        {"class": "KOR/nonsense"},
        {"class": "other", "nationality": "everything", "clearance": "secret"},
        {"class": "ZZZ/secret"},
    ],
)
def test_no_other_class_can_be_looked_as(desk: Register, cast: Cast, signed_in: SignIn, chosen: dict[str, str]) -> None:
    client = signed_in(cast.editor)
    assert client.post("/as/look/", chosen).status_code == 422
    assert AS_READER not in client.session


def test_readers_do_not_look_as_others(desk: Register, cast: Cast, signed_in: SignIn) -> None:
    assert signed_in(cast.reader).get("/as/").status_code == 403
    assert signed_in(cast.reader).post("/as/look/", {"class": ""}).status_code == 403


def test_writing_is_refused_meanwhile(desk: Register, cast: Cast) -> None:
    request = RequestFactory().post("/proposals/")
    request.user, request.session = cast.editor, {}  # type: ignore[assignment]
    refuse_while_looking(request)
    request.session = {AS_READER: ["JPN", "secret"]}  # type: ignore[assignment]
    assert reader_of(request).name == "KOR"
    with pytest.raises(NotPermitted):
        refuse_while_looking(request)


def test_looking_is_on_the_trail(desk: Register, cast: Cast, signed_in: SignIn) -> None:
    from comity_desk.audit.models import Event

    signed_in(cast.editor).post("/as/look/", {"class": "USA/secret"})
    event = Event.objects.first()
    assert event is not None
    assert (event.action, event.actor) == ("looked-as", cast.editor)
