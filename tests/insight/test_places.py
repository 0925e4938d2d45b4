"""Where meetings were held: what is on the map, what is not, and how it is projected."""

from __future__ import annotations

from math import radians, sin

import pytest
from django.http import QueryDict
from lxml import etree

from negotiations.insight.places.asking import Asked
from negotiations.insight.places.drawing import LARGEST, _radius, world
from negotiations.insight.places.outlines import shapes
from negotiations.insight.places.projecting import RADIUS, projected
from negotiations.insight.places.reading import held, meetings_at
from tests import factories

RIYADH = {"place": "Riyadh, Saudi Arabia", "coordinates": "24.71, 46.68"}


def asked(query: str = "") -> Asked:
    return Asked.from_address(QueryDict(query))


@pytest.mark.django_db
def test_it_works() -> None:
    first = factories.MeetingFactory(**RIYADH, date="2025-02-18")
    newest = factories.MeetingFactory(**RIYADH, date="2025-03-18")
    factories.MeetingFactory(place="Geneva", coordinates="46.2, 6.15")
    found = held(asked())
    assert [(place.name, place.meetings) for place in found.places] == [
        ("Riyadh, Saudi Arabia", 2),
        ("Geneva", 1),
    ]
    assert found.places[0].newest == [newest, first]
    assert (found.meetings, found.on_the_map, found.number) == (3, 3, 2)
    assert meetings_at(asked("at=24.71, 46.68")) == ([newest, first], 2)


@pytest.mark.django_db
def test_nothing_is_placed_by_guess() -> None:
    factories.MeetingFactory(**RIYADH)
    factories.MeetingFactory(place="Riyadh, Saudi Arabia")
    factories.MeetingFactory()
    found = held(asked())
    assert [(place.name, place.meetings) for place in found.unplaced] == [
        ("", 1),
        ("Riyadh, Saudi Arabia", 1),
    ]
    assert found.on_the_map == 1
    assert meetings_at(asked("at=unplaced"))[1] == 2
    assert "no coordinates are recorded: 2 meetings." in " ".join(world(asked(), found).notes)


@pytest.mark.django_db
@pytest.mark.parametrize("how", [{"status": "draft"}, {"state": "planned"}, {"state": "cancelled"}])
def test_only_what_was_held_and_is_public_is_there(how: dict[str, str]) -> None:
    factories.MeetingFactory(**RIYADH, **how)
    assert held(asked()).places == []
    assert meetings_at(asked("at=24.71, 46.68")) == ([], 0)


@pytest.mark.django_db
def test_filters_by_process_and_time() -> None:
    meeting = factories.MeetingFactory(**RIYADH, date="2025-02-18", ended="2025-02-20")
    for query, number in (
        (f"process={meeting.process.slug}", 1),
        (f"process={factories.ProcessFactory().slug}", 0),
        ("from=2025-02-20", 1),
        ("from=2025-02-21", 0),
        ("to=2025-02-17", 0),
    ):
        assert len(held(asked(query)).places) == number, query


@pytest.mark.django_db
@pytest.mark.parametrize("where", ["0, 180", "0, -180", "90, 0", "-90, 0", "-54.8, -68.3"])
@pytest.mark.parametrize("view", ["", "view=world"])
def test_places_at_the_ends_of_the_earth_are_in_the_picture(where: str, view: str) -> None:
    factories.MeetingFactory(place="Far away", coordinates=where)
    picture = world(asked(view), held(asked(view)))
    disc = etree.fromstring(picture.inline()).find(".//{*}circle[@class='place']")
    x, y = float(disc.get("cx")), float(disc.get("cy"))
    assert -1 <= x <= picture.width + 1
    assert -1 <= y <= picture.height + 1


def test_a_disc_is_as_large_as_its_meetings_are_many() -> None:
    assert _radius(16, 16) == pytest.approx(4 * _radius(1, 16))
    assert _radius(5000, 5000) <= LARGEST


def test_equal_areas_look_equal() -> None:
    """A field of one degree near the equator and one at 60° north, against their true areas."""

    def area(south: float) -> float:
        (left, bottom), (right, _), (top_left, top), (top_right, _) = (
            projected(south, 20), projected(south, 21), projected(south + 1, 20), projected(south + 1, 21),
        )  # fmt: skip
        return (right - left + top_right - top_left) / 2 * (bottom - top)

    for south in (0, 30, 60, 80):
        true = RADIUS**2 * radians(1) * (sin(radians(south + 1)) - sin(radians(south)))
        assert area(south) == pytest.approx(true, rel=2e-3)


@pytest.mark.parametrize(
    ("latitude", "longitude", "x", "y"),
    [
        (0, 0, 0, 0),
        (50, 10, 790.23, -5998.56),
        (24.71, 46.68, 4275.01, -3136.82),
        (-33.87, 151.21, 13296.95, 4234.85),
        (90, 0, 0, -8392.93),
    ],
)
def test_places_lie_where_proj_puts_them(
    latitude: float, longitude: float, x: float, y: float
) -> None:
    """With `+proj=eqearth +R=6371007.2`; our y grows southwards."""
    assert projected(latitude, longitude) == pytest.approx((x, y), abs=0.02)


@pytest.mark.parametrize("scale", ["world", "near"])
def test_the_outlines_hold_the_world(scale: str) -> None:
    found = shapes(scale)
    assert min(each.left for each in found) < -12000
    assert max(each.right for each in found) > 12000
    x, y = projected(24.71, 46.68)
    assert any(each.left < x < each.right and each.top < y < each.bottom for each in found)


@pytest.mark.parametrize("query", ["at=there", "view=moon", "page=x", "process=none", "to=soon"])
@pytest.mark.django_db
def test_bad_input_is_told(query: str) -> None:
    with pytest.raises(ValueError, match=r"\."):
        asked(query)
