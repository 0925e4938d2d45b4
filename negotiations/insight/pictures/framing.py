"""A picture as a file of its own: with title, what it says, its source and licence, as SVG or PNG."""

from __future__ import annotations

import copy
import re
from functools import cache
from typing import TYPE_CHECKING

import fontpkg
import resvg_py
from django.conf import settings
from lxml import etree

from negotiations.insight.pictures.drawing import E, clean, element, text, wrapped

if TYPE_CHECKING:
    import datetime as dt

    from negotiations.insight.pictures.drawing import Picture

LICENCE = "CC BY 4.0, creativecommons.org/licenses/by/4.0"
MARGIN, LINE, HEADLINE = 24, 18, 26
SHARP = 2  # pixels of the PNG for one of the page, as long as it has no more than
MOST_PIXELS = 9_000_000

# The light tokens of readout.css, for programs that know no CSS variables. A test compares them.
TOKENS = {
    "sans": '"Noto Sans", "Noto Sans Arabic", sans-serif',
    "paper": "#fbfaf6",
    "sunk": "#f2efe7",
    "ink": "#1d1f21",
    "quiet": "#595c60",
    "rule": "#dcd8cd",
    "strong-rule": "#7b7a74",
    "bar": "#b9c3cc",
    "bar-strong": "#3c4c5a",
    "circle": "#215d96",
    "square": "#864900",
    "triangle": "#006e51",
    "diamond": "#754481",
    "hexagon": "#555095",
    "cross": "#006a7d",
    "star": "#6a5b00",
    "half": "#873e63",
}

FAMILIES = ("Noto Sans", "Noto Sans Arabic")
# What these two can write. For other scripts the machine's own fonts are asked as well.
WRITABLE = re.compile(
    "[\u0000-\u052f\u0600-\u06ff\u0750-\u077f\u0900-\u097f\u1c80-\u1c8f\u1d00-\u1fff"
    "\u2000-\u206f\u2070-\u209f\u20a0-\u20bf\u2100-\u214f\ufb50-\ufdff\ufe70-\ufeff]*"
)


@cache
def style() -> str:
    """drawing.css with its variables filled in."""
    css = (settings.BASE_DIR / "static" / "drawing.css").read_text()
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    return re.sub(r"var\(--([a-z-]+)\)", lambda found: TOKENS[found[1]], css).strip()


def as_svg(picture: Picture, address: str, base: str, today: dt.date) -> bytes:
    """The picture with its frame, as a file; `address` is where it stands, `base` the site's."""
    room = picture.width
    head = wrapped(picture.title, room, 20)
    notes = [line for note in picture.notes for line in wrapped(note, room)]
    as_of = f"As of {today.day} {today:%B %Y}. Licence: {LICENCE}"
    foot = [*wrapped(f"Source: Readout, {address}", room), *wrapped(as_of, room)]
    top = MARGIN + len(head) * HEADLINE + 8
    under = top + picture.height + 12
    height = under + (len(notes) + len(foot)) * LINE + MARGIN
    body = element(
        "g", "", *map(copy.deepcopy, picture.body), transform=f"translate({MARGIN} {top})"
    )
    for each in body.iter("{*}a"):
        each.set("href", base + each.get("href"))
    root = E.svg(
        E.title(clean(picture.title)),
        E.desc(clean(picture.description)),
        E.style(style()),
        element("rect", "ground", x=0, y=0, width=room + 2 * MARGIN, height=height),
        *(
            text(MARGIN, MARGIN + 18 + at * HEADLINE, words, "title")
            for at, words in enumerate(head)
        ),
        body,
        *(
            text(MARGIN, under + (at + 1) * LINE, words, "quiet")
            for at, words in enumerate([*notes, *foot])
        ),
        {
            "class": "drawing",
            "width": str(room + 2 * MARGIN),
            "height": str(height),
            "viewBox": f"0 0 {room + 2 * MARGIN} {height}",
        },
    )
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True))


def as_png(picture: Picture, address: str, base: str, today: dt.date) -> bytes:
    """The same as pixels: two for one of the page, or fewer if it is large."""
    svg = as_svg(picture, address, base, today).decode()
    sharp = min(SHARP, (MOST_PIXELS / (picture.width * picture.height)) ** 0.5)
    return rendered(svg, sharp)


def rendered(svg: str, zoom: float) -> bytes:
    """An SVG document as PNG, so many pixels for one of its own."""
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            zoom=zoom,
            font_files=[str(fontpkg.path(family)) for family in FAMILIES],
            font_family=FAMILIES[0],
            sans_serif_family=FAMILIES[0],
            skip_system_fonts=WRITABLE.fullmatch(svg) is not None,
        )
    )
