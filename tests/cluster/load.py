"""Who reads and writes meanwhile: readers as a load balancer would send them, one editor, and one whose
corrections show how old the pages are."""

from __future__ import annotations

import http.client
import http.cookies
import random
import re
import secrets
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import psycopg

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.cluster.parts import Web

PASSWORD = "a cluster of words that nobody guesses"
EDITOR = f"""
from django.contrib.auth.models import Group
from negotiations.models import User
user = User.objects.create_user("cluster", password={PASSWORD!r}, is_staff=True)
user.groups.add(Group.objects.get(name="editor"))
"""
CORRECT = """
UPDATE negotiations_topic SET description = %(words)s WHERE status = 'published'
"""
READERS = 6
PAUSE = 0.05  # seconds between two pages of one reader
PATIENCE = 30  # seconds until a reader has waited too long
PAGES = ["/", "/meetings/", "/statements/", "/actions/", "/changes/", "/about/", "/compare/"]
SEARCHES = [
    "/search/?q=talks",
    "/search/?q=embassies",
    "/statements/?q=peace",
    "/search/?q=%22the%22",
]
API = ["/api/v1/statements?limit=5", "/api/v1/meetings", "/api/v1/search?q=talks"]


@dataclass
class Answer:
    """What came of one request."""

    at: float
    seconds: float
    status: int  # 0: no web process answered
    again: bool = False  # asked of the other web process, too
    retry_after: bool = False

    @property
    def refused(self) -> bool:
        return self.status == 503 and self.retry_after

    @property
    def failed(self) -> bool:
        return not self.refused and (self.status == 0 or self.status >= 400)


@dataclass
class Load:
    """All that was asked, and what was written and acknowledged."""

    webs: list[Web]
    primary: str  # its address
    reads: list[Answer] = field(default_factory=list)
    writes: list[Answer] = field(default_factory=list)
    acknowledged: list[tuple[float, str]] = field(default_factory=list)
    corrected: list[float] = field(default_factory=list)  # when each correction was acknowledged
    ages: list[tuple[float, float]] = field(
        default_factory=list
    )  # when a page was asked for, its age
    unseen: int = 0  # own writes that the editor did not see right after
    wrong: dict[str, int] = field(default_factory=dict)
    over: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def running(self) -> Iterator[None]:
        pages = PAGES + self._found_pages()
        threads = [threading.Thread(target=self._read, args=(pages,)) for _ in range(READERS)]
        does = (self._write, self._correct, self._look_for_corrections)
        threads += [threading.Thread(target=each) for each in does]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.over.set()
            for thread in threads:
                thread.join()

    def _found_pages(self) -> list[str]:
        """Pages of single records, which the lists lead to."""
        found: set[str] = set()
        for page in ("/meetings/", "/statements/", "/actions/"):
            body = _ask(self.webs[0].port, "GET", page).body
            found |= set(re.findall(rf'href="({page}[\w-]+/)"', body))
        return sorted(found)

    def _read(self, pages: list[str]) -> None:
        while not self.over.wait(PAUSE):
            path = random.choice(random.choices([pages, SEARCHES, API], [80, 15, 5])[0])
            answer, reply = self._balanced("GET", path)
            self.reads.append(answer)
            if answer.failed:
                key = f"{answer.status} {path} {reply.why}"
                self.wrong[key] = self.wrong.get(key, 0) + 1

    def _balanced(self, method: str, path: str, **more: str) -> tuple[Answer, _Reply]:
        """One web process, then the other if the first can't be reached; a form is never sent twice."""
        begun = time.monotonic()
        first, second = random.sample(self.webs, 2)
        reply = _ask(first.port, method, path, **more)
        again = not reply.status and (reply.unsent or method == "GET")
        if again:
            reply = _ask(second.port, method, path, **more)
        seconds = time.monotonic() - begun
        return Answer(begun, seconds, reply.status, again, reply.retry_after), reply

    def _write(self) -> None:
        """Log in, then add topics one after the other, and look whether each is there."""
        editor = _Editor(self)
        while not self.over.wait(0.1):
            name = f"{secrets.token_hex(8)} {secrets.token_hex(8)}"
            answer = editor.add(name)
            if answer is None:
                continue
            self.writes.append(answer)
            if answer.status == 302:
                self.acknowledged.append((answer.at + answer.seconds, name))
                if editor.misses(name):
                    self.unseen += 1

    def _correct(self) -> None:
        """Say in a published topic, again and again, the how manieth correction it is."""
        while not self.over.wait(0.5):
            with (
                suppress(psycopg.Error),
                psycopg.connect(self.primary, autocommit=True, prepare_threshold=None) as line,
            ):
                line.execute(CORRECT, {"words": f"Correction {len(self.corrected)}."})
                self.corrected.append(time.monotonic())

    def _look_for_corrections(self) -> None:
        """How long ago what a page says ceased to be the last word."""
        while not self.over.wait(0.1):
            page = re.search(
                r'href="(/topics/[\w-]+/)"', _ask(self.webs[0].port, "GET", "/topics/").body
            )
            if page:
                break
        while page and not self.over.wait(0.1):
            answer, reply = self._balanced("GET", page[1])
            if found := re.search(r"Correction (\d+)\.", reply.body):
                later = self.corrected[int(found[1]) + 1 :]
                self.ages.append((answer.at, max(answer.at - later[0], 0) if later else 0))


