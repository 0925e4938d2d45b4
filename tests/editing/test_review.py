"""Review: every step and every refusal, notes, four eyes, the queue, and a meeting published in one act."""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING, Any

import pghistory
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from negotiations.editing import queue
from negotiations.editing.missing import gaps
from negotiations.editing.whole import gather
from negotiations.models import (
    Citation,
    Delegate,
    Meeting,
    Person,
    Record,
    ReviewNote,
    Source,
    Statement,
    Topic,
    User,
    Withdrawal,
    record_models,
)
from negotiations.models.records import in_order
from negotiations.models.visibility import (
    NotReady,
    publish,
    publish_all,
    reopen,
    resolve_notes,
    send_back,
    send_to_review,
    unpublish,
    withdraw,
    write_note,
)
from tests import factories as make
from tests.editing.test_desk import desk, form_of, sentences

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

pytestmark = pytest.mark.django_db


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


# --- The steps ---


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


# --- What the database keeps ---


def refused(rule: str) -> Any:
    return pytest.raises(IntegrityError, match=rule)


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


# --- Two reviewers at once ---


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


# --- Four eyes ---


@pytest.mark.usefixtures("four_eyes")
def test_nobody_publishes_what_they_made_and_the_sentence_names_who_may() -> None:
    anna, _boris = person("anna"), person("boris")
    make.UserFactory(username="carla", group="editor")
    topic = by(anna, make.TopicFactory)
    with pytest.raises(
        NotReady, match=r"another reviewer publishes it. It needs the eyes of boris\."
    ):
        publish(topic, anna)
    assert status(topic) == "draft"
    assert publish(topic, _boris) == 1


@pytest.mark.usefixtures("four_eyes")
def test_who_changed_the_words_last_does_not_publish_them_either() -> None:
    anna, boris, carla = person("anna"), person("boris"), person("carla")
    topic = by(anna, make.TopicFactory)
    with pghistory.context(user=boris.pk):
        Topic.objects.update(description="In other words.")
    with pytest.raises(NotReady, match=r"the eyes of carla\."):
        publish(topic, boris)
    assert publish(topic, carla) == 1


@pytest.mark.usefixtures("four_eyes")
def test_sending_to_review_makes_nobody_an_author() -> None:
    anna, boris = person("anna"), person("boris")
    topic = by(anna, make.TopicFactory)
    with pghistory.context(user=boris.pk):
        send_to_review(topic)
        Topic.objects.get().save()  # a form saved without a change
    assert publish(topic, boris) == 1


@pytest.mark.usefixtures("four_eyes")
def test_a_part_has_its_own_author() -> None:
    anna, boris = person("anna"), person("boris")
    meeting = by(anna, make.MeetingFactory)
    by(boris, make.DelegationFactory, meeting=meeting)
    with pytest.raises(NotReady, match=r"at Meeting"):
        publish(meeting, boris)
    assert status(meeting) == "draft"


@pytest.mark.usefixtures("four_eyes")
def test_without_another_reviewer_the_sentence_says_so() -> None:
    anna = person()
    with pytest.raises(NotReady, match="There is no other reviewer yet"):
        publish(by(anna, make.TopicFactory), anna)


@pytest.mark.usefixtures("four_eyes")
def test_what_a_command_made_anybody_publishes() -> None:
    assert publish(make.TopicFactory(status="draft"), person()) == 1


def test_where_the_setting_is_off_one_person_is_enough() -> None:
    anna = person()
    assert publish(by(anna, make.TopicFactory), anna) == 1


