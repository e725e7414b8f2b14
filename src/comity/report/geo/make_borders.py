"""Makes `borders-50m.json` and `points.csv` from Natural Earth's countries, as the npm package `world-atlas` carries them.

    python -m comity.report.geo.make_borders path/to/countries-50m.json

What is decided, and not computed, stands in `overrides.yaml`: ids of features without an ISO code, names, which territory is drawn as part of
which, and label points. Every entry there is checked here against the geometry that results, so that the file and the map cannot say different
things. The result stays TopoJSON with the source's own grid; a border that two countries share is one arc, before and after simplifying.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HERE = Path(__file__).parent
BORDERS_FILE = "borders-50m.json"
POINTS_FILE = "points.csv"
OVERRIDES_FILE = "overrides.yaml"

SMALLEST_BEND_KM2 = 3.0
"""A vertex goes when the triangle it makes with its neighbours is smaller than this."""
KEPT_WHOLE_KM2 = 5_000.0
"""Rings up to this area keep every vertex."""
KM_PER_DEGREE = 111.195

# ISO 3166-1: numeric and alpha-3 code of each country, as one word.
ISO_3166 = """
533ABW 004AFG 024AGO 660AIA 248ALA 008ALB 020AND 784ARE 032ARG 051ARM 016ASM 010ATA 260ATF 028ATG 036AUS 040AUT 031AZE 108BDI 056BEL 204BEN 535BES
854BFA 050BGD 100BGR 048BHR 044BHS 070BIH 652BLM 112BLR 084BLZ 060BMU 068BOL 076BRA 052BRB 096BRN 064BTN 074BVT 072BWA 140CAF 124CAN 166CCK 756CHE
152CHL 156CHN 384CIV 120CMR 180COD 178COG 184COK 170COL 174COM 132CPV 188CRI 192CUB 531CUW 162CXR 136CYM 196CYP 203CZE 276DEU 262DJI 212DMA 208DNK
214DOM 012DZA 218ECU 818EGY 232ERI 732ESH 724ESP 233EST 231ETH 246FIN 242FJI 238FLK 250FRA 234FRO 583FSM 266GAB 826GBR 268GEO 831GGY 288GHA 292GIB
324GIN 312GLP 270GMB 624GNB 226GNQ 300GRC 308GRD 304GRL 320GTM 254GUF 316GUM 328GUY 344HKG 334HMD 340HND 191HRV 332HTI 348HUN 360IDN 833IMN 356IND
086IOT 372IRL 364IRN 368IRQ 352ISL 376ISR 380ITA 388JAM 832JEY 400JOR 392JPN 398KAZ 404KEN 417KGZ 116KHM 296KIR 659KNA 410KOR 414KWT 418LAO 422LBN
430LBR 434LBY 662LCA 438LIE 144LKA 426LSO 440LTU 442LUX 428LVA 446MAC 663MAF 504MAR 492MCO 498MDA 450MDG 462MDV 484MEX 584MHL 807MKD 466MLI 470MLT
104MMR 499MNE 496MNG 580MNP 508MOZ 478MRT 500MSR 474MTQ 480MUS 454MWI 458MYS 175MYT 516NAM 540NCL 562NER 574NFK 566NGA 558NIC 570NIU 528NLD 578NOR
524NPL 520NRU 554NZL 512OMN 586PAK 591PAN 612PCN 604PER 608PHL 585PLW 598PNG 616POL 630PRI 408PRK 620PRT 600PRY 275PSE 258PYF 634QAT 638REU 642ROU
643RUS 646RWA 682SAU 729SDN 686SEN 702SGP 239SGS 654SHN 744SJM 090SLB 694SLE 222SLV 674SMR 706SOM 666SPM 688SRB 728SSD 678STP 740SUR 703SVK 705SVN
752SWE 748SWZ 534SXM 690SYC 760SYR 796TCA 148TCD 768TGO 764THA 762TJK 772TKL 795TKM 626TLS 776TON 780TTO 788TUN 792TUR 798TUV 158TWN 834TZA 800UGA
804UKR 581UMI 858URY 840USA 860UZB 336VAT 670VCT 862VEN 092VGB 850VIR 704VNM 548VUT 876WLF 882WSM 887YEM 710ZAF 894ZMB 716ZWE
"""
ALPHA_3 = {word[:3]: word[3:] for word in ISO_3166.split()}

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


# Reading


def read_topology(source: Path, overrides: dict[str, Any], names: dict[str, str]) -> Topology:
    """The source's countries under our ids and names."""
    raw = json.loads(source.read_text(encoding="utf-8"))
    transform = raw["transform"]
    topology = Topology(
        scale=tuple(transform["scale"]),
        translate=tuple(transform["translate"]),
        arcs=[np.cumsum(np.array(arc, dtype=np.int64), axis=0) for arc in raw["arcs"]],
    )
    own = {entry["source"]: entry for entry in overrides["features"]}
    folded = {entry["source"]: entry["into"] for entry in overrides["folded"]}
    parted = {entry["source"]: entry["parts"] for entry in overrides["parted"]}
    extra: list[tuple[str, list[Polygon]]] = []
    for geometry in raw["objects"]["countries"]["geometries"]:
        called = geometry["properties"]["name"]
        polygons: list[Polygon] = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
        if called in folded:
            extra.append((folded.pop(called), polygons))
        elif called in parted:
            extra.extend((part_of(topology, polygon, parted[called]), [polygon]) for polygon in polygons)
            del parted[called]
        elif called in own:
            entry = own.pop(called)
            add(topology, Feature(entry["id"], names[entry["id"]], polygons, disputed=entry["disputed"]))
        elif geometry.get("id") in ALPHA_3:
            code = ALPHA_3[geometry["id"]]
            add(topology, Feature(code, names[code], polygons))
        else:
            raise GeometryFault(f"no id for {called!r}: name it under `features`, `folded` or `parted`")
    drop_pole(topology)
    if unused := sorted([*own, *folded, *parted]):
        raise GeometryFault(f"not in the source: {unused}")
    for code, polygons in extra:
        if code not in topology.features:
            add(topology, Feature(code, names[code], []))
        topology.features[code].polygons.extend(polygons)
    return topology


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


