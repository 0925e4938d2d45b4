"""`manage.py backup`: all that the site holds, in a folder of its own, tried before it counts."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from negotiations.errors import CannotRun
from negotiations.upkeep.making import make

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(BaseCommand):
    help = "Back up the database, and try the backup by restoring it into a scratch database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "folder",
            nargs="?",
            type=Path,
            default=settings.BACKUP_DIR,
            help="where backups are kept, each in a folder of its own (default: READOUT_BACKUP_DIR)",
        )
        parser.add_argument(
            "--verify",
            action=argparse.BooleanOptionalAction,
            default=True,
            help="restore it into a scratch database and compare (default: yes)",
        )
        parser.add_argument(
            "--keep",
            type=_number,
            metavar="N",
            help="once the new one is verified, delete all but the N newest verified ones",
        )

    def handle(self, *, folder: Path, verify: bool, keep: int | None, **options: Any) -> None:
        if keep and not verify:
            raise CommandError("--keep deletes old backups only after a verified new one.")
        try:
            backup = make(
                folder.absolute(), verify=verify, keep=keep, quiet=options["verbosity"] == 0
            )
        except CannotRun as error:
            raise CommandError(str(error)) from error
        if options["verbosity"]:
            trial = "restored on trial and found the same" if verify else "not tried"
            self.stdout.write(
                f"{backup.path}: {len(backup.contents.tables)} tables, {backup.rows:,} rows, "
                f"{backup.bytes:,} bytes; {trial}.\n"
                "READOUT_SECRET_KEY is not in it. Keep it elsewhere."
            )


def _number(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) >= 1:
        return int(text)
    raise argparse.ArgumentTypeError("give a number from 1 upwards")