@pytest.mark.usefixtures("four_eyes")
@pytest.mark.parametrize("way", ["form", "list", "whole"])
def test_every_way_to_publish_asks_for_other_eyes(way: str) -> None:
    anna = person()
    meeting = by(anna, make.MeetingFactory)
    client = logged_in(anna)
    address = f"/admin/negotiations/meeting/{meeting.pk}/change/"
    if way == "form":
        page = client.post(address, {**form_of(client, address), "_publish": "1"}, follow=True)
    elif way == "list":
        chosen = {"action": "act_publish", "_selected_action": meeting.pk}
        page = client.post("/admin/negotiations/meeting/", chosen, follow=True)
    else:
        page = publish_whole(client, meeting)
    assert "another reviewer publishes it" in sentences(page)
    assert status(meeting) == "draft"


@pytest.mark.parametrize(
    ("hosts", "value", "on"),
    [("", "", False), ("example.org", "", True), ("example.org", "0", False), ("", "1", True)],
)
def test_four_eyes_are_for_production_unless_the_environment_says_otherwise(
    hosts: str, value: str, on: bool
) -> None:
    assert settings_of(READOUT_HOSTS=hosts, READOUT_FOUR_EYES=value).strip() == str(on)


def test_a_setting_that_can_not_be_read_is_told() -> None:
    assert "READOUT_FOUR_EYES is 'maybe'" in settings_of(READOUT_FOUR_EYES="maybe")


