"""Exercises on a strip of year by day: rhythm, shifts and gaps at once."""

from __future__ import annotations

from typing import Any

from comity.report.charts.common import Values, field, framed, month_names, tips
from comity.report.palette import CONFLICT, MECHANISM
from comity.vocab.text import Lang

MONTH_STARTS = [1, 32, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335]


def year_strip(rows: Values, lang: Lang, *, series: list[str]) -> dict[str, Any]:
    """One bar an edition: row = year, length = days, colour = series; cut ones are hollow. Rows: year, from, to, series, state, title, when, ref, held."""
    ko = lang == "ko"
    colours = ["#E69F00", "#0072B2", "#009E73", "#CC79A7", "#56B4E9", "#8c6d1f", "#555d66"]
    label = "+".join(f"(datum.value=={start} ? '{name}' : '')" for start, name in zip(MONTH_STARTS, month_names(lang), strict=True))
    x = field(
        "from", "q", None, scale={"domain": [1, 374], "nice": False}, axis={"values": MONTH_STARTS, "labelExpr": label, "labelAlign": "left", "title": None}
    )
    y = field("year", "o", None, sort="descending", axis={"labelOverlap": True})
    tip = tips(("title", "연습" if ko else "Exercise"), ("when", "기간" if ko else "Days"), ("state", "상태" if ko else "State"))
    colour = field(
        "series", "n", None, scale={"domain": series, "range": colours[: len(series)]}, legend={"columns": 3, "labelLimit": 260, "symbolType": "square"}
    )
    bar = {
        "transform": [{"filter": "datum.held"}],
        "mark": {"type": "bar", "height": {"band": 0.72}, "cornerRadius": 1, "cursor": "pointer"},
        "encoding": {"x": x, "x2": {"field": "to"}, "y": y, "color": colour, "tooltip": tip},
    }
    cut = {
        "transform": [{"filter": "!datum.held"}],
        "mark": {"type": "bar", "height": {"band": 0.62}, "fillOpacity": 0, "stroke": CONFLICT, "strokeWidth": 1.4, "strokeDash": [3, 2], "cursor": "pointer"},
        "encoding": {"x": x, "x2": {"field": "to"}, "y": y, "tooltip": tip},
    }
    return framed({"layer": [bar, cut]}, rows, height={"step": 13})


def conduct_bars(rows: Values, lang: Lang) -> dict[str, Any]:
    """Editions a year by what became of them. Rows: year, state (label), count, order."""
    ko = lang == "ko"
    states = sorted({(row["order"], row["state"], row["colour"]) for row in rows})
    colour = field("state", "n", None, scale={"domain": [state for _, state, _ in states], "range": [tone for _, _, tone in states]})
    enc = {
        "x": field("year", "o", None, axis={"labelOverlap": True}),
        "y": field("count", "q", "회차 수" if ko else "Editions"),
        "color": colour,
        "order": {"field": "order"},
        "tooltip": tips(("year", "연도" if ko else "Year"), ("state", "상태" if ko else "State"), ("count", "회차" if ko else "Editions")),
    }
    return framed({"mark": {"type": "bar", "color": MECHANISM["exercises"]}, "encoding": enc}, rows, height=180)
