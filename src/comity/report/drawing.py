"""The drawing engine: a Vega-Lite specification to SVG, in the pages' own typeface, from any thread, with nothing fetched.

The engine is one worker inside the process and takes one drawing at a time; its first drawing takes half a second longer than the next, so a server
calls `warm` before it answers anybody.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib.metadata import version
from threading import Lock
from typing import Any

from comity.report.fonts import font_folder

_ONE_AT_A_TIME = Lock()  # fonts are registered once, before the first drawing of any thread


def drawn(spec: dict[str, Any]) -> str:
    """A specification as SVG text; data must stand in the specification."""
    import vl_convert

    know_fonts()
    return str(vl_convert.vegalite_to_svg(json.dumps(spec, default=str), allowed_base_urls=[]))


def rastered(svg: str, scale: float) -> bytes:
    """SVG text as PNG."""
    import vl_convert

    know_fonts()
    return bytes(vl_convert.svg_to_png(svg, scale=scale))


def warm() -> None:
    """Start the engine with the smallest of drawings."""
    drawn({"data": {"values": [{"a": 1}]}, "mark": "point", "encoding": {"x": {"field": "a", "type": "quantitative"}}})


def engine() -> str:
    """Name and version of the engine, for names of what is kept."""
    return f"vl-convert {version('vl-convert-python')}"


def digest(*parts: Any) -> str:
    """Digest of a specification and of what else a drawing depends on, the engine among it."""
    words = f"{engine()}:" + ":".join(json.dumps(part, sort_keys=True, ensure_ascii=False, default=str) for part in parts)
    return hashlib.sha256(words.encode()).hexdigest()[:24]


def know_fonts() -> None:
    """Register the pages' typeface with the engine, once."""
    with _ONE_AT_A_TIME:
        _registered()


@cache
def _registered() -> bool:
    import vl_convert

    vl_convert.register_font_directory(str(font_folder()))
    return True
