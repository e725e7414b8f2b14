"""Agreements as lanes by partner, and technology as flows by decade."""

from __future__ import annotations

from typing import Any

from comity.report.charts.common import Values, field, framed, tips
from comity.report.palette import CONFLICT, MECHANISM
from comity.vocab.text import Lang


def lanes(rows: Values, partners: list[str], lang: Lang) -> dict[str, Any]:
    """A bar for each agreement in its partner's lane. Rows: partner, lane, from, to, type, state, title, when, standing, notice, ref."""
    ko = lang == "ko"
    x = field("from", "t", None, axis={"format": "%Y"})
    y = field("lane", "o", None, axis=None)
    tip = tips(
        ("title", "협정" if ko else "Agreement"), ("type", "유형" if ko else "Type"), ("state", "상태" if ko else "State"), ("when", "기간" if ko else "Span")
    )
    colour = {"condition": {"test": "datum.standing", "value": MECHANISM["agreements"]}, "value": "#a9b4c0"}
    bar = {"mark": {"type": "bar", "height": 5, "cursor": "pointer"}, "encoding": {"x": x, "x2": {"field": "to"}, "y": y, "color": colour, "tooltip": tip}}
    mark = {
        "transform": [{"filter": "isValid(datum.notice)"}],
        "mark": {"type": "point", "shape": "diamond", "filled": True, "size": 60, "color": CONFLICT},
        "encoding": {
            "x": field("notice", "t"),
            "y": y,
            "tooltip": tips(("title", "협정" if ko else "Agreement"), ("notice_shown", "통보 기한" if ko else "Notice day")),
        },
    }
    facet = {
        "row": field(
            "partner",
            "n",
            sort=partners,
            header={"labelAngle": 0, "labelAlign": "left", "labelOrient": "left", "labelAnchor": "middle", "title": None, "labelLimit": 110},
        )
    }
    return framed(
        {"facet": facet, "spec": {"width": 780, "height": {"step": 7}, "layer": [bar, mark]}, "resolve": {"scale": {"y": "independent"}}, "spacing": 5},
        rows,
        autosize={"type": "pad"},
        width=None,
    )


def flows(rows: Values, lang: Lang) -> dict[str, Any]:
    """Transfers out (right) and in (left) by decade and partner. Rows: decade, direction (label), partner, count, signed, rank."""
    ko = lang == "ko"
    enc = {
        "y": field("decade", "o", None),
        "x": field("signed", "q", "◀ 도입 · 건수 · 수출 ▶" if ko else "◀ in · contracts · out ▶", axis={"labelExpr": "abs(datum.value)"}),
        "color": field("direction", "n", None, legend={"orient": "top"}, scale={"range": ["#0072B2", "#CC79A7"]}),
        "detail": {"field": "partner"},
        "tooltip": tips(
            ("decade", "연대" if ko else "Decade"),
            ("direction", "방향" if ko else "Direction"),
            ("partner", "상대국" if ko else "Partner"),
            ("count", "건수" if ko else "Contracts"),
        ),
    }
    return framed({"mark": {"type": "bar", "stroke": "white", "strokeWidth": 1}, "encoding": enc}, rows, height={"step": 30})
