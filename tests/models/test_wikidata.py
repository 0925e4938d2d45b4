"""Wikidata's numbers: what the database takes, and where they are shown."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from negotiations.models import Meeting, Party, Person
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "written", ["q42", "Q0", "Q042", "42", "Q42 ", "https://…/Q42", "Q" + "1" * 12]
)
def test_only_a_number(written: str) -> None:
    for record, field in (
        (factories.PersonFactory(), "wikidata"),
        (factories.PartyFactory(), "wikidata"),
        (factories.MeetingFactory(place="Vienna"), "place_wikidata"),
    ):
        setattr(record, field, written)
        with pytest.raises(ValidationError) as refused:
            record.full_clean()
        assert field in refused.value.message_dict
        if len(written) > 12:
            continue
        with pytest.raises(IntegrityError), transaction.atomic():
            type(record)._default_manager.filter(pk=record.pk).update(**{field: written})


@pytest.mark.parametrize("factory", [factories.PersonFactory, factories.PartyFactory])
def test_two_records_are_not_the_same_one(factory: Any) -> None:
    factory(wikidata="Q42")
    factory(wikidata="")
    factory(wikidata="")
    other = factory(wikidata="Q43")
    other.wikidata = "Q42"
    with pytest.raises(ValidationError, match="with this Wikidata number already"):
        other.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        other.save()


def test_a_place_is_named_before_it_is_numbered() -> None:
    factories.MeetingFactory(place="Vienna", place_wikidata="Q1741")
    factories.MeetingFactory(place="Vienna", place_wikidata="Q1741")  # twice in one city
    with pytest.raises(IntegrityError), transaction.atomic():
        Meeting.objects.update(place="")


def test_history_and_pages_have_it(client: Client) -> None:
    for record in (factories.PersonFactory(wikidata="Q42"), factories.PartyFactory(wikidata="Q30")):
        page = client.get(record.get_absolute_url()).content.decode()
        assert f'href="https://www.wikidata.org/wiki/{record.wikidata}"' in page
        assert type(record).pgh_event_model.objects.get(pgh_obj=record).wikidata == record.wikidata
    assert (
        "Wikidata" not in client.get(factories.PersonFactory().get_absolute_url()).content.decode()
    )
    assert Person.objects.count() + Party.objects.count() == 3


@pytest.mark.parametrize(
    "pasted",
    [
        "https://www.wikidata.org/wiki/Q42",
        "http://www.wikidata.org/entity/Q42",
        "https://m.wikidata.org/wiki/Q42#P31",
        " Q42 ",
    ],
)
def test_an_editor_may_paste_the_address_of_the_page(pasted: str) -> None:
    field = Person._meta.get_field("wikidata").formfield()
    assert field.clean(pasted) == "Q42"


@pytest.mark.parametrize("pasted", ["https://wikidata.example/wiki/Q42", "Lavrov"])
def test_another_address_is_no_number(pasted: str) -> None:
    with pytest.raises(ValidationError, match="as the address of its page there ends"):
        Person(name="Anna", slug="anna", wikidata=pasted[:12]).full_clean()
    field = Person._meta.get_field("wikidata").formfield()
    assert field.clean(pasted) == pasted
