"""Whom the records know, read for the extractor."""

from __future__ import annotations

from typing import Any

import pytest

from negotiations.editing.extraction import KnownParty, KnownPerson, known_people
from tests.factories import (
    AppointmentFactory,
    DelegateFactory,
    DelegationFactory,
    MeetingFactory,
    PartyFactory,
    PersonFactory,
)

pytestmark = pytest.mark.django_db


def test_people_with_all_names_offices_and_seat() -> None:
    state = PartyFactory(name="Norvenia", native_name="Норвения", short_name="NV")
    body = PartyFactory(name="Foreign Ministry", kind="body", part_of=state)
    person = PersonFactory(name="Ola Brandt", native_name="Ула Брандт")
    AppointmentFactory(person=person, party=body, office="Minister")
    delegate = DelegateFactory(
        person=person, title="Head of delegation", delegation=DelegationFactory(party=state)
    )
    known = known_people(delegate.delegation.meeting)
    assert known.people == (
        KnownPerson(
            person.pk,
            ("Ola Brandt", "Ула Брандт"),
            (("Minister", body.pk), ("Head of delegation", state.pk)),
            state.pk,
            seated=True,
        ),
    )
    assert KnownParty(state.pk, ("Norvenia", "NV", "Норвения")) in known.parties
    assert KnownParty(body.pk, ("Foreign Ministry",), part_of=state.pk) in known.parties


def test_without_a_meeting_the_only_party_with_an_office_is_the_party() -> None:
    one, two = AppointmentFactory(), AppointmentFactory()
    AppointmentFactory(person=two.person)
    parties = {each.pk: each.party for each in known_people(None).people}
    assert parties == {one.person_id: one.party_id, two.person_id: None}


@pytest.mark.parametrize("people", [1, 12])
def test_queries_do_not_grow_with_people(people: int, django_assert_num_queries: Any) -> None:
    meeting = MeetingFactory()
    for _ in range(people):
        delegate = DelegateFactory(delegation=DelegationFactory(meeting=meeting))
        AppointmentFactory(person=delegate.person)
    with django_assert_num_queries(4):
        known_people(meeting)
