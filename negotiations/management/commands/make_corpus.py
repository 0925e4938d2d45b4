"""`manage.py make_corpus`: fill an empty database with an invented corpus, to measure at size."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from negotiations.exchange import corpus
from negotiations.models import record_models


class Command(BaseCommand):
    help = "Fill an empty database with invented records, for measuring. Never on a real site."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--statements", type=int, default=200_000)
        parser.add_argument("--processes", type=int, default=corpus.PROCESSES)
        parser.add_argument("--seed", type=int, default=0)

    def handle(
        self, *, statements: int, processes: int, seed: int, verbosity: int, **options: Any
    ) -> None:
        if statements < 1 or processes < 1:
            raise CommandError("A corpus has one statement and one process at least.")
        if any(model.objects.exists() for model in record_models()):
            raise CommandError(
                "This database holds records. Make the corpus in an empty one: createdb, "
                "DATABASE_URL, manage.py migrate."
            )
        for step, seconds in corpus.make(
            statements, seed, processes=processes, quiet=verbosity == 0
        ):
            if verbosity:
                self.stdout.write(f"{seconds:6.1f} s  {step}")
