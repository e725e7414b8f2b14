"""What must hold for any page that a person looks at: it answers, speaks their language, has one head, fits their window, and can be used by everybody."""

from __future__ import annotations

import os
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

from .seats import Seat

SERIOUS = ("serious", "critical")
MADE = 180_000  # milliseconds that the background may take to make a board on a busy machine
AXE = "axe.run(document, {resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']})"
SHAPE = """() => {
  const edge = document.documentElement.clientWidth + 1;
  const held = one => one.parentElement && (getComputedStyle(one).overflowX !== 'visible' || held(one.parentElement));
  const wide = [...document.querySelectorAll('body *')].filter(one => one.getBoundingClientRect().right > edge && !held(one.parentElement));
  return {
    lang: document.documentElement.lang, title: document.title.trim(), heads: document.querySelectorAll('h1').length,
    over: document.documentElement.scrollWidth - document.documentElement.clientWidth, wide: wide.slice(0, 3).map(one => one.outerHTML.slice(0, 120)),
  };
}"""


def faults_of(seat: Seat, path: str, *, axe: bool = False) -> list[str]:
    """What is wrong with the page at that path; opens it and waits until it is whole."""
    answer = seat.open(path)
    if answer.status != 200:
        return [f"{path}: answers {answer.status}"]
    wait_until_whole(seat.page)
    told, size = seat.page.evaluate(SHAPE), seat.page.viewport_size["width"]
    found = [] if told["lang"] == seat.lang else [f"its language is {told['lang']}"]
    found += [] if told["heads"] == 1 else [f"{told['heads']} heads"]
    found += [] if re.fullmatch(r".+ · Comity", told["title"]) else [f"its title is {told['title']}"]
    found += [] if told["over"] <= 0 else [f"{told['over']} pixels too wide: {told['wide']}"]
    found += [] if seat.page.locator("#find").count() == (1 if seat.who else 0) else ["the search is not where it should be"]
    found += axe_faults(seat.page) if axe else []
    keep(seat, path)
    return [f"{path} {seat.lang} {size}: {one}" for one in found]


def wait_until_whole(page: Any) -> None:
    """Until the background has made what the page waits for, and parts that are fetched apart are there."""
    page.wait_for_function("() => !document.querySelector('[hx-trigger*=every], [hx-trigger=load]')", timeout=MADE)


def axe_faults(page: Any) -> list[str]:
    """Serious and critical faults of accessibility, with where the first of each is."""
    page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate(AXE)["violations"]
    return [f"{one['id']} ({len(one['nodes'])}): {one['nodes'][0]['html'][:200]}" for one in found if one["impact"] in SERIOUS]


def keep(seat: Seat, path: str) -> None:
    """A picture of the page, where `COMITY_SHOTS` names a folder."""
    folder = os.environ.get("COMITY_SHOTS")
    if folder:
        name = re.sub(r"[^a-z0-9]+", "-", path.lower()).strip("-") or "home"
        window = f"{seat.lang}-{seat.page.viewport_size['width']}{'-dark' if seat.dark else ''}"
        seat.page.screenshot(path=Path(folder) / f"{name[:80]}-{window}.png", full_page=True)


def picture(seat: Seat, name: str) -> None:
    """A picture of what is in the window, for the tutorial, where `COMITY_SHOTS` names a folder."""
    folder = os.environ.get("COMITY_SHOTS")
    if folder:
        seat.page.screenshot(path=Path(folder) / f"desk-{name}-{seat.lang}.png")
