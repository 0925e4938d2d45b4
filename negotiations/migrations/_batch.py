"""Many operations at once: Django reads all models again after each, which took a minute."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import migrations
from django.db.migrations.operations.base import Operation

if TYPE_CHECKING:
    from collections.abc import Iterator

# What comes with a model that is made in the same batch: its table is made as it is in the end.
WITH_THE_TABLE = (migrations.AddField, migrations.AddConstraint, migrations.AddIndex)


class Batch(Operation):
    """Operations none of which needs to see the models as they are half-way."""

    reduces_to_sql = True

    def __init__(self, operations: list[Operation]) -> None:
        self.operations = operations

    def state_forwards(self, app_label: str, state: Any) -> None:
        state.__dict__.pop("apps", None)  # made anew when it is next asked for
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        for operation in self._in_the_database():
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        for operation in reversed(list(self._in_the_database())):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def _in_the_database(self) -> Iterator[Operation]:
        made = {o.name_lower for o in self.operations if isinstance(o, migrations.CreateModel)}
        for operation in self.operations:
            with_it = isinstance(operation, WITH_THE_TABLE)
            if not (with_it and operation.model_name.lower() in made):
                yield operation

    def describe(self) -> str:
        return f"{len(self.operations)} operations at once"
