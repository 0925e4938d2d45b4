"""Pictures as SVG: their elements, the parties' shapes, and text that fits."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from math import cos, pi, sin
from typing import Any

from lxml import etree
from lxml.builder import ElementMaker

NAMESPACE = "http://www.w3.org/2000/svg"
NAMESPACES: Any = {None: NAMESPACE}
E = ElementMaker(namespace=NAMESPACE, nsmap=NAMESPACES)
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
DIRECTIONS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
NARROW, WIDE = frozenset("iljtfrI.,:;'’|!()[] "), frozenset("mwMWЖШЩЮ—…%")


@dataclass
class Picture:
    """A picture with what must be told beside it.

    `description` says what is to be seen; `notes` are units, numbers and where what is drawn comes
    from, a sentence each; `name` is the beginning of its ids. Sizes are pixels of the page.
    """

    name: str
    title: str
    description: str
    width: int
    height: int
    body: list[Any] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def inline(self) -> str:
        """As an element of a page, which styles it."""
        root = E.svg(
            E.title(self.title, id=f"{self.name}-title"),
            E.desc(self.description, id=f"{self.name}-desc"),
            *self.body,
            {
                "class": "drawing",
                "viewBox": f"0 0 {self.width} {self.height}",
                "width": str(self.width),
                "height": str(self.height),
                "role": "group",
                "aria-labelledby": f"{self.name}-title",
                "aria-describedby": f"{self.name}-desc",
            },
        )
        return str(etree.tostring(root, encoding="unicode"))


def number(value: float) -> str:
    """A place or size as it is written: to a tenth of a pixel, so that it is the same anywhere."""
    return f"{round(value, 1) + 0:g}"


def counted(number: int, word: str) -> str:
    """So many of something: “1 meeting”, “1,200 meetings”."""
    return f"{number:,} {word}{'s' * (number != 1)}"


def element(name: str, css: str = "", *children: Any, **attributes: Any) -> Any:
    """An element with a CSS class; numbers are rounded, and `stroke_width` is `stroke-width`."""
    made = etree.Element(f"{{{NAMESPACE}}}{name}", nsmap=NAMESPACES)
    if css:
        made.set("class", css)
    for key, value in attributes.items():
        written = number(value) if isinstance(value, int | float) else str(value)
        made.set(key.replace("_", "-"), written)
    for child in children:
        if isinstance(child, str):
            made.text = child
        else:
            made.append(child)
    return made


def text(x: float, y: float, words: str, css: str = "", **attributes: Any) -> Any:
    return element("text", css, clean(words), x=x, y=y, **attributes)


def link(address: str, title: str, *children: Any) -> Any:
    """What leads somewhere; `title` is what it is called, and shown under the pointer."""
    return element("a", "", element("title", "", clean(title)), *children, href=address)


def clean(words: str) -> str:
    """Words without what no XML may hold, and without marks that would turn what stands around."""
    return DIRECTIONS.sub("", UNWRITABLE.sub("", words))


def width_of(words: str, size: float = 13) -> float:
    """About how many pixels wide the words are, rather too many than too few."""
    return sum(map(_em, words)) * size


def _em(letter: str) -> float:
    if unicodedata.combining(letter):
        return 0
    if unicodedata.east_asian_width(letter) in "WF":
        return 1
    if letter in NARROW:
        return 0.34
    if letter in WIDE:
        return 0.92
    return 0.68 if letter.isupper() else 0.57


def shortened(words: str, room: float, size: float = 13) -> str:
    """The words, with … where they would be wider than the room."""
    words = clean(words)
    if width_of(words, size) <= room:
        return words
    while words and width_of(words, size) + size > room:
        words = words[:-1]
    return f"{words.rstrip()}…"


def wrapped(words: str, room: float, size: float = 13) -> list[str]:
    """The words in lines that fit the room."""
    lines = [""]
    for word in clean(words).split():
        longer = f"{lines[-1]} {word}".strip()
        if width_of(longer, size) <= room or not lines[-1]:
            lines[-1] = shortened(longer, room, size)
        else:
            lines.append(shortened(word, room, size))
    return lines


def hatching(name: str) -> Any:
    """The pattern that says “somewhere in here”; filled in by `fill=hatched(name)`."""
    line = element("path", "hatch", d="M0 0V6")
    return E.defs(
        element(
            "pattern", "", line,
            id=f"{name}-hatch", width=5, height=6,
            patternUnits="userSpaceOnUse", patternTransform="rotate(45)",
        )
    )  # fmt: skip


def hatched(name: str) -> str:
    return f"url(#{name}-hatch)"


# The parties' shapes, as the pages' CSS has them: corners in a square from -1 to 1.
def _star() -> list[tuple[float, float]]:
    return [
        ((1.1 if k % 2 == 0 else 0.45) * sin(k * pi / 5), -(1.1 if k % 2 == 0 else 0.45) * cos(k * pi / 5))
        for k in range(10)
    ]  # fmt: skip


CORNERS: dict[str, list[tuple[float, float]]] = {
    "square": [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
    "triangle": [(0.0, -1.05), (1.05, 0.95), (-1.05, 0.95)],
    "diamond": [(0.0, -1.2), (1.2, 0.0), (0.0, 1.2), (-1.2, 0.0)],
    "hexagon": [(-0.55, -1), (0.55, -1), (1.1, 0), (0.55, 1), (-0.55, 1), (-1.1, 0)],
    "cross": [
        (-0.35, -1), (0.35, -1), (0.35, -0.35), (1, -0.35), (1, 0.35), (0.35, 0.35),
        (0.35, 1), (-0.35, 1), (-0.35, 0.35), (-1, 0.35), (-1, -0.35), (-0.35, -0.35),
    ],
    "star": _star(),
}  # fmt: skip


def shape(mark: str, x: float, y: float, radius: float) -> Any:
    """A party's mark around a place, in its hue."""
    css = f"hue-{mark or 'none'}"
    if mark == "half":
        path = f"M{number(x - radius / 2)} {number(y - radius)}a{number(radius)} {number(radius)} 0 0 1 0 {number(2 * radius)}z"
        return element("path", css, d=path)
    if mark not in CORNERS:
        return element("circle", css, cx=x, cy=y, r=radius)
    places = (f"{number(x + dx * radius)},{number(y + dy * radius)}" for dx, dy in CORNERS[mark])
    return element("polygon", css, points=" ".join(places))
