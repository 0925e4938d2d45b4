"""A list as an Excel workbook, written row by row into a file: no row stays in memory."""

from __future__ import annotations

from tempfile import NamedTemporaryFile
from typing import IO, TYPE_CHECKING

from xlsxwriter import Workbook

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_ROWS = 1_048_575  # that Excel takes, besides the heads
LONGEST = 32_000  # characters; a cell takes 32,767, and what is escaped counts for more
CUT = " […]"
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(title: str, heads: list[str], rows: Iterable[Iterable[str | None]]) -> IO[bytes]:
    """An open file, which goes when it is closed. All cells are texts, and none is a formula."""
    file = NamedTemporaryFile(suffix=".xlsx")  # noqa: SIM115 - the answer closes it
    book = Workbook(file.name, {"constant_memory": True})
    sheet = book.add_worksheet(title[:31])
    sheet.freeze_panes(1, 0)
    for place, head in enumerate(heads):
        sheet.write_string(0, place, head)
    for number, row in enumerate(rows, 1):
        for place, cell in enumerate(row):
            if cell:
                sheet.write_string(number, place, cell if len(cell) <= LONGEST else _cut(cell))
    book.close()
    file.seek(0)
    return file


def _cut(text: str) -> str:
    return text[: LONGEST - len(CUT)] + CUT
