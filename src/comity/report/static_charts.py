"""Figures that stand still: a Vega-Lite specification as SVG or PNG, for paper and for Word, drawn once and kept in the cache.

The drawing is the page's own: same specification, same typeface, at a fixed width. Tooltips and links are left behind. Nothing is fetched.
"""

from __future__ import annotations

import re
from typing import Any

from comity.register.cache import cached
from comity.report import drawing
from comity.report.charts.common import WIDTH
from comity.report.document import Figure
from comity.vocab.text import Lang

PNG_SCALE = 2.0


def figure_svg(figure: Figure, lang: Lang) -> str:
    """A figure as SVG text, in one language; letters stay letters."""
    spec = still(figure.spec(lang))
    return cached(f"figure-{drawing.digest(spec)}.svg", lambda: drawing.drawn(spec).encode()).decode()


def figure_png(figure: Figure, lang: Lang) -> bytes:
    """A figure as PNG at twice its size, for programs that cannot read SVG."""
    return drawing.rastered(figure_svg(figure, lang), PNG_SCALE)


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
