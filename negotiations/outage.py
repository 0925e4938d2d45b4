"""A database out of reach: noticed once, then nobody waits for it but one thread, which asks.

Nothing here knows whose database it is: a process has one Outage, and what it learns is its own. Where
there are replicas, the servers are watched instead (servers/watching.py).
"""

from __future__ import annotations

import logging
import os
import socket
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import psycopg
from django.db import connection
from psycopg.errors import _WaitTimeout
from psycopg_pool import PoolTimeout

from negotiations import database
from negotiations.errors import DatabaseUnavailable
from negotiations.servers.reading import here

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psycopg.abc import PQGen

logger = logging.getLogger(__name__)
EVERY = 0.5  # seconds between two tries to reach it
CONNECTING = 2  # seconds until a try to connect has failed
LOST = ("08", "57P01", "57P02", "57P03")  # what a server says that goes down or comes up


class NoAnswer(psycopg.OperationalError):
    """The server took a question and said nothing, not even that it took too long."""


class BoundedConnection(psycopg.Connection[Any]):
    """One on which nobody waits for ever: a server that hangs does not keep its own time-outs."""

    patience = 4.0  # seconds: more than the LONGEST that wsgi.py tells the server

    def wait[RV](self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        _waiting[id(self)] = self
        try:
            return super().wait(gen, interval, timeout or self.patience)
        except _WaitTimeout as error:
            self.pgconn.finish()  # its answer may still come, and belongs to nobody
            raise NoAnswer(f"no answer for {self.patience:g} seconds") from error
        finally:
            del _waiting[id(self)]


_waiting: dict[int, BoundedConnection] = {}


def _cut_off() -> None:
    """End the waiting of all: an editor's patience is a minute, and this server says nothing to anybody."""
    for each in list(_waiting.values()):
        with suppress(OSError), socket.socket(fileno=os.dup(each.pgconn.socket)) as way:
            way.shutdown(socket.SHUT_RDWR)


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """Wait as long, and no longer, for each answer in this block."""
    connection.ensure_connection()
    raw: Any = connection.connection
    if not isinstance(raw, BoundedConnection):
        yield
        return
    before = raw.patience
    raw.patience = seconds
    try:
        yield
    finally:
        if connection.connection is raw:  # else it has gone, or is another request's
            raw.patience = before


def still_open(waiting: Any) -> None:
    """The pool's check, before each use: of one that the server has closed, the end is there to read.

    It asks the server nothing. A restart that closed one connection has closed all that wait.
    """
    waiting.__dict__.pop("patience", None)  # that of who had it last
    try:
        for _ in range(2):  # its last words, and then the end
            waiting.pgconn.consume_input()
    except psycopg.OperationalError:
        waiting.close()
        waiting._pool.drain()
        raise


def is_broken(error: BaseException) -> bool:
    """Whether the connection is lost, and another one may do better."""
    cause = error.__cause__ or error
    state: str | None = getattr(cause, "sqlstate", None)
    if state is None:
        return isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError)
    return state.startswith(LOST)


class Outage:
    """Whether this process knows its database to be out of reach."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.is_on = False

    def notice(self, error: BaseException) -> bool:
        """Whether this error is an outage; if so, it lasts until the database answers again."""
        cause = error.__cause__ or error
        if here.server is not None or not isinstance(cause, PoolTimeout | NoAnswer):
            return False
        with self.lock:
            if not self.is_on:
                self.is_on = True
                logger.error("The database is out of reach: %s", error)
                hangs = isinstance(cause, NoAnswer)
                threading.Thread(target=self._watch, args=(hangs,), daemon=True).start()
        return True

    def _watch(self, hangs: bool) -> None:
        pause = threading.Event()
        while not _answers():
            if hangs:
                _cut_off()
            pause.wait(EVERY)
        self.is_on = False
        logger.warning("The database answers again.")


def _answers() -> bool:
    try:
        with database.connect(BoundedConnection) as server:
            server.execute("SELECT 1")
    except (DatabaseUnavailable, psycopg.Error):
        return False
    return True


outage = Outage()
