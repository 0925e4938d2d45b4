"""Records as rows of a table: flat columns of text, from the same descriptions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection

from negotiations.search.trips import array, prepared

if TYPE_CHECKING:
    from collections.abc import Iterable

    from negotiations.exchange.records.resources import Resource

# How a spreadsheet's formula begins: such a cell gets an apostrophe before it.
FORMULA = r"(E'=', E'+', E'-', E'@', E'\t', E'\r', E'\n')"


def columns(resource: Resource) -> list[str]:
    """The names of the columns, in order."""
    return [name for field in resource.fields.values() for name, _ in field.columns]


def _select(resource: Resource) -> str:
    """SQL of the rows of the parameter `pks`, in its order."""
    fields = [field for field in resource.fields.values() if field.columns]
    cells = [sql.replace("{r}", "r") for field in fields for _, sql in field.columns]
    told = ", ".join(f"{sql} AS c{n}" for n, sql in enumerate(cells))
    rows = resource.rows("r", [field.name for field in fields], on="r.id = asked.id")
    return (
        f"SELECT {told} FROM unnest(%(pks)s::bigint[]) WITH ORDINALITY asked (id, place)"
        f" JOIN {rows} WHERE {resource.public('r')} ORDER BY asked.place"
    )


def rows(resource: Resource, pks: Iterable[int], base: str) -> list[tuple[str | None, ...]]:
    """The public ones of these records, a row each."""
    found: list[Any] = prepared(_select(resource), {"pks": array(pks), "base": base}).fetchall()
    return found


def csv(resource: Resource, pks: Iterable[int], base: str) -> bytes:
    """The same as CSV (RFC 4180) in UTF-8, made by the database, in which no cell is a formula."""
    cells = ", ".join(
        f"CASE WHEN left(c{n}, 1) IN {FORMULA} THEN '''' || c{n} ELSE c{n} END"
        for n in range(len(columns(resource)))
    )
    sql = f"COPY (SELECT {cells} FROM ({_select(resource)} OFFSET 0) cells) TO STDOUT (FORMAT csv)"
    with connection.cursor() as cursor, cursor.copy(sql, {"pks": array(pks), "base": base}) as copy:
        return b"".join(copy)
