"""Which servers answer, and how far each replica has come: one thread of a web process asks them all.

A replica's lag is the age of the newest position of the primary's log that it is known to have
replayed. So neither clocks nor a primary with nothing to do can mislead, and a replica that has lost its
primary, or was paused, falls behind like any other. While the primary is away no position is newer
than its last one: who has replayed that is as good as can be known.
"""

from __future__ import annotations

import asyncio
import logging
import os
import random
import socket
import threading
import time
from collections import deque
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

import psycopg
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.postgresql.base import DatabaseWrapper

if TYPE_CHECKING:
    from collections.abc import Iterable

logger = logging.getLogger(__name__)
INTERVAL = 0.5  # seconds between two questions to a server
# After so many seconds a server that has not answered is left out. No public page has longer, either.
PATIENCE = 3
# The second column tells a replica from a server of somebody else's.
POSITION = """
SELECT coalesce(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()
  ELSE pg_current_wal_lsn() END, '0/0') - '0/0'::pg_lsn, system_identifier FROM pg_control_system()
"""


class Server:
    """One server, as this process knows it."""

    def __init__(self, alias: str) -> None:
        self.alias = alias
        self.is_replica = alias != DEFAULT_DB_ALIAS
        self.answers: bool | None = None  # None until it was asked
        self.late = self.is_replica  # until it was judged
        self.position = 0
        self.lent: WeakSet[psycopg.Connection] = WeakSet()

    def __str__(self) -> str:
        database = settings.DATABASES[self.alias]
        where = f"{database['HOST'] or 'the local socket'}:{database['PORT'] or 5432}"
        return f"The {'replica' if self.is_replica else 'primary'} at {where}"

    def lost(self, why: str) -> None:
        """Ask it nothing until it answers the watch, and wait for none of its answers."""
        if self.answers is not False:
            logger.warning("%s does not answer (%s); readers go elsewhere.", self, why)
        self.answers = False
        pools = DatabaseWrapper._connection_pools  # type: ignore[attr-defined]
        if pool := pools.pop(self.alias, None):
            threading.Thread(target=pool.close, daemon=True).start()
        if self.is_replica:
            self._hang_up()

    def _hang_up(self) -> None:
        """End the reads that still wait for it, so that they are begun anew elsewhere."""
        for connection in list(self.lent):
            with (
                suppress(psycopg.Error, OSError),
                socket.socket(fileno=os.dup(connection.fileno())) as line,
            ):
                line.shutdown(socket.SHUT_RDWR)


class Watch:
    """The primary, its replicas, and who of them can be read now."""

    def __init__(self, aliases: Iterable[str], most_lag: float) -> None:
        self.primary = Server(DEFAULT_DB_ALIAS)
        self.replicas = [Server(alias) for alias in aliases if alias != DEFAULT_DB_ALIAS]
        self.most_lag = most_lag
        self.site: str | None = None
        # When the primary had reached which position, of a little more time than may pass.
        self.samples: deque[tuple[float, int]] = deque(maxlen=int(most_lag / INTERVAL) + 10)
        self.started = False
        self.over = False
        self._lock = threading.Lock()

    def start(self) -> None:
        with self._lock:
            if not self.started:
                self.started = True
                threading.Thread(target=lambda: asyncio.run(self._watch_all()), daemon=True).start()

    def stop(self) -> None:
        """Ask no more, once the questions at hand are answered."""
        self.over = True

    def to_read(self) -> list[Server]:
        """Where a reader may be answered, best first: a late replica only where nobody else is left."""
        there = [server for server in self.replicas if server.answers]
        fresh = [server for server in there if not server.late]
        random.shuffle(fresh)
        return [*fresh, self.primary, *sorted((s for s in there if s.late), key=self.lag)]

    def lag(self, server: Server) -> float:
        """How many seconds ago, at the primary's last word, what it has replayed was all there was."""
        samples = list(self.samples)
        if not samples:
            return 0 if self.primary.answers is False else float("inf")
        known = (at for at, position in reversed(samples) if position <= server.position)
        return samples[-1][0] - next(known, -float("inf"))

    def note(self, server: Server, asked_at: float, position: int, site: str) -> None:
        """What a server said when asked where it is."""
        if not server.is_replica:
            self.site = site
            self.samples.append((asked_at, position))
        elif self.site and site != self.site:
            server.lost("its data is no copy of the primary's")
            return
        server.position = position
        for each in self.replicas:
            if each.answers or each is server:
                self._judge(each)
        if server.answers is False:
            logger.warning("%s answers again.", server)
        server.answers = True

    def _judge(self, replica: Server) -> None:
        late = self.lag(replica) > self.most_lag
        if late != replica.late:
            told = (
                "more than %s s behind and left out" if late else "less than %s s behind and read"
            )
            logger.warning(f"%s is {told}.", replica, self.most_lag)
        replica.late = late

    async def _watch_all(self) -> None:
        await asyncio.gather(*map(self._watch, [self.primary, *self.replicas]))

    async def _watch(self, server: Server) -> None:
        line: psycopg.AsyncConnection | None = None
        while not self.over:
            asked_at = time.monotonic()
            asking = asyncio.ensure_future(_ask(server, line))
            # Not cancelled after that: it would wait for the server to say that it heard.
            if not (await asyncio.wait({asking}, timeout=PATIENCE))[0]:
                server.lost(f"not within {PATIENCE} s")
            try:
                line, position, site = await asking
                self.note(server, asked_at, position, site)
            except Exception as error:  # whatever it is, the watch goes on
                server.lost(type(error).__name__)
                line = None
            await asyncio.sleep(INTERVAL)
        if line:
            await line.close()


async def _ask(
    server: Server, line: psycopg.AsyncConnection | None
) -> tuple[psycopg.AsyncConnection, int, str]:
    line = line or await psycopg.AsyncConnection.connect(**_parameters(server.alias))
    try:
        row = await (await line.execute(POSITION)).fetchone()
    except psycopg.Error:
        await line.close()
        raise
    assert row  # noqa: S101
    return line, int(row[0]), str(row[1])


def _parameters(alias: str) -> dict[str, Any]:
    """A connection beside the pool, which ends by itself when the server's machine is gone."""
    parameters = connections[alias].get_connection_params()
    for name in ("cursor_factory", "context"):
        parameters.pop(name)
    in_time = {"connect_timeout": PATIENCE, "keepalives_idle": 2, "keepalives_interval": 1}
    return {**in_time, "tcp_user_timeout": 5000, **parameters, "autocommit": True}


@cache
def watch() -> Watch:
    """This process's."""
    return Watch(settings.DATABASES, settings.REPLICA_LAG)
