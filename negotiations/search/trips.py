"""Ways to the database: on a page that takes ten milliseconds, each way there and back is felt, and
so is the planning of a question with many parts."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg
from django.db import connection
from psycopg.generators import execute
from psycopg.pq import ExecStatus

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


def prepared(sql: str, values: Any) -> Any:
    """A cursor with the answer to a question whose text seldom changes: a connection plans it but once.

    What it gave is to be fetched before the next question.
    """
    return _asked(sql, values, binary=False)


def bytes_of(sql: str, values: Any) -> bytes | None:
    """The one value, of bytes, that the question gives: as text it would be twice as long."""
    found: bytes | None = _asked(sql, values, binary=True).fetchone()[0]
    return found


def _asked(sql: str, values: Any, *, binary: bool) -> Any:
    """By psycopg itself: Django's cursors, which bind values in the client, can prepare nothing.

    Where queries are logged it is an ordinary one, for only those are logged with their values.
    """
    if connection.queries_logged:
        cursor: Any = connection.cursor()
        with _unwrapped():
            cursor.execute(sql, values)
        return cursor
    connection.ensure_connection()
    cursor = cursor_of(connection.connection)
    with connection.wrap_database_errors:
        counted(
            lambda *_: cursor.execute(sql, values, prepare=True, binary=binary),
            sql,
            values,
            False,
            {},
        )
    return cursor


def cursor_of(lent: Any) -> Any:
    """The connection's own cursor: to make one for each question takes half as long as to ask."""
    cursor = getattr(lent, "asking", None)
    if cursor is None:
        cursor = lent.asking = psycopg.Cursor(lent)
    return cursor


def text_of(lent: Any, sql: str, name: str) -> str:
    """The one text that a question gives that is asked at each request, prepared by this name.

    By libpq itself, since a cursor takes as long to ask as the server to answer.
    """
    if lent.prepare_threshold is None:  # a pooler is between, which forgets what is prepared
        (text,) = cursor_of(lent).execute(sql).fetchone()
        return str(text)
    known = vars(lent).setdefault("has_prepared", set())
    if name not in known:
        lent.execute(f"PREPARE {name} AS {sql}")
        known.add(name)
    lent.pgconn.send_query_prepared(name.encode(), None)
    (result,) = lent.wait(execute(lent.pgconn))
    if result.status != ExecStatus.TUPLES_OK:
        raise psycopg.errors.error_from_result(result)
    return str(result.get_value(0, 0), "ascii")


def array(numbers: Any) -> str:
    """As PostgreSQL writes an array: for many numbers this is quicker than an adapted list."""
    return f"{{{','.join(map(str, numbers))}}}"
