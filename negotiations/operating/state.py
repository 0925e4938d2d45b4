"""How the site stands, as the doctor, the operators' page and the metrics tell it: each asked one way."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper


def rows(sql: str, values: Any = None, using: BaseDatabaseWrapper | None = None) -> list[Any]:
    with (using or connection).cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


# --- Migrations ---


@lru_cache(maxsize=1)
def migrations_here() -> frozenset[tuple[str, str]]:
    """Those of this version, and of the libraries it uses."""
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    return frozenset(loader.disk_migrations or ())


def migrations_missing(applied: list[tuple[str, str]]) -> list[str]:
    """What this version needs and the database has not had; more than it needs is no trouble."""
    return sorted(f"{app}.{name}" for app, name in migrations_here() - set(applied))


APPLIED = "SELECT app, name FROM django_migrations"

# --- The search index ---

# The triggers write it in the transaction that changes the records, so that it is never behind.
# What differs here was lost otherwise: a restore without it, or triggers that were off.
INDEX = """
SELECT s.kind, s.number, least(coalesce(e.number, 0), coalesce(f.number, 0))
FROM (SELECT kind, count(*) AS number FROM readout_searchable GROUP BY kind) s
LEFT JOIN (SELECT kind, count(*) AS number FROM negotiations_searchentry GROUP BY kind) e USING (kind)
LEFT JOIN (SELECT kind, count(*) AS number FROM negotiations_searchfacets GROUP BY kind) f USING (kind)
ORDER BY kind
"""

# PostgreSQL's own estimate: to count them all would take seconds on a large site.
INDEX_AT_A_GLANCE = r"""
SELECT (SELECT greatest(reltuples, 0)::bigint FROM pg_class
        WHERE oid = 'negotiations_searchentry'::regclass),
       (SELECT count(*) FROM pg_trigger
        WHERE tgname LIKE 'readout\_search\_%' AND tgenabled = 'D' AND NOT tgisinternal)
"""

# --- Tasks and letters ---


@dataclass(frozen=True)
class Outstanding:
    """What is to be done after requests, and what went wrong with it."""

    ready: int
    oldest: dt.datetime | None
    failed: int
    letters: int
    oldest_letter: dt.datetime | None
    given_up: int


def outstanding() -> Outstanding:
    (one,) = rows(
        """
        SELECT t.*, l.* FROM (
          SELECT count(*) FILTER (WHERE due), min(enqueued_at) FILTER (WHERE due),
                 count(*) FILTER (WHERE status = 'FAILED')
          FROM (SELECT *, status = 'READY' AND (run_after <= now() OR run_after >= '9999-01-01') AS due
                FROM django_tasks_database_dbtaskresult) task
        ) t, (
          SELECT count(*) FILTER (WHERE due), min(not_before) FILTER (WHERE due),
                 count(*) FILTER (WHERE given_up)
          FROM (SELECT *, sent_at IS NULL AND NOT given_up AND not_before <= now() AS due
                FROM negotiations_letter) letter
        ) l
        """
    )
    return Outstanding(*one)


# --- Copies of the database, and copies of what is in it ---


@dataclass(frozen=True)
class Replica:
    """Another PostgreSQL that follows ours; `lag` in seconds, None while it does not answer."""

    alias: str
    lag: float | None


LAG = """
SELECT CASE WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
  ELSE coalesce(extract(epoch FROM now() - pg_last_xact_replay_timestamp()), 0) END::float
"""


def replicas() -> list[Replica]:
    """Those in DATABASES besides the first, which REPLICA_URLS names."""
    found = []
    for alias in connections:
        if alias != "default":
            try:
                ((lag,),) = rows(LAG, using=connections[alias])
            except Exception:  # whatever it is, it does not answer
                lag = None
            found.append(Replica(alias, lag))
    return found


def age(moment: dt.datetime) -> float:
    return (timezone.now() - moment).total_seconds()


def datapackage_made() -> dt.datetime | None:
    try:
        return dt.datetime.fromtimestamp(settings.DATAPACKAGE.stat().st_mtime, dt.UTC)
    except OSError:
        return None
