"""The map through the years: every state shaded by its tie at the end of the year chosen, named for pointer and keyboard, with a table of the same."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET
from markupsafe import Markup, escape

from comity.register.snapshot import Snapshot
from comity.report.atlas import WIDTH, Atlas, atlas
from comity.report.charts.world import points
from comity.report.drawing import rastered
from comity.vocab.text import Text
from comity_desk.boards.live import Shown, shown
from comity_desk.boards.making import csv_text
from comity_desk.boards.mapping import LIMITS, NAMES, levels
from comity_desk.boards.results import data_of
from comity_desk.boards.views import for_holders_of
from comity_desk.boards.views.board import MEDIA, PNG_SCALE, board_page
from comity_desk.boards.wording import name_of
from comity_desk.ledger.asking import snapshot_of
from comity_desk.lib.addresses import partner_address, record_address
from comity_desk.lib.errors import NOTHING_HERE, NotFound
from comity_desk.lib.language import lang, words
from comity_desk.lib.pages import page

BLUES = ("#dbe7f5", "#b9d2ee", "#8bb4e0", "#5690cb", "#2a69ac", "#0b3d91")
UNKNOWN = "#e7eaee"
RADIUS, LISTED = 4.0, 25
Scores = dict[str, list[float | None]]


@require_GET
@for_holders_of("board.read")
def map_page(request: HttpRequest) -> HttpResponse:
    """The map."""
    what = shown(request, "map")
    more = _years(request, snapshot_of(request), what)
    if getattr(request, "htmx", False) and request.GET.get("year"):
        return page(request, "boards/map_year.html", more)
    return board_page(request, what, "boards/map.html", more)


def _years(request: HttpRequest, snapshot: Snapshot, what: Shown) -> dict[str, Any]:
    """What the page tells of the year chosen."""
    years, scores = _told(snapshot, what)
    if not years:
        return {"years": []}
    year = _year(request, years)
    at, key = years.index(year), what.result.key if what.result is not None else ""
    rows = sorted(((row[at], code) for code, row in scores.items() if row[at] is not None), key=lambda pair: (-(pair[0] or 0), pair[1]))
    return {
        "years": years,
        "year": year,
        "atlas": snapshot.remembered(("atlas", key, at, lang()), lambda: drawing(snapshot, scores, at, _sites(snapshot, what) if year == years[-1] else [])),
        "rows": [_row(snapshot, code, score, scores[code][at - 1] if at else None) for score, code in rows[:LISTED]],
        "count": len(rows),
        "shades": list(enumerate(NAMES)),
    }


def _told(snapshot: Snapshot, what: Shown) -> tuple[list[int], Scores]:
    data = data_of(snapshot, what.result)
    return data.get("years", []), data.get("scores", {})


def _year(request: HttpRequest, years: list[int]) -> int:
    text = request.GET.get("year", "")
    if not text:
        return years[-1]
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise NotFound(NOTHING_HERE)
    return min(max(int(text), years[0]), years[-1])


def _row(snapshot: Snapshot, code: str, score: float | None, before: float | None) -> dict[str, Any]:
    change = None if score is None or before is None else score - before
    return {"name": name_of(snapshot, code), "address": partner_address(code), "score": score, "change": change}


def home_point(snapshot: Snapshot) -> tuple[float, float]:
    """Where home is on the globe."""
    return points().get(snapshot.home, (0.0, 0.0))


def _sites(snapshot: Snapshot, what: Shown) -> list[dict[str, str]]:
    """Where forces serve on the day of the board."""
    told: list[dict[str, str]] = data_of(snapshot, what.result).get("sites", [])
    return told


def drawing(snapshot: Snapshot, scores: Scores, at: int, sites: list[dict[str, str]]) -> Markup:
    """The map inside a page: shades by class, so that they follow the theme; states with a tie and places of forces are links."""
    drawn = atlas(home_point(snapshot))
    grey = Markup("").join(Markup('<path d="{}"/>').format(path) for code, path in drawn.paths.items() if code not in scores and code != snapshot.home)
    own = Markup('<path class="home" d="{}"><title>{}</title></path>').format(drawn.paths.get(snapshot.home, ""), words(name_of(snapshot, snapshot.home)))
    linked = Markup("").join(_linked(snapshot, drawn, code, row, at) for code, row in scores.items())
    marks = Markup("").join(_site(snapshot, drawn, one) for one in sites)
    label = words(_LABEL)
    return Markup('<svg class="atlas" role="group" aria-label="{}" viewBox="0 0 {:.0f} {:.0f}"><g class="none">{}</g>{}{}{}</svg>').format(
        label, WIDTH, drawn.height, grey, own, linked, marks
    )


def _site(snapshot: Snapshot, drawn: Atlas, site: dict[str, str]) -> Markup:
    """A triangle where forces serve."""
    if site["state"] not in drawn.places or not snapshot.has_record(site["ref"]):
        return Markup("")
    x, y = drawn.places[site["state"]]
    told = f"{snapshot.record(site['ref']).title(lang())} ({words(name_of(snapshot, site['state']))})"
    return Markup('<a href="{}" class="site" aria-label="{}"><title>{}</title><path d="M{} {}l5 9h-10z"/></a>').format(
        record_address(site["ref"]), told, told, x, y - 5
    )


def _linked(snapshot: Snapshot, drawn: Atlas, code: str, row: list[float | None], at: int) -> Markup:
    shape = _shape(drawn, code)
    if not shape:
        return Markup("")
    told, level = levels(row), levels(row)[at]
    name = words(name_of(snapshot, code))
    shown_score = words(_NO_TIE) if row[at] is None else f"{row[at]:.0f}"
    values = ",".join("" if score is None else f"{score:.0f}" for score in row)
    return Markup('<a href="{}" class="t{}" data-levels="{}" data-values="{}" data-name="{}" aria-label="{}: {}"><title>{}: {}</title>{}</a>').format(
        partner_address(code), "n" if level == "-" else level, told, values, name, name, shown_score, name, shown_score, shape
    )


def _shape(drawn: Atlas, code: str) -> Markup:
    """The outline, or a circle where it is too small to see."""
    outline = Markup('<path d="{}"/>').format(drawn.paths[code]) if code in drawn.paths else Markup("")
    if code not in drawn.circles:
        return outline
    x, y = drawn.circles[code]
    return outline + Markup('<circle cx="{}" cy="{}" r="{}"/>').format(x, y, RADIUS)


@require_GET
@for_holders_of("board.read")
def map_file(request: HttpRequest, form: str) -> HttpResponse:
    """The map of a year as a drawing, or the ties of all years as rows."""
    what, snapshot = shown(request, "map"), snapshot_of(request)
    years, scores = _told(snapshot, what)
    if not years or what.result is None:
        raise NotFound(NOTHING_HERE)
    year = _year(request, years)
    if form == "csv":
        rows: list[list[Any]] = [["partner", *years], *([code, *("" if one is None else one for one in row)] for code, row in scores.items())]
        content: str | bytes = csv_text(rows)
    else:
        text = file_of_year(snapshot, scores, years.index(year), f"{words(_LABEL)}, {year} · {what.result.snapshot[:12]}")
        content = rastered(text, PNG_SCALE) if form == "png" else text
    response = HttpResponse(content, content_type=MEDIA[form])
    response.headers["Content-Disposition"] = f'attachment; filename="map-{year}-{what.result.snapshot[:12]}.{form}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def file_of_year(snapshot: Snapshot, scores: Scores, at: int, title: str) -> str:
    """The map as a file that stands alone."""
    drawn = atlas(home_point(snapshot))
    body = "".join(f'<path d="{path}" fill="{_fill(snapshot, scores, code, at)}"/>' for code, path in drawn.paths.items())
    dots = "".join(
        f'<circle cx="{x}" cy="{y}" r="{RADIUS}" fill="{_fill(snapshot, scores, code, at)}" stroke="#4a5560"/>'
        for code, (x, y) in drawn.circles.items()
        if code in scores and scores[code][at] is not None
    )
    key = "".join(
        f'<rect x="{10 + 88 * n}" y="{drawn.height + 44:.0f}" width="12" height="12" fill="{colour}"/><text x="{27 + 88 * n}" y="{drawn.height + 54:.0f}">{escape(NAMES[n])}</text>'
        for n, colour in enumerate(BLUES)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH:.0f}" height="{drawn.height + 66:.0f}" viewBox="0 0 {WIDTH:.0f} {drawn.height + 66:.0f}" font-family="NanumGothic, sans-serif" font-size="12" fill="#1a1d21">'
        f'<rect width="{WIDTH:.0f}" height="{drawn.height + 66:.0f}" fill="#ffffff"/><text x="10" y="20" font-size="15" font-weight="700">{escape(title)}</text>'
        f'<g transform="translate(0 30)" stroke="#ffffff" stroke-width="0.5">{body}{dots}</g>{key}</svg>'
    )


def _fill(snapshot: Snapshot, scores: Scores, code: str, at: int) -> str:
    if code == snapshot.home:
        return "#E69F00"
    score = scores[code][at] if code in scores else None
    return UNKNOWN if score is None else BLUES[sum(score >= limit for limit in LIMITS)]


_LABEL = Text("Strength of ties by state", "국가별 유대 강도")
_NO_TIE = Text("no record", "기록 없음")
