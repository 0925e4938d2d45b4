"""`manage.py send_digests`: for cron, once a day or oftener; two at once do no harm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from negotiations.exchange.following import sending, subscribing
from negotiations.models import Letter

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(BaseCommand):
    help = (
        "Send the digests that are due and all other letters that wait, and delete addresses that "
        "were not confirmed in time."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what is due, send nothing")

    def handle(self, *, dry_run: bool, verbosity: int, **options: Any) -> None:
        if dry_run:
            due, waiting = sending.number_due(), Letter.objects.waiting().count()
            self.stdout.write(f"{due:,} digests are due; {waiting:,} letters wait.")
            return
        forgotten = subscribing.forget_unconfirmed()
        if not settings.MAILERS:
            raise CommandError("This site sends no e-mail. Set READOUT_EMAIL_URL.")
        made = sending.make_digests()
        counts = sending.send_waiting()
        sending.forget_old_letters()
        call_command("prune_db_task_results", verbosity=0)
        if verbosity:
            self.stdout.write(
                f"{made:,} digests were due. {counts.sent:,} letters were sent, {counts.empty:,} "
                f"had nothing to tell, {counts.failed:,} failed, {counts.stopped:,} addresses were "
                f"refused for good and deleted, {forgotten:,} were not confirmed in time."
            )
