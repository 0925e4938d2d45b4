"""The web server itself (granian): where one request ends and the next begins, and what is too much."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = int(probe.getsockname()[1])
    server = subprocess.Popen(
        [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(free), "--workers", "1",
         "--log-level", "error", "tests.security.echo:application"],
        cwd=PROJECT,
    )  # fmt: skip
    for _ in range(600):
        assert server.poll() is None
        try:
            socket.create_connection(("127.0.0.1", free)).close()
            break
        except OSError:
            time.sleep(0.1)
    yield free
    server.terminate()
    server.wait(30)


LAST = "GET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


def send(port: int, *lines: str, body: str = "") -> str:
    """All that is answered to these bytes, and to a last request that ends the connection."""
    head = "\r\n".join([*lines, "", ""])
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        told = b""
        try:
            line.sendall((head + body + LAST).encode("latin-1"))
            while part := line.recv(65536):
                told += part
        except (ConnectionError, TimeoutError):
            pass
    return told.decode("latin-1")


HOST = "Host: x"
SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"


def test_it_answers(port: int) -> None:
    assert "[POST /a 3]" in send(port, "POST /a HTTP/1.1", HOST, "Content-Length: 3", body="abc")


@pytest.mark.parametrize(
    "headers",
    [
        ["Content-Length: 0", f"Content-Length: {len(SMUGGLED)}"],
        [f"Content-Length: {len(SMUGGLED)}", "Transfer-Encoding: xchunked"],
        [f"Content-Length: +{len(SMUGGLED)}"],
        ["Content-Length: 0x10"],
        ["Content-Length : 0"],
        ["Transfer-Encoding: chunked, identity"],
        ["Transfer-Encoding : chunked"],
    ],
)
def test_where_the_length_is_in_doubt_nothing_is_answered(port: int, headers: list[str]) -> None:
    told = send(port, "POST /a HTTP/1.1", HOST, *headers, body=SMUGGLED)
    assert "/smuggled" not in told
    assert told.startswith("HTTP/1.1 400") or told == "" or "[POST /a" in told


def test_chunks_go_before_a_length_and_end_the_connection(port: int) -> None:
    """RFC 9112, 6.3: with both, the length is not believed, and nothing that follows is."""
    both = ["Content-Length: 5", "Transfer-Encoding: chunked"]
    told = send(port, "POST /a HTTP/1.1", HOST, *both, body="0\r\n\r\n" + SMUGGLED)
    assert "[POST /a 0]" in told
    assert "/smuggled" not in told
    assert "/last" not in told


def test_too_much_of_a_head_is_refused(port: int) -> None:
    for lines in (
        ["GET /a HTTP/1.1", HOST, f"X-Long: {'x' * 2_000_000}"],
        ["GET /a HTTP/1.1", HOST, *(f"X-{n}: 1" for n in range(20_000))],
        [f"GET /{'a' * 2_000_000} HTTP/1.1", HOST],
    ):
        told = send(port, *lines)
        assert "[GET" not in told
    assert "[GET /after 0]" in send(port, "GET /after HTTP/1.1", HOST)


@pytest.mark.parametrize(
    "line", ["GET /a HTTP/9.9", "GET", "\x00\x01", "GET /a\x00b HTTP/1.1", "get http://\x7f"]
)
def test_what_is_no_request_is_refused(port: int, line: str) -> None:
    told = send(port, line, HOST)
    assert told == "" or told.startswith("HTTP/1.1 4") or told.startswith("HTTP/1.1 505")
