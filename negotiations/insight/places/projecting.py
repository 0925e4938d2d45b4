"""Where on the map a place lies: the Equal Earth projection, in which equal areas look equal.

B. Šavrič, T. Patterson, B. Jenny: The Equal Earth map projection, 2018, doi:10.1080/13658816.2018.1504949
"""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

RADIUS = 6371.0072  # of the sphere with the Earth's area, in km
A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796


def projected(latitude: float, longitude: float) -> tuple[float, float]:
    """From degrees to km on the map: eastwards from Greenwich and southwards from the equator."""
    t = asin(sqrt(3) / 2 * sin(radians(latitude)))
    squared = t * t
    sixth = squared**3
    x = (
        2 * sqrt(3) / 3 * radians(longitude) * cos(t)
        / (A1 + 3 * A2 * squared + sixth * (7 * A3 + 9 * A4 * squared))
    )  # fmt: skip
    y = t * (A1 + A2 * squared + sixth * (A3 + A4 * squared))
    return RADIUS * x, -RADIUS * y
