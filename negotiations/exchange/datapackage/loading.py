"""Brings a package back into an empty site, record for record, by the database's own rules, or not at all.

The rows come to the tables as any other rows do: triggers hold them to the rules and begin their
history. Only the search index is made at the end, at once. A trigger stamps only that history, with the moment of the
loading; the records' own dates and revisions stay as they were.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pghistory
from django.core.management.color import no_style
from django.db import DataError, IntegrityError, connection, transaction
from psycopg import sql

from negotiations.errors import CannotRun
from negotiations.exchange.datapackage.faults import Fault, Faults, Faulty, TooMany
from negotiations.exchange.datapackage.opening import checked, described, opened
from negotiations.exchange.datapackage.reading import rows
from negotiations.exchange.datapackage.staging import DEPTH, ROW, check, names, run, stage, staged
from negotiations.exchange.datapackage.tables import tables
from negotiations.models import Correction
from negotiations.search.rebuilding import put_off

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from negotiations.exchange.datapackage.opening import Opened
    from negotiations.exchange.datapackage.tables import Table

TOGETHER = 2000  # rows that come to their table in one statement
# What must hold once all is there, where the deferred triggers would name the first row only:
# SQL for the rows (alias r) at fault, with what is wrong.
IN_THE_END = {
    "statement": (
        "SELECT id, readout_quotation_problem(id) FROM negotiations_statement"
        " WHERE form = 'verbatim' AND readout_quotation_problem(id) IS NOT NULL"
    ),
    **{
        kind: (
            f"SELECT r.id, '{sentence}' FROM negotiations_{kind} r"
            f" WHERE {unless} NOT EXISTS (SELECT FROM negotiations_citation c"
            f" WHERE c.{column} = r.id)"
        )
        for kind, column, unless, sentence in (
            ("account", "account_id", "r.statement_id IS NULL AND",
             "An account names its statement, or cites a source."),
            ("progress", "progress_id", "", "A progress report cites its source."),
            ("openmatter", "open_matter_id", "r.statement_id IS NULL AND",
             "An open matter names its statement, or cites a source."),
        )
    },
}  # fmt: skip


def load(path: Path, tell: Callable[[str, int], None] = lambda *_: None) -> int:
    """Load the package at this path, all or nothing; returns how many rows were loaded.

    `tell` is called with each file and the number of its rows as they come to their table.

    Raises:
        CannotRun: the site is not empty, or there is no package that could be read.
        Faulty: with every fault that was found; nothing was changed.
    """
    with opened(path) as package, transaction.atomic():
        told = described(package)
        _only_into_an_empty_site()
        faults = Faults()
        try:
            files = _stage(package, told, faults)
            with put_off(), pghistory.context(note=_note(told)):
                return _move(files, faults, tell)
        except TooMany:
            raise Faulty(faults.found) from None


def _note(told: dict[str, Any]) -> str:
    """What the history says of where the records come from."""
    title, created = (
        " ".join(str(told.get(key, ""))[:200].split()) for key in ("title", "created")
    )
    return f"Loaded from the data package “{title}” of {created}".replace("\0", "")


def _only_into_an_empty_site() -> None:
    """Refuse where anything is or was, and keep everybody out until the end.

    Raises:
        CannotRun: says what is there.
    """
    locked = names(table.db_table for table in tables())
    run("LOCK TABLE {tables} IN SHARE ROW EXCLUSIVE MODE", tables=locked)
    for table in tables():
        if number := table.model._default_manager.count():
            what = f"{number:,} rows of {table.title.lower()}, drafts included"
        elif (events := getattr(table.model, "pgh_event_model", None)) and events.objects.exists():
            what = f"the history of {table.title.lower()} that were deleted"
        else:
            continue
        raise CannotRun(
            f"A package is loaded into an empty site only, and here are {what}. "
            "Make a new database, migrate it, and load the package there."
        )


def _stage(package: Opened, told: dict[str, Any], faults: Faults) -> dict[str, str]:
    """Bring all rows to their stand-ins; returns the file of each table, by the table's name."""
    files = checked(package, told, tables(), faults)
    faults.stop()
    for table in tables():
        file = files[table.name]
        with package.open(file) as stream:
            stage(table, rows(table, file, stream, faults))
    check(tables(), files, faults)
    faults.stop()
    return files


