"""How the home country is placed: partners on circles around it, nearer the stronger the tie, by region."""

from __future__ import annotations

import math
from typing import Any

from comity.report.charts.common import Values, field, framed, tips
from comity.report.palette import ACCENT, FAINT, SOFT
from comity.report.table_widths import text_width
from comity.vocab.text import Lang

RINGS = (75, 50, 25, 0)
WIDTH, HEIGHT, EDGE = 760, 590, 118
LETTERS, NODE = 11, 7.0
SIDES: dict[str, dict[str, Any]] = {
    "above": {"dy": -10, "baseline": "bottom"},
    "below": {"dy": 16, "baseline": "middle"},
    "right": {"dx": 10, "align": "left", "baseline": "middle"},
    "left": {"dx": -10, "align": "right", "baseline": "middle"},
}

Box = tuple[float, float, float, float]


def concentric(nodes: Values, edges: Values, regions: list[str], home: str, lang: Lang) -> dict[str, Any]:
    """Nodes: name, region, score, shown, ref; edges between partners: a, b (names), shown. Radius = 100 − score; sector = region."""
    ko = lang == "ko"
    placed = place(nodes, regions)
    at = {node["name"]: node for node in placed}
    lines = [
        {"x": at[e["a"]]["x"], "y": at[e["a"]]["y"], "x2": at[e["b"]]["x"], "y2": at[e["b"]]["y"], "shown": e["shown"]}
        for e in edges
        if e["a"] in at and e["b"] in at
    ]
    scale = {"domain": [-EDGE, EDGE], "nice": False}
    x, y = field("x", "q", scale=scale, axis=None), field("y", "q", scale=scale, axis=None)
    rings: Values = [{"r": 100 - ring, "x": 0, "y": 100 - ring, "label": str(ring)} for ring in RINGS]
    circles = [
        ring | {"px": round((ring["r"] * math.cos(a)), 2), "py": round(ring["r"] * math.sin(a), 2), "step": n}
        for ring in rings
        for n, a in enumerate(2 * math.pi * k / 72 for k in range(73))
    ]
    tip = tips(("name", "상대국" if ko else "Partner"), ("region", "지역" if ko else "Region"), ("shown", "유대 강도" if ko else "Tie"))
    layers: list[dict[str, Any]] = [
        {
            "data": {"values": circles},
            "mark": {"type": "line", "color": FAINT, "strokeWidth": 1},
            "encoding": {
                "x": field("px", "q", scale=scale, axis=None),
                "y": field("py", "q", scale=scale, axis=None),
                "detail": {"field": "label"},
                "order": {"field": "step"},
            },
        },
        {
            "data": {"values": rings[:-1]},
            "mark": {"type": "text", "color": "#8a929b", "fontSize": 10, "dy": -5},
            "encoding": {"x": x, "y": y, "text": {"field": "label"}},
        },
        {
            "data": {"values": lines},
            "mark": {"type": "rule", "color": "#9aa7b8", "opacity": 0.5},
            "encoding": {"x": x, "y": y, "x2": {"field": "x2"}, "y2": {"field": "y2"}, "tooltip": tips(("shown", "함께한 기록" if ko else "Shared records"))},
        },
        {
            "data": {"values": names_around(nodes, regions)},
            "mark": {"type": "text", "color": SOFT, "fontSize": 11, "fontWeight": "bold"},
            "encoding": {"x": x, "y": y, "text": {"field": "region"}},
        },
        {
            "mark": {"type": "circle", "opacity": 0.95, "stroke": "white", "cursor": "pointer"},
            "encoding": {
                "x": x,
                "y": y,
                "size": field("score", "q", scale={"range": [40, 420], "domain": [0, 80]}, legend=None),
                "color": field("region", "n", None, scale={"domain": regions, "scheme": "tableau10"}, legend=None),
                "tooltip": tip,
            },
        },
        *(
            {
                "transform": [{"filter": f"datum.side == '{side}'"}],
                "mark": SIDES[side] | {"type": "text", "fontSize": LETTERS},
                "encoding": {"x": x, "y": y, "text": {"field": "label"}},
            }
            for side in SIDES
        ),
        {
            "data": {"values": [{"x": 0, "y": 0, "name": home}]},
            "mark": {"type": "point", "shape": "diamond", "filled": True, "size": 260, "color": ACCENT, "opacity": 1},
            "encoding": {"x": x, "y": y},
        },
        {
            "data": {"values": [{"x": 0, "y": 0, "name": home}]},
            "mark": {"type": "text", "dy": 18, "fontWeight": "bold", "color": ACCENT},
            "encoding": {"x": x, "y": y, "text": {"field": "name"}},
        },
    ]
    return framed({"layer": layers}, with_sides(placed), height=HEIGHT, width=WIDTH, autosize={"type": "pad"})


