"""What happened in a process and when, counted in SQL by side and step of time.

However many records there are, the answer has no more rows than the picture has cells.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection

from negotiations.insight.timeline.asking import Scale, period_of
from negotiations.languages import counted, gettext
from negotiations.models import Party
from negotiations.models.visibility import visible_sql

if TYPE_CHECKING:
    from negotiations.insight.timeline.asking import Asked
    from negotiations.models import Process, VagueDate

KINDS = ("meeting", "statement", "due", "done")


def word(kind: str) -> str:
    """What an entry is called."""
    return {
        "meeting": gettext("meeting"),
        "statement": gettext("statement"),
        "due": gettext("action due"),
        "done": gettext("action reported done"),
    }[kind]


def told_of(kind: str, number: int) -> str:
    """How many of what: “3 statements”."""
    if kind == "meeting":
        return counted("{number} meeting", "{number} meetings", number)
    if kind == "statement":
        return counted("{number} statement", "{number} statements", number)
    if kind == "due":
        return counted("{number} action due", "{number} actions due", number)
    return counted("{number} action reported done", "{number} actions reported done", number)


MOST_SIDES = 16  # with lanes of their own; the rest share one
PER_PAGE = 100
NO_SIDE = 0  # the lane of others
DAY = dt.timedelta(days=1)
DAWN = dt.date.min
FARTHEST = 366  # days after the last that happened to which the picture of the whole goes on

# Every entry: kind, side, record, first and last day, whether that is all that is known, and whether
# it counts: an action that several sides owe is there once for each, and counts once.
ENTRIES = f"""
WITH RECURSIVE side(party, lane) AS (
  SELECT l.party_id, l.party_id FROM negotiations_process_parties l
  JOIN negotiations_party y ON y.id = l.party_id
  WHERE l.process_id = %(process)s AND {visible_sql("y")}
  UNION
  SELECT y.id, side.lane FROM negotiations_party y JOIN side ON y.part_of_id = side.party
  WHERE y.id NOT IN (SELECT party_id FROM negotiations_process_parties WHERE process_id = %(process)s)
),
met AS (
  SELECT * FROM negotiations_meeting m WHERE m.process_id = %(process)s AND {visible_sql("m")}
),
owed AS (
  SELECT DISTINCT a.id, coalesce(side.lane, {NO_SIDE}) AS lane,
    a.due_from, a.due_until, a.due_precision, a.due_about
  FROM negotiations_action a JOIN met ON met.id = a.meeting_id
  LEFT JOIN negotiations_action_owed_by o ON o.action_id = a.id
  LEFT JOIN side ON side.party = o.party_id
  WHERE {visible_sql("a")}
),
agreed AS (SELECT *, lane = min(lane) OVER (PARTITION BY id) AS counts FROM owed),
entry(kind, lane, record, first, last, vague, counts) AS (
  SELECT 'meeting', NULL::bigint, m.id, m.date_from, coalesce(m.ended_until, m.date_until),
    m.state <> 'held' OR m.date_precision < 3 OR m.date_about
      OR coalesce(m.ended_precision < 3 OR m.ended_about, false), true
  FROM met m
  UNION ALL
  SELECT 'statement', coalesce(side.lane, {NO_SIDE}), s.id, s.date_from, s.date_until,
    s.date_precision < 3 OR s.date_about, true
  FROM negotiations_statement s JOIN met ON met.id = s.meeting_id
  LEFT JOIN side ON side.party = s.party_id
  WHERE {visible_sql("s")}
  UNION ALL
  SELECT 'due', a.lane, a.id, a.due_from, a.due_until, a.due_precision < 3 OR a.due_about,
    a.counts
  FROM agreed a
  UNION ALL
  SELECT 'done', a.lane, p.id, p.date_from, p.date_until, p.date_precision < 3 OR p.date_about,
    a.counts
  FROM agreed a JOIN negotiations_progress p ON p.action_id = a.id
  WHERE p.state = 'done' AND {visible_sql("p")}
)
"""
STEPS = {1: "year", 2: "month", 3: "day"}


class Cell(NamedTuple):
    """So many entries of one kind and side in one stretch of time.

    `vague`: of each it is known only that it lies somewhere in there, or it is not held yet.
    `record` is the number of the only one, else None, and `day` its day if it is one exactly.
    """

    kind: str
    side: int | None  # a party's number, NO_SIDE, or None for meetings
    first: dt.date
    last: dt.date
    vague: bool
    number: int
    record: int | None = None
    day: dt.date | None = None

    @property
    def words(self) -> str:
        """How many of what: “3 statements”."""
        return told_of(self.kind, self.number)


@dataclass(frozen=True)
class Timeline:
    """The entries of a process within a scale, in cells; `scale` is None if none is dated."""

    scale: Scale | None
    sides: list[Party]
    cells: list[Cell]
    numbers: dict[str, int]  # of the entries that are drawn, by kind
    undated: dict[str, int] = field(default_factory=dict)
    earlier: int = 0  # entries before the scale begins
    later: int = 0  # and after it ends

    @property
    def total(self) -> int:
        return sum(self.numbers.values())

    @property
    def highest(self) -> int:
        """How many statements the highest bar stands for; 0 if there is none."""
        counted = (c.number for c in self.cells if c.kind == "statement" and not c.vague)
        return max(counted, default=0)


def timeline(process: Process, asked: Asked, *, drafts: bool = False) -> Timeline:
    """What is to be drawn of a process."""
    values: dict[str, Any] = {"process": process.pk, "drafts": drafts}
    undated, first, end = _extent(values)
    if not first and not asked.period:
        return Timeline(None, [], [], {}, undated)
    scale = Scale.of(asked.period, first or DAWN, end or DAWN)
    values |= {"first": scale.first, "until": scale.last, "step": STEPS[scale.step]}
    cells = _cells(scale, values)
    numbers, earlier, later = _numbers(values)
    sides = _sides(process, cells, drafts)
    return Timeline(
        scale,
        sides,
        _merged(cells, {side.pk for side in sides}),
        numbers,
        undated,
        *((0, 0) if asked.period else (earlier, later)),
    )


def _extent(
    values: dict[str, Any],
) -> tuple[dict[str, int], dt.date | None, dt.date | None]:
    """How many of each kind have no date; and where the picture of the whole begins and ends, which
    is not long after the last that has happened."""
    rows = _ask(
        f"""{ENTRIES} SELECT kind, count(*) FILTER (WHERE first IS NULL AND counts),
          min(first), max(last), max(last) FILTER (WHERE kind <> 'due' AND NOT vague)
        FROM entry GROUP BY kind""",
        values,
    )
    undated = {kind: number for kind, number, *_ in rows}
    firsts, lasts, happened = ([day for row in rows if (day := row[at])] for at in (2, 3, 4))
    last = max(lasts, default=None)
    end = last
    if last and happened and (last - max(happened)).days > FARTHEST:
        end = max(happened) + dt.timedelta(days=FARTHEST)
    return (
        {kind: undated[kind] for kind in KINDS if undated.get(kind)},
        min(firsts, default=None),
        end,
    )


def _numbers(values: dict[str, Any]) -> tuple[dict[str, int], int, int]:
    """How many there are of each kind; how many lie before the scale begins, and after it ends."""
    rows = _ask(
        f"""{ENTRIES} SELECT kind,
          count(*) FILTER (WHERE first <= %(until)s AND last >= %(first)s),
          count(*) FILTER (WHERE last < %(first)s), count(*) FILTER (WHERE first > %(until)s)
        FROM entry WHERE counts GROUP BY kind""",
        values,
    )
    within = {kind: number for kind, number, *_ in rows}
    numbers = {kind: within[kind] for kind in KINDS if within.get(kind)}
    return numbers, sum(row[2] for row in rows), sum(row[3] for row in rows)


def _cells(scale: Scale, values: dict[str, Any]) -> list[Cell]:
    rows = _ask(
        f"""{ENTRIES}, seen AS (
          SELECT *, date_trunc(%(step)s, first::timestamp) = date_trunc(%(step)s, last::timestamp)
            AS in_one FROM entry
          WHERE first <= %(until)s AND last >= %(first)s)
        SELECT kind, lane,
          CASE WHEN in_one THEN date_trunc(%(step)s, first::timestamp)::date ELSE first END AS begins,
          CASE WHEN NOT in_one THEN last END AS ends, vague,
          count(*), min(record), min(first)
        FROM seen GROUP BY kind, lane, in_one, begins, ends, vague
        ORDER BY begins, kind, lane, ends, vague""",
        values,
    )
    return [
        Cell(
            kind,
            lane,
            begins,
            ends or period_of(begins, scale.step).last,
            vague,
            number,
            record if number == 1 else None,
            day if number == 1 and not vague and not ends else None,
        )
        for kind, lane, begins, ends, vague, number, record, day in rows
    ]


def _sides(process: Process, cells: list[Cell], drafts: bool) -> list[Party]:
    """The parties with lanes of their own: those of whom most is told, by name."""
    told: dict[int, int] = {}
    for cell in cells:
        if cell.side:
            told[cell.side] = told.get(cell.side, 0) + cell.number
    parties = Party.objects.visible(preview=drafts).filter(processes=process).order_by("name", "pk")
    sides = sorted(parties, key=lambda side: -told.get(side.pk, 0))[:MOST_SIDES]
    return sorted(sides, key=lambda side: (side.name, side.pk))


def _merged(cells: list[Cell], sides: set[int]) -> list[Cell]:
    """With the cells of sides that have no lane added up in that of others."""
    found: dict[tuple[Any, ...], Cell] = {}
    for cell in cells:
        side = cell.side if cell.side is None or cell.side in sides else NO_SIDE
        cell = cell._replace(side=side)
        key = (cell.kind, side, cell.first, cell.last, cell.vague)
        if other := found.get(key):
            cell = cell._replace(number=cell.number + other.number, record=None, day=None)
        found[key] = cell
    return list(found.values())


class Entry(NamedTuple):
    """One entry of the list: its kind and the number of its record."""

    kind: str
    record: int


def entries(
    process: Process, period: VagueDate | None, page: int, *, drafts: bool = False
) -> tuple[list[Entry], int]:
    """The entries of a period, the earliest first and the vague before the exact; and how many."""
    values: dict[str, Any] = {"process": process.pk, "drafts": drafts}
    where = "first IS NOT NULL"
    if period:
        where = "first <= %(until)s AND last >= %(first)s"
        values |= {"first": period.first, "until": period.last}
    order = " ".join(f"WHEN '{kind}' THEN {at}" for at, kind in enumerate(KINDS))
    rows = _ask(
        f"""{ENTRIES} SELECT kind, record, count(*) OVER () FROM
          (SELECT DISTINCT kind, record, first, last FROM entry WHERE {where}) e
        ORDER BY first, last DESC, CASE kind {order} END, record
        LIMIT {PER_PAGE} OFFSET %(passed)s""",
        values | {"passed": (page - 1) * PER_PAGE},
    )
    return [Entry(kind, record) for kind, record, _ in rows], rows[0][2] if rows else 0


def _ask(sql: str, values: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()
