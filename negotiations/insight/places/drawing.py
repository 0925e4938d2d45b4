"""The map: outlines of countries without colour or name, and a disc for each place of meetings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.urls import reverse

from negotiations.insight.pictures.drawing import (
    E,
    Picture,
    element,
    link,
    shortened,
    text,
)
from negotiations.insight.pictures.labelling import Box, label
from negotiations.insight.places.outlines import shapes
from negotiations.insight.places.projecting import projected
from negotiations.languages import counted, gettext, grouped

if TYPE_CHECKING:
    from negotiations.insight.places.asking import Asked
    from negotiations.insight.places.reading import Held, Place

WIDTH, HEIGHT, LEGEND = 1080, 590, 66
WORLD = (-17250.0, 17250.0)  # west to east, in km on the map
MIDDLE = -600.0  # of the whole world, a little north of the equator
NARROWEST = 4200.0  # km that the map shows at least
NEAR = 11000.0  # up to which the finer outlines are drawn
LARGEST, SMALLEST = 30.0, 6.0  # pixels of a disc's radius
NAMED, LONGEST = 30, 200
DISC = "place"


class View(NamedTuple):
    """The part of the map that is drawn: its west and north edge in km, and pixels for one km."""

    west: float
    north: float
    scale: float

    def place(self, x: float, y: float) -> tuple[float, float]:
        return (x - self.west) * self.scale, (y - self.north) * self.scale

    @property
    def east(self) -> float:
        return self.west + WIDTH / self.scale

    @property
    def south(self) -> float:
        return self.north + HEIGHT / self.scale

    @property
    def is_near(self) -> bool:
        return WIDTH / self.scale <= NEAR


def world(asked: Asked, found: Held) -> Picture:
    """The map of these places."""
    view = _view(found.places, whole=asked.whole)
    picture = Picture(
        "map",
        asked.within.titled(gettext("Where meetings were held")),
        _description(found),
        WIDTH,
        HEIGHT + LEGEND,
    )
    most = max((place.meetings for place in found.places), default=1)
    # Numbers of steps in km are drawn to scale, so lines are as thick as the scale makes thin.
    ground = E.g(
        element("path", "graticule", d=_graticule(view), stroke_width=0.6 / view.scale),
        element("path", "land", d=_land(view), stroke_width=0.6 / view.scale),
        transform=f"scale({view.scale:.5f}) translate({-view.west:.1f} {-view.north:.1f})",
    )
    picture.body = [
        E.defs(E.clipPath(element("rect", x=0, y=0, width=WIDTH, height=HEIGHT), id="map-frame")),
        E.g(ground, {"clip-path": "url(#map-frame)"}),
        element("rect", "rule", x=0.5, y=0.5, width=WIDTH - 1, height=HEIGHT - 1),
        *_degrees(view),
        *_discs(asked, found.places, view, most),
        *_legend(most),
    ]
    picture.notes = [*asked.within.warning, *notes(found)]
    return picture


def notes(found: Held) -> list[str]:
    """What is counted, what is not on the map, and whose outlines these are."""
    told = [
        gettext(
            "n = {meetings}, {placed} of them on the map, at {places}. "
            "A disc’s area stands for the number of meetings."
        ).format(
            meetings=counted("{number} held meeting", "{number} held meetings", found.meetings),
            placed=grouped(found.on_the_map),
            places=counted("{number} place", "{number} places", found.number),
        )
    ]
    if found.number > len(found.places):
        told.append(
            gettext("Drawn are the {places} places with most meetings.").format(
                places=grouped(len(found.places))
            )
        )
    if missing := found.meetings - found.on_the_map:
        told.append(
            gettext("Not on the map, as no coordinates are recorded: {meetings}.").format(
                meetings=counted("{number} meeting", "{number} meetings", missing)
            )
        )
    told.append(
        gettext(
            "Outlines: Natural Earth’s edition for Germany (public domain), simplified; "
            "Equal Earth projection. How a border is drawn says nothing of whose it is."
        )
    )
    return told


def _description(found: Held) -> str:
    if not found.places:
        return "No meeting is on the map."
    first = found.places[0]
    return gettext(
        "A map with {places}. Most meetings, {number}, were held at {name}. "
        "The table tells the same."
    ).format(
        places=counted("{number} place", "{number} places", len(found.places)),
        number=grouped(first.meetings),
        name=first.name,
    )


# --- The ground ---


def _view(places: list[Place], *, whole: bool) -> View:
    """The part around the places with some room, or the whole world."""
    points = [projected(*place.degrees) for place in places]
    wide = WORLD[1] - WORLD[0]
    if points and not whole:
        xs, ys = zip(*points, strict=True)
        needed = max(1.35 * (max(xs) - min(xs)), 1.5 * (max(ys) - min(ys)) * WIDTH / HEIGHT)
        wide = min(max(needed, NARROWEST), wide)
    if not points or wide >= WORLD[1] - WORLD[0]:
        scale = WIDTH / (WORLD[1] - WORLD[0])
        return View(WORLD[0], MIDDLE - HEIGHT / 2 / scale, scale)
    scale = WIDTH / wide
    west = (min(xs) + max(xs)) / 2 - wide / 2
    north = (min(ys) + max(ys)) / 2 - HEIGHT / 2 / scale
    west = round(min(max(west, WORLD[0]), WORLD[1] - wide), 1)
    return View(west, round(north, 1), scale)


def _land(view: View) -> str:
    return "".join(
        each.path
        for each in shapes("near" if view.is_near else "world")
        if each.left < view.east
        and each.right > view.west
        and each.top < view.south
        and each.bottom > view.north
    )


def _step(view: View) -> int:
    return 10 if view.is_near else 30


def _graticule(view: View) -> str:
    """Parallels and meridians, as one path in km."""
    step = _step(view)
    lines = [[(lat, lon) for lat in range(-85, 86, 5)] for lon in range(-180, 181, step)]
    lines += [[(lat, lon) for lon in (-180, 180)] for lat in range(-90 + step, 90, step)]
    return "".join(
        "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in (projected(*at) for at in line))
        for line in lines
    )


def _degrees(view: View) -> list[Any]:
    """The parallels by their latitude at the left edge, the meridians by their longitude below."""
    drawn = []
    step = _step(view)
    for latitude in range(-90 + step, 90, step):
        _, y = view.place(*projected(latitude, 0))
        if 14 < y < HEIGHT - 24:
            drawn.append(text(4, y - 4, _name(latitude, "N", "S"), "tiny quiet label"))
    for longitude in range(-180 + step, 180, step):
        x = _crossing(view, longitude)
        if x is not None and 40 < x < WIDTH - 40:
            drawn.append(text(x, HEIGHT - 5, _name(longitude, "E", "W"), "tiny quiet label middle"))
    return drawn


def _crossing(view: View, longitude: int) -> float | None:
    """Where a meridian meets the lower edge."""
    for latitude in range(-90, 90):
        (x, y), (_, above) = (
            view.place(*projected(at, longitude)) for at in (latitude, latitude + 1)
        )
        if y >= HEIGHT > above:
            return x
    return None


def _name(degrees: int, positive: str, negative: str) -> str:
    return f"{abs(degrees)}°{'' if not degrees else positive if degrees > 0 else negative}"


# --- The places ---


def _radius(count: int, most: int) -> float:
    """By area: four times the meetings, twice the radius."""
    one = min(SMALLEST, LARGEST / most**0.5)
    return one * count**0.5


def _discs(asked: Asked, places: list[Place], view: View, most: int) -> list[Any]:
    at = [view.place(*projected(*place.degrees)) for place in places]
    taken = [
        Box.around(x, y, _radius(place.meetings, most))
        for place, (x, y) in zip(places, at, strict=True)
    ]
    room = Box(4, 4, WIDTH - 4, HEIGHT - 20)
    drawn = []
    # Those with most meetings come first, so that the small ones lie above them.
    for rank, (place, (x, y)) in enumerate(zip(places, at, strict=True)):
        radius = _radius(place.meetings, most)
        words = counted("{number} meeting", "{number} meetings", place.meetings)
        target = max(radius, 12)
        parts = [
            element("circle", "target", cx=x, cy=y, r=target),
            element("circle", DISC, cx=x, cy=y, r=radius),
        ]
        if rank < NAMED:
            name = shortened(place.name.partition(",")[0], LONGEST)
            found = label(name, x, y, radius, taken, room)
            taken.append(found.box)
            parts.append(text(found.x, found.y, name, f"label {found.css}"))
        drawn.append(link(leads_to(asked, place), f"{place.name}: {words}", *parts))
    return drawn


def leads_to(asked: Asked, place: Place) -> str:
    """The meeting, or the list of those at this place."""
    if place.meetings == 1 and place.newest:
        return place.newest[0].get_absolute_url()
    return reverse("map") + asked.address(at=place.coordinates)


def _legend(most: int) -> list[Any]:
    y = HEIGHT + LEGEND / 2
    drawn: list[Any] = [text(0, y + 4.5, gettext("Meetings at a place:"), "small quiet")]
    x = 150.0
    for count in sorted({1, max((most + 1) // 2, 1), most}):
        radius = min(_radius(count, most), LEGEND / 2)
        drawn.append(element("circle", DISC, cx=x + radius, cy=y, r=radius))
        drawn.append(text(x + 2 * radius + 8, y + 4.5, grouped(count), "small quiet"))
        x += 2 * radius + 60
    return drawn
