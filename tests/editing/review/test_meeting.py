"""A meeting as a whole: published in one act, or not at all."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from negotiations.editing.whole import gather
from negotiations.models import (
    Meeting,
    Statement,
    record_models,
)
from negotiations.models.records import in_order
from negotiations.models.visibility import (
    publish_all,
    withdraw,
    write_note,
)
from tests import factories as make
from tests.editing.review.conftest import person, publish_whole, refused, whole_meeting
from tests.editing.test_desk import desk, sentences

pytestmark = pytest.mark.django_db


def everything() -> dict[str, int]:
    """How many records there are in each status."""
    found: dict[str, int] = {}
    for model in record_models():
        for each in model._default_manager.values_list("status", flat=True):
            found[each] = found.get(each, 0) + 1
    return found


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
    person_ = said.speaker
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
