"""What befalls people at the desk: it is there already, it is not accepted, two changed the same, the line goes dead, another reads it otherwise."""

from __future__ import annotations

import pytest

from .conftest import Seats
from .seats import Seat

LANGUAGES = pytest.mark.parametrize("lang", ["en", "ko"])
DEAD = ("ERR_INTERNET_DISCONNECTED", "htmx:sendError", "htmx:afterRequest")  # what a dead line says
FORM = {"en": "/records/exercises/freedom-edge-2024-06/edit/", "ko": "/records/exercises/freedom-edge-2024-11/edit/"}


def change(editor: Seat, path: str, **cells: str) -> None:
    """Open a form and type other values, without handing it in."""
    editor.open(path)
    type_over(editor, **cells)
    editor.page.fill(f"[name=b-reason_{editor.lang}]", editor.words("Counted anew.", "다시 집계함."))


def type_over(editor: Seat, **cells: str) -> None:
    """Type values into the open form, unfolding what is folded."""
    editor.page.evaluate("document.querySelectorAll('#proposing details').forEach(one => { one.open = true })")
    for name, value in cells.items():
        editor.page.fill(f"[name=c-{name}]", value)


def hand_in(editor: Seat) -> str:
    """Hand it in; gives the address of the proposal."""
    editor.press("Hand in for review", "검토 요청")
    assert "/proposals/" in editor.page.url, editor.said
    return str(editor.page.url)[len(editor.desk.base) :]


def decide(reviewer: Seat, address: str, reason: str, button: str) -> None:
    """Decide on a proposal."""
    reviewer.open(address)
    reviewer.page.fill("[name=reason]", reason)
    reviewer.leave_by(reviewer.page.locator(button))


@LANGUAGES
def test_what_is_there_already_is_shown_and_a_reason_asked_for(seat: Seats, lang: str) -> None:
    editor = seat("editor", lang=lang)
    editor.forgiven = ("status of 422",)
    page = editor.page
    editor.open("/records/exercises/new/")
    type_over(editor, title_en="Freedom Edge 24-2", title_ko="2024년 2차 프리덤 에지", series="freedom-edge", start="2024-11-14", personnel="100")
    for at, code in enumerate(("KOR", "USA", "JPN")):
        if at:
            page.locator("#id-c-participants-group [data-another]").click()
        page.locator("[name=c-participants]").nth(at).fill(code)
    page.check("[name=c-exercise_types][value=FTX]")
    page.select_option("[name=c-status]", "conducted")
    page.fill("[name=b-source]", "rok-2000-defense-white-paper-text-copy")
    page.select_option("[name=b-confidence]", "low")
    editor.press("Hand in for review", "검토 요청")
    assert page.locator("#alike").inner_text() == editor.words("Is it one of these?", "이미 있는 기록이 아닙니까?")
    assert page.locator("main .alike a[href='/records/exercises/freedom-edge-2024-11/']").count() == 1
    page.fill("[name=b-another_thing]", editor.words("A part of it under another command.", "지휘부가 다른 별도 훈련임."))
    address = hand_in(editor)
    reviewer = seat("reviewer", lang=lang)
    reviewer.open(address)
    assert editor.words("It may repeat:", "다음 기록과 같은 내용일 수 있습니다:") in reviewer.said


@LANGUAGES
def test_read_and_not_accepted_with_the_reason(seat: Seats, lang: str) -> None:
    editor, reviewer = seat("editor", lang=lang), seat("reviewer", lang=lang)
    change(editor, FORM[lang], field_events="7")
    address, why = hand_in(editor), editor.words("The paper counts days, not events.", "자료는 횟수가 아니라 일수를 셈.")
    reviewer.forgiven = ("status of 422",)
    decide(reviewer, address, "", "#decline")  # without a reason it is not done
    assert reviewer.page.locator("[role=alert]").count() == 1
    decide(reviewer, address, why, "#decline")
    editor.open(address)
    assert why in editor.said
    assert editor.words("Read, not accepted", "검토 후 미채택") in editor.said


