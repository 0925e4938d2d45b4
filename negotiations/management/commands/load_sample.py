"""`manage.py load_sample`: the Riyadh talks, as an editor would enter them."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from negotiations.editing.sample import load_riyadh


class Command(BaseCommand):
    help = "Load the sample records (the Riyadh talks); running it again changes nothing."

    def handle(self, *, verbosity: int, **options: Any) -> None:
        added = load_riyadh()
        if verbosity:
            self.stdout.write(
                f"{added} records were added." if added else "The sample was loaded before."
            )
