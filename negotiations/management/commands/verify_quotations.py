"""`manage.py verify_quotations`: do all quoted words stand in their sources?"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from negotiations.models.quotations import counts, failures


class Command(BaseCommand):
    help = "Look up every verbatim statement and cited passage in the captured texts."

    def handle(self, **options: Any) -> None:
        failed = 0
        for failure in failures():
            failed += 1
            self.stdout.write(str(failure))
        if options["verbosity"] or failed:
            found = counts()
            self.stdout.write(
                f"Checked {found.statements - found.statements_without_text:,} verbatim statements "
                f"and {found.passages - found.passages_without_text:,} cited passages: "
                f"{failed:,} failed."
            )
            if unchecked := found.statements_without_text + found.passages_without_text:
                self.stdout.write(
                    f"Not checked for want of a captured text: {found.statements_without_text:,} "
                    f"statements and {found.passages_without_text:,} passages "
                    f"({unchecked:,} in all)."
                )
        if failed:
            raise CommandError(f"{failed:,} quotations are not found in their sources.")
