"""Names beside marks, put where they cover least of what is there already."""

from __future__ import annotations

from typing import NamedTuple

from negotiations.insight.pictures.drawing import width_of

PREFERRED = 300  # square pixels that may be covered for a better direction
ABOVE, BELOW = 8, 8  # of a line of text, around its middle


class Box(NamedTuple):
    """A rectangle of the picture, in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def around(cls, x: float, y: float, radius: float) -> Box:
        return cls(x - radius, y - radius, x + radius, y + radius)

    def overlap(self, other: Box) -> float:
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(wide, 0) * max(high, 0)


class Label(NamedTuple):
    """Where the text begins, ends or has its middle, as its CSS class says."""

    x: float
    y: float
    css: str
    box: Box
    cost: float


def label(
    name: str,
    x: float,
    y: float,
    radius: float,
    taken: list[Box],
    room: Box,
    towards: tuple[float, float] = (1, 0),
) -> Label:
    """The best place for a name beside a mark of this radius, within the room.

    `towards` is the direction in which it would best stand, of length 1.
    """
    wide, off = width_of(name), radius + 5
    choices = [
        (x + off, y, "", (1, 0), Box(x + off, y - ABOVE, x + off + wide, y + BELOW)),
        (x - off, y, "end", (-1, 0), Box(x - off - wide, y - ABOVE, x - off, y + BELOW)),
        (
            x,
            y - off - 4,
            "middle",
            (0, -1),
            Box(x - wide / 2, y - off - 12, x + wide / 2, y - off + 4),
        ),
        (
            x,
            y + off + 4,
            "middle",
            (0, 1),
            Box(x - wide / 2, y + off - 4, x + wide / 2, y + off + 12),
        ),
    ]
    found = [
        Label(
            at_x,
            at_y + 4.5,
            css,
            box,
            sum(map(box.overlap, taken))
            + 1e6 * _outside(box, room)
            - PREFERRED * (side[0] * towards[0] + side[1] * towards[1]),
        )
        for at_x, at_y, css, side, box in choices
    ]
    return min(found, key=lambda each: each.cost)


def _outside(box: Box, room: Box) -> bool:
    return (
        box.left < room.left
        or box.right > room.right
        or box.top < room.top
        or box.bottom > room.bottom
    )
