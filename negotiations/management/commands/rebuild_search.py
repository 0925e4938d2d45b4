"""`manage.py rebuild_search`: read every record into the search index again."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from negotiations.search.rebuilding import rebuild


class Command(BaseCommand):
    help = "Build the search index anew; safe while the site is up."

    def handle(self, **options: Any) -> None:
        with tqdm(unit=" records", disable=options["verbosity"] == 0) as bar:
            for done, total in rebuild():
                bar.total = total
                bar.update(done)
        if options["verbosity"]:
            self.stdout.write(
                f"{bar.n:,} records were read again; those that are public can be found."
            )
