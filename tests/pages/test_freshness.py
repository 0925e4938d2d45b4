"""Kept pages: quick for readers, and never stale."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connection, connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from negotiations.models import Statement
from tests import factories

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _with_a_cache(settings: SettingsWrapper) -> None:
    settings.PAGE_CACHE = 8


def test_a_page_is_kept_and_costs_one_query(client: Client) -> None:
    address = factories.StatementFactory().get_absolute_url()
    first = client.get(address)
    with CaptureQueriesContext(connection) as queries:
        second = client.get(address)
    assert len(queries) == 1
    assert second.content == first.content
    assert second["ETag"] == first["ETag"]
    assert second["Content-Security-Policy"] == first["Content-Security-Policy"]
    assert "Last-Modified" in second


@pytest.mark.parametrize("address", ["/statements/", "/search/?q=ours", "own"])
def test_a_correction_is_never_stale(client: Client, address: str) -> None:
    statement = factories.StatementFactory(words="Ours was wrong.")
    address = statement.get_absolute_url() if address == "own" else address
    assert "wrong" in client.get(address).content.decode()
    Statement.objects.filter(pk=statement.pk).update(words="Ours was right.")
    assert "right" in client.get(address).content.decode()
    Statement.objects.filter(pk=statement.pk).update(status="draft")
    assert "right" not in client.get(address).content.decode()


def test_a_change_counts_from_its_commit(client: Client) -> None:
    """A page made while a correction waits for its commit is made anew after it."""
    statement = factories.StatementFactory(words="Before.")
    address = statement.get_absolute_url()
    other = connections.create_connection("default")
    other.set_autocommit(False)
    with other.cursor() as cursor:
        cursor.execute(
            "UPDATE negotiations_statement SET words = 'After.' WHERE id = %s", [statement.pk]
        )
    factories.StatementFactory()  # a later transaction that commits first
    assert "Before." in client.get(address).content.decode()
    other.commit()
    other.close()
    assert "After." in client.get(address).content.decode()


def test_a_draft_leaves_kept_pages_alone(client: Client) -> None:
    address = factories.StatementFactory().get_absolute_url()
    client.get(address)
    draft = factories.PersonFactory(status="draft")
    draft.name = "Another"
    draft.save()
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    assert len(queries) == 1


def test_who_has_the_page_is_told_so(client: Client) -> None:
    address = factories.StatementFactory().get_absolute_url()
    tag = client.get(address)["ETag"]
    again = client.get(address, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    with transaction.atomic():
        Statement.objects.update(words="New.")
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 200


def test_editors_never_get_or_leave_a_kept_page(client: Client) -> None:
    statement = factories.StatementFactory(words="Hidden.", status="draft")
    editor = Client()
    editor.force_login(factories.UserFactory(is_staff=True, is_superuser=True))
    address = f"{statement.get_absolute_url()}?preview=1"
    answer = editor.get(address)
    assert "Hidden." in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert client.get(address).status_code == 404


def test_a_fragment_is_not_sent_for_the_page(client: Client) -> None:
    factories.StatementFactory()
    htmx = {"HX-Request": "true", "HX-Target": "results"}
    fragment = client.get("/statements/", headers=htmx).content.decode()
    page = client.get("/statements/").content.decode()
    assert "<html" not in fragment
    assert "<html" in page
