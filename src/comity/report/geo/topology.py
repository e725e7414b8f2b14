"""Borders as a topology: arcs that neighbours share, territories cut along a line, handed over and joined, and simplified without gaps."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SMALLEST_BEND_KM2 = 3.0
"""A vertex goes when the triangle it makes with its neighbours is smaller than this."""
KEPT_WHOLE_KM2 = 5_000.0
"""Rings up to this area keep every vertex."""
KM_PER_DEGREE = 111.195

Points = npt.NDArray[np.float64]
Steps = npt.NDArray[np.int64]
Ring = list[int]
"""Arc numbers in order; `~n` is arc n walked backwards."""
Polygon = list[Ring]
"""The outline first, then its holes."""


class GeometryFault(Exception):
    """The source or the overrides are not what this script can work with."""


@dataclass
class Feature:
    """One country or territory of the map."""

    id: str
    name: str
    polygons: list[Polygon]
    disputed: bool = False


@dataclass
class Topology:
    """Shared arcs on the source's integer grid, and the features made of them."""

    scale: tuple[float, float]
    translate: tuple[float, float]
    arcs: list[Steps]
    features: dict[str, Feature] = field(default_factory=dict)

    def degrees(self, steps: Steps) -> Points:
        """Grid positions as longitude and latitude."""
        return np.asarray(steps * np.array(self.scale) + np.array(self.translate), dtype=np.float64)

    def steps(self, points: Iterable[Iterable[float]]) -> Steps:
        """Longitudes and latitudes as the nearest grid positions."""
        places = np.array([list(point) for point in points], dtype=float)
        return np.asarray(np.rint((places - np.array(self.translate)) / np.array(self.scale)), dtype=np.int64)

    def arc(self, number: int) -> Steps:
        """An arc in the direction that its number says."""
        return self.arcs[number] if number >= 0 else self.arcs[~number][::-1]

    def outline(self, ring: Ring) -> Points:
        """A closed ring in degrees, with longitudes running on past 180; a ring around the South Pole is closed along 90°S."""
        parts = [self.arc(number)[1:] for number in ring]
        points = unrolled(self.degrees(np.concatenate([self.arc(ring[0])[:1], *parts])))
        first, last = float(points[0, 0]), float(points[-1, 0])
        if abs(last - first) < 180:
            return points
        return np.concatenate([points, [[last, -90.0], [first, -90.0]], points[:1]])

    def rings(self) -> Iterator[Ring]:
        """Every ring of every feature."""
        return (ring for feature in self.features.values() for polygon in feature.polygons for ring in polygon)

    def holds(self, polygon: Polygon, at: tuple[float, float]) -> bool:
        """Whether a polygon contains a point."""
        outer, *holes = polygon
        return contains(self.outline(outer), at) and not any(contains(self.outline(hole), at) for hole in holes)

    def holders(self, at: tuple[float, float]) -> list[str]:
        """Ids of the features that contain a point."""
        return [feature.id for feature in self.features.values() if any(self.holds(polygon, at) for polygon in feature.polygons)]


def unrolled(points: Points) -> Points:
    """Points with longitudes that never jump by more than half the globe.

    >>> unrolled(np.array([[179.0, 0.0], [-179.0, 1.0]])).tolist()
    [[179.0, 0.0], [181.0, 1.0]]
    """
    result = points.copy()
    jump = np.diff(points[:, 0])
    result[1:, 0] -= 360 * np.cumsum(np.rint(jump / 360))
    return result


def contains(outline: Points, at: tuple[float, float]) -> bool:
    """Whether a closed outline contains a point, by counting crossings eastward of it.

    >>> contains(np.array([[0, 0], [0, 2], [2, 2], [2, 0], [0, 0]], dtype=float), (1, 1))
    True
    """
    lon, lat = at
    (x1, y1), (x2, y2) = outline[:-1].T, outline[1:].T
    crossing = (y1 > lat) != (y2 > lat)
    x1, y1, x2, y2 = x1[crossing], y1[crossing], x2[crossing], y2[crossing]
    meets = x1 + (lat - y1) * (x2 - x1) / (y2 - y1)
    return any(int((lon + turn < meets).sum()) % 2 == 1 for turn in (-360, 0, 360))


def flat_km(outline: Points) -> Points:
    """An outline in kilometres, true to area around its own middle latitude."""
    middle = float(outline[:, 1].mean())
    return np.asarray(outline * KM_PER_DEGREE * np.array([np.cos(np.radians(middle)), 1.0]), dtype=np.float64)


def signed_area(flat: Points) -> float:
    """Area inside a closed outline; below zero when it runs clockwise, as outlines in the source do."""
    x, y = (flat - flat[0]).T
    return float((x[:-1] * y[1:] - x[1:] * y[:-1]).sum() / 2)


def add(topology: Topology, feature: Feature) -> None:
    """Put in a feature, once."""
    if feature.id in topology.features:
        raise GeometryFault(f"two features have the id {feature.id}")
    topology.features[feature.id] = feature


def drop_pole(topology: Topology) -> None:
    """Take out the ring along 90°S that is left in Antarctica where the source's flat map ended."""
    for polygon in topology.features["ATA"].polygons:
        polygon[:] = [ring for ring in polygon if topology.outline(ring)[:, 1].max() > -89.9]


def part_of(topology: Topology, polygon: Polygon, parts: list[dict[str, Any]]) -> str:
    """Which part of a parted source feature a polygon belongs to, by its westernmost point."""
    west = float(topology.outline(polygon[0])[:, 0].min())
    for part in parts:
        if part["west"] <= west <= part["east"]:
            return str(part["id"])
    raise GeometryFault(f"no part reaches from {west:.2f} degrees")


