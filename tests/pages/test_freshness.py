"""Kept pages: quick for readers, and never stale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import OperationalError, connection, connections, transaction
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from negotiations.models import Statement
from negotiations.pages import freshness, statement_reading
from negotiations.pages.freshness import BeforeDjango
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


# --- Before Django wakes ---


class Server:
    """The site as a web server has it; `woken` says how often Django was asked."""

    def __init__(self) -> None:
        self.django, self.woken = get_wsgi_application(), 0
        self.site = BeforeDjango(self.count)

    def count(self, environ: Any, start_response: Any) -> Any:
        self.woken += 1
        return self.django(environ, start_response)

    def get(self, address: str, **headers: str) -> tuple[str, str]:
        """Status and body."""
        told: list[str] = []
        environ = RequestFactory(SERVER_NAME="localhost").get(address, headers=headers).environ
        body = b"".join(self.site(environ, lambda status, _: told.append(status)))
        connection.close()
        return told[0], body.decode()


def test_a_kept_page_does_not_wake_django_until_it_is_corrected() -> None:
    statement, server = factories.StatementFactory(words="Ours was wrong."), Server()
    address = statement.get_absolute_url()
    first = server.get(address)
    assert server.get(address) == first
    assert server.woken == 1
    Statement.objects.update(words="Ours was right.")
    status, body = server.get(address)
    assert status == "200 OK"
    assert "Ours was right." in body
    assert server.woken == 2


def test_who_is_logged_in_or_has_the_page_always_wakes_django() -> None:
    address, server = factories.StatementFactory().get_absolute_url(), Server()
    server.get(address)
    server.get(address, Cookie="sessionid=x")
    server.get(address, **{"If-None-Match": '"x"'})
    server.get("/admin/login/")
    assert server.woken == 4


def test_without_its_database_a_kept_page_is_left_to_django(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: Any) -> None:
        raise OperationalError

    address, server = factories.StatementFactory().get_absolute_url(), Server()
    server.get(address)
    monkeypatch.setattr(freshness, "prepared", fail)
    monkeypatch.setattr(statement_reading, "prepared", fail)
    assert server.get(address)[0].startswith("503")
