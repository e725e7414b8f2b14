"""What the public said: polls as points by house, a pooled line with its bands, and points of questions that cannot be pooled."""

from __future__ import annotations

from typing import Any

from comity.report.charts.common import Values, field, framed, tips
from comity.report.palette import ACCENT, INK, SOFT
from comity.vocab.text import Lang

ANSWERS = [ACCENT, "#8a4b00", "#4b2e83", SOFT]  # none of them the colour of a mechanism or of conflict
SHAPES = ["circle", "square", "diamond", "triangle-up", "cross", "triangle-down"]
MONTHS_UP_TO = 4  # years
SHARES = {"domain": [0, 100]}


def pooled_opinion(path: Values, polls: Values, events: Values, answers: list[str], houses: list[str], lang: Lang) -> dict[str, Any]:
    """A line with 80 and 95 % bands for each answer, polls as points by house, events as ticks along the foot.

    Rows of `path`: day, answer, support, low80, high80, low95, high95, carried (after the last poll), last (the day that carries the label), when, shown; of `polls`: day,
    from, to (the span in which its day lies), answer, house, share, low, high, assumed (no stated sample), when, shown, ref; of `events`: day, title,
    when, ref. Points of polls without a stated sample are open; a flat line through a point spans the days on which it may have been taken.
    """
    ko = lang == "ko"
    x = field("day", "t", None, axis={"format": _date_format(path), "labelOverlap": True, "tickCount": 8})
    colour = field("answer", "n", scale={"domain": answers, "range": ANSWERS[: len(answers)]}, legend=None)
    y = field("support", "q", "%", scale=SHARES)
    bands = [
        {"mark": {"type": "area", "opacity": opacity}, "encoding": {"x": x, "y": field(low, "q", "%", scale=SHARES), "y2": {"field": high}, "color": colour}}
        for low, high, opacity in (("low95", "high95", 0.14), ("low80", "high80", 0.2))
    ]
    tip = tips(("when", "시점" if ko else "Day"), ("answer", "응답" if ko else "Answer"), ("shown", "통합 비율(95 %)" if ko else "Pooled (95 %)"))
    lines = [
        {
            "transform": [{"filter": f"datum.carried == {str(carried).lower()}"}],
            "mark": {"type": "line", "strokeWidth": 2.2, "strokeDash": dash},
            "encoding": {"x": x, "y": y, "color": colour, "tooltip": tip},
        }
        for carried, dash in ((False, [1, 0]), (True, [3, 3]))
    ]
    name = {
        "transform": [{"filter": "datum.last"}],
        "mark": {"type": "text", "align": "right", "dx": -3, "dy": -9, "fontWeight": "bold"},
        "encoding": {"x": x, "y": y, "text": {"field": "answer"}, "color": colour},
    }
    return framed({"layer": [_ticks(events, lang), *bands, *lines, *_points(polls, houses, colour, lang), name]}, path, height=300)


def _date_format(path: Values) -> str:
    """Months while the path is short, else years."""
    days = [row["day"] for row in path] or ["0000"]
    return "%Y" if int(max(days)[:4]) - int(min(days)[:4]) > MONTHS_UP_TO else "%Y-%m"


def _ticks(events: Values, lang: Lang) -> dict[str, Any]:
    """Short ticks along the foot."""
    ko = lang == "ko"
    return {
        "data": {"values": events},
        "mark": {"type": "tick", "orient": "vertical", "color": INK, "thickness": 2, "size": 14, "opacity": 0.7, "cursor": "pointer"},
        "encoding": {
            "x": field("day", "t", None),
            "y": {"value": 292},
            "tooltip": tips(("when", "날짜" if ko else "Day"), ("title", "사건" if ko else "Event")),
        },
    }


def _points(polls: Values, houses: list[str], colour: dict[str, Any], lang: Lang) -> list[dict[str, Any]]:
    """Intervals, spans and points of polls."""
    ko = lang == "ko"
    data = {"values": polls}
    x, y = field("day", "t", None), field("share", "q", "%", scale=SHARES)
    tip = tips(
        ("house", "조사 기관" if ko else "House"),
        ("answer", "응답" if ko else "Answer"),
        ("when", "시기" if ko else "Fielded"),
        ("shown", "비율" if ko else "Share"),
        ("sample", "표본" if ko else "Sample"),
    )
    shape = field(
        "house",
        "n",
        None,
        scale={"domain": houses, "range": SHAPES[: len(houses)]},
        legend={"labelLimit": 240, "columns": 2, "symbolFillColor": SOFT, "symbolStrokeColor": SOFT},
    )
    width = {"mark": {"type": "rule", "strokeWidth": 1.2, "opacity": 0.7}, "data": data}
    interval = width | {"encoding": {"x": x, "y": field("low", "q", "%", scale=SHARES), "y2": {"field": "high"}, "color": colour}}
    span = width | {"encoding": {"x": field("from", "t", None), "x2": {"field": "to"}, "y": y, "color": colour}}
    dots = [
        {
            "transform": [{"filter": f"datum.assumed == {str(assumed).lower()}"}],
            "data": data,
            "mark": {"type": "point", "filled": True, "size": 64, "opacity": 1, "strokeWidth": 1.8, "cursor": "pointer"}
            | ({"fill": "#ffffff"} if assumed else {}),
            "encoding": {"x": x, "y": y, "stroke": colour, "shape": shape, "tooltip": tip} | ({} if assumed else {"fill": colour}),
        }
        for assumed in (False, True)
    ]
    return [interval, span, *dots]
