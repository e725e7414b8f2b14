"""What comes next and how good such forecasts were: probabilities beside the long run, a fan of acts, scores by model, calibration, the threat axis."""

from __future__ import annotations

from typing import Any

from comity.report.charts.common import Values, field, framed, tips
from comity.report.palette import ACCENT, CLASS, CONFLICT, INK, MECHANISM, SOFT
from comity.vocab.text import Lang

BAND = "#b9c9e8"
PER_CENT = {"format": "~%"}


def forecast_dots(rows: Values, lang: Lang) -> dict[str, Any]:
    """A dot for each class's probability, its interval, and a tick for the long run; a place in the row for each horizon. Rows: class, panel, probability, low, high, usual, shown, span."""
    ko = lang == "ko"
    order = list(dict.fromkeys(row["class"] for row in rows))
    scale = {"domain": [0, 1]}
    y = field("class", "n", None, sort=order, axis={"labelLimit": 170, "ticks": False, "domain": False})
    title = "확률(5–95 %), 세로선은 장기 평균" if ko else "Probability (5–95 %); tick: long run"
    x = field("probability", "q", title, scale=scale, axis=PER_CENT)
    tip = tips(
        ("class", "부류" if ko else "Class"),
        ("shown", "확률" if ko else "Probability"),
        ("span", "구간" if ko else "Interval"),
        ("long", "장기 평균" if ko else "Long run"),
    )
    offset, shape = _panels(rows)
    bar = {
        "mark": {"type": "rule", "strokeWidth": 5, "color": BAND, "strokeCap": "round"},
        "encoding": {"y": y, "yOffset": offset, "x": field("low", "q", title, scale=scale, axis=PER_CENT), "x2": {"field": "high"}, "tooltip": tip},
    }
    usual = {
        "mark": {"type": "tick", "thickness": 2.5, "size": 13, "color": CONFLICT},
        "encoding": {"y": y, "yOffset": offset, "x": field("usual", "q", title, scale=scale, axis=PER_CENT), "tooltip": tip},
    }
    dot = {
        "mark": {"type": "point", "filled": True, "size": 70, "color": ACCENT, "opacity": 1},
        "encoding": {"y": y, "yOffset": offset, "x": x, "shape": shape, "tooltip": tip},
    }
    return framed({"layer": [bar, usual, dot]}, rows, height={"step": 19, "for": "offset"})


