"""Borders on a screen: long outlines without the corners that no pixel shows, which makes a map a third as heavy."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree.ElementTree import Element

OUTLINE = re.compile(r"M[MLZ\d.,e-]{600,}")  # a long path of straight lines between absolute places
CORNER = re.compile(r"(-?[\d.]+(?:e-?\d+)?),(-?[\d.]+(?:e-?\d+)?)")
STEP = 9  # tenths of a pixel

Corner = tuple[int, int]


def thinned(path: str) -> str:
    """The outline in steps of at least nine tenths of a pixel, written as steps; rings smaller than that are left out.

    >>> thinned("M0,0L0.1,0.1L5,5L5.1,5.2L9,0.2Z")
    'M0,0l5,5 4-4.8Z'
    """
    rings = (_ring([(round(10 * float(x)), round(10 * float(y))) for x, y in CORNER.findall(ring)]) for ring in path.split("M")[1:])
    end = "Z" if path.rstrip().endswith("Z") else ""
    return "".join(f"{ring}{end}" for ring in rings if ring)


def _ring(corners: list[Corner]) -> str:
    left = corners[:1]
    for x, y in corners[1:]:
        if abs(x - left[-1][0]) + abs(y - left[-1][1]) >= STEP:
            left.append((x, y))
    if len(left) < 3:
        return ""
    steps = [_pair(x - before[0], y - before[1]) for before, (x, y) in pairwise(left)]
    return f"M{_tenths(left[0][0])},{_tenths(left[0][1])}l" + " ".join(steps)


def _pair(x: int, y: int) -> str:
    """A step; a minus parts two numbers as well as a comma does."""
    return f"{_tenths(x)}{'' if y < 0 else ','}{_tenths(y)}"


def _tenths(number: int) -> str:
    whole, tenth = divmod(abs(number), 10)
    return ("-" if number < 0 else "") + (f"{whole or ''}.{tenth}" if tenth else str(whole))


def uncovered(root: Element) -> None:
    """Take away outlines that are drawn again later, over themselves: a country with a value lies on the same country without."""
    last: dict[str, Element] = {}
    covered = []
    for path in root.iter("path"):
        outline = path.get("d", "")
        if len(outline) > 200 and path.get("fill", "none") != "none":
            covered += [last[outline]] if outline in last else []
            last[outline] = path
    parents = {child: parent for parent in root.iter() for child in parent}
    for path in covered:
        parents[path].remove(path)
