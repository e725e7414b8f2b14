"""Promises on the desk: what is overdue stands first and is marked, by partner and by directorate; none that is hidden is counted."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from standing_cast import Cast

import comity
from comity.register.register import Register
from comity_desk.accounts.models import Directorate
from comity_desk.ledger.loading import LoadPackage
from small_package import SmallPackage

pytestmark = pytest.mark.django_db
SignedIn = Callable[..., Client]
TO_USA = {"by": "KOR", "to": "USA"}
TO_JPN = {"by": "JPN", "to": "KOR"}


@pytest.fixture
def loaded(marked_package: SmallPackage, still: object) -> Register:
    """Promises of every state, one of them hidden from most."""
    marked_package.edit("commitment", "late-one", what_en="Late one", promised="2025-01-01", due="2026-10-31", done="", status="open", **TO_USA)
    marked_package.edit("commitment", "soon-one", what_en="Soon one", promised="2025-01-01", due="2026-12-31", done="", status="open", **TO_USA)
    marked_package.edit("commitment", "month-one", what_en="Month one", promised="2025-01-01", due="2026-11", done="", status="open", **TO_JPN)
    marked_package.edit("commitment", "kept-one", what_en="Kept one", promised="2024-01-01", due="2024-06-30", done="2024-06", status="done", **TO_JPN)
    marked_package.edit("commitment", "tardy-one", what_en="Tardy one", promised="2024-01-01", due="2024-06-30", done="2024-07", status="done", **TO_USA)
    marked_package.edit(
        "commitment", "quiet-one", what_en="Quiet one", promised="2025-01-01", due="2026-01-31", done="", status="open", marking="kor-only", **TO_USA
    )
    register = comity.load(marked_package.write())
    LoadPackage(actor=None, register=register).run()
    return register


def rows(page: str) -> dict[str, tuple[str, str]]:
    """What the list says: title → class of the row, state."""
    found = re.findall(r'<tr(?: class="(\w+)")?><td><span class="tag \w*">([^<]+)</span></td><th scope="row"><a [^>]+>([^<]+)</a>', page)
    return {title: (mark, state) for mark, state, title in found}


def test_what_is_overdue_stands_first_and_is_marked(loaded: Register, cast: Cast, signed_in: SignedIn) -> None:
    found = rows(signed_in(cast.editor).get("/boards/commitments/").content.decode())
    assert found["Late one"] == ("bad", "Overdue")
    assert found["Quiet one"] == ("bad", "Overdue")
    assert found["Soon one"] == ("warn", "Due soon")
    assert found["Month one"] == ("warn", "Due soon")  # the month is not over
    assert found["Kept one"] == ("good", "Kept")  # it may have been the last day
    assert found["Tardy one"] == ("good", "Kept late")
    assert [state for _, state in found.values()][:2] == ["Overdue", "Overdue"]


def test_a_hidden_promise_is_neither_listed_nor_counted(loaded: Register, cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in(cast.stateless).get("/boards/commitments/?partner=USA").content.decode()
    assert "Quiet one" not in page
    own = signed_in(cast.editor).get("/boards/commitments/?partner=USA").content.decode()
    shown = [int(re.search(r'role="status">(\d+) promises', one)[1]) for one in (own, page)]  # type: ignore[index]
    assert shown[0] == shown[1] + 1


def test_promises_are_narrowed_by_state_side_partner_and_directorate(loaded: Register, cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.editor)
    desk = Directorate.objects.create(name_en="Japan desk", name_ko="일본과", partners=["JPN"])

    def titles(query: str) -> set[str]:
        return set(rows(client.get(f"/boards/commitments/?{query}").content.decode()))

    assert titles("partner=JPN") == {"Month one", "Kept one"}
    assert titles("state=kept") == {"Kept one"}
    assert titles("side=theirs") == {"Month one", "Kept one"}
    assert titles(f"directorate={desk.pk}") == {"Month one", "Kept one"}
    assert "Late one" in titles("state=open-all")
    assert "Kept one" not in titles("state=open-all")
    page = client.get("/boards/commitments/").content.decode()
    assert "due soon: 1" in page  # of the directorate
    assert "Japan desk" in page


def test_an_earlier_day_shows_what_was_due_then(loaded: Register, cast: Cast, signed_in: SignedIn) -> None:
    found = rows(signed_in(cast.editor).get("/boards/commitments/?as_of=2024-05-01").content.decode())
    assert found["Kept one"] == ("warn", "Due soon")
    assert "Late one" not in found  # not promised yet


def test_the_list_is_saved_and_read_in_korean(loaded: Register, cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.editor, lang="ko")
    assert "기한 경과" in client.get("/boards/commitments/").content.decode()
    saved = client.get("/boards/commitments/?form=csv&state=kept").content.decode("utf-8-sig").splitlines()
    assert saved[0].startswith("state,due,days_left,what")
    assert saved[1].startswith("이행,2024-06-30")
    assert len(saved) == 2
