"""Ways to the database: on a page that takes ten milliseconds, each way there and back is felt, and
so is the planning of a question with many parts."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg
from django.db import connection

from negotiations.watching import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

Question = tuple[str, list[Any]]  # SQL and its values


def answers(*questions: Question) -> list[list[tuple[Any, ...]]]:
    """The rows that each question gives. Needs values bound by the client, as is Django's default."""
    if not questions:
        return []
    with _unwrapped(), connection.cursor() as cursor:
        cursor.execute(
            ";\n".join(sql for sql, _ in questions), [v for _, values in questions for v in values]
        )
        found = [cursor.fetchall()]
        while cursor.nextset():
            found.append(cursor.fetchall())
    return found


@contextmanager
def _unwrapped() -> Iterator[None]:
    """Without what keeps the history of a POST: it puts a question of its own before ours."""
    wrappers, connection.execute_wrappers = connection.execute_wrappers, [counted]
    try:
        yield
    finally:
        connection.execute_wrappers = wrappers


class _Prepared(psycopg.Cursor[Any]):
    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        return super().execute(query, params, prepare=True, **options)


class _Binary(_Prepared):
    """Has its answer as bytes."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        return super().execute(query, params, binary=True, **options)


def prepared(sql: str, values: Any) -> Any:
    """A cursor with the answer to a question whose text seldom changes: a connection plans it but once."""
    cursor = _bound_by_the_server(_Prepared)
    with _unwrapped():
        cursor.execute(sql, values)
    return cursor


def bytes_of(sql: str, values: Any) -> bytes | None:
    """The one value, of bytes, that the question gives: as text it would be twice as long."""
    cursor = _bound_by_the_server(_Binary)
    with _unwrapped():
        cursor.execute(sql, values)
    found: bytes | None = cursor.fetchone()[0]
    return found


def _bound_by_the_server(kind: type[psycopg.Cursor[Any]]) -> Any:
    """Where queries are logged it is an ordinary cursor, for only those are logged with their values."""
    if connection.queries_logged:
        return connection.cursor()
    connection.ensure_connection()
    return connection.make_cursor(kind(connection.connection))  # type: ignore[arg-type]


def array(numbers: Any) -> str:
    """As PostgreSQL writes an array: for many numbers this is quicker than an adapted list."""
    return f"{{{','.join(map(str, numbers))}}}"
