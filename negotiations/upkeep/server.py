"""The PostgreSQL server as backup and restore need it: databases made, dropped and put in place."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg
from django.db import connections
from psycopg import sql
from psycopg.conninfo import make_conninfo
from psycopg.pq import Conninfo

from negotiations import database
from negotiations.errors import CannotRun, DatabaseUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

# Any number will do, as long as nothing else in the database "postgres" takes the same.
UPKEEP_LOCK = 20250219
LONGEST_NAME = 63
TRIES = 20


def site() -> str:
    """The name of the site's database."""
    return str(connections["default"].settings_dict["NAME"])


def _parameters(name: str) -> dict[str, Any]:
    """How a database of that name is reached, in libpq's words, password included."""
    known = {option.keyword.decode() for option in Conninfo.get_defaults()}
    parameters = connections["default"].get_connection_params()
    kept = {key: value for key, value in parameters.items() if key in known and value}
    # Nothing of what is kept may depend on how the site talks to its database.
    kept.pop("client_encoding", None)
    return {"connect_timeout": 10} | kept | {"dbname": name}


def without_password(name: str) -> tuple[str, dict[str, str]]:
    """For PostgreSQL's programs: what may stand on a command line, and the environment for the rest."""
    parameters = _parameters(name)
    password = parameters.pop("password", None)
    return make_conninfo(**parameters), {"PGPASSWORD": password} if password else {}


def connect(name: str) -> psycopg.Connection:
    """A connection of its own to that database, outside the site's pool."""
    try:
        return psycopg.connect(**_parameters(name))
    except psycopg.OperationalError as error:
        raise DatabaseUnavailable(database.explained(error) or str(error)) from error


@contextmanager
def taken() -> Iterator[psycopg.Connection]:
    """The server, from its database "postgres", for one backup or restore of the site at a time."""
    with connect("postgres") as server:
        server.autocommit = True
        lock = "SELECT pg_try_advisory_lock(%s, hashtext(%s))"
        if server.execute(lock, [UPKEEP_LOCK, site()]).fetchone() != (True,):
            raise CannotRun("Another backup or restore is running here. Wait until it has ended.")
        yield server


def exists(server: psycopg.Connection, name: str) -> bool:
    known = "SELECT FROM pg_database WHERE datname = %s"
    return server.execute(known, [name]).fetchone() is not None


def beside(name: str, what: str) -> str:
    """The name of a database beside this one."""
    return f"{name[: LONGEST_NAME - len(what) - 1]}_{what}"


def make(server: psycopg.Connection, name: str, like: str) -> None:
    """Make an empty database that sorts words as `like` does; one left by a killed run goes first."""
    drop(server, name)
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name))
    locale = "datlocale" if server.info.server_version >= 170_000 else "daticulocale"
    asked = sql.SQL(
        "SELECT pg_encoding_to_char(encoding), datcollate, datctype, datlocprovider::text, {}"
        " FROM pg_database WHERE datname = %s"
    ).format(sql.Identifier(locale))
    if found := server.execute(asked, [like]).fetchone():
        encoding, collate, ctype, provider, own = found
        statement += sql.SQL(" ENCODING {} LC_COLLATE {} LC_CTYPE {} LOCALE_PROVIDER {}").format(
            sql.Literal(encoding),
            sql.Literal(collate),
            sql.Literal(ctype),
            sql.SQL({"c": "libc", "i": "icu", "b": "builtin"}[provider]),
        )
        if own:
            kind = "ICU_LOCALE" if provider == "i" else "BUILTIN_LOCALE"
            statement += sql.SQL(f" {kind} {{}}").format(sql.Literal(own))
    try:
        server.execute(statement)
    except psycopg.errors.InsufficientPrivilege as error:
        raise CannotRun(
            f"The database's user may not make databases, and one is needed beside {like}. "
            f'Let it: ALTER ROLE "{server.info.user}" CREATEDB.'
        ) from error


def drop(server: psycopg.Connection, name: str) -> None:
    _send_away(server, name)
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


def _send_away(server: psycopg.Connection, *names: str) -> None:
    """End the sessions there that are ours to end; PostgreSQL itself ends its own when it must."""
    server.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ANY(%s)"
        " AND backend_type = 'client backend' AND pg_has_role(usesysid, 'MEMBER')",
        [list(names)],
    )


def put_in_place(server: psycopg.Connection, new: str, name: str, old: str) -> None:
    """Give the database `new` the name `name`, and what had that name the name `old`, in one act."""
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    for tries_left in reversed(range(TRIES)):
        _send_away(server, new, name)
        try:
            with server.transaction():
                if exists(server, name):
                    server.execute(rename.format(sql.Identifier(name), sql.Identifier(old)))
                server.execute(rename.format(sql.Identifier(new), sql.Identifier(name)))
        except psycopg.errors.ObjectInUse as error:
            # A running site was quick to connect again; PostgreSQL lets nobody in once it renames.
            if not tries_left:
                raise CannotRun(
                    f"Others are using {name} again and again. Stop the site, then restore."
                ) from error
        else:
            return