def holding(topology: Topology, code: str, at: tuple[float, float]) -> Polygon:
    """The polygon of a feature that contains a point."""
    for polygon in topology.features[code].polygons:
        if topology.holds(polygon, at):
            return polygon
    raise GeometryFault(f"{code} does not hold {at}")


def split_arc(topology: Topology, number: int, vertex: int) -> None:
    """Make two arcs of one, in every ring that uses it."""
    whole, new = topology.arcs[number], len(topology.arcs)
    topology.arcs[number] = whole[: vertex + 1]
    topology.arcs.append(whole[vertex:])
    for ring in topology.rings():
        after: Ring = []
        for one in ring:
            after.extend([number, new] if one == number else [~new, ~number] if one == ~number else [one])
        ring[:] = after


def node_at(topology: Topology, ring: Ring, at: tuple[float, float]) -> Steps:
    """The ring's vertex nearest to a point, made the end of an arc."""
    best: tuple[float, int, int] | None = None
    for number in {one if one >= 0 else ~one for one in ring}:
        away = np.hypot(*(topology.degrees(topology.arcs[number]) - np.array(at)).T)
        vertex = int(away.argmin())
        if best is None or away[vertex] < best[0]:
            best = (float(away[vertex]), number, vertex)
    if best is None:
        raise GeometryFault("an empty ring")
    _, number, vertex = best
    node: Steps = topology.arcs[number][vertex]
    if 0 < vertex < len(topology.arcs[number]) - 1:
        split_arc(topology, number, vertex)
    return node


def cut(topology: Topology, polygon: Polygon, line: list[tuple[float, float]], at: tuple[float, float]) -> tuple[Polygon, Polygon]:
    """Cut a polygon along a line that runs from border to border: the part with `at`, and the rest."""
    if len(polygon) > 1:
        raise GeometryFault("cannot cut a polygon with holes")
    ring = polygon[0]
    first, last = node_at(topology, ring, line[0]), node_at(topology, ring, line[-1])
    starts = [tuple(topology.arc(one)[0]) for one in ring]
    begin, end = starts.index(tuple(first)), starts.index(tuple(last))
    new = len(topology.arcs)
    topology.arcs.append(np.concatenate([first[None], topology.steps(line[1:-1]), last[None]]))
    turned = ring[begin:] + ring[:begin]
    middle = (end - begin) % len(ring)
    one, other = [[*turned[:middle], ~new]], [[*turned[middle:], new]]
    return (one, other) if topology.holds(one, at) else (other, one)


def merged(topology: Topology, polygons: list[Polygon]) -> Polygon:
    """One polygon of several that touch along arcs; the arcs between them go."""
    left = [number for polygon in polygons for ring in polygon for number in ring]
    left = [number for number in left if ~number not in left]
    rings: list[Ring] = []
    while left:
        ring = [left.pop(0)]
        while tuple(topology.arc(ring[-1])[-1]) != tuple(topology.arc(ring[0])[0]):
            here = tuple(topology.arc(ring[-1])[-1])
            ways = [number for number in left if tuple(topology.arc(number)[0]) == here]
            if len(ways) != 1:
                raise GeometryFault(f"cannot join: {len(ways)} ways on from {here}")
            left.remove(ways[0])
            ring.append(ways[0])
        rings.append(ring)
    outer = [ring for ring in rings if signed_area(flat_km(topology.outline(ring))) < 0]
    if len(outer) != 1:
        raise GeometryFault(f"the parts make {len(outer)} outlines")
    return [outer[0], *(ring for ring in rings if ring is not outer[0])]


def hand_over(topology: Topology, giver: str, polygon: Polygon, taker: str) -> None:
    """Take a polygon from one feature and join it to another, without a border where they touch."""
    topology.features[giver].polygons = [one for one in topology.features[giver].polygons if one is not polygon]
    border = {~number for ring in polygon for number in ring}
    mine = topology.features[taker].polygons
    touching = [one for one in mine if border & {number for ring in one for number in ring}]
    rest = [one for one in mine if not any(one is other for other in touching)]
    topology.features[taker].polygons = [merged(topology, [*touching, polygon]), *rest]


def simplify(topology: Topology) -> None:
    """Drop the vertices that matter least, but none of a small ring."""
    whole = {
        number if number >= 0 else ~number
        for ring in topology.rings()
        if abs(signed_area(flat_km(topology.outline(ring)))) <= KEPT_WHOLE_KM2
        for number in ring
    }
    topology.arcs = [arc if number in whole else thinned(topology, arc) for number, arc in enumerate(topology.arcs)]


def thinned(topology: Topology, arc: Steps) -> Steps:
    """An arc without its smallest bends (Visvalingam's method); its ends, and at least two vertices between them, stay."""
    flat = flat_km(unrolled(topology.degrees(arc)))
    keep = list(range(len(arc)))
    bends = [np.inf, *(bend(flat, *keep[place - 1 : place + 2]) for place in range(1, len(keep) - 1)), np.inf]
    while len(keep) > 4:
        place = int(np.argmin(bends))
        least = bends[place]
        if least >= SMALLEST_BEND_KM2:
            break
        del keep[place], bends[place]
        for near in (place - 1, place):
            if 0 < near < len(keep) - 1:
                bends[near] = max(least, bend(flat, *keep[near - 1 : near + 2]))
    return arc[keep]


def bend(flat: Points, before: int, vertex: int, after: int) -> float:
    """Area of the triangle at a vertex."""
    (ax, ay), (bx, by), (cx, cy) = flat[before], flat[vertex], flat[after]
    return abs(float((bx - ax) * (cy - ay) - (cx - ax) * (by - ay))) / 2
