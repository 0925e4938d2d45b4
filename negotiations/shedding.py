"""What comes beyond what this process can do in time is told so at once, instead of waiting for long.

Twice as many requests as can be answered would otherwise wait ever longer, until each answer comes
when its reader has left. Kept pages need no turn (BeforeDjango is in front of this), nor do files.
"""

from __future__ import annotations

from threading import Lock, Semaphore
from time import monotonic
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


class Turns:
    """So many requests at work. As many wait as `places`, and as will have their turn in time.

    Who could not be helped within `longest` seconds, as fast as turns have ended of late, need not
    wait that long to be told so.
    """

    def __init__(self, number: int, places: int, longest: float) -> None:
        self.number = number
        self.free = Semaphore(number)
        self.places, self.longest = places, longest
        self.waiting = 0
        self.lock = Lock()
        self.pace = 0.0  # seconds from the end of a turn to that of the next, when some wait
        self.last_end = 0.0

    def take(self) -> bool:
        """Have a turn, to be ended; False if there is none to be had in time."""
        if self.free.acquire(blocking=False):
            return True
        with self.lock:
            if self.waiting >= self.places or self._is_long():
                return False
            self.waiting += 1
        try:
            return self.free.acquire(timeout=self.longest)
        finally:
            with self.lock:
                self.waiting -= 1

    def _is_long(self) -> bool:
        """Turns are of very different length, so by their usual pace half of the time must do. As many
        as there are turns always may wait: by theirs the pace is told anew.
        """
        return self.waiting >= self.number and self.waiting * self.pace > self.longest / 2

    def end(self) -> None:
        with self.lock:
            now = monotonic()
            if self.waiting:
                took = min(now - self.last_end, self.longest)
                self.pace += (took - self.pace) / 8 if self.pace else took
            self.last_end = now
        self.free.release()


class Shedding:
    """A WSGI application before Django's."""

    def __init__(self, django: WSGIApplication) -> None:
        self.django = django
        self.readers = Turns(at_work() - FOR_EDITORS, *settings.QUEUE)
        self.editors = Turns(FOR_EDITORS, AT_THE_DOOR // 2, LONGEST_FOR_EDITORS)
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
            turn.end()
            raise
        turn.end()
        return whole

    def _turn(self, environ: WSGIEnvironment) -> Turns | None:
        """To be ended when the work is done; None if there is none to be had."""
        if self.readers.free.acquire(blocking=False):
            return self.readers
        is_editor = f"{settings.SESSION_COOKIE_NAME}=" in environ.get("HTTP_COOKIE", "")
        turns = self.editors if is_editor else self.readers
        return turns if turns.take() else None

    def _refuse(self, environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        is_api = environ["PATH_INFO"].startswith("/api/")
        if is_api not in self.told:
            self.told[is_api] = _words(is_api)
        headers, body = self.told[is_api]
        start_response("503 Service Unavailable", list(headers))
        return [body] if environ["REQUEST_METHOD"] != "HEAD" else []


class _Streamed:
    """A download: its turn ends when it has been sent, or its reader has left."""

    def __init__(self, answer: Any, turn: Turns) -> None:
        self.answer = answer
        self.turn: Turns | None = turn

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.answer)

    def close(self) -> None:
        turn, self.turn = self.turn, None
        if turn:
            turn.end()
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
