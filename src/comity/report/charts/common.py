"""What every figure shares: typeface, ink, axes, tooltips, and the specification's frame."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from comity.report.fonts import FAMILY
from comity.report.palette import FAINT, INK, SOFT
from comity.vocab.text import Lang, Text

Values = list[dict[str, Any]]
Encoding = dict[str, Any]
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
WIDTH = 760

CONFIG: dict[str, Any] = {
    "font": FAMILY,
    "background": None,
    "view": {"stroke": None},
    "axis": {
        "labelColor": SOFT,
        "titleColor": SOFT,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "gridColor": FAINT,
        "domainColor": "#8a929b",
        "tickColor": "#8a929b",
    },
    "legend": {
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelColor": INK,
        "titleColor": SOFT,
        "orient": "top",
        "symbolStrokeWidth": 2,
    },
    "header": {"labelFontSize": 13, "labelColor": INK, "title": None, "labelAnchor": "start", "labelFontWeight": "bold"},
    "title": {"fontSize": 13, "anchor": "start", "color": INK},
    "text": {"fontSize": 12, "color": INK},
}


def framed(body: dict[str, Any], values: Values | None = None, *, height: int | dict[str, Any] | None = None, **extra: Any) -> dict[str, Any]:
    """A whole specification around layers or marks, as wide as its place."""
    head: dict[str, Any] = {"$schema": SCHEMA, "config": CONFIG, "width": "container", "autosize": {"type": "fit-x", "contains": "padding"}}
    if values is not None:
        head["data"] = {"values": values}
    if height is not None:
        head["height"] = height
    return head | body | extra


def field(name: str, kind: str, title: str | None = None, **more: Any) -> Encoding:
    """One channel of an encoding."""
    if kind == "t":
        more.setdefault("scale", {"type": "utc"})  # a day is the same day everywhere
    return {"field": name, "type": {"n": "nominal", "o": "ordinal", "q": "quantitative", "t": "temporal"}[kind], "title": title, **more}


def tips(*pairs: tuple[str, str]) -> list[Encoding]:
    """A tooltip of fields and their headings."""
    return [{"field": name, "title": title} for name, title in pairs]


def palette_scale(colours: dict[str, str], labels: dict[str, str]) -> dict[str, Any]:
    """A colour scale over labels, in the palette's order."""
    names = [name for name in colours if name in labels]
    return {"domain": [labels[name] for name in names], "range": [colours[name] for name in names]}


def years_axis(lang: Lang, **more: Any) -> dict[str, Any]:
    """An axis of years without thousands separators."""
    return {"format": "d", "title": None, "tickMinStep": 1, **more}


def month_names(lang: Lang) -> list[str]:
    """Short names of the months."""
    return [f"{at}월" for at in range(1, 13)] if lang == "ko" else ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def chosen(texts: Iterable[Text], lang: Lang) -> list[str]:
    """Texts in one language."""
    return [text.in_(lang) for text in texts]
