"""`manage.py doctor`: of each way in which an installation can be broken, what is wrong and what to do."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from negotiations.management.commands import doctor
from negotiations.operating import state
from negotiations.operating.doctor import at_work, here, postgres, reach
from negotiations.operating.doctor.findings import BROKEN, CONCERN, WELL, Finding, guarded
from tests import factories
from tests.ops.test_serve import PROJECT, free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def one(found: Iterator[Finding]) -> Finding:
    (finding,) = found
    return finding


def worst(found: Iterator[Finding]) -> Finding:
    return max(found, key=lambda each: [WELL, CONCERN, BROKEN].index(each.state))


def sql(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text)


# --- The command ---


def run(local: Path, *arguments: str, **environment: str) -> tuple[int, str]:
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name != "DATABASE_URL" and not name.startswith("READOUT_")
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "doctor", *arguments],
        cwd=PROJECT,
        env=inherited | {"READOUT_LOCAL_DIR": str(local)} | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return done.returncode, done.stdout + done.stderr


def test_a_site_whose_database_is_away_is_told_so_and_no_secret_is_shown(tmp_path: Path) -> None:
    code, told = run(
        tmp_path,
        DATABASE_URL=f"postgresql://readout:hunter2@127.0.0.1:{free_port()}/readout",
        READOUT_EMAIL_URL=f"smtp://readout:hunter2@127.0.0.1:{free_port()}",
        READOUT_SLWO="5",
        READOUT_METRICS_TOKEN="hunter2hunter2hunter2",
    )
    assert code == 1
    assert "BROKEN   database: can't be used" in told
    assert "BROKEN   e-mail: the mail server can't be reached" in told
    assert "READOUT_SLWO is set and means nothing. Did you mean READOUT_SLOW?" in told
    assert "Traceback" not in told
    assert "hunter2" not in told


def test_a_wrong_setting_is_told_before_all_else(tmp_path: Path) -> None:
    code, told = run(tmp_path, READOUT_LOG="xml")
    assert code == 1
    assert told == "READOUT_LOG is “xml”. Write json or text.\n"


def test_machines_read_it_as_json(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [Finding("python", "3.14"), Finding("database", "is away", BROKEN, "Start it.")]
    monkeypatch.setattr(doctor, "examine", lambda: iter(found))
    with pytest.raises(SystemExit) as left:
        call_command("doctor", "--json")
    assert left.value.code == 1
    assert json.loads(capsys.readouterr().out) == [
        {"subject": "python", "says": "3.14", "state": "ok", "do": ""},
        {"subject": "database", "says": "is away", "state": "broken", "do": "Start it."},
    ]


def test_warnings_are_no_failure(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [Finding("backup", "none is known", CONCERN, "Make one.")]
    monkeypatch.setattr(doctor, "examine", lambda: iter(found))
    call_command("doctor")
    assert capsys.readouterr().out == (
        "warning  backup: none is known. Make one.\n0 broken, 1 warnings.\n"
    )


def test_a_look_that_fails_is_a_finding_itself() -> None:
    def never() -> Iterator[Finding]:
        raise RuntimeError("postgresql://readout:hunter2@db")
        yield

    finding = one(guarded(never))
    assert finding.state == BROKEN
    assert "RuntimeError" in finding.says
    assert "hunter2" not in finding.says


# --- This machine ---


def test_an_old_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(here, "OLDEST_PYTHON", (99, 0))
    assert one(here.python()).state == BROKEN


@override_settings(SECRET_KEY="short", PRODUCTION=True)
def test_a_key_that_can_be_guessed() -> None:
    finding = one(here.secret_key())
    assert finding.state == BROKEN
    assert "short" not in finding.line()


def test_a_key_that_others_can_read(tmp_path: Path) -> None:
    (tmp_path / "secret-key").write_text("x")
    (tmp_path / "secret-key").chmod(0o644)
    with override_settings(LOCAL_DIR=tmp_path):
        assert one(here.secrets_in_files()).state == BROKEN
        (tmp_path / "secret-key").chmod(0o600)
        assert not list(here.secrets_in_files())


@pytest.mark.parametrize(
    ("hosts", "state_of_it"),
    [(["*"], BROKEN), (["readout.example.org"], WELL)],
)
def test_hosts(hosts: list[str], state_of_it: str) -> None:
    with override_settings(PRODUCTION=True, PROXIED=True, HOSTS=hosts):
        assert worst(here.hosts()).state == state_of_it


@override_settings(PRODUCTION=True, PROXIED=False, HOSTS=["readout.example.org"])
def test_a_site_without_a_proxy() -> None:
    assert "READOUT_PROXIED=1" in worst(here.hosts()).do


@override_settings(PRODUCTION=True)
def test_static_files_that_were_not_collected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(here, "staticfiles_storage", SimpleNamespace(hashed_files={}))
    finding = one(here.static_files())
    assert finding.state == BROKEN
    assert "collectstatic" in finding.do


@pytest.mark.parametrize(
    ("free", "state_of_it"), [(2**20, BROKEN), (2**30, CONCERN), (2**40, WELL)]
)
def test_a_disk_that_is_full(free: int, state_of_it: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(here.shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    assert worst(here.disk()).state == state_of_it


# --- The database ---


@pytest.mark.django_db
@pytest.mark.parametrize("look", postgres.LOOKS, ids=lambda look: look.__name__)
def test_a_database_that_is_well(look: Any) -> None:
    assert BROKEN not in {each.state for each in look()}


@pytest.mark.django_db
def test_one_that_is_too_old(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "OLDEST_POSTGRESQL", 99)
    assert one(postgres.version()).state == BROKEN


@pytest.mark.django_db
def test_an_extension_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "EXTENSIONS", ("none_such",))
    finding = one(postgres.extensions())
    assert finding.state == BROKEN
    assert "postgresql-contrib" in finding.do


@pytest.mark.django_db
def test_an_extension_that_was_not_made_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "EXTENSIONS", ("citext",))
    assert "migrate" in one(postgres.extensions()).do


@pytest.mark.parametrize(
    ("owns", "superuser", "creates", "state_of_it", "words"),
    [
        (True, False, True, WELL, ""),
        (False, False, False, BROKEN, "OWNER TO"),
        (False, False, True, CONCERN, "OWNER TO"),
        (True, True, True, CONCERN, "a role of its own"),
    ],
)
def test_what_the_role_may(
    owns: bool,
    superuser: bool,
    creates: bool,
    state_of_it: str,
    words: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = [(owns, superuser, creates, "readout", "readout")]
    monkeypatch.setattr(postgres.state, "rows", lambda _: found)
    with override_settings(EMBEDDED_DATABASE=None):
        finding = one(postgres.role())
    assert finding.state == state_of_it
    assert words in finding.do


@pytest.mark.django_db
@pytest.mark.parametrize(("apart", "state_of_it"), [(5, CONCERN), (60, BROKEN), (0, WELL)])
def test_a_clock_that_is_wrong(
    apart: int, state_of_it: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = postgres.time.time
    monkeypatch.setattr(postgres, "time", SimpleNamespace(time=lambda: now() - apart))
    assert one(postgres.clock()).state == state_of_it


@pytest.mark.django_db
def test_too_few_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres.state, "rows", lambda _: [(10, 3, 1)])
    pool = {"default": {"OPTIONS": {"pool": {"max_size": 8}}}}
    monkeypatch.setattr(postgres, "settings", SimpleNamespace(DATABASES=pool))
    finding = one(postgres.connections())
    assert finding.state == BROKEN
    assert "max_connections" in finding.do


@pytest.mark.django_db
def test_a_time_out_that_would_end_a_backup() -> None:
    sql("SET LOCAL statement_timeout = 3000")
    assert any("backups" in each.do for each in postgres.time_outs())


@pytest.mark.django_db
def test_a_migration_that_is_missing() -> None:
    sql("DELETE FROM django_migrations WHERE name = '0020_following'")
    finding = one(postgres.migrations())
    assert finding.state == BROKEN
    assert "negotiations.0020_following" in finding.says


# --- Its work ---


@pytest.mark.django_db
def test_a_cache_that_does_not_work() -> None:
    sql("ALTER TABLE readout_cache RENAME TO lost")
    with override_settings(CACHES={"default": caches.settings["default"]}):
        assert one(at_work.cache()).state == BROKEN


@pytest.mark.django_db
def test_a_search_index_that_lacks_records() -> None:
    factories.PartyFactory(status="published")
    assert one(at_work.search_index()).state == WELL
    sql("DELETE FROM negotiations_searchentry")
    finding = one(at_work.search_index())
    assert finding.state == BROKEN
    assert "rebuild_search" in finding.do


@pytest.mark.django_db
def test_a_search_index_that_nothing_keeps() -> None:
    sql("ALTER TABLE negotiations_statement DISABLE TRIGGER USER")
    assert "ENABLE TRIGGER" in worst(at_work.search_index()).do


def a_task(status: str) -> DBTaskResult:
    return DBTaskResult.objects.create(
        status=status, args_kwargs={"args": [], "kwargs": {}}, task_path="x.y", traceback="",
        backend_name="default", run_after=timezone.now(), exception_class_path="",
    )  # fmt: skip


@pytest.mark.django_db
def test_a_worker_that_does_not_run() -> None:
    a_task("READY")
    assert worst(at_work.tasks()).state == WELL
    DBTaskResult.objects.update(enqueued_at=timezone.now() - dt.timedelta(hours=1))
    finding = worst(at_work.tasks())
    assert finding.state == BROKEN
    assert "db_worker" in finding.do


@pytest.mark.django_db
def test_tasks_that_failed() -> None:
    a_task("FAILED")
    assert worst(at_work.tasks()).state == CONCERN


@pytest.mark.parametrize(("days", "state_of_it"), [(0, WELL), (5, BROKEN)])
def test_a_backup_that_is_old(days: int, state_of_it: str, monkeypatch: pytest.MonkeyPatch) -> None:
    backup = SimpleNamespace(made=timezone.now() - dt.timedelta(days=days), verified=True)
    monkeypatch.setattr(at_work, "last_backup", lambda: backup)
    assert one(at_work.backup()).state == state_of_it


def test_no_backup(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(at_work, "last_backup", lambda: None)
    assert one(at_work.backup()).state == CONCERN


def test_a_backup_that_was_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    backup = SimpleNamespace(made=timezone.now(), verified=False)
    monkeypatch.setattr(at_work, "last_backup", lambda: backup)
    assert one(at_work.backup()).state == CONCERN


def test_a_data_package_that_was_never_made(tmp_path: Path) -> None:
    with override_settings(DATAPACKAGE=tmp_path / "none.zip"):
        assert one(at_work.datapackage()).state == CONCERN


@pytest.mark.parametrize(("lag", "state_of_it"), [(None, CONCERN), (99.0, CONCERN), (0.1, WELL)])
def test_replicas(lag: float | None, state_of_it: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "replicas", lambda: [state.Replica("replica-1", lag)])
    assert one(at_work.replicas()).state == state_of_it


# --- What it must reach ---


@contextmanager
def answering(status: int, **headers: str) -> Iterator[str]:
    """Something at an address, in the place of a proxy; yields the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value.replace("BASE", base))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        base = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield base
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("status", "state_of_it", "words"),
    [(200, WELL, ""), (400, BROKEN, "READOUT_HOSTS"), (503, BROKEN, "log")],
)
def test_a_proxy(status: int, state_of_it: str, words: str) -> None:
    with answering(status) as base:
        finding = one(reach.seen_through_proxy(base))
    assert finding.state == state_of_it
    assert words in finding.do


def test_a_proxy_that_does_not_say_it_was_asked_by_https() -> None:
    with answering(301, Location=f"BASE{reach.PAGE}") as base:
        finding = one(reach.seen_through_proxy(base))
    assert finding.state == BROKEN
    assert "X-Forwarded-Proto" in finding.do


def test_a_proxy_that_is_away() -> None:
    finding = one(reach.seen_through_proxy(f"http://127.0.0.1:{free_port()}"))
    assert finding.state == CONCERN


@override_settings(MAILERS={})
def test_a_site_without_e_mail_is_well() -> None:
    assert one(reach.e_mail()).state == WELL
