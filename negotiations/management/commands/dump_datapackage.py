"""`manage.py dump_datapackage`: write all public records as a data package, for cron."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from negotiations.errors import CannotRun
from negotiations.exchange.datapackage.dumping import dump

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(BaseCommand):
    help = "Write all public records as a Frictionless Data Package: CSV files and a description."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "target",
            nargs="?",
            type=Path,
            default=settings.DATAPACKAGE,
            help="a folder, or a file that ends in .zip; if left out, the one that the site serves",
        )

    def handle(self, *, target: Path, **options: Any) -> None:
        try:
            described = dump(target)
        except CannotRun as error:
            raise CommandError(str(error)) from error
        if options["verbosity"]:
            size = sum(each["bytes"] for each in described["resources"])
            self.stdout.write(
                f"{target}: {len(described['resources'])} tables, {size:,} bytes of CSV."
            )
