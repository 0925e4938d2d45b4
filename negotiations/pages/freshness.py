"""Pages kept for anonymous readers, each as long as nothing public has changed since it was made.

Every transaction that touches what the public sees adds a row to `readout_change` (CHANGES, kept by
triggers). A kept page is sent only while those rows are the ones that were there before it was
made, and that is asked at every request: no republished correction is ever shown stale. Asked is the
server that the page would be read from: what another knows says nothing of it.

While no database can be asked, a kept page is sent as it was when one could be last, and says so.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import threading
import time
from collections import OrderedDict
from contextlib import nullcontext, suppress
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connection, connections
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date

from negotiations.languages import ENGLISH, speaking
from negotiations.outage import is_broken, outage, patience
from negotiations.pages.shared import SharedPages
from negotiations.search.trips import prepared, text_of
from negotiations.servers.reading import (
    can_choose,
    failed,
    here,
    nobody_answers,
    reading,
    servers_for,
)
from negotiations.watching import counted, current

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Mapping
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from django.http import HttpRequest

RECORDS = [
    "account",
    "action",
    "appointment",
    "delegate",
    "delegation",
    "meeting",
    "openmatter",
    "party",
    "person",
    "position",
    "process",
    "progress",
    "question",
    "source",
    "statement",
    "topic",
]
LINKS = ("action_owed_by", "action_topics", "citation", "process_parties", "statement_topics")


def _watched(table: str, when: dict[str, str]) -> str:
    return "".join(
        f"""CREATE OR REPLACE TRIGGER readout_change_{event.lower()} AFTER {event}
        ON negotiations_{table} FOR EACH ROW {condition} EXECUTE FUNCTION readout_changed();"""
        for event, condition in when.items()
    )


# One row a transaction, told apart by its number: nobody waits for anybody. A sequence would not
# do: it shows before the commit. Rows older than a day go now and then, which only makes pages anew.
CHANGES = """
CREATE TABLE readout_change (transaction xid8 PRIMARY KEY, at timestamptz NOT NULL DEFAULT now());
CREATE FUNCTION readout_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO readout_change (transaction) VALUES (pg_current_xact_id()) ON CONFLICT DO NOTHING;
  IF FOUND AND pg_current_xact_id()::text::bigint % 200 = 0 THEN
    DELETE FROM readout_change WHERE at < now() - interval '1 day';
  END IF;
  RETURN NULL;
END $$;
""" + "".join(
    [
        *(
            _watched(
                table,
                {
                    "INSERT": "WHEN (NEW.status = 'published')",
                    "UPDATE": "WHEN (OLD.status = 'published' OR NEW.status = 'published')",
                    "DELETE": "WHEN (OLD.status = 'published')",
                },
            )
            for table in RECORDS
        ),
        *(_watched(table, {"INSERT": "", "UPDATE": "", "DELETE": ""}) for table in LINKS),
    ]
)
NO_CHANGES = "DROP FUNCTION readout_changed CASCADE; DROP TABLE readout_change;"

# The sum beside the number: a transaction that commits late has a number lower than the last. One
# text, for to make numbers of it at each request would be in vain.
STATE = """SELECT concat(count(*), ' ', sum(transaction::text::numeric), ' ', extract(epoch FROM max(at)))
FROM readout_change"""

BIGGEST = 512 * 1024
QUARTER = 15 * 60  # seconds
LONGEST_TO_ASK = 2.0  # seconds
# For as long, pages are shown that can't be asked about: what is withdrawn must not stay for long.
LONGEST_UNASKED = 60 * 60
LANGUAGE = re.compile(rb'<html lang="([a-z]+)"')
OF_UNCHANGED = ("Cache-Control", "ETag", "Last-Modified", "Vary")
VARYING = (
    "HTTP_HX_REQUEST",
    "HTTP_HX_TARGET",
    "HTTP_HX_HISTORY_RESTORE_REQUEST",
    "HTTP_HX_BOOSTED",
)
BEFORE_ALL = ("HTTP_HOST", "HTTP_X_FORWARDED_PROTO", "PATH_INFO")


class Copy(HttpResponse):
    """A page as it is sent, again and again."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__(response.content, status=response.status_code)
        self.headers = response.headers

    @cached_property
    def lines(self) -> list[tuple[str, str]]:
        """Its headers: to list them takes as long as to find the page."""
        return list(self.items())