def settings_of(**environment: str) -> str:
    import os
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, "-c", "from negotiations.settings import FOUR_EYES; print(FOUR_EYES)"],
        env={**os.environ, "READOUT_SECRET_KEY": "x" * 50, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


# --- On the form and in the list ---


def test_a_reviewer_sends_back_from_the_form_and_the_editor_sees_the_note_and_resolves_it() -> None:
    topic = make.TopicFactory(status="in_review")
    reviewer, editor = desk("reviewer"), desk("editor")
    address = f"/admin/negotiations/topic/{topic.pk}/change/"
    data = {**form_of(reviewer, address), "note": "Which <b>treaty</b>?", "_send_back": "1"}
    assert reviewer.post(address, data).status_code == 302
    assert status(topic) == "draft"
    page = sentences(editor.get(address))
    assert "Which &lt;b&gt;treaty&lt;/b&gt;? (reviewer, " in page
    assert "Which &lt;b&gt;treaty" in sentences(editor.get("/admin/negotiations/topic/"))
    note = ReviewNote.objects.get()
    editor.post(address, {**form_of(editor, address), "resolves": note.pk, "_review": "1"})
    note.refresh_from_db()
    assert note.resolved_by.username == "editor"
    assert status(topic) == "in_review"
    assert "resolved by editor" in sentences(editor.get(address))


def test_sending_back_without_a_note_comes_back_with_all_that_was_typed() -> None:
    topic = make.TopicFactory(status="in_review")
    reviewer = desk("reviewer")
    address = f"/admin/negotiations/topic/{topic.pk}/change/"
    data = {**form_of(reviewer, address), "description": "Typed with care", "_send_back": "1"}
    page = sentences(reviewer.post(address, data))
    assert "Say what is to be mended" in page
    assert "Typed with care" in page
    assert status(topic) == "in_review"


def test_an_editor_can_not_send_back_or_withdraw() -> None:
    editor = desk("editor")
    waiting, public = make.TopicFactory(status="in_review"), make.TopicFactory()
    address = f"/admin/negotiations/topic/{waiting.pk}/change/"
    editor.post(address, {**form_of(editor, address), "note": "x", "_send_back": "1"})
    for step in ("withdraw", "send-back"):
        asked = f"/admin/review/topic/{step}/?pk={waiting.pk}&pk={public.pk}"
        assert editor.get(asked).status_code == 403
        assert editor.post(asked, {"text": "Wrong."}).status_code == 403
    assert [status(each) for each in (waiting, public)] == ["in_review", "published"]
    assert ReviewNote.objects.count() == 1  # a note of one's own is no step


def test_a_reviewer_withdraws_by_the_page_that_asks_why() -> None:
    topic = make.TopicFactory(name="A topic")
    reviewer = desk("reviewer")
    form = sentences(reviewer.get(f"/admin/negotiations/topic/{topic.pk}/change/"))
    address = f"/admin/review/topic/withdraw/?pk={topic.pk}"
    assert f'href="{address}"' in form
    assert "Why, for the public" in sentences(reviewer.get(address))
    empty = reviewer.post(address, {"text": " "})
    assert (empty.status_code, status(topic)) == (422, "published")
    page = reviewer.post(address, {"text": "Said of the wrong talks."}, follow=True)
    assert "“A topic” was withdrawn." in sentences(page)
    assert status(topic) == "withdrawn"
    assert Withdrawal.objects.get().author.username == "reviewer"


@pytest.mark.parametrize(
    ("action", "before", "after"),
    [("act_withdraw", "published", "withdrawn"), ("act_send_back", "in_review", "draft")],
)
def test_many_are_withdrawn_or_sent_back_from_the_list(
    action: str, before: str, after: str
) -> None:
    topics = make.TopicFactory.create_batch(3, status=before)
    reviewer = desk("reviewer")
    chosen = {"action": action, "_selected_action": [topic.pk for topic in topics]}
    asked = reviewer.post("/admin/negotiations/topic/", chosen)["Location"]
    reviewer.post(asked, {"text": "For a reason."})
    assert {status(topic) for topic in topics} == {after}


@pytest.mark.parametrize(
    "address",
    [
        "/admin/review/topic/withdraw/",
        "/admin/review/topic/withdraw/?pk=x",
        "/admin/review/topic/withdraw/?pk=99999999999999999999",
        "/admin/review/topic/burn/?pk=1",
        "/admin/review/nonsense/withdraw/?pk=1",
        "/admin/review/meeting/99/",
    ],
)
def test_a_step_with_nothing_is_not_found(address: str) -> None:
    assert desk("reviewer").get(address).status_code == 404


def test_only_a_reviewer_changes_what_was_withdrawn_and_brings_it_back() -> None:
    topic = make.TopicFactory()
    withdraw(topic, "Wrong.")
    editor, reviewer = desk("editor"), desk("reviewer")
    address = f"/admin/negotiations/topic/{topic.pk}/change/"
    assert "This was withdrawn" in sentences(editor.get(address))
    assert editor.post(address, {"name": "X"}).status_code == 403
    assert reviewer.get(f"/admin/negotiations/topic/{topic.pk}/delete/").status_code == 403
    reviewer.post(address, {**form_of(reviewer, address), "_reopen": "1"})
    assert status(topic) == "draft"


def test_the_list_with_notes_asks_no_more_for_more_rows() -> None:
    reviewer = desk("reviewer")

    def queries() -> int:
        for topic in make.TopicFactory.create_batch(10, status="draft"):
            write_note(topic, "Look.")
        with CaptureQueriesContext(connection) as asked:
            reviewer.get("/admin/negotiations/topic/")
        return len(asked)

    queries()
    assert queries() == queries()


# --- The queue ---


def queue_page(client: Client, query: str = "") -> str:
    response = client.get(f"/admin/review/{query}")
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", sentences(response)).split())


def test_the_queue_shows_what_waits_by_meeting_with_all_that_a_reviewer_asks() -> None:
    anna = person("anna", "editor")
    meeting = by(anna, make.MeetingFactory, title="Talks in Geneva")
    by(anna, make.DelegationFactory, meeting=meeting)
    send_to_review(meeting)
    statement = by(anna, make.StatementFactory, meeting=meeting, words="We met.")
    send_to_review(statement)
    write_note(statement, "Who is we?")
    make.StatementFactory(words="Not yet sent.", status="draft", meeting=meeting)
    text = queue_page(desk("reviewer"))
    assert "2 records waiting" in text
    assert "Talks in Geneva meeting by anna, for 0" in text
    assert "with 1 part · you may publish it" in text
    assert "1 open note · resolve its notes first" in text
    assert "Not yet sent" not in text
    assert "for a reviewer" in queue_page(desk("editor"))


@pytest.mark.usefixtures("four_eyes")
def test_the_queue_tells_what_is_ones_own() -> None:
    anna = person()
    make.TopicFactory(name="A command’s topic", status="in_review")
    send_to_review(by(anna, make.TopicFactory, name="Anna’s topic"))
    client = logged_in(anna)
    assert "yours: for another reviewer" in queue_page(client)
    assert "Anna’s topic" in queue_page(client, "?whose=mine")
    assert "Anna’s topic" not in queue_page(client, "?whose=others")
    assert "A command’s topic" in queue_page(client, "?whose=others")


def test_the_queue_is_filtered_by_kind_and_shows_what_was_sent_back() -> None:
    topic = make.TopicFactory(name="A topic", status="in_review")
    make.PersonFactory(name="Somebody", status="in_review")
    client = desk("reviewer")
    assert "Somebody" not in queue_page(client, "?kind=topic")
    assert "Somebody" in queue_page(client, "?kind=nonsense&page=99999")
    send_back(topic, "Which?")
    assert "A topic" not in queue_page(client)
    assert "A topic" in queue_page(client, "?show=sent-back")


def test_the_longest_waiting_comes_first() -> None:
    later, first = make.TopicFactory(status="draft"), make.PersonFactory(status="draft")
    for record in (first, later):
        send_to_review(record)
    # In one transaction the clock stands still; the history is told another time.
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "UPDATE negotiations_personevent SET pgh_created_at = pgh_created_at - interval '3 days'"
        )
    found = queue.page_of(queue.waiting(person()), person("boris"), 1)
    assert [entry.record for entry in found[0].entries] == [first, later]
    assert found[0].entries[0].age == "3\xa0days"


