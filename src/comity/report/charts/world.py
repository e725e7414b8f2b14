"""Where: partners on a map of equal area (Equal Earth; Šavrič, Patterson & Jenny 2019) turned to the home country's meridian, shaded by tie; small states as circles; states without a record grey."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from comity.report.charts.common import Values, field, framed, tips
from comity.vocab.text import Lang

UNKNOWN_FILL = "#e7eaee"


def tie_map(rows: Values, sites: Values, centre: tuple[float, float], lang: Lang) -> dict[str, Any]:
    """Rows: iso3, name, score, shown, ref, lon, lat; sites: lon, lat, name, kind."""
    ko = lang == "ko"
    projection = {"type": "equalEarth", "rotate": [-centre[0], 0, 0], "precision": 0.4}
    base = {"data": {"values": borders(), "format": {"type": "topojson", "feature": "countries"}}}
    tip = tips(("properties.label", "국가" if ko else "Country"), ("properties.shown", "유대 강도" if ko else "Tie"))
    shade = {
        "field": "score",
        "type": "quantitative",
        "title": "유대 강도" if ko else "Tie strength",
        "scale": {"scheme": "blues", "domain": [0, 75]},
        "legend": {"orient": "bottom-left", "gradientLength": 130, "direction": "horizontal"},
    }
    lookup = {"lookup": "id", "from": {"data": {"values": rows}, "key": "iso3", "fields": ["score", "shown", "name", "ref"]}}
    grey = base | {"mark": {"type": "geoshape", "fill": UNKNOWN_FILL, "stroke": "#ffffff", "strokeWidth": 0.5}}
    land = base | {
        "transform": [lookup, {"filter": "isValid(datum.score)"}],
        "mark": {"type": "geoshape", "stroke": "#ffffff", "strokeWidth": 0.5, "cursor": "pointer"},
        "encoding": {"color": shade, "tooltip": tips(("name", tip[0]["title"]), ("shown", tip[1]["title"]))},
    }
    dots = {
        "data": {"values": [row for row in rows if row.get("small")]},
        "mark": {"type": "circle", "size": 70, "stroke": "#4a5560", "strokeWidth": 0.8, "opacity": 1},
        "encoding": {
            "longitude": field("lon", "q"),
            "latitude": field("lat", "q"),
            "color": shade,
            "tooltip": tips(("name", tip[0]["title"]), ("shown", tip[1]["title"])),
        },
    }
    marks = {
        "data": {"values": sites},
        "mark": {"type": "point", "shape": "triangle-up", "filled": True, "size": 80, "color": "#D55E00", "opacity": 1},
        "encoding": {
            "longitude": field("lon", "q"),
            "latitude": field("lat", "q"),
            "tooltip": tips(("name", "파병" if ko else "Deployment"), ("kind", "유형" if ko else "Type")),
        },
    }
    sphere = {"data": {"sphere": True}, "mark": {"type": "geoshape", "fill": "#f7f9fb", "stroke": "#c9d1da"}}
    return framed({"projection": projection, "layer": [sphere, grey, land, dots, marks]}, height=430)


@cache
def borders() -> dict[str, Any]:
    """Natural Earth borders, 50 m, as TopoJSON."""
    loaded: dict[str, Any] = json.loads((files("comity.report") / "geo/borders-50m.json").read_text(encoding="utf-8"))
    return loaded


@cache
def points() -> dict[str, tuple[float, float]]:
    """A representative point of each state: code → longitude, latitude."""
    lines = (files("comity.report") / "geo/points.csv").read_text(encoding="utf-8").splitlines()[1:]
    return {code: (float(lon), float(lat)) for code, lon, lat in (line.split(",")[:3] for line in lines)}
