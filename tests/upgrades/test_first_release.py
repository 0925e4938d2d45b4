"""A database filled by the first release is migrated to now, and nothing of it is lost."""

from __future__ import annotations

import gzip
import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings

from negotiations.models import Meeting, Person, Source, Statement, User, record_models
from negotiations.models.visibility import publish
from negotiations.upkeep import server
from negotiations.upkeep.programs import fitting
from tests.databases import own_database
from tests.upgrades.make_first_release import DUMP

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.django_db

Rows = dict[str, dict[str, Any]]

PBKDF2 = "django.contrib.auth.hashers.PBKDF2PasswordHasher"

# Which rights there are follows from the code.
NOT_ENTERED = {"django_migrations", "django_content_type", "auth_permission"}


@pytest.fixture(scope="module")
def before(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Rows]]:
    """What the first release had in each table; the database itself is migrated to now."""
    with django_db_blocker.unblock(), own_database("upgraded") as name:
        _load(name)
        rows = _rows()
        call_command("migrate", verbosity=0, interactive=False)
        yield rows


def _load(name: str) -> None:
    with server.connect(name) as db:
        psql = fitting("psql", db.info.server_version // 10_000)
    target, secrets = server.without_password(name)
    subprocess.run(
        [psql, "-qX", "-v", "ON_ERROR_STOP=1", "--dbname", target],
        input=gzip.decompress(DUMP.read_bytes()),
        env=secrets,
        stdout=subprocess.DEVNULL,
        check=True,
    )


def _rows() -> dict[str, Rows]:
    """The rows of each table, by their primary keys."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table in NOT_ENTERED:
                continue
            key = connection.introspection.get_primary_key_column(cursor, table)
            cursor.execute(f'SELECT {key}::text, to_jsonb(t)::text FROM "{table}" t')
            found[table] = {pk: json.loads(row) for pk, row in cursor.fetchall()}
    return found


def it_was_filled(before: dict[str, Rows]) -> None:
    assert len(before["negotiations_statement"]) == 38
    assert len(before["negotiations_statementevent"]) > 2 * 38
    assert len(before["negotiations_formerslug"]) == 1


def every_row_is_there_with_all_that_it_held(before: dict[str, Rows]) -> None:
    after = _rows()
    for table, rows in before.items():
        for pk, row in rows.items():
            kept = {name: after[table].get(pk, {}).get(name) for name in row}
            assert kept == row, f"{table} {pk}"


def nothing_was_added_to_the_history(before: dict[str, Rows]) -> None:
    after = _rows()
    for table, rows in before.items():
        if table.endswith("event") or table == "pghistory_context":
            assert after[table].keys() == rows.keys(), table


def what_came_later_is_filled_from_what_was_there(before: dict[str, Rows]) -> None:
    captured = Source.objects.exclude(text="").get()
    assert captured.captures.get().text_sha256 == captured.text_sha256
    call_command("verify_quotations", verbosity=0)


def all_records_keep_today_s_rules(before: dict[str, Rows]) -> None:
    for model in record_models():
        for record in model.objects.all():
            record.full_clean()


def readers_find_what_was_public_and_nothing_else(before: dict[str, Rows]) -> None:
    reader = Client()
    meeting = Meeting.objects.get(slug__startswith="riyadh")
    page = reader.get(meeting.get_absolute_url())
    assert page.status_code == 200
    found = reader.get("/search/", {"q": "embassies"})
    assert b"<mark>" in found.content
    assert reader.get("/people/irina-kovaleva/").status_code == 301
    taken_back = Statement.objects.get(speaker__slug="irina-kovalyova")
    assert reader.get(taken_back.get_absolute_url()).status_code == 404


def the_editor_goes_on_where_they_were(before: dict[str, Rows]) -> None:
    editor = User.objects.get(username="irina")
    with override_settings(PASSWORD_HASHERS=[PBKDF2]):
        assert editor.check_password("a password of old")
    assert {group.name for group in editor.groups.all()} == {"editor", "reviewer"}
    taken_back = Statement.objects.get(speaker__slug="irina-kovalyova")
    publish(taken_back)
    history = apps.get_model("negotiations", "StatementEvent").objects.filter(
        pgh_obj_id=taken_back.pk
    )
    assert [event.status for event in history.order_by("pgh_id")][-2:] == ["draft", "published"]
    assert Person.objects.create(name="Somebody New", slug="somebody-new").pk


def test_nothing_that_the_first_release_held_is_lost(before: dict[str, Rows]) -> None:
    """One test, so that it is migrated once, not in each of the processes that run tests."""
    for check in (
        it_was_filled,
        every_row_is_there_with_all_that_it_held,
        nothing_was_added_to_the_history,
        what_came_later_is_filled_from_what_was_there,
        all_records_keep_today_s_rules,
        readers_find_what_was_public_and_nothing_else,
        the_editor_goes_on_where_they_were,
    ):
        check(before)
