"""Reads tables: CSV in whatever encoding, and workbooks, row by row, without trusting either."""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

import charset_normalizer
import openpyxl
from defusedxml.common import DefusedXmlException
from openpyxl.utils.exceptions import InvalidFileException

if TYPE_CHECKING:
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

MEGABYTE = 1_000_000
MOST_COLUMNS = 500
LONGEST_CELL = MEGABYTE  # characters
LONGEST_LINE = 4 * MEGABYTE  # characters; a cell may hold several lines
# A workbook is a zip file: what it unpacks to is what it costs.
MOST_UNPACKED = 1_000 * MEGABYTE
MOST_PACKED = 300  # times smaller than unpacked; XML of numbers reaches 50
MOST_MEMBERS = 1_000
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
BLOCK = 1 << 20
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
NUL = "A null byte stands on line {line}. This is no text file, or a damaged one."


class Unreadable(Exception):
    """The file can't be read as a table; the message is a sentence for whoever sent it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the file (the header is 1) and its cells by column.

    `problem` says why it can't be used, and `column` where.
    """

    number: int
    cells: dict[str, str]
    problem: str = ""
    column: str = ""


@dataclass
class Table:
    """A table that is being read: its columns, then its rows, once."""

    header: list[str]
    rows: Iterator[Row]
    # How it was read: "CSV, windows-1251, semicolon".
    about: str
    # How many rows there may be, for a progress bar.
    expected: int = 0


@contextmanager
def open_table(file: BinaryIO, sheet: str = "", encoding: str = "") -> Iterator[Table]:
    """Open a CSV file or workbook, told apart by what is in it and not by its name.

    Args:
        sheet: which sheet of a workbook; the only one if empty.
        encoding: of a CSV file; found out if empty.

    Raises:
        Unreadable: with a sentence that says what to change.
    """
    file.seek(0)
    start = file.read(8)
    file.seek(0)
    if not start:
        raise Unreadable("The file is empty.")
    if start == OLD_OFFICE:
        raise Unreadable(
            "This workbook is encrypted with a password, or of the old .xls kind. "
            "Save it without a password as .xlsx, or as CSV."
        )
    if start[:4] == b"PK\x03\x04":
        yield from _open_workbook(file, sheet)
    else:
        if sheet:
            raise Unreadable("A CSV file has no sheets. Leave the sheet out.")
        yield from _open_csv(file, encoding)


def _checked_header(cells: list[str]) -> list[str]:
    """The header without its empty end.

    Raises:
        Unreadable: if it names no columns, too many, or one twice.
    """
    header = [" ".join(cell.split()) for cell in cells]
    while header and not header[-1]:
        header.pop()
    if not header:
        raise Unreadable("The first row names no columns.")
    if len(header) > MOST_COLUMNS:
        raise Unreadable(
            f"The first row names {len(header):,} columns; {MOST_COLUMNS} are the most."
        )
    seen: set[str] = set()
    for place, name in enumerate(header, start=1):
        if not name:
            raise Unreadable(f"Column {place} has no name in the first row.")
        if name in seen:
            raise Unreadable(f"Two columns are named “{name}”.")
        seen.add(name)
    return header


def _row(number: int, header: list[str], cells: list[str]) -> Row | None:
    """The row by columns; None if all of it is empty."""
    if not any(cells):
        return None
    if len(cells) > len(header) and any(cells[len(header) :]):
        return Row(
            number,
            {},
            f"This row has {len(cells)} cells, the first row {len(header)}. "
            "Put a cell with the separator in it into quotation marks.",
        )
    return Row(number, dict(zip(header, cells, strict=False)))


def _cell(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


# --- CSV ---


def _open_csv(file: BinaryIO, encoding: str) -> Iterator[Table]:
    encoding, lines = _readable_as(file, encoding)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding, newline="")
    csv.field_size_limit(LONGEST_CELL)  # the process's own: others set it, too
    try:
        delimiter = _delimiter(_lines(text))
        text.seek(0)
        reader = csv.reader(_lines(text), delimiter=delimiter, strict=True)
        try:
            header = _checked_header(next(reader, []))
        except csv.Error as error:
            raise Unreadable(_csv_problem(error, reader.line_num)) from error
        about = f"CSV, {encoding.removesuffix('-sig')}, {DELIMITERS[delimiter]}"
        yield Table(header, _csv_rows(reader, header), about, max(lines - 1, 0))
    finally:
        text.detach()


