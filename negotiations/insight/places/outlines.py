"""The countries' outlines: Natural Earth, simplified and projected once by `making`."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).with_name("outlines.json")


class Shape(NamedTuple):
    """A piece of a country: the box around it in km on the map, and its SVG path."""

    left: int
    top: int
    right: int
    bottom: int
    path: str


@cache
def shapes(scale: str) -> list[Shape]:
    """All pieces at one scale, "world" or "near"."""
    return [Shape(*each) for each in json.loads(FILE.read_text())[scale]]
