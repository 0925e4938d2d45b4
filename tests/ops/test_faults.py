"""What goes wrong around the site: a database that is away or hangs, a cache that is gone, a crowd."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from django.core.wsgi import get_wsgi_application
from django.db import OperationalError, connection
from django.test import Client, RequestFactory
from psycopg_pool import ConnectionPool, PoolTimeout

from negotiations import database, outage, shedding
from negotiations.editing.base import RecordAdmin
from negotiations.models import Statement
from negotiations.outage import BoundedConnection, NoAnswer
from negotiations.pages import freshness, shared
from negotiations.pages.freshness import BeforeDjango
from negotiations.shedding import Shedding, Turns
from tests import factories
from tests.faults.machine import Redis, until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django.fixtures import SettingsWrapper

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _with_a_cache(settings: SettingsWrapper) -> None:
    settings.PAGE_CACHE = 8


@contextmanager
def away() -> Iterator[None]:
    """The database out of reach, as this process knows by now."""
    outage.outage.is_on = True
    try:
        yield
    finally:
        outage.outage.is_on = False


def gone() -> OperationalError:
    error = OperationalError("couldn't get a connection after 2.00 sec")
    error.__cause__ = PoolTimeout(str(error))
    return error


# --- While the database is away, for readers ---


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_a_kept_page_is_shown_and_says_of_when_it_is(client: Client, encoding: str) -> None:
    headers = {"Accept-Encoding": encoding}
    address = factories.StatementFactory(words="Ours.").get_absolute_url()
    client.get(address, headers=headers)
    with away():
        page = client.get(address, headers=headers)
    content = gzip.decompress(page.content) if encoding == "gzip" else page.content
    assert page.status_code == 200
    assert b"Ours." in content
    assert b"The database does not answer at the moment" in content
    assert int(page["Content-Length"]) == len(page.content)
    assert page["Cache-Status"] == "Readout; hit; detail=database-away"
    assert page["Cache-Control"] == "no-store"
    assert int(page["Age"]) >= 0
    assert "ETag" not in page
    assert "Last-Modified" not in page
    assert b"does not answer" not in client.get(address, headers={"Accept-Encoding": ""}).content


def test_what_was_corrected_before_is_not_shown_as_it_was(client: Client) -> None:
    statement = factories.StatementFactory(words="Ours was wrong.")
    client.get(statement.get_absolute_url())
    Statement.objects.filter(pk=statement.pk).update(words="Ours was right.")
    client.get("/about/")  # which asks the database what is true now
    with away():
        assert client.get(statement.get_absolute_url()).status_code == 503


def test_what_could_not_be_asked_about_for_long_is_not_shown(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = factories.StatementFactory().get_absolute_url()
    client.get(address)
    monkeypatch.setattr(freshness, "LONGEST_UNASKED", 0)
    with away():
        assert client.get(address).status_code == 503


def test_a_page_that_is_not_kept_is_refused_in_a_sentence(client: Client) -> None:
    with away():
        page = client.get("/statements/")
        data = client.get("/api/v1/statements")
    assert (page.status_code, page["Retry-After"], page["Cache-Control"]) == (503, "30", "no-store")
    assert "The database does not answer" in page.content.decode()
    assert (data.status_code, data["Retry-After"]) == (503, "30")
    assert data["Content-Type"] == "application/problem+json"


def test_a_file_needs_no_database(client: Client) -> None:
    with away():
        file = client.get("/static/readout.css")
    assert file.status_code == 200
    file.close()


def test_who_meets_the_outage_first_gets_the_kept_page_too(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = factories.StatementFactory().get_absolute_url()
    client.get(address)

    def fail(*_: Any) -> None:
        raise gone()

    answers = threading.Event()
    monkeypatch.setattr(freshness, "prepared", fail)
    monkeypatch.setattr(outage, "_answers", answers.is_set)
    monkeypatch.setattr(outage, "EVERY", 0.01)
    assert "Cache-Status" in client.get(address)
    assert outage.outage.is_on
    monkeypatch.undo()
    answers.set()
    until(lambda: not outage.outage.is_on, "the outage did not end")
    assert "Cache-Status" not in client.get(address)


def test_reading_is_tried_once_more_where_a_connection_broke(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a restart: the first connection is gone, the next is good."""
    address = factories.StatementFactory().get_absolute_url()
    real, tries = connection.cursor, []

    def once(*args: Any, **more: Any) -> Any:
        tries.append(1)
        if len(tries) == 1:
            raise OperationalError from psycopg.errors.AdminShutdown("shut down")
        return real(*args, **more)

    monkeypatch.setattr(connection, "cursor", once)
    assert client.get("/statements/?x=1").status_code == 200
    assert len(tries) > 1
    assert client.get(address).status_code == 200


