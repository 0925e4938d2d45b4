"""Pictures as files: what stands in them, how names are written, and that they are always the same."""

from __future__ import annotations

import datetime as dt
import re
import struct
from math import cos, radians, sin

import pytest
from django.conf import settings
from lxml import etree

from negotiations.insight.pictures.drawing import (
    Picture,
    clean,
    link,
    shortened,
    text,
    width_of,
    wrapped,
)
from negotiations.insight.pictures.framing import MOST_PIXELS, SHARP, TOKENS, as_png, as_svg, style
from negotiations.insight.pictures.labelling import Box, label

HOSTILE = 'A <script>alert("x")</script> & \x0b\ud800\u202eB'
DAY = dt.date(2026, 11, 25)
HERE = ("https://readout.example/map/?process=x", "https://readout.example", DAY)


def picture(title: str = "A title", name: str = "Name") -> Picture:
    body = [link("/people/x/", name, text(10, 20, name))]
    return Picture("test", title, "What is to be seen.", 400, 100, body, ["n = 3 meetings."])


def words(svg: bytes) -> str:
    return " ".join(etree.fromstring(svg).itertext())


def test_it_works() -> None:
    found = words(as_svg(picture(), *HERE))
    for part in (
        "A title",
        "What is to be seen.",
        "n = 3 meetings.",
        "Source: Readout, https://readout.example/map/?process=x",
        "As of 25 November 2026",
        "CC BY 4.0",
    ):
        assert part in found


def test_links_of_a_file_lead_to_the_site_and_those_of_the_page_stay() -> None:
    one = picture()
    assert b'href="https://readout.example/people/x/"' in as_svg(one, *HERE)
    assert 'href="/people/x/"' in one.inline()


def test_the_same_picture_is_the_same_file() -> None:
    assert as_svg(picture(), *HERE) == as_svg(picture(), *HERE)
    assert as_png(picture(), *HERE) == as_png(picture(), *HERE)


def test_hostile_names_are_escaped() -> None:
    one = picture(HOSTILE, HOSTILE)
    one.title = clean(HOSTILE)
    for svg in (as_svg(one, *HERE), one.inline().encode()):
        assert b"<script>alert" not in svg
        found = etree.fromstring(svg)
        assert not found.findall(".//{*}script")
        assert "alert" in " ".join(found.itertext())
    assert as_png(one, *HERE).startswith(b"\x89PNG")


def test_a_png_has_two_pixels_for_one() -> None:
    svg = etree.fromstring(as_svg(picture(), *HERE))
    size = struct.unpack(">II", as_png(picture(), *HERE)[16:24])
    assert size == tuple(SHARP * int(svg.get(name)) for name in ("width", "height"))


def test_a_huge_picture_is_bounded() -> None:
    huge = Picture("test", "Huge", "", 4000, 6000)
    wide, high = struct.unpack(">II", as_png(huge, *HERE)[16:24])
    assert wide * high < 1.1 * MOST_PIXELS


@pytest.mark.parametrize(
    "name", ["Сергей Лавров", "فيصل بن فرحان", "Μητσοτάκης", "नरेन्द्र", "Łukasz Žižek"]
)
def test_names_in_other_scripts_are_drawn_with_our_own_fonts(name: str) -> None:
    """A letter that no font has is drawn as a box: every one the same."""
    blank = as_png(picture(name="\U0010fffd" * len(name)), *HERE)
    assert as_png(picture(name=name), *HERE) != blank
    assert as_png(picture(name=name), *HERE) != as_png(picture(name=name[::-1]), *HERE)


def test_a_long_title_is_broken_and_a_long_word_cut() -> None:
    lines = wrapped("Talks on the demarcation of the straits " * 4 + "x" * 400, 400, 20)
    assert len(lines) > 3
    assert all(width_of(line, 20) <= 400 for line in lines)
    assert shortened("Minister of Foreign Affairs", 90).endswith("…")
    assert shortened("Short", 90) == "Short"


def test_names_do_not_cover_one_another() -> None:
    room, taken = Box(0, 0, 600, 400), [Box.around(300, 200, 8)]
    for _ in range(4):
        at = label("A name of some length", 300, 200, 8, taken, room)
        assert all(at.box.overlap(other) == 0 for other in taken)
        taken.append(at.box)


def _tokens() -> dict[str, str]:
    """The light side of readout.css's tokens, as hexadecimal colours."""
    css = (settings.BASE_DIR / "static" / "readout.css").read_text()
    hexes = dict(re.findall(r"--([a-z-]+): light-dark\((#[0-9a-f]{6}),", css))
    for name, *parts in re.findall(
        r"--([a-z]+): light-dark\(oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)", css
    ):
        hexes[name] = _hex(*map(float, parts))
    return hexes


def _hex(lightness: float, chroma: float, hue: float) -> str:
    """From OKLCH to sRGB, as CSS Color 4 has it."""
    a, b = chroma * cos(radians(hue)), chroma * sin(radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
    levels = (12.92 * c if c <= 0.0031308 else 1.055 * c ** (1 / 2.4) - 0.055 for c in linear)
    return "#" + "".join(f"{round(255 * min(max(level, 0), 1)):02x}" for level in levels)


def test_a_file_has_the_colours_of_the_page() -> None:
    tokens = _tokens()
    assert {name: tokens[name] for name in TOKENS if name != "sans"} == {
        name: value for name, value in TOKENS.items() if name != "sans"
    }
    assert "var(" not in style()
