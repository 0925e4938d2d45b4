"""Building the index anew while the site is up: for after a restore, or a change of what is indexed."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import connection, transaction

from negotiations.search.entries import Kind
from negotiations.search.schema import FILL, TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

BATCH = 500


def rebuild() -> Iterator[tuple[int, int]]:
    """Read every record again, some at a time; yields (records done now, records in all).

    Each batch is one transaction, which locks its records as a change of them would: readers never
    miss one, and an editor waits for one batch at most.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO negotiations_searchpublisher (name)"
            " SELECT DISTINCT publisher FROM negotiations_source ON CONFLICT DO NOTHING"
        )
        total = 0
        for table in TABLES.values():
            cursor.execute(f"SELECT count(*) FROM {table}")
            total += cursor.fetchone()[0]
        for kind, table in TABLES.items():
            yield from ((done, total) for done in _rebuild(kind, table))


def _rebuild(kind: Kind, table: str) -> Iterator[int]:
    last = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"SELECT id FROM {table} WHERE id > %s ORDER BY id LIMIT {BATCH}", [last]
            )
            ids = [pk for (pk,) in cursor.fetchall()]
            upto = ids[-1] if len(ids) == BATCH else 2**59
            # Entries of records that are gone are read again, too, and so go.
            cursor.execute(
                "SELECT readout_reindex(%s, VARIADIC ARRAY(SELECT unnest(%s::bigint[]) UNION"
                " SELECT id >> 4 FROM negotiations_searchentry WHERE kind = %s"
                "   AND id BETWEEN %s AND %s))",
                [kind, ids, kind, (last + 1) * 16, upto * 16 + 15],
            )
        yield len(ids)
        if len(ids) < BATCH:
            return
        last = upto


@contextmanager
def put_off() -> Iterator[None]:
    """In a transaction that fills an empty site: what comes in is indexed all at once, at the end.

    Each row by itself would have its record read again: a statement once for each topic and source.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass, tgname FROM pg_trigger"
            " WHERE tgname LIKE 'readout\\_search\\_%' AND NOT tgisinternal AND tgenabled <> 'D'"
        )
        triggers = cursor.fetchall()
        for table, name in triggers:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
        yield
        connection.check_constraints()  # which no trigger may be waiting for
        for table, name in triggers:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {name}")
        cursor.execute(FILL)
