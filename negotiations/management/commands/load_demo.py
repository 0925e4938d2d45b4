"""`manage.py load_demo`: an invented process of some size, marked as demonstration data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand

from negotiations.editing.demonstration import loading

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(BaseCommand):
    help = (
        "Load an invented process of 40 meetings and 3,000 statements, marked as demonstration data "
        "and kept apart from real records; running it again changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--remove", action="store_true", help="take it away again")

    def handle(self, *, remove: bool, verbosity: int, **options: Any) -> None:
        if remove:
            number = loading.remove()
            said = f"{number:,} records were taken away." if number else "It is not loaded."
        else:
            number = loading.load()
            said = f"{number:,} records were added." if number else "It was loaded before."
        if verbosity:
            self.stdout.write(said)
