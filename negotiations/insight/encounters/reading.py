"""Who met whom, counted in SQL: pairs by the held meetings at which both sat at the table."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db import connection
from django.urls import reverse

from negotiations.insight.encounters.asking import Asked, Of

PER_PAGE = 50


class Node(NamedTuple):
    """A person or party; `party` and `mark` are of the side at which it sat most often."""

    pk: int
    name: str
    slug: str
    url: str
    party: str
    mark: str


class Pair(NamedTuple):
    """Two that met, at so many meetings, which are at `url`."""

    one: Node
    other: Node
    meetings: int
    url: str

    def without(self, pk: int) -> Node:
        """The one of the two that is not this one."""
        return self.other if self.one.pk == pk else self.one


class Encounters(NamedTuple):
    """Some pairs, those that met most first; and of how many, with how many at how many tables."""

    pairs: list[Pair]
    number: int  # of pairs
    who: int
    meetings: int


# What differs between people and parties: who sits there, and its table.
SEATS = {
    Of.PEOPLE: "JOIN negotiations_delegate e ON e.delegation_id = d.id AND e.status = 'published'",
    Of.PARTIES: "",
}
PARTNERS = {
    Of.PEOPLE: "SELECT x.meeting_id FROM negotiations_delegate x WHERE x.person_id",
    Of.PARTIES: "SELECT x.meeting_id FROM negotiations_delegation x WHERE x.party_id",
}
WHO = {Of.PEOPLE: "e.person_id", Of.PARTIES: "d.party_id"}
TABLE = {Of.PEOPLE: "negotiations_person", Of.PARTIES: "negotiations_party"}
SORTED = {Of.PEOPLE: "sort_name", Of.PARTIES: "name"}


def encounters(asked: Asked, most: int = PER_PAGE) -> Encounters:
    """The pairs on the asked page, with `most` pairs on a page."""
    seats, values = _seats(asked)
    partner = "true"
    if asked.partner:
        partner = "%(partner)s IN (a.who, b.who)"
    table, by = TABLE[asked.of], SORTED[asked.of]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH seat AS MATERIALIZED ({seats}),
            home AS (
              SELECT DISTINCT ON (who) who, side FROM seat
              GROUP BY who, side ORDER BY who, count(*) DESC, side),
            met AS (
              SELECT a.who AS one, b.who AS other, count(*) AS meetings
              FROM seat a JOIN seat b ON b.meeting = a.meeting AND b.who > a.who
              WHERE {_counts(asked)} AND {partner} GROUP BY 1, 2)
            SELECT met.meetings, count(*) OVER (), one.id, one.name, one.slug, y.name, y.mark,
              other.id, other.name, other.slug, z.name, z.mark
            FROM met
            JOIN {table} one ON one.id = met.one JOIN {table} other ON other.id = met.other
            JOIN home h ON h.who = met.one JOIN negotiations_party y ON y.id = h.side
            JOIN home g ON g.who = met.other JOIN negotiations_party z ON z.id = g.side
            ORDER BY met.meetings DESC, least(one.{by}, other.{by}), greatest(one.{by}, other.{by}),
              one.slug, other.slug
            LIMIT %(most)s OFFSET %(passed)s""",
            values | {"most": most, "passed": (asked.page - 1) * PER_PAGE},
        )
        rows = cursor.fetchall()
        cursor.execute(
            f"SELECT count(DISTINCT who), count(DISTINCT meeting) FROM ({seats}) s", values
        )
        who, meetings = cursor.fetchone()
    pairs = [_pair(asked, row) for row in rows]
    return Encounters(pairs, rows[0][1] if rows else 0, who, meetings)


def shared_meetings(asked: Asked, one: int, other: int) -> list[int]:
    """The numbers of the meetings at which these two met, the newest first."""
    seats, values = _seats(asked)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH seat AS ({seats} AND {WHO[asked.of]} IN (%(one)s, %(other)s))
            SELECT a.meeting FROM seat a JOIN seat b ON b.meeting = a.meeting
            JOIN negotiations_meeting m ON m.id = a.meeting
            WHERE a.who = %(one)s AND b.who = %(other)s AND {_counts(asked)}
            ORDER BY m.date_from DESC, m.title, m.id""",
            values | {"one": one, "other": other},
        )
        return [pk for (pk,) in cursor.fetchall()]


def _seats(asked: Asked) -> tuple[str, dict[str, Any]]:
    """SQL for (meeting, side, who): everybody public at the tables of held meetings."""
    where, values = asked.within.meetings("m")
    if asked.partner:
        values["partner"] = asked.partner.pk
        where += f" AND m.id IN ({PARTNERS[asked.of]} = %(partner)s AND x.status = 'published')"
    seats = f"""
      SELECT m.id AS meeting, d.party_id AS side, {WHO[asked.of]} AS who
      FROM negotiations_meeting m
      JOIN negotiations_delegation d ON d.meeting_id = m.id AND d.status = 'published'
      {SEATS[asked.of]}
      WHERE m.status = 'published' AND m.state = 'held' AND {where}"""
    return seats, values


def _counts(asked: Asked) -> str:
    return "true" if asked.within_sides else "a.side <> b.side"


def _pair(asked: Asked, row: tuple[Any, ...]) -> Pair:
    one, other = (_node(asked.of, *row[at : at + 5]) for at in (2, 7))
    if other.name < one.name:
        one, other = other, one
    first, second = sorted((one.slug, other.slug))
    address = asked.within.address(sides="all" if asked.within_sides else "")
    return Pair(
        one, other, row[0], reverse("shared", args=[asked.of.value, first, second]) + address
    )


def _node(of: Of, pk: int, name: str, slug: str, party: str, mark: str) -> Node:
    url = reverse("person" if of == Of.PEOPLE else "party", args=[slug])
    return Node(pk, name, slug, url, party, mark)
