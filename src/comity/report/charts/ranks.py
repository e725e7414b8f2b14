"""How ranks move when something else weighs: each partner's rank before and after, joined by a line."""

from __future__ import annotations

from typing import Any

from comity.report.charts.common import Values, field, framed, tips
from comity.report.palette import ACCENT, CONFLICT, SOFT
from comity.vocab.text import Lang


def rank_slopes(rows: Values, lang: Lang, *, deepest: int) -> dict[str, Any]:
    """Rows: name, before, after (ranks), moved (up, down, same), told. The first rank is at the top."""
    ko = lang == "ko"
    sides = ["기본 가중치", "선택한 가중치"] if ko else ["Shipped weights", "Chosen weights"]
    long = [row | {"side": sides[at], "rank": row[name]} for row in rows for at, name in enumerate(("before", "after"))]
    x = field("side", "o", sort=sides, axis={"title": None, "labelAngle": 0, "ticks": False, "domain": False, "labelFontSize": 13}, scale={"padding": 0.5})
    y = field("rank", "q", scale={"domain": [deepest + 0.6, 0.4], "nice": False, "zero": False}, axis=None)
    colour = {"field": "moved", "type": "nominal", "scale": {"domain": ["up", "down", "same"], "range": [ACCENT, CONFLICT, "#8a929b"]}, "legend": None}
    tip = tips(("name", "상대국" if ko else "Partner"), ("told", "순위" if ko else "Rank"))
    line = {"mark": {"type": "line", "strokeWidth": 1.8}, "encoding": {"x": x, "y": y, "color": colour, "detail": {"field": "name"}}}
    dots = {"mark": {"type": "point", "filled": True, "size": 45, "opacity": 1}, "encoding": {"x": x, "y": y, "color": colour, "tooltip": tip}}
    words = [
        {
            "transform": [{"filter": {"field": "side", "equal": sides[at]}}, {"calculate": text, "as": "shown"}],
            "mark": {"type": "text", "align": align, "dx": shift, "fontSize": 12, "color": SOFT},
            "encoding": {"x": x, "y": y, "text": {"field": "shown"}},
        }
        for at, (align, shift, text) in enumerate((("right", -8, "datum.name + '  ' + datum.rank"), ("left", 8, "datum.rank + '  ' + datum.name")))
    ]
    return framed({"layer": [line, dots, *words]}, long, height=deepest * 19 + 40)
