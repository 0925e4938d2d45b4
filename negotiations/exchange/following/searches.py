"""What a search newly finds: records by when they were published or corrected, not by when they were said."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import connection

from negotiations.insight.corrections import COLUMNS, as_rows
from negotiations.search import walking
from negotiations.search.entries import Kind, entry_id
from negotiations.search.trips import array

if TYPE_CHECKING:
    import datetime as dt

    from negotiations.models import Record
    from negotiations.search.asking import Ask
    from negotiations.search.cards import Card

RECENT = 1000  # of the latest changes, so many are looked through for what the search finds
KINDS = {"openmatter" if kind == Kind.OPEN_MATTER else kind.name.lower(): kind for kind in Kind}
NAMES = {kind: name for name, kind in KINDS.items()}


def newest(ask: Ask, most: int) -> list[tuple[dt.datetime, Card]]:
    """What a search finds, the last published or corrected first, each with that moment.

    Where fewer are among the latest changes, those with the newest dates follow.
    """
    found = newly_found(ask, most)
    if len(found) < most:
        known = {card.id for _, card in found}
        more = [c for c in chain.from_iterable(walking.stream(ask, most=most)) if c.id not in known]
        found += _with_moments(more)
    return sorted(found, key=lambda pair: pair[0], reverse=True)[:most]


def newly_found(ask: Ask, most: int) -> list[tuple[dt.datetime, Card]]:
    """Of the latest changes the records that the search finds, the last changed first."""
    moments: dict[int, dt.datetime] = {}
    for row in _latest():
        moments.setdefault(_entry(row), row[0])
    cards = _found(ask, list(moments))
    found = [(moments[card.id], card) for card in cards]
    return sorted(found, key=lambda pair: pair[0], reverse=True)[:most]


def changes_found(ask: Ask, most: int, since: dt.datetime, until: dt.datetime) -> list[Any]:
    """The changes after `since` and up to `until` to what the search finds, as rows, the newest first.

    However many changes there were, none is passed over.
    """
    found: list[Any] = []
    before = None
    while len(found) < most and (rows := _latest(since, until, before)):
        ids = {card.id for card in _found(ask, [_entry(row) for row in rows])}
        found += [row for row in rows if _entry(row) in ids]
        before = rows[-1][:2]
    return found[:most]


def _entry(row: Any) -> int:
    return entry_id(KINDS[row[3]], row[4])


def _found(ask: Ask, ids: list[int]) -> list[Card]:
    """Those of these entries that the search finds."""
    ask.conditions.append(("id = ANY (%s::bigint[])", [array(ids)]))
    try:
        return list(chain.from_iterable(walking.stream(ask))) if ids else []
    finally:
        ask.conditions.pop()


def _latest(
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
    before: tuple[dt.datetime, int] | None = None,
) -> list[Any]:
    """The latest publications and corrections of what searches find, after and before a place."""
    within = "".join(
        sql
        for sql, asked in (
            (" AND at > %(since)s", since),
            (" AND at <= %(until)s", until),
            (" AND (at, id) < (%(at)s, %(id)s)", before),
        )
        if asked
    )
    at, number = before or (None, None)
    each = " UNION ALL ".join(
        f"(SELECT * FROM negotiations_correction WHERE shown AND what = '{what}'"
        f" AND kind = ANY (%(kinds)s){within} ORDER BY at DESC, id DESC LIMIT {RECENT})"
        for what in ("published", "corrected")
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT {", ".join(f"n.{column}" for column in COLUMNS)}, c.metadata->>'public_reason'
            FROM ({each}) n LEFT JOIN pghistory_context c ON c.id = n.context_id
            ORDER BY n.at DESC, n.id DESC LIMIT {RECENT}""",
            {"kinds": list(KINDS), "since": since, "until": until, "at": at, "id": number},
        )
        return as_rows(cursor.fetchall())


def _with_moments(cards: list[Card]) -> list[tuple[dt.datetime, Card]]:
    """When each was published or corrected last; for what no change was noted of, changed at all."""
    numbers: dict[str, list[int]] = {}
    for card in cards:
        numbers.setdefault(NAMES[card.kind], []).append(card.pk)
    moments = {}
    for name, pks in numbers.items():
        model: type[Record] = apps.get_model("negotiations", name)
        for pk, at in model.published.filter(pk__in=pks).values_list("pk", "updated_at"):
            moments[name, pk] = at
    pairs = [(name, pk) for name, pks in numbers.items() for pk in pks]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, record_id, max(at) FROM negotiations_correction"
            " JOIN unnest(%s::text[], %s::bigint[]) w(kind, record_id) USING (kind, record_id)"
            " WHERE shown AND what <> 'withdrawn' GROUP BY kind, record_id",
            [[name for name, _ in pairs], [pk for _, pk in pairs]],
        )
        moments |= {(name, pk): at for name, pk, at in cursor.fetchall()}
    known = ((moments.get((NAMES[card.kind], card.pk)), card) for card in cards)
    return [(at, card) for at, card in known if at]
