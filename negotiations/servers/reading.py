"""Which server a request reads.

Anonymous readers read a replica. Whoever is known, by a session or a token, or has just sent
something, reads the primary, so that they see what they did; sessions are checked there, too, and end
for all machines at once. All that is not only read, and the desk, has nothing but the primary.

A read that its server fails is begun anew with the next one.
"""

from __future__ import annotations

import re
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection
from django.http import FileResponse

from negotiations.servers.watching import watch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from negotiations.servers.watching import Server

# What tells who has just sent something, for as long as a replica may not know of it.
SENT_COOKIE = "readout_sent"
# Whose pages write, or show what is only kept at the primary.
AT_THE_PRIMARY = re.compile(r"(/[a-z]{2})?/(admin|follow)/")
# Who sends here does so for a machine, which keeps no cookies and sends nothing that becomes public.
WITHOUT_COOKIES = ("/api/", "/mcp")


class _Here(threading.local):
    """What this thread's connection leads to, if that was chosen; and whether it failed the request."""

    server: Server | None = None
    failed = False


here = _Here()


class FromReplicas:
    """Middleware, before pages are kept: whether one is fresh is asked where it would be made."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not can_choose():
            return self.get_response(request)
        if not _is_read(request.META):
            with reading(watch().primary):
                return _noted(request, self.get_response(request))
        for server in servers_for(request.META, request.COOKIES):
            with reading(server):
                response = self.get_response(request)
                if not (
                    here.failed or (response.status_code == 500 and connection.errors_occurred)
                ):
                    return _to_the_end(response, server)
        return response


def can_choose() -> bool:
    """Whether there are replicas, and nothing is under way that was begun with the primary."""
    if not watch().replicas or connection.in_atomic_block:
        return False
    watch().start()
    connection.close()
    return True


def servers_for(meta: Mapping[str, Any], cookies: Any) -> list[Server]:
    """Where a read may be answered, best first."""
    servers = watch().to_read()
    known = (settings.SESSION_COOKIE_NAME, SENT_COOKIE)
    if "HTTP_AUTHORIZATION" in meta or any(name in cookies for name in known):
        servers.sort(key=lambda server: server is not watch().primary)
    return servers


@contextmanager
def reading(server: Server) -> Iterator[None]:
    """Have this thread's connection lead to the server, until the block ends."""
    before, here.server, here.failed = here.server, server, False
    try:
        yield
    finally:
        connection.close()  # which gives it back to the server's pool
        here.server, here.failed = before, False


@contextmanager
def at_the_primary() -> Iterator[None]:
    """For what is written beside a read, and can be left undone: without a wait for a primary that is away."""
    if not can_choose():
        yield
        return
    with reading(watch().primary):
        yield


def is_away() -> bool:
    """Whether the server that the request at hand needs is known not to answer."""
    return here.server is not None and here.server.answers is False


def nobody_answers() -> bool:
    """Whether no server is left that the request at hand could be led to."""
    servers = [watch().primary, *watch().replicas]
    return here.server is not None and all(server.answers is False for server in servers)


def failed() -> bool:
    """Say that the server failed the request at hand, and may have gone; False if none was chosen."""
    if here.server is None:
        return False
    here.failed = True
    held = connection.connection
    if held is not None and held.closed:
        here.server.lost("connection lost")
    return True


def _is_read(meta: Mapping[str, Any]) -> bool:
    reads = meta["REQUEST_METHOD"] in ("GET", "HEAD")
    return reads and not AT_THE_PRIMARY.match(meta["PATH_INFO"])


def _noted(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Remember for a while that this reader has sent something."""
    if request.method == "POST" and not request.path_info.startswith(WITHOUT_COOKIES):
        response.set_cookie(
            SENT_COOKIE,
            "1",
            max_age=settings.REPLICA_LAG + 5,
            secure=settings.PRODUCTION,
            httponly=True,
            samesite="Lax",
        )
    return response


def _to_the_end(response: HttpResponseBase, server: Server) -> HttpResponseBase:
    """What is still to be made while it is sent is read from the same server."""
    if response.streaming and not isinstance(response, FileResponse):
        response.streaming_content = _parts(response.streaming_content, server)  # type: ignore[attr-defined]
    return response


def _parts(content: Iterable[bytes], server: Server) -> Iterator[bytes]:
    parts = iter(content)
    while True:
        before, here.server = here.server, server
        try:
            part = next(parts)
        except StopIteration:
            return
        finally:
            here.server = before
        yield part
