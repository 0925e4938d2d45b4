"""What a request or a task has done so far: noted while it works, told once it is done.

Any room may note something; `operating` tells it, as a line of the log and in numbers.
"""

from __future__ import annotations

import logging
import random
import re
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

slow = logging.getLogger("readout.slow")
LONGEST_SQL = 2000
LITERAL = re.compile(r"'(?:[^']|'')*'")


def new_id() -> str:
    # Nothing secret: and to ask the system for chance lets another thread in.
    return f"{random.getrandbits(128):032x}"


@dataclass(slots=True)
class Watch:
    """One request or task, and what it has cost."""

    id: str = field(default_factory=new_id)
    kept: bool | None = None  # True: with a page that was kept; False: with one that is kept now
    queries: int = 0
    waited: float = 0.0  # for the database, in seconds
    match: Any = None  # which view of ours answered it


_current: ContextVar[Watch | None] = ContextVar("watch", default=None)
current = _current.get


@contextmanager
def watched(watch: Watch) -> Iterator[Watch]:
    """Note in this watch what is done until the block ends."""
    before = _current.set(watch)
    try:
        yield watch
    finally:
        _current.reset(before)


def begin(watch: Watch | None) -> None:
    """The same where no block can be put around it: note in this watch until told otherwise."""
    _current.set(watch)


def counted(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
    """Around each query of each connection: counts it, and tells of a slow one, without its values."""
    began = perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        took = perf_counter() - began
        if watch := _current.get():
            watch.queries += 1
            watch.waited += took
        if settings.SLOW and took * 1000 > settings.SLOW:
            fields = {"database_ms": round(took * 1000, 1), "sql": masked(sql)}
            slow.warning(
                "Slow query (%(database_ms)s ms): %(sql)s", fields, extra={"fields": fields}
            )


def masked(sql: Any) -> str:
    """The text of a query on one line, with nothing in it that somebody may have typed."""
    if not isinstance(sql, str):
        return f"({type(sql).__name__})"
    return " ".join(LITERAL.sub("'…'", sql).split())[:LONGEST_SQL]


def watch_connection(connection: Any, **_: Any) -> None:
    """When a connection is made: have its queries counted."""
    if counted not in connection.execute_wrappers:
        connection.execute_wrappers.append(counted)
