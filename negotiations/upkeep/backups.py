"""Backups on the disk: a folder each, with the dump and a manifest that says what is in it.

`last_backup()` is what a page for operators asks.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.crypto import salted_hmac

from negotiations.errors import CannotRun
from negotiations.upkeep.contents import Contents

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DUMP, MANIFEST = "database.dump", "manifest.json"
NAMED = "readout-%Y%m%d-%H%M%S"
NAME = re.compile(r"readout-\d{8}-\d{6}")
FORM = 1
BLOCK = 2**20


@dataclass(frozen=True)
class Backup:
    """One backup, as its manifest describes it."""

    path: Path
    made: dt.datetime
    readout: str
    postgresql: str
    migrations: tuple[tuple[str, str], ...]
    bytes: int
    sha256: str
    secret_key: str
    contents: Contents
    verified: bool

    @property
    def dump(self) -> Path:
        return self.path / DUMP

    @property
    def major(self) -> int:
        return int(self.postgresql.split(".")[0])

    @property
    def last_migration(self) -> str:
        return max(name for app, name in self.migrations if app == "negotiations")

    @property
    def rows(self) -> int:
        return sum(table.count for table in self.contents.tables.values())

    def write(self) -> None:
        told = {
            "form": FORM,
            "made": self.made.isoformat(),
            "readout": self.readout,
            "postgresql": self.postgresql,
            "verified": self.verified,
            "file": {"name": DUMP, "bytes": self.bytes, "sha256": self.sha256},
            "secret_key": self.secret_key,
            "migrations": self.migrations,
            "contents": self.contents.as_json(),
        }
        text = json.dumps(told, ensure_ascii=False, indent=1)
        (self.path / MANIFEST).write_text(f"{text}\n", encoding="utf-8")


def read(path: Path) -> Backup:
    """The backup in this folder, by its manifest.

    Raises:
        CannotRun: where there is none, or none that this Readout can read.
    """
    try:
        told = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
        if told["form"] > FORM:
            raise CannotRun(
                f"{path} was made by a newer Readout ({told['readout']}). Restore it with that one."
            )
        return _described(path, told)
    except FileNotFoundError as error:
        raise CannotRun(
            f"{path} is no backup: it has no {MANIFEST}. Name a folder that `backup` made."
        ) from error
    except OSError as error:
        raise CannotRun(f"{path} can't be read ({error.strerror}).") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CannotRun(
            f"{path / MANIFEST} is damaged. Take another backup, or another copy of this one."
        ) from error


def _described(path: Path, told: dict[str, Any]) -> Backup:
    return Backup(
        path=path,
        made=dt.datetime.fromisoformat(told["made"]),
        readout=str(told["readout"]),
        postgresql=str(told["postgresql"]),
        migrations=tuple((str(app), str(name)) for app, name in told["migrations"]),
        bytes=int(told["file"]["bytes"]),
        sha256=str(told["file"]["sha256"]),
        secret_key=str(told["secret_key"]),
        contents=Contents.from_json(told["contents"]),
        verified=bool(told["verified"]),
    )


def backups(folder: Path | None = None) -> list[Backup]:
    """All that can be read in the folder (READOUT_BACKUP_DIR, if none is given), the newest first."""
    found = []
    folder = folder or settings.BACKUP_DIR
    try:
        paths = [path for path in folder.iterdir() if NAME.fullmatch(path.name)]
    except OSError:
        return []
    for path in paths:
        try:
            found.append(read(path))
        except CannotRun:
            continue
    return sorted(found, key=lambda backup: backup.made, reverse=True)


def last_backup() -> Backup | None:
    """The newest in READOUT_BACKUP_DIR: when, how large, and whether it was verified."""
    return next(iter(backups()), None)


def sha256_of(path: Path, done: Callable[[int], object]) -> str:
    """The checksum of a file; `done` is told of each block's bytes."""
    total = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            total.update(block)
            done(len(block))
    return total.hexdigest()


def secret_key_mark() -> str:
    """By which two secret keys can be told apart, and from which neither can be guessed."""
    return salted_hmac("negotiations.upkeep.backups", "which key", algorithm="sha256").hexdigest()[
        :16
    ]
