"""`manage.py restore`: the site's database as a backup has it."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from negotiations.embedded import Server
from negotiations.errors import CannotRun
from negotiations.upkeep.restoring import restore

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(BaseCommand):
    help = "Restore a backup, all or nothing."
    # The database may be lost.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="the folder of one backup")
        parser.add_argument(
            "--replace",
            action="store_true",
            help="put it in the place of a database that holds records; that one is kept, renamed",
        )

    def handle(self, *, path: Path, replace: bool, **options: Any) -> None:
        folder = settings.EMBEDDED_DATABASE
        try:
            with Server(folder) if folder else nullcontext():
                restored = restore(
                    path.absolute(), replace=replace, quiet=options["verbosity"] == 0
                )
        except CannotRun as error:
            raise CommandError(str(error)) from error
        if options["verbosity"]:
            backup = restored.backup
            self.stdout.write(
                f"All {backup.rows:,} rows of {backup.made:%d %B %Y, %H:%M} UTC are back."
            )
            if restored.old:
                self.stdout.write(
                    f"The old database is kept as {restored.old}. When it is no longer needed: "
                    f'DROP DATABASE "{restored.old}".'
                )
            if restored.migrations_due:
                self.stdout.write(
                    f"The backup was made by Readout {backup.readout}. Run `manage.py migrate`."
                )
            if restored.other_key:
                self.stdout.write(
                    "READOUT_SECRET_KEY is another than when the backup was made. Set the old one, "
                    "or all second factors must be set up anew."
                )
            self.stdout.write("Restart the site's processes.")
