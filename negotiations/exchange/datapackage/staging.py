"""A package's rows in tables that only this transaction sees, where they are held to the rules.

What can be told of them set by set is told here, each fault with its row: numbers and names that are
there twice, what points at nothing, and the check constraints of the real tables, which PostgreSQL
itself gives. What takes more, the real tables' triggers tell when the rows come there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection, models
from psycopg import sql

from negotiations.exchange.datapackage.faults import MOST, Fault, Faults
from negotiations.models.rules import column as column_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from negotiations.exchange.datapackage.reading import Row
    from negotiations.exchange.datapackage.tables import Table

ROW, DEPTH = "staged_row", "staged_depth"


def staged(table: Table) -> sql.Identifier:
    return sql.Identifier(f"staged_{table.name}")


def run(statement: str, /, **parts: Any) -> list[Any]:
    """Run SQL in which the parts, names or text of ours, stand in braces; returns its rows."""
    made = {
        key: part if isinstance(part, sql.Composable) else sql.SQL(part)
        for key, part in parts.items()
    }
    with connection.cursor() as cursor:
        # As a string: pghistory puts before it what the history is to tell.
        cursor.execute(sql.SQL(statement).format(**made).as_string(cursor.connection))
        return cursor.fetchall() if cursor.description else []


def names(columns: Iterable[str], row: str = "") -> sql.Composable:
    """Columns, with commas; of this row, if one is named."""
    return sql.SQL(", ").join(
        sql.Identifier(row, each) if row else sql.Identifier(each) for each in columns
    )


def stage(table: Table, rows: Iterable[Row]) -> None:
    """Bring rows into the table's stand-in."""
    real, stand_in = sql.Identifier(table.db_table), staged(table)
    run(
        "CREATE TEMP TABLE {stand_in} (LIKE {real} INCLUDING DEFAULTS INCLUDING GENERATED)"
        " ON COMMIT DROP",
        stand_in=stand_in,
        real=real,
    )
    run(
        "ALTER TABLE {stand_in} ALTER id DROP NOT NULL, ALTER id DROP DEFAULT,"
        " ADD {row} integer, ADD {depth} integer DEFAULT {above}",
        stand_in=stand_in,
        row=sql.Identifier(ROW),
        depth=sql.Identifier(DEPTH),
        above=sql.Literal(None if table.own_key else 0),
    )
    for column, value in table.standing.items():
        run(
            "ALTER TABLE {stand_in} ALTER {column} SET DEFAULT {value}",
            stand_in=stand_in,
            column=sql.Identifier(column),
            value=sql.Literal(value),
        )
    columns = [column.name for column in table.columns]
    into = sql.SQL("COPY {} ({}) FROM STDIN").format(stand_in, names([*columns, ROW]))
    with connection.cursor() as cursor, cursor.copy(into) as copy:
        for number, values in rows:
            copy.write_row([*values, number])
    run("CREATE INDEX ON {stand_in} ({row})", stand_in=stand_in, row=sql.Identifier(ROW))
    run("ANALYZE {stand_in}", stand_in=stand_in)


def check(tables: Iterable[Table], files: dict[str, str], faults: Faults) -> None:
    """Hold all that was staged to the rules that sets of rows can be held to.

    Raises:
        TooMany: the faults are more than are listed.
    """
    known = {table.name: table for table in tables}
    faulty = {file for file, _ in faults.rows}
    for table in known.values():
        told = _Telling(table, files[table.name], faults)
        _once(told)
        for column in table.columns:
            # What is missing because it is at fault itself has been told there.
            if column.refers and files[column.refers] not in faulty:
                _points_at_something(told, column.name, known[column.refers])
        _holds(told)
    if not faults.found:
        _former_addresses(known, files, faults)
    for table in known.values():
        if table.own_key and not faults.found:
            _order(_Telling(table, files[table.name], faults), table.own_key.name)


class _Telling:
    """Tells of the rows of one table that a query finds."""

    def __init__(self, table: Table, file: str, faults: Faults) -> None:
        self.table, self.file, self.faults = table, file, faults

    def rows(self, which: str, column: str, sentence: str, /, **parts: Any) -> None:
        """Tell this of each row that `which` selects; `parts` are of its SQL, beside the stand-in."""
        found = run(
            f"SELECT {{row}} FROM ({which}) found ORDER BY 1 LIMIT {MOST}",
            stand_in=staged(self.table),
            row=sql.Identifier(ROW),
            **parts,
        )
        for (number,) in found:
            self.faults.tell(Fault(self.file, number, column, sentence))


