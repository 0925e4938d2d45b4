"""What the linter of migrations finds, told from what may be done while the old version serves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState
from django.db.models import Q

from tests.upgrades.lint import squawk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_django import DjangoDbBlocker

BEFORE = migrations.CreateModel(
    "Thing",
    [("id", models.BigAutoField(primary_key=True)), ("name", models.CharField(max_length=20))],
)
INDEX = models.Index(fields=["name"], name="thing_by_name")

STOPS_THE_OLD = {
    "adding-required-field": migrations.RunSQL("ALTER TABLE x_thing ADD COLUMN a int NOT NULL"),
    "ban-drop-default": migrations.AddField("thing", "size", models.IntegerField(default=0)),
    "ban-drop-column": migrations.RemoveField("thing", "name"),
    "renaming-column": migrations.RenameField("thing", "name", "title"),
    "renaming-table": migrations.AlterModelTable("thing", "x_other"),
    "ban-drop-table": migrations.DeleteModel("thing"),
    "changing-column-type": migrations.AlterField("thing", "name", models.IntegerField()),
    "require-concurrent-index-creation": migrations.AddIndex("thing", INDEX),
    "constraint-missing-not-valid": migrations.AddConstraint(
        "thing", models.CheckConstraint(condition=~Q(name=""), name="thing_has_a_name")
    ),
    "disallowed-unique-constraint": migrations.AddConstraint(
        "thing", models.UniqueConstraint(fields=["name"], name="thing_once")
    ),
}
LETS_IT_SERVE = {
    "a field that may be empty": migrations.AddField(
        "thing", "size", models.IntegerField(null=True)
    ),
    "a field whose default the database knows": migrations.AddField(
        "thing", "size", models.IntegerField(default=0, db_default=0)
    ),
    "an index made beside": AddIndexConcurrently("thing", INDEX),
    "a constraint for what comes": AddConstraintNotValid(
        "thing", models.CheckConstraint(condition=~Q(name=""), name="thing_has_a_name")
    ),
    "a table": migrations.CreateModel("Another", [("id", models.BigAutoField(primary_key=True))]),
}


@pytest.fixture(autouse=True)
def _outside_a_transaction(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """As `sqlmigrate` runs, which changes nothing; an index made beside is refused in one."""
    with django_db_blocker.unblock():
        yield


def written(folder: Path, operation: migrations.operations.base.Operation) -> None:
    """The SQL of a migration with this one operation, as `sqlmigrate` writes it."""
    state = ProjectState()
    BEFORE.state_forwards("x", state)
    after = state.clone()
    operation.state_forwards("x", after)
    atomic = not isinstance(operation, AddIndexConcurrently)
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        operation.database_forwards("x", editor, state, after)
    around = ("BEGIN;", "COMMIT;") if atomic else ("", "")
    (folder / "0001.sql").write_text("\n".join([around[0], *editor.collected_sql, around[1]]))


@pytest.mark.parametrize("rule", STOPS_THE_OLD)
def test_what_would_stop_the_version_before_is_found(rule: str, tmp_path: Path) -> None:
    written(tmp_path, STOPS_THE_OLD[rule])
    told = squawk(tmp_path)
    assert rule in told.stdout
    assert told.returncode


@pytest.mark.parametrize("what", LETS_IT_SERVE)
def test_what_lets_it_serve_passes(what: str, tmp_path: Path) -> None:
    written(tmp_path, LETS_IT_SERVE[what])
    assert squawk(tmp_path).returncode == 0
