"""`backup`: nothing has a backup's name that is none, and none goes before there is a better one."""

from __future__ import annotations

import datetime as dt
import fcntl
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from negotiations.errors import CannotRun
from negotiations.models import Person
from negotiations.upkeep import making, programs, server
from negotiations.upkeep.backups import MANIFEST, Backup, backups, last_backup, read
from negotiations.upkeep.contents import Contents, Counted, contents
from negotiations.upkeep.making import make

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("original")]


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} - {".lock"}


def aged(backup: Backup, days: int, *, verified: bool = True) -> Backup:
    """The same backup, as if it had been made days ago."""
    made = backup.made - dt.timedelta(days=days)
    path = backup.path.with_name(made.strftime("readout-%Y%m%d-%H%M%S"))
    shutil.copytree(backup.path, path)
    older = replace(backup, path=path, made=made, verified=verified)
    older.write()
    return older


def test_it_works(original: Backup) -> None:
    assert names(original.path.parent) == {original.path.name}
    assert names(original.path) == {"database.dump", "manifest.json"}
    assert read(original.path) == original
    assert original.contents.tables["negotiations_person"].count == 3
    assert not original.verified


def test_only_its_owner_may_read_it(original: Backup) -> None:
    assert original.path.stat().st_mode & 0o077 == 0


def test_what_is_in_a_backup_and_what_is_not(original: Backup) -> None:
    tables = original.contents.tables
    assert {
        "negotiations_user",
        "negotiations_personevent",
        "negotiations_capture",
    } <= tables.keys()
    assert "readout_cache" not in tables
    assert "readout_change" not in tables


def test_what_the_server_s_keeper_put_beside_is_left_to_them(tmp_path: Path) -> None:
    with server.connect(server.site()) as db:
        db.execute("CREATE EXTENSION hstore")
    made = make(tmp_path, verify=False)
    assert b"hstore" not in made.dump.read_bytes()
    assert b"pg_trgm" in made.dump.read_bytes()


def test_the_command_tells_what_it_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("backup", tmp_path, "--no-verify")
    assert "bytes; not tried.\nREADOUT_SECRET_KEY is not in it." in capsys.readouterr().out
    assert backups(tmp_path)


def test_the_last_backup_can_be_asked_for(backup: Backup, settings: Any) -> None:
    settings.BACKUP_DIR = backup.path.parent / "none"
    assert last_backup() is None
    settings.BACKUP_DIR = backup.path.parent
    older = aged(backup, 1)
    assert last_backup() == backup
    (backup.path / MANIFEST).write_text("{")
    assert last_backup() == older


def test_a_backup_that_does_not_come_back_gets_no_name(
    backup: Backup, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = backup.path.parent
    old = [aged(backup, days).path.name for days in (1, 2, 3)]

    def one_too_many(*arguments: Any) -> Contents:
        held = contents(*arguments)
        return replace(held, tables=held.tables | {"negotiations_person": Counted(4, "1")})

    monkeypatch.setattr(making, "contents", one_too_many)
    with pytest.raises(
        CannotRun, match=r"not what was dumped \(negotiations_person: 3 instead of 4"
    ):
        make(folder, keep=1)
    assert names(folder) == {backup.path.name, *old}
    with server.taken() as others:
        assert not server.exists(others, server.beside(server.site(), "scratch"))


def test_old_ones_go_once_there_are_enough_verified_ones(backup: Backup) -> None:
    newest, unverified, second, old, older = (
        aged(backup, 1),
        aged(backup, 2, verified=False),
        aged(backup, 3),
        aged(backup, 4),
        aged(backup, 5, verified=False),
    )
    making._let_go(backup.path.parent, keep=2)
    left = names(backup.path.parent)
    assert {each.path.name for each in (newest, unverified, second)} <= left
    assert not {each.path.name for each in (old, older)} & left


def test_nothing_goes_for_an_unverified_one(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="only after a verified new one"):
        call_command("backup", tmp_path, "--no-verify", "--keep", "3")


@pytest.mark.parametrize("number", ["0", "-1", "some"])
def test_how_many_to_keep_is_a_number(number: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="give a number from 1 upwards"):
        call_command("backup", tmp_path, "--keep", number)


def test_what_a_killed_one_left_goes_with_the_next(tmp_path: Path) -> None:
    (tmp_path / making.UNFINISHED).mkdir()
    (tmp_path / making.UNFINISHED / "database.dump").write_text("half of it")
    made = make(tmp_path, verify=False)
    assert names(tmp_path) == {made.path.name}


def test_two_at_once_are_one_too_many(tmp_path: Path) -> None:
    with (tmp_path / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(CannotRun, match="Another backup is being made in"):
            make(tmp_path, verify=False)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CannotRun, match=r"can't be written to .*file .*name another folder"):
        make(tmp_path / "file", verify=False)


def test_a_disk_with_less_space_than_the_last_one_took_is_refused(backup: Backup) -> None:
    replace(backup, bytes=2**60).write()
    with pytest.raises(CannotRun, match="The last backup took"):
        make(backup.path.parent, verify=False)


def test_a_full_disk_is_told_from_other_failures() -> None:
    pg_dump = programs.fitting("pg_dump", _major())
    with pytest.raises(programs.DiskFull):
        programs.run(pg_dump, ["--file=/dev/full"], server.site(), lambda _: None)
    with pytest.raises(CannotRun, match=r"pg_dump failed \(.*does not exist"):
        programs.run(pg_dump, [], "no_such_database", lambda _: None)


def test_a_server_without_its_own_programs_is_refused() -> None:
    with pytest.raises(CannotRun, match=r"PostgreSQL 99, and pg_dump of PostgreSQL 99 is not"):
        programs.fitting("pg_dump", 99)


def test_the_password_is_in_no_command_and_no_message(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = connections["default"].settings_dict
    monkeypatch.setitem(settings, "PASSWORD", "very-secret")
    target, environment = server.without_password("readout")
    assert "very-secret" not in target
    assert environment == {"PGPASSWORD": "very-secret"}
    monkeypatch.setitem(settings, "HOST", "/no/such/folder")
    with pytest.raises(CannotRun) as refused:
        server.connect("readout")
    assert "does not answer" in str(refused.value)
    assert "very-secret" not in str(refused.value)


def _major() -> int:
    with server.connect(server.site()) as db:
        return db.info.server_version // 10_000


def test_it_is_as_at_one_moment(original: Backup) -> None:
    """What others write meanwhile is not in it; the test's own transaction is such another."""
    Person.objects.create(name="Not yet committed", slug="not-yet-committed")
    made = make(original.path.parent / "moment", verify=False)
    assert made.contents.tables == original.contents.tables
