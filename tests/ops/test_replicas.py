"""Reading from replicas: who reads which server, and what happens when one falls behind or goes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings as configuration
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, connections
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import include, path

from negotiations import database
from negotiations import settings as made
from negotiations.errors import DatabaseUnavailable
from negotiations.models import Statement
from negotiations.servers import reading
from negotiations.servers.watching import Watch
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django.fixtures import SettingsWrapper

in_database = pytest.mark.django_db(transaction=True)


def server_read() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('application_name')")
        return str(cursor.fetchone()[0])


def which(request: HttpRequest) -> HttpResponse:
    return HttpResponse(server_read())


def in_parts(request: HttpRequest) -> StreamingHttpResponse:
    def parts() -> Iterator[str]:
        for _ in range(3):
            yield server_read() + "\n"
            connection.close()

    return StreamingHttpResponse(parts())


def writing(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE scratch (); DROP TABLE scratch")
    return which(request)


urlpatterns = [
    path("which/", which),
    path("api/v1/which", which),
    path("admin/which/", which),
    path("follow/which/", which),
    path("in-parts/", in_parts),
    path("writing/", writing),
    path("", include("negotiations.urls")),
]


@pytest.fixture
def watch(settings: SettingsWrapper, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    """Two stand-ins for replicas: the same database, under another name, where nothing can be written."""
    settings.ROOT_URLCONF = __name__
    default = connections.settings["default"]
    for alias in ("replica-1", "replica-2"):
        options = f"-c default_transaction_read_only=on -c application_name={alias}"
        more = {"options": options, "pool": {"min_size": 1, "timeout": 2}, "connect_timeout": 2}
        monkeypatch.setitem(
            connections.settings, alias, default | {"OPTIONS": default["OPTIONS"] | more}
        )
    made = Watch(connections.settings, most_lag=5)
    made.started = True  # no thread: what the servers say, each test says
    made.primary.answers = True
    for replica in made.replicas:
        replica.answers, replica.late = True, False
    monkeypatch.setattr(reading, "watch", lambda: made)
    yield made
    for replica in made.replicas:
        connections[replica.alias].close_pool()
        del connections[replica.alias]


def read(address: str = "/which/", client: Client | None = None, **headers: str) -> str:
    response = (client or Client()).get(address, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


# --- Who reads what ---


@in_database
@pytest.mark.parametrize("address", ["/which/", "/api/v1/which"])
def test_anonymous_readers_read_replicas(watch: Watch, address: str) -> None:
    assert {read(address) for _ in range(30)} == {"replica-1", "replica-2"}


@in_database
def test_without_replicas_all_is_as_ever() -> None:
    assert not reading.can_choose()


@in_database
@pytest.mark.parametrize("address", ["/admin/which/", "/follow/which/"])
def test_what_is_only_kept_at_the_primary_is_read_there(watch: Watch, address: str) -> None:
    assert "replica" not in read(address)


@in_database
def test_who_is_logged_in_reads_the_primary(watch: Watch) -> None:
    client = Client()
    client.force_login(factories.UserFactory())
    assert "replica" not in read(client=client)


@in_database
def test_who_shows_a_token_reads_the_primary(watch: Watch) -> None:
    assert "replica" not in read(authorization="Bearer readout_whatever")


@in_database
def test_who_has_sent_something_reads_the_primary_for_a_while(watch: Watch) -> None:
    client = Client()
    response = client.post("/which/")
    assert "replica" not in response.content.decode()
    assert response.cookies[reading.SENT_COOKIE]["max-age"] > configuration.REPLICA_LAG
    assert "replica" not in read(client=client)
    client.cookies.clear()
    assert "replica" in read(client=client)


@in_database
def test_a_machine_that_sends_gets_no_cookie(watch: Watch) -> None:
    assert not Client().post("/api/v1/which").cookies


@in_database
def test_what_is_sent_in_parts_comes_from_one_server(watch: Watch) -> None:
    for _ in range(5):
        parts = b"".join(Client().get("/in-parts/").streaming_content).decode().split()
        assert len(parts) == 3
        assert set(parts) in ({"replica-1"}, {"replica-2"})


@in_database
def test_after_a_read_the_connection_leads_to_the_primary_again(watch: Watch) -> None:
    read()
    assert "replica" not in server_read()


# --- Kept pages ---


@pytest.fixture
def behind(watch: Watch, settings: SettingsWrapper) -> Iterator[Statement]:
    """A statement whose correction the only replica has not replayed."""
    settings.PAGE_CACHE = 8
    statement = factories.StatementFactory(words="It was so before.")
    watch.replicas = watch.replicas[:1]
    options = connections.settings["replica-1"]["OPTIONS"]
    options["options"] += " -c search_path=behind,public"
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE SCHEMA behind; CREATE TABLE behind.readout_change AS TABLE readout_change;"
            "CREATE TABLE behind.negotiations_statement AS TABLE negotiations_statement"
        )
    Statement.objects.filter(pk=statement.pk).update(words="It was so after.")
    yield statement
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA behind CASCADE")


@in_database
def test_a_page_that_is_kept_is_only_sent_while_the_server_read_knows_no_more(
    watch: Watch, behind: Statement
) -> None:
    address, client = behind.get_absolute_url(), Client()
    for _ in range(2):  # the first time it is made, then it is kept
        assert "so before" in read(address, client)
        client.cookies[reading.SENT_COOKIE] = "1"
        assert "so after" in read(address, client)
        client.cookies.clear()
    with connection.cursor() as cursor:  # the replica catches up
        cursor.execute(
            "DROP TABLE behind.negotiations_statement; DELETE FROM behind.readout_change;"
            "INSERT INTO behind.readout_change TABLE readout_change"
        )
    assert "so after" in read(address, client)


# --- What goes wrong ---


@in_database
def test_a_replica_that_is_gone_costs_no_reader_the_page(watch: Watch) -> None:
    for number in (1, 2):
        connections.settings[f"replica-{number}"]["PORT"] = "1"
        connections.settings[f"replica-{number}"]["HOST"] = "127.0.0.1"
    assert "replica" not in read()
    assert [replica.answers for replica in watch.replicas] == [False, False]
    assert "replica" not in read()


@in_database
def test_a_connection_that_breaks_in_a_read_is_replaced_elsewhere(watch: Watch) -> None:
    watch.replicas = watch.replicas[:1]
    assert read() == "replica-1"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE application_name = 'replica-1' AND datname = current_database()"
        )
    assert "replica" not in read()
    assert watch.replicas[0].answers is False
    watch.replicas[0].answers = True  # as the watch finds
    assert read() == "replica-1"


@in_database
def test_a_page_that_must_write_is_begun_anew_at_the_primary(watch: Watch) -> None:
    assert "replica" not in read("/writing/")
    assert all(replica.answers for replica in watch.replicas)


@in_database
def test_late_replicas_are_left_out(watch: Watch) -> None:
    watch.replicas[0].late = True
    assert {read() for _ in range(10)} == {"replica-2"}
    watch.replicas[1].late = True
    assert "replica" not in read()


@in_database
def test_without_the_primary_readers_read_on_and_writers_are_told_to_wait(watch: Watch) -> None:
    watch.primary.answers = False
    assert "replica" in read()
    known = Client()
    known.cookies[reading.SENT_COOKIE] = "1"
    assert "replica" in read(client=known)
    refused = Client().post("/which/")
    assert refused.status_code == 503
    assert "Retry-After" in refused
    assert Client().get("/admin/login/").status_code == 503


@in_database
def test_a_late_replica_is_better_than_none(watch: Watch) -> None:
    watch.primary.answers = False
    for replica in watch.replicas:
        replica.late = True
    assert "replica" in read()


@in_database
def test_with_no_server_left_the_page_says_so(watch: Watch) -> None:
    for server in (watch.primary, *watch.replicas):
        server.answers = False
    response = Client().get("/statements/")
    assert response.status_code == 503
    assert "Retry-After" in response


def calls_told() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(calls), 0) FROM readout_api_calls")
        return int(cursor.fetchone()[0])


@in_database
def test_the_api_waits_for_no_primary_to_count(watch: Watch, settings: SettingsWrapper) -> None:
    settings.API_LIMIT = 10, 60  # so few that each call is told to all processes
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM readout_api_calls")
    assert "replica" in read("/api/v1/which")
    assert calls_told() == 1
    watch.primary.answers = False
    assert "replica" in read("/api/v1/which")
    assert calls_told() == 1


# --- Behind a pooler ---


@in_database
def test_behind_a_pooler_nothing_is_set_that_would_stay_on_the_connection(
    settings: SettingsWrapper,
) -> None:
    settings.POOLED = True
    with CaptureQueriesContext(connection) as queries:
        Client().post("/admin/login/")
    assert queries.captured_queries
    assert not any("statement_timeout" in query["sql"] for query in queries)


@in_database
def test_a_pooler_that_bounds_nothing_is_refused(settings: SettingsWrapper) -> None:
    settings.POOLED = True
    with pytest.raises(DatabaseUnavailable, match="connect_query='SET statement_timeout"):
        database.require_features()


@in_database
def test_the_lock_for_setting_up_goes_with_its_transaction() -> None:
    with database.one_at_a_time(lambda line: pytest.fail(line)), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
            " WHERE locktype = 'advisory' AND objid = %s AND a.state = 'idle in transaction'",
            [database.SETUP_LOCK],
        )
        assert cursor.fetchone()[0] == 1


# --- The settings ---


@pytest.mark.parametrize(
    "urls", ["mysql://reader:s3cret@db/talks", "postgresql://db/talks,reader:s3cret@db", "%"]
)
def test_replicas_whose_addresses_are_none(urls: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(made, "EMBEDDED_DATABASE", None)
    with pytest.raises(ImproperlyConfigured, match=r"REPLICA_URLS .*with commas between") as said:
        made._replicas(urls)
    assert "s3cret" not in str(said.value)


def test_a_replicas_address_with_a_fault_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(made, "EMBEDDED_DATABASE", None)
    with pytest.raises(ImproperlyConfigured, match="Address 2 of REPLICA_URLS can't be") as said:
        made._replicas("postgresql://one/talks, postgresql://u:s3cret@two/talks?nosuchthing=1")
    assert "s3cret" not in str(said.value)


def test_replicas_of_the_database_that_comes_along(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(made, "EMBEDDED_DATABASE", tmp_path)
    with pytest.raises(ImproperlyConfigured, match="comes along has no replicas"):
        made._replicas("postgresql://one/talks")
    assert made._replicas("") == {}


def test_replicas_are_named_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(made, "EMBEDDED_DATABASE", None)
    found: dict[str, Any] = made._replicas("postgresql://one/talks, postgres://two:5433/talks,")
    assert {name: (at["HOST"], at["PORT"]) for name, at in found.items()} == {
        "replica-1": ("one", ""),
        "replica-2": ("two", "5433"),
    }


@pytest.mark.parametrize("text", ["0", "-1", "5s", "3601", "٣"])
def test_a_lag_that_is_none(text: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"READOUT_REPLICA_LAG .*from 1 to 3600"):
        made._replica_lag(text)
