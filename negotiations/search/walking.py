"""Matches in the order of dates, one page after another: for what is read to its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection

from negotiations.search import cards
from negotiations.search.entries import TABLE, Kind
from negotiations.search.spread import of_records
from negotiations.search.trips import answers

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from negotiations.search.asking import Ask, Condition
    from negotiations.search.cards import Card

    Place = tuple[dt.date, int]


def stream(ask: Ask, batch: int = 500, most: int | None = None) -> Iterator[list[Card]]:
    """All that is asked for, the newest first, a batch of cards at a time: for feeds and downloads."""
    after, sent = ask.after, 0
    while True:
        size = min(batch, most - sent) if most else batch
        ids = [pk for pk, _ in walk(ask, after, size)]
        if ids:
            found, _ = cards.cards(ask, ids)
            yield found
            after, sent = (found[-1].sort_date, found[-1].id), sent + len(found)
        if len(ids) < size or sent == most:
            return


def walk(ask: Ask, after: Place | None, size: int) -> list[tuple[int, dt.date]]:
    """The next entries by date, with their days: for the pages after the first, API and downloads.

    They are met one by one in the order of dates, where so many will be met before all matches could
    have been read; else, or if they lie farther than was to be expected, all are read and sorted.
    """
    nearly_all = _is_nearly_all(ask)
    matching = _nearly_all(ask) if nearly_all else ask.matching()
    where, values = with_dates(ask, matching)
    way, beyond = direction(ask)
    place = f"(sort_date, id) {beyond} (%s, %s)" if after else "true"
    order = f"ORDER BY sort_date {way}, id {way} LIMIT"
    rows: list[tuple[int, dt.date]] = []
    if nearly_all:
        return _rows(f"{TABLE} WHERE {where} AND {place} {order} {size}", [*values, *(after or ())])
    (matches,) = estimated(matching)
    far = 2 * size * of_records().total // max(matches, 1)
    if far < matches:
        met = f"(SELECT id, sort_date, vector, date_from, date_until, kind, record_id FROM {TABLE} WHERE {place} {order} {far}) e"
        rows = _rows(f"{met} WHERE {where} {order} {size}", [*(after or ()), *values])
    if len(rows) < size:
        matched = f"(SELECT id, sort_date FROM {TABLE} WHERE {where} OFFSET 0) e"
        rows = _rows(f"{matched} WHERE {place} {order} {size}", [*values, *(after or ())])
    return rows


def _rows(source: str, values: list[Any]) -> list[tuple[int, dt.date]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, sort_date FROM {source}", values)
        return cursor.fetchall()


def _is_nearly_all(ask: Ask) -> bool:
    """Is nothing asked for by which fewer than most records would match?"""
    narrowed = ask.words or ask.codes or ask.conditions or ask.demonstration
    return not narrowed and ask.kind in (None, Kind.STATEMENT)


def _nearly_all(ask: Ask) -> Condition:
    """The same as `ask.matching()`, where most records match: without a look at each one's words."""
    kind = f"kind = {ask.kind}" if ask.kind else "true"
    if not ask.kept_apart:
        return kind, []
    return f"{kind} AND vector @@ %s::tsquery", [ask.kept_apart]


def estimated(*matching: Condition) -> list[int]:
    """How many records the planner expects of each, from its statistics of lexemes."""
    spread = of_records()
    reckoned = [spread.matching(values[0]) if values else None for _, values in matching]
    explained = answers(
        *(
            (f"EXPLAIN (FORMAT JSON) SELECT FROM {TABLE} WHERE {sql}", values)
            for (sql, values), known in zip(matching, reckoned, strict=True)
            if known is None
        )
    )
    asked = (int(rows[0][0][0]["Plan"]["Plan Rows"]) for rows in explained)
    return [next(asked) if known is None else known for known in reckoned]


def with_dates(ask: Ask, matching: Condition) -> Condition:
    """The same with the dates."""
    parts, values = zip(matching, *ask.conditions, strict=True)
    return " AND ".join(parts), [value for each in values for value in each]


def direction(ask: Ask) -> tuple[str, str]:
    return ("ASC", ">") if ask.sort == "oldest" else ("DESC", "<")
