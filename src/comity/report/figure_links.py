"""What each mark of a still figure tells and where it leads: its tooltip as words, its record as an address.

On the page that draws itself a script shows the tooltip and opens the record. Here both are written into the specification as expressions, so that
the drawing carries them and needs no script. Lines and areas stand for many records and lead nowhere.
"""

from __future__ import annotations

import json
from typing import Any

Spec = dict[str, Any]

REF = "#ref/"  # what an address begins with, before the record's `kind:id`
NEXT = "\u241e"  # between two lines of a tooltip, until the drawing is cleaned
MANY = ("line", "area", "trail")


def telling(spec: Spec, *, linked: bool = True) -> Spec:
    """The specification with every mark's tooltip as its description and, if `linked`, the record of its datum as its address."""
    made = dict(spec)
    if "layer" in spec:
        made["layer"] = [telling(layer, linked=linked) for layer in spec["layer"]]
    if "spec" in spec:
        made["spec"] = telling(spec["spec"], linked=linked)
    if "mark" in spec:
        made["mark"] = _mark(spec["mark"], spec.get("encoding", {}).get("tooltip"), linked=linked)
        made["encoding"] = {name: channel for name, channel in spec.get("encoding", {}).items() if name != "tooltip"}
    return made


def _mark(mark: Any, tooltip: Any, *, linked: bool) -> Spec:
    made: Spec = {"type": mark} if isinstance(mark, str) else {name: value for name, value in mark.items() if name != "cursor"}
    if made["type"] in MANY or not isinstance(tooltip, list):
        return made | {"aria": False}
    address = {"href": {"expr": f"datum.ref ? '{REF}' + datum.ref : null"}} if linked else {}
    return made | {"description": {"expr": _words(tooltip)}} | address


def _words(tooltip: list[Spec]) -> str:
    """An expression that says a datum's fields under their headings, without those that it lacks."""
    lines = [_line(one["field"], str(one.get("title") or "").strip()) for one in tooltip]
    return f"replace({' + '.join(lines)}, regexp('^{NEXT}'), '')"


def _line(field: str, heading: str) -> str:
    datum = f"datum[{json.dumps(field)}]"
    head = json.dumps(f"{NEXT}{heading}: " if heading else NEXT, ensure_ascii=False)
    return f"(isValid({datum}) && {datum} !== '' ? {head} + {datum} : '')"
