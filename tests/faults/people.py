"""Who meets the faults: readers who go from page to page, and editors who save again and again."""

from __future__ import annotations

import html
import http.client
import itertools
import re
import secrets
import threading
import time
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Iterator

PASSWORD = "walrus-heron-vole-71"
PATIENCE = 30  # seconds that a browser would wait here
BULK = 10_000  # bytes that each save needs room for
PAUSE = 0.02  # seconds from page to page
HEADERS = {"Accept-Encoding": "identity"}


@dataclass
class Answer:
    """What came of one request."""

    begun: float
    ended: float
    outcome: str  # fresh, last seen, 503, saved, given back, lost, or bad
    what: str = ""


@dataclass
class Person(threading.Thread):
    port: int
    number: int
    answers: list[Answer] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)
        self.client: http.client.HTTPConnection | None = None
        self.cookies: dict[str, str] = {}

    __hash__ = threading.Thread.__hash__

    def ask(self, method: str, path: str, form: dict[str, Any] | None = None) -> tuple[Any, str]:
        """The answer and its text; a connection that was kept open and died is opened once more."""
        headers = HEADERS | {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        body = urlencode(form) if form else None
        if form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if self.client is None:
            self.client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            self.client.request(method, path, body, headers)
            response = self.client.getresponse()
            text = response.read().decode()
        except (OSError, http.client.HTTPException):
            self.client.close()
            self.client = None
            raise
        for line in response.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return response, text

    def note(self, begun: float, outcome: str, what: str = "") -> None:
        self.answers.append(Answer(begun, time.monotonic(), outcome, what))


class Reader(Person):
    """Reads the same pages as others do, and now and then one that nobody has read."""

    def __init__(self, port: int, number: int, pages: list[str]) -> None:
        super().__init__(port, number)
        self.pages = pages

    def run(self) -> None:
        for path in self._path():
            if self.stopped.wait(PAUSE):
                return
            begun = time.monotonic()
            try:
                response, text = self.ask("GET", path)
            except (OSError, http.client.HTTPException) as error:
                self.note(begun, "lost", f"{path}: {error!r}")
                continue
            self.note(begun, *_told(response, text, path))

    def _path(self) -> Iterator[str]:
        for number in itertools.count():
            yield self.pages[(number * 7 + self.number) % len(self.pages)]
            if number % 5 == 0:
                yield f"/search/?q=talks+-x{self.number}x{number}"


def _told(response: Any, text: str, path: str) -> tuple[str, str]:
    where = f"{path}: {response.status}"
    if "Traceback" in text or response.status not in (200, 503):
        return "bad", where
    if response.status == 503:
        return ("503", where) if response.getheader("Retry-After") else ("bad", where)
    if "database-away" in (response.getheader("Cache-Status") or ""):
        is_marked = "As it was on" in text and "no-store" in response.getheader("Cache-Control")
        return ("last seen", where) if is_marked else ("bad", f"{where}, unmarked")
    return "fresh", where


class Editor(Person):
    """Saves a person with two offices, all with the same number: what is half written is seen by it."""

    def __init__(self, port: int, number: int, person: int) -> None:
        super().__init__(port, number)
        self.person = person
        self.path = f"/admin/negotiations/person/{person}/change/"
        self.saved: list[int] = []
        self.open: dict[str, str] = {}
        self.numbers = itertools.count(1)

    def log_in(self) -> None:
        _, page = self.ask("GET", "/admin/login/")
        form = {"username": "root", "password": PASSWORD} | {
            "csrfmiddlewaretoken": _fields(page)["csrfmiddlewaretoken"]
        }
        response, _ = self.ask("POST", "/admin/login/?next=/admin/", form)
        if response.status != 302:
            raise RuntimeError("the editor can't log in")

    def run(self) -> None:
        while not self.stopped.wait(PAUSE * 5):
            begun = time.monotonic()
            try:
                response, page = self.ask("GET", self.path)
            except (OSError, http.client.HTTPException) as error:
                self.note(begun, "lost", f"GET: {error!r}")
                continue
            if response.status != 200:
                self.note(begun, *_told(response, page, "GET form"))
            else:
                self.open = _fields(page)
            if self.open:  # from before the fault, too
                self._save(dict(self.open))

    def _save(self, form: dict[str, str]) -> None:
        number = next(self.numbers)
        form |= {"description": f"Save {number}.\n\n{secrets.token_hex(BULK)}", "_save": "Save"}
        form |= {f"appointments-{row}-office": f"Office {row} of save {number}" for row in (0, 1)}
        begun = time.monotonic()
        try:
            response, page = self.ask("POST", self.path, form)
        except (OSError, http.client.HTTPException) as error:
            # The form is still in the browser, which shows its own page and goes back to it.
            self.note(begun, "lost", f"POST: {error!r}")
            return
        if response.status == 302 and "login" not in response.getheader("Location"):
            self.saved.append(number)
            self.note(begun, "saved")
        elif response.status == 503 and f"Save {number}." in html.unescape(page):
            outcome, what = _told(response, page, "POST")
            self.note(begun, "given back" if outcome == "503" else "bad", what)
        elif response.status == 503 and "back button" in page:
            self.note(begun, "given back", "crowded")
        elif response.status == 200 and f"Save {number}." in html.unescape(page):
            self.note(begun, "given back", "two at once")
        else:
            self.note(begun, "bad", f"POST: {response.status} {response.getheader('Location')}")


def _fields(page: str) -> dict[str, str]:
    """What the form of this page would send if nothing were changed."""
    data = {}
    for tag in re.findall(r"<input[^>]+>", page):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and not re.search(r'type="(submit|checkbox|search)"', tag):
            data[name[1]] = html.unescape(value[1]) if value else ""
    for name, body in re.findall(r'<textarea name="([^"]+)"[^>]*>\n?(.*?)</textarea>', page, re.S):
        data[name] = html.unescape(body)
    for name, body in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        if chosen := re.findall(r'<option value="([^"]*)" selected', body):
            data[name] = chosen[0]
    return {name: value for name, value in data.items() if "__prefix__" not in name}
