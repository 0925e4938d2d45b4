"""Every step of review and every refusal; what the database keeps; two reviewers at once."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from negotiations.models import (
    Meeting,
    ReviewNote,
    Topic,
    Withdrawal,
    record_models,
)
from negotiations.models.visibility import (
    NotReady,
    publish,
    reopen,
    resolve_notes,
    send_back,
    send_to_review,
    unpublish,
    withdraw,
    write_note,
)
from tests import factories as make
from tests.editing.review.conftest import person, refused, status

pytestmark = pytest.mark.django_db


def test_a_record_goes_to_review_and_back_with_a_note_and_is_published_when_that_is_resolved() -> (
    None
):
    meeting = make.MeetingFactory(status="draft")
    make.DelegationFactory(meeting=meeting, status="draft")
    assert send_to_review(meeting) == 2
    assert send_back(meeting, "The place is missing.", person()) == 2
    assert status(meeting) == "draft"
    assert send_to_review(meeting) == 2
    with pytest.raises(
        NotReady, match=r"resolve the reviewer’s note first: “The place is missing.”"
    ):
        publish(meeting)
    assert resolve_notes(ReviewNote.objects.about(meeting), person("boris")) == 1
    assert publish(meeting) == 2


def test_sending_back_needs_a_note() -> None:
    topic = make.TopicFactory(status="in_review")
    with pytest.raises(ValidationError, match="Write a note"):
        send_back(topic, " \n")
    assert status(topic) == "in_review"


@pytest.mark.parametrize("now", ["draft", "published", "withdrawn"])
def test_only_what_is_in_review_is_sent_back(now: str) -> None:
    topic = in_status(make.TopicFactory(), now)
    with pytest.raises(ValidationError, match=f"it is {now}"):
        send_back(topic, "A note.")
    assert status(topic) == now
    assert not ReviewNote.objects.exists()


@pytest.mark.parametrize("now", ["draft", "in_review", "withdrawn"])
def test_only_what_is_public_is_withdrawn(now: str) -> None:
    topic = in_status(make.TopicFactory(), now)
    with pytest.raises(ValidationError, match="is not public"):
        withdraw(topic, "Wrong.")
    assert status(topic) == now


def in_status(record: Any, now: str) -> Any:
    if now == "withdrawn":
        withdraw(record, "Wrong.")
    else:
        type(record)._default_manager.filter(pk=record.pk).update(status=now)
    record.refresh_from_db()
    return record


def test_withdrawing_needs_a_reason() -> None:
    topic = make.TopicFactory()
    with pytest.raises(ValidationError, match="Say why it is withdrawn"):
        withdraw(topic, "  ")
    assert status(topic) == "published"


def test_a_whole_is_withdrawn_with_its_parts_and_comes_back_with_them() -> None:
    delegate = make.DelegateFactory()
    meeting = delegate.delegation.meeting
    who = person()
    assert withdraw(meeting, "It never took place.", who) == 3
    assert {status(each) for each in (meeting, delegate.delegation, delegate)} == {"withdrawn"}
    assert set(Withdrawal.objects.values_list("why", "author")) == {
        ("It never took place.", who.pk)
    }
    assert reopen(Meeting.objects.get()) == 3
    assert status(delegate) == "draft"


def test_what_others_hang_on_is_not_withdrawn_and_they_are_named() -> None:
    statement = make.StatementFactory(words="We met.")
    with pytest.raises(ValidationError, match=r"can't be withdrawn while .* We met\."):
        withdraw(statement.meeting, "Wrong.")
    assert status(statement.meeting) == "published"
    assert not Withdrawal.objects.exists()


def test_the_withdrawn_is_brought_back_to_draft_before_it_is_published() -> None:
    topic = make.TopicFactory()
    withdraw(topic, "Wrong.")
    with pytest.raises(NotReady, match="Bring it back to draft first"):
        publish(topic)
    reopen(topic)
    publish(topic)
    assert Withdrawal.objects.get().ended_at is not None


def test_what_was_withdrawn_on_its_own_does_not_come_back_with_its_whole() -> None:
    delegation = make.DelegationFactory()
    withdraw(delegation, "They were not there.")
    unpublish(delegation.meeting)
    assert publish(Meeting.objects.get()) == 1
    assert status(delegation) == "withdrawn"


def test_taking_back_to_draft_leaves_no_withdrawal() -> None:
    topic = make.TopicFactory()
    assert unpublish(topic) == 1
    assert status(topic) == "draft"
    assert not Withdrawal.objects.exists()


@pytest.mark.parametrize("model", record_models(), ids=lambda model: model.__name__)
def test_the_database_withdraws_nothing_without_a_reason(model: Any) -> None:
    record = getattr(make, f"{model.__name__}Factory")()
    with refused("Say why the"), transaction.atomic():
        model._default_manager.filter(pk=record.pk).update(status="withdrawn")


@pytest.mark.parametrize("model", record_models(), ids=lambda model: model.__name__)
def test_the_database_publishes_nothing_with_an_open_note(model: Any) -> None:
    record = getattr(make, f"{model.__name__}Factory")()
    records = model._default_manager.filter(pk=record.pk)
    records.update(status="in_review")
    write_note(record, "Look again.")
    with refused("resolve the reviewer’s notes"), transaction.atomic():
        records.update(status="published")
    ReviewNote.objects.update(resolved_at="2025-03-01T00:00Z")
    records.update(status="published")


def test_the_database_withdraws_only_what_was_public() -> None:
    topic = make.TopicFactory(status="draft")
    Withdrawal.objects.create(kind="topic", record_id=topic.pk, why="Wrong.")
    with refused("Only a public topic"), transaction.atomic():
        Topic.objects.update(status="withdrawn")
    with refused("Only a public topic"), transaction.atomic():
        make.TopicFactory(status="withdrawn")


@pytest.mark.parametrize(("kind", "pk"), [("topic", 99), ("nonsense", 1)])
@pytest.mark.parametrize("model", [ReviewNote, Withdrawal])
def test_nothing_is_said_of_a_record_that_is_not_there(model: Any, kind: str, pk: int) -> None:
    text = {"text" if model is ReviewNote else "why": "x"}
    with refused("There is no such"), transaction.atomic():
        model.objects.create(kind=kind, record_id=pk, **text)


def test_a_deleted_draft_takes_its_notes_along() -> None:
    topic, other = make.TopicFactory(status="draft"), make.TopicFactory()
    write_note(topic, "A note.")
    write_note(other, "Another.")
    topic.delete()
    assert [str(note) for note in ReviewNote.objects.all()] == ["Another."]


def test_what_was_withdrawn_is_not_deleted_not_even_as_a_draft() -> None:
    topic = make.TopicFactory()
    withdraw(topic, "Wrong.")
    for _ in range(2):
        with refused("A withdrawn topic is not deleted"), transaction.atomic():
            Topic.objects.get().delete()
        reopen(topic)


def test_who_comes_second_is_told_what_the_first_did() -> None:
    topic = make.TopicFactory(status="in_review")
    stale = Topic.objects.get()
    publish(topic)
    with pytest.raises(ValidationError, match="is not in review: it is published"):
        send_back(stale, "A note.")
    assert publish(Topic.objects.get()) == 0
    assert status(topic) == "published"


@pytest.mark.django_db(transaction=True)
def test_a_record_sent_back_while_another_publishes_it_is_one_or_the_other() -> None:
    """The second waits for the first, then sees what it did."""
    topic = make.TopicFactory(status="in_review")
    outcome: list[str] = []
    started = threading.Event()

    def publish_it() -> None:
        started.set()
        try:
            publish(Topic.objects.get())
            outcome.append("published")
        except NotReady as error:
            outcome.append(error.messages[0])
        finally:
            connection.close()

    with transaction.atomic():
        send_back(topic, "Not yet.")
        other = threading.Thread(target=publish_it)
        other.start()
        started.wait()
        other.join(timeout=0.3)
        assert other.is_alive(), "it did not wait"
    other.join()
    assert len(outcome) == 1
    assert "Not yet." in outcome[0]
    assert status(topic) == "draft"