def test_the_queue_asks_no_more_for_more_rows() -> None:
    client = desk("reviewer")

    def queries() -> int:
        for _ in range(3):
            statement = make.StatementFactory(status="in_review")
            make.PositionFactory(statement=statement, status="in_review")
            write_note(make.TopicFactory(status="in_review"), "x")
        with CaptureQueriesContext(connection) as asked:
            client.get("/admin/review/")
        return len(asked)

    queries()
    assert queries() == queries()


def test_a_long_group_is_cut_and_says_so() -> None:
    meeting = make.MeetingFactory()
    make.StatementFactory.create_batch(53, meeting=meeting, status="in_review")
    assert "3 more: the whole meeting" in queue_page(desk("reviewer"))


def test_the_desk_says_how_much_waits() -> None:
    make.TopicFactory(status="in_review")
    assert "1 record waits for review." in sentences(desk("reviewer").get("/admin/"))


@pytest.mark.parametrize("address", ["/admin/review/", "/admin/review/meeting/1/"])
def test_review_is_for_the_desk(address: str) -> None:
    assert Client().get(address).status_code == 302
    assert desk().get(address).status_code == 403


# --- A meeting as a whole ---


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


def everything() -> dict[str, int]:
    """How many records there are in each status."""
    found: dict[str, int] = {}
    for model in record_models():
        for each in model._default_manager.values_list("status", flat=True):
            found[each] = found.get(each, 0) + 1
    return found


def publish_whole(client: Client, meeting: Meeting, **data: str) -> Any:
    address = f"/admin/review/meeting/{meeting.pk}/"
    seal = re.search(r'name="seal" value="(\w+)"', client.get(address).content.decode())
    assert seal
    return client.post(address, {"publish": "1", "seal": seal[1], **data}, follow=True)


def test_kinds_come_after_what_they_hang_on() -> None:
    places = {model: place for place, model in enumerate(in_order())}
    assert set(places) == set(record_models())
    for model in record_models():
        for above in {field.related_model for field in model.hangs_on()} - {model}:
            assert places[above] < places[model]


