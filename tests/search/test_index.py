"""The index follows every change in the transaction that makes it, raw SQL's too."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command
from django.db import connection
from django.http import QueryDict

from negotiations.models import (
    Account,
    Action,
    Citation,
    Meeting,
    Party,
    Person,
    Source,
    Statement,
    Topic,
    record_models,
)
from negotiations.search import finding
from negotiations.search.asking import Ask
from negotiations.search.entries import FACETS, TABLE, SearchEntry
from negotiations.search.schema import ENTRY_COLUMNS, FACETS_COLUMNS, FACETS_OF, NAME_COLUMNS
from tests import factories, riyadh

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

pytestmark = pytest.mark.django_db


def count(query: str) -> int:
    return finding.find(Ask.from_address(QueryDict(query))).count


def differences() -> list[tuple]:
    """Where the index is not what it would be if it were built anew."""
    wrong = []
    with connection.cursor() as cursor:
        for table, view, columns in (
            ("searchentry", "readout_entries", ENTRY_COLUMNS),
            ("searchname", "readout_names", NAME_COLUMNS),
        ):
            kept = f"SELECT {columns} FROM negotiations_{table}"
            anew = f"SELECT {columns} FROM {view}"
            cursor.execute(f"({kept} EXCEPT {anew}) UNION ALL ({anew} EXCEPT {kept})")
            wrong += cursor.fetchall()
        facets = f"SELECT {FACETS_COLUMNS} FROM {FACETS}"
        anew = f"{FACETS_OF} {TABLE}"
        cursor.execute(f"({facets} EXCEPT {anew}) UNION ALL ({anew} EXCEPT {facets})")
        wrong += cursor.fetchall()
        wrong += _found_otherwise(cursor)
    return wrong


def _found_otherwise(cursor: CursorWrapper) -> list[tuple]:
    """The words by which the index of the facets finds other records than the entries hold."""
    cursor.execute("SET LOCAL enable_seqscan = off")
    cursor.execute(
        f"""SELECT word, found, held FROM (
          SELECT word, quote_literal(word)::tsquery AS query FROM
            ts_stat('SELECT vector FROM {TABLE}')) words,
        LATERAL (SELECT array_agg(id ORDER BY id) AS found FROM {FACETS}
          WHERE readout_vector(id) @@ query) by_facets,
        LATERAL (SELECT array_agg(id ORDER BY id) AS held FROM {TABLE} WHERE vector @@ query) by_entries
        WHERE found IS DISTINCT FROM held"""
    )
    return cursor.fetchall()


@pytest.fixture
def sample() -> None:
    riyadh.load()


@pytest.mark.usefixtures("sample")
def test_the_sample_is_indexed_as_a_rebuild_would() -> None:
    assert SearchEntry.objects.count() == 84
    assert differences() == []


CHANGES = {
    "a statement's words": lambda: Statement.objects.filter(pk=_first(Statement)).update(words="X"),
    "a topic taken off": lambda: Statement.objects.get(pk=_first(Statement)).topics.clear(),
    "a topic put under another": lambda: Topic.objects.filter(slug="summit").update(
        parent=Topic.objects.get(slug="normalisation")
    ),
    "a party become a body": lambda: Party.objects.filter(
        slug="russian-direct-investment-fund"
    ).update(part_of=Party.objects.get(slug="united-states")),
    "a party renamed": lambda: Party.objects.filter(slug="russia").update(name="Rossiya"),
    "a person renamed": lambda: Person.objects.filter(slug="sergey-lavrov").update(name="S. L."),
    "a meeting's date": lambda: Meeting.objects.filter(slug="riyadh-2025-02-18").update(
        date_from="2025-01-01", date_precision=1
    ),
    "a publisher": lambda: Source.objects.update(publisher="Another"),
    "a citation gone": lambda: Citation.objects.filter(meeting__isnull=False).delete(),
    "an account's stance": lambda: Account.objects.update(stance="denied"),
    "an account gone": lambda: Account.objects.filter(pk=_first(Account)).delete(),
    "what is owed": lambda: Action.objects.get(pk=_first(Action)).owed_by.clear(),
    "a new progress": lambda: factories.ProgressFactory(action=Action.objects.first()),
    "a process's party": lambda: Meeting.objects.first().process.parties.add(
        factories.PartyFactory()
    ),
    "a draft": lambda: factories.StatementFactory(status="draft"),
    "raw SQL": lambda: connection.cursor().execute(
        "UPDATE negotiations_statement SET original_words = 'мир', original_language = 'ru'"
    ),
}


def _first(model: type) -> int:
    return model.published.order_by("pk").first().pk


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize("change", CHANGES)
def test_after_each_change_the_index_is_as_if_built_anew(change: str) -> None:
    try:
        CHANGES[change]()
    except Exception as refused:  # a rule of the records, not of the index
        pytest.fail(f"the change was refused: {refused}")
    assert differences() == []


def test_publishing_unpublishing_and_deletion_are_followed() -> None:
    statement = factories.StatementFactory(words="Zeppelin.", status="draft")
    assert count("q=zeppelin") == 0
    statement.status = "published"
    statement.save()
    assert count("q=zeppelin") == 1
    statement.status = "draft"
    statement.save()
    assert count("q=zeppelin") == 0
    Statement.objects.filter(pk=statement.pk).update(status="published")
    statement.delete()
    assert count("q=zeppelin") == 0


def test_only_public_records_are_in_the_index() -> None:
    for made in (factories.StatementFactory, factories.PersonFactory, factories.TopicFactory):
        made(status="draft")
        made(status="in_review")
    drafts = {
        (m, pk)
        for m in record_models()
        for pk in m.objects.exclude(status="published").values_list("pk", flat=True)
    }
    assert drafts
    assert differences() == []
    assert SearchEntry.objects.count() == sum(
        m.published.count() for m in record_models() if m.__name__ in KINDS
    )


KINDS = {
    "Statement", "Action", "Meeting", "Person", "Party", "Topic", "Question", "OpenMatter", "Process",
}  # fmt: skip


def test_a_rebuild_mends_what_was_lost_and_what_should_not_be_there() -> None:
    factories.StatementFactory.create_batch(3)
    gone = factories.StatementFactory()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM negotiations_searchname")
        cursor.execute(
            "DELETE FROM negotiations_searchentry WHERE NOT (kind = 1 AND record_id = %s)",
            [gone.pk],
        )
        cursor.execute("UPDATE negotiations_searchentry SET id = 99999 * 16 + 1, record_id = 99999")
    call_command("rebuild_search", verbosity=0)
    assert differences() == []


def test_facets_of_before_an_upgrade_are_filled_in_and_those_of_meanwhile_kept() -> None:
    factories.StatementFactory.create_batch(3)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {FACETS}")
    factories.StatementFactory()  # written meanwhile
    assert differences() != []
    fill = import_module("negotiations.migrations.0028_facets_apart_filled").fill
    fill(None, SimpleNamespace(connection=connection))
    assert differences() == []