# Changing who holds what


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


def redraw(topology: Topology, borders: list[dict[str, Any]]) -> None:
    """Do what the overrides say of territories that the source draws otherwise."""
    for entry in borders:
        if entry["how"] == "kept":
            continue
        giver, taker, at = entry["source_draws"], entry["drawn_as"], tuple(entry["at"])
        polygon = holding(topology, giver, at)
        if entry["how"] == "cut":
            part, remainder = cut(topology, polygon, [tuple(point) for point in entry["line"]], at)
            topology.features[giver].polygons = [remainder if one is polygon else one for one in topology.features[giver].polygons]
            topology.features[giver].polygons.append(part)
            polygon = part
        hand_over(topology, giver, polygon, taker)


# Simplifying and writing


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


def as_topojson(topology: Topology) -> str:
    """The topology as compact TopoJSON: features by id, arcs as steps from vertex to vertex, arcs without use left out."""
    features = sorted(topology.features.values(), key=lambda feature: feature.id)
    numbers: dict[int, int] = {}
    for feature in features:
        for ring in (ring for polygon in feature.polygons for ring in polygon):
            for number in ring:
                numbers.setdefault(number if number >= 0 else ~number, len(numbers))

    def renumbered(ring: Ring) -> Ring:
        return [numbers[number] if number >= 0 else ~numbers[~number] for number in ring]

    geometries = []
    for feature in features:
        polygons = [[renumbered(ring) for ring in polygon] for polygon in feature.polygons]
        one = len(polygons) == 1
        properties: dict[str, Any] = {"name": feature.name} | ({"disputed": True} if feature.disputed else {})
        geometries.append({"type": "Polygon" if one else "MultiPolygon", "id": feature.id, "properties": properties, "arcs": polygons[0] if one else polygons})
    arcs = [np.diff(topology.arcs[number], axis=0, prepend=np.zeros((1, 2), dtype=np.int64)).tolist() for number in numbers]
    document = {
        "type": "Topology",
        "transform": {"scale": topology.scale, "translate": topology.translate},
        "objects": {"countries": {"type": "GeometryCollection", "geometries": geometries}},
        "arcs": arcs,
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"


# Label points


def label_point(topology: Topology, feature: Feature) -> tuple[float, float]:
    """The centroid of a feature's largest polygon, or, where that lies outside, the point farthest from its border."""
    polygon = max(feature.polygons, key=lambda one: abs(signed_area(flat_km(topology.outline(one[0])))))
    outline = topology.outline(polygon[0])
    x, y = (outline - outline[0]).T
    cross = x[:-1] * y[1:] - x[1:] * y[:-1]
    middle = np.array([((x[:-1] + x[1:]) * cross).sum(), ((y[:-1] + y[1:]) * cross).sum()]) / (3 * cross.sum()) + outline[0]
    point = (float(middle[0]), float(middle[1]))
    if not topology.holds(polygon, point):
        point = innermost(topology, polygon, outline)
    return ((point[0] + 180) % 360 - 180, point[1])


def innermost(topology: Topology, polygon: Polygon, outline: Points) -> tuple[float, float]:
    """The point of a grid over a polygon that lies farthest from its outline."""
    west, south = (float(one) for one in outline.min(axis=0))
    east, north = (float(one) for one in outline.max(axis=0))
    stretch = np.array([np.cos(np.radians((south + north) / 2)), 1.0])
    steps = 60
    inside = [
        (float(lon), float(lat))
        for lon in np.linspace(west, east, steps)
        for lat in np.linspace(south, north, steps)
        if topology.holds(polygon, (float(lon), float(lat)))
    ]
    return max(inside, key=lambda point: float(np.hypot(*((outline - np.array(point)) * stretch).T).min()))


def label_points(topology: Topology, overrides: dict[str, Any], codes: Iterable[str]) -> dict[str, tuple[float, float]]:
    """Where the label of each actor goes: as the overrides say, else by its shape."""
    given = {code: tuple(entry["at"]) for code, entry in overrides["points"].items()}
    points: dict[str, tuple[float, float]] = {}
    for code in sorted(codes):
        if code in given:
            points[code] = (float(given[code][0]), float(given[code][1]))
        elif code in topology.features:
            points[code] = label_point(topology, topology.features[code])
        else:
            raise GeometryFault(f"{code} has neither a shape nor a point")
    return points


def as_csv(points: dict[str, tuple[float, float]]) -> str:
    """The label points as a table."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["iso3", "lon", "lat"])
    table.writerows([code, f"{lon:.3f}", f"{lat:.3f}"] for code, (lon, lat) in points.items())
    return text.getvalue()


# Checking


def faults(topology: Topology, overrides: dict[str, Any], codes: set[str]) -> list[str]:
    """What the overrides say and the geometry does not, or the other way round."""
    found = []
    for entry in overrides["borders"]:
        expected = [entry["drawn_as"]] if entry["drawn_as"] else []
        actual = topology.holders(tuple(entry["at"]))
        if actual != expected:
            found.append(f"borders: {entry['id']} is drawn as {actual}, not as {expected}")
    for section in ("seas", "places"):
        found.extend(f"{section}: {entry['id']} lies on land" for entry in overrides[section] if topology.holders(tuple(entry["at"])))
    shapeless = codes - set(topology.features)
    told = {code for code, entry in overrides["points"].items() if "drawn_in" in entry}
    found.extend(f"points: {code} has no shape and no `drawn_in`" for code in sorted(shapeless - told))
    found.extend(f"points: {code} has a shape, or is no actor, but a `drawn_in`" for code in sorted(told - shapeless))
    for code, entry in overrides["points"].items():
        holder = entry.get("drawn_in", code)
        if holder and holder not in topology.holders(tuple(entry["at"])):
            found.append(f"points: the point of {code} is not in {holder}")
    known = codes | set(topology.features)
    found.extend(f"names: {code} is on no map" for code in overrides["names"] if code not in known)
    for feature in topology.features.values():
        for ring in (ring for polygon in feature.polygons for ring in polygon):
            if len(topology.outline(ring)) < 4:
                found.append(f"{feature.id} has a ring of no area")
    entries = [entry for section in ("features", "folded", "parted", "borders", "seas", "places") for entry in overrides[section]]
    entries += [*overrides["names"].values(), *overrides["points"].values()]
    found.extend(f"without a note: {entry}" for entry in entries if not entry.get("note"))
    return found


def actor_names() -> dict[str, str]:
    """English short names of the actors that exist today and have a three-letter code, from the register's own table; Kosovo's is XKX."""
    table = (files("comity.data") / "world" / "actors.csv").read_text(encoding="utf-8")
    rows = [row for row in csv.DictReader(io.StringIO(table)) if row["end"] == ".."]
    return {row["iso3"] or row["id"]: row["short_en"] for row in rows if row["iso3"] or row["id"] == "XKX"}


def make(source: Path, out: Path) -> None:
    """Write both files, or raise with everything that is wrong."""
    overrides = yaml.safe_load((HERE / OVERRIDES_FILE).read_text(encoding="utf-8"))
    actors = actor_names()
    topology = read_topology(source, overrides, actors | {code: entry["en"] for code, entry in overrides["names"].items()})
    redraw(topology, overrides["borders"])
    simplify(topology)
    if wrong := faults(topology, overrides, set(actors)):
        raise GeometryFault("\n".join(wrong))
    (out / BORDERS_FILE).write_text(as_topojson(topology), encoding="utf-8")
    (out / POINTS_FILE).write_text(as_csv(label_points(topology, overrides, actors)), encoding="utf-8")


def main() -> None:
    """Read the arguments and make the files."""
    parser = argparse.ArgumentParser(description="Make the map's borders and label points.")
    parser.add_argument("source", type=Path, help="countries-50m.json of the npm package world-atlas")
    parser.add_argument("--out", type=Path, default=HERE, help="folder to write to (default: beside this script)")
    arguments = parser.parse_args()
    make(arguments.source, arguments.out)


if __name__ == "__main__":
    main()
