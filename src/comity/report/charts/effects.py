"""Did it work: ratios of specifications with what each could have found, weeks around the start with their placebo band, the whole curve."""

from __future__ import annotations

from typing import Any

from comity.report.charts.common import Values, field, framed, tips
from comity.report.palette import ACCENT, INK, PAPER, SOFT, UNKNOWN
from comity.vocab.text import Lang

RATIOS = [0.1, 0.2, 0.5, 1, 2, 5, 10]
FINE_COLOUR, COARSE_COLOUR = ACCENT, "#E69F00"
WIDE_ENOUGH = {"expr": "width > 430 ? 1 : 0"}  # numbers beside the marks where there is room for them


def _log(low: float, high: float) -> dict[str, Any]:
    return {"type": "log", "domain": [low, high], "clamp": True, "nice": False}


def effect_forest(rows: Values, lang: Lang) -> dict[str, Any]:
    """A ratio with its interval on what could not have been found, by group. Rows: key, head or label, estimate, low, high, unseen_low, unseen_high, shown."""
    ko = lang == "ko"
    title = "비율(로그), 회색: 탐지 불가" if ko else "Ratio (log), grey: not detectable"
    ticks = {"values": RATIOS, "format": "~g"}
    scale = _log(0.1, 30)
    key = {"labelExpr": "split(datum.label, '|')[1]", "labelLimit": 138, "ticks": False, "domain": False, "grid": False}
    y = field("key", "n", None, sort=[row["key"] for row in rows], axis=key)
    x = field("estimate", "q", title, scale=scale, axis=ticks)
    tip = tips(
        ("group", "비교" if ko else "Comparison"),
        ("label", "명세" if ko else "Specification"),
        ("shown", "비율(95 %)" if ko else "Ratio (95 %)"),
        ("mde", "탐지 가능한 최소 비율" if ko else "Smallest detectable"),
        ("p", "p (위약 기간)" if ko else "p (placebo windows)"),
        ("n", "기간 수, 도발" if ko else "Windows, acts"),
    )
    ratio = {"transform": [{"filter": "isValid(datum.estimate)"}]}
    one = {"mark": {"type": "rule", "color": INK, "strokeWidth": 1}, "encoding": {"x": {"datum": 1, "type": "quantitative", "scale": scale, "axis": ticks}}}
    unseen = {"mark": {"type": "bar", "color": UNKNOWN, "opacity": 0.55, "height": 11}, **ratio}
    unseen["encoding"] = {"y": y, "x": field("unseen_low", "q", title, scale=scale, axis=ticks), "x2": {"field": "unseen_high"}, "tooltip": tip}
    span = {"mark": {"type": "rule", "strokeWidth": 2, "color": ACCENT}, **ratio}
    span["encoding"] = {"y": y, "x": field("low", "q", title, scale=scale, axis=ticks), "x2": {"field": "high"}, "tooltip": tip}
    dot = {"mark": {"type": "point", "filled": True, "size": 46, "color": ACCENT, "opacity": 1}, "encoding": {"y": y, "x": x, "tooltip": tip}, **ratio}
    words = {
        "mark": {"type": "text", "align": "right", "fontSize": 11, "color": SOFT, "opacity": WIDE_ENOUGH},
        "encoding": {"y": y, "x": {"value": "width"}, "text": {"field": "shown"}},
        **ratio,
    }
    heads = _heads(y)
    return framed({"layer": [unseen, one, span, dot, words, *heads]}, rows, height={"step": 17})


def _heads(y: dict[str, Any]) -> list[dict[str, Any]]:
    """Headings of groups inside the plot, on a white edge so that lines do not cross the letters."""
    letters = {"type": "text", "align": "left", "fontWeight": "bold", "fontSize": 12}
    shared = {"transform": [{"filter": "isValid(datum.head)"}], "encoding": {"y": y, "x": {"value": 0}, "text": {"field": "head"}}}
    return [{"mark": letters | {"stroke": PAPER, "strokeWidth": 5}, **shared}, {"mark": letters | {"color": INK}, **shared}]


