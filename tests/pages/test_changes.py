"""The page of changes: what was corrected in public, and nothing of what never was."""

from __future__ import annotations

from typing import Any

import pghistory
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from negotiations.models import Account, Person, Statement
from negotiations.models.visibility import publish
from tests import factories
from tests.editing.test_desk import desk, form_of, sentences

pytestmark = pytest.mark.django_db


def changes(client: Client, query: str = "") -> str:
    page = client.get(f"/changes/{query}")
    assert page.status_code == 200
    return sentences(page)


def update(record: Any, **fields: Any) -> None:
    type(record).objects.filter(pk=record.pk).update(**fields)


def test_a_correction_shows_what_it_was_and_what_it_is(client: Client) -> None:
    statement = factories.StatementFactory(
        words="We agreed on nothing.", speaker__name="Ann Old", date="2025"
    )
    speaker = factories.PersonFactory(name="Ben New")
    statement.words, statement.speaker, statement.date = "We agreed on much.", speaker, "May 2025"
    statement.save()
    html = changes(client)
    assert f'<a href="/statements/{statement.pk}/">Ben New: We agreed on much.</a>' in html
    assert "<del>nothing</del> <ins>much</ins>" in html
    assert "<del>Ann Old</del> <ins>Ben New</ins>" in html
    assert "<del>2025</del> <ins>May 2025</ins>" in html


def test_the_life_of_a_draft_is_never_shown(client: Client) -> None:
    person = factories.PersonFactory(status="draft", name="Secret working name")
    update(person, name="Second secret name")
    person.refresh_from_db()
    publish(person)
    for query in ("", "?what=all", f"?record=person-{person.pk}"):
        assert "ecret working" not in changes(client, query)
    assert "published: " in changes(client, "?what=published")
    draft = factories.PersonFactory(status="draft", name="Never public")
    update(draft, name="Still never public")
    assert "ever public" not in changes(client, f"?what=all&record=person-{draft.pk}")


def test_of_what_was_withdrawn_only_that_and_when(client: Client) -> None:
    person = factories.PersonFactory(name="Gone Name")
    update(person, name="Gone Again")
    update(person, status="draft")
    update(person, name="Draft name")
    html = changes(client, "?what=all")
    assert f"Person {person.pk} withdrawn" in html
    for words in ("Gone", "Again", "Draft name"):
        assert words not in html
    topic = factories.TopicFactory(name="Deleted topic")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM negotiations_topic WHERE id = %s", [topic.pk])
    assert f"Topic {topic.pk} withdrawn" in changes(client)
    assert "Deleted topic" not in changes(client, "?what=all")


def test_what_was_changed_while_taken_back_is_told_when_it_is_public_again(client: Client) -> None:
    person = factories.PersonFactory(name="Ann First")
    update(person, status="draft")
    update(person, name="Ann Between")
    update(person, name="Ann Last")
    assert "Ann" not in changes(client)
    update(person, status="published")
    html = changes(client)
    assert "<del>First</del> <ins>Last</ins>" in html
    assert "Between" not in html


def test_names_of_what_is_not_public_any_more_are_not_told(client: Client) -> None:
    statement = factories.StatementFactory(speaker__name="Hidden Hand")
    before = statement.speaker
    update(statement, speaker=factories.PersonFactory(name="Open Hand"))
    update(before, status="draft")
    html = changes(client)
    assert "Hidden" not in html
    assert "<del>a person that is not public</del> <ins>Open Hand</ins>" in html


def test_who_and_why_stay_at_the_desk_and_the_public_reason_is_shown(client: Client) -> None:
    person = factories.PersonFactory(name="Ann")
    reviewer = desk("reviewer", first_name="Petra")
    address = f"/admin/negotiations/person/{person.pk}/change/"
    assert "public_reason" in form_of(reviewer, address)
    reviewer.post(
        address,
        {
            **form_of(reviewer, address),
            "name": "Anne",
            "why": "Our own mistake",
            "public_reason": "She signs so",
        },
    )
    html = changes(client)
    assert "She signs so" in html
    assert "Anne" in html
    for words in ("Our own mistake", "Petra", ">reviewer"):
        assert words not in html
    draft = factories.PersonFactory(status="draft")
    assert "public_reason" not in form_of(
        reviewer, f"/admin/negotiations/person/{draft.pk}/change/"
    )


