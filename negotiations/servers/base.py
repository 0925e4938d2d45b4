"""Django's PostgreSQL engine, whose connection leads to the server that the request at hand reads.

All code says `connection`, or nothing, and means this one: so a request never mixes two servers.
"""

from __future__ import annotations

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.postgresql import base

from negotiations.servers.reading import here


class DatabaseWrapper(base.DatabaseWrapper):
    @property
    def pool(self) -> Any:
        """The pool of the server that is read; a connection goes back to the one it is from."""
        server = here.server
        if server is None or server.alias == self.alias or self.alias != DEFAULT_DB_ALIAS:
            return super().pool
        return connections[server.alias].pool  # type: ignore[attr-defined]

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        server = here.server
        if server is None or self.alias != DEFAULT_DB_ALIAS:
            return super().get_new_connection(conn_params)
        if server.answers is False:
            here.failed = True
            raise self.Database.OperationalError(f"{server} is known not to answer")
        try:
            connection = super().get_new_connection(conn_params)
        except self.Database.OperationalError as error:
            here.failed = True
            server.lost(type(error).__name__)
            raise
        server.lent.add(connection)
        return connection
