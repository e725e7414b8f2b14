"""The tutorial of the desk, done as it says: an exercise is typed in by one person, decided on by another, and found; in English and in Korean."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from .conftest import Seats
from .seats import Seat
from .seen import picture
from .serving import Desk

DOCS = Path(__file__).parents[2] / "docs"
TUTORIAL = {"en": DOCS / "tutorial" / "the-desk.md", "ko": DOCS / "ko" / "tutorial" / "the-desk.md"}
LANGUAGES = pytest.mark.parametrize("lang", ["en", "ko"])


@pytest.fixture(scope="package")
def administrator(desk: Desk, chromium: Any) -> Any:
    """The first administrator, signed in with the password that serving the desk printed; gives what the browser then keeps."""
    first = Seat(chromium, desk)
    first.begin("admin", desk.password)
    assert first.page.locator("h1").inner_text() == "What matters now"
    assert first.wrong == []
    state = first.context.storage_state()
    first.context.close()
    return state


def words_of(lang: str) -> list[str]:
    """The words of the desk that the tutorial names: what is to be pressed, opened or read, and what is picked."""
    text = TUTORIAL[lang].read_text(encoding="utf-8")
    named = re.findall(r"\*\*([^*]+)\*\*|(?<!\*)\*([^*\n]+)\*(?!\*)|`(South Korea|한국)`", text)
    found = [next(filter(None, one)) for one in named]
    assert len(found) > 8
    return found


def make_account(administrator: Seat, name: str, role: str) -> str:
    """On the pages of people; gives the one-time password."""
    page = administrator.page
    administrator.open("/")
    administrator.follow("People", "사용자")
    administrator.follow("New account", "계정 발급")
    administrator.note()
    page.fill("[name=username]", name)
    page.fill("[name=name]", name.replace("-", " ").title())
    page.select_option("select[name=language]", administrator.lang)
    page.select_option("[name=nationality]", "KOR")
    page.select_option("[name=clearance]", "secret")
    page.check(f"[name=roles][value={role}]")
    page.fill("[name=reason]", administrator.words("New in the division", "신규 전입"))
    administrator.press("Make the account", "계정 발급")
    return str(page.locator("code.once").inner_text())


def pick(field: Any, typed: str, value: str) -> None:
    """Type the beginning of a name, see that the desk offers it, and take it."""
    field.press_sequentially(typed, delay=20)
    field.page.wait_for_function(
        "([input, value]) => input.list && [...input.list.options].some(one => one.value === value)", arg=[field.element_handle(), value]
    )
    field.fill(value)
    field.dispatch_event("change")


def fill_exercise(editor: Seat, title: str) -> None:
    """The form of a new exercise, field by field."""
    page, words = editor.page, editor.words
    editor.follow("Records", "기록")
    editor.leave_by(page.get_by_role("main").get_by_role("link", name=words("Exercises", "연습"), exact=True))
    editor.follow("Propose a new one", "새 기록 제안")
    page.fill("[name=c-title_en]", title)
    page.fill("[name=c-title_ko]", f"{title} 훈련")
    pick(page.locator("[name=c-series]"), words("freedom ed", "프리덤 에"), "freedom-edge")
    page.fill("[name=c-start]", words("March 2027", "2028년 3월"))  # another year in each language, so that neither is taken for the other
    page.locator("#id-c-start + output", has_text=words("Mar 2027", "2028년 3월")).wait_for()
    pick(page.locator("[name=c-participants]").first, words("South Ko", "대한민"), "KOR")
    page.locator("#id-c-participants-group [data-another]").click()
    pick(page.locator("[name=c-participants]").nth(1), words("Japan", "일본"), "JPN")
    page.check("[name=c-exercise_types][value=CPX]")
    page.select_option("[name=c-status]", "planned")


def describe_source(editor: Seat, title: str) -> None:
    """A source that the register does not have yet."""
    page = editor.page
    page.locator("details.described summary").click()
    page.fill("[name=b-source_title]", title)
    page.fill("[name=b-source_publisher]", editor.words("Ministry of National Defense", "국방부"))
    page.select_option("[name=b-source_type]", "government")
    page.select_option("[name=b-confidence]", "high")
    page.fill(f"[name=b-reason_{editor.lang}]", editor.words("Announced at the meeting of January.", "1월 회의에서 발표."))


@LANGUAGES
def test_from_an_account_to_a_record_that_is_found(seat: Seats, administrator: Any, lang: str) -> None:
    keeper = seat(lang=lang, state=administrator)
    people = {role: make_account(keeper, f"{role}-{lang}", role) for role in ("editor", "reviewer")}
    editor, reviewer = seat(lang=lang), seat(lang=lang)
    editor.begin(f"editor-{lang}", people["editor"])
    reviewer.begin(f"reviewer-{lang}", people["reviewer"])
    title = editor.words("Spring Edge 27", "Spring Edge 28")
    fill_exercise(editor, title)
    editor.page.wait_for_function("() => !document.querySelector('.htmx-request')")
    picture(editor, "proposing")
    describe_source(editor, f"Press release on {title}")
    editor.press("Hand in for review", "검토 요청")
    assert "/proposals/" in editor.page.url
    decide(reviewer, editor.page.url)
    reads_record(editor, title)
    finds(seat("reader", lang=lang), title)
    told = "\n".join(words for one in (keeper, editor, reviewer) for words in one.told).casefold()
    assert [words for words in words_of(lang) if words.casefold() not in told] == []


def decide(reviewer: Seat, address: str) -> None:
    """Found in the inbox, read, accepted with a reason."""
    reviewer.follow("Proposals", "제안")
    reviewer.leave_by(reviewer.page.locator(f"main a[href='{address[len(reviewer.desk.base) :]}']"))
    shown = (reviewer.words("Mar 2027", "2028년 3월"), "Press release on", reviewer.words("Government page", "정부 자료"))
    assert [one for one in shown if one not in reviewer.said] == []
    reviewer.note()
    picture(reviewer, "deciding")
    reviewer.page.fill("[name=reason]", reviewer.words("The release says so.", "보도자료와 일치함."))
    reviewer.leave_by(reviewer.page.locator("#accept"))
    assert reviewer.page.locator("#accept").count() == 0


def reads_record(editor: Seat, title: str) -> None:
    """The editor sees what was decided, and the record as it now stands."""
    editor.page.reload()
    editor.follow("Open the record", "기록 열기")
    shown = editor.words(title, f"{title} 훈련")
    editor.note()
    assert editor.page.locator("h1").inner_text() == shown
    assert editor.words("Mar 2027", "2028년 3월") in editor.said
    assert f"Press release on {title}" in editor.said


def finds(reader: Seat, title: str) -> None:
    """Somebody else finds it in the list and by searching."""
    shown = reader.words(title, f"{title} 훈련")
    for path in (f"/records/exercises/?q={title}", f"/search/?q={title}"):
        reader.open(path)
        assert reader.page.get_by_role("link", name=shown).first.is_visible()
