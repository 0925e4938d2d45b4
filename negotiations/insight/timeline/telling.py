"""What the picture of a timeline shows, as a table: a line for each time, a column for each lane."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from negotiations.insight.timeline.drawing import enclosing, leads_to
from negotiations.insight.timeline.reading import KINDS, NO_SIDE
from negotiations.models import Precision, VagueDate

if TYPE_CHECKING:
    from negotiations.insight.timeline.naming import Named
    from negotiations.insight.timeline.reading import Cell, Timeline
    from negotiations.models import Party


class Told(NamedTuple):
    """A cell in words, and where it leads."""

    words: str
    url: str
    vague: bool


class Line(NamedTuple):
    """One time (or its first and last day) with what each lane has in it."""

    first: VagueDate
    last: VagueDate | None
    lanes: list[list[Told]]


def lines(
    found: Timeline, named: dict[tuple[str, int], Named], here: str
) -> tuple[list[Party | None], list[Line]]:
    """The sides that head the columns after the meetings' (None: others), and the lines."""
    if not found.scale:
        return [], []
    step = found.scale.step
    sides: list[Party | None] = [*found.sides]
    if any(cell.side == NO_SIDE for cell in found.cells):
        sides.append(None)
    columns = [None, *(side.pk if side else NO_SIDE for side in sides)]
    times: dict[tuple[VagueDate, VagueDate | None], list[Cell]] = {}
    for cell in found.cells:
        times.setdefault(_time(cell, step), []).append(cell)
    told = [
        Line(
            *time,
            [[_told(each, named, here, step) for each in _of(cells, side)] for side in columns],
        )
        for time, cells in times.items()
    ]
    told.sort(key=lambda line: (line.first.first, line.first.precision, line.last or line.first))
    return sides, told


def _time(cell: Cell, step: int) -> tuple[VagueDate, VagueDate | None]:
    one = enclosing(cell, step)
    if one and one.first == cell.first and one.last == cell.last:
        return one, None
    return VagueDate(cell.first), VagueDate(cell.last, Precision.DAY)


def _of(cells: list[Cell], side: int | None) -> list[Cell]:
    found = [cell for cell in cells if cell.side == side]
    return sorted(found, key=lambda cell: (KINDS.index(cell.kind), cell.vague))


def _told(cell: Cell, named: dict[tuple[str, int], Named], here: str, step: int) -> Told:
    return Told(cell.words, leads_to(here, named, cell, step), cell.vague)
