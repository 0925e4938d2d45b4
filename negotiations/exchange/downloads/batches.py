"""All that a search or list finds, some thousand records at a time, in bounded memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from negotiations.search import walking

if TYPE_CHECKING:
    from collections.abc import Iterator

    from negotiations.exchange.records.resources import Resource
    from negotiations.search.asking import Ask

SIZE = 2000


def batches(ask: Ask, resource: Resource) -> Iterator[list[int]]:
    """The numbers of the records (of the index's rows, for results of all kinds), by date.

    Each batch begins where the one before ended, so that no snapshot and, between them, no
    connection is held for as long as somebody takes to download.
    """
    after = ask.after
    while rows := walking.walk(ask, after, SIZE):
        yield [pk if resource.types else pk >> 4 for pk, _ in rows]
        if not connection.in_atomic_block:
            connection.close()  # which gives it back to the pool
        if len(rows) < SIZE:
            return
        pk, day = rows[-1]
        after = day, pk
