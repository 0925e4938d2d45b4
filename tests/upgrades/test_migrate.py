"""`migrate` gives way: readers do not stand in line behind it."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from negotiations.management.commands import migrate
from negotiations.upkeep import server

pytestmark = pytest.mark.django_db


def lock_timeout() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        return str(cursor.fetchone()[0])


def test_it_works() -> None:
    call_command("migrate", verbosity=0)
    assert lock_timeout() == "0"


def test_it_gives_up_where_a_table_is_long_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrate, "LOCK_TIMEOUT", "50ms")
    with server.connect(server.site()) as other:
        other.execute("LOCK TABLE django_migrations")
        with pytest.raises(CommandError, match=r"in use for longer than 50ms\. .*run .* again"):
            call_command("migrate", verbosity=0)
