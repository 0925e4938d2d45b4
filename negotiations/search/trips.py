"""Ways to the database: on a page that takes ten milliseconds, each way there and back is felt, and
so is the planning of a question with many parts."""

from __future__ import annotations

from typing import Any

import psycopg
from django.db import connection

Question = tuple[str, list[Any]]  # SQL and its values


def answers(*questions: Question) -> list[list[tuple[Any, ...]]]:
    """The rows that each question gives. Needs values bound by the client, as is Django's default."""
    if not questions:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            ";\n".join(sql for sql, _ in questions), [v for _, values in questions for v in values]
        )
        found = [cursor.fetchall()]
        while cursor.nextset():
            found.append(cursor.fetchall())
    return found


class _Prepared(psycopg.Cursor[Any]):
    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        return super().execute(query, params, prepare=True, **options)


def prepared(sql: str, values: Any) -> Any:
    """A cursor with the answer to a question that each connection plans but a few times.

    Where queries are logged it is asked like any other, for only so it is logged with its values.
    """
    cursor = connection.cursor()
    if not connection.queries_logged:
        cursor = connection.make_cursor(_Prepared(connection.connection))  # type: ignore[arg-type]
    cursor.execute(sql, values)
    return cursor


def array(numbers: Any) -> str:
    """As PostgreSQL writes an array: for many numbers this is quicker than an adapted list."""
    return f"{{{','.join(map(str, numbers))}}}"
