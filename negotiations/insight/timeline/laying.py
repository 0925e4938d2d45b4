"""Where each lane, row and column of a timeline lies, in pixels."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from negotiations.insight.timeline.asking import Scale, period_of
from negotiations.insight.timeline.reading import KINDS, NO_SIDE
from negotiations.languages import gettext, gettext_lazy, pgettext_lazy
from negotiations.models import Precision

if TYPE_CHECKING:
    import datetime as dt

    from negotiations.insight.timeline.reading import Cell, Timeline
    from negotiations.models import VagueDate

WIDTH, LEFT, HEAD = 1080, 140, 52
COLUMN = {Precision.YEAR: 44, Precision.MONTH: 28, Precision.DAY: 30}  # at least
LANE_HEAD, SPAN, MARKS, BARS, UNDER = 24, 24, 28, 56, 6
ROW_WORDS = {
    "meeting": "",
    "statement": gettext_lazy("statements"),
    "due": pgettext_lazy("actions in a timeline", "due"),
    "done": pgettext_lazy("actions in a timeline", "done"),
}


@dataclass(frozen=True)
class Row:
    """Cells that are drawn at one height; `spans`: as bars over the whole of their time."""

    kind: str
    mark: str
    spans: bool
    words: str
    top: float
    height: float
    cells: list[Cell]

    @property
    def middle(self) -> float:
        return self.top + self.height / 2


@dataclass(frozen=True)
class Lane:
    """The rows of the meetings, of one side, or of all others."""

    name: str
    mark: str
    top: float
    rows: list[Row]


@dataclass(frozen=True)
class Plan:
    """The whole: columns of one width for the steps, lanes one under the other."""

    scale: Scale
    steps: list[VagueDate]
    column: float
    width: int
    height: int
    lanes: list[Lane]
    highest: int  # number of statements of the highest bar

    def at(self, step: float) -> float:
        return LEFT + step * self.column

    def x_of(self, day: dt.date, *, end: bool = False, middle: bool = False) -> float:
        """Where a day begins, ends, or has its middle; not beyond the picture."""
        day = min(max(day, self.scale.first), self.scale.last)
        at = self._places[period_of(day, self.scale.step)]
        step = self.steps[at]
        days = (step.last - step.first).days + 1
        part = (day - step.first).days + (1 if end else 0.5 if middle else 0)
        return self.at(at + part / days)

    @cached_property
    def _places(self) -> dict[VagueDate, int]:
        return {step: at for at, step in enumerate(self.steps)}


def plan(found: Timeline) -> Plan:
    """Lay out a timeline that has a scale."""
    scale = found.scale
    if not scale:
        raise ValueError("Nothing is dated, so there is nothing to lay out.")
    steps = scale.steps
    column = max((WIDTH - LEFT) / len(steps), COLUMN[Precision(scale.step)])
    sides: list[tuple[int | None, str, str]] = [(None, gettext("Meetings"), "")]
    sides += [(side.pk, side.name, side.mark) for side in found.sides]
    if any(cell.side == NO_SIDE for cell in found.cells):
        sides.append((NO_SIDE, gettext("Others, or nobody named"), ""))
    lanes, top = [], float(HEAD)
    for side, name, mark in sides:
        cells = [cell for cell in found.cells if cell.side == side]
        rows = _rows(cells, mark, scale.step, top + LANE_HEAD)
        lanes.append(Lane(name, mark, top, rows))
        top += LANE_HEAD + sum(row.height for row in rows) + UNDER
    width = round(LEFT + column * len(steps))
    return Plan(scale, steps, column, width, round(top), lanes, max(found.highest, 1))


def _rows(cells: list[Cell], mark: str, step: int, top: float) -> list[Row]:
    rows: list[Row] = []
    for kind in KINDS:
        of_kind = [cell for cell in cells if cell.kind == kind]
        spans = [cell for cell in of_kind if _is_span(cell, step)]
        words = str(ROW_WORDS[kind])
        for track in _tracks(spans):
            rows.append(Row(kind, mark, True, words, top, SPAN, track))
            top, words = top + SPAN, ""
        if marks := [cell for cell in of_kind if not _is_span(cell, step)]:
            height = BARS if kind == "statement" else MARKS
            rows.append(Row(kind, mark, False, words, top, height, marks))
            top += height
    return rows


def _is_span(cell: Cell, step: int) -> bool:
    """Vague ones, and what took longer than a step of time."""
    return cell.vague or cell.last > period_of(cell.first, step).last


def _tracks(spans: list[Cell]) -> list[list[Cell]]:
    """The bars on as few rows as let none lie over another."""
    tracks: list[list[Cell]] = []
    for span in sorted(spans, key=lambda cell: (cell.first, cell.last, not cell.vague)):
        free = next((track for track in tracks if track[-1].last < span.first), None)
        if free is None:
            tracks.append([span])
        else:
            free.append(span)
    return tracks