def _csv_rows(reader: Any, header: list[str]) -> Iterator[Row]:
    number = 1
    try:
        for cells in reader:
            number += 1
            cells = [_cell(cell) for cell in cells]
            if cells and len(cells) < len(header) and any(cells):
                missing = f"This row has {len(cells)} cells, the first row {len(header)}."
                yield Row(number, {}, f"{missing} A separator is missing.")
            elif row := _row(number, header, cells):
                yield row
    except csv.Error as error:
        raise Unreadable(_csv_problem(error, reader.line_num)) from error


def _csv_problem(error: csv.Error, line: int) -> str:
    if "field larger" in str(error):
        return f"A cell that ends on line {line} is longer than {LONGEST_CELL:,} characters. Is a quotation mark left open?"
    if "unexpected end" in str(error):
        return f"A quotation mark is left open: the file ends within a cell (line {line})."
    return f"Line {line} can’t be read: a quotation mark within a cell is written twice, and a cell that has one stands in quotation marks."


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    while line := text.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise Unreadable(f"A line is longer than {LONGEST_LINE:,} characters.")
        yield line


def _delimiter(lines: Iterator[str]) -> str:
    """The separator that stands most often in the first row, outside of quotation marks."""
    bare = re.sub(r'"[^"]*"', "", next(lines, ""))
    return max(DELIMITERS, key=bare.count)


def _readable_as(file: BinaryIO, encoding: str) -> tuple[str, int]:
    """The encoding in which the whole file can be read, and how many lines it has.

    Raises:
        Unreadable: if there is none, or not the one asked for.
    """
    if encoding:
        try:
            codecs.lookup(encoding)
        except LookupError as error:
            raise Unreadable(f"There is no encoding “{encoding}”.") from error
        return encoding, _decode(file, encoding)
    file.seek(0)
    if file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16", _decode(file, "utf-16")
    try:
        return "utf-8-sig", _decode(file, "utf-8-sig")
    except Unreadable as error:
        file.seek(0)
        # The part that is not ASCII decides, wherever it stands.
        telling = b"\n".join(line for line in _byte_lines(file) if not line.isascii())
        best = charset_normalizer.from_bytes(telling).best() if telling else None
        if not best or best.encoding in ("ascii", "utf_8"):
            raise error
        return best.encoding.replace("_", "-"), _decode(file, best.encoding)


def _byte_lines(file: BinaryIO) -> Iterator[bytes]:
    left = BLOCK // 4
    while left > 0 and (line := file.readline(BLOCK)):
        if not line.isascii():
            left -= len(line)
        yield line


def _decode(file: BinaryIO, encoding: str) -> int:
    """Decode the whole file, keeping nothing; returns its lines.

    Raises:
        Unreadable: with the first line that is not in this encoding, or has a null byte.
    """
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    lines, ended = 0, True
    while True:
        block = file.read(BLOCK)
        try:
            text = decoder.decode(block, final=not block)
        except UnicodeError as error:
            place = getattr(error, "start", 0)
            line = lines + 1 + block[:place].count(b"\n")
            raise Unreadable(
                f"Line {line} is not {encoding.removesuffix('-sig')} text. Save the file as UTF-8 "
                "(“CSV UTF-8” in a spreadsheet program), or say which encoding it has."
            ) from error
        if "\x00" in text:
            raise Unreadable(NUL.format(line=lines + 1 + text.partition("\x00")[0].count("\n")))
        if not block:
            return lines + (not ended)
        lines += text.count("\n")
        ended = text.endswith("\n")


# --- Workbooks ---


