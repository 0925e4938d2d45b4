"""/admin/operating/: how the installation stands, for administrators only."""

from __future__ import annotations

import datetime as dt
import uuid
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from negotiations.operating import page as operating_page
from negotiations.operating import state
from tests import factories

pytestmark = pytest.mark.django_db
HERE = "/admin/operating/"


def failed_task(**more: Any) -> DBTaskResult:
    now = timezone.now()
    given = {
        "status": "FAILED",
        "args_kwargs": {"args": ["what-it-was-given"], "kwargs": {}},
        "task_path": "negotiations.exchange.following.sending.send_all",
        "backend_name": "default",
        "run_after": now,
        "started_at": now,
        "finished_at": now,
        "exception_class_path": "smtplib.SMTPServerDisconnected",
        "traceback": "Traceback: anna@paper.example, password=hunter2",
    }
    return DBTaskResult.objects.create(**given | more)


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(factories.UserFactory(is_staff=True, is_superuser=True))
    return client


def page(client: Client) -> str:
    answer = client.get(HERE)
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_says_how_the_installation_stands(administrator: Client) -> None:
    text = page(administrator)
    for words in (
        *("PostgreSQL", "Django", "all applied", "none known", "Largest tables"),
        *("kept by triggers", "Last data package"),
    ):
        assert words in text
    assert HERE in administrator.get("/admin/").content.decode()


@pytest.mark.parametrize("who", ["editor", "reviewer"])
def test_it_is_for_administrators_only(client: Client, who: str) -> None:
    client.force_login(factories.UserFactory(group=who))
    task = failed_task()
    assert client.get(HERE).status_code == 403
    assert client.get(f"{HERE}tasks/{task.pk}/").status_code == 403
    assert HERE not in client.get("/admin/").content.decode()


def test_visitors_are_led_to_the_log_in(client: Client) -> None:
    answer = client.get(HERE)
    assert answer.status_code == 302
    assert "/admin/login/" in answer["Location"]


def test_why_a_task_failed_can_be_seen_but_nobodys_secret(administrator: Client) -> None:
    task = failed_task()
    assert "smtplib.SMTPServerDisconnected" in page(administrator)
    text = administrator.get(f"{HERE}tasks/{task.pk}/").content.decode()
    assert "Traceback: " in text
    assert str(task.pk) in text
    for secret in ("anna", "hunter2", "what-it-was-given"):
        assert secret not in text


def test_a_task_that_did_not_fail_has_no_such_page(administrator: Client) -> None:
    done = failed_task(status="SUCCESSFUL")
    assert administrator.get(f"{HERE}tasks/{done.pk}/").status_code == 404
    assert administrator.get(f"{HERE}tasks/{uuid.uuid4()}/").status_code == 404


def test_last_backup_and_replicas(administrator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    at = dt.datetime(2026, 3, 4, 5, 6, tzinfo=dt.UTC)
    backup = SimpleNamespace(made=at, bytes=3 * 2**20, verified=True)
    monkeypatch.setattr(operating_page, "last_backup", lambda: backup)
    both = [state.Replica("replica-1", 1.5), state.Replica("replica-2", None)]
    monkeypatch.setattr(state, "replicas", lambda: both)
    text = page(administrator)
    assert "4 March 2026, 05:06 UTC, 3.0\xa0MB, tried" in text
    assert "replica-1: 1.5 s behind; replica-2: does not answer" in text


def test_a_missing_migration_and_an_unkept_index_stand_out(administrator: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM django_migrations WHERE app = 'negotiations' AND name = '0020_following'"
        )
        cursor.execute("ALTER TABLE negotiations_statement DISABLE TRIGGER USER")
    text = page(administrator)
    assert "negotiations.0020_following" in text
    assert "of its triggers are off" in text


def test_the_number_of_queries_does_not_grow_with_what_is_shown(administrator: Client) -> None:
    page(administrator)
    with CaptureQueriesContext(connection) as few:
        page(administrator)
    for _ in range(10):
        failed_task()
    with CaptureQueriesContext(connection) as many:
        page(administrator)
    assert len(many) == len(few)
