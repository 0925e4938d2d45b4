"""Each request watched from its first moment to its last byte: one line in the log, and in numbers."""

from __future__ import annotations

import logging
import re
from time import perf_counter
from typing import TYPE_CHECKING, Any

from django.conf import settings

from negotiations.operating import metrics, tracing
from negotiations.operating.masking import masked_path, masked_query, view_of
from negotiations.watching import Watch, current, watched

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from django.http import HttpRequest, HttpResponse

access = logging.getLogger("readout.access")
WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}\Z")
PROBES = ("/health/", "/metrics")


class Watched:
    """The outermost WSGI application: gives a request its number, and tells what became of it."""

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        answer = _Answer(environ, start_response)
        with watched(answer.watch):
            try:
                body = self.application(environ, answer.start)
            except BaseException:
                answer.tell()
                raise
            if isinstance(body, list):  # a page that was kept
                answer.tell()
                return body
        return _Sent(body, answer)


class _Answer:
    """One request and its answer, as they go by."""

    def __init__(self, environ: WSGIEnvironment, start_response: StartResponse) -> None:
        self.began = perf_counter()
        self.environ = environ
        self.start_response = start_response
        given = environ.get("HTTP_X_REQUEST_ID", "") if settings.PROXIED else ""
        self.watch = Watch(given) if given and WELL_FORMED.match(given) else Watch()
        self.status = 500

    def start(
        self, status: str, headers: list[tuple[str, str]], exc_info: Any = None
    ) -> Callable[[bytes], object]:
        self.status = int(status[:3])
        return self.start_response(status, [*headers, ("X-Request-ID", self.watch.id)], exc_info)

    def tell(self) -> None:
        seconds = perf_counter() - self.began
        watch, path = self.watch, self.environ["PATH_INFO"]
        aside = "static" if path.startswith("/static/") else ""
        aside = "probe" if path.startswith(PROBES) else aside
        match = watch.match or (None if aside or self.status in (404, 410) else view_of(path))
        view = aside or (match and match.view_name) or "none"
        method = self.environ["REQUEST_METHOD"]
        metrics.observe(watch, view, method, self.status, seconds)
        if tracing.tracer:
            tracing.tell(watch, self.environ, match.route if match else None, self.status, seconds)
        ms = round(seconds * 1000, 1)
        late = bool(settings.SLOW and ms > settings.SLOW)
        level = logging.WARNING if late else logging.INFO
        # What asks every few seconds is not worth a line, unless something is wrong.
        if not access.isEnabledFor(level) or (path.startswith(PROBES) and self.status < 400):
            return
        address = path if aside else masked_path(path, match)
        query = masked_query(self.environ.get("QUERY_STRING", ""))
        waited = round(watch.waited * 1000, 1)
        fields = {
            "method": method,
            "path": address,
            "query": query,
            "route": match.route if match else None,
            "view": view,
            "status": self.status,
            "ms": ms,
            "queries": watch.queries,
            "database_ms": waited,
            "kept": bool(watch.kept),
            "slow": late,
        }
        line = f"{method} {address}{'?' if query else ''}{query} {self.status} in {ms} ms, "
        line += "kept" if watch.kept else f"{watch.queries} queries in {waited} ms"
        # Made here, for to look through the stack for who says it would cost as much again.
        record = logging.LogRecord(access.name, level, "", 0, line, None, None)
        record.fields, record.masked = fields, True
        access.handle(record)


class _Sent:
    """The body on its way; what is asked of the database for it counts as well."""

    def __init__(self, body: Iterable[bytes], answer: _Answer) -> None:
        self.body, self.answer = body, answer
        self.parts = iter(body)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        with watched(self.answer.watch):
            return next(self.parts)

    def close(self) -> None:
        with watched(self.answer.watch):
            try:
                if close := getattr(self.body, "close", None):
                    close()
            finally:
                self.answer.tell()


def routed(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: note which view answered."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if watch := current():
            watch.match = request.resolver_match
        return response

    return answer