def with_sides(placed: Values) -> Values:
    """Each node with the side on which its label covers the fewest labels and nodes; the strongest ties choose first."""
    taken: list[Box] = [_box(node, -NODE, -NODE, NODE, NODE) for node in placed]
    sides: dict[str, str] = {}
    for node in sorted(placed, key=lambda node: (-float(node["score"]), str(node["name"]))):
        if node.get("label"):
            boxes = {side: _label(node, side) for side in SIDES}
            side = min(boxes, key=lambda side: sum(_meet(boxes[side], other) for other in taken))
            sides[node["name"]] = side
            taken.append(boxes[side])
    return [node | {"side": sides.get(node["name"], "above")} for node in placed]


def _label(node: dict[str, Any], side: str) -> Box:
    width, half = text_width(str(node["label"]), LETTERS), LETTERS / 2
    mark = SIDES[side]
    left = {"left": 0.0, "right": -width}.get(str(mark.get("align")), -width / 2) + float(mark.get("dx", 0))
    middle = float(mark.get("dy", 0)) - (half if side == "above" else 0)
    return _box(node, left, middle - half, left + width, middle + half)


def _box(node: dict[str, Any], left: float, top: float, right: float, bottom: float) -> Box:
    """A box around a node's place, in pixels of the drawing."""
    x, y = (float(node["x"]) + EDGE) * WIDTH / (2 * EDGE), (EDGE - float(node["y"])) * HEIGHT / (2 * EDGE)
    return x + left, y + top, x + right, y + bottom


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def place(nodes: Values, regions: list[str]) -> Values:
    """Each node's place: its region's sector, as wide as its share of the nodes, spread evenly in it by name, at the radius of its tie."""
    placed: Values = []
    for region, begin, width in _sectors(nodes, regions):
        inside = sorted((node for node in nodes if node["region"] == region), key=lambda node: str(node["name"]))
        for spot, node in enumerate(inside):
            angle = math.pi / 2 - begin - width * (spot + 0.5) / len(inside)
            radius = 100.0 - float(node["score"])
            placed.append(node | {"x": round(radius * math.cos(angle), 2), "y": round(radius * math.sin(angle), 2)})
    return placed


def names_around(nodes: Values, regions: list[str]) -> Values:
    """Where each region's name stands, outside the circles."""
    made: Values = []
    for region, begin, width in _sectors(nodes, regions):
        angle = math.pi / 2 - begin - width / 2
        made.append({"region": region, "x": round(111 * math.cos(angle), 2), "y": round(111 * math.sin(angle), 2)})
    return made


def _sectors(nodes: Values, regions: list[str]) -> list[tuple[str, float, float]]:
    """Where each region's sector begins and how wide it is, clockwise from the top, in radians; none narrower than two nodes' share."""
    shares = [max(2, sum(node["region"] == region for node in nodes)) for region in regions]
    widths = [2 * math.pi * share / sum(shares) for share in shares]
    return [(region, sum(widths[:at]), widths[at]) for at, region in enumerate(regions)]