def test_a_meeting_is_found_with_all_that_belongs_to_it() -> None:
    meeting = whole_meeting()
    make.StatementFactory(status="draft")  # of another meeting
    make.PersonFactory(status="draft")
    found = {(type(each), each.pk) for each in gather(meeting)}
    assert {model for model, _ in found} == set(record_models())
    assert len(found) == everything()["draft"] - 2


def test_one_button_publishes_the_meeting_with_all_that_hangs_on_it() -> None:
    meeting = whole_meeting()
    reviewer = desk("reviewer")
    page = sentences(reviewer.get(f"/admin/review/meeting/{meeting.pk}/"))
    assert "3 parties" in page
    assert "1 statement," in page
    done = sentences(publish_whole(reviewer, meeting))
    assert "was published: 3 parties" in done
    assert set(everything()) == {"published"}
    assert "All of it is public" in done


def test_all_is_sent_to_review_by_an_editor_and_published_only_by_a_reviewer() -> None:
    meeting = whole_meeting()
    editor = desk("editor")
    address = f"/admin/review/meeting/{meeting.pk}/"
    assert 'name="publish"' not in sentences(editor.get(address))
    assert editor.post(address, {"publish": "1"}).status_code == 403
    assert "was sent to review" in sentences(editor.post(address, {"review": "1"}, follow=True))
    assert set(everything()) == {"in_review"}


def test_a_meeting_that_is_not_ready_stays_as_it_was_and_each_problem_is_named() -> None:
    meeting = whole_meeting()
    other = make.PartyFactory(status="draft")
    make.StatementFactory(
        meeting=meeting, party=other, words="never said", form="verbatim", status="draft"
    )
    said = Statement.objects.get(words="heard")
    Statement.objects.filter(pk=said.pk).update(words="misheard")
    person_ = Person.objects.first()
    write_note(person_, "Is this the right Lavrov?")
    before = everything()
    events = Meeting.pgh_event_model.objects.count()
    response = publish_whole(desk("reviewer"), meeting)
    assert response.status_code == 422
    page = sentences(response)
    assert "Nothing was published" in page
    assert "cites at least one source before it is published" in page
    assert "These words do not occur in the text of" in page
    assert "Is this the right Lavrov?" in page
    assert f"/admin/negotiations/person/{person_.pk}/change/" in page
    assert everything() == before
    assert Meeting.pgh_event_model.objects.count() == events


def test_a_rule_that_waits_for_the_end_is_checked_before_success_is_claimed() -> None:
    """Words changed behind the form, by raw SQL, in the very transaction."""
    meeting = whole_meeting()
    statement = Statement.objects.get()
    records = gather(meeting).waiting
    stale = next(each for each in records if each == statement)
    Statement.objects.filter(pk=statement.pk).update(words="never said")
    stale.revision += 1  # so that it is not read anew
    with refused("do not occur"), transaction.atomic():
        publish_all(records)
    assert set(everything()) == {"draft"}


def test_what_changed_since_the_page_was_seen_is_looked_at_again() -> None:
    meeting = whole_meeting()
    response = publish_whole(desk("reviewer"), meeting, seal="0" * 32)
    assert response.status_code == 409
    assert "It has changed since you opened this page" in sentences(response)
    assert set(everything()) == {"draft"}


def test_what_hangs_on_the_withdrawn_is_told() -> None:
    meeting = whole_meeting()
    process = meeting.process
    reviewer = desk("reviewer")
    publish_all([*process.parties.all(), process])
    withdraw(process, "Never was.")
    page = sentences(reviewer.get(f"/admin/review/meeting/{meeting.pk}/"))
    assert "Hangs on what was withdrawn" in page
    response = publish_whole(reviewer, meeting)
    assert response.status_code == 422
    assert f"Publish first what this hangs on: process “{process}”" in sentences(response)


def test_hundreds_of_records_cost_a_bounded_number_of_queries_each() -> None:
    counts = []
    for many in (3, 40):
        meeting = whole_meeting(many)
        with CaptureQueriesContext(connection) as asked:
            number = publish_all(gather(meeting).waiting, person(f"reviewer-{many}"))
        counts.append((number, len(asked)))
    (few, for_few), (most, for_most) = counts
    assert most > 300
    assert (for_most - for_few) / (most - few) < 15


