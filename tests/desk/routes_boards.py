"""What is asked at the boards, partner pages, papers and feeds."""

from __future__ import annotations

import re

from routes import Asked, Case, Visible, get

BOARD = r"^boards/(?P<name>[a-z-]+)/(?P<block>[A-Za-z0-9_-]+)\.(?P<form>svg|png|csv)$"
PAPER_FILE = r"^papers/(?P<key>[a-z0-9]+)/versions/(?P<number>\d+)/(?P<block>[A-Za-z0-9_-]+)\.(?P<form>svg|png|csv)$"


def names() -> list[str]:
    """Every board, those that take long among them (which say that they are being made)."""
    from comity_desk.boards.catalogue import boards

    return list(boards())


def every_board(visible: Visible) -> list[Asked]:
    """Each board, today, on an earlier day, as known on an earlier day, and one that is none."""
    paths = [f"/boards/{name}/" for name in names()]
    paths += [f"/boards/{name}/?as_of=2024-06-30" for name in ("agreements", "exercises", "clock", "technology")]
    paths += [f"/boards/{name}/?known_at=2026-03-01" for name in ("agreements", "exercises")]
    paths += ["/boards/versus/?partner=USA&against=JPN", "/boards/compare/?since=2020-01-01", "/boards/versus/?partner=USA&against=XYZ"]
    return [Asked("GET", path) for path in [*paths, "/boards/nowhere/"]]


def behind(visible: Visible) -> list[Asked]:
    """The records behind the first numbers of boards."""
    return [Asked("GET", f"/boards/{name}/behind/{n}/") for name in ("agreements", "exercises", "peacekeeping", "partners") for n in (0, 1, 999)]


def files(visible: Visible) -> list[Asked]:
    """Figures and tables as files."""
    blocks = ("partners-table", "agreements-table", "exercises", "agreements", "nothing")
    return [Asked("GET", f"/boards/{name}/{block}.{form}") for name in ("agreements", "exercises", "partners") for block in blocks for form in ("csv", "svg")]


def partners(visible: Visible) -> list[Asked]:
    """Partners that are there, and one that is not."""
    return [Asked("GET", path) for path in ("/partners/USA/", "/partners/JPN/", "/partners/UN/", "/partners/USA/?known_at=2026-03-01", "/partners/XYZ/")]


def timeline(visible: Visible) -> list[Asked]:
    """Everything in time, narrowed and paged."""
    queries = ("", "?kind=exercise", "?partner=USA", "?page=2", "?page=999", "?year_from=2020&year_to=2025")
    return [Asked("GET", f"/boards/timeline/{query}") for query in queries]


BOARDS: dict[str, Case] = {
    "": get("/"),
    "partners/": get("/partners/", "/partners/?sort=name"),
    "partners/<str:code>/": partners,
    "boards/": get("/boards/"),
    "boards/figures.css": get("/boards/figures.css"),
    "boards/timeline/": timeline,
    r"^boards/timeline/strip\.(?P<form>svg|png|csv)$": get("/boards/timeline/strip.csv", "/boards/timeline/strip.svg"),
    "boards/calendar/": get("/boards/calendar/", "/boards/calendar/?partner=USA"),
    "boards/commitments/": get("/boards/commitments/"),
    "boards/map/": get("/boards/map/", "/boards/map/?year=2010"),
    r"^boards/map/years\.(?P<form>svg|png|csv)$": get("/boards/map/years.csv", "/boards/map/years.svg"),
    "boards/weights/": get("/boards/weights/", "/boards/weights/?exercises=2"),
    "boards/<slug:name>/": every_board,
    "boards/<slug:name>/status/": get(*(f"/boards/{name}/status/" for name in ("home", "agreements", "stability"))),
    "boards/<slug:name>/behind/<int:n>/": behind,
    BOARD: files,
    "papers/": get("/papers/"),
    "papers/new/": get("/papers/new/"),
    "papers/questions/<slug:key>/<slug:act>/": lambda visible: [Asked("POST", "/papers/questions/nothing/answer/", {"reason": "x"}, then=("/papers/",))],
    "papers/<slug:key>/": get("/papers/nothing/"),
    "papers/<slug:key>/versions/<int:number>/": get("/papers/nothing/versions/1/"),
    "papers/<slug:key>/versions/<int:number>/behind/<int:n>/": get("/papers/nothing/versions/1/behind/0/"),
    PAPER_FILE: get("/papers/nothing/versions/1/ties.csv"),
    "papers/<slug:key>/<slug:act>/": lambda visible: [Asked("POST", "/papers/nothing/close/", {"reason": "x"}, then=("/papers/",))],
    "feeds/calendar.ics": get("/feeds/calendar.ics"),
    "feeds/changes.atom": get("/feeds/changes.atom"),
    "jobs/start/<slug:kind>/": lambda visible: [
        Asked("POST", f"/jobs/start/{kind}/", {"form": "html"}, then=("/jobs/",)) for kind in ("brief", "export", "nothing")
    ],
}
assert re.compile(BOARD)