def test_a_database_that_fails_before_the_view_is_no_error_of_ours(client: Client) -> None:
    client.raise_request_exception = False
    client.force_login(factories.UserFactory(is_staff=True, is_superuser=True))

    def fail(*_: Any) -> None:
        raise OperationalError from psycopg.errors.AdminShutdown("shut down")

    with connection.execute_wrapper(lambda *_: fail()):
        page = client.get("/admin/")
    assert page.status_code == 503
    assert page["Retry-After"] == "30"


# --- For editors ---


@pytest.mark.parametrize(
    ("cause", "sentence"),
    [
        (psycopg.errors.DiskFull("could not extend file"), "no room left on its disk"),
        (psycopg.errors.AdminShutdown("shut down"), "it may have been saved"),
        (psycopg.errors.QueryCanceled("timeout"), "took too long to answer"),
    ],
)
def test_what_an_editor_sent_comes_back(
    monkeypatch: pytest.MonkeyPatch, cause: Exception, sentence: str
) -> None:
    editor = Client()
    editor.force_login(factories.UserFactory(is_staff=True, is_superuser=True))
    address = f"/admin/negotiations/person/{factories.PersonFactory().pk}/change/"

    def fail(*_: Any, **__: Any) -> None:
        raise OperationalError from cause

    monkeypatch.setattr(RecordAdmin, "changeform_view", fail)
    page = editor.post(address, {"name": "Ann", "description": 'Typed "with" <care>'})
    text = page.content.decode()
    assert (page.status_code, page["Retry-After"]) == (503, "30")
    assert sentence in text
    assert "What you typed is kept in this browser" in text
    assert 'value="Typed &quot;with&quot; &lt;care&gt;"' in text
    assert "Send the same again" in text


def test_a_form_with_a_password_does_not_come_back() -> None:
    with away():
        page = Client().post("/admin/login/", {"username": "ann", "password": "walrus-heron"})
    assert page.status_code == 503
    assert "walrus" not in page.content.decode()
    assert "Send the same again" not in page.content.decode()


# --- The connections ---


def _parameters() -> dict[str, Any]:
    parameters = connection.get_connection_params()
    return {k: v for k, v in parameters.items() if k not in ("cursor_factory", "context", "pool")}


def test_nobody_waits_for_ever_for_a_server_that_hangs() -> None:
    with BoundedConnection.connect(**_parameters()) as server:
        server.patience = 0.2
        with pytest.raises(NoAnswer, match=r"no answer for 0\.2 seconds"):
            server.execute("SELECT pg_sleep(5)")
        assert server.closed


def test_where_nobody_is_answered_nobody_waits_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """An editor has a minute's patience, unless the server says nothing to anybody."""
    answers: list[bool] = []

    def nothing_at_first() -> bool:
        answers.append(len(answers) > 0)
        return answers[-1]

    monkeypatch.setattr(outage, "_answers", nothing_at_first)
    monkeypatch.setattr(outage, "EVERY", 0.01)
    with BoundedConnection.connect(**_parameters()) as server:
        server.patience = 120
        broke: list[Exception] = []

        def wait() -> None:
            try:
                server.execute("SELECT pg_sleep(60)")
            except psycopg.OperationalError as error:
                broke.append(error)

        editor = threading.Thread(target=wait)
        editor.start()
        until(lambda: outage._waiting, "nobody waits")
        outage.outage.notice(NoAnswer())
        editor.join(30)
    assert outage.is_broken(broke[0])
    until(lambda: not outage.outage.is_on, "the outage did not end")


def test_after_a_restart_the_pool_gives_good_connections() -> None:
    with ConnectionPool(
        kwargs=_parameters(),
        connection_class=BoundedConnection,
        check=outage.still_open,
        min_size=3,
        timeout=20,
    ) as pool:
        pool.wait()
        with connection.cursor() as cursor, pool.connection() as one:
            there = [c.info.backend_pid for c in [one, *pool._pool]]
            cursor.execute("SELECT pg_terminate_backend(pid) FROM unnest(%s) pid", [there])
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE pid = ANY(%s)", [there])
        for _ in range(4):
            with pool.connection() as again:
                assert again.info.backend_pid not in there
                again.execute("SELECT 1")


def test_the_database_answers_again_when_it_does(monkeypatch: pytest.MonkeyPatch) -> None:
    assert outage._answers()
    monkeypatch.setattr(
        database, "connect", lambda *_: psycopg.connect("host=127.0.0.1 port=1 connect_timeout=2")
    )
    assert not outage._answers()


# --- The shared cache ---