def test_bulk_updates_and_raw_sql_are_told_too(client: Client) -> None:
    action = factories.ActionFactory(title="Old title")
    account = factories.AccountFactory(action=action, stance="announced")
    Account.objects.update(stance="denied", note="Not so")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE negotiations_action SET title = 'New title'")
    party = factories.PartyFactory(name="Atlantis")
    action.owed_by.add(party)
    html = changes(client)
    assert "<del>announced</del> <ins>denied</ins>" in html
    assert "<del>Old</del> <ins>New</ins>" in html
    assert "<ins>Atlantis</ins>" in html
    assert f"/actions/{action.pk}/#account-{account.pk}" in html


def test_what_does_not_matter_to_readers_is_not_told(client: Client) -> None:
    person = factories.PersonFactory()
    update(person, sort_name="Zed, Ann")
    assert "Nothing public was corrected or withdrawn yet" in changes(client)


@pytest.mark.parametrize(
    ("make", "field", "value"),
    [
        (factories.StatementFactory, "words", "Other words."),
        (factories.ActionFactory, "title", "Other"),
        (factories.PersonFactory, "name", "Other"),
        (factories.PartyFactory, "name", "Other"),
        (factories.ProcessFactory, "name", "Other"),
        (factories.TopicFactory, "name", "Other"),
        (factories.QuestionFactory, "text", "Other?"),
        (factories.SourceFactory, "title", "Other"),
        (factories.MeetingFactory, "title", "Other"),
    ],
)
def test_a_page_says_when_it_was_last_corrected(
    client: Client, make: Any, field: str, value: str
) -> None:
    record = make()
    kind = record._meta.model_name
    link = f"/changes/?record={kind}-{record.pk}"
    address = record.get_absolute_url()
    assert link not in sentences(client.get(address))
    update(record, **{field: value})
    assert "<ins>Other" in changes(client, f"?record={kind}-{record.pk}")
    if kind != "statement":
        assert f'Last corrected <a href="{link}">' in sentences(client.get(address))


def test_a_page_tells_of_the_corrections_of_its_parts(client: Client) -> None:
    delegate = factories.DelegateFactory(title="Envoy")
    update(delegate, title="Ambassador")
    meeting = delegate.delegation.meeting
    assert "Last corrected" in sentences(client.get(meeting.get_absolute_url()))
    assert "Ambassador" in changes(client, f"?record=meeting-{meeting.pk}")
    assert "Ambassador" in changes(client, f"?record=delegate-{delegate.pk}")


def test_filters_by_what_kind_and_date(client: Client) -> None:
    person, topic = factories.PersonFactory(), factories.TopicFactory()
    update(person, name="Corrected person")
    update(topic, name="Corrected topic")
    update(factories.PartyFactory(), status="draft")
    assert "Corrected topic" not in changes(client, "?kind=person")
    assert "Corrected person" in changes(client, "?kind=person")
    assert "withdrawn" not in changes(client, "?what=corrected").split("<ol")[1]
    assert "Corrected" not in changes(client, "?what=withdrawn").split("<ol")[1]
    assert "No change fits this" in changes(client, "?to=2020")
    assert "Corrected person" in changes(client, "?from=2020")


@pytest.mark.parametrize(
    "query",
    [
        "?what=x", "?kind=user", "?record=x", "?record=user-1", "?record=person-" + "9" * 30,
        "?older=x", "?older=99999999999999999999.1", "?from=yesterday", "?to=31+February+2025",
    ],
)  # fmt: skip
def test_bad_input_is_told(client: Client, query: str) -> None:
    assert client.get(f"/changes/{query}").status_code == 400
    assert client.get(f"/changes/feed/{query}").status_code == 400


@pytest.mark.parametrize("query", ["?older=9999999999999999.1", "?from=0001&to=9999", "?kind="])
def test_odd_input_is_answered(client: Client, query: str) -> None:
    assert client.get(f"/changes/{query}").status_code == 200


def test_older_changes_follow_without_gap_or_repetition(client: Client) -> None:
    person = factories.PersonFactory(name="Version 0")
    for number in range(1, 100):
        with pghistory.context():
            update(person, name=f"Version {number}")
    found: list[str] = []
    query = "?what=corrected"
    for _ in range(3):
        html = changes(client, query)
        found += [part.split("</ins>")[0] for part in html.split("<ins>")[1:]]
        if 'rel="next"' not in html:
            break
        query = html.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert found == [str(number) for number in range(99, 0, -1)]


