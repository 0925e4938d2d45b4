"""Reviewers, and records at their steps."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pghistory
import pytest
from django.db import IntegrityError
from django.test import Client

from negotiations.models import (
    Meeting,
    Record,
    Source,
    User,
    record_models,
)
from tests import factories as make

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper


@pytest.fixture
def four_eyes(settings: SettingsWrapper) -> None:
    settings.FOUR_EYES = True


def person(username: str = "anna", group: str = "reviewer") -> User:
    return make.UserFactory(username=username, group=group)


def by(user: User, factory: Any, **fields: Any) -> Any:
    """A record as this person made it."""
    with pghistory.context(user=user.pk):
        return factory(**{"status": "draft", **fields})


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def status(record: Record) -> str:
    return str(type(record)._default_manager.get(pk=record.pk).status)


def refused(rule: str) -> Any:
    return pytest.raises(IntegrityError, match=rule)


def whole_meeting(many: int = 1) -> Meeting:
    """A meeting, all in draft, with a record of each kind that hangs on it or that it hangs on."""
    draft = {"status": "draft"}
    us, them = make.PartyFactory(**draft), make.PartyFactory(**draft)
    ministry = make.PartyFactory(kind="body", part_of=us, **draft)
    process = make.ProcessFactory(parties=[us, them], **draft)
    meeting = make.MeetingFactory(process=process, place="Riyadh", host=them, **draft)
    wide = make.TopicFactory(**draft)
    source = make.SourceFactory(text="They heard each other.", on_behalf_of=us, **draft)
    question = make.QuestionFactory(topic=wide, **draft)
    planned = make.MeetingFactory(process=process, state="planned", date=None, **draft)
    seats = make.DelegationFactory(meeting=meeting, party=us, **draft)
    for _ in range(many):
        speaker = make.PersonFactory(**draft)
        make.AppointmentFactory(person=speaker, party=ministry, **draft)
        make.DelegateFactory(delegation=seats, person=speaker, **draft)
        topic = make.TopicFactory(parent=wide, **draft)
        said = make.StatementFactory(
            meeting=meeting, speaker=speaker, party=us, form="verbatim", words="heard", **draft
        )
        said.topics.add(topic)
        make.CitationFactory(statement=said, source=source, passage="heard each other")
        make.PositionFactory(question=question, statement=said, **draft)
        action = make.ActionFactory(meeting=meeting, leads_to=planned, **draft)
        action.topics.add(topic)
        make.AccountFactory(action=action, party=us, statement=said, **draft)
        make.OpenMatterFactory(meeting=meeting, statement=said, question=question, **draft)
        progress = make.ProgressFactory(action=action, **draft)
        progress.citations.update(source=source)
    Source.objects.filter(status="published", citations=None).delete()
    return meeting


def publish_whole(client: Client, meeting: Meeting, **data: str) -> Any:
    address = f"/admin/review/meeting/{meeting.pk}/"
    seal = re.search(r'name="seal" value="(\w+)"', client.get(address).content.decode())
    assert seal
    return client.post(address, {"publish": "1", "seal": seal[1], **data}, follow=True)


def one(model: str) -> Any:
    return next(m for m in record_models() if m.__name__ == model)._default_manager.first()
