"""`manage.py load_datapackage`: bring a data package of another site back into an empty one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from negotiations.errors import CannotRun
from negotiations.exchange.datapackage.loading import Faulty, load

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(BaseCommand):
    help = "Load a data package made by dump_datapackage into an empty site, all or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("package", type=Path, help="the folder or the zip file")

    def handle(self, *, package: Path, **options: Any) -> None:
        def tell(file: str, number: int) -> None:
            if options["verbosity"] > 1:
                self.stdout.write(f"{number:12,}  {file}")

        try:
            number = load(package, tell)
        except Faulty as faulty:
            for fault in faulty.faults:
                self.stderr.write(str(fault))
            count = len(faulty.faults)
            raise CommandError(
                f"Nothing was loaded: {count:,} fault{'s' * (count != 1)}."
            ) from None
        except CannotRun as error:
            raise CommandError(str(error)) from error
        if options["verbosity"]:
            self.stdout.write(f"{number:,} rows were loaded, and are public.")
