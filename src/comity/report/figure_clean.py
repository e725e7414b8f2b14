"""A drawing made fit for a page with a strict content policy: only shapes, letters and links are left, in colours that follow the page.

The engine's SVG is read as XML and written again from a list of what is allowed: no style, no script, no address but those of records. What each mark
tells becomes its title, which browsers show and screen readers say; marks with a record become links. Names inside are the figure's own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree import ElementTree

from comity.report.figure_colours import SEE_THROUGH, Pair, is_tint, outlined, pair
from comity.report.figure_links import NEXT, REF
from comity.report.figure_outlines import OUTLINE, thinned, uncovered

SVG, XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
FONTS = "Desk, NanumGothic, 'Noto Sans KR', 'Apple SD Gothic Neo', sans-serif"
SHAPES = frozenset({"path", "line", "rect", "circle", "text", "tspan"})
HOLDERS = frozenset({"svg", "g", "defs", "linearGradient", "radialGradient", "stop", "clipPath"})
COLOURS = frozenset({"fill", "stroke", "stop-color"})
POINTED = frozenset({"fill", "stroke", "clip-path"})  # attributes that may name a part of the same drawing
PLACES = {"d", "x", "y", "dx", "dy", "x1", "x2", "y1", "y2", "cx", "cy", "r", "rx", "ry", "width", "height", "viewBox", "transform"}
GRADIENTS = {"offset", "gradientUnits", "gradientTransform", "clipPathUnits", "stop-opacity"}
STROKES = {f"stroke-{what}" for what in ("opacity", "width", "dasharray", "dashoffset", "linecap", "linejoin", "miterlimit")}
LOOKS = {"opacity", "fill-opacity", "text-anchor", "dominant-baseline", "font-size", "font-weight", "font-style", "pointer-events"}
PLAIN = frozenset(PLACES | GRADIENTS | STROKES | LOOKS)
WITHIN = re.compile(r"url\(#([\w-]+)\)")
LONG_NUMBER = re.compile(r"-?\d*\.\d{3,}(?:e-?\d+)?")
BAR = re.compile(r"M[-\d.]+,[-\d.]+h([\d.]+)v")
NOTHING = ("", "M0,0h0v0h0Z")


@dataclass(frozen=True, slots=True)
class Words:
    """What the whole drawing is called and what it shows."""

    title: str
    description: str


def cleaned(svg: str, words: Words, prefix: str, *, dark: bool = False) -> str:
    """The drawing as an element for a page; `prefix` begins every id in it. Addresses are still those of `figure_links`."""
    return _Drawing(svg, prefix, dark=dark).for_page(words)


def plain(svg: str, prefix: str, *, dark: bool = False) -> str:
    """The drawing as a file: the same shapes in plain colours on paper, without links."""
    return _Drawing(svg, prefix, dark=dark, alone=True).for_file()


class _Drawing:
    """One drawing on its way through the list."""

    def __init__(self, svg: str, prefix: str, *, dark: bool, alone: bool = False) -> None:
        if "<!DOCTYPE" in svg or "<!ENTITY" in svg:
            raise ValueError("a drawing declares no entities")
        self.root = ElementTree.fromstring(svg)  # noqa: S314  # our own engine's words, and without declarations
        self.prefix, self.dark, self.alone = prefix, dark, alone
        self.names = {one.get("id"): f"{prefix}-{at}" for at, one in enumerate(one for one in self.root.iter() if one.get("id"))}
        self.among_marks = {one for group in self.root.iter() if "mark-text role-mark" in group.get("class", "") for one in group.iter()}
        self.links = 0

    def for_page(self, words: Words) -> str:
        made = self._svg()
        title, described = ElementTree.Element("title", {"id": f"{self.prefix}-t"}), ElementTree.Element("desc", {"id": f"{self.prefix}-d"})
        title.text, described.text = words.title, words.description
        made[:0] = [title, described]
        role = {"role": "graphics-document document" if self.links else "img", "aria-labelledby": f"{self.prefix}-t", "aria-describedby": f"{self.prefix}-d"}
        return _text(made, {"xmlns": SVG} | role | {"font-family": FONTS})

    def for_file(self) -> str:
        made = self._svg()
        width, height = self.root.get("width", "0"), self.root.get("height", "0")
        paper = pair("#ffffff")
        made.insert(0, ElementTree.Element("rect", {"width": width, "height": height, "fill": paper.plain(dark=self.dark) if paper else "none"}))
        return _text(made, {"xmlns": SVG, "font-family": "NanumGothic, sans-serif"})

    def _svg(self) -> ElementTree.Element:
        made = ElementTree.Element("svg", self._attributes(self.root))
        for child in self.root:
            made.extend(self._element(child, hidden=False, opacity=1.0))
        uncovered(made)
        return made

    def _element(self, element: ElementTree.Element, *, hidden: bool, opacity: float) -> list[ElementTree.Element]:
        """The element as it may stay, nothing, or its children where it was only a wrapping."""
        tag = element.tag.removeprefix(f"{{{SVG}}}")
        if tag == "a":
            return self._link(element, opacity)
        if element.get("display") == "none" or (tag == "path" and element.get("d", "") in NOTHING) or tag not in SHAPES | HOLDERS:
            return []
        opacity *= float(element.get("opacity", "1"))
        made = ElementTree.Element(tag, self._attributes(element, opacity))
        made.text = element.text
        hidden = hidden or element.get("aria-hidden") == "true"
        for child in element:
            made.extend(self._element(child, hidden=hidden, opacity=opacity))
        if tag in SHAPES:
            self._seen(element, made, opacity)
            self._tell(element, made, hidden=hidden)
        return list(made) if tag == "g" and not made.attrib else [] if tag == "g" and not len(made) else [made]

    def _seen(self, element: ElementTree.Element, made: ElementTree.Element, opacity: float) -> None:
        """What would be lost on paper: a tint gets an outline, a bar of no width the least, letters among marks a halo."""
        fill = element.get("fill", "none")
        if made.tag == "text":
            if element in self.among_marks and "stroke" not in made.attrib:
                made.attrib |= {"stroke": self._colour("#ffffff"), "stroke-width": "3", "stroke-linejoin": "round", "paint-order": "stroke"}
        elif "stroke" in made.attrib or opacity < SEE_THROUGH:
            return
        elif is_tint(fill):
            inside, outline = outlined(fill)
            made.attrib |= {"fill": self._said(inside), "stroke": self._said(outline)}
        elif (bar := BAR.match(element.get("d", ""))) and float(bar[1]) < 1:
            made.attrib |= {"stroke": made.get("fill", "none"), "stroke-width": "1"}

    def _tell(self, element: ElementTree.Element, made: ElementTree.Element, *, hidden: bool) -> None:
        """The mark's tooltip as its title."""
        told = element.get("aria-label")
        if told and not hidden and not self.alone:
            title = ElementTree.Element("title")
            title.text = told.replace(NEXT, "\n")
            if len(made) == 0 and made.text and made.tag == "text":
                inner = ElementTree.Element("tspan")
                inner.text, made.text = made.text, None
                made.append(inner)
            made.insert(0, title)

    def _link(self, element: ElementTree.Element, opacity: float) -> list[ElementTree.Element]:
        """A link to a record around its mark; any other link is taken away and its mark stays."""
        inside = [one for child in element for one in self._element(child, hidden=False, opacity=opacity)]
        _, found, ref = element.get(f"{{{XLINK}}}href", "").partition(REF)
        if self.alone or not found or not inside:
            return inside
        self.links += 1
        link = ElementTree.Element("a", {"href": REF + ref})
        told = inside[0].find("title")
        if told is not None:  # said once, by the link
            inside[0].remove(told)
            link.append(told)
        link.extend(inside)
        return [link]

    def _attributes(self, element: ElementTree.Element, opacity: float = 1.0) -> dict[str, str]:
        kept: dict[str, str] = {}
        letters = element.tag.endswith(("text", "tspan"))
        faint = float(element.get("fill-opacity", element.get("stroke-opacity", "1")))
        for name, value in element.attrib.items():
            if name == "id":
                kept["id"] = self.names[value]
            elif within := WITHIN.fullmatch(value):
                if name in POINTED and within[1] in self.names:
                    kept[name] = f"url(#{self.names[within[1]]})"
            elif name in COLOURS:
                kept[name] = self._colour(value, letters=letters and name == "fill", opacity=opacity * faint)
            elif name in PLAIN and not (name in ("opacity", "fill-opacity") and value == "1"):
                kept[name] = thinned(value) if name == "d" and OUTLINE.fullmatch(value) else LONG_NUMBER.sub(_short, value.removesuffix("px"))
        return {name: value for name, value in kept.items() if (name, value) != ("transform", "translate(0,0)")}

    def _colour(self, value: str, *, letters: bool = False, opacity: float = 1.0) -> str:
        found = pair(value, letters=letters, opacity=round(opacity, 2))
        if found is None:
            return value if value in ("none", "transparent", "currentColor") else "none"
        return self._said(found)

    def _said(self, colours: Pair) -> str:
        return colours.plain(dark=self.dark) if self.alone else colours.css(dark=self.dark)


def _short(number: re.Match[str]) -> str:
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".")


def _text(root: ElementTree.Element, more: dict[str, str]) -> str:
    root.attrib.update(more)
    return ElementTree.tostring(root, encoding="unicode", short_empty_elements=True)
