"""The facets of entries that were there before 0027, some at a time, while others write.

What somebody is writing at the moment is passed over, since the trigger sees to it. What is missing
all the same, for that writing was taken back, is waited for one by one, so that nobody waits for us.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations, transaction

from negotiations.search.entries import FACETS, TABLE
from negotiations.search.schema import FACETS_COLUMNS, FACETS_OF

BATCH = 500


def fill(apps: Any, schema_editor: Any) -> None:
    for number, locked in ((BATCH, "SKIP LOCKED"), (1, "")):
        last = 0
        while last is not None:
            last = _some(schema_editor.connection, last, number, locked)


def _some(connection: Any, after: int, number: int, locked: str) -> int | None:
    """Fill in so many after this entry; the last of them, None if there were none."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(
            f"""WITH missing AS MATERIALIZED (
              SELECT * FROM {TABLE} e
              WHERE id > %s AND NOT EXISTS (SELECT FROM {FACETS} f WHERE f.id = e.id)
              ORDER BY id LIMIT {number} FOR SHARE OF e {locked}
            ), filled AS (
              INSERT INTO {FACETS} ({FACETS_COLUMNS}) {FACETS_OF} missing ON CONFLICT DO NOTHING
            ) SELECT max(id) FROM missing""",  # noqa: S608 - names of ours
            [after],
        )
        (last,) = cursor.fetchone()
    return last


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("negotiations", "0027_facets_apart"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