class KeptPages:
    """Outermost middleware: sends kept pages, keeps new ones, answers 304 where it may."""

    newest: ClassVar[KeptPages]  # this process's, once its handler is made

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        KeptPages.newest = self
        self.get_response = get_response
        self.room = settings.PAGE_CACHE * 2**20
        self.kept: OrderedDict[tuple[Any, ...], tuple[str | None, Copy, int]] = OrderedDict()
        self.size = 0
        self.shared = SharedPages(settings.CACHE_URL) if settings.CACHE_URL else None
        self.told: tuple[str, float, dt.datetime] | None = None
        self.lock = threading.Lock()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _is_anonymous_reading(request.META, request.COOKIES):
            return self.get_response(request)
        key = _key(request.META)
        state = self.asked() if self.room else None
        if page := self.fresh(key, state) or self._shared(key, state):
            return _conditional(request, page)
        response = self.get_response(request)
        if response.status_code == 503 and (outage.is_on or nobody_answers()):
            return self.last_seen(key) or response
        if response.status_code != 200 or response.streaming or response.cookies:
            return response
        if "no-store" in response.get("Cache-Control", ""):
            return response  # a link in a letter leads to it, and it is its reader's alone
        _date(response, state)
        if state and request.method == "GET" and len(response.content) <= BIGGEST:
            self._keep(key, state, response)
            if self.shared:
                self.shared.put(key, state, response)
        return _conditional(request, response)

    def _shared(self, key: tuple[Any, ...], state: str | None) -> HttpResponse | None:
        """The page as another process kept it; from then on this one has it, too."""
        page = self.shared.get(key, state) if self.shared and state else None
        if page:
            self._keep(key, state, page)
            if watch := current():
                watch.kept = True
        return page

    def asked(self) -> str | None:
        """The state of all that is public; None while the database does not say."""
        state = None if outage.is_on else _state()
        if state:
            self.told = (state, time.monotonic(), timezone.now())
        return state

    def fresh(self, key: tuple[Any, ...], state: str | None) -> Copy | None:
        """The kept page, if nothing public has changed since it was made."""
        hit = self.kept.get(key)
        if not (hit and state and hit[0] == state):
            return None
        with suppress(KeyError):  # another thread has just let it go
            self.kept.move_to_end(key)
        if watch := current():
            watch.kept = True
        return hit[1]

    def last_seen(self, key: tuple[Any, ...]) -> Copy | None:
        """The kept page as it was when the database last told that it is right, and marked so."""
        if self.told is None:
            return None
        state, at, day = self.told
        age = time.monotonic() - at
        page = self.fresh(key, state)
        return _as_last_seen(page, int(age), day) if page and age < LONGEST_UNASKED else None

    def _keep(self, key: tuple[Any, ...], state: str | None, response: HttpResponse) -> None:
        size = len(response.content) + 2048
        if watch := current():
            watch.kept = False
        with self.lock:
            if old := self.kept.pop(key, None):
                self.size -= old[2]
            self.kept[key] = (state, Copy(response), size)
            self.size += size
            while self.size > self.room and self.kept:
                self.size -= self.kept.popitem(last=False)[1][2]


class BeforeDjango:
    """A WSGI application: sends what is kept by itself, for most of its time goes into waking Django."""

    def __init__(self, django: WSGIApplication) -> None:
        self.django = django

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        # What the API answers says what is left of its reader's limit.
        here = environ["REQUEST_METHOD"] == "GET" and not environ["PATH_INFO"].startswith("/api/")
        page = self._kept(environ) if here else None
        if page is None:
            return self.django(environ, start_response)
        if sent := environ.get("HTTP_IF_NONE_MATCH"):
            if page.get("ETag") != sent:
                return self.django(environ, start_response)
            headers = [(name, page[name]) for name in OF_UNCHANGED if name in page]
            start_response("304 Not Modified", headers)
            return []
        start_response("200 OK", page.lines)
        return [page.content]

    def _kept(self, environ: WSGIEnvironment) -> Copy | None:
        pages = KeptPages.newest
        if not _is_anonymous_reading(environ, environ.get("HTTP_COOKIE", "")):
            return None
        if (key := _key(environ)) not in pages.kept:
            return None
        cookies = environ.get("HTTP_COOKIE", "")
        with reading(servers_for(environ, cookies)[0]) if can_choose() else nullcontext():
            state = pages.asked()
        connection.close()  # which gives it back to the pool
        return pages.last_seen(key) if outage.is_on else pages.fresh(key, state)


