"""`restore --replace`: what is there gives way at once, and is kept."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command

from negotiations.upkeep import server
from negotiations.upkeep.making import make
from tests.databases import own_database
from tests.factories import PersonFactory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django import DjangoDbBlocker

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def replaced(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
    the_tests_server: None,
) -> Iterator[str]:
    """What the command said after it put a backup in the place of records made since."""
    with django_db_blocker.unblock(), own_database("replaced", filled=True):
        PersonFactory(name="In the backup")
        made = make(tmp_path_factory.mktemp("backups"), verify=False)
        PersonFactory(name="Since then")
        older = tuple(each for each in made.migrations if each[0] != "sessions")
        replace(made, secret_key="another", migrations=older, readout="0.0.1").write()
        # A site that goes on serving has connections to the database.
        with server.connect(server.site()):
            said = io.StringIO()
            call_command("restore", made.path, "--replace", stdout=said)
            yield said.getvalue()


def test_the_backup_takes_the_place_of_what_was_there(replaced: str) -> None:
    assert _people(server.site()) == ["In the backup"]


def test_what_was_there_is_kept_under_another_name(replaced: str) -> None:
    old = replaced.split("is kept as ")[1].split(".")[0]
    assert old.startswith(server.site())
    assert f'DROP DATABASE "{old}"' in replaced
    assert _people(old) == ["In the backup", "Since then"]


def test_the_operator_is_told_what_is_left_to_do(replaced: str) -> None:
    assert "made by Readout 0.0.1. Run `manage.py migrate`." in replaced
    assert "READOUT_SECRET_KEY is another than when the backup was made." in replaced
    assert "Restart the site's processes." in replaced


def _people(name: str) -> list[str]:
    with server.connect(name) as db:
        return [
            person for (person,) in db.execute("SELECT name FROM negotiations_person ORDER BY id")
        ]