def test_queries_do_not_grow(client: Client) -> None:
    counts = []
    for _ in range(2):
        for statement in factories.StatementFactory.create_batch(8):
            update(statement, words="Other words.", speaker=factories.PersonFactory())
        with CaptureQueriesContext(connection) as queries:
            changes(client)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_words_are_escaped(client: Client) -> None:
    statement = factories.StatementFactory(words="<b>bold</b>")
    Statement.objects.filter(pk=statement.pk).update(words="<script>alert(1)</script>")
    html = client.get("/changes/").content.decode()
    assert "<script>alert" not in html
    assert "<b>bold" not in html


def test_the_feed_follows_the_same_changes(client: Client) -> None:
    person = factories.PersonFactory(name="Ann")
    Person.objects.filter(pk=person.pk).update(name="Anne")
    feed = client.get("/changes/feed/?kind=person")
    assert feed["Content-Type"].startswith("application/atom+xml")
    assert "name: “Ann” → “Anne”" in feed.content.decode()
    assert "/changes/feed/" in changes(client)


# --- What a record cites ---


def published_statement(**more: Any) -> Any:
    """A statement that was public before whatever a test does next."""
    with pghistory.context():
        statement = factories.StatementFactory(words="We agreed.", form="paraphrase")
        return factories.CitationFactory(statement=statement, **more)


def test_another_source_or_passage_is_a_correction_of_what_cites_it(client: Client) -> None:
    citation = published_statement(source__title="A report", where="p. 1")
    statement, before = citation.statement, citation.source
    other = factories.SourceFactory(title="The transcript")
    with pghistory.context(public_reason="We read it ourselves"):
        citation.source, citation.passage = other, "They agreed"
        citation.save()
        update(statement, words="We agreed on much.")
    html = changes(client, f"?record=statement-{statement.pk}")
    assert html.count(f"Statement {statement.pk} corrected") == 1
    assert "We read it ourselves" in html
    assert f"<del>{before}</del> <ins>{other}</ins>" in html
    assert "<dt>Passage</dt><dd" in html
    assert "<ins>They agreed</ins>" in html
    assert "<ins> on much</ins>" in html
    assert "<dt>Where" not in html
    assert "Last corrected" in sentences(client.get(statement.get_absolute_url()))


def test_a_source_that_comes_or_goes_is_told(client: Client) -> None:
    citation = published_statement(source__title="A report")
    with pghistory.context():
        second = factories.CitationFactory(statement=citation.statement)
    assert f"<ins>{second.source}</ins>" in changes(client)
    with pghistory.context():
        citation.delete()
    assert f"<del>{citation.source}</del>" in changes(client)


def test_the_citation_of_a_part_is_told_on_the_page_that_shows_it(client: Client) -> None:
    with pghistory.context():
        citation = factories.CitationFactory(account=factories.AccountFactory(), where="p. 1")
    with pghistory.context():
        update(citation, where="p. 2")
    account = citation.account
    html = changes(client, f"?record=action-{account.action_id}")
    assert f"Account {account.pk} corrected" in html
    assert f"/actions/{account.action_id}/#account-{account.pk}" in html


def test_what_a_draft_cites_is_nobodys_business(client: Client) -> None:
    citation = factories.CitationFactory(
        statement=factories.StatementFactory(status="draft"), where="Working title"
    )
    with pghistory.context():
        update(citation, where="Second working title")
    with pghistory.context():
        publish(citation.statement)
    assert "orking title" not in changes(client, "?what=all")


def test_of_citations_changed_while_taken_back_only_what_remains_is_told(client: Client) -> None:
    citation = published_statement(where="p. 1")
    undone = factories.CitationFactory(statement=citation.statement, where="p. 8")
    for where, back in (("p. 2", "p. 9"), ("p. 3", "p. 8")):
        with pghistory.context():
            update(citation.statement, status="draft")
            update(citation, where=where)
            update(undone, where=back)
    assert "p. " not in changes(client, "?what=all")
    with pghistory.context(public_reason="Looked up again"):
        update(citation.statement, status="published")
    html = changes(client)
    assert "Looked up again" in html
    assert "<del>1</del><ins>3</ins>" in html.replace("</del> <ins>", "</del><ins>")
    for words in ("9", "8", "2"):
        assert f"<ins>{words}</ins>" not in html


def test_words_of_a_source_that_is_not_public_any_more_are_not_told(client: Client) -> None:
    citation = published_statement(source__title="Leaked letter", passage="Secret words")
    before = citation.source
    with pghistory.context():
        citation.source, citation.passage = factories.SourceFactory(title="Readout"), "Plain words"
        citation.save()
        update(before, status="draft")
    html = changes(client, "?what=all")
    assert "Plain words" in html
    for words in ("Secret", "Leaked"):
        assert words not in html
