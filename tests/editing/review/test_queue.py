"""The queue: what waits, whose, since when."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext

from negotiations.editing import queue
from negotiations.models import (
    Person,
)
from negotiations.models.visibility import (
    send_back,
    send_to_review,
    write_note,
)
from tests import factories as make
from tests.editing.review.conftest import by, logged_in, person
from tests.editing.test_desk import desk, sentences

pytestmark = pytest.mark.django_db


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
    with make.without_rules("negotiations_personevent"):
        earlier = F("pgh_created_at") - timedelta(days=3)
        Person.pgh_event_model.objects.update(pgh_created_at=earlier)
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
