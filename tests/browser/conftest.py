"""A real Chromium before the real desk. Every page that a test visits must raise no error in its console and break no security policy."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from .seats import Seat
from .serving import Desk, served

HERE = Path(__file__).parent
CHROMIUM = next((one for one in ("/usr/bin/chromium", shutil.which("chromium") or "") if one and Path(one).exists()), None)
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
Seats = Callable[..., Seat]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of it drives a browser; where there is none, it is skipped and says so."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.one_database)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="no Chromium at /usr/bin/chromium nor on PATH"))


@pytest.fixture(scope="package")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One desk for all tests of this folder."""
    with served(tmp_path_factory.mktemp("desk")) as standing:
        yield standing


@pytest.fixture(scope="package")
def chromium() -> Iterator[Any]:
    """One browser, with a profile of its own; ended with these tests, since its loop of events would be in the way of others."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def seat(desk: Desk, chromium: Any) -> Iterator[Seats]:
    """Sit somebody down before the desk: `seat("editor", lang="ko", width=390)`; without a name, nobody who has signed in. What went wrong is told at the end."""
    taken: list[Seat] = []

    def sit(who: str = "", **settings: Any) -> Seat:
        taken.append(Seat(chromium, desk, who, **settings))
        return taken[-1]

    yield sit
    for one in taken:
        one.context.close()
    wrong = [wrong for one in taken for wrong in one.wrong]
    assert not wrong, "\n".join(wrong)
