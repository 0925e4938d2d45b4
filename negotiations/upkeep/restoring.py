"""Brings a backup back: into a new database, which takes the old one's place when all is well."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from negotiations import database
from negotiations.errors import CannotRun
from negotiations.upkeep import server
from negotiations.upkeep.backups import Backup, read, secret_key_mark, sha256_of
from negotiations.upkeep.filling import bar, fill

if TYPE_CHECKING:
    from pathlib import Path

    import psycopg


@dataclass(frozen=True)
class Restored:
    """What was brought back, and what its operator must know."""

    backup: Backup
    old: str | None
    migrations_due: bool
    other_key: bool


def restore(path: Path, *, replace: bool = False, quiet: bool = True) -> Restored:
    """Have the site's database be what the backup holds.

    The old one, if there is any, stays as it is until the new one is whole and was compared with
    the manifest; then they change places at once. It is kept under another name.

    Raises:
        CannotRun: with a sentence that says what stands in the way; nothing was changed then.
    """
    backup = read(path)
    ours = _migrations_here()
    _refuse_newer(backup, ours)
    name = server.site()
    new = server.beside(name, "restoring")
    old = server.beside(name, f"before_{timezone.now():%Y%m%d_%H%M%S}")
    with server.taken() as others:
        there = _look_at(others, backup, name, replace)
        _refuse_damaged(backup, quiet)
        server.make(others, new, name)
        try:
            fill(new, backup.dump, backup.contents, quiet)
            _prepare(new)
            database.let_go()
            server.put_in_place(others, new, name, old)
        finally:
            server.drop(others, new)
        if there and not _holds_tables(old):
            server.drop(others, old)
            there = False
    return Restored(
        backup=backup,
        old=old if there else None,
        migrations_due=bool(ours - set(backup.migrations)),
        other_key=backup.secret_key != secret_key_mark(),
    )


def _migrations_here() -> set[tuple[str, str]]:
    return set(MigrationLoader(None).disk_migrations)


def _refuse_newer(backup: Backup, ours: set[tuple[str, str]]) -> None:
    if unknown := sorted(set(backup.migrations) - ours):
        raise CannotRun(
            f"{backup.path} was made by Readout {backup.readout}, which is newer than this one: "
            f"its migration {'.'.join(unknown[-1])} is not known here. Restore it with that Readout."
        )


def _refuse_damaged(backup: Backup, quiet: bool) -> None:
    try:
        size = backup.dump.stat().st_size
        with bar("Reading", size, quiet) as progress:
            same = sha256_of(backup.dump, progress.update) == backup.sha256
    except OSError as error:
        raise CannotRun(f"{backup.dump} can't be read ({error.strerror}).") from error
    if not same:
        raise CannotRun(
            f"{backup.dump} is damaged: its SHA-256 is not the manifest's. "
            "Take another backup, or another copy of this one. Nothing was changed."
        )


def _look_at(others: psycopg.Connection, backup: Backup, name: str, replace: bool) -> bool:
    """Whether a database is there already; refuses one that may not be replaced."""
    major = others.info.server_version // 10_000
    if backup.major > major:
        raise CannotRun(
            f"{backup.path} comes from PostgreSQL {backup.major}, and this server is {major}. "
            f"Restore it on PostgreSQL {backup.major} or newer."
        )
    there = server.exists(others, name)
    if there and not replace and _holds_tables(name):
        raise CannotRun(
            f"The database {name} holds records. Say --replace to put the backup in its place; "
            "the old one is kept under another name."
        )
    return there


def _holds_tables(name: str) -> bool:
    with server.connect(name) as db:
        return db.execute("SELECT to_regclass('public.django_migrations')").fetchone() != (None,)


def _prepare(new: str) -> None:
    """Know the tables' sizes, and let no page that was kept before count as fresh."""
    with server.connect(new) as db:
        db.execute("INSERT INTO readout_change (transaction) VALUES (pg_current_xact_id())")
        db.execute("ANALYZE")
