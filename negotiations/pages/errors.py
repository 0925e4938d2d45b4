"""What a reader sees when something is wrong: a page that helps, never a stack trace."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import TYPE_CHECKING

import psycopg
from django.conf import settings
from django.core.exceptions import BadRequest
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.http import HttpResponse
from django.template.loader import render_to_string

from negotiations.servers import reading

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

logger = logging.getLogger(__name__)
RETRY_AFTER = "30"  # seconds
LONGEST_FOR_EDITORS = 60_000  # milliseconds that one statement may take


def unavailable(request: HttpRequest) -> HttpResponse:
    """The 503 page, which needs no database."""
    context = {"desk": request.path.startswith("/admin/"), "again": request.get_full_path()}
    response = HttpResponse(render_to_string("503.html", context), status=503)
    response["Retry-After"] = RETRY_AFTER
    response["Cache-Control"] = "no-store"
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The 400 page, with the sentence that a page of ours gave, if it did."""
    said = str(exception) if isinstance(exception, BadRequest) else ""
    return HttpResponse(render_to_string("400.html", {"said": said}), status=400)


def no_null_bytes(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Refuse addresses with a null byte, which no text in PostgreSQL can hold."""

    def answer(request: HttpRequest) -> HttpResponse:
        if "%00" in request.META.get("QUERY_STRING", "") or "\x00" in request.path:
            return HttpResponse(render_to_string("400.html"), status=400)
        return get_response(request)

    return answer


def unhurried(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Give editors' requests more time than the public's, which LONGEST in wsgi.py bounds."""

    def answer(request: HttpRequest) -> HttpResponse:
        read = request.method in ("GET", "HEAD") and not request.path.startswith("/admin/")
        # With a pooler, what is set here would hold for whoever is given the connection next.
        if read or settings.POOLED:
            return get_response(request)
        with connection.cursor() as cursor:
            cursor.execute(f"SET statement_timeout = {LONGEST_FOR_EDITORS}")
        try:
            return get_response(request)
        finally:
            with suppress(DatabaseError), connection.cursor() as cursor:
                cursor.execute("RESET statement_timeout")

    return answer


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The 403 page for a form that was open while its sender logged in anew, or that is not ours."""
    context = {"desk": request.path.startswith("/admin/"), "again": request.get_full_path()}
    response = HttpResponse(render_to_string("403_csrf.html", context), status=403)
    response["Cache-Control"] = "no-store"
    return response


def too_slow() -> HttpResponse:
    """The page for what the database could not answer in time."""
    response = HttpResponse(render_to_string("slow.html"), status=503)
    response["Cache-Control"] = "no-store"
    return response


class DatabaseAway:
    """Answers 503 with Retry-After while the database can't be reached."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if reading.is_away():
            reading.failed()
            return unavailable(request)
        try:
            response = self.get_response(request)
            # What a middleware met, which asks for the session.
            return (
                unavailable(request)
                if response.status_code == 500 and reading.here.failed
                else response
            )
        except (OperationalError, InterfaceError) as error:
            return self.process_exception(request, error) or unavailable(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error.__cause__, psycopg.errors.ReadOnlySqlTransaction):
            reading.failed()  # a replica, which can't write: the next server can
            return unavailable(request)
        if not isinstance(error, OperationalError | InterfaceError):
            return None
        if isinstance(error.__cause__, psycopg.errors.QueryCanceled):
            return too_slow()
        reading.failed()
        logger.error("The database does not answer: %s", type(error).__name__)
        return unavailable(request)
