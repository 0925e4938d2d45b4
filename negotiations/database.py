"""The database as a command finds it: held while the command runs, and fit for Readout."""

from __future__ import annotations

import re
import time
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

import psycopg
from django.conf import settings
from django.db import connections
from django.db import utils as django_errors
from django.db.backends.postgresql.base import DatabaseWrapper

from negotiations.embedded import Server, disk_is_full
from negotiations.errors import DatabaseUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

OLDEST_POSTGRESQL = 15
EXTENSIONS = ("btree_gist", "pg_trgm", "unaccent")
# Any number will do, as long as nothing else in the database takes the same.
SETUP_LOCK = 20250218


@contextmanager
def held() -> Iterator[None]:
    """Have a database that answers until the block ends: the embedded one, or the URL's."""
    folder = settings.EMBEDDED_DATABASE
    with Server(folder) if folder else nullcontext():
        try:
            if not folder:
                connect().close()
            yield
        finally:
            let_go()


def let_go() -> None:
    """Close the connections of this process, those that wait in its pool, too."""
    connections.close_all()
    for wrapper in connections.all():
        if isinstance(wrapper, DatabaseWrapper):
            wrapper.close_pool()


def require_features() -> None:
    """Refuse a server that is too old, or that lacks an extension or a bound that we need."""
    # What wsgi.py asks for, and a pooler refuses.
    asked: dict[str, Any] = {} if settings.POOLED else {"options": "-c statement_timeout=0"}
    with connect(**asked) as server:
        if server.info.server_version < OLDEST_POSTGRESQL * 10_000:
            raise DatabaseUnavailable(
                f"Readout needs PostgreSQL {OLDEST_POSTGRESQL} or newer, and {_where()} runs "
                f"{server.info.server_version // 10_000}. Set DATABASE_URL to a newer server."
            )
        bound = server.execute("SHOW statement_timeout").fetchone()
        if settings.POOLED and bound == ("0",):
            raise DatabaseUnavailable(
                "With READOUT_POOLED=1 it is the pooler that bounds how long a question may take, and "
                f"that of {_where()} does not: a slow page could hold a connection for ever. Add "
                "connect_query='SET statement_timeout = 60000' to it there, then start again."
            )
        known = "SELECT name FROM pg_available_extensions WHERE name = ANY(%s)"
        available = {name for (name,) in server.execute(known, [list(EXTENSIONS)])}
    if missing := [name for name in EXTENSIONS if name not in available]:
        raise DatabaseUnavailable(
            f"PostgreSQL at {_where()} lacks the extension {', '.join(missing)}. Install it there "
            "(on Debian: apt-get install postgresql-contrib), then start again."
        )


@contextmanager
def one_at_a_time(tell: Callable[[str], None]) -> Iterator[None]:
    """Let only one process set the database up. The lock goes with its transaction.

    A lock of the session's would stay behind with a pooler, for the next client. Nobody holds a
    snapshot meanwhile, by a parameter or by waiting: CREATE INDEX CONCURRENTLY would wait for it.
    """
    with connect() as server:
        take, told = f"SELECT pg_try_advisory_xact_lock({SETUP_LOCK})", False
        while server.execute(take).fetchone() == (False,):
            if not told:
                tell("Another Readout is setting the database up; waiting for it.")
            told = True
            time.sleep(0.2)
        yield


def explained(error: Exception) -> str | None:
    """A sentence for those errors of a database that its operator can mend, for others None."""
    cause = error.__cause__ or error
    state = getattr(cause, "sqlstate", None)
    folder = settings.EMBEDDED_DATABASE
    full = isinstance(error, django_errors.Error) and folder and disk_is_full(folder)
    if full or isinstance(cause, psycopg.errors.DiskFull):
        return f"The disk of the database {_where()} is full. Free some space, then start again."
    if isinstance(cause, psycopg.errors.InsufficientPrivilege):
        name, user = (settings.DATABASES["default"][key] for key in ("NAME", "USER"))
        return (
            f"The database refuses ({_reason(cause)}). Make its user the owner: "
            f'ALTER DATABASE "{name}" OWNER TO "{user}".'
        )
    if "unsupported startup parameter" in str(cause):
        return f"{_where()} is a pooler’s, such as pgbouncer. Set READOUT_POOLED=1."
    if isinstance(error, psycopg.OperationalError | django_errors.OperationalError) and not state:
        return f"The database {_where()} does not answer ({_reason(cause)}). {_remedy()}"
    return None


def connect(kind: type[psycopg.Connection] = psycopg.Connection, **more: Any) -> psycopg.Connection:
    """A connection outside the pool, which would try for long before it said why not."""
    parameters = connections["default"].get_connection_params() | more
    for name in ("cursor_factory", "context"):
        parameters.pop(name)
    try:
        return kind.connect(**{"connect_timeout": 5} | parameters)
    except psycopg.OperationalError as error:
        raise DatabaseUnavailable(explained(error)) from error
    except psycopg.ProgrammingError as error:
        raise DatabaseUnavailable(
            f"DATABASE_URL has an option that can't be used ({_reason(error)}). Correct it."
        ) from error


def _where() -> str:
    """Which database is meant, without its password."""
    database = settings.DATABASES["default"]
    port = f":{database['PORT']}" if database["PORT"] else ""
    return f"{database['NAME']} at {database['HOST'] or 'the local socket'}{port}"


def _reason(error: BaseException) -> str:
    """The part of PostgreSQL's message that says why, without what comes before and after."""
    text = str(error).strip()
    found = re.findall(r"FATAL:\s+(.+)", text) or re.findall(r"failed: (.+)", text)
    reason: str = found[-1] if found else text.splitlines()[0] if text else type(error).__name__
    return reason.strip().rstrip(".?")


def _remedy() -> str:
    if settings.EMBEDDED_DATABASE:
        return f"See {settings.EMBEDDED_DATABASE}.log."
    return "Start it, or correct DATABASE_URL."
