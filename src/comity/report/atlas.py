"""The outlines of all states as drawing paths, made once: a page shades them anew for every year without drawing the world again.

The same borders as the report's map (see geo/PROVENANCE.md), in the same projection of equal area (Equal Earth; Šavrič, Patterson & Jenny 2019),
turned so that the edge of the map runs through open water. Small states have no outline that can be seen: they are circles at their point.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from comity.register.cache import cached
from comity.report.charts.world import borders, points

Ring = npt.NDArray[np.float64]

WIDTH = 960.0
STEP = 1.2  # pixels between two points of an outline: less is not seen
SMALLEST = 1.2  # square pixels of an island that is still drawn beside a larger part of its state
SEEN = 14.0  # square pixels below which a state is a circle too
A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796
NO_MAN = frozenset({"ATA"})  # Antarctica has no ties and a third of the map's height


@dataclass(frozen=True)
class Atlas:
    """Paths by state, circles of small states, a place in every state, and the height of a drawing that is `WIDTH` wide."""

    paths: dict[str, str]
    circles: dict[str, tuple[float, float]]
    places: dict[str, tuple[float, float]]
    height: float


@cache
def atlas(home: tuple[float, float]) -> Atlas:
    """The atlas for a home country at this longitude and latitude."""
    turn = centre_of(home[0])
    told = json.loads(cached(f"atlas-{_digest()}-{turn:.0f}.json", lambda: json.dumps(_made(turn)).encode()))
    circles, places = ({code: (x, y) for code, (x, y) in told[name].items()} for name in ("circles", "places"))
    return Atlas(told["paths"], circles, places, told["height"])


def centre_of(longitude: float) -> float:
    """The middle meridian that keeps home near the middle and the edge in open water: the Pacific and Asia, or the Atlantic and Africa."""
    return 150.0 if 60 <= longitude % 360 <= 240 else 10.0


def projected(longitudes: Ring, latitudes: Ring) -> tuple[Ring, Ring]:
    """Equal Earth: degrees from the middle meridian, and latitudes, as x and y in units of the sphere's radius."""
    theta = np.arcsin(math.sqrt(3) / 2 * np.sin(np.radians(latitudes)))
    squared = theta * theta
    sixth = squared**3
    x = np.radians(longitudes) * np.cos(theta) / (math.sqrt(3) / 2 * (A1 + 3 * A2 * squared + sixth * (7 * A3 + 9 * A4 * squared)))
    y = theta * (A1 + A2 * squared + sixth * (A3 + A4 * squared))
    return x, y


def _made(turn: float) -> dict[str, object]:
    scale = WIDTH / (2 * float(projected(np.array([180.0]), np.array([0.0]))[0][0]))
    top = float(projected(np.array([0.0]), np.array([84.0]))[1][0]) * scale
    bottom = float(projected(np.array([0.0]), np.array([-58.0]))[1][0]) * scale
    paths, circles = {}, {}
    for code, rings in _states():
        drawn = [ring for outline in rings for ring in _drawn(outline, turn, scale, top)]
        large = [ring for ring in drawn if abs(_area(ring)) >= SMALLEST] or drawn[:1]
        paths[code] = "".join(_path(ring) for ring in large)
        if sum(abs(_area(ring)) for ring in large) < SEEN and code in points():
            circles[code] = _place(points()[code], turn, scale, top)
    places = {code: _place(at, turn, scale, top) for code, at in points().items()}
    return {"paths": {code: path for code, path in paths.items() if path}, "circles": circles, "places": places, "height": round(top - bottom, 1)}


def _place(at: tuple[float, float], turn: float, scale: float, top: float) -> tuple[float, float]:
    x, y = projected(np.array([(at[0] - turn + 180) % 360 - 180]), np.array([at[1]]))
    return round(float(x[0]) * scale + WIDTH / 2, 1), round(top - float(y[0]) * scale, 1)


def _states() -> Iterator[tuple[str, list[Ring]]]:
    """The outlines of each state in degrees."""
    topology = borders()
    grid, origin = np.array(topology["transform"]["scale"]), np.array(topology["transform"]["translate"])
    arcs = [np.cumsum(np.array(arc, dtype=float), axis=0) * grid + origin for arc in topology["arcs"]]
    for shape in topology["objects"]["countries"]["geometries"]:
        if shape["id"] in NO_MAN or "arcs" not in shape:
            continue
        polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
        yield shape["id"], [_joined(arcs, ring) for polygon in polygons for ring in polygon]


def _joined(arcs: list[Ring], ring: Iterable[int]) -> Ring:
    """A ring from the arcs that it is made of, its longitudes running on past 180."""
    parts = [arcs[number] if number >= 0 else arcs[~number][::-1] for number in ring]
    joined = np.concatenate([parts[0], *(part[1:] for part in parts[1:])])
    jumps = np.diff(joined[:, 0])
    joined[1:, 0] -= 360 * np.cumsum(np.rint(jumps / 360))
    return joined


def _drawn(ring: Ring, turn: float, scale: float, top: float) -> list[Ring]:
    """A ring on the page: turned, cut at the map's edge where it crosses it, thinned."""
    made = []
    for shift in (-360.0, 0.0, 360.0):
        turned = ring.copy()
        turned[:, 0] += shift - turn
        if turned[:, 0].max() <= -180 or turned[:, 0].min() >= 180:
            continue
        inside = turned if turned[:, 0].min() >= -180 and turned[:, 0].max() <= 180 else _cut(_cut(turned, -180.0, 1), 180.0, -1)
        if len(inside) > 2:
            x, y = projected(inside[:, 0], inside[:, 1])
            made.append(_thinned(np.column_stack([x * scale + WIDTH / 2, top - y * scale])))
    return made


def _cut(ring: Ring, edge: float, side: int) -> Ring:
    """The part of a ring on one side of a meridian (Sutherland & Hodgman 1974)."""
    kept: list[tuple[float, float]] = []
    for (x1, y1), (x2, y2) in zip(np.roll(ring, 1, axis=0), ring, strict=True):
        before, after = (x1 - edge) * side >= 0, (x2 - edge) * side >= 0
        if before != after:
            kept.append((edge, y1 + (edge - x1) * (y2 - y1) / (x2 - x1)))
        if after:
            kept.append((x2, y2))
    return np.array(kept) if kept else np.zeros((0, 2))


def _thinned(ring: Ring) -> Ring:
    """A ring without the points that lie closer together than can be seen."""
    kept = [ring[0]]
    for point in ring[1:]:
        if abs(point[0] - kept[-1][0]) + abs(point[1] - kept[-1][1]) >= STEP:
            kept.append(point)
    return np.array(kept if len(kept) > 2 else ring)


def _area(ring: Ring) -> float:
    x, y = ring[:, 0], ring[:, 1]
    return float(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))) / 2


def _path(ring: Ring) -> str:
    """A ring as a path: the first point, then steps from each to the next."""
    tenths = np.rint(ring * 10).astype(int)
    steps = np.diff(tenths, axis=0)
    told = "".join(f"l{dx / 10:g} {dy / 10:g}" for dx, dy in steps if dx or dy)
    return f"M{tenths[0, 0] / 10:g} {tenths[0, 1] / 10:g}{told}z"


@cache
def _digest() -> str:
    """Digest of the borders and of this code."""
    import hashlib
    from pathlib import Path

    told = json.dumps(borders(), sort_keys=True) + Path(__file__).read_text(encoding="utf-8")
    return hashlib.sha256(told.encode()).hexdigest()[:20]