@pytest.fixture
def redis(settings: SettingsWrapper) -> Iterator[Redis]:
    if not shutil.which("redis-server"):
        pytest.skip("needs redis-server")
    redis = Redis()
    redis.start()
    settings.CACHE_URL = redis.url
    store = shared.SharedPages(redis.url)

    def is_up() -> bool:
        store.again_at = 0
        return bool(store._ask("PING"))

    until(is_up, "redis did not start")
    yield redis
    redis.kill()


def test_what_one_process_made_another_sends_until_it_is_corrected(redis: Redis) -> None:
    statement = factories.StatementFactory(words="Ours was wrong.")
    address = statement.get_absolute_url()
    one, other = Client(), Client()  # each with a handler of its own, as a process has
    made = one.get(address)
    with connection.execute_wrapper(_only_the_state):
        sent = other.get(address)
        again = other.get(address)
    assert sent.content == again.content == made.content
    assert sent["ETag"] == made["ETag"]
    assert sent["Content-Security-Policy"] == made["Content-Security-Policy"]
    Statement.objects.update(words="Ours was right.")
    assert "right" in other.get(address).content.decode()
    assert "right" in one.get(address).content.decode()


def _only_the_state(execute: Any, sql: str, *rest: Any) -> Any:
    assert sql == freshness.STATE, "this page was to come from the cache"
    return execute(sql, *rest)


def test_what_others_put_there_is_no_page_of_ours(redis: Redis) -> None:
    address = factories.StatementFactory(words="Ours.").get_absolute_url()
    made = Client().get(address).content
    store = shared.SharedPages(redis.url)
    for name in store._ask("KEYS", "readout:page:*"):
        sealed = store._ask("GET", name)
        store._ask("SET", name, sealed.replace(b"Ours.", b"Evil."))
    assert Client().get(address).content == made


