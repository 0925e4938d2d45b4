"""Rows as they are: read, moved, taken out and put back exactly, whatever their columns.

PostgreSQL's own JSON is the form in which a row is kept, so that nothing is lost on the way.
Each act gives the step by which `Merge` remembers it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import connection

if TYPE_CHECKING:
    from django.db import models

Row = dict[str, Any]
Step = dict[str, Any]


def read(model: type[models.Model], pk: int) -> Row:
    """The whole row, generated columns too.

    Raises:
        LookupError: if there is none.
    """
    table, key = _names(model)
    found = _ask(f"SELECT to_jsonb(t)::text FROM {table} t WHERE {key} = %s", pk)
    return dict(json.loads(found[0][0]))


def move(model: type[models.Model], ids: list[int], was: Row, now: Row) -> Step:
    """Give columns of these rows new values, where they still have the old ones."""
    table, key = _names(model)
    same, old = _are(table, was)
    given = ", ".join(f"{connection.ops.quote_name(name)} = {_value(table, name)}" for name in now)
    sql = f"UPDATE {table} SET {given} WHERE {key} = ANY(%s) AND {same} RETURNING {key}"
    done = sorted(pk for (pk,) in _ask(sql, *[json.dumps(now)] * len(now), ids, *old))
    label = model._meta.label_lower
    return {"did": "changed", "model": label, "ids": done, "was": was, "now": now}


def remove(model: type[models.Model], pk: int) -> Step:
    """Take a row out. What still points to it makes the database refuse."""
    row = read(model, pk)
    table, key = _names(model)
    _ask(f"DELETE FROM {table} WHERE {key} = %s RETURNING 1", pk)
    return {"did": "removed", "model": model._meta.label_lower, "id": pk, "row": row}


def put_back(step: Step) -> set[int]:
    """Undo one step; returns the ids of rows that are not as it left them.

    Of those, only the columns that nobody touched since go back.
    """
    model = apps.get_model(step["model"])
    if step["did"] == "removed":
        _insert(model, step["row"])
        return set()
    left = changed_since(step)
    table, key = _names(model)
    given, values = [], []
    for name in step["was"]:
        column = connection.ops.quote_name(name)
        given.append(
            f"{column} = CASE WHEN {column} IS NOT DISTINCT FROM {_value(table, name)}"
            f" THEN {_value(table, name)} ELSE {column} END"
        )
        values += [json.dumps(step["now"]), json.dumps(step["was"])]
    sql = f"UPDATE {table} SET {', '.join(given)} WHERE {key} = ANY(%s) RETURNING {key}"
    _ask(sql, *values, step["ids"])
    return left


def changed_since(step: Step) -> set[int]:
    """The ids of the rows that `put_back` would leave as they are now."""
    if step["did"] == "removed":
        return set()
    model = apps.get_model(step["model"])
    table, key = _names(model)
    same, values = _are(table, step["now"])
    left = _ask(f"SELECT {key} FROM {table} WHERE {key} = ANY(%s) AND {same}", step["ids"], *values)
    return set(step["ids"]) - {pk for (pk,) in left}


def _names(model: Any) -> tuple[str, str]:
    quote = connection.ops.quote_name
    return quote(model._meta.db_table), quote(model._meta.pk.column)


def _ask(sql: str, *values: Any) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def _value(table: str, column: str) -> str:
    return f"(jsonb_populate_record(NULL::{table}, %s::jsonb)).{connection.ops.quote_name(column)}"


def _are(table: str, values: Row) -> tuple[str, list[str]]:
    """SQL that says whether a row's columns have these values, with its parameters."""
    quote = connection.ops.quote_name
    same = (f"{quote(name)} IS NOT DISTINCT FROM {_value(table, name)}" for name in values)
    return " AND ".join(same), [json.dumps(values)] * len(values)


def _insert(model: type[models.Model], row: Row) -> None:
    table, key = _names(model)
    stored = [field.column for field in model._meta.concrete_fields if not field.generated]
    columns = ", ".join(connection.ops.quote_name(name) for name in stored if name in row)
    _ask(
        f"INSERT INTO {table} ({columns}) SELECT {columns}"
        f" FROM jsonb_populate_record(NULL::{table}, %s::jsonb) RETURNING {key}",
        json.dumps(row),
    )
