"""Coordinates of a meeting's place: how they are read, and what the database refuses."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from negotiations.models import Meeting
from negotiations.models.coordinates import read_coordinates
from tests import factories


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("24.71, 46.68", "24.71, 46.68"),
        ("24.7136° N, 46.6753° E", "24.7136, 46.6753"),
        ("33.8688 S 151.2093 E", "-33.8688, 151.2093"),
        ("−33.9; 18.4", "-33.9, 18.4"),
        ("46.20000, 6.10", "46.2, 6.1"),
        ("0, -0.00001", "0, 0"),
        ("24.713552123456, 46.675296", "24.7136, 46.6753"),
        ("90, -180", "90, -180"),
    ],
)
def test_it_works(written: str, stored: str) -> None:
    assert read_coordinates(written) == stored


@pytest.mark.parametrize(
    "written", ["Riyadh", "24.71", "91, 0", "0, 181", "24,71, 46,68", "1, 2, 3", "nan, 0"]
)
def test_what_is_no_place_on_earth_is_told(written: str) -> None:
    with pytest.raises(ValidationError):
        read_coordinates(written)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("place", "coordinates"),
    [
        ("Riyadh", "91, 0"),
        ("Riyadh", "0, 180.5"),
        ("Riyadh", "24.71,46.68"),
        ("Riyadh", "x"),
        ("", "1, 2"),
    ],
)
def test_the_database_holds_only_such(place: str, coordinates: str) -> None:
    meeting = factories.MeetingFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Meeting.objects.filter(pk=meeting.pk).update(place=place, coordinates=coordinates)


@pytest.mark.django_db
def test_whatever_is_read_may_be_stored() -> None:
    meeting = factories.MeetingFactory(place="Somewhere")
    for written in ("-89.1234, -179.1234", "90 N, 180 W", "0, 0", "5.5, 100.25"):
        meeting.coordinates = written
        meeting.full_clean()
        meeting.save()


@pytest.mark.django_db
def test_an_editor_pastes_what_a_map_site_gives(client: Client) -> None:
    factories.MeetingFactory(place="Vienna, Austria", coordinates="48.21, 16.37")
    meeting = factories.MeetingFactory(status="draft", place="Riyadh")
    client.force_login(factories.UserFactory(group="editor"))
    address = f"/admin/negotiations/meeting/{meeting.pk}/change/"
    page = client.get(address)
    # The places of other meetings are offered.
    assert '<option value="48.21, 16.37">Vienna, Austria</option>' in page.content.decode()
    form = page.context["adminform"].form
    assert form.fields["coordinates"].clean("24.713600° N, 46.675300° E") == "24.7136, 46.6753"
    with pytest.raises(ValidationError, match="latitude"):
        form.fields["coordinates"].clean("over there")
