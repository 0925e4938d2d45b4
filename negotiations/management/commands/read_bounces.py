"""`manage.py read_bounces`: what came back of the letters, from a mailbox or piped by the mail server."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from negotiations.exchange.following import bounces

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(BaseCommand):
    help = (
        "Read reports that letters could not be delivered (RFC 3464), and write no more to addresses "
        "that will never do. The mailbox is left as it is; reading it again changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "mailbox", nargs="?", type=Path, help="a file in mbox format; else from standard input"
        )

    def handle(self, *, mailbox: Path | None, verbosity: int, **options: Any) -> None:
        if mailbox and not mailbox.is_file():
            raise CommandError(f"There is no file {mailbox}.")
        messages = (
            bounces.of_mailbox(mailbox) if mailbox else bounces.of_stream(sys.stdin.buffer.read())
        )
        counts = bounces.read(messages)
        if verbosity:
            self.stdout.write(
                f"{counts.stopped:,} addresses will never do and were deleted, {counts.passing:,} "
                f"troubles may pass, {counts.other:,} messages were no reports on letters of ours."
            )