@dataclass
class _Reply:
    status: int
    body: str = ""
    cookies: http.cookies.SimpleCookie = field(default_factory=http.cookies.SimpleCookie)
    location: str = ""
    retry_after: bool = False
    unsent: bool = False
    why: str = ""


def _ask(port: int, method: str, path: str, form: str = "", cookies: str = "") -> _Reply:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    headers = {"Cookie": cookies} if cookies else {}
    if form:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    try:
        try:
            line.connect()
        except OSError as error:
            return _Reply(0, unsent=True, why=repr(error))
        line.request(method, path, form or None, headers)
        got = line.getresponse()
        body = got.read().decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        return _Reply(0, why=repr(error))
    finally:
        line.close()
    found: http.cookies.SimpleCookie = http.cookies.SimpleCookie()
    for value in got.headers.get_all("Set-Cookie") or []:
        found.load(value)
    after = "Retry-After" in got.headers
    return _Reply(got.status, body, found, got.headers.get("Location", ""), after)


class _Editor:
    """One who is logged in, and keeps what the site gives to keep."""

    ADD = "/admin/negotiations/topic/add/"

    def __init__(self, load: Load) -> None:
        self.load = load
        self.kept: dict[str, str] = {}
        self.fields: dict[str, str] = {}

    def _go(
        self, method: str, path: str, form: dict[str, str] | None = None
    ) -> tuple[Answer, _Reply]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.kept.items())
        body = urlencode(form) if form else ""
        answer, reply = self.load._balanced(method, path, form=body, cookies=cookies)
        for name, morsel in reply.cookies.items():
            self.kept[name] = morsel.value
        return answer, reply

    def add(self, name: str) -> Answer | None:
        """Send a new topic; None where not even the form could be had."""
        if not self.fields and not self._open_form():
            return None
        slug = name.replace(" ", "-")
        answer, reply = self._go("POST", self.ADD, self.fields | {"name": name, "slug": slug})
        if answer.status == 302 and "/login/" not in reply.location:
            return answer
        self.fields = {}  # begin anew: the session may have gone, or the form was not to its liking
        if answer.status in (200, 302):
            self.load.wrong[f"write: {_said(reply)}"] = 1
        return answer if answer.status != 302 else None

    def _open_form(self) -> bool:
        answer, reply = self._go("GET", self.ADD)
        if answer.status == 302:
            _, reply = self._go("GET", reply.location)
            token = _token(reply.body)
            form = {"username": "cluster", "password": PASSWORD, "csrfmiddlewaretoken": token}
            self._go("POST", "/admin/login/?next=" + self.ADD, form)
            answer, reply = self._go("GET", self.ADD)
        if answer.status != 200:
            return False
        hidden = re.findall(
            r'<input type="hidden" name="([\w-]+)"(?: value="([^"]*)")?', reply.body
        )
        self.fields = dict(hidden) | {"position": "0", "status": "draft"}
        self.fields["csrfmiddlewaretoken"] = _token(reply.body)
        return True

    def misses(self, name: str) -> bool:
        answer, reply = self._go("GET", "/admin/negotiations/topic/?" + urlencode({"q": name}))
        return answer.status == 200 and f">{name}<" not in reply.body


def _token(body: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', body)
    return found[1] if found else ""


def _said(reply: _Reply) -> str:
    return re.sub(r"<[^>]+>|\s+", " ", reply.body)[:300] or reply.location
