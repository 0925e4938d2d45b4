"""`restore`: all of it or nothing, and what it refuses, in sentences."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from django.core.management import CommandError, call_command

from negotiations.errors import CannotRun
from negotiations.upkeep import server
from negotiations.upkeep.backups import MANIFEST, Backup
from negotiations.upkeep.contents import Counted
from negotiations.upkeep.restoring import restore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


pytestmark = pytest.mark.django_db


@pytest.fixture
def unchanged(original: Backup) -> Iterator[None]:
    """After the test, the site's database is the one it was, and no other is left beside it."""
    asked = "SELECT datname, oid FROM pg_database WHERE starts_with(datname, %s) ORDER BY 1"
    with server.connect("postgres") as others:
        others.autocommit = True
        before = others.execute(asked, [server.site()]).fetchall()
        yield
        assert others.execute(asked, [server.site()]).fetchall() == before


@pytest.mark.usefixtures("unchanged")
class TestRefused:
    def test_a_damaged_dump(self, backup: Backup) -> None:
        with backup.dump.open("r+b") as file:
            file.seek(backup.bytes // 2)
            file.write(b"\x00damage\x00")
        with pytest.raises(CannotRun, match=r"database.dump is damaged: its SHA-256"):
            restore(backup.path, replace=True)

    def test_half_a_dump(self, backup: Backup) -> None:
        with backup.dump.open("r+b") as file:
            file.truncate(backup.bytes // 2)
        with pytest.raises(CannotRun, match=r"database.dump is damaged"):
            restore(backup.path, replace=True)

    def test_no_dump(self, backup: Backup) -> None:
        backup.dump.unlink()
        with pytest.raises(CannotRun, match=r"database.dump can't be read \(No such file"):
            restore(backup.path, replace=True)

    def test_a_folder_that_is_none(self, tmp_path: Path) -> None:
        with pytest.raises(CannotRun, match=r"is no backup: it has no manifest.json"):
            restore(tmp_path)

    @pytest.mark.parametrize("damage", ["", "{", "[]", "{}", '{"form": 1}', '{"form": "x"}'])
    def test_a_damaged_manifest(self, damage: str, backup: Backup) -> None:
        (backup.path / MANIFEST).write_text(damage)
        with pytest.raises(CannotRun, match=r"manifest.json is damaged"):
            restore(backup.path, replace=True)

    def test_a_database_that_holds_records_unless_told(self, backup: Backup) -> None:
        with pytest.raises(CannotRun, match=r"holds records\. Say --replace"):
            restore(backup.path)

    def test_a_backup_by_a_newer_readout(self, backup: Backup) -> None:
        later = (*backup.migrations, ("negotiations", "9999_from_the_future"))
        replace(backup, readout="99.0", migrations=later).write()
        with pytest.raises(CannotRun, match=r"Readout 99.0, which is newer .*9999_from_the_future"):
            restore(backup.path, replace=True)

    def test_a_manifest_in_a_form_of_the_future(self, backup: Backup) -> None:
        told = json.loads((backup.path / MANIFEST).read_text())
        (backup.path / MANIFEST).write_text(json.dumps(told | {"form": 2, "readout": "99.0"}))
        with pytest.raises(CannotRun, match=r"made by a newer Readout \(99.0\)"):
            restore(backup.path, replace=True)

    def test_a_backup_from_a_newer_server(self, backup: Backup) -> None:
        replace(backup, postgresql="99.1").write()
        with pytest.raises(CannotRun, match="comes from PostgreSQL 99, and this server is"):
            restore(backup.path, replace=True)

    def test_a_second_one_at_the_same_time(self, backup: Backup) -> None:
        with server.taken(), pytest.raises(CannotRun, match="Another backup or restore is running"):
            restore(backup.path, replace=True)

    def test_a_dump_that_breaks_off_while_it_is_restored(self, backup: Backup) -> None:
        """The manifest is forged to fit: what PostgreSQL says of the dump is told."""
        whole = backup.dump.read_bytes()
        backup.dump.write_bytes(whole[: len(whole) * 3 // 4])
        forged = hashlib.sha256(backup.dump.read_bytes()).hexdigest()
        replace(backup, sha256=forged).write()
        with pytest.raises(CannotRun, match="pg_restore failed"):
            restore(backup.path, replace=True)

    def test_a_dump_that_holds_other_than_it_should(self, backup: Backup) -> None:
        tables = backup.contents.tables | {"negotiations_person": Counted(2, "1")}
        replace(backup, contents=replace(backup.contents, tables=tables)).write()
        with pytest.raises(CannotRun, match=r"negotiations_person: 3 instead of 2\)"):
            restore(backup.path, replace=True)

    @pytest.mark.usefixtures("the_tests_server")
    def test_by_the_command_in_a_sentence(self, tmp_path: Path) -> None:
        with pytest.raises(CommandError, match="is no backup"):
            call_command("restore", tmp_path)
