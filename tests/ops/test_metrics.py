"""/metrics: numbers for Prometheus, for who has the token, under labels whose number has a bound."""

from __future__ import annotations

import os
import subprocess
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from django.db import OperationalError
from django.test import override_settings
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from prometheus_client.parser import text_string_to_metric_families

from negotiations.operating import metrics, site_metrics, state
from negotiations.watching import Watch
from tests.ops.test_serve import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.ops.conftest import Answer, Ask

pytestmark = pytest.mark.django_db
TOKEN = "a-token-of-sixteen-or-more"
with_token = override_settings(METRICS_TOKEN=TOKEN)


def scrape(ask: Ask) -> dict[str, list[tuple[dict[str, str], float]]]:
    answer = ask("/metrics", Authorization=f"Bearer {TOKEN}")
    assert answer.status == 200
    found: dict[str, list[tuple[dict[str, str], float]]] = {}
    for family in text_string_to_metric_families(answer.body.decode()):
        for sample in family.samples:
            found.setdefault(sample.name, []).append((sample.labels, sample.value))
    return found


def total(found: dict[str, list[tuple[dict[str, str], float]]], name: str, **labels: str) -> float:
    return sum(value for had, value in found.get(name, []) if labels.items() <= had.items())


# --- Who may see it ---


def test_without_a_token_set_there_is_no_such_page(ask: Ask) -> None:
    assert ask("/metrics").status == 404
    assert ask("/metrics", Authorization="Bearer ").status == 404


@with_token
@pytest.mark.parametrize("sent", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", TOKEN])
def test_a_wrong_token_is_refused(ask: Ask, sent: str) -> None:
    answer = ask("/metrics", Authorization=sent)
    assert answer.status == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert b"readout_" not in answer.body


@with_token
def test_it_is_kept_by_nobody(ask: Ask) -> None:
    answer: Answer = ask("/metrics", Authorization=f"Bearer {TOKEN}")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-type"].startswith("text/plain")


# --- Requests ---


@with_token
def test_requests_are_counted_by_view_and_status(ask: Ask) -> None:
    before = scrape(ask)
    for _ in range(3):
        ask("/meetings/")
    ask("/meetings/not-there/")
    after = scrape(ask)
    labels = {"view": "meetings", "method": "GET", "status": "200"}
    assert total(after, "readout_requests_total", **labels) == (
        total(before, "readout_requests_total", **labels) + 3
    )
    for name in ("readout_request_seconds_count", "readout_queries_total"):
        assert total(after, name, view="meetings") >= total(before, name, view="meetings") + 3
    assert total(after, "readout_requests_total", view="meeting", status="404") > 0


@with_token
def test_labels_are_the_same_whatever_is_asked_for(ask: Ask) -> None:
    ask("/one/")
    ask("/about/", method="BREW")
    before = {tuple(had.items()) for had, _ in scrape(ask)["readout_requests_total"]}
    for number in range(20):
        ask(f"/not-there-{number}/")
        ask(f"/about/?x={number}", method=f"BREW{number}")
    after = {tuple(had.items()) for had, _ in scrape(ask)["readout_requests_total"]}
    assert after == before


def test_of_pages_that_can_be_kept_the_share_that_was() -> None:
    kept, pages = metrics.hit_rate()
    for was in (True, True, False, None):
        metrics.observe(Watch(kept=was), "about", "GET", 200, 0.001)
    assert metrics.hit_rate() == (kept + 2, pages + 3)


# --- The site ---


@with_token
def test_the_state_of_the_site(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    for status in ("READY", "FAILED", "FAILED"):
        DBTaskResult.objects.create(
            status=status, args_kwargs={"args": [], "kwargs": {}}, task_path="x.y", run_after=now,
            backend_name="default", exception_class_path="", traceback="", finished_at=now,
        )  # fmt: skip
    monkeypatch.setattr(site_metrics, "last_backup", lambda: SimpleNamespace(made=now))
    monkeypatch.setattr(state, "replicas", lambda: [state.Replica("replica-1", 2.5)])
    found = scrape(ask)
    assert total(found, "readout_database_up") == 1
    assert total(found, "readout_migrations_missing") == 0
    assert total(found, "readout_tasks_waiting") == 1
    assert total(found, "readout_tasks_failed") == 2
    assert total(found, "readout_letters_waiting") == 0
    assert total(found, "readout_search_triggers_off") == 0
    assert total(found, "readout_replica_lag_seconds", replica="replica-1") == 2.5
    assert "readout_backup_age_seconds" in found
    assert total(found, "readout_process_memory_bytes") > 2**20


@with_token
def test_while_the_database_is_away_that_is_told(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise OperationalError

    monkeypatch.setattr(state, "rows", away)
    found = scrape(ask)
    assert total(found, "readout_database_up") == 0
    assert "readout_tasks_failed" not in found


COUNTS = """
from negotiations.operating import metrics
from negotiations.watching import Watch
metrics.observe(Watch(kept=True), "about", "GET", 200, 0.001)
"""


def test_workers_count_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = os.environ | {
        metrics.FOLDER: str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "negotiations.settings",
    }
    workers = [
        subprocess.Popen([sys.executable, "-c", COUNTS], cwd=PROJECT, env=environment)
        for _ in range(2)
    ]
    assert [worker.wait() for worker in workers] == [0, 0]
    monkeypatch.setenv(metrics.FOLDER, str(tmp_path))
    assert metrics.hit_rate() == (2, 2)
    # They are gone, and so is what they held; what they counted stays.
    names = {metric.name for metric in metrics.counted().collect()}
    assert "readout_process_memory_bytes" not in names


def test_serve_gives_its_workers_a_folder_and_takes_it_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(metrics.FOLDER, raising=False)
    with metrics.of_all_workers():
        folder = os.environ[metrics.FOLDER]
        assert os.path.isdir(folder)
    assert metrics.FOLDER not in os.environ
    assert not os.path.isdir(folder)
