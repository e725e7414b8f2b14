"""What changed between two days: each partner's tie on both, joined, in the order of the change."""

from __future__ import annotations

from typing import Any

from comity.report.charts.common import Values, field, framed, tips
from comity.report.palette import ACCENT, PAPER, SOFT
from comity.vocab.text import Lang

WIDE_ENOUGH = {"expr": "width > 430 ? 1 : 0"}  # numbers beside the marks where there is room for them
ROOM = 112  # of a scale that ends at 100: the numbers stand beyond it


def tie_changes(rows: Values, lang: Lang) -> dict[str, Any]:
    """An open dot for the first day, a full one for the second, and a bar between. Rows: name, first, second, shown (the difference), told."""
    ko = lang == "ko"
    title = "유대 강도: ○ 첫날, ● 둘째 날" if ko else "Tie strength: ○ first day, ● second"
    scale = {"domain": [0, ROOM], "nice": False}
    axis = {"values": [0, 20, 40, 60, 80, 100]}
    y = field("name", "n", sort=[row["name"] for row in rows], axis={"labelLimit": 170, "ticks": False, "domain": False})
    tip = tips(
        ("name", "상대국" if ko else "Partner"), ("told", "첫날 → 둘째 날" if ko else "First → second"), ("shown", "변화(5–95 %)" if ko else "Change (5–95 %)")
    )

    def x(name: str) -> dict[str, Any]:
        return field(name, "q", title, scale=scale, axis=axis)

    both = {"transform": [{"filter": "isValid(datum.first) && isValid(datum.second)"}]}
    bar = {"mark": {"type": "rule", "strokeWidth": 2, "color": ACCENT}, "encoding": {"y": y, "x": x("first"), "x2": {"field": "second"}}, **both}
    dots = [
        {
            "transform": [{"filter": f"isValid(datum.{name})"}],
            "mark": {"type": "point", "size": 70, "color": ACCENT, "opacity": 1, "strokeWidth": 2, "fill": fill},
            "encoding": {"y": y, "x": x(name), "tooltip": tip},
        }
        for name, fill in (("first", PAPER), ("second", ACCENT))
    ]
    words = {
        "mark": {"type": "text", "align": "right", "fontSize": 11, "color": SOFT, "opacity": WIDE_ENOUGH},
        "encoding": {"y": y, "x": {"value": "width"}, "text": {"field": "shown"}},
    }
    return framed({"layer": [bar, *dots, words]}, rows, height={"step": 22})
