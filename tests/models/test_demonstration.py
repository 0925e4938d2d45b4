"""What is invented and what is real never hang on each other."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from negotiations.models import Party, Process, Progress
from tests import factories

pytestmark = pytest.mark.django_db


def _invented(factory: Any, **fields: Any) -> Any:
    name = factory._meta.model._meta.model_name
    return factory(demonstration=True, slug=f"demonstration-{name}-{len(fields)}", **fields)


def _process() -> Any:
    return _invented(factories.ProcessFactory)


def _party() -> Any:
    return _invented(factories.PartyFactory)


def _person() -> Any:
    return _invented(factories.PersonFactory)


def _topic() -> Any:
    return _invented(factories.TopicFactory)


def _source() -> Any:
    return factories.SourceFactory(demonstration=True)


MIXED = {
    "a real host of an invented meeting": lambda: factories.MeetingFactory(
        process=_process(), slug="demonstration-m", host=factories.PartyFactory()
    ),
    "a real body of an invented party": lambda: factories.PartyFactory(
        kind="body", part_of=_party()
    ),
    "a real topic under an invented one": lambda: factories.TopicFactory(parent=_topic()),
    "an invented party at a real meeting": lambda: factories.DelegationFactory(party=_party()),
    "an invented person in a real delegation": lambda: factories.DelegateFactory(person=_person()),
    "a real person in an invented office": lambda: factories.AppointmentFactory(party=_party()),
    "a real speaker for an invented party": lambda: factories.StatementFactory(
        party=_party(), meeting=None
    ),
    "a real question shown by an invented statement": lambda: factories.PositionFactory(
        statement=factories.StatementFactory(party=_party(), speaker=None, meeting=None)
    ),
    "an invented side of a real process": lambda: factories.ProcessFactory().parties.add(_party()),
    "a real topic of an invented statement": lambda: factories.StatementFactory(
        party=_party(), speaker=None, meeting=None
    ).topics.add(factories.TopicFactory()),
    "an invented party that owes a real action": lambda: factories.ActionFactory().owed_by.add(
        _party()
    ),
    "a real record that cites an invented source": lambda: factories.CitationFactory(
        source=_source(), statement=factories.StatementFactory()
    ),
    "a real source on behalf of an invented party": lambda: factories.SourceFactory(
        on_behalf_of=_party()
    ),
}


@pytest.mark.parametrize("mix", MIXED.values(), ids=MIXED)
def test_nothing_hangs_on_both(mix: Any) -> None:
    with pytest.raises(IntegrityError, match="kept apart"):
        mix()


def test_what_is_all_invented_or_all_real_hangs_together() -> None:
    process, party = _process(), _party()
    process.parties.add(party)
    meeting = factories.MeetingFactory(process=process, slug="demonstration-m", host=party)
    said = factories.StatementFactory(meeting=meeting, party=party, speaker=_person())
    factories.CitationFactory(statement=said, source=_source())
    action = factories.ActionFactory(meeting=meeting)
    action.owed_by.add(party)
    report = Progress(action=action)
    assert [each.is_demonstration for each in (meeting, said, action, report)] == [True] * 4
    assert not factories.StatementFactory().is_demonstration


def test_nothing_becomes_the_other() -> None:
    meeting = factories.MeetingFactory()
    process = _process()
    with pytest.raises(IntegrityError, match="for ever"), transaction.atomic():
        Process.objects.filter(pk=process.pk).update(demonstration=False)
    meeting.process = process
    with pytest.raises(IntegrityError, match="for ever"), transaction.atomic():
        meeting.save()


def test_the_address_tells() -> None:
    with pytest.raises(IntegrityError, match="begins with “demonstration-”"), transaction.atomic():
        factories.PartyFactory(demonstration=True)
    with pytest.raises(IntegrityError, match="no other does"), transaction.atomic():
        factories.MeetingFactory(slug="demonstration-of-force")
    party = _party()
    with pytest.raises(IntegrityError, match="begins with"), transaction.atomic():
        Party.objects.filter(pk=party.pk).update(slug="plain")


def test_lists_take_one_or_the_other() -> None:
    real, invented = factories.PartyFactory(), _party()
    said = factories.StatementFactory(party=invented, speaker=None, meeting=None)
    assert list(Party.published.real()) == [real]
    assert list(Party.published.demonstrating(True)) == [invented]
    assert list(type(said).published.demonstrating(True)) == [said]
    assert not type(said).published.real().exists()
