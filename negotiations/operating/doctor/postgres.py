"""The database: is it one that Readout can use, and as it should be set?"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection

from negotiations.database import EXTENSIONS, OLDEST_POSTGRESQL
from negotiations.operating import state
from negotiations.operating.doctor.findings import BROKEN, CONCERN, WELL, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

APART, TOO_FAR_APART = 2, 30  # seconds; the codes of authenticator apps change every 30
SPARE = 8  # connections for commands, backups and whoever looks into the database


def value(sql: str) -> str:
    return str(state.rows(sql)[0][0])


def version() -> Iterator[Finding]:
    number, text = state.rows(
        "SELECT current_setting('server_version_num')::int, current_setting('server_version')"
    )[0]
    if number < OLDEST_POSTGRESQL * 10_000:
        says = f"PostgreSQL {text} is too old"
        yield Finding("version", says, BROKEN, f"Upgrade it to {OLDEST_POSTGRESQL} or newer.")
    else:
        yield Finding("version", f"PostgreSQL {text}")


def extensions() -> Iterator[Finding]:
    there = {name for (name,) in state.rows("SELECT extname FROM pg_extension")}
    known = {name for (name,) in state.rows("SELECT name FROM pg_available_extensions")}
    for name in EXTENSIONS:
        if name not in known:
            what = "Install it there (on Debian: apt-get install postgresql-contrib)."
            yield Finding("extensions", f"the server lacks {name}", BROKEN, what)
        elif name not in there:
            what = "Run `manage.py migrate`."
            yield Finding("extensions", f"{name} is not in this database", BROKEN, what)
    if set(EXTENSIONS) <= there:
        yield Finding("extensions", ", ".join(EXTENSIONS))


def role() -> Iterator[Finding]:
    owns, superuser, creates, name, base = state.rows(
        """
        SELECT pg_has_role(d.datdba, 'USAGE'), r.rolsuper,
               has_schema_privilege(current_schema(), 'CREATE'), r.rolname, d.datname
        FROM pg_database d, pg_roles r
        WHERE d.datname = current_database() AND r.rolname = current_user
        """
    )[0]
    if not creates:
        grant = f'Make it the owner: ALTER DATABASE "{base}" OWNER TO "{name}".'
        yield Finding("role", f"{name} may make no tables in {base}", BROKEN, grant)
    elif superuser and not settings.EMBEDDED_DATABASE:
        grant = "Give Readout a role of its own that owns its database and no more."
        yield Finding("role", f"{name} is a superuser", CONCERN, grant)
    elif not owns:
        grant = f'Upgrades may need more: ALTER DATABASE "{base}" OWNER TO "{name}".'
        yield Finding("role", f"{name} does not own {base}", CONCERN, grant)
    else:
        yield Finding("role", f"{name} owns {base}")


def letters() -> Iterator[Finding]:
    """Encoding and collation: the first must be, the second must not have changed underneath."""
    encoding = value("SHOW server_encoding")
    if encoding != "UTF8":
        what = "Make it anew: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0."
        yield Finding("encoding", encoding, BROKEN, what)
    made, now, collation = state.rows(
        """
        SELECT datcollversion, pg_database_collation_actual_version(oid), datcollate
        FROM pg_database WHERE datname = current_database()
        """
    )[0]
    if made and now and made != now:
        yield Finding(
            "collation",
            f"{collation} sorts otherwise than when the database was made ({made}, now {now})",
            BROKEN,
            "Indexes may miss rows: REINDEX DATABASE, then ALTER DATABASE … REFRESH COLLATION VERSION.",
        )
    elif encoding == "UTF8":
        yield Finding("encoding", f"UTF8, {collation}")


def clock() -> Iterator[Finding]:
    before = time.time()
    ((theirs,),) = state.rows("SELECT extract(epoch FROM clock_timestamp())::float")
    apart = theirs - (before + time.time()) / 2
    says = f"{apart:+.1f} s at the database"
    what = "Have both machines' clocks set by NTP (timedatectl set-ntp true)."
    well = BROKEN if abs(apart) > TOO_FAR_APART else CONCERN if abs(apart) > APART else WELL
    yield Finding("clock", says, well, what if well != WELL else "")


def connections() -> Iterator[Finding]:
    """Can all workers have all their connections at once?"""
    most, reserved, used = state.rows(
        """
        SELECT current_setting('max_connections')::int,
               current_setting('superuser_reserved_connections')::int,
               (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend')
        """
    )[0]
    pool = settings.DATABASES["default"]["OPTIONS"].get("pool")
    each = pool["max_size"] if isinstance(pool, dict) else 1
    workers = min(os.cpu_count() or 1, 4)
    free, wanted = most - reserved, workers * each + SPARE
    says = f"{used} of {most} used; {workers} workers may take {workers * each}"
    if free < each:
        yield Finding("connections", says, BROKEN, f"Set max_connections to {wanted + reserved}.")
    elif free < wanted:
        yield Finding("connections", says, CONCERN, f"Set max_connections to {wanted + reserved}.")
    else:
        yield Finding("connections", says)


def time_outs() -> Iterator[Finding]:
    """A bound for who waits on a forgotten transaction; none for commands that take long."""
    wanting = []
    idle, statement = state.rows(
        """
        SELECT current_setting('idle_in_transaction_session_timeout'),
               (SELECT setting::int FROM pg_settings WHERE name = 'statement_timeout')
        """
    )[0]
    if idle == "0" and not settings.EMBEDDED_DATABASE:
        wanting.append(
            "Bound forgotten transactions: ALTER ROLE … SET idle_in_transaction_session_timeout = '5min'."
        )
    if statement and statement < 60_000:
        wanting.append(
            f"The role's statement_timeout of {statement} ms would end backups and rebuilds: "
            "ALTER ROLE … RESET statement_timeout. Pages have one of their own."
        )
    for what in wanting:
        yield Finding("time-outs", "not as they should be", CONCERN, what)
    if not wanting:
        yield Finding("time-outs", f"idle in a transaction: {idle if idle != '0' else 'none'}")


def migrations() -> Iterator[Finding]:
    if "django_migrations" not in connection.introspection.table_names():
        yield Finding(
            "migrations",
            "none is applied",
            BROKEN,
            "Run `manage.py migrate`, or `manage.py serve`.",
        )
        return
    missing = state.migrations_missing(state.rows(state.APPLIED))
    if missing:
        says = f"{len(missing)} are not applied ({missing[0]} …)"
        yield Finding("migrations", says, BROKEN, "Run `manage.py migrate`.")
    else:
        yield Finding("migrations", "all applied")


LOOKS = (
    *(version, extensions, role, letters, clock, connections, time_outs, migrations),
)  # fmt: skip
