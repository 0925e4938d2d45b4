"""The history of a record: who changed what when and why, also of its parts; and the way back."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from negotiations.models import Action, Person, Statement
from tests import factories
from tests.editing.test_desk import desk, form_of, sentences

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer() -> Client:
    return desk("reviewer")


def address(record: Any, act: str) -> str:
    return f"/admin/negotiations/{record._meta.model_name}/{record.pk}/{act}/"


def history(client: Client, record: Any, query: str = "") -> str:
    page = client.get(address(record, "history") + query)
    assert page.status_code == 200
    return sentences(page)


def save(client: Client, record: Any, **changes: Any) -> Any:
    form = form_of(client, address(record, "change"))
    return client.post(address(record, "change"), {**form, **changes})


def versions(html: str) -> list[str]:
    """The addresses of the versions that can be restored, the newest first."""
    return re.findall(r'href="(/admin/history/[^"]+/restore/)"', html)


# --- The story ---


def test_the_story_tells_before_and_after_side_by_side_in_words(reviewer: Client) -> None:
    statement = factories.StatementFactory(
        words="The talks were long and useful.", date="February 2025", speaker__name="Ann Old"
    )
    speaker = factories.PersonFactory(name="Ben New")
    save(
        reviewer,
        statement,
        words="The talks were long and hard.",
        date="about 2025",
        speaker=speaker.pk,
        occasion="interview",
        why="The transcript says so",
    )
    html = history(reviewer, statement)
    assert "The talks were long and <del>useful</del>." in html
    assert "The talks were long and <ins>hard</ins>." in html
    assert "February 2025" in html
    assert "about 2025" in re.sub("</?(ins|del)>", "", html)
    assert "Ann Old" in re.sub("</?(ins|del)>", "", html)
    assert "Ben New" in re.sub("</?(ins|del)>", "", html)
    assert "interview" in html
    assert "in_the_talks" not in html
    assert "Why: The transcript says so" in html
    assert ", reviewer</h2>" in html


def test_parts_citations_and_links_are_in_the_same_story(reviewer: Client) -> None:
    action = factories.ActionFactory(title="Appoint ambassadors")
    account = factories.AccountFactory(action=action, stance="announced")
    report = factories.ProgressFactory(action=action)
    party, topic = factories.PartyFactory(name="Atlantis"), factories.TopicFactory(name="Visas")
    action.owed_by.add(party)
    action.topics.add(topic)
    action.owed_by.remove(party)
    factories.CitationFactory(action=action, where="Page 7")
    account.stance = "denied"
    account.save()
    report.citations.update(where="Page 9")
    html = history(reviewer, action)
    for sentence in (
        "Party that owes an action added",
        "Party that owes an action removed",
        "Topic of an action added",
        "Citation added",
        "Citation changed",
        "<del>announced</del>",
        "<ins>denied</ins>",
    ):
        assert sentence in html
    for words in ("Atlantis", "Visas", "Page 7", "<ins>Page 9</ins>"):
        assert words in html


def test_the_story_of_a_meeting_has_its_delegates_and_open_matters(reviewer: Client) -> None:
    delegate = factories.DelegateFactory(title="Envoy")
    meeting = delegate.delegation.meeting
    matter = factories.OpenMatterFactory(meeting=meeting, title="Frozen property")
    delegate.delete()
    matter.title = "Seized property"
    matter.save()
    html = history(reviewer, meeting)
    assert "Envoy" in html
    assert "<del>Frozen</del>" in html
    assert re.search(r"Delegate deleted: delegate \d+, since deleted", html)


def test_bulk_updates_and_raw_sql_are_caught(reviewer: Client) -> None:
    person = factories.PersonFactory(name="Ann")
    Person.objects.filter(pk=person.pk).update(native_name="Анна")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE negotiations_person SET description = 'By hand' WHERE id = %s", [person.pk]
        )
    html = history(reviewer, person)
    assert "<ins>Анна</ins>" in html
    assert "<ins>By hand</ins>" in html
    assert "a command or the database itself" in html


def test_what_people_typed_is_escaped(reviewer: Client) -> None:
    person = factories.PersonFactory(description="<b>old</b>")
    Person.objects.filter(pk=person.pk).update(description="<script>alert(1)</script> & new")
    html = reviewer.get(address(person, "history")).content.decode()
    assert "<script>alert" not in html
    assert "alert" in html
    assert "<b>old" not in html


def test_a_very_long_text_is_told_without_taking_for_ever(reviewer: Client) -> None:
    statement = factories.StatementFactory(words="word " * 40_000)
    Statement.objects.filter(pk=statement.pk).update(words="other " * 40_000)
    assert "<ins>other" in history(reviewer, statement)


def test_a_long_story_is_paged_and_asks_no_more_for_more_changes(reviewer: Client) -> None:
    person = factories.PersonFactory()

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            history(reviewer, person)
        return len(asked)

    def change(times: int) -> None:
        for number in range(times):
            Person.objects.filter(pk=person.pk).update(description=f"Version {number}.")

    change(3)
    queries()
    few = queries()
    change(60)
    assert queries() == few
    assert "Page 1 of 2" in history(reviewer, person)
    assert "Page 2 of 2" in history(reviewer, person, "?page=2")
    assert "Page 2 of 2" in history(reviewer, person, "?page=99")


# --- The way back ---


def test_a_version_comes_back_as_a_new_change_after_a_look_at_it(reviewer: Client) -> None:
    statement = factories.StatementFactory(words="First.")
    save(reviewer, statement, words="Second.")
    link = versions(history(reviewer, statement))[-1]
    look = sentences(reviewer.get(link))
    assert "<del>Second</del>" in look
    assert "<ins>First</ins>" in look
    assert "Not touched: its status, topics, citations, positions" in look
    statement.refresh_from_db()
    assert statement.words == "Second."
    assert reviewer.post(link).status_code == 302
    statement.refresh_from_db()
    assert (statement.words, statement.status) == ("First.", "published")
    assert "Why: Restored version of " in history(reviewer, statement)


def test_restoring_never_publishes(reviewer: Client) -> None:
    person = factories.PersonFactory(name="Ann")
    person.status = "draft"
    person.name = "Anne"
    person.save()
    published = versions(history(reviewer, person))[-1]
    reviewer.post(published)
    person.refresh_from_db()
    assert (person.name, person.status) == ("Ann", "draft")


def test_an_editor_can_not_restore_what_is_public(reviewer: Client) -> None:
    person = factories.PersonFactory()
    Person.objects.filter(pk=person.pk).update(name="Other")
    link = versions(history(reviewer, person))[-1]
    editor = desk("editor")
    assert editor.get(link).status_code == 403
    assert editor.post(link).status_code == 403
    assert versions(history(editor, person)) == []
    assert Person.objects.get(pk=person.pk).name == "Other"


def test_a_version_that_breaks_a_rule_is_refused_with_a_sentence(reviewer: Client) -> None:
    source = factories.SourceFactory(text="They heard each other.")
    statement = factories.StatementFactory(words="They never met.")
    factories.CitationFactory(statement=statement, source=source)
    Statement.objects.filter(pk=statement.pk).update(words="heard each other", form="verbatim")
    Statement.objects.filter(pk=statement.pk).update(words="heard each", form="verbatim")
    assert reviewer.post(versions(history(reviewer, statement))[0]).status_code == 302
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    Statement.objects.filter(pk=statement.pk).update(words="never said")
    Statement.objects.filter(pk=statement.pk).update(words="heard")
    page = reviewer.post(versions(history(reviewer, statement))[0])
    assert page.status_code == 409
    assert "do not occur in the text" in sentences(page)
    assert Statement.objects.get(pk=statement.pk).words == "heard"


def test_a_deleted_record_is_listed_and_comes_back_as_a_draft(reviewer: Client) -> None:
    person = factories.PersonFactory(name="Ann Lost", status="draft", slug="ann")
    number = person.pk
    reviewer.post(address(person, "delete"), {"post": "yes"})
    page = sentences(reviewer.get("/admin/history/deleted/"))
    assert "Person: Ann Lost" in page
    assert "reviewer" in page
    (link,) = versions(page)
    assert "comes back as a draft" in sentences(reviewer.get(link))
    assert reviewer.post(link).status_code == 302
    back = Person.objects.get(pk=number)
    assert (back.name, back.slug, back.status) == ("Ann Lost", "ann", "draft")
    assert "Ann Lost" not in sentences(reviewer.get("/admin/history/deleted/"))


def test_what_hung_on_something_deleted_comes_back_after_it(reviewer: Client) -> None:
    action = factories.ActionFactory(status="draft")
    factories.ProgressFactory(action=action, status="draft", report="Under way")
    number = action.pk
    action.delete()
    links = versions(sentences(reviewer.get("/admin/history/deleted/")))
    report, whole = (next(x for x in links if kind in x) for kind in ("/progress/", "/action/"))
    page = reviewer.post(report)
    assert page.status_code == 409
    assert "Restore that first" in sentences(page)
    assert reviewer.post(whole).status_code == 302
    assert reviewer.post(report).status_code == 302
    assert Action.objects.get(pk=number).progress_reports.get().report == "Under way"


def test_the_list_of_deleted_records_asks_no_more_for_more_rows(reviewer: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert reviewer.get("/admin/history/deleted/?kind=person").status_code == 200
        return len(asked)

    for person in factories.PersonFactory.create_batch(3, status="draft"):
        person.delete()
    queries()
    few = queries()
    for person in factories.PersonFactory.create_batch(20, status="draft"):
        person.delete()
    assert queries() == few


@pytest.mark.parametrize(
    "page", ["deleted/", "deleted/?kind=person", "person/1/restore/", "nonsense/1/restore/"]
)
def test_the_way_back_is_for_the_desk_only(client: Client, page: str) -> None:
    assert client.get(f"/admin/history/{page}").status_code == 302
    assert desk().get(f"/admin/history/{page}").status_code == 403


@pytest.mark.parametrize("page", ["deleted/?kind=nonsense", "person/9/restore/", "user/1/restore/"])
def test_what_is_not_there_is_not_found(reviewer: Client, page: str) -> None:
    assert reviewer.get(f"/admin/history/{page}").status_code == 404
