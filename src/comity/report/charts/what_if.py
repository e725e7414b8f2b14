"""What a changed calendar goes together with: the difference as a small forest, and acts by month with and without it over both calendars."""

from __future__ import annotations

from typing import Any

from comity.report.charts.common import Values, field, framed, tips
from comity.report.palette import ACCENT, INK, MECHANISM, PAPER, SOFT
from comity.vocab.text import Lang

TICKS = [0.3, 1, 3, 10, 30, 100]
SIGNED = "(datum.value > 0 ? '+' : '') + datum.value"  # the typeface has no sign of subtraction but the hyphen
ROOM_RIGHT = 12  # the numbers stand beyond the largest bar, on a compressed scale
WIDE_ENOUGH = {"expr": "width > 430 ? 1 : 0"}  # numbers beside the marks where there is room for them
LANES = {"without": 9, "with": 23}  # pixels from the top of the plot
ROOM = 1.45  # of the largest number of acts: above it stand the calendars


def difference_forest(rows: Values, lang: Lang) -> dict[str, Any]:
    """Differences in acts with their intervals, by scenario. Rows: key, head or label, median, low, high, shown, told, known (bool: the direction)."""
    ko = lang == "ko"
    title = "예상 행위의 차이(건, 눈금 압축)" if ko else "Difference in acts expected (compressed scale)"
    drawn = [row for row in rows if "low" in row]
    left, right = (
        next((tick for tick in TICKS if tick >= abs(end)), TICKS[-1]) for end in (min(row["low"] for row in drawn), max(row["high"] for row in drawn))
    )
    scale = {"type": "symlog", "constant": 0.5, "domain": [-left, right * ROOM_RIGHT], "clamp": True, "nice": False}
    axis = {"values": [*(-tick for tick in TICKS if tick <= left), 0, *(tick for tick in TICKS if tick <= right)], "labelExpr": SIGNED}
    key = {"labelExpr": "split(datum.label, '|')[1]", "labelLimit": 138, "ticks": False, "domain": False, "grid": False}
    y = field("key", "n", None, sort=[row["key"] for row in rows], axis=key)

    def x(name: str) -> dict[str, Any]:
        return field(name, "q", title, scale=scale, axis=axis)

    tip = tips(
        ("group", "시나리오" if ko else "Scenario"), ("label", "부류" if ko else "Class"), ("shown", "중앙값(90 %)" if ko else "Middle (90 %)"), ("told", " ")
    )
    real = {"transform": [{"filter": "isValid(datum.median)"}]}
    none = {"mark": {"type": "rule", "color": INK}, "encoding": {"x": {"datum": 0, "type": "quantitative", "scale": scale, "axis": axis}}}
    span = {"mark": {"type": "rule", "strokeWidth": 2, "color": ACCENT}, "encoding": {"y": y, "x": x("low"), "x2": {"field": "high"}, "tooltip": tip}, **real}
    dot = {
        "mark": {"type": "point", "size": 52, "color": ACCENT, "opacity": 1, "strokeWidth": 2},
        "encoding": {"y": y, "x": x("median"), "fill": {"condition": {"test": "datum.known", "value": ACCENT}, "value": PAPER}, "tooltip": tip},
        **real,
    }
    words = {
        "mark": {"type": "text", "align": "right", "fontSize": 11, "color": SOFT, "opacity": WIDE_ENOUGH},
        "encoding": {"y": y, "x": {"value": "width"}, "text": {"field": "shown"}},
        **real,
    }
    letters = {"type": "text", "align": "left", "fontWeight": "bold", "fontSize": 12}
    head = {"transform": [{"filter": "isValid(datum.head)"}], "encoding": {"y": y, "x": {"value": 0}, "text": {"field": "head"}}}
    heads = [{"mark": letters | {"stroke": PAPER, "strokeWidth": 5}, **head}, {"mark": letters | {"color": INK}, **head}]
    return framed({"layer": [none, span, dot, words, *heads]}, rows, height={"step": 17})


def acts_by_month(months: Values, spans: Values, lang: Lang) -> dict[str, Any]:
    """Acts expected in thirty days, by month, without (dashed) and with the change (full, its interval a band), under both calendars.

    Rows of `months`: day (the middle of the month), without, with, low, high, when, shown; of `spans`: start, end, lane (`without` or `with`), talks
    (bool), colour, title, when, ref.
    """
    ko = lang == "ko"
    most = max([0.1, *(max(row["without"], row["with"], row["high"]) for row in months)])
    scale = {"domain": [0, most * ROOM], "nice": False}
    named = "30일간 예상 행위" if ko else "Acts expected in 30 days"
    x = field("day", "t", None, axis={"format": "%-m월" if ko else "%b", "tickCount": 12, "labelOverlap": True, "grid": False})

    def y(name: str) -> dict[str, Any]:
        return field(name, "q", named, scale=scale, axis={"tickCount": 4})

    tip = tips(
        ("when", "월" if ko else "Month"), ("shown", "변경 없음 → 변경 시" if ko else "Without → with"), ("told", "차이(90 %)" if ko else "Difference (90 %)")
    )
    band = {"mark": {"type": "area", "color": ACCENT, "opacity": 0.16}, "encoding": {"x": x, "y": y("low"), "y2": {"field": "high"}}}
    without = {"mark": {"type": "line", "color": SOFT, "strokeDash": [5, 3], "strokeWidth": 1.6}, "encoding": {"x": x, "y": y("without")}}
    with_ = {"mark": {"type": "line", "color": ACCENT, "strokeWidth": 2}, "encoding": {"x": x, "y": y("with")}}
    dots = {"mark": {"type": "point", "filled": True, "size": 36, "color": ACCENT, "opacity": 1}, "encoding": {"x": x, "y": y("with"), "tooltip": tip}}
    return framed({"layer": [band, without, with_, dots, *_lanes(spans, lang)]}, months, height=190)


def _lanes(spans: Values, lang: Lang) -> list[dict[str, Any]]:
    """Both calendars as two lanes above the lines."""
    ko = lang == "ko"
    tip = tips(("title", "연습·대화" if ko else "Exercise or talks"), ("when", "기간" if ko else "Days"))
    layers: list[dict[str, Any]] = []
    for lane, at in LANES.items():
        held = [span for span in spans if span["lane"] == lane]
        where = {"y": {"value": at}, "color": {"field": "colour", "type": "nominal", "scale": None}, "tooltip": tip, "x": field("start", "t", None)}
        bar = {"type": "rule", "strokeWidth": 8, "cursor": "pointer", "strokeCap": "butt"}
        point = {"type": "point", "shape": "diamond", "filled": True, "size": 80, "opacity": 1, "cursor": "pointer"}
        layers.append({"data": {"values": [span for span in held if not span["talks"]]}, "mark": bar, "encoding": where | {"x2": {"field": "end"}}})
        layers.append({"data": {"values": [span for span in held if span["talks"]]}, "mark": point, "encoding": where})
        words = {"without": "변경 전" if ko else "without", "with": "변경 후" if ko else "with"}[lane]
        colour = SOFT if lane == "without" else ACCENT
        label = {"type": "text", "align": "left", "fontSize": 11, "color": colour, "text": words}
        layers.append({"data": {"values": [{}]}, "mark": label, "encoding": {"x": {"value": 3}, "y": {"value": at}}})
    return layers


COLOURS = {"main": MECHANISM["exercises"], "other": "#f3cf85", "talks": MECHANISM["dialogues"]}
