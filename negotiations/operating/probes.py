"""Answers for machines that watch this one: is it alive, can it serve, and how does it stand?

They ask each machine by its own address, without HTTPS, so these come before what looks at host names
and redirects. They say nothing that readers could not find out, or ask for a token.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
from django.conf import settings
from django.db import Error, connection
from django.http import HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4
from psycopg_pool import PoolTimeout

from negotiations.operating import metrics, state

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

PATIENCE = 2.0  # seconds in which the database must answer
METHODS = ("GET", "HEAD")


class Probes:
    """Middleware, the first of all."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.answers = {"/health/live": live, "/health/ready": ready, "/metrics": measured}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.answers.get(request.path_info)
        if answer is None or (answer is measured and not settings.METRICS_TOKEN):
            return self.get_response(request)
        if request.method in METHODS:
            response = answer(request)
        else:
            response = HttpResponse(status=405, headers={"Allow": ", ".join(METHODS)})
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex"
        return response


def live(request: HttpRequest) -> HttpResponse:
    """/health/live: this process answers. Asks nobody: who is dead without a database is not dead."""
    return JsonResponse({"status": "live"})


def ready(request: HttpRequest) -> HttpResponse:
    """/health/ready: this process can serve pages from a database that this version understands."""
    found: dict[str, Any] = {"status": "ready", "database": "answers", "migrations": "applied"}
    try:
        if state.migrations_missing(_applied()):
            found |= {"status": "not ready", "migrations": "missing"}
        elif replicas := state.replicas():
            found["replicas"] = {each.alias: each.lag for each in replicas}
    except (Error, psycopg.Error, PoolTimeout):
        found = {"status": "not ready", "database": "does not answer"}
    return JsonResponse(found, status=200 if found["status"] == "ready" else 503)


def _applied() -> list[Any]:
    """Asked by a connection of the pool, as pages do, but without a page's patience."""
    pool = getattr(connection, "pool", None)
    if pool is None:
        return state.rows(state.APPLIED)
    pool.open()
    with pool.connection(timeout=PATIENCE) as taken, taken.transaction():
        taken.execute(f"SET LOCAL statement_timeout = {int(PATIENCE * 1000)}")
        found: list[Any] = taken.execute(state.APPLIED).fetchall()
    return found


def measured(request: HttpRequest) -> HttpResponse:
    """/metrics: for who has READOUT_METRICS_TOKEN."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not constant_time_compare(token.strip(), settings.METRICS_TOKEN):
        return HttpResponse(
            "Send READOUT_METRICS_TOKEN as a bearer token.\n",
            status=401,
            headers={"WWW-Authenticate": "Bearer"},
            content_type="text/plain; charset=utf-8",
        )
    return HttpResponse(metrics.as_text(), content_type=CONTENT_TYPE_PLAIN_0_0_4)
