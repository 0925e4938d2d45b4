"""What a reader sees when something is wrong: a page that helps, never a stack trace."""

from __future__ import annotations

import logging
import sys
from contextlib import contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING

import psycopg
from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig, TooManyFieldsSent
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.http import HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import RawPostDataException
from django.template.loader import render_to_string

from negotiations.outage import NoAnswer, is_broken, outage, patience
from negotiations.servers import reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.http import HttpRequest

logger = logging.getLogger(__name__)
RETRY_AFTER = "30"  # seconds
LONGEST_FOR_EDITORS = 60_000  # milliseconds that one statement may take
# psycopg's own come from cursors that Django closes.
AWAY = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)
SAFE = ("GET", "HEAD", "OPTIONS")
SEARCHES = ("/search/", "/statements/", "/actions/")
BIGGEST_SENT_BACK = 1024 * 1024  # characters


def unavailable(request: HttpRequest, why: str = "away") -> HttpResponse:
    """The 503 page, which needs no database."""
    desk = request.path.startswith("/admin/")
    context = {
        "desk": desk,
        "why": why,
        "sent": request.method not in SAFE,
        "again": request.get_full_path(),
        "fields": _what_was_sent(request) if desk else [],
    }
    response = HttpResponse(render_to_string("503.html", context), status=503)
    response["Retry-After"] = RETRY_AFTER
    response["Cache-Control"] = "no-store"
    response._has_been_logged = True  # type: ignore[attr-defined]  # why, once, not each page
    return response


def _what_was_sent(request: HttpRequest) -> list[tuple[str, str]]:
    """A form's fields, to be sent again by a browser without scripts; nothing of one with secrets."""
    try:
        if request.method != "POST" or request.FILES:
            return []
        sent = [(name, str(value)) for name, values in request.POST.lists() for value in values]
    except (
        OSError,
        RequestDataTooBig,
        TooManyFieldsSent,
        MultiPartParserError,
        RawPostDataException,
    ):
        return []
    if any("password" in name or name in ("code", "credential") for name, _ in sent):
        return []
    return sent if sum(len(value) for _, value in sent) <= BIGGEST_SENT_BACK else []


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
        if request.method in ("GET", "HEAD") and not request.path.startswith("/admin/"):
            return get_response(request)
        # With a pooler, what is set would hold for whoever is given the connection next.
        more_time = nullcontext() if settings.POOLED else _more_time()
        with more_time, patience(LONGEST_FOR_EDITORS / 1000 + 2):
            return get_response(request)

    return answer


@contextmanager
def _more_time() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"SET statement_timeout = {LONGEST_FOR_EDITORS}")
    try:
        yield
    finally:
        # One that was lost in between has nothing to be reset, and another may be long in coming.
        if connection.connection is not None:
            with suppress(DatabaseError), connection.cursor() as cursor:
                cursor.execute("RESET statement_timeout")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The 403 page for a form that was open while its sender logged in anew, or that is not ours."""
    context = {"desk": request.path.startswith("/admin/"), "again": request.get_full_path()}
    response = HttpResponse(render_to_string("403_csrf.html", context), status=403)
    response["Cache-Control"] = "no-store"
    return response


def too_slow(request: HttpRequest) -> HttpResponse:
    """The page for what the database could not answer in time."""
    if not request.path_info.startswith(SEARCHES):
        return unavailable(request, "slow")
    response = HttpResponse(render_to_string("slow.html"), status=503)
    response["Retry-After"] = RETRY_AFTER
    response["Cache-Control"] = "no-store"
    return response


class DatabaseAway:
    """Answers 503 with Retry-After while the database can't be reached, or can't write.

    What only reads, and met a connection that broke meanwhile, is tried once more: a restart of the
    database is over in a second.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if reading.is_away():
            reading.failed()
            return unavailable(request)
        if outage.is_on:
            return unavailable(request)
        response = self._tried(request)
        is_lost = getattr(request, "lost_connection", False)
        if is_lost and request.method in SAFE and not outage.is_on:
            connection.close()
            response = self._tried(request)
        return response

    def _tried(self, request: HttpRequest) -> HttpResponse:
        request.lost_connection = False  # type: ignore[attr-defined]
        return self.get_response(request)

    @staticmethod
    def process_exception(request: HttpRequest, error: Exception) -> HttpResponse | None:
        """For what a view raises; what a middleware does comes by `server_error`."""
        cause = error.__cause__ or error
        if isinstance(cause, psycopg.errors.ReadOnlySqlTransaction):
            reading.failed()  # a replica, which can't write: the next server can
            return unavailable(request)
        if not isinstance(error, AWAY):
            return None
        # Through a pooler, which bounds what editors ask, the public's patience ends sooner.
        if isinstance(cause, psycopg.errors.QueryCanceled) or (
            settings.POOLED and isinstance(cause, NoAnswer)
        ):
            return too_slow(request)
        if isinstance(cause, psycopg.errors.DiskFull):
            logger.error("The database has no room left: %s", error)
            return unavailable(request, "full")
        logger.error("The database does not answer: %s", error)
        if reading.failed() or outage.notice(error):
            return unavailable(request)
        request.lost_connection = is_broken(error)  # type: ignore[attr-defined]
        return unavailable(request, "broken")


def server_error(request: HttpRequest) -> HttpResponse:
    """The 500 page, and the 503 page for a database that was away before the view was reached."""
    error = sys.exception()
    away = isinstance(error, Exception) and DatabaseAway.process_exception(request, error)
    return away or HttpResponse(render_to_string("500.html"), status=500)