def test_pages_of_another_version_are_not_found(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, page = shared.SharedPages(redis.url), Client().get("/about/")
    store.put(("key",), 1, page)
    assert store.get(("key",), 1) is not None
    assert store.get(("key",), 2) is None
    monkeypatch.setattr(shared, "_code", lambda: "newer")
    assert store.get(("key",), 1) is None


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
def test_without_it_pages_are_made_and_with_it_again_kept(
    redis: Redis, how: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared, "LEFT_ALONE", 0.0)
    address = factories.StatementFactory(words="Ours.").get_absolute_url()
    assert redis.process
    os.kill(redis.process.pid, how)
    assert "Ours." in Client().get(address).content.decode()
    if how == signal.SIGSTOP:
        os.kill(redis.process.pid, signal.SIGCONT)
    else:
        redis.kill()
        redis.start()
    store = shared.SharedPages(redis.url)
    until(lambda: Client().get(address) and store._ask("KEYS", "readout:page:*"), "not kept again")


def test_it_is_left_alone_for_a_while_after_it_failed(caplog: pytest.LogCaptureFixture) -> None:
    store = shared.SharedPages("redis://:secret@127.0.0.1:1/0")
    for _ in range(3):
        assert store._ask("PING") is None
    assert len(caplog.records) == 1
    assert "secret" not in caplog.text


# --- More than can be answered ---


class Crowd:
    """A site at which each page takes until it is let go."""

    def __init__(self) -> None:
        self.inside, self.go = threading.Semaphore(0), threading.Event()
        self.site = Shedding(self.page)

    def page(self, environ: Any, start_response: Any) -> Any:
        self.inside.release()
        assert self.go.wait(30)
        return get_wsgi_application()(environ, start_response)

    def get(self, address: str, **headers: str) -> tuple[str, dict[str, str], bytes]:
        told: list[Any] = []
        environ = RequestFactory(SERVER_NAME="localhost").get(address, headers=headers).environ
        answer = self.site(environ, lambda *given: told.extend(given))
        body = b"".join(answer)
        if not isinstance(answer, list):
            answer.close()
        connection.close()
        return told[0], dict(told[1]), body

    def fill(self, turns: int, **headers: str) -> list[threading.Thread]:
        threads = [
            threading.Thread(target=self.get, args=("/about/",), kwargs=headers)
            for _ in range(turns)
        ]
        for thread in threads:
            thread.start()
            assert self.inside.acquire(timeout=30)
        return threads


@pytest.fixture
def crowd(settings: SettingsWrapper) -> Iterator[Crowd]:
    settings.QUEUE = (0, 1)
    crowd = Crowd()
    threads = crowd.fill(shedding.at_work() - shedding.FOR_EDITORS)
    yield crowd
    crowd.go.set()
    for thread in threads:
        thread.join(30)


def test_what_comes_beyond_is_told_so_at_once(crowd: Crowd) -> None:
    status, headers, body = crowd.get("/meetings/")
    assert status == "503 Service Unavailable"
    assert headers["Retry-After"] == "5"
    assert headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert b"Readout is crowded at the moment" in body
    status, headers, body = crowd.get("/api/v1/statements")
    assert headers["Content-Type"] == "application/problem+json"
    assert json.loads(body)["status"] == 503


def test_files_and_an_editor_come_in_all_the_same(crowd: Crowd) -> None:
    free = threading.Thread(target=crowd.get, args=("/static/readout.css",))
    editor = threading.Thread(target=crowd.get, args=("/admin/",), kwargs={"Cookie": "sessionid=x"})
    for thread in (free, editor):
        thread.start()
        assert crowd.inside.acquire(timeout=30)
    crowd.go.set()
    free.join(30)
    editor.join(30)


def test_when_the_crowd_has_gone_everybody_comes_in_again(crowd: Crowd) -> None:
    assert crowd.get("/meetings/")[0].startswith("503")
    crowd.go.set()
    until(lambda: crowd.get("/meetings/")[0] == "200 OK", "it stays shut")


def test_a_turn_that_failed_or_was_not_read_to_its_end_is_over(settings: SettingsWrapper) -> None:
    settings.QUEUE = (0, 1)
    factories.StatementFactory()

    def fail(*_: Any) -> Any:
        raise RuntimeError

    site = Shedding(fail)
    environ = RequestFactory(SERVER_NAME="localhost").get("/statements.csv").environ
    for _ in range(20):
        with pytest.raises(RuntimeError):
            site(environ, lambda *_: None)
    site = Shedding(get_wsgi_application())
    for _ in range(20):
        told: list[str] = []
        download = site(environ, lambda status, _, told=told: told.append(status))
        assert next(iter(download))
        assert told == ["200 OK"]
        del download


def test_who_waits_has_a_turn_when_one_is_over(settings: SettingsWrapper) -> None:
    settings.QUEUE = (1, 30)
    crowd = Crowd()
    threads = crowd.fill(shedding.at_work() - shedding.FOR_EDITORS)
    answer: list[str] = []
    waiting = threading.Thread(target=lambda: answer.append(crowd.get("/about/")[0]))
    waiting.start()
    until(lambda: crowd.site.readers.waiting, "nobody waits")
    assert crowd.get("/meetings/")[0].startswith("503")  # there is one place
    crowd.go.set()
    for thread in [*threads, waiting]:
        thread.join(30)
    assert answer == ["200 OK"]


def test_whom_no_turn_would_come_in_time_is_told_so_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    turns, had = Turns(1, places=9, longest=30), []
    threads = [threading.Thread(target=lambda: had.append(turns.take())) for _ in range(4)]

    def end(at: float) -> None:
        monkeypatch.setattr(shedding, "monotonic", lambda: at)
        turns.end()

    turns.take()
    end(100)
    turns.take()
    for thread in threads[:3]:
        thread.start()
    until(lambda: turns.waiting == 3, "they don't wait")
    end(120)  # two turns in the time that anybody may wait
    until(lambda: turns.waiting == 2, "nobody had a turn")
    threads[3].start()
    threads[3].join(20)
    assert had == [True, False]
    end(120.1)
    end(120.2)
    for thread in threads:
        thread.join(20)
    assert had == [True, False, True, True]
    assert turns.pace < 20  # so that more may wait again


def test_a_kept_page_needs_no_turn(crowd: Crowd) -> None:
    address = factories.StatementFactory(words="Ours.").get_absolute_url()
    told: list[str] = []
    environ = RequestFactory(SERVER_NAME="localhost").get(address).environ
    BeforeDjango(get_wsgi_application())(environ, lambda *_: None)
    body = b"".join(BeforeDjango(crowd.site)(environ, lambda status, _: told.append(status)))
    connection.close()
    assert told == ["200 OK"]
    assert b"Ours." in body


# --- Settings ---


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("READOUT_CACHE_URL", "http://:secret@host", "READOUT_CACHE_URL can't be read. Write it"),
        ("READOUT_CACHE_URL", "redis://:secret@host:x", "READOUT_CACHE_URL can't be read. Write"),
        ("READOUT_QUEUE", "many", "READOUT_QUEUE is “many”. Write requests/seconds"),
        ("READOUT_QUEUE", "40/0", "READOUT_QUEUE is “40/0”. Write requests/seconds"),
    ],
)
def test_a_setting_that_can_t_be_read(variable: str, value: str, sentence: str) -> None:
    python = "import negotiations.settings"
    ran = subprocess.run(
        [sys.executable, "-c", python],
        env=os.environ | {variable: value},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1
    assert f"ImproperlyConfigured: {sentence}" in ran.stderr
    assert "secret" not in ran.stderr.splitlines()[-1]
