"""Coordinates of a place: latitude and longitude in degrees, as one text that people can copy."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError

LONGEST_COORDINATES = 22
COORDINATES_HINT = "Write latitude and longitude in degrees, as map sites give them: 24.71, 46.68."
# What the database holds: two numbers in range with at most four decimals (some ten metres).
STORED_COORDINATES = (
    r"^(-?([0-8]?[0-9](\.[0-9]{1,4})?|90(\.0)?), "
    r"-?((1[0-7][0-9]|[0-9]?[0-9])(\.[0-9]{1,4})?|180(\.0)?))?$"
)
DEGREES = r"([+-]?\d{1,3}(?:\.\d{1,20})?)\s*°?\s*"
WRITTEN = re.compile(rf"{DEGREES}([NS]?)[\s,;]+{DEGREES}([EW]?)", re.IGNORECASE)


def read_coordinates(text: str) -> str:
    """What a person writes or copies ("24.7136° N, 46.6753° E"), as it is stored: "24.7136, 46.6753".

    Raises:
        ValidationError: with a sentence that says how to write it.
    """
    found = WRITTEN.fullmatch(text.strip().replace("−", "-"))
    if not found:
        raise ValidationError(
            f"“{text[:40]}” are no coordinates that can be read. {COORDINATES_HINT}"
        )
    latitude, north, longitude, east = found.groups()
    degrees = [
        -float(value) if letter.upper() in ("S", "W") else float(value)
        for value, letter in ((latitude, north), (longitude, east))
    ]
    if abs(degrees[0]) > 90 or abs(degrees[1]) > 180:
        raise ValidationError(
            f"Latitudes go from -90 to 90, longitudes from -180 to 180; latitude comes first. {COORDINATES_HINT}"
        )
    return ", ".join(_plain(value) for value in degrees)


def _plain(value: float) -> str:
    """Without needless zeros, so that the same place is always written the same."""
    return f"{value:.4f}".rstrip("0").rstrip(".") if round(value, 4) else "0"
