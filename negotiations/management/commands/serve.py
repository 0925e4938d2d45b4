"""`manage.py serve`: from nothing to a site that can be read, in one command."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from negotiations import database, serving
from negotiations.editing.first_account import USERNAME, ensure_first_account
from negotiations.models import record_models

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(BaseCommand):
    help = "Prepare the database and serve Readout until Ctrl-C."
    # They ask the database, and run with `migrate`, once there is one.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="the address to listen at")
        parser.add_argument("--port", default=8000, type=_port, help="the port to listen at")
        parser.add_argument(
            "--workers",
            default=min(os.cpu_count() or 1, 4),
            type=_workers,
            help="how many processes serve (default: one for each processor, four at most)",
        )

    def handle(self, *, host: str, port: int, workers: int, **options: Any) -> None:
        with serving.address_kept(host, port):
            if not serving.is_loopback(host) and not settings.PRODUCTION:
                self.tell(
                    "Others can't read it yet: set READOUT_HOSTS to the host name they will use."
                )
            with database.held():
                database.require_features()
                with database.one_at_a_time(self.tell):
                    self.prepare(serving.url(host, port))
                serving.serve(host, port, workers, self.tell)

    def prepare(self, url: str) -> None:
        """All that a first start has to do, and a later one finds done."""
        executor = MigrationExecutor(connection)
        if plan := executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.tell(f"Preparing the database ({len(plan)} steps).")
            call_command("migrate", verbosity=0, interactive=False)
        call_command("collectstatic", verbosity=0, interactive=False)
        if not any(model.objects.exists() for model in record_models()):
            self.tell("Loading the sample records.")
            call_command("load_sample", verbosity=0)
        if password := ensure_first_account():
            self.tell(
                f"An account was made for you. It is shown only this once.\n"
                f"  log in at  {url}admin/\n"
                f"  user name  {USERNAME}\n"
                f"  password   {password}"
            )

    def tell(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text) <= 65535:
        return int(text)
    raise argparse.ArgumentTypeError("give a number from 1 to 65535")


def _workers(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) >= 1:
        return int(text)
    raise argparse.ArgumentTypeError("give a number from 1 upwards")
