"""Every page of the desk, opened by somebody who may: in both languages, on a desk and on a telephone, for those who do not see it too."""

from __future__ import annotations

import pytest

from .conftest import Seats
from .pages import ACTS, FILES, NO_PAGES, OFTEN, PAGES, addresses, every_path, is_made
from .seen import axe_faults, faults_of, wait_until_whole
from .serving import Desk

DARK = ("/", "/boards/stability/", "/boards/network/", "/records/exercises/", "/records/exercises/freedom-edge-2024-06/", "/records/exercises/new/", "/people/")
NARROW = (
    "/",
    "/boards/agreements/",
    "/boards/map/",
    "/boards/calendar/",
    "/partners/USA/",
    "/records/exercises/",
    "/records/agreements/kor-usa-mutual-defense-treaty-1953/",
    "/to-do/",
)


def none_of(faults: list[str]) -> None:
    """Nothing is wrong, or all of it is told."""
    assert not faults, "\n".join(faults)


def test_every_address_is_a_page_or_no_page() -> None:
    """A new address is opened here, or named with the reason why it is not, before it ships."""
    told = [*PAGES, *NO_PAGES, *ACTS]
    assert len(told) == len(set(told))
    there = {one for one in addresses() if not one.endswith(FILES)}
    assert sorted(there - set(told)) == []
    assert sorted(set(told) - there) == []


def test_pages_in_english_on_a_desk(desk: Desk, seat: Seats) -> None:
    """Every one of them, but of lists and forms those of the kinds that are used most; the others are drawn by the same templates."""
    everybody, paths = seat("everything"), every_path(desk.standing["at"], OFTEN)
    for path in filter(is_made, paths):
        everybody.open(path)  # so that the background makes them while the others are looked at
    none_of([wrong for path in paths for wrong in faults_of(everybody, path, axe=True)])


def test_pages_in_korean_on_a_telephone(seat: Seats) -> None:
    everybody = seat("everything", lang="ko", width=390)
    none_of([wrong for path in NARROW for wrong in faults_of(everybody, path, axe=True)])


def test_dark_pages(seat: Seats) -> None:
    everybody = seat("everything", dark=True)
    none_of([wrong for path in DARK for wrong in faults_of(everybody, path, axe=True)])


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_of_signing_in(seat: Seats, lang: str, width: int) -> None:
    assert faults_of(seat(lang=lang, width=width), "/sign-in/", axe=True) == []


def test_records_behind_a_number_of_a_board(seat: Seats) -> None:
    everybody = seat("everything")
    everybody.open("/boards/agreements/")
    wait_until_whole(everybody.page)
    everybody.leave_by(everybody.page.locator("main a[href*='/behind/']").first)
    assert "/behind/" in everybody.page.url
    assert everybody.page.locator("main a[href^='/records/']").count() > 0
    assert axe_faults(everybody.page) == []


def test_the_days_of_a_record_lie_under_one_handle(seat: Seats) -> None:
    reader = seat("reader")
    reader.open("/records/poll_answers/chicago-council-usfk-reduce-usa-2019-07-increase/")
    handle = reader.page.locator("#known-slider")
    assert handle.get_attribute("aria-valuetext") == "now"
    handle.focus()
    with reader.page.expect_navigation(url="**?known_at=2026-11-28"):
        handle.press("ArrowLeft")
    assert reader.page.locator("#known-slider").get_attribute("aria-valuetext") == "28 Nov 2026"
    assert axe_faults(reader.page) == []


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize(("who", "path", "status"), [("reader", "/people/", 403), ("everything", "/records/exercises/nowhere/", 404)])
def test_a_refusal_is_a_page_too(seat: Seats, who: str, path: str, status: int, lang: str) -> None:
    refused = seat(who, lang=lang)
    refused.forgiven = (f"status of {status}",)
    assert refused.open(path).status == status
    assert refused.page.locator("h1").count() == 1
    assert refused.page.evaluate("document.documentElement.lang") == lang
    assert axe_faults(refused.page) == []


@pytest.mark.long
@pytest.mark.parametrize(("lang", "width"), [("en", 1280), ("ko", 1280), ("en", 390), ("ko", 390)])
def test_every_page_in_every_window(desk: Desk, seat: Seats, lang: str, width: int) -> None:
    everybody = seat("everything", lang=lang, width=width)
    none_of([wrong for path in every_path(desk.standing["at"]) for wrong in faults_of(everybody, path)])


@pytest.mark.long
def test_every_page_in_the_dark(desk: Desk, seat: Seats) -> None:
    everybody = seat("everything", dark=True)
    none_of([wrong for path in every_path(desk.standing["at"]) for wrong in faults_of(everybody, path, axe=True)])
