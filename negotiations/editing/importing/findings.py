"""What became of each row: told one by one, counted, and kept as far as a page can show it."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TextIO

SHOWN = 200  # of each sort; a report has them all
LONGEST_SHOWN = 300  # characters of a value
# What a spreadsheet program would take for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class Became(StrEnum):
    """What became of a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    LEFT_OUT = "left out"
    PROBLEM = "problem"
    NOTE = "note"  # made, but part of the row did not fit


@dataclass(frozen=True, slots=True)
class Finding:
    """One row's, or one part of a row's, fate. `changes` are (column, before, after)."""

    row: int
    kind: str
    key: str
    became: Became
    record: str = ""
    column: str = ""
    sentence: str = ""
    changes: tuple[tuple[str, str, str], ...] = ()


class Report:
    """A CSV file with a line for each finding, safe to open in a spreadsheet program."""

    HEADER = ("row", "kind", "key", "became", "record", "column", "before", "after", "sentence")

    def __init__(self, file: TextIO) -> None:
        self._writer = csv.writer(file)
        self._writer.writerow(self.HEADER)

    def tell(self, finding: Finding) -> None:
        start = (finding.row, finding.kind, finding.key, finding.became.value, finding.record)
        if not finding.changes:
            self._write(*start, finding.column, "", "", finding.sentence)
        for column, before, after in finding.changes:
            self._write(*start, column, before, after, finding.sentence)

    def _write(self, *cells: Any) -> None:
        self._writer.writerow([harmless(str(cell)) for cell in cells])


def harmless(text: str) -> str:
    """The text such that no spreadsheet program runs it: what begins a formula gets an apostrophe."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


@dataclass
class Findings:
    """All findings of one import: numbers of each, and the first of each sort."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    shown: dict[Became, list[Finding]] = field(
        default_factory=lambda: {each: [] for each in Became}
    )
    report: Report | None = None
    _digest: Any = field(default_factory=lambda: hashlib.sha256(b"readout"))

    def tell(self, finding: Finding) -> None:
        self.counts[finding.kind, finding.became.value] += 1
        self._digest.update(repr(finding).encode())
        if finding.became is not Became.UNCHANGED and len(self.shown[finding.became]) < SHOWN:
            self.shown[finding.became].append(finding)
        if self.report:
            self.report.tell(finding)

    def number(self, became: Became) -> int:
        return sum(number for (_kind, what), number in self.counts.items() if what == became.value)

    def first(self, became: Became) -> list[Finding]:
        """The first findings of this sort, by row."""
        return sorted(self.shown[became], key=lambda finding: finding.row)

    @property
    def problems(self) -> int:
        return self.number(Became.PROBLEM)

    @property
    def writes(self) -> bool:
        """Would this import change anything?"""
        return bool(self.number(Became.NEW) or self.number(Became.CHANGED))

    @property
    def fingerprint(self) -> str:
        """The same for the same findings in the same order."""
        return str(self._digest.hexdigest())

    def as_json(self) -> dict[str, Any]:
        """What a page needs to show them later."""
        return {
            "fingerprint": self.fingerprint,
            "counts": {each.name: self.number(each) for each in Became},
            "shown": {
                each.name: [_as_json(finding) for finding in self.first(each)] for each in Became
            },
        }


def _as_json(finding: Finding) -> dict[str, Any]:
    return {
        "row": finding.row,
        "key": finding.key,
        "record": _cut(finding.record),
        "column": finding.column,
        "sentence": finding.sentence,
        "changes": [[name, _cut(a), _cut(b)] for name, a, b in finding.changes],
    }


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…"
