"""The sample for tests: made once in each process, as `load_sample` makes it, and copied from then on."""

from __future__ import annotations

from django.core.management import call_command
from django.db import connection, transaction

_rows: dict[str, bytes] = {}
_sequences: list[tuple[str, str, str]] = []  # table, column, sequence


def load() -> None:
    """Have the Riyadh talks, with history and index, in a database that holds no records."""
    with connection.cursor() as cursor:
        # Only who has the right to may put off the triggers.
        cursor.execute("SELECT has_parameter_privilege('session_replication_role', 'SET')")
        (may_copy,) = cursor.fetchone()
    if may_copy and _rows:
        _write()
        return
    call_command("load_sample", verbosity=0)
    if may_copy:
        _read()


def _read() -> None:
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if not table.startswith(("negotiations_", "pghistory_")):
                continue
            with cursor.copy(f"COPY {table} TO STDOUT") as copy:
                rows = b"".join(copy)
            if rows and not table.startswith("negotiations_user"):
                _rows[table] = rows
                cursor.execute(
                    "SELECT attrelid::regclass::text, attname, pg_get_serial_sequence(%s, attname)"
                    " FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
                    " AND NOT attisdropped AND pg_get_serial_sequence(%s, attname) IS NOT NULL",
                    [table, table, table],
                )
                _sequences.extend(cursor.fetchall())


def _write() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table, rows in _rows.items():
            with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                copy.write(rows)
        for table, column, sequence in _sequences:
            cursor.execute(f"SELECT setval(%s, max({column})) FROM {table}", [sequence])
        cursor.execute("SET LOCAL session_replication_role = origin")
