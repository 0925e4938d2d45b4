"""Where meetings were held, counted in SQL by the coordinates that an editor gave. Nothing is guessed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection

from negotiations.insight.places.asking import UNPLACED
from negotiations.models import Meeting

if TYPE_CHECKING:
    from negotiations.insight.places.asking import Asked

MOST = 200  # places
NEWEST = 3  # meetings named with each
PER_PAGE = 50


class Place(NamedTuple):
    """A place by the name that most of its meetings give it; `coordinates` are "" if not recorded."""

    name: str
    coordinates: str
    meetings: int
    newest: list[Meeting]

    @property
    def degrees(self) -> tuple[float, float]:
        """Latitude and longitude, of a place that has them."""
        latitude, longitude = map(float, self.coordinates.split(", "))
        return latitude, longitude


class Held(NamedTuple):
    """The places of held meetings, those with most first; and of how many meetings no place is known."""

    places: list[Place]
    unplaced: list[Place]
    number: int  # of places that are on the map
    meetings: int
    on_the_map: int


def held(asked: Asked) -> Held:
    """The places of the asked process and time."""
    where, values = asked.within.meetings("m")
    met = f"""negotiations_meeting m
      WHERE m.status = 'published' AND m.state = 'held' AND {where}"""
    newest = "(array_agg(m.id ORDER BY m.date_from DESC, m.id DESC))[1:%(newest)s]"
    rows = _ask(
        f"""
        (SELECT mode() WITHIN GROUP (ORDER BY m.place), m.coordinates, count(*), {newest},
          count(*) OVER () FROM {met} AND m.coordinates <> ''
        GROUP BY m.coordinates ORDER BY count(*) DESC, 1, 2 LIMIT %(most)s)
        UNION ALL
        (SELECT m.place, '', count(*), {newest}, 0 FROM {met} AND m.coordinates = ''
        GROUP BY m.place ORDER BY count(*) DESC, 1 LIMIT %(most)s)""",
        values | {"newest": NEWEST, "most": MOST},
    )
    totals = _ask(
        f"SELECT count(*), count(*) FILTER (WHERE m.coordinates <> '') FROM {met}", values
    )
    meetings = Meeting.published.in_bulk([pk for row in rows for pk in row[3]])
    places = [
        Place(name, coordinates, number, [meetings[pk] for pk in pks if pk in meetings])
        for name, coordinates, number, pks, _ in rows
    ]
    return Held(
        [each for each in places if each.coordinates],
        [each for each in places if not each.coordinates],
        max((row[4] for row in rows), default=0),
        *totals[0],
    )


def meetings_at(asked: Asked) -> tuple[list[Meeting], int]:
    """The meetings at the asked coordinates, or without any; the newest first, and how many."""
    where, values = asked.within.meetings("m")
    values["at"] = "" if asked.at == UNPLACED else asked.at
    rows = _ask(
        f"""SELECT m.id, count(*) OVER () FROM negotiations_meeting m
        WHERE m.status = 'published' AND m.state = 'held' AND {where} AND m.coordinates = %(at)s
        ORDER BY m.date_from DESC, m.id DESC LIMIT {PER_PAGE} OFFSET %(passed)s""",
        values | {"passed": (asked.page - 1) * PER_PAGE},
    )
    found = Meeting.published.select_related("process").in_bulk([pk for pk, _ in rows])
    return [found[pk] for pk, _ in rows if pk in found], rows[0][1] if rows else 0


def _ask(sql: str, values: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()
