"""Makes backups: dumped, described, restored on trial, and only then given their name."""

from __future__ import annotations

import fcntl
import os
import shutil
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from django.utils import timezone

from negotiations import __version__
from negotiations.database import EXTENSIONS
from negotiations.embedded import make_durable
from negotiations.errors import CannotRun
from negotiations.upkeep import server
from negotiations.upkeep.backups import (
    DUMP,
    MANIFEST,
    NAMED,
    Backup,
    backups,
    secret_key_mark,
    sha256_of,
)
from negotiations.upkeep.contents import LEFT_OUT, contents, sizes
from negotiations.upkeep.filling import bar, fill, table_by_table
from negotiations.upkeep.programs import DiskFull, fitting, run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import psycopg

UNFINISHED = ".unfinished"


def make(
    folder: Path, *, verify: bool = True, keep: int | None = None, quiet: bool = True
) -> Backup:
    """Make a backup in the folder; with `keep`, let go of all but that many verified ones.

    It gets its name when it is whole and, unless `verify` is False, was restored into a scratch
    database and found the same there. What was there before stays as it is until then.

    Raises:
        CannotRun: with a sentence that says what stands in the way.
    """
    try:
        with _alone(folder) as unfinished:
            _ask_for_space(folder)
            backup = _dump(unfinished, quiet)
            if verify:
                _try(backup, quiet)
                backup = replace(backup, verified=True)
            backup.write()
            backup = _name(backup, folder)
            if verify and keep:
                _let_go(folder, keep)
    except OSError as error:
        raise CannotRun(
            f"The backup can't be written to {folder} ({error.strerror}). "
            "Free space there, or name another folder."
        ) from error
    return backup


@contextmanager
def _alone(folder: Path) -> Iterator[Path]:
    """A place for a backup in the making, which only one process has at a time."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = os.open(folder / ".lock", os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotRun(
                f"Another backup is being made in {folder}. Wait until it has ended."
            ) from None
        unfinished = folder / UNFINISHED
        shutil.rmtree(unfinished, ignore_errors=True)  # a killed one's
        unfinished.mkdir(mode=0o700)
        try:
            yield unfinished
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    finally:
        os.close(lock)


def _ask_for_space(folder: Path) -> None:
    last = next(iter(backups(folder)), None)
    free = shutil.disk_usage(folder).free
    if last and free < last.bytes:
        raise CannotRun(
            f"The last backup took {last.bytes:,} bytes, and the disk of {folder} has {free:,} "
            "left. Free space there, or name another folder."
        )


def _dump(unfinished: Path, quiet: bool) -> Backup:
    """Dump the site's database and read what it holds, both as at one moment."""
    dump = unfinished / DUMP
    with server.connect(server.site()) as db:
        program = fitting("pg_dump", db.info.server_version // 10_000)
        made = timezone.now().replace(microsecond=0)
        db.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        db.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        ((snapshot,),) = db.execute("SELECT pg_export_snapshot()")
        tables = sizes(db)
        with bar("Dumping", sum(tables.values()), quiet) as progress:
            tell = table_by_table(r'contents of table "public\.(.+)"', tables, progress.update)
            _run_dump(program, dump, snapshot, tell)
        with bar("Counting", sum(tables.values()), quiet) as progress:
            held = contents(db, progress.update)
        return Backup(
            path=unfinished,
            made=made,
            readout=__version__,
            postgresql=_version(db),
            migrations=tuple(db.execute("SELECT app, name FROM django_migrations ORDER BY id")),
            bytes=dump.stat().st_size,
            sha256=sha256_of(dump, lambda _: None),
            secret_key=secret_key_mark(),
            contents=held,
            verified=False,
        )


def _run_dump(program: Path, dump: Path, snapshot: str, tell: Callable[[str], None]) -> None:
    left_out = [f"--exclude-table-data=public.{table}" for table in LEFT_OUT]
    plain = ["--format=custom", "--no-owner", "--no-privileges", "--no-unlogged-table-data"]
    # What a server's keeper has put beside them for themselves, the site's user could not restore.
    needed = [f"--extension={name}" for name in EXTENSIONS]
    try:
        run(
            program,
            [*plain, *needed, *left_out, f"--snapshot={snapshot}", f"--file={dump}"],
            server.site(),
            tell,
        )
    except DiskFull as error:
        raise CannotRun(
            f"The disk of {dump.parent.parent} is full. Free space there, or name another folder."
        ) from error


def _version(db: psycopg.Connection) -> str:
    major, minor = divmod(db.info.server_version, 10_000)
    return f"{major}.{minor}"


def _try(backup: Backup, quiet: bool) -> None:
    """Restore the backup into a scratch database, which goes again."""
    scratch = server.beside(server.site(), "scratch")
    with server.taken() as others:
        server.make(others, scratch, server.site())
        try:
            fill(scratch, backup.dump, backup.contents, quiet)
        finally:
            server.drop(others, scratch)


def _name(backup: Backup, folder: Path) -> Backup:
    """Have all of it on the disk before it gets its name."""
    for path in (backup.dump, backup.path / MANIFEST, backup.path):
        make_durable(path)
    target = folder / backup.made.strftime(NAMED)
    if target.exists():
        raise CannotRun(f"{target} is there already. Wait a second, then start again.")
    backup.path.rename(target)
    make_durable(folder)
    return replace(backup, path=target)


def _let_go(folder: Path, keep: int) -> None:
    """Let go of what is older than the newest verified ones."""
    verified = [backup for backup in backups(folder) if backup.verified]
    if len(verified) <= keep:
        return
    oldest = verified[keep - 1].made
    for backup in backups(folder):
        if backup.made < oldest:
            # Without its name first: nobody shall find half of one.
            going = backup.path.rename(folder / f".{backup.path.name}")
            shutil.rmtree(going)
