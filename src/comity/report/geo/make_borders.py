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
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import yaml

from comity.report.geo.topology import (
    Feature,
    GeometryFault,
    Points,
    Polygon,
    Ring,
    Topology,
    add,
    cut,
    drop_pole,
    flat_km,
    hand_over,
    holding,
    part_of,
    signed_area,
    simplify,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

HERE = Path(__file__).parent
BORDERS_FILE = "borders-50m.json"
POINTS_FILE = "points.csv"
OVERRIDES_FILE = "overrides.yaml"

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