def test_the_checklist_asks_no_more_for_more_rows(four_eyes: None) -> None:
    client = desk("reviewer")
    counts = []
    for many in (2, 9):
        address = f"/admin/review/meeting/{whole_meeting(many).pk}/"
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


# --- What is missing ---


def lacking(meeting: Meeting, user: Any = None) -> dict[str, tuple[bool, list[Any]]]:
    return {
        gap.what: (gap.blocks, [line.record for line in gap.lines])
        for gap in gaps(gather(meeting), user)
    }


def test_a_whole_meeting_lacks_nothing() -> None:
    assert lacking(whole_meeting()) == {}


MISSING: dict[str, tuple[str, Any]] = {
    "a delegate’s title": ("Delegates without a title", lambda: Delegate.objects.update(title="")),
    "an account": ("Actions without an account", lambda: one("Account").delete()),
    "a topic": ("Statements without a topic", lambda: one("Statement").topics.clear()),
    "a citation": (
        "Verbatim without a citation",
        lambda: Citation.objects.filter(statement__isnull=False).delete(),
    ),
    "a text": (
        "Citations whose source has no captured text",
        lambda: Source.objects.update(text=""),
    ),
    "a position": ("Questions without a position", lambda: one("Position").delete()),
    "an office": ("People without an appointment", lambda: one("Appointment").delete()),
    "a place": ("Meeting without a place", lambda: Meeting.objects.update(place="")),
    "a date": (
        "Meeting without a date",
        lambda: Meeting.objects.update(state="planned", date_from=None, date_until=None,
                                       date_precision=None),
    ),
    "a delegation": (
        "Parties that speak here but have no delegation",
        lambda: one("Delegation").delete(),
    ),
    "true words": (
        "Quoted words that their source does not have",
        lambda: Statement.objects.update(words="misheard"),
    ),
    "a document": (
        "Accounts, progress reports and open matters that say nowhere where they are documented",
        lambda: Citation.objects.filter(progress__isnull=False).delete(),
    ),
    "a resolved note": (
        "Reviewers’ notes that are open",
        lambda: write_note(one("Topic"), "Which?"),
    ),
}  # fmt: skip
BLOCKING = {"a citation", "true words", "a document", "a resolved note"}


def one(model: str) -> Any:
    return next(m for m in record_models() if m.__name__ == model)._default_manager.first()


@pytest.mark.parametrize("what", MISSING)
def test_what_is_missing_is_told_and_whether_it_blocks(what: str) -> None:
    meeting = whole_meeting()
    words, take_away = MISSING[what]
    take_away()
    found = lacking(Meeting.objects.get(pk=meeting.pk))
    assert words in found
    assert found[words][0] is (what in BLOCKING)
    response = publish_whole(desk("reviewer"), meeting)
    assert (status(meeting) != "published") is (what in BLOCKING), sentences(response)


@pytest.mark.usefixtures("four_eyes")
def test_what_is_ones_own_blocks() -> None:
    anna = person()
    meeting = whole_meeting()
    topic = one("Topic")
    with pghistory.context(user=anna.pk):
        Topic.objects.filter(pk=topic.pk).update(description="Mine.")
    found = lacking(meeting, anna)
    assert [records for blocks, records in found.values() if blocks] == [[topic]]


def test_each_line_leads_to_the_form_that_mends_it() -> None:
    meeting = whole_meeting()
    Delegate.objects.update(title="")
    client = desk("editor")
    page = sentences(client.get(f"/admin/review/meeting/{meeting.pk}/"))
    address = f"/admin/negotiations/delegate/{one('Delegate').pk}/change/"
    assert f'href="{address}"' in page
    assert client.get(address).status_code == 200
