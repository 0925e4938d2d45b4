"""One import from file to findings: by a kind's own columns, or through a mapping."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any, BinaryIO

from negotiations.editing.importing.drafts import Entry
from negotiations.editing.importing.findings import Became, Finding, Findings
from negotiations.editing.importing.kinds import Kind
from negotiations.editing.importing.mapping import Mapping
from negotiations.editing.importing.reading import Row, Unreadable, open_table
from negotiations.editing.importing.writing import Writer, importing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from negotiations.models import User


def run(
    file: BinaryIO,
    name: str,
    how: Kind | Mapping,
    *,
    write: bool = False,
    user: User | None = None,
    findings: Findings | None = None,
    sheet: str = "",
    encoding: str = "",
    most_rows: int | None = None,
    expected: str | None = None,
    progress: Callable[[Iterable[Row], int, str], Iterable[Row]] = lambda rows, _total, _about: (
        rows
    ),
) -> Findings:
    """Import a table, or see what importing it would do.

    Args:
        file: a CSV file or workbook; `name` is what the history calls it.
        how: the kind of its rows, or the mapping that makes records of them.
        write: keep what was made, if no row has a problem. Otherwise nothing stays.
        expected: the fingerprint of the dry run; if things moved since, nothing is kept.
        most_rows: refuse longer tables.
        progress: wraps the rows as they are read; told how many there may be, and how they are read.

    Raises:
        Unreadable: with a sentence, if the table can't be read or has other columns. Nothing is kept.
    """
    findings = findings or Findings()
    if isinstance(how, Mapping):
        sheet = sheet or how.sheet
        with open_table(file, sheet, encoding) as table:
            how.check(table.header)
            shared = how.shared(_counted(table.rows, most_rows))
    else:
        shared = []
    with (
        open_table(file, sheet, encoding) as table,
        importing(name, user, write=write) as take_back,
    ):
        if isinstance(how, Kind):
            _check_header(table.header, how)
        writer = Writer(findings.tell)
        for entry in shared:
            writer.add(entry)
        for row in progress(_counted(table.rows, most_rows), table.expected, table.about):
            if row.problem:
                findings.tell(
                    Finding(row.number, "row", "", Became.PROBLEM, "", row.column, row.problem)
                )
                continue
            for made in _made(row, how):
                if isinstance(made, Entry):
                    writer.add(made)
                else:
                    findings.tell(made)
        writer.flush()
        if findings.problems or (expected is not None and findings.fingerprint != expected):
            take_back()
    return findings


def _made(row: Row, how: Kind | Mapping) -> Iterable[Entry | Finding]:
    if isinstance(how, Mapping):
        return how.entries(row)
    values = dict(row.cells)
    return [Entry(row.number, how.name, values.pop("key"), values)]


def _counted(rows: Iterable[Row], most: int | None) -> Iterable[Row]:
    number = 0
    for number, row in enumerate(rows, start=1):
        if most is not None and number > most:
            raise Unreadable(
                f"The table has more than {most:,} rows. Cut it into several, or import it with "
                "`manage.py import_records`, which takes any number."
            )
        yield row
    if not number:
        raise Unreadable("The table has no rows below its first one.")


def _check_header(header: list[str], kind: Kind) -> None:
    known = kind.header
    for name in header:
        if name not in known:
            near: Any = difflib.get_close_matches(name.lower().replace(" ", "_"), known, 1)
            hint = f" Is “{near[0]}” meant?" if near else ""
            raise Unreadable(
                f"A table of {kind.words_plural} has no column “{name}”.{hint} "
                f"Its columns are: {', '.join(known)}."
            )
    needed = ["key", *(name for name, column in kind.columns.items() if column.required)]
    if missing := [name for name in needed if name not in header]:
        listed = ", ".join(f"“{name}”" for name in missing)
        raise Unreadable(f"The table lacks what every {kind.words} needs: {listed}.")
