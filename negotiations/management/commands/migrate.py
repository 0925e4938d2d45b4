"""`manage.py migrate`, which never makes readers wait in line behind it for long.

A change of a table waits for those who use the table, and whoever comes after waits for the change.
So it waits for a few seconds only, and then gives up: with nothing half done, to be run again.
"""

from __future__ import annotations

from typing import Any

import psycopg
from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections
from django.db.utils import OperationalError

LOCK_TIMEOUT = "5s"


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> str | None:
        connection = connections[options["database"]]
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
        try:
            return super().handle(*args, **options)
        except OperationalError as error:
            if not isinstance(error.__cause__, psycopg.errors.LockNotAvailable):
                raise
            raise CommandError(
                f"A table was in use for longer than {LOCK_TIMEOUT}. What was migrated before "
                "stays; run `manage.py migrate` again for the rest, when less is going on."
            ) from error
        finally:
            if connection.is_usable():
                with connection.cursor() as cursor:
                    cursor.execute("RESET lock_timeout")
