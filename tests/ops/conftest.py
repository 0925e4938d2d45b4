"""Readout asked as a web server asks it, and the lines that it logs meanwhile."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote
from wsgiref.util import setup_testing_defaults

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from negotiations.operating.logs import Json
from negotiations.operating.requests import Watched


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


Ask = Callable[..., Answer]


@pytest.fixture
def ask() -> Iterator[Ask]:
    """`ask("/meetings/?page=2", method="HEAD", X_Request_ID="…")`"""
    signals = (request_started, request_finished)
    for each in signals:  # a test's connection outlives its requests
        each.disconnect(close_old_connections)
    application = Watched(WSGIHandler())

    def ask(address: str, method: str = "GET", **headers: str) -> Answer:
        path, _, query = address.partition("?")
        environ: dict[str, Any] = {
            "PATH_INFO": unquote(path),
            "QUERY_STRING": query,
            "REQUEST_METHOD": method,
            "HTTP_HOST": "testserver",
            **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
        }
        setup_testing_defaults(environ)
        began: list[Any] = []
        body = application(environ, lambda status, sent, _=None: began.append((status, sent)))
        try:
            whole = b"".join(body)
        finally:
            if close := getattr(body, "close", None):
                close()
        ((status, sent),) = began
        return Answer(int(status[:3]), {k.lower(): v for k, v in sent}, whole)

    yield ask
    for each in signals:
        each.connect(close_old_connections)


@dataclass
class Log:
    text: io.StringIO

    def lines(self, logger: str = "") -> list[dict[str, Any]]:
        told = [json.loads(line) for line in self.text.getvalue().splitlines()]
        return [line for line in told if line["logger"] == logger or not logger]

    def access(self) -> dict[str, Any]:
        """The only line about a request."""
        (line,) = self.lines("readout.access")
        return line


@pytest.fixture
def log() -> Iterator[Log]:
    """What would be written with READOUT_LOG=json."""
    kept = Log(io.StringIO())
    handler = logging.StreamHandler(kept.text)
    handler.setFormatter(Json())
    logging.getLogger().addHandler(handler)
    loggers = [logging.getLogger(name) for name in ("readout", "django.tasks")]
    before = [each.level for each in loggers]
    for each in loggers:
        each.setLevel(logging.INFO)
    yield kept
    for each, level in zip(loggers, before, strict=True):
        each.setLevel(level)
    logging.getLogger().removeHandler(handler)
