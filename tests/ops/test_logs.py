"""Logs: a line for each request that can be found again by its number, with nobody's secret in it."""

from __future__ import annotations

import json
import logging
import time
from typing import TYPE_CHECKING, Any
from wsgiref.util import setup_testing_defaults

import pytest
from django.core.management import call_command
from django.db import connection
from django.tasks import task
from django.test import override_settings
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from negotiations.operating.logs import Json, Text, safe
from negotiations.operating.masking import masked_path, masked_query
from negotiations.operating.requests import Watched
from negotiations.watching import Watch, masked, watched

if TYPE_CHECKING:
    from tests.ops.conftest import Ask, Log

pytestmark = pytest.mark.django_db


# --- A line for each request ---


@override_settings(SLOW=0)
def test_each_request_has_one_line_that_says_what_it_took(ask: Ask, log: Log) -> None:
    answer = ask("/meetings/?page=1")
    line = log.access()
    assert answer.status == line["status"] == 200
    assert line["method"] == "GET"
    assert line["path"] == line["route"].join(["/", ""]) == "/meetings/"
    assert line["view"] == "meetings"
    assert line["query"] == "page=1"
    assert line["kept"] is False
    assert line["queries"] > 0
    assert 0 < line["database_ms"] <= line["ms"]
    assert line["level"] == "INFO"


def test_the_answer_bears_the_number_of_its_line(ask: Ask, log: Log) -> None:
    answer = ask("/about/")
    assert answer.headers["x-request-id"] == log.access()["request_id"]


def test_two_requests_have_two_numbers(ask: Ask) -> None:
    assert ask("/about/").headers["x-request-id"] != ask("/about/").headers["x-request-id"]


def test_a_visitors_own_number_is_not_taken(ask: Ask) -> None:
    assert ask("/about/", X_Request_ID="abcdefgh12345678").headers["x-request-id"] != (
        "abcdefgh12345678"
    )


@override_settings(PROXIED=True)
def test_the_proxys_number_is_taken(ask: Ask) -> None:
    assert ask("/about/", X_Request_ID="abcdefgh12345678").headers["x-request-id"] == (
        "abcdefgh12345678"
    )


@override_settings(PROXIED=True)
@pytest.mark.parametrize("odd", ["short", "x" * 65, "a b c d e f g h", 'abcdefgh"\\n', "-abcdefgh"])
def test_a_number_that_is_not_well_formed_is_not_taken(ask: Ask, odd: str) -> None:
    assert ask("/about/", X_Request_ID=odd).headers["x-request-id"] != odd


def test_what_fails_is_logged_with_the_number_and_the_traceback(log: Log) -> None:
    with watched(Watch(id="the-number-of-it")):
        try:
            raise ValueError("anna@paper.example has password=hunter2")
        except ValueError:
            logging.getLogger("readout.test").exception("It failed")
    (line,) = log.lines("readout.test")
    assert line["request_id"] == "the-number-of-it"
    assert "ValueError" in line["exception"]
    assert "anna" not in line["exception"]
    assert "hunter2" not in line["exception"]


def test_a_download_is_told_when_its_last_byte_is_gone(ask: Ask, log: Log) -> None:
    answer = ask("/statements.csv")
    line = log.access()
    assert answer.status == 200
    assert line["view"] != "none"
    assert line["queries"] > 0


def test_probes_have_no_line_as_long_as_all_is_well(ask: Ask, log: Log) -> None:
    ask("/health/live")
    assert not log.lines("readout.access")


# --- Nobody's secret ---


@pytest.mark.parametrize(
    "address",
    [
        "/follow/confirm/12.aSecretThatNobodyMayHave/",
        "/follow/stop/aSecretThatNobodyMayHave/",
        "/admin/invitation/aSecretThatNobodyMayHave/",
        "/admin/no/invitation/aSecretThatNobodyMayHave/",
        "/admin/account/password/reset/key/3-aSecretThatNobodyMayHave/",
        "/nowhere/aSecretThatNobodyMayHave/",
        "/search/?q=aSecretThatNobodyMayHave",
        "/about/?token=aSecretThatNobodyMayHave",
        "/about/?aSecretThatNobodyMayHave@paper.example",
        "/about/?page=aSecretThatNobodyMayHave@paper.example",
    ],
)
def test_no_token_address_or_question_is_in_the_line(ask: Ask, log: Log, address: str) -> None:
    ask(address)
    assert log.access()
    assert "aSecretThatNobodyMayHave" not in log.text.getvalue()


