"""Who matters: partners by strength of tie, with interval and rank interval."""

from __future__ import annotations

from typing import Any

from comity.report.charts.common import Values, field, framed, tips
from comity.report.palette import ACCENT, SOFT
from comity.vocab.text import Lang


def tie_plot(rows: Values, lang: Lang) -> dict[str, Any]:
    """A dot for each partner's tie and a bar for its interval; rows: name, score, low, high, ranks, ref."""
    ko = lang == "ko"
    order = [row["name"] for row in rows]
    y = field("name", "n", sort=order, axis={"labelLimit": 170, "ticks": False, "domain": False})
    x = field("score", "q", "유대 강도(0–100), 5–95 % 구간" if ko else "Tie strength (0–100), 5–95 % interval", scale={"domain": [0, 100]})
    tip = tips(
        ("name", "상대국" if ko else "Partner"),
        ("shown", "강도" if ko else "Strength"),
        ("interval", "구간" if ko else "Interval"),
        ("ranks", "순위" if ko else "Rank"),
    )
    bar = {
        "mark": {"type": "rule", "strokeWidth": 5, "color": "#b9c9e8", "strokeCap": "round"},
        "encoding": {"y": y, "x": field("low", "q", x["title"], scale=x["scale"]), "x2": {"field": "high"}, "tooltip": tip},
    }
    dot = {"mark": {"type": "circle", "size": 90, "color": ACCENT, "opacity": 1}, "encoding": {"y": y, "x": x, "tooltip": tip}}
    label = {
        "mark": {"type": "text", "align": "left", "dx": 8, "color": SOFT, "fontSize": 11},
        "encoding": {"y": y, "x": field("high", "q", x["title"]), "text": {"field": "ranks"}},
    }
    return framed({"layer": [bar, dot, label]}, rows, height={"step": 22})
