"""How it evolved: yearly counts by mechanism as small multiples, with eras behind and uncovered years hatched grey."""

from __future__ import annotations

from typing import Any

from comity.report.charts.common import Values, field, framed, palette_scale, tips, years_axis
from comity.report.palette import MECHANISM, SOFT, UNKNOWN
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
    """Counts a year with each era's rate as a step and its interval as a band; dates of change with their uncertainty shaded."""
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
    steps = {
        "data": {"values": eras},
        "mark": {"type": "rule", "color": "#0b3d91", "strokeWidth": 3},
        "encoding": {
            "x": field("from", "q"),
            "x2": {"field": "to"},
            "y": field("rate", "q", counted),
            "tooltip": tips(("label", "시기" if ko else "Era"), ("rate_shown", "연평균" if ko else "Rate a year")),
        },
    }
    names = {
        "data": {"values": eras},
        "mark": {"type": "text", "align": "left", "dy": -8, "dx": 3, "color": SOFT, "fontSize": 11},
        "encoding": {"x": field("from", "q"), "y": field("rate", "q", counted), "text": {"field": "rate_shown"}},
    }
    return framed({"layer": [shade, points, steps, names]}, counts, height=240)
