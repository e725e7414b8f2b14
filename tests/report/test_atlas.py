"""The atlas: every state of the borders once, in a projection of equal area, cut where the map ends."""

from __future__ import annotations

import math
import re

import numpy as np

from comity.report.atlas import NO_MAN, WIDTH, atlas, centre_of, projected
from comity.report.charts.world import borders

SEOUL, BERLIN = (127.0, 37.5), (13.4, 52.5)


def corners(path: str) -> list[tuple[float, float]]:
    """Every point of a path made of a first point and steps from each to the next."""
    places: list[tuple[float, float]] = []
    for letter, x, y in re.findall(r"([Ml])(-?[\d.]+) (-?[\d.]+)", path):
        at = (float(x), float(y))
        places.append(at if letter == "M" else (places[-1][0] + at[0], places[-1][1] + at[1]))
    return places


def test_the_projection_keeps_areas() -> None:
    """A strip of one degree has the area of that strip on the sphere, wherever it lies."""
    for latitude in (0.0, 37.0, 60.0):
        lats = np.linspace(latitude, latitude + 1, 200)
        x, y = projected(np.full_like(lats, 1.0), lats)
        area = float(np.sum((x[1:] + x[:-1]) / 2 * np.diff(y)))
        assert math.isclose(area, math.radians(1) * (math.sin(math.radians(latitude + 1)) - math.sin(math.radians(latitude))), rel_tol=1e-4)


def test_every_state_is_drawn_inside_the_map() -> None:
    drawn = atlas(SEOUL)
    states = {shape["id"] for shape in borders()["objects"]["countries"]["geometries"]} - NO_MAN
    assert states == drawn.paths.keys()
    for code, path in drawn.paths.items():
        xs = [x for x, _ in corners(path)]
        assert min(xs) >= -0.6, code
        assert max(xs) <= WIDTH + 0.6, code
    assert {"SGP", "BHR", "MLT"} <= drawn.circles.keys()
    assert "KOR" not in drawn.circles


def test_home_lies_away_from_the_edge() -> None:
    for home, code in ((SEOUL, "KOR"), (BERLIN, "DEU")):
        x, _ = atlas(home).places[code]
        assert WIDTH * 0.3 < x < WIDTH * 0.7
    assert centre_of(SEOUL[0]) != centre_of(BERLIN[0])


def test_a_state_that_the_edge_cuts_stands_at_both_sides() -> None:
    """The Pacific map ends at 30° W, through Greenland; the Atlantic one shows it whole."""

    def width(home: tuple[float, float]) -> float:
        xs = [x for x, _ in corners(atlas(home).paths["GRL"])]
        return max(xs) - min(xs)

    assert width(BERLIN) < WIDTH * 0.3 < WIDTH * 0.5 < width(SEOUL)