@LANGUAGES
def test_two_change_the_same_and_the_later_one_chooses(seat: Seats, lang: str) -> None:
    first, second, reviewer = seat("editor", lang=lang), seat("second-editor", lang=lang), seat("reviewer", lang=lang)
    second.forgiven = ("status of 409",)
    change(second, FORM[lang], personnel="4200")  # open while the other's is accepted
    change(first, FORM[lang], personnel="4100")
    decide(reviewer, hand_in(first), first.words("Agreed.", "확인함."), "#accept")
    second.press("Hand in for review", "검토 요청")
    merging = second.page.locator("section.clashes").inner_text()
    assert "4,100" in merging
    assert "4,200" in merging
    second.page.check("[name=choose-personnel][value=mine]")
    hand_in(second)
    assert "4,200" in second.said
    assert "4,100" in second.said


@LANGUAGES
def test_what_was_typed_while_the_line_was_dead_is_offered_again(seat: Seats, lang: str) -> None:
    editor = seat("editor", lang=lang)
    editor.forgiven = DEAD
    editor.open("/records/agreements/new/")
    editor.context.set_offline(True)
    type_over(editor, title_en="Typed in the dark")
    editor.page.locator("[data-kept-note]").wait_for(state="visible")
    assert "Typed in the dark" not in editor.page.evaluate("JSON.stringify(localStorage)"), "it is kept encrypted"
    editor.context.set_offline(False)
    editor.page.reload()
    editor.button("Put it back", "되살리기").click()
    assert editor.page.input_value("[name=c-title_en]") == "Typed in the dark"


def test_a_draft_is_kept_by_the_desk_while_one_types(seat: Seats) -> None:
    editor = seat("editor")
    editor.open("/records/visits/new/")
    type_over(editor, what_en="Half a visit")
    editor.page.locator("[data-saved]", has_text="Draft saved").wait_for()
    editor.open("/records/visits/new/")
    editor.follow("Go on with the draft", "초안 이어서 작성")
    assert editor.page.input_value("[name=c-what_en]") == "Half a visit"


@LANGUAGES
def test_looking_as_another_reader(seat: Seats, lang: str) -> None:
    editor = seat("editor", lang=lang)
    editor.open("/as/")
    editor.press("Look", "보기")
    editor.open("/records/exercises/freedom-edge-2024-06/")
    assert editor.page.locator(".looking strong").inner_text().startswith(editor.words("You look as", "열람자 시점"))
    assert editor.page.locator("main > .tools a[href$='/edit/']").count() == 0
    editor.press("Leave", "그만두기", within=".looking")
    editor.open("/records/exercises/freedom-edge-2024-06/")
    assert editor.page.locator("main > .tools a[href$='/edit/']").count() == 1


def test_the_language_is_switched_where_one_stands(seat: Seats) -> None:
    reader = seat("reader")
    reader.open("/records/exercises/?q=freedom")
    reader.leave_by(reader.page.get_by_role("button", name="한국어"))
    assert reader.page.url.endswith("/records/exercises/?q=freedom")
    assert reader.page.evaluate("document.documentElement.lang") == "ko"
    reader.leave_by(reader.page.get_by_role("button", name="English"))
    assert reader.page.evaluate("document.documentElement.lang") == "en"


def test_dark_stays_dark(seat: Seats) -> None:
    reader = seat("reader")
    reader.open("/records/")
    light = reader.page.evaluate("getComputedStyle(document.body).backgroundColor")
    reader.page.get_by_role("button", name="Light or dark").click()
    dark = reader.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert dark != light
    reader.open("/to-do/")
    assert reader.page.evaluate("getComputedStyle(document.body).backgroundColor") == dark
    reader.page.get_by_role("button", name="Light or dark").click()
    assert reader.page.evaluate("getComputedStyle(document.body).backgroundColor") == light
