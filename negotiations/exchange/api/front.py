"""What all answers under /api/ share: limits, reading from other sites, errors that machines can read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import Http404, HttpResponse
from django.http.response import ResponseHeaders
from django.urls import resolve

from negotiations.exchange.api.problems import MEDIA_TYPE, problem
from negotiations.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

HERE = "/api/v1/"
PAGE = "/api/"
# Any site may read, and none with a reader's cookies, so that it is always the same for all.
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Last-Modified, Link, RateLimit, RateLimit-Policy, "
    "Retry-After",
}
PREFLIGHT = CORS | {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key, If-None-Match",
    "Access-Control-Max-Age": "86400",
}
# What is answered here, before all other middleware, is data as well, and nothing for a page.
BARE = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
}
# A redirect would let it go on unnoticed.
UNSAFE = (
    "This token came unencrypted, so others may have read it: revoke it at the desk, make a new one, "
    "and send that by https only."
)
KEPT = ("Allow", "Retry-After", "WWW-Authenticate")


class Front:
    """Middleware, before pages are kept: what a kept answer says of limits would be another's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.limits = Limits("API_LIMIT")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PAGE) or request.path_info == PAGE:
            return self.get_response(request)
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers=PREFLIGHT | BARE)
        turn = self.limits.turn(request)
        if turn and not turn.allowed:
            response = problem(
                429, f"{turn.limit} requests in {turn.span} seconds are all. Wait, then go on."
            )
        elif _is_open_to_others(request):
            response = problem(403, UNSAFE)
        else:
            head = request.method == "HEAD"
            request.method = "GET" if head else request.method
            response = _readable(self.get_response(request))
            if head:
                response.content = b""
        # A kept answer shares its headers with those to others.
        headers = BARE | dict(response.items()) | CORS | (turn.headers() if turn else {})
        response.headers = ResponseHeaders(headers)
        return response


def _is_open_to_others(request: HttpRequest) -> bool:
    """Did a token come unencrypted to a production site?"""
    secret = "HTTP_AUTHORIZATION" in request.META
    return secret and settings.SECURE_SSL_REDIRECT and not request.is_secure()


def straight(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: who only reads data needs no session, no account and no messages.

    Those take more time than to find the records. What fails goes the long way again, where it is
    told as everywhere.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        if request.method != "GET" or not request.path_info.startswith(HERE):
            return get_response(request)
        try:
            view, args, more = resolve(request.path_info)
            made: HttpResponse = view(request, *args, **more)
        except (Http404, DatabaseError, InterfaceError):
            return get_response(request)
        return made

    return answer


def _readable(response: HttpResponse) -> HttpResponse:
    """An error that was not made here, as a problem."""
    if response.status_code < 400 or response.get("Content-Type") == MEDIA_TYPE:
        return response
    made = problem(response.status_code)
    for name in KEPT:
        if name in response:
            made[name] = response[name]
    return made
