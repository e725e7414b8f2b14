"""A figure's specification laid out for a place of a given width, so that on a telephone nothing is cut off and no letter is below 11 px.

The charts are written for about 760 px. Here legends get the columns that fit, long labels two lines, panels fewer columns; a drawing whose
places would fall on each other when narrow keeps a least width and is scrolled. What a figure says is not touched: no data is changed or left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from math import floor
from typing import Any

from comity.report.charts.common import WIDTH
from comity.report.table_widths import text_width

Spec = dict[str, Any]
Rows = list[dict[str, Any]]

NARROW = 560  # pixels under which the charts' own layout does not hold
LETTERS = 12.0
SMALLEST_LETTERS = 11
PANEL = 230  # least width of one of several panels
LEAST_NETWORK = 640  # places on circles do not get fewer: narrower, their names cover each other
LABELS_SHARE = {True: 0.36, False: 0.32}  # of the width, for labels of rows; narrow or not
ONE_AND_TWO, TWO_LINES = 21, 28
BOLD = 0.86  # of the width, for a heading's larger and bolder letters
SYMBOL = 36  # a legend's mark and the white around an entry
TALL_MAP = 0.56
GUESSED_MARGIN = 60
LEGENDS = ("color", "fill", "stroke", "shape", "strokeDash", "opacity")


def fitted(spec: Spec, width: int, size_of: Callable[[Spec], float]) -> Spec:
    """The specification for `width` pixels; `size_of` draws one and says how wide it came out, for panels whose margins are known only then."""
    laid = _Layout(width).whole(spec)
    if laid.get("autosize", {}).get("type") != "pad":
        return laid
    room = max(width, LEAST_NETWORK) if "layer" in spec else width
    panels = laid.get("columns", 1) if "facet" in laid else 1
    inner = (room - GUESSED_MARGIN) // panels
    return _inner_width(laid, inner + floor((room - size_of(_inner_width(laid, inner))) / panels))


def _inner_width(spec: Spec, inner: int) -> Spec:
    """A specification whose plots are `inner` pixels wide."""
    return spec | {"spec": spec["spec"] | {"width": inner}} if "spec" in spec else spec | {"width": inner}


class _Layout:
    """The changes that one width asks for."""

    def __init__(self, width: int) -> None:
        self.width, self.narrow = width, width < NARROW

    def whole(self, spec: Spec) -> Spec:
        """A whole specification, top level first."""
        made = {name: value for name, value in spec.items() if value is not None}
        if made.get("width") == "container":
            made["width"] = self.width
        if "projection" in made:
            made["height"] = round(min(float(made["height"]), TALL_MAP * self.width))
        if "facet" in made:
            made |= self._facet(made)
        made["config"] = self._config(made.get("config", {}))
        return self._part(made, _rows_of(spec, []))

    def _config(self, config: Spec) -> Spec:
        axis = config.get("axis", {}) | {"labelOverlap": "greedy", "labelSeparation": 6} if self.narrow else config.get("axis", {})
        return config | {"axis": axis, "axisXDiscrete": {"labelAngle": 0, "labelOverlap": "greedy", "labelSeparation": 4}}

    def _facet(self, spec: Spec) -> Spec:
        """Panels: as many beside each other as fit; names of rows above them where there is no room at their side."""
        facet = dict(spec["facet"])
        if "columns" in spec:
            columns = max(1, min(int(spec["columns"]), self.width // PANEL))
            room = self.width / columns - GUESSED_MARGIN
            names = sorted({str(row.get(str(facet["field"]))) for row in _rows_of(spec, [])})
            wrap = _wrapped("datum.label", names, BOLD * room)
            header = facet.get("header", {}) | {"labelLimit": room + 24} | ({"labelExpr": wrap} if wrap else {})
            return {"columns": columns, "facet": facet | {"header": header}}
        header = facet["row"].get("header", {})
        if self.narrow and header.get("labelOrient") == "left":
            header = header | {"labelOrient": "top", "labelAnchor": "start", "labelLimit": self.width - 20, "labelPadding": 2}
        return {"facet": facet | {"row": facet["row"] | {"header": header}}}

    def _part(self, spec: Spec, rows: Rows) -> Spec:
        """A unit, or layers, or the unit that panels repeat."""
        own = _rows_of(spec, rows)
        made = dict(spec)
        if "layer" in spec:
            made["layer"] = [self._part(layer, own) for layer in spec["layer"]]
        if "spec" in spec:
            made["spec"] = self._part(spec["spec"], own)
        if "mark" in spec:
            made["mark"] = self._mark(spec["mark"]) | self._head(spec, own) if isinstance(spec["mark"], dict) else spec["mark"]
        if "encoding" in spec:
            made["encoding"] = {name: self._channel(name, channel, own) for name, channel in spec["encoding"].items()}
        height = spec.get("height")
        if isinstance(height, dict) and "for" not in height and (step := self._step(spec, own)):
            made["height"] = {"step": max(step, height["step"])}
        return made

    def _step(self, spec: Spec, rows: Rows) -> int | None:
        """Height of a row where labels take two lines; more where two such labels follow each other."""
        for part in [spec, *spec.get("layer", [])]:
            channel = part.get("encoding", {}).get("y") or {}
            if _has_labels(channel):
                long = [text_width(label, LETTERS) > self._room(channel) for label in _labels(channel, _rows_of(part, rows))]
                return (TWO_LINES if any(one and after for one, after in pairwise(long)) else ONE_AND_TWO) if any(long) else None
        return None

    def _room(self, channel: Spec) -> float:
        """Pixels for a row's label; at least what its author gave where there is width."""
        given = (channel.get("axis") or {}).get("labelLimit", 0)
        return LABELS_SHARE[self.narrow] * self.width if self.narrow else max(given, LABELS_SHARE[self.narrow] * self.width)

    def _head(self, spec: Spec, rows: Rows) -> Spec:
        """A heading among rows begins where their labels begin, for it may be longer than the plot is wide."""
        encoding = spec.get("encoding", {})
        if not self.narrow or spec["mark"]["type"] != "text" or encoding.get("x") != {"value": 0} or not _has_labels(encoding.get("y") or {}):
            return {}
        widths = [text_width(label, LETTERS) for label in _labels(encoding["y"], rows)]
        return {"dx": -round(min(max(widths, default=0.0), self._room(encoding["y"])))}

    def _mark(self, mark: Spec) -> Spec:
        made = dict(mark)
        if "fontSize" in made:
            made["fontSize"] = max(SMALLEST_LETTERS, made["fontSize"])
        if mark["type"] == "bar" and isinstance(mark.get("width"), int | float):
            made["width"] = round(max(1.0, mark["width"] * self.width / WIDTH), 2)
        return made

    def _channel(self, name: str, channel: Any, rows: Rows) -> Any:
        if not isinstance(channel, dict):
            return channel
        made = dict(channel)
        if name == "x":
            made |= self._across(channel)
        elif name == "y" and _has_labels(channel):
            made |= self._down(channel, rows)
        elif name in LEGENDS and channel.get("type") in ("nominal", "ordinal") and None not in (channel.get("legend", {}), channel.get("scale", {})):
            made["legend"] = self._legend(channel, rows)
        elif name in LEGENDS and isinstance(channel.get("legend"), dict) and self.narrow:
            made["legend"] = channel["legend"] | ({"orient": "bottom"} if "orient" in channel["legend"] else {})
        return made

    def _across(self, channel: Spec) -> Spec:
        """The axis along the foot: fewer ticks, and a title in lines that fit."""
        made: Spec = {}
        if isinstance(channel.get("title"), str):
            lines = _lines(channel["title"], self.width * (0.58 if self.narrow else 0.8))
            made["title"] = lines if len(lines) > 1 else channel["title"]
        axis = channel.get("axis")
        if self.narrow and isinstance(axis, dict) and axis.get("tickCount", 0) > 5:
            made["axis"] = axis | {"tickCount": 5}
        return made

    def _down(self, channel: Spec, rows: Rows) -> Spec:
        """Labels of rows: whole where they fit, else in lines."""
        axis = dict(channel.get("axis") or {})
        limit = self._room(channel)
        if wrap := _wrapped(axis.get("labelExpr", "datum.label"), _labels(channel, rows), limit):
            axis |= {"labelExpr": wrap, "labelLineHeight": 13}
        return {"axis": axis | {"labelLimit": round(limit) + 24}}

    def _legend(self, channel: Spec, rows: Rows) -> Spec:
        """Entries in as many columns as fit, none cut short."""
        legend = dict(channel.get("legend") or {})
        entries = [str(one) for one in channel.get("scale", {}).get("domain", [])] or sorted({str(row.get(str(channel.get("field")), "")) for row in rows})
        widest = max((text_width(entry, LETTERS) for entry in entries), default=0.0)
        room = self.width - 70.0
        wrap = _wrapped("datum.label", entries, room)
        fit = max(1, int((self.width - 40) // (min(widest, room) + SYMBOL)))
        return legend | {"columns": min(fit, max(1, len(entries))), "labelLimit": room + 24} | ({"labelExpr": wrap} if wrap else {})


def _rows_of(spec: Spec, inherited: Rows) -> Rows:
    values = spec.get("data", {}).get("values")
    return values if isinstance(values, list) else inherited


def _lines(words: str, room: float) -> list[str]:
    """Words in lines no wider than `room`, where words allow it."""
    lines = [""]
    for word in words.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and text_width(longer, LETTERS) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _has_labels(channel: Spec) -> bool:
    return channel.get("type") in ("nominal", "ordinal") and channel.get("axis", {}) is not None


def _labels(channel: Spec, rows: Rows) -> list[str]:
    """What rows are called, in their order; of `order|label` the label."""
    name = str(channel.get("field"))
    found = dict.fromkeys(str(row[name]) for row in rows if row.get(name) is not None)
    return [one.rpartition("|")[2] for one in found]


def _wrapped(label: str, labels: list[str], room: float) -> str | None:
    """An expression that puts labels into lines that fit, broken between words; None where all fit on one."""
    widths = [text_width(one, LETTERS) for one in labels]
    if not widths or max(widths) <= room:
        return None
    letters = max(8, int(0.94 * min(room * len(one) / width for one, width in zip(labels, widths, strict=True) if width > room)))
    return f"split(replace(replace({label}, regexp('(.{{1,{letters}}})( |$)', 'g'), '$1\\n'), regexp('\\n$'), ''), '\\n')"


def units(spec: Spec) -> Iterator[Spec]:
    """Every unit of a specification, layers and panels opened."""
    yield spec
    for part in [*spec.get("layer", []), *([spec["spec"]] if "spec" in spec else [])]:
        yield from units(part)
