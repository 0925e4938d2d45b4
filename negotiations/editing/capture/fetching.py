"""Fetches a page from the web for an editor, and from nowhere but the public web."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import time
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPException, responses
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit, urlunsplit

import certifi
from django.core.exceptions import ValidationError
from django.utils.encoding import iri_to_uri
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from negotiations.editing.capture.reading import BIGGEST, TOO_BIG
from negotiations.models.sources import WEB_ADDRESS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from urllib3.response import BaseHTTPResponse

SECONDS = 30  # that one page may take, redirects and all
PATIENCE = 10  # seconds without a byte
MOST_REDIRECTS = 5
REDIRECTS = {301, 302, 303, 307, 308}
PORTS = {80, 443}
HEADERS = {
    "User-Agent": "Mozilla/5.0 (compatible; Readout; an editor reads one page)",
    "Accept": "text/html, application/pdf, text/plain;q=0.9, */*;q=0.5",
    "Accept-Encoding": "gzip, deflate",
}
# IPv6 addresses that carry an IPv4 address to which a translator would pass them on.
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# Out of use, and public to Python: where somebody still uses them, it is inside.
RETIRED = (ipaddress.IPv6Network("fec0::/10"), ipaddress.IPv4Network("192.88.99.0/24"))

PASTE = "Open it in a browser, copy the words and paste them."


class Unreachable(Exception):
    """The page can't be had; the message is a sentence for the editor."""


@dataclass(frozen=True)
class Page:
    """What was found; `url` is where, after all redirects."""

    content: bytes
    media_type: str
    charset: str
    url: str


def fetch(address: str) -> Page:
    """Get the page at a web address of the public internet.

    Raises:
        Unreachable: says why not, and what to do about it.
    """
    deadline = time.monotonic() + SECONDS
    for _ in range(MOST_REDIRECTS + 1):
        target = _target(address)
        try:
            with closing(_connect(target)) as connection, _hung_up_at(deadline, connection):
                found = _ask(connection, target)
                if time.monotonic() > deadline:
                    raise TimeoutError
        except (HTTPError, HTTPException, OSError, ValueError) as error:
            raise Unreachable(_why(error, late=time.monotonic() > deadline)) from error
        if isinstance(found, Page):
            return found
        address = urljoin(target.url, found)
    raise Unreachable(f"This address leads on and on, more than {MOST_REDIRECTS} times. {PASTE}")


@dataclass(frozen=True)
class Target:
    """A checked web address, in parts."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def url(self) -> str:
        default = {"http": 80, "https": 443}[self.scheme] == self.port
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}{'' if default else f':{self.port}'}{self.path}"


def _target(address: str) -> Target:
    try:
        parts = urlsplit(address.strip())
        WEB_ADDRESS(address.strip())
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = parts.port or {"http": 80, "https": 443}[parts.scheme.lower()]
    except (ValueError, KeyError, UnicodeError, ValidationError) as error:
        raise Unreachable(
            "This is no web address. Write it as in a browser: https://example.org/page"
        ) from error
    if parts.username or parts.password:
        raise Unreachable("Leave name and password out of the address: it will be public.")
    path = iri_to_uri(urlunsplit(("", "", parts.path or "/", parts.query, "")))
    return Target(parts.scheme.lower(), host, port, path)


def may_reach(ip: str, port: int) -> bool:
    """Is this an address of the public internet, at one of the web's ports?"""
    address: ipaddress.IPv4Address | ipaddress.IPv6Address = ipaddress.ip_address(ip)
    inner: list[ipaddress.IPv4Address | None] = []
    if isinstance(address, ipaddress.IPv6Address):
        inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if address in NAT64:
            inner.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if address.ipv4_mapped:
            address = address.ipv4_mapped
    every = [address, *(each for each in inner if each)]
    return port in PORTS and all(
        each.is_global
        and not each.is_multicast
        and not each.is_reserved
        and not any(each in network for network in RETIRED)
        for each in every
    )


def addresses_of(host: str, port: int) -> list[str]:
    """The IP addresses behind a name."""
    return [str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def _connect(target: Target) -> HTTPConnection:
    """A connection to an address that was checked: the name is not looked up a second time."""
    try:
        addresses = addresses_of(target.host, target.port)
    except (OSError, UnicodeError) as error:
        raise Unreachable(
            f"There is no site “{target.host}”. Compare the address with the browser’s."
        ) from error
    if not addresses or not all(may_reach(ip, target.port) for ip in addresses):
        raise Unreachable(
            f"“{target.host}” is not on the public web, and is not fetched from here. {PASTE}"
        )
    if target.scheme == "http":
        return HTTPConnection(addresses[0], target.port, timeout=PATIENCE)
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return HTTPSConnection(
        addresses[0],
        target.port,
        timeout=PATIENCE,
        ssl_context=context,
        server_hostname=target.host,
        assert_hostname=target.host,
    )


@contextmanager
def _hung_up_at(deadline: float, connection: HTTPConnection) -> Iterator[None]:
    """Connect, and hang up at the deadline: the socket's own patience begins anew with every byte."""
    done = threading.Event()
    # The connection lets go of its socket when the answer is the last on it.
    line: list[socket.socket] = []

    def watch() -> None:
        wait = deadline - time.monotonic()
        while not done.wait(max(wait, 0.1)):
            wait = 0
            for each in filter(None, (*line, connection.sock)):
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        connection.connect()
        line.append(connection.sock)
        yield
    finally:
        done.set()
        watcher.join()


def _ask(connection: HTTPConnection, target: Target) -> Page | str:
    """The page, or where it is to be found instead."""
    host = urlsplit(target.url).netloc
    connection.request("GET", target.path, headers={"Host": host, **HEADERS}, preload_content=False)
    response = connection.getresponse()
    location = response.headers.get("Location")
    if response.status in REDIRECTS and location:
        return location
    if response.status != 200:
        name = responses.get(response.status, "")
        raise Unreachable(f"The site answers “{response.status} {name}”, not with a page. {PASTE}")
    media_type, _, rest = response.headers.get("Content-Type", "").partition(";")
    charset = rest.partition("charset=")[2].split(";")[0].strip(" \"'")
    return Page(_body(response), media_type.strip().lower(), charset, target.url)


def _body(response: BaseHTTPResponse) -> bytes:
    """The unpacked content, read bit by bit so that no answer fills the memory."""
    content = bytearray()
    while chunk := response.read1(64 * 1024, decode_content=True):
        content += chunk
        if len(content) > BIGGEST:
            raise Unreachable(TOO_BIG)
    return bytes(content)


def _why(error: Exception, *, late: bool) -> str:
    if late or isinstance(error, TimeoutError) or "timed out" in str(error):
        return f"The site takes too long to answer. {PASTE}"
    if isinstance(error, ssl.SSLError) or "SSL" in type(error).__name__:
        return f"The site’s certificate can’t be trusted. {PASTE}"
    return f"The site can’t be reached, or breaks off. {PASTE}"
