"""The restore drill: the database is lost, and a backup brings all of it back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pghistory
import pytest
from django.apps import apps
from django.db import Error, connection, transaction
from django.test import Client

from negotiations import database
from negotiations.errors import DatabaseUnavailable
from negotiations.models import OpenMatter, Person, Process, Statement, User
from negotiations.models.visibility import publish, unpublish
from negotiations.upkeep import server
from negotiations.upkeep.backups import Backup, last_backup
from negotiations.upkeep.contents import Contents, contents
from negotiations.upkeep.making import make
from negotiations.upkeep.restoring import Restored, restore
from tests import riyadh
from tests.databases import own_database
from tests.factories import UserFactory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django import DjangoDbBlocker

pytestmark = pytest.mark.django_db

CORRECTED = "What was said, as it reads after a correction."


@dataclass
class Drill:
    """What was there, what was made of it, and what came back."""

    held: Contents
    backup: Backup
    restored: Restored


@pytest.fixture(scope="module")
def drill(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: Any
) -> Iterator[Drill]:
    """Records with a history, backed up, lost and restored."""
    with django_db_blocker.unblock(), own_database("drill", filled=True) as name:
        _work()
        held = _contents(name)
        with pytest.MonkeyPatch.context() as patch:
            folder = tmp_path_factory.mktemp("backups")
            patch.setattr("django.conf.settings.BACKUP_DIR", folder)
            made = make(folder)
            assert last_backup() == made
        database.let_go()
        with server.taken() as others:
            server.drop(others, name)
        with pytest.raises(DatabaseUnavailable, match="does not exist"):
            server.connect(name)
        yield Drill(held, made, restore(made.path))


def _work() -> None:
    riyadh.load()
    editor = UserFactory(username="irina")
    with pghistory.context(user=editor.pk, note="A correction"):
        said = Statement.objects.filter(form="paraphrase").order_by("pk")[0]
        said.words = CORRECTED
        said.save()
        publish(said)
    with pghistory.context(user=editor.pk, note="Second thoughts"):
        unpublish(OpenMatter.objects.order_by("pk")[0])
        Person.objects.create(name="Nobody", slug="nobody").delete()


def _contents(name: str) -> Contents:
    with server.connect(name) as db:
        return contents(db, lambda _: None)


def the_backup_was_tried_and_says_what_is_in_it(drill: Drill) -> None:
    assert drill.backup.verified
    assert drill.backup.contents == drill.held
    assert drill.backup.contents.tables["negotiations_statement"].count == 37
    assert drill.backup.last_migration == max(
        name for app, name in drill.backup.migrations if app == "negotiations"
    )


def every_row_trigger_constraint_and_sequence_is_back(drill: Drill) -> None:
    assert _contents(server.site()) == drill.held
    assert drill.restored == Restored(drill.backup, old=None, migrations_due=False, other_key=False)


def the_history_is_back_with_who_and_why(drill: Drill) -> None:
    said = Statement.objects.get(words=CORRECTED)
    events = apps.get_model("negotiations", "StatementEvent").objects.filter(pgh_obj_id=said.pk)
    *_, before, after = events.order_by("pgh_id")
    assert before.words != after.words == CORRECTED
    assert after.pgh_context.metadata["note"] == "A correction"
    assert User.objects.get(pk=after.pgh_context.metadata["user"]).username == "irina"
    gone = apps.get_model("negotiations", "PersonEvent").objects.filter(slug="nobody")
    assert {event.pgh_label for event in gone} == {"insert", "delete"}


def readers_find_again_what_is_public(drill: Drill) -> None:
    reader = Client()
    found = reader.get("/search/", {"q": "reads correction"})
    assert b"<mark>correction</mark>" in found.content
    public, hidden = (
        OpenMatter.objects.filter(status=status)[0] for status in ("published", "draft")
    )
    page = reader.get(hidden.meeting.get_absolute_url()).content.decode()
    assert public.title in page
    assert hidden.title not in page


def work_goes_on_under_the_same_rules(drill: Drill) -> None:
    another = Person.objects.create(name="Somebody New", slug="somebody-new")
    events = apps.get_model("negotiations", "PersonEvent").objects
    assert events.filter(pgh_obj_id=another.pk).count() == 1
    with pytest.raises(Error, match="published"), transaction.atomic():
        Process.objects.update(status="draft")


def pages_kept_before_count_as_old(drill: Drill) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM readout_change")
        assert cursor.fetchone() == (1,)


def test_a_lost_database_comes_back_whole(drill: Drill) -> None:
    """One test, so that the database is lost once, not in each of the processes that run tests."""
    for check in (
        the_backup_was_tried_and_says_what_is_in_it,
        every_row_trigger_constraint_and_sequence_is_back,
        the_history_is_back_with_who_and_why,
        readers_find_again_what_is_public,
        work_goes_on_under_the_same_rules,
        pages_kept_before_count_as_old,
    ):
        check(drill)