def _once(told: _Telling) -> None:
    """What is unique is there once: the key, single fields, and what the model's constraints say."""
    model = told.table.model
    sets: list[tuple[tuple[str, ...], str, str]] = [
        (told.table.key, "true", "This is there twice.")
    ]
    sets += [
        ((column.name,), "true", f"This {column.field.verbose_name} is there twice.")
        for column in told.table.columns
        if column.field.unique and (column.name,) != told.table.key
    ]
    for rule in model._meta.constraints:
        if not isinstance(rule, models.UniqueConstraint):
            continue
        columns = tuple(column_of(model, name) for name in rule.fields)
        if columns != told.table.key:
            sets.append(
                (columns, _compared(rule, columns), str(rule.get_violation_error_message()))
            )
    for columns, where, sentence in sets:
        told.rows(
            "SELECT {row} FROM (SELECT {row}, row_number() OVER (PARTITION BY {columns}"
            " ORDER BY {row}) AS place FROM {stand_in} WHERE {where}) numbered WHERE place > 1",
            columns[0] if len(columns) == 1 else "",
            sentence,
            columns=names(columns),
            where=where,
        )


def _compared(rule: models.UniqueConstraint, columns: Iterable[str]) -> str:
    """SQL for the rows that a unique constraint compares with one another."""
    where = []
    if rule.nulls_distinct is not False:
        where += [f'"{column}" IS NOT NULL' for column in columns]
    if rule.condition is not None:
        [(condition,)] = run(
            "SELECT pg_get_expr(indpred, indrelid) FROM pg_index"
            " WHERE indexrelid = {name}::regclass",
            name=sql.Literal(rule.name),
        )
        where.append(condition)
    return " AND ".join(where) or "true"


def _points_at_something(told: _Telling, column: str, target: Table) -> None:
    told.rows(
        "SELECT {row} FROM {stand_in} s WHERE {column} IS NOT NULL"
        " AND NOT EXISTS (SELECT FROM {target} t WHERE t.id = s.{column})",
        column,
        f"There is no such row among the {target.model._meta.verbose_name_plural}.",
        column=sql.Identifier(column),
        target=staged(target),
    )


def _holds(told: _Telling) -> None:
    """The check constraints of the real table, asked of the staged rows."""
    sentences = {
        rule.name: str(rule.get_violation_error_message())
        for rule in told.table.model._meta.constraints
        if rule.violation_error_message
    }
    for name, expression in run(
        "SELECT conname, pg_get_expr(conbin, conrelid) FROM pg_constraint"
        " WHERE conrelid = {table}::regclass AND contype = 'c' ORDER BY conname",
        table=sql.Literal(told.table.db_table),
    ):
        told.rows(
            "SELECT {row} FROM {stand_in} WHERE NOT ({expression})",
            "",
            sentences.get(name, f"The rule “{name}” does not hold."),
            expression=expression,
        )


def _order(told: _Telling, column: str) -> None:
    """What rows of the same table hang on comes before them; what hangs on itself never comes."""
    run(
        "WITH RECURSIVE reached (id, depth) AS ("
        " SELECT id, 0 FROM {stand_in} WHERE {column} IS NULL"
        " UNION ALL SELECT s.id, r.depth + 1 FROM {stand_in} s JOIN reached r ON s.{column} = r.id)"
        " UPDATE {stand_in} s SET {depth} = r.depth FROM reached r WHERE r.id = s.id",
        column=sql.Identifier(column),
        depth=sql.Identifier(DEPTH),
        stand_in=staged(told.table),
    )
    told.rows(
        "SELECT {row} FROM {stand_in} WHERE {depth} IS NULL",
        column,
        "It hangs on itself, by however many steps, or on such a row.",
        depth=sql.Identifier(DEPTH),
    )


def _former_addresses(tables: dict[str, Table], files: dict[str, str], faults: Faults) -> None:
    former = tables["formerslug"]
    told = _Telling(former, files[former.name], faults)
    addressed = [
        table
        for table in tables.values()
        if any(column.name == "slug" for column in table.columns) and table is not former
    ]
    known = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT {} AS kind, id, slug FROM {}").format(
            sql.Literal(table.name), staged(table)
        )
        for table in addressed
    )
    told.rows(
        "SELECT {row} FROM {stand_in} f WHERE NOT EXISTS (SELECT FROM ({known}) k"
        " WHERE k.kind = f.kind AND k.id = f.record_id)",
        "record_id",
        "There is no such record of this kind.",
        known=known,
    )
    told.rows(
        "SELECT {row} FROM {stand_in} f WHERE EXISTS (SELECT FROM ({known}) k"
        " WHERE k.kind = f.kind AND k.slug = f.slug)",
        "slug",
        "This address is taken: a record of this kind has it now.",
        known=known,
    )
