"""/health/: what load balancers and engines ask, from wherever they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import OperationalError, connection
from django.test import Client, override_settings

from negotiations.operating import state

if TYPE_CHECKING:
    from tests.ops.conftest import Ask


def test_live_asks_no_database(ask: Ask) -> None:
    # Without the mark of django_db a query would fail here.
    answer = ask("/health/live")
    assert answer.status == 200
    assert answer.json() == {"status": "live"}
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-robots-tag"] == "noindex"


@pytest.mark.django_db
def test_ready_when_the_database_answers_and_has_all_migrations(ask: Ask) -> None:
    answer = ask("/health/ready")
    assert answer.status == 200
    assert answer.json() == {"status": "ready", "database": "answers", "migrations": "applied"}
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.django_db
def test_not_ready_while_a_migration_is_missing(ask: Ask) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM django_migrations WHERE app = 'negotiations' AND name = '0020_following'"
        )
    answer = ask("/health/ready")
    assert answer.status == 503
    assert answer.json()["migrations"] == "missing"


@pytest.mark.django_db
def test_ready_while_the_next_version_has_migrated_already(ask: Ask) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied)"
            " VALUES ('negotiations', '9999_of_the_next_version', now())"
        )
    assert ask("/health/ready").status == 200


@pytest.mark.django_db
def test_not_ready_without_a_database_and_nothing_is_told_of_it(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise OperationalError("connection to postgresql://readout:hunter2@db failed")

    monkeypatch.setattr(state, "rows", away)
    answer = ask("/health/ready")
    assert answer.status == 503
    assert answer.json() == {"status": "not ready", "database": "does not answer"}
    assert b"hunter2" not in answer.body


@pytest.mark.django_db
def test_replicas_are_told_and_a_late_one_is_no_reason_to_be_left_out(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = [state.Replica("replica-1", 500.0), state.Replica("replica-2", None)]
    monkeypatch.setattr(state, "replicas", lambda: late)
    answer = ask("/health/ready")
    assert answer.status == 200
    assert answer.json()["replicas"] == {"replica-1": 500.0, "replica-2": None}


@override_settings(SECURE_SSL_REDIRECT=True, ALLOWED_HOSTS=["readout.example.org"])
@pytest.mark.parametrize("host", ["10.0.0.7:8000", "nonsense", "bad host"])
def test_it_answers_by_whatever_name_and_without_https(ask: Ask, host: str) -> None:
    assert ask("/health/live", Host=host).status == 200


@override_settings(ALLOWED_HOSTS=["readout.example.org"])
@pytest.mark.django_db
def test_other_pages_do_not(ask: Ask) -> None:
    assert ask("/about/", Host="10.0.0.7:8000").status == 400


def test_it_is_only_read(ask: Ask) -> None:
    answer = ask("/health/live", method="POST")
    assert answer.status == 405
    assert answer.headers["allow"] == "GET, HEAD"


@pytest.mark.django_db
def test_search_engines_are_told_to_leave_it(client: Client) -> None:
    assert b"Disallow: /health/" in client.get("/robots.txt").content
