"""What was cited stays at its version's address: each public state, and none that never was public."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from negotiations.models import Citation, Statement
from negotiations.models.visibility import publish, reopen, withdraw
from tests import factories
from tests.editing.test_desk import sentences
from tests.pages.test_withdrawn import ADDRESSED, made

# Each change a transaction of its own: what was never public at the end of one makes no version.
in_transactions = pytest.mark.django_db(transaction=True)


def update(record: Any, **fields: Any) -> None:
    type(record).objects.filter(pk=record.pk).update(**fields)


def read(client: Client, record: Any, number: int) -> str:
    page = client.get(f"{record.get_absolute_url()}v{number}/")
    assert page.status_code == 200
    return sentences(page)


@in_transactions
def test_each_public_state_is_a_version_and_no_draft_between_them(client: Client) -> None:
    draft = factories.StatementFactory(words="Working words.", status="draft", party__name="Russia")
    update(draft, words="Second working words.")
    update(draft, words="We agreed on nothing.", status="published")
    source = factories.SourceFactory(title="The readout")
    citation = factories.CitationFactory(
        statement=draft, source=source, passage="agreed on nothing"
    )
    update(draft, updated_at="2025-01-01T00:00Z")  # nothing that a reader is told
    update(draft, status="draft")
    update(draft, words="Between the words.")
    topic = factories.TopicFactory(name="Between")
    draft.topics.add(topic)
    draft.topics.remove(topic)
    update(draft, words="We agreed on much.")
    update(draft, status="published")
    Citation.objects.filter(pk=citation.pk).update(passage="agreed on much")
    draft.topics.add(factories.TopicFactory(name="Arctic"))

    first, second, third = (read(client, draft, number) for number in (1, 2, 3))
    assert "We agreed on nothing." in first
    assert "There is a newer version." in first
    assert "<del>nothing</del> <ins>much</ins>" in first
    assert 'name="robots" content="noindex"' in first
    assert "What it cited" not in first
    assert "agreed on nothing" in second
    assert "The readout" in second
    fourth, fifth = (read(client, draft, number) for number in (4, 5))
    assert "We agreed on much." in third
    assert "agreed on much" in fourth
    assert "<ins>Arctic</ins>" in fourth
    assert "This is the newest version" in fifth
    assert 'rel="predecessor-version"' in fifth
    for page in (first, second, third, fourth, fifth):
        for words in ("Working", "orking words", "Between"):
            assert words not in page
    for number in (0, 6, 2**70):
        assert client.get(f"{draft.get_absolute_url()}v{number}/").status_code == 404


@in_transactions
def test_what_is_not_public_now_has_no_versions_and_the_withdrawn_says_so(client: Client) -> None:
    person = factories.PersonFactory(name="Ann First", slug="ann")
    update(person, name="Ann Second")
    person.refresh_from_db()
    address = "/people/ann/v1/"
    assert client.get(address).status_code == 200
    withdraw(person, "Mistaken for another.")
    page = client.get(address)
    assert page.status_code == 410
    assert "Ann" not in page.content.decode()
    reopen(person)
    update(person, name="Ann Third")
    assert client.get("/people/ann/v3/").status_code == 410
    person.refresh_from_db()
    publish(person)
    assert "Mistaken for another." in read(client, person, 2)
    assert "Ann Third" in read(client, person, 3)
    update(person, status="draft")
    assert client.get(address).status_code == 404


@in_transactions
def test_names_and_passages_are_as_public_as_what_they_are_of(client: Client) -> None:
    hidden = factories.PersonFactory(name="Hidden Hand")
    statement = factories.StatementFactory(speaker=hidden)
    source = factories.SourceFactory(title="Hidden source")
    citation = factories.CitationFactory(statement=statement, source=source, passage="Hidden words")
    update(statement, speaker=factories.PersonFactory(name="Open Hand"))
    citation.delete()
    update(hidden, status="draft")
    update(source, status="draft")
    for number in (1, 2, 3, 4):
        page = read(client, statement, number)
        assert "Hidden" not in page
    assert "a person that is not public" in read(client, statement, 2)
    assert "A source that is not public." in read(client, statement, 2)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ADDRESSED)
def test_every_kind_has_versions(kind: str, client: Client) -> None:
    record = made(kind)
    assert "This is the newest version" in read(client, record, 1)


@pytest.mark.django_db
def test_a_record_without_history_and_one_that_was_renamed(client: Client) -> None:
    with factories.without_rules("negotiations_statement"):
        statement = factories.StatementFactory(words="Loaded without history.")
    assert "Loaded without history." in read(client, statement, 1)
    party = factories.PartyFactory(slug="old")
    update(party, slug="new")
    moved = client.get("/parties/old/v1/")
    assert (moved.status_code, moved["Location"]) == (301, "/parties/new/v1/")


@pytest.mark.django_db
def test_versions_take_a_fixed_number_of_queries(client: Client) -> None:
    statement = factories.StatementFactory()

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            read(client, statement, 1)
        return len(caught)

    before = queries()
    for number in range(5):
        update(statement, words=f"Words {number}", speaker=factories.PersonFactory())
        factories.CitationFactory(statement=statement, passage=f"Passage {number}")
        statement.topics.add(factories.TopicFactory())
    assert Statement.published.count() == 1
    assert queries() <= before + 2  # for sources and topics, of which there were none