def effect_weeks(rows: Values, lang: Lang, colour: str = "#E69F00") -> dict[str, Any]:
    """Acts over expected acts in each week, on the band of placebo weeks. Rows: week, ratio, low, middle, high, p, acts, outside (bool)."""
    ko = lang == "ko"
    start = "0 = 시작 주" if ko else "0 = week of the start"
    axis = {"values": [-8, -6, -4, -2, 0, 2, 4, 6, 8], "labelExpr": "datum.value > 0 ? '+' + datum.value : '' + datum.value", "grid": False}
    x = field("week", "q", f"{'주' if ko else 'Week'} ({start})", axis=axis, scale={"domain": [-8.5, 8.5], "nice": False})
    named = "도발 / 기대 건수" if ko else "Acts over expected acts"
    scale = {"type": "log", "nice": False, "domain": [0.2, 5], "clamp": True}
    ticks = {"values": [0.2, 0.5, 1, 2, 5], "format": "~g"}
    y = field("ratio", "q", named, scale=scale, axis=ticks)
    tip = tips(
        ("week", "주" if ko else "Week"),
        ("shown", "도발 / 기대 건수" if ko else "Acts over expected"),
        ("band", "위약 95 % 범위" if ko else "Placebo 95 %"),
        ("p", "p"),
    )
    band = {
        "mark": {"type": "area", "color": UNKNOWN, "opacity": 0.6, "interpolate": "step"},
        "encoding": {"x": x, "y": field("low", "q", named, scale=scale, axis=ticks), "y2": {"field": "high"}},
    }
    middle = {
        "mark": {"type": "line", "color": SOFT, "strokeDash": [4, 3], "interpolate": "step"},
        "encoding": {"x": x, "y": field("middle", "q", named, scale=scale, axis=ticks)},
    }
    begin = {"mark": {"type": "rule", "color": INK, "strokeWidth": 1}, "encoding": {"x": {"datum": -0.5, "type": "quantitative"}}}
    line = {"mark": {"type": "line", "color": colour, "strokeWidth": 1.5}, "encoding": {"x": x, "y": y}}
    dot = {
        "mark": {"type": "point", "size": 60, "color": colour, "opacity": 1, "strokeWidth": 2},
        "encoding": {"x": x, "y": y, "fill": {"condition": {"test": "datum.outside", "value": colour}, "value": "white"}, "tooltip": tip},
    }
    told = [{"week": -8.4, "text": "시작 전" if ko else "before"}, {"week": -0.3, "text": "시작 후" if ko else "after the start"}]
    labels = {
        "data": {"values": told},
        "mark": {"type": "text", "align": "left", "color": SOFT, "fontSize": 12, "dy": 8},
        "encoding": {"x": x, "y": {"value": 0}, "text": {"field": "text"}},
    }
    corner = {
        "transform": [{"filter": "datum.week == -8"}],
        "mark": {"type": "text", "align": "left", "color": SOFT, "fontSize": 12, "dy": -9, "dx": 4, "text": "위약 범위" if ko else "placebo weeks"},
        "encoding": {"x": x, "y": field("low", "q", named, scale=scale, axis=ticks)},
    }
    return framed({"layer": [band, middle, begin, line, dot, labels, corner]}, rows, height=240)


def effect_curve(rows: Values, lang: Lang) -> dict[str, Any]:
    """Every ratio of one question from the smallest to the largest, with its interval. Rows: place, estimate, low, high, fine (bool), told (p < 0.05), label."""
    ko = lang == "ko"
    scale = _log(0.1, 10)
    ticks = {"values": RATIOS, "format": "~g"}
    named = "비율(로그 축)" if ko else "Ratio of rates (log)"
    x = field("place", "q", "명세(비율순)" if ko else "Specifications by ratio", axis={"grid": False, "tickCount": 6}, scale={"nice": False, "padding": 6})
    loose, fine = ("느슨한 달력", "촘촘한 달력") if ko else ("loose calendar", "fine calendar")
    colour = field("calendar", "n", None, scale={"domain": [loose, fine], "range": [COARSE_COLOUR, FINE_COLOUR]}, legend={"symbolSize": 80, "symbolOpacity": 1})
    tip = tips(
        ("label", "명세" if ko else "Specification"),
        ("shown", "비율(95 %)" if ko else "Ratio (95 %)"),
        ("mde", "탐지 가능" if ko else "Detectable"),
        ("p", "p"),
    )
    one = {"mark": {"type": "rule", "color": INK}, "encoding": {"y": {"datum": 1, "type": "quantitative", "scale": scale, "axis": ticks}}}
    span = {
        "mark": {"type": "rule", "opacity": 0.28, "strokeWidth": 1.2},
        "encoding": {"x": x, "y": field("low", "q", named, scale=scale, axis=ticks), "y2": {"field": "high"}, "color": colour},
    }
    dot = {
        "mark": {"type": "point", "filled": True, "size": 20, "opacity": 1},
        "encoding": {"x": x, "y": field("estimate", "q", named, scale=scale, axis=ticks), "color": colour, "shape": _shape(loose, fine), "tooltip": tip},
    }
    return framed({"transform": [{"calculate": f"datum.fine ? '{fine}' : '{loose}'", "as": "calendar"}], "layer": [span, one, dot]}, rows, height=270)


def _shape(loose: str, fine: str) -> dict[str, Any]:
    return field("calendar", "n", None, scale={"domain": [loose, fine], "range": ["triangle-up", "circle"]}, legend=None)


def effect_choices(rows: Values, lang: Lang) -> dict[str, Any]:
    """What each choice does: a tick for the ratio of every specification with it, the middle one thick. Rows: key (sorted, `n|label`), head or estimate, middle (bool)."""
    ko = lang == "ko"
    order = list(dict.fromkeys(row["key"] for row in rows))
    axis = {"labelExpr": "split(datum.label, '|')[1]", "labelLimit": 190, "ticks": False, "domain": False, "grid": False}
    y = field("key", "n", None, sort=order, axis=axis)
    scale, ticks = _log(0.1, 10), {"values": RATIOS, "format": "~g"}
    x = field("estimate", "q", "비율(로그 축)" if ko else "Ratio of rates (log)", scale=scale, axis=ticks)
    one = {"mark": {"type": "rule", "color": INK}, "encoding": {"x": {"datum": 1, "type": "quantitative", "scale": scale, "axis": ticks}}}
    each = {
        "transform": [{"filter": "isValid(datum.estimate) && !datum.middle"}],
        "mark": {"type": "tick", "color": ACCENT, "opacity": 0.3, "thickness": 1.5},
        "encoding": {"y": y, "x": x},
    }
    middle = {
        "transform": [{"filter": "datum.middle"}],
        "mark": {"type": "tick", "color": "#D55E00", "thickness": 4},
        "encoding": {"y": y, "x": x, "tooltip": tips(("label", "선택" if ko else "Choice"), ("shown", "중앙값, 명세 수" if ko else "Middle, specifications"))},
    }
    heads = _heads(y)
    return framed({"layer": [each, one, middle, *heads]}, rows, height={"step": 19})
