"""Figures that stand still: a Vega-Lite specification as SVG or PNG, for paper and for Word, drawn once and kept in the cache.

The drawing is the page's own: same specification, same typeface, at a fixed width. Tooltips and links are left behind. Nothing is fetched.
"""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from importlib.metadata import version
from typing import Any

from comity.register.cache import cached
from comity.report.charts.common import WIDTH
from comity.report.document import Figure
from comity.report.fonts import font_folder
from comity.vocab.text import Lang

PNG_SCALE = 2.0


def figure_svg(figure: Figure, lang: Lang) -> str:
    """A figure as SVG text, in one language; letters stay letters."""
    spec = still(figure.spec(lang))
    name = f"figure-{_digest(spec)}.svg"
    return cached(name, lambda: _drawn(spec).encode()).decode()


def figure_png(figure: Figure, lang: Lang) -> bytes:
    """A figure as PNG at twice its size, for programs that cannot read SVG."""
    import vl_convert

    _know_fonts()
    return bytes(vl_convert.svg_to_png(figure_svg(figure, lang), scale=PNG_SCALE))


def svg_size(svg: str) -> tuple[float, float]:
    """Width and height of a drawing in its own pixels.

    >>> svg_size('<svg width="760" height="310.5" viewBox="0 0 760 310.5">')
    (760.0, 310.5)
    """
    head = svg[: svg.index(">")]
    width, height = (re.search(rf'\b{side}="([\d.]+)', head) for side in ("width", "height"))
    return (float(width[1]) if width else float(WIDTH), float(height[1]) if height else float(WIDTH))


def still(spec: dict[str, Any]) -> dict[str, Any]:
    """A specification for a place of fixed width, on white."""
    fixed = {key: WIDTH if key == "width" and value == "container" else value for key, value in spec.items() if value is not None}
    return fixed | {"background": "white"}


def _digest(spec: dict[str, Any]) -> str:
    words = f"{_engine()}:{json.dumps(spec, sort_keys=True, ensure_ascii=False, default=str)}"
    return hashlib.sha256(words.encode()).hexdigest()[:24]


def _engine() -> str:
    return f"vl-convert {version('vl-convert-python')}"


def _drawn(spec: dict[str, Any]) -> str:
    import vl_convert

    _know_fonts()
    return str(vl_convert.vegalite_to_svg(json.dumps(spec, default=str), allowed_base_urls=[]))


@cache
def _know_fonts() -> None:
    import vl_convert

    vl_convert.register_font_directory(str(font_folder()))
