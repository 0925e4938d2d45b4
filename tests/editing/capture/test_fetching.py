"""Pages are fetched from the public web, within bounds, and from nowhere else."""

from __future__ import annotations

import gzip
import re
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from negotiations.editing.capture import fetching
from negotiations.editing.capture.fetching import Unreachable, fetch, may_reach

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Site(BaseHTTPRequestHandler):
    """A site that does as the tests tell it, by path."""

    pages: ClassVar[dict[str, Callable[[Site], None]]] = {}
    asked: ClassVar[list[tuple[str, str]]] = []

    def do_GET(self) -> None:
        self.asked.append((self.headers["Host"], self.path))
        try:
            self.pages[self.path](self)
        except OSError:
            self.close_connection = True

    def give(self, content: bytes = b"", status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A site that stands for the public web: its own address alone may be reached."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    Site.pages, Site.asked = {}, []
    port = server.server_port
    monkeypatch.setattr(
        fetching, "may_reach", lambda ip, p: (ip, p) == ("127.0.0.1", port) or may_reach(ip, p)
    )
    yield f"http://localhost.test:{port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(autouse=True)
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """The names that there are; the network is not asked."""
    known = {"localhost.test": ["127.0.0.1"]}

    def look_up(host: str, port: int) -> list[str]:
        if not (found := known.get(host) or re.findall(r"^(?:[\d.]+|[0-9a-f:]+)$", host)):
            raise socket.gaierror("unknown")
        return found

    monkeypatch.setattr(fetching, "addresses_of", look_up)
    return known


def refused(sentence: str) -> Any:
    return pytest.raises(Unreachable, match=re.escape(sentence))


def page(content: bytes = b"Words", **headers: str) -> Callable[[Site], None]:
    return lambda site: site.give(content, **{"Content_Type": "text/plain", **headers})


def test_a_page_is_fetched_with_what_it_says_it_is(site: str) -> None:
    Site.pages["/a?b=%D0%B6"] = page(
        "Привет".encode("cp1251"), Content_Type="Text/Plain; charset=cp1251"
    )
    found = fetch(f"{site}/a?b=ж#part")
    assert found.content.decode("cp1251") == "Привет"
    assert (found.media_type, found.charset) == ("text/plain", "cp1251")
    assert found.url == f"{site}/a?b=%D0%B6"
    assert Site.asked[0][0] == site.removeprefix("http://")


def test_redirects_are_followed_to_where_the_page_is(site: str) -> None:
    Site.pages["/old"] = lambda s: s.give(status=301, Location="/new")
    Site.pages["/new"] = page(b"here")
    found = fetch(f"{site}/old")
    assert (found.content, found.url) == (b"here", f"{site}/new")


def test_packed_pages_are_unpacked(site: str) -> None:
    Site.pages["/"] = page(gzip.compress(b"packed"), Content_Encoding="gzip")
    assert fetch(site).content == b"packed"


def test_a_redirect_to_a_private_address_is_not_followed(site: str) -> None:
    Site.pages["/"] = lambda s: s.give(status=302, Location="http://10.0.0.1/secret")
    with refused("not on the public web"):
        fetch(site)


def test_a_redirect_to_another_scheme_is_not_followed(site: str) -> None:
    Site.pages["/"] = lambda s: s.give(status=302, Location="file:///etc/passwd")
    with refused("no web address"):
        fetch(site)


def test_redirects_without_end_are_given_up(site: str) -> None:
    Site.pages["/"] = lambda s: s.give(status=302, Location="/")
    with refused("leads on and on"):
        fetch(site)
    assert len(Site.asked) == fetching.MOST_REDIRECTS + 1


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104
        "224.0.0.1",
        "255.255.255.255",
        "[::1]",
        "[::]",
        "[fe80::1]",
        "[fc00::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:10.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
    ],
)
def test_addresses_that_are_not_public_are_not_asked(
    host: str, names: dict[str, list[str]]
) -> None:
    plain = host.strip("[]")
    assert not may_reach(plain, 80)
    names["inside.test"] = [plain]
    for address in (f"http://{host}/", "http://inside.test/"):
        with pytest.raises(Unreachable):
            fetch(address)


