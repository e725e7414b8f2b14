"""How it evolved: yearly counts by mechanism as small multiples, with eras behind and uncovered years hatched grey."""

from __future__ import annotations

from typing import Any

from comity.report.charts.common import Values, field, framed, palette_scale, tips, years_axis
from comity.report.palette import MECHANISM, UNKNOWN
from comity.vocab.text import Lang


def small_multiples(rows: Values, labels: dict[str, str], lang: Lang, *, first: int, last: int) -> dict[str, Any]:
    """Bars a year for each mechanism; rows: mechanism (label), year, count, covered (label)."""
    ko = lang == "ko"
    x = field("year", "q", axis=years_axis(lang, tickCount=8), scale={"domain": [first - 0.5, last + 0.5], "nice": False})
    tip = tips(
        ("mechanism", "수단" if ko else "Mechanism"),
        ("year", "연도" if ko else "Year"),
        ("count", "건수" if ko else "Count"),
        ("covered", "수록" if ko else "Coverage"),
    )
    colour = field("mechanism", "n", scale=palette_scale(MECHANISM, labels), legend=None)
    bar = {
        "mark": {"type": "bar", "width": round(720 / (last - first + 1) - 1.6, 2)},
        "encoding": {
            "x": x,
            "y": field("count", "q", axis={"tickCount": 3, "title": None}),
            "color": colour,
            "opacity": {"condition": {"test": "datum.full", "value": 1}, "value": 0.38},
            "tooltip": tip,
        },
    }
    unknown = {
        "transform": [{"filter": "datum.count === null"}],
        "mark": {"type": "tick", "color": UNKNOWN, "orient": "vertical", "thickness": 3},
        "encoding": {"x": x, "y": {"value": 52}, "tooltip": tip},
    }
    names = [labels[name] for name in MECHANISM if name in labels]
    facet = {"row": field("mechanism", "n", sort=names, header={"labelAngle": 0, "labelAlign": "left", "labelOrient": "top", "labelPadding": 2, "title": None})}
    return framed(
        {"facet": facet, "spec": {"width": 720, "height": 56, "layer": [bar, unknown]}, "resolve": {"scale": {"y": "independent"}}, "spacing": 6},
        rows,
        autosize={"type": "pad"},
        width=None,
    )


def era_bands(counts: Values, eras: Values, lang: Lang) -> dict[str, Any]:
    """Counts a year and what the rate of the era makes expect; dates of change with their uncertainty shaded. Counts: year, count, fitted, last; eras: change_low, change_high."""
    ko = lang == "ko"
    x = field("year", "q", axis=years_axis(lang), scale={"nice": False, "zero": False})
    counted = "연간 건수(수록 계열)" if ko else "Acts a year (covered series)"
    points = {
        "mark": {"type": "bar", "color": "#c6d3ea", "width": 6},
        "encoding": {
            "x": x,
            "y": field("count", "q", counted),
            "tooltip": tips(("year", "연도" if ko else "Year"), ("count", "건수" if ko else "Count")),
        },
    }
    shade = {
        "data": {"values": [era for era in eras if era.get("change_low")]},
        "mark": {"type": "rect", "color": "#E69F00", "opacity": 0.22},
        "encoding": {"x": field("change_low", "q"), "x2": {"field": "change_high"}},
    }
    fitted = "시기 비율에 따른 기대 건수" if ko else "Expected at the era's rate"
    line = {
        "mark": {"type": "line", "color": "#0b3d91", "strokeWidth": 2.5, "interpolate": "step"},
        "encoding": {"x": x, "y": field("fitted", "q", counted), "tooltip": tips(("year", "연도" if ko else "Year"), ("fitted", fitted))},
    }
    name = {
        "transform": [{"filter": "datum.last"}],
        "mark": {"type": "text", "align": "right", "dy": -10, "color": "#0b3d91", "fontSize": 11},
        "encoding": {"x": x, "y": field("fitted", "q", counted), "text": {"value": fitted}},
    }
    return framed({"layer": [shade, points, line, name]}, counts, height=240)