def test_headers_and_what_was_sent_are_not_logged(ask: Ask, log: Log) -> None:
    ask("/about/", Authorization="Bearer hunter2hunter2", Cookie="other=hunter2")
    assert log.access()
    assert "hunter2" not in log.text.getvalue()


def test_of_a_query_string_the_names_are_told() -> None:
    assert masked_query("q=Anna&page=2&e%20mail=a@b.c&form=verbatim") == (
        "q=…&page=2&…&form=verbatim"
    )
    assert len(masked_query("page=2&" * 400)) <= 300


def test_an_address_that_nobody_has_is_told_without_long_parts() -> None:
    assert masked_path("/a/" + "x" * 20 + "/anna@paper.example/b", None) == "/a/…/…/b"


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://readout:hunter2@db:5432/x",
        "password=hunter2",
        '{"token": "hunter2"}',
        "Authorization: Bearer hunter2",
        "Key (address)=(hunter2@paper.example) already exists.",
    ],
)
def test_messages_of_others_are_made_safe(text: str) -> None:
    assert "hunter2" not in safe(text)


def test_a_line_of_text_says_the_same_to_people() -> None:
    record = logging.LogRecord("readout.x", logging.INFO, "", 0, "Done", None, None)
    with watched(Watch(id="12345678")):
        assert Text().format(record).endswith(" INFO readout.x: Done [12345678]")
        assert json.loads(Json().format(record))["request_id"] == "12345678"


# --- What is slow ---


@override_settings(SLOW=1)
def test_a_slow_page_is_a_warning(log: Log) -> None:
    def application(environ: Any, start: Any) -> list[bytes]:
        time.sleep(0.01)
        start("200 OK", [])
        return [b""]

    environ: dict[str, Any] = {"PATH_INFO": "/about/", "QUERY_STRING": "q=hunter2"}
    setup_testing_defaults(environ)
    Watched(application)(environ, lambda *_: lambda _: None)
    line = log.access()
    assert line["slow"] is True
    assert line["level"] == "WARNING"
    assert line["ms"] >= 10
    assert line["query"] == "q=…"


@override_settings(SLOW=5)
def test_a_slow_query_is_logged_without_its_values(log: Log) -> None:
    with watched(Watch(id="12345678")), connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.01), %s, 'hunter2'", ["anna@paper.example"])
    (line,) = log.lines("readout.slow")
    assert line["sql"] == "SELECT pg_sleep(0.01), %s, '…'"
    assert line["request_id"] == "12345678"
    assert line["database_ms"] >= 10
    assert "anna" not in log.text.getvalue()
    assert "hunter2" not in log.text.getvalue()


@override_settings(SLOW=0)
def test_nothing_is_slow_where_that_is_said(log: Log) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.01)")
    assert not log.lines("readout.slow")


def test_sql_is_told_on_one_line_and_not_at_any_length() -> None:
    assert masked("SELECT 1\n  FROM a WHERE b = 'it''s'") == "SELECT 1 FROM a WHERE b = '…'"
    assert len(masked("x" * 10_000)) == 2000
    assert masked(object()) == "(object)"


# --- Tasks ---


@task
def say_something() -> None:
    logging.getLogger("readout.test").warning("Here I am")


def test_a_task_can_be_followed_from_who_asked_for_it(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db_worker, "close_old_connections", lambda: None)
    with watched(Watch(id="who-asked-for-it")):
        say_something.enqueue()
    call_command("db_worker", "--batch", "--no-startup-delay", verbosity=0)
    (asked,) = log.lines("readout.tasks")
    (said,) = log.lines("readout.test")
    assert asked["request_id"] == "who-asked-for-it"
    assert said["request_id"] == asked["task_id"] == str(DBTaskResult.objects.get().pk)
