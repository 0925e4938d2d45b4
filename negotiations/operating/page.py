"""/admin/operating/: how the installation stands, for administrators."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING, Any

import django
from django.conf import settings
from django.db import Error, connection, transaction
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe
from django_tasks_db.models import DBTaskResult

from negotiations import __version__
from negotiations.editing.accounts.users import may_administer
from negotiations.editing.pages import TOOLS, Tool, at_the_desk, desk_page
from negotiations.operating import metrics, state
from negotiations.operating.logs import safe
from negotiations.upkeep.backups import last_backup
from negotiations.watching import masked

if TYPE_CHECKING:
    import uuid

    from django.http import HttpRequest, HttpResponse

MOST_TABLES, MOST_TASKS, MOST_QUERIES = 12, 50, 10
TOOLS += [
    Tool(
        "/admin/operating/",
        "Operating",
        "How the installation stands: database, tasks, backup.",
        may_administer,
    )
]

TABLES = f"""
SELECT c.relname, greatest(c.reltuples, 0)::bigint, pg_table_size(c.oid),
       pg_indexes_size(c.oid), pg_total_relation_size(c.oid), greatest(s.last_vacuum, s.last_autovacuum)
FROM pg_class c LEFT JOIN pg_stat_user_tables s ON s.relid = c.oid
WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace
ORDER BY pg_total_relation_size(c.oid) DESC, c.relname LIMIT {MOST_TABLES}
"""  # noqa: S608
SERVER = """
SELECT current_setting('server_version'), pg_database_size(current_database()),
       current_setting('max_connections')::int, pg_postmaster_start_time(),
       (SELECT count(*) FROM pg_index WHERE NOT indisvalid),
       (SELECT setting FROM pg_settings WHERE name = 'shared_preload_libraries')
"""
CONNECTIONS = """
SELECT coalesce(state, 'background'), count(*),
       coalesce(extract(epoch FROM max(now() - xact_start)), 0)::float
FROM pg_stat_activity WHERE datname = current_database() GROUP BY 1 ORDER BY 1
"""
SLOW = f"""
SELECT query, calls, mean_exec_time, max_exec_time FROM pg_stat_statements
WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
ORDER BY total_exec_time DESC LIMIT {MOST_QUERIES}
"""  # noqa: S608


@at_the_desk(may_administer)
@require_safe
def operating(request: HttpRequest) -> HttpResponse:
    """/admin/operating/"""
    version, size, most, since, invalid, _ = state.rows(SERVER)[0]
    entries, off = state.rows(state.INDEX_AT_A_GLANCE)[0]
    kept, pages = metrics.hit_rate()
    context = {
        "title": "Operating",
        "versions": [
            ("Readout", __version__),
            ("Python", platform.python_version()),
            ("Django", django.get_version()),
            ("PostgreSQL", version),
        ],
        "database": {"size": size, "most": most, "since": since},
        "missing": state.migrations_missing(state.rows(state.APPLIED)),
        "tables": state.rows(TABLES),
        "index": {"entries": entries, "off": off, "invalid": invalid},
        "connections": state.rows(CONNECTIONS),
        "queries": slow_queries(),
        "slow": settings.SLOW,
        "todo": state.outstanding(),
        "failed": DBTaskResult.objects.failed().order_by("-finished_at")[:MOST_TASKS],
        "backup": last_backup(),
        "package": state.datapackage_made(),
        "kept": {"kept": kept, "pages": pages, "rate": 100 * kept / pages if pages else None},
        "replicas": state.replicas(),
    }
    return desk_page(request, "operating", context)


@at_the_desk(may_administer)
@require_safe
def failed_task(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """/admin/operating/tasks/<id>/: why it failed. What it was given is not shown."""
    task = get_object_or_404(DBTaskResult.objects.failed(), pk=pk)
    context = {"title": "A task that failed", "task": task, "traceback": safe(task.traceback)}
    return desk_page(request, "failed_task", context)


def slow_queries() -> list[dict[str, Any]] | None:
    """What took the database longest in all, if it keeps count (pg_stat_statements); None if not."""
    ((counts,),) = state.rows(
        "SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_stat_statements')"
    )
    if not counts:
        return None
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(SLOW)
            found = cursor.fetchall()
    except Error:  # it is there, but not loaded at the server's start
        return None
    return [
        {"sql": masked(sql)[:300], "calls": calls, "mean": mean, "most": most}
        for sql, calls, mean, most in found
    ]