def _is_anonymous_reading(meta: Mapping[str, Any], cookies: Any) -> bool:
    return (
        meta["REQUEST_METHOD"] in ("GET", "HEAD")
        and settings.SESSION_COOKIE_NAME not in cookies
        and not meta["PATH_INFO"].startswith(("/admin/", "/static/"))
        # All of these are in the key, whose room is counted as a little.
        and len(meta.get("QUERY_STRING", "")) < 2000
        and sum(len(meta.get(name) or "") for name in (*VARYING, *BEFORE_ALL)) < 500
    )


def _key(meta: Mapping[str, Any]) -> tuple[Any, ...]:
    """All that the answer depends on besides the records; some pages tell what is due by today."""
    return (
        meta.get("HTTP_HOST"),
        meta.get("wsgi.url_scheme"),
        meta.get("HTTP_X_FORWARDED_PROTO"),
        meta["PATH_INFO"],
        meta.get("QUERY_STRING"),
        "gzip" in meta.get("HTTP_ACCEPT_ENCODING", ""),
        _today(int(time.time()) // QUARTER),
        *(meta.get(name) for name in VARYING),
    )


@lru_cache(maxsize=1)
def _today(_quarter: int) -> dt.date:
    """Days begin with a quarter of an hour everywhere. To ask each time took as long as the rest of the key."""
    return timezone.localdate()


def _state() -> str | None:
    """Of all that is public; None if the database does not say, of which the page then tells."""
    for _ in range(2):  # a connection may break, and the next one be good
        try:
            state = _told()
        except Error as error:
            if connection.in_atomic_block:
                return None
            connection.close()
            if outage.notice(error) or not is_broken(error):
                return None
        else:
            return state
    failed()
    return None


def _told() -> str:
    """The same, by a connection of the pool where Django has none yet: to give it one takes longer than
    to ask, and a page that is kept needs nothing else.
    """
    django: Any = connections[DEFAULT_DB_ALIAS]  # `connection` would look for it each time
    pool = django.pool
    if django.connection or here.server or not pool:
        with patience(LONGEST_TO_ASK):
            return str(prepared(STATE, None).fetchone()[0])
    with django.wrap_database_errors:
        pool.open()
        lent = pool.getconn()
        try:
            lent.patience = LONGEST_TO_ASK
            state: str = counted(lambda *_: text_of(lent, STATE, "state"), STATE, None, False, {})
            return state
        finally:
            pool.putconn(lent)


def _as_last_seen(page: HttpResponse, age: int, at: dt.datetime) -> Copy:
    """It claims no freshness, is kept by nobody, and says of when it is: to machines and to readers."""
    content = page.content
    if page["Content-Type"].startswith("text/html"):
        is_packed = page.get("Content-Encoding") == "gzip"
        content = gzip.decompress(content) if is_packed else content
        language = LANGUAGE.search(content)
        with speaking(language[1].decode() if language else ENGLISH):
            mark = render_to_string("components/last_seen.html", {"at": at}).encode()
        content = content.replace(b"<main", mark + b"<main", 1)
        content = gzip.compress(content, 1) if is_packed else content
    marked = HttpResponse(content)
    for name, value in page.items():
        if name not in ("ETag", "Last-Modified", "Content-Length"):
            marked[name] = value
    marked["Content-Length"] = str(len(content))
    marked["Cache-Control"] = "no-store"
    marked["Age"] = str(age)
    marked["Cache-Status"] = "Readout; hit; detail=database-away"
    marked["Warning"] = '111 - "Revalidation Failed"'
    return Copy(marked)


def _date(response: HttpResponse, state: str | None) -> None:
    tag = hashlib.blake2b(response.content, digest_size=12).hexdigest()
    response["ETag"] = f'W/"{tag}"'
    if state and (changed := state.rpartition(" ")[2]):
        response["Last-Modified"] = http_date(float(changed))
    patch_cache_control(response, public=True, max_age=0, must_revalidate=True)


def _conditional(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The page, or 304 where the reader has it: by its ETag; the date alone is too coarse."""
    if "HTTP_IF_NONE_MATCH" not in request.META:
        return Copy(response)
    answer = get_conditional_response(request, etag=response["ETag"], response=Copy(response))
    return answer or Copy(response)
