"""Reads the files of a package row by row: every cell as its column's type, or a fault with its place."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from typing import IO, TYPE_CHECKING, Any

from django.core.exceptions import ValidationError

from negotiations.exchange.datapackage.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from negotiations.exchange.datapackage.faults import Faults
    from negotiations.exchange.datapackage.tables import Column, Table

LONGEST = 16 << 20  # characters of a cell, and of a line
INTEGER = re.compile(r"-?[0-9]{1,19}")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
BOOLEANS = {"true": True, "false": False}
Row = tuple[int, list[Any]]


def rows(table: Table, name: str, file: IO[bytes], faults: Faults) -> Iterator[Row]:
    """The faultless rows of a table's file, each with its number; tells of the others.

    Raises:
        TooMany: the faults are more than are listed.
    """
    csv.field_size_limit(LONGEST)
    number = 0
    try:
        with io.TextIOWrapper(file, "utf-8-sig", newline="") as text:
            reader = csv.reader(iter(lambda: _line(text), ""), strict=True)
            header = next(reader, [])
            number = 1
            if problem := _header_problem(header, table):
                faults.tell(Fault(name, 1, "", problem))
                return
            columns = {column.name: column for column in table.columns}
            readers = [(title, _reader(columns[title])) for title in header]
            places = [header.index(column.name) for column in table.columns]
            for number, cells in enumerate(reader, 2):
                if len(cells) != len(header):
                    sentence = f"This row has {len(cells)} cells, the header {len(header)}."
                    faults.tell(Fault(name, number, "", sentence))
                elif values := _values(cells, readers, (name, number), faults):
                    yield number, [values[place] for place in places]
    except csv.Error as error:
        sentence = f"The file can’t be read as CSV from here on ({error})."
        faults.tell(Fault(name, number + 1, "", sentence))
    except UnicodeDecodeError:
        sentence = "The file is not UTF-8 from here on, or soon after."
        faults.tell(Fault(name, number + 1, "", sentence))


def _line(text: io.TextIOWrapper) -> str:
    line = text.readline(LONGEST)
    if len(line) == LONGEST:
        raise csv.Error("a line is longer than any record")
    return line


def _header_problem(header: list[str], table: Table) -> str:
    wanted = [column.name for column in table.columns]
    missing = [name for name in wanted if name not in header]
    unknown = [name for name in header if name not in wanted]
    twice = [name for name in wanted if header.count(name) > 1]
    return " ".join(
        f"{words}: {', '.join(names)[:200]}."
        for words, names in (
            ("Columns are missing", missing),
            ("This site has no such columns", unknown),
            ("Columns are there twice", twice),
        )
        if names
    )


def _values(
    cells: list[str],
    readers: list[tuple[str, Callable[[str], Any]]],
    place: tuple[str, int],
    faults: Faults,
) -> list[Any]:
    """The row's values; empty if one of them is at fault."""
    values = []
    for cell, (title, read) in zip(cells, readers, strict=True):
        try:
            values.append(read(cell))
        except ValidationError as error:
            faults.tell(Fault(*place, title, " ".join(error.messages)))
        except ValueError as error:
            faults.tell(Fault(*place, title, str(error)))
    return values if len(values) == len(cells) else []


def _reader(column: Column) -> Callable[[str], Any]:
    """Reads one cell of a column by its type and the field's own rules."""
    convert = CONVERTERS[column.type]
    choices = set(column.choices)
    is_number_of_record = bool(column.refers) or column.name in ("id", "record_id")
    checks = list(column.field.validators)

    def read(cell: str) -> Any:
        if "\0" in cell:
            raise ValueError("A null character is no part of any text.")
        if cell == "" and column.is_needed:
            raise ValueError("A value is needed here.")
        if cell == "" and column.type != "string":
            return None
        value = convert(cell)
        if choices and value not in choices and value != "":
            raise ValueError(f"“{cell[:60]}” is not one of the values that are known here.")
        if is_number_of_record and value < 1:
            raise ValueError("Records are numbered from 1.")
        if value != "":
            for check in checks:
                check(value)
        return value

    return read


def _integer(cell: str) -> int:
    if not INTEGER.fullmatch(cell) or not -(2**63) <= int(cell) < 2**63:
        raise ValueError(f"“{cell[:60]}” is not a whole number.")
    return int(cell)


def _boolean(cell: str) -> bool:
    if cell.lower() not in BOOLEANS:
        raise ValueError(f"“{cell[:60]}” is neither true nor false.")
    return BOOLEANS[cell.lower()]


def _date(cell: str) -> dt.date:
    try:
        if DATE.fullmatch(cell):
            return dt.date.fromisoformat(cell)
    except ValueError:
        pass
    raise ValueError(f"“{cell[:60]}” is not a date such as 2025-02-18.")


def _datetime(cell: str) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(cell)
        if moment.tzinfo:
            return moment
    except ValueError:
        pass
    raise ValueError(f"“{cell[:60]}” is not a time such as 2025-02-18T09:30:00Z.")


CONVERTERS: dict[str, Callable[[str], Any]] = {
    "boolean": _boolean,
    "date": _date,
    "datetime": _datetime,
    "integer": _integer,
    "string": str,
}