def _open_workbook(file: BinaryIO, sheet: str) -> Iterator[Table]:
    _guard(file)
    try:
        book = openpyxl.load_workbook(file, read_only=True, keep_links=False)
    except DefusedXmlException as error:
        raise Unreadable("This workbook has XML in it that no spreadsheet writes.") from error
    except (InvalidFileException, KeyError, ValueError, zipfile.BadZipFile, SyntaxError) as error:
        raise Unreadable("This is no workbook (.xlsx) that can be read, nor a CSV file.") from error
    try:
        names = book.sheetnames
        if not sheet and len(names) > 1:
            listed = ", ".join(f"“{name}”" for name in names[:10])
            raise Unreadable(f"This workbook has several sheets: {listed}. Say which one is meant.")
        if sheet and sheet not in names:
            listed = ", ".join(f"“{name}”" for name in names[:10])
            raise Unreadable(f"This workbook has no sheet “{sheet}”, but {listed}.")
        chosen = sheet or names[0]
        page: Any = book[chosen]
        _refuse_merged_cells(page)
        cells = page.iter_rows()
        first = next(cells, ())
        header = _checked_header([_written(cell) for cell in first])
        yield Table(
            header,
            _sheet_rows(cells, header),
            f"workbook, sheet “{chosen}”",
            max((page.max_row or 1) - 1, 0),
        )
    finally:
        book.close()


def _guard(file: BinaryIO) -> None:
    """Refuse a zip file that unpacks to more than a workbook does."""
    try:
        with zipfile.ZipFile(file) as packed:
            members = packed.infolist()
    except zipfile.BadZipFile as error:
        raise Unreadable("This workbook is damaged: it can’t be unpacked.") from error
    if any(member.flag_bits & 1 for member in members):
        raise Unreadable("This file is encrypted with a password. Save it without one.")
    unpacked = sum(member.file_size for member in members)
    # What the directory claims, and what comes out at most: zipfile stops at the claimed size.
    swollen = any(
        member.file_size > MEGABYTE and member.file_size > MOST_PACKED * (member.compress_size or 1)
        for member in members
    )
    if unpacked > MOST_UNPACKED or swollen or len(members) > MOST_MEMBERS:
        raise Unreadable(
            f"This workbook would unpack to {unpacked // MEGABYTE:,} MB or to far more than its "
            "size suggests. Save the sheet as CSV."
        )
    if "[Content_Types].xml" not in {member.filename for member in members}:
        raise Unreadable("This is a zip file, but no workbook (.xlsx).")


def _refuse_merged_cells(page: ReadOnlyWorksheet) -> None:
    """openpyxl's streaming reader passes over them, so the sheet's XML is asked."""
    tail = b""
    with page._get_source() as xml:
        while block := xml.read(BLOCK):
            window = tail + block
            if (place := window.find(b"<mergeCell ")) >= 0:
                where = (window[place:] + xml.read(200)).partition(b'ref="')[2].partition(b'"')[0]
                raise Unreadable(
                    f"The cells {where.decode('ascii', 'replace')} are merged, and it can’t be told "
                    "which row each belongs to. Split them."
                )
            tail = block[-16:]


def _sheet_rows(cells: Iterator[Any], header: list[str]) -> Iterator[Row]:
    number = 1
    try:
        for row in cells:
            number += 1
            if problem := next(filter(None, map(_unusable, row)), None):
                place = problem[0]
                name = header[place - 1] if place <= len(header) else ""
                yield Row(number, {}, problem[1], name)
            elif found := _row(number, header, [_written(cell) for cell in row]):
                yield found
    except (ValueError, KeyError, SyntaxError, zipfile.BadZipFile, DefusedXmlException) as error:
        raise Unreadable(f"The workbook is damaged after row {number}.") from error


def _unusable(cell: Any) -> tuple[int, str] | None:
    if cell.data_type == "f":
        return cell.column, (
            f"Cell {cell.coordinate} holds a formula. Paste its value instead "
            "(“paste special: values”)."
        )
    if cell.data_type == "e":
        return cell.column, f"Cell {cell.coordinate} holds an error ({cell.value})."
    if isinstance(cell.value, str) and len(cell.value) > LONGEST_CELL:
        return cell.column, f"Cell {cell.coordinate} is longer than {LONGEST_CELL:,} characters."
    return None


def _written(cell: Any) -> str:
    """The cell as text that the columns can read."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    return _cell(str(value).replace("\x00", ""))