def test_public_addresses_are_asked_at_the_web_s_ports() -> None:
    assert may_reach("93.184.215.14", 443)
    assert may_reach("2606:2800:21f:cb07:6820:80da:af6b:8b2c", 80)
    assert not may_reach("93.184.215.14", 22)


def test_a_name_with_one_private_address_among_public_ones_is_not_asked(
    names: dict[str, list[str]],
) -> None:
    names["both.test"] = ["93.184.215.14", "127.0.0.1"]
    with refused("“both.test” is not on the public web"):
        fetch("http://both.test/")


def test_the_name_is_looked_up_once(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that shows another address at the second look gains nothing."""
    Site.pages["/"] = page()
    look_up, asked = socket.getaddrinfo, []

    def noted(host: str, *args: Any, **options: Any) -> Any:
        asked.append(host)
        return look_up(host, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", noted)
    fetch(site)
    assert set(asked) <= {"127.0.0.1"}


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("", "no web address"),
        ("ftp://example.org/", "no web address"),
        ("javascript:alert(1)", "no web address"),
        ("http://", "no web address"),
        ("http://example.org:port/", "no web address"),
        ("http://example.org:99999/", "no web address"),
        ("http://user:secret@example.org/", "name and password"),
        ("http://nowhere.test/", "There is no site “nowhere.test”"),
    ],
)
def test_what_is_no_address_is_refused_with_a_sentence(address: str, sentence: str) -> None:
    with refused(sentence):
        fetch(address)


def test_a_missing_page_is_told(site: str) -> None:
    Site.pages["/"] = lambda s: s.give(b"gone", status=404)
    with refused("“404 Not Found”"):
        fetch(site)


def test_a_page_without_end_is_cut_off(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "BIGGEST", 100_000)

    def endless(s: Site) -> None:
        s.send_response(200)
        s.end_headers()
        while True:
            s.wfile.write(b"words " * 10_000)

    Site.pages["/"] = endless
    with refused("larger than"):
        fetch(site)


def test_a_packed_page_is_bounded_by_what_it_unpacks_to(
    site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "BIGGEST", 100_000)
    Site.pages["/"] = page(gzip.compress(b"0" * 10_000_000), Content_Encoding="gzip")
    with refused("larger than"):
        fetch(site)


def _drip(s: Site, piece: bytes) -> None:
    for _ in range(1_000):
        s.wfile.write(piece)
        s.wfile.flush()
        time.sleep(0.02)


def _slow_words(s: Site) -> None:
    s.send_response(200)
    s.end_headers()
    _drip(s, b"w")


def _slow_headers(s: Site) -> None:
    s.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
    _drip(s, b"x")


@pytest.mark.parametrize("slow", [_slow_words, _slow_headers])
def test_a_page_that_drips_is_given_up(
    site: str, monkeypatch: pytest.MonkeyPatch, slow: Callable[[Site], None]
) -> None:
    monkeypatch.setattr(fetching, "SECONDS", 0.5)
    Site.pages["/"] = slow
    with refused("takes too long"):
        fetch(site)


def test_a_site_that_is_silent_is_given_up(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "PATIENCE", 0.2)
    Site.pages["/"] = lambda s: time.sleep(1)
    with refused("takes too long"):
        fetch(site)


def test_a_page_that_breaks_off_is_not_taken_for_whole(site: str) -> None:
    def broken(s: Site) -> None:
        s.send_response(200)
        s.send_header("Content-Length", "1000")
        s.end_headers()
        s.wfile.write(b"half")

    Site.pages["/"] = broken
    with refused("breaks off"):
        fetch(site)


def test_what_is_no_web_server_is_told(site: str) -> None:
    Site.pages["/"] = lambda s: s.wfile.write(b"SSH-2.0-OpenSSH\r\n")
    with refused("can’t be reached, or breaks off"):
        fetch(site)


def test_a_certificate_that_nobody_knows_is_not_trusted(site: str) -> None:
    """The site speaks no TLS at all: the connection ends before anything is asked."""
    with refused("Open it in a browser"):
        fetch(site.replace("http:", "https:") + "/")
