"""What comes beyond what this process can do in time is told so at once, instead of waiting for long.

Twice as many requests as can be answered would otherwise wait ever longer, until each answer comes
when its reader has left. Kept pages need no turn (BeforeDjango is in front of this), nor do files.
"""

from __future__ import annotations

from threading import Semaphore
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.csp import build_policy

from negotiations.exchange.api.problems import problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

RETRY_AFTER = "5"  # seconds
FOR_EDITORS = 2  # turns that readers can't take
LONGEST_FOR_EDITORS = 10  # seconds: what they send took them longer
NEEDS_NO_TURN = ("/static/", "/health/", "/metrics")
AT_THE_DOOR = 16  # threads that tell those who can't come in, and hand out kept pages


def at_work() -> int:
    """How many requests a process works on at once: each has a connection of the pool.

    What is left of it is for asking whether kept pages are right.
    """
    pool = settings.DATABASES["default"]["OPTIONS"].get("pool") or {"max_size": 10}
    return max(int(pool["max_size"]) - 2, FOR_EDITORS + 1)


def threads() -> int:
    """Those at work, those that wait, and some that wait for nothing."""
    return at_work() + settings.QUEUE[0] + AT_THE_DOOR


class Shedding:
    """A WSGI application before Django's."""

    def __init__(self, django: WSGIApplication) -> None:
        self.django = django
        self.readers = Semaphore(at_work() - FOR_EDITORS)
        self.editors = Semaphore(FOR_EDITORS)
        waiting, self.longest = settings.QUEUE
        self.readers_waiting = Semaphore(waiting)
        self.editors_waiting = Semaphore(AT_THE_DOOR // 2)
        self.told: dict[bool, tuple[list[tuple[str, str]], bytes]] = {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith(NEEDS_NO_TURN):
            return self.django(environ, start_response)
        turn = self._turn(environ)
        if turn is None:
            return self._refuse(environ, start_response)
        answer: Any = None
        try:
            answer = self.django(environ, start_response)
            if getattr(answer, "streaming", False):
                return _Streamed(answer, turn)
            whole = [b"".join(answer)]
            answer.close()
        except BaseException:
            turn.release()
            raise
        turn.release()
        return whole

    def _turn(self, environ: WSGIEnvironment) -> Semaphore | None:
        """To be released when the work is done; None if there is none to be had."""
        if self.readers.acquire(blocking=False):
            return self.readers
        if f"{settings.SESSION_COOKIE_NAME}=" in environ.get("HTTP_COOKIE", ""):
            turn, places, longest = self.editors, self.editors_waiting, LONGEST_FOR_EDITORS
        else:
            turn, places, longest = self.readers, self.readers_waiting, self.longest
        if not places.acquire(blocking=False):
            return None
        try:
            return turn if turn.acquire(timeout=longest) else None
        finally:
            places.release()

    def _refuse(self, environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        is_api = environ["PATH_INFO"].startswith("/api/")
        if is_api not in self.told:
            self.told[is_api] = _words(is_api)
        headers, body = self.told[is_api]
        start_response("503 Service Unavailable", list(headers))
        return [body] if environ["REQUEST_METHOD"] != "HEAD" else []


class _Streamed:
    """A download: its turn ends when it has been sent, or its reader has left."""

    def __init__(self, answer: Any, turn: Semaphore) -> None:
        self.answer = answer
        self.turn: Semaphore | None = turn

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.answer)

    def close(self) -> None:
        turn, self.turn = self.turn, None
        if turn:
            turn.release()
            self.answer.close()

    __del__ = close  # whatever a server forgets


def _words(is_api: bool) -> tuple[list[tuple[str, str]], bytes]:
    """The same for all, made once: to refuse must cost next to nothing."""
    if is_api:
        made = problem(503, "More is asked than can be answered at the moment. Ask again later.")
        kind, body = made["Content-Type"], made.content
        more = {"Access-Control-Allow-Origin": "*"}
    else:
        kind, body = "text/html; charset=utf-8", render_to_string("crowded.html").encode()
        policy: Any = settings.SECURE_CSP
        more = {"Content-Security-Policy": build_policy(policy)}
    headers = {
        "Content-Type": kind,
        "Content-Length": str(len(body)),
        "Retry-After": RETRY_AFTER,
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": settings.X_FRAME_OPTIONS,
    }
    return list((headers | more).items()), body
