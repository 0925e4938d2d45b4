"""Review on the form and in the list of records."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from negotiations.models import (
    ReviewNote,
    Withdrawal,
)
from negotiations.models.visibility import (
    withdraw,
    write_note,
)
from tests import factories as make
from tests.editing.review.conftest import status
from tests.editing.test_desk import desk, form_of, sentences

pytestmark = pytest.mark.django_db


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