def _panels(rows: Values) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two places within a row, one a horizon, and the mark of each with its legend."""
    order = list(dict.fromkeys(row["panel"] for row in rows))
    shapes = {"domain": order, "range": ["circle", "diamond"][: len(order)]}
    return field("panel", "n", sort=order, scale={"domain": order, "paddingInner": 0.1}), field("panel", "n", None, sort=order, scale=shapes)


def forecast_fan(rows: Values, lang: Lang) -> dict[str, Any]:
    """Acts from today on: the middle future and bands of half and nine tenths of them. Rows: day, q5, q25, q50, q75, q95, expected."""
    ko = lang == "ko"
    x = field("day", "t", None, axis={"format": "%Y-%m-%d", "tickCount": 4, "labelOverlap": True})
    named = "누적 도발 건수" if ko else "Acts so far"
    layers: list[dict[str, Any]] = [
        {"mark": {"type": "area", "color": CONFLICT, "opacity": opacity, "interpolate": "step-after"}, "encoding": {"x": x, "y": field(low, "q", named), "y2": {"field": high}}}
        for low, high, opacity in (("q5", "q95", 0.18), ("q25", "q75", 0.3))
    ]  # fmt: skip
    line = {"mark": {"type": "line", "color": CONFLICT, "strokeWidth": 2.4, "interpolate": "step-after"}, "encoding": {"x": x, "y": field("q50", "q", named)}}
    mean = {"mark": {"type": "line", "color": INK, "strokeDash": [4, 3], "strokeWidth": 1.4}, "encoding": {"x": x, "y": field("expected", "q", named)}}
    over = {
        "mark": {"type": "rule", "opacity": 0},
        "encoding": {
            "x": x,
            "tooltip": tips(("when", "날짜" if ko else "Day"), ("q50", "중앙값" if ko else "Middle"), ("half", "50 %"), ("most", "90 %"), ("mean", "평균" if ko else "Mean")),
        },
    }  # fmt: skip
    return framed({"layer": [*layers, mean, line, over]}, rows, height=220)


def score_dots(rows: Values, lang: Lang) -> dict[str, Any]:
    """Brier scores by model with their intervals, a place in the row for each horizon. Rows: model, panel, score, low, high, ours, shown, difference."""
    ko = lang == "ko"
    order = list(dict.fromkeys(row["model"] for row in sorted(rows, key=lambda row: row["score"])))
    scale = {"zero": False}
    title = "브라이어 점수(작을수록 좋음), 95 % 구간" if ko else "Brier score (lower is better), 95 %"
    y = field("model", "n", None, sort=order, axis={"labelLimit": 200, "ticks": False, "domain": False})
    tip = tips(
        ("model", "모형" if ko else "Model"),
        ("shown", "점수" if ko else "Score"),
        ("difference", "결합 모형과의 차이" if ko else "Difference to the pool"),
    )
    colour = {"condition": {"test": "datum.ours", "value": ACCENT}, "value": SOFT}
    offset, shape = _panels(rows)
    bar = {
        "mark": {"type": "rule", "strokeWidth": 2},
        "encoding": {"y": y, "yOffset": offset, "x": field("low", "q", title, scale=scale), "x2": {"field": "high"}, "color": colour, "tooltip": tip},
    }
    dot = {
        "mark": {"type": "point", "filled": True, "size": 70, "opacity": 1},
        "encoding": {"y": y, "yOffset": offset, "x": field("score", "q", title, scale=scale), "color": colour, "shape": shape, "tooltip": tip},
    }
    return framed({"layer": [bar, dot]}, rows, height={"step": 15, "for": "offset"})


def reliability_points(rows: Values, lang: Lang) -> dict[str, Any]:
    """What was forecast against what came, in steps of ten points. Rows: forecast, observed, low, high, n, shown."""
    ko = lang == "ko"
    scale = {"domain": [0, 1]}
    x = field("forecast", "q", "예측 확률" if ko else "Forecast probability", scale=scale, axis=PER_CENT)
    named = "실제 발생 비율" if ko else "Share that came"
    tip = tips(("shown", "예측" if ko else "Forecast"), ("came", "발생" if ko else "Came"), ("n", "예측 수" if ko else "Forecasts"))
    even = {
        "data": {"values": [{"a": 0, "b": 0}, {"a": 1, "b": 1}]},
        "mark": {"type": "line", "color": SOFT, "strokeDash": [4, 3], "strokeWidth": 1.2},
        "encoding": {"x": field("a", "q", x["title"], scale=scale, axis=PER_CENT), "y": field("b", "q", named, scale=scale, axis=PER_CENT)},
    }
    bar = {
        "mark": {"type": "rule", "color": BAND, "strokeWidth": 4},
        "encoding": {"x": x, "y": field("low", "q", named, scale=scale, axis=PER_CENT), "y2": {"field": "high"}, "tooltip": tip},
    }
    size = field("n", "q", scale={"range": [30, 240]}, legend=None)
    dot = {
        "mark": {"type": "circle", "color": ACCENT, "opacity": 1},
        "encoding": {"x": x, "y": field("observed", "q", named, scale=scale, axis=PER_CENT), "size": size, "tooltip": tip},
    }
    count = {
        "mark": {"type": "text", "dy": -12, "fontSize": 11, "color": SOFT},
        "encoding": {"x": x, "y": field("high", "q", named, scale=scale, axis=PER_CENT), "text": {"field": "n"}},
    }
    return framed({"layer": [even, bar, dot, count]}, rows, height=280)


def threat_axis(acts: Values, windows: Values, labels: dict[str, str], lanes: tuple[str, str], lang: Lang) -> dict[str, Any]:
    """Provocations as ticks by class under bands of exercises and talks, on one axis. Acts: day, lane, class, title, when. Windows: start, end, lane, title, when."""
    ko = lang == "ko"
    names = [labels[name] for name in CLASS if name in labels]
    order = [*lanes, *names]
    colours = [MECHANISM["exercises"], MECHANISM["dialogues"], *(CLASS[name] for name in CLASS if name in labels)]
    colour = field("lane", "n", scale={"domain": order, "range": colours}, legend=None)
    y = field("lane", "n", None, sort=order, scale={"domain": order}, axis={"labelLimit": 180, "ticks": False})
    tip = tips(("when", "날짜" if ko else "Day"), ("title", "내용" if ko else "What"))
    band = {
        "data": {"values": windows},
        "mark": {"type": "bar", "height": 16, "opacity": 0.9, "cursor": "pointer"},
        "encoding": {"x": field("start", "t", None, axis={"format": "%Y"}), "x2": {"field": "end"}, "y": y, "color": colour, "tooltip": tip},
    }
    tick = {
        "mark": {"type": "tick", "thickness": 1.4, "opacity": 0.75, "cursor": "pointer"},
        "encoding": {"x": field("day", "t", None, axis={"format": "%Y"}), "y": y, "color": colour, "tooltip": tip},
    }
    return framed({"layer": [band, tick]}, acts, height={"step": 30})