def _move(files: dict[str, str], faults: Faults, tell: Callable[[str, int], None]) -> int:
    """Bring all rows from their stand-ins to the tables; returns how many."""
    number = 0
    for table in tables():
        moving = _Moving(table, files[table.name], faults)
        moving.all()
        number += moving.number
        tell(moving.file, moving.number)
    for table in tables():
        if which := IN_THE_END.get(table.name):
            for pk, sentence in run(which):
                faults.tell(Fault(files[table.name], _row_of(table, pk), "", sentence))
        _as_it_was(table, files[table.name], faults)
    faults.stop()
    models = [table.model for table in tables()]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
    return number


def _row_of(table: Table, pk: int) -> int:
    [(number,)] = run(
        "SELECT {row} FROM {stand_in} WHERE id = {pk}",
        row=sql.Identifier(ROW),
        stand_in=staged(table),
        pk=sql.Literal(pk),
    )
    return int(number)


class _Moving:
    """One table's rows on their way from the stand-in."""

    def __init__(self, table: Table, file: str, faults: Faults) -> None:
        self.table, self.file, self.faults = table, file, faults
        self.number = 0

    def all(self) -> None:
        [(self.number, last, deepest)] = run(
            "SELECT count(*), coalesce(max({row}), 0), coalesce(max({depth}), 0) FROM {stand_in}",
            row=sql.Identifier(ROW),
            depth=sql.Identifier(DEPTH),
            stand_in=staged(self.table),
        )
        steps = 0
        for depth in range(deepest + 1):
            for first in range(2, last + 1, TOGETHER):
                self._some(depth, first, min(first + TOGETHER - 1, last))
                steps += 1
                if steps & (steps - 1) == 0:  # twice as many as when it was told last
                    self._tell_the_planner()
            # What hangs on a missing row is told only when that is there.
            self.faults.stop()
        self._tell_the_planner()

    def _tell_the_planner(self) -> None:
        """It took for empty what the triggers look things up in."""
        model: Any = getattr(self.table.model, "pgh_event_model", None)
        grown = [self.table.model, *([model] if model else []), Correction]
        run("ANALYZE {grown}", grown=names(each._meta.db_table for each in grown))

    def _some(self, depth: int, first: int, last: int) -> None:
        """Move these rows; where one is refused, try each by itself to tell which."""
        try:
            with transaction.atomic():
                self._insert(depth, first, last)
        except (DataError, IntegrityError) as error:
            if first == last:
                self.faults.tell(Fault(self.file, first, "", _sentence(error)))
                return
            for row in range(first, last + 1):
                self._some(depth, row, row)

    def _insert(self, depth: int, first: int, last: int) -> None:
        run(
            "INSERT INTO {real} ({columns}) SELECT {columns} FROM {stand_in}"
            " WHERE {row} BETWEEN {first} AND {last} AND {depth} = {this_deep} ORDER BY {row}",
            real=sql.Identifier(self.table.db_table),
            columns=names([*(each.name for each in self.table.columns), *self.table.standing]),
            stand_in=staged(self.table),
            row=sql.Identifier(ROW),
            first=sql.Literal(first),
            last=sql.Literal(last),
            depth=sql.Identifier(DEPTH),
            this_deep=sql.Literal(depth),
        )


def _sentence(error: DataError | IntegrityError) -> str:
    """What the database says of a row that it refuses."""
    told = getattr(error.__cause__, "diag", None)
    message = (told and told.message_primary) or "The database refuses it."
    detail = (told and told.message_detail) or ""
    return f"{message} {detail}".strip()


def _as_it_was(table: Table, file: str, faults: Faults) -> None:
    """No trigger has put another value in the place of the package's."""
    key = sql.SQL(" AND ").join(
        sql.SQL("s.{0} = r.{0}").format(sql.Identifier(name)) for name in table.key
    )
    for column in table.columns:
        for (row,) in run(
            "SELECT s.{row} FROM {stand_in} s JOIN {real} r ON {key}"
            " WHERE s.{column} IS DISTINCT FROM r.{column} ORDER BY 1",
            row=sql.Identifier(ROW),
            stand_in=staged(table),
            real=sql.Identifier(table.db_table),
            key=key,
            column=sql.Identifier(column.name),
        ):
            sentence = "What it hangs on tells another value for this."
            faults.tell(Fault(file, row, column.name, sentence))


__all__ = ["Faulty", "load"]
