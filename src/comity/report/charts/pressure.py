"""What presses: provocations by class on one time axis, opinion points, the balance between blocs, strengths abroad."""

from __future__ import annotations

from typing import Any

from comity.report.charts.common import Values, field, framed, tips, years_axis
from comity.report.palette import BLOC, CLASS, INK
from comity.vocab.text import Lang


def provocation_strips(rows: Values, labels: dict[str, str], lang: Lang) -> dict[str, Any]:
    """A tick for each act, a strip for each class. Rows: day, class (label), title, number, ref."""
    ko = lang == "ko"
    order = [labels[name] for name in CLASS if name in labels]
    enc = {
        "x": field("day", "t", None, axis={"format": "%Y"}),
        "y": field("class", "n", None, sort=order, axis={"labelLimit": 180, "ticks": False}),
        "color": field("class", "n", scale={"domain": order, "range": [CLASS[name] for name in CLASS if name in labels]}, legend=None),
        "tooltip": tips(("when", "날짜" if ko else "Day"), ("class", "부류" if ko else "Class"), ("title", "내용" if ko else "What")),
    }
    return framed({"mark": {"type": "tick", "thickness": 1.6, "opacity": 0.75, "cursor": "pointer"}, "encoding": enc}, rows, height={"step": 38})


def provocation_years(rows: Values, labels: dict[str, str], lang: Lang) -> dict[str, Any]:
    """Acts a year by class, stacked. Rows: year, class (label), count."""
    ko = lang == "ko"
    order = [labels[name] for name in CLASS if name in labels]
    enc = {
        "x": field("year", "o", None, axis={"labelOverlap": True}),
        "y": field("count", "q", "연간 건수" if ko else "Acts a year"),
        "color": field(
            "class", "n", None, scale={"domain": order, "range": [CLASS[name] for name in CLASS if name in labels]}, legend={"columns": 3, "labelLimit": 240}
        ),
        "tooltip": tips(("year", "연도" if ko else "Year"), ("class", "부류" if ko else "Class"), ("count", "건수" if ko else "Acts")),
    }
    return framed({"mark": "bar", "encoding": enc}, rows, height=200)


def poll_points(rows: Values, lang: Lang) -> dict[str, Any]:
    """A point and its interval for each poll, a panel for each question. Rows: day, share, low, high, house, question, answer."""
    ko = lang == "ko"
    x = field("day", "t", None, axis={"format": "%Y", "tickCount": 6})
    tip = tips(
        ("question", "문항" if ko else "Question"),
        ("answer", "응답" if ko else "Answer"),
        ("house", "조사 기관" if ko else "House"),
        ("when", "시기" if ko else "Fielded"),
        ("shown", "비율" if ko else "Share"),
    )
    rule = {
        "mark": {"type": "rule", "color": "#9db4dd", "strokeWidth": 2},
        "encoding": {"x": x, "y": field("low", "q", "%", scale={"domain": [0, 100]}), "y2": {"field": "high"}},
    }
    dot = {
        "mark": {"type": "point", "filled": True, "size": 46, "color": "#0b3d91", "cursor": "pointer"},
        "encoding": {"x": x, "y": field("share", "q", "%"), "shape": field("house", "n", None, legend=None), "tooltip": tip},
    }
    facet = {"facet": field("topic", "n", None, header={"labelLimit": 260}), "columns": 3, "spec": {"width": 205, "height": 120, "layer": [rule, dot]}}
    return framed(facet, rows, autosize={"type": "pad"}, width=None)


def balance_lines(rows: Values, labels: dict[str, str], marks: Values, lang: Lang) -> dict[str, Any]:
    """A line with its band for each bloc, own moves and others' as ticks. Rows: day, bloc (label), score, low, high; marks: day, title."""
    ko = lang == "ko"
    x = field("day", "t", None, axis={"format": "%Y"})
    order = [labels[name] for name in BLOC if name in labels]
    colour = field("bloc", "n", None, scale={"domain": order, "range": [BLOC[name] for name in BLOC if name in labels]}, legend=None)
    tied = "유대 강도" if ko else "Tie strength"
    band = {
        "mark": {"type": "area", "opacity": 0.18},
        "encoding": {"x": x, "y": field("low", "q", tied), "y2": {"field": "high"}, "color": colour},
    }
    line = {
        "mark": {"type": "line", "strokeWidth": 2.4},
        "encoding": {
            "x": x,
            "y": field("score", "q", tied),
            "color": colour,
            "strokeDash": field("bloc", "n", legend=None, sort=order),
            "tooltip": tips(("when", "시점" if ko else "Day"), ("bloc", "진영" if ko else "Bloc"), ("shown", "강도" if ko else "Strength")),
        },
    }
    last = {
        "transform": [{"filter": "datum.last"}],
        "mark": {"type": "text", "align": "right", "dy": -10, "fontWeight": "bold"},
        "encoding": {"x": x, "y": field("score", "q", tied), "text": {"field": "bloc"}, "color": colour},
    }
    tick = {
        "data": {"values": marks},
        "mark": {"type": "rule", "color": INK, "strokeDash": [2, 3], "opacity": 0.55},
        "encoding": {"x": field("day", "t", None), "tooltip": tips(("when", "날짜" if ko else "Day"), ("title", "사건" if ko else "Event"))},
    }
    return framed({"layer": [tick, band, line, last]}, rows, height=260)


def strength_areas(rows: Values, order: list[str], lang: Lang) -> dict[str, Any]:
    """Persons abroad by mission over time. Rows: year, mission, persons, when."""
    ko = lang == "ko"
    enc = {
        "x": field("year", "q", None, axis=years_axis(lang), scale={"nice": False, "zero": False, "padding": 12}),
        "y": field("persons", "q", "인원" if ko else "Persons", stack="zero"),
        "color": field("mission", "n", None, sort=order, scale={"domain": order, "scheme": "tableau10"}, legend={"columns": 4, "labelLimit": 200}),
        "tooltip": tips(("mission", "부대" if ko else "Mission"), ("year", "연도" if ko else "Year"), ("persons", "인원" if ko else "Persons")),
    }
    return framed({"mark": {"type": "bar", "width": 14}, "encoding": enc}, rows, height=220)
