"""Lines of the log: as text to read or as JSON to collect, each with the number of its request.

Our own formatters, for a kept page takes a quarter of a millisecond: python-json-logger took twice the
time of this one a line.
"""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime
from typing import Any

from negotiations.operating.masking import discreet, in_one_line, masked_path
from negotiations.watching import current

ADDRESS = re.compile(r"[^\s@<>\"'(=:/]+@[\w.-]+")
PASSWORD_IN_URL = re.compile(r"(\b[a-z][a-z0-9+.-]*://)[^\s/@]+@")
NAMED = re.compile(
    r"(?i)\b(password|passwd|secret|token|key|authorization|cookie)(['\"]?\s*[=:]\s*)(bearer\s+)?['\"]?[^\s,;&'\"]+"
)


def safe(text: str) -> str:
    """Without the passwords, tokens and e-mail addresses that an error's text may hold."""
    if "@" in text:
        text = ADDRESS.sub("…@…", PASSWORD_IN_URL.sub(r"\1…@", text))
    return NAMED.sub(r"\1\2…", discreet(text))


class _Safe(logging.Formatter):
    """What both have in common."""

    def said(self, record: logging.LogRecord) -> str:
        text = in_one_line(record.getMessage())
        if getattr(record, "masked", False):  # where it was made
            return text
        request = getattr(record, "request", None)
        if path := getattr(request, "path", ""):
            # Django names the address of what failed, which may have a token in it.
            text = text.replace(path, masked_path(path, getattr(request, "resolver_match", None)))
        return safe(text)

    def trouble(self, record: logging.LogRecord) -> str:
        return safe(self.formatException(record.exc_info)) if record.exc_info else ""

    def id(self, record: logging.LogRecord) -> str | None:
        watch = current()
        return watch.id if watch else None


class Text(_Safe):
    """A line to read: when, how grave, who says it, what, and the request in brackets."""

    def format(self, record: logging.LogRecord) -> str:
        when = f"{datetime.fromtimestamp(record.created, UTC):%Y-%m-%dT%H:%M:%SZ}"
        line = f"{when} {record.levelname} {record.name}: {self.said(record)}"
        if number := self.id(record):
            line += f" [{number}]"
        return f"{line}\n{trouble}" if (trouble := self.trouble(record)) else line


class Json(_Safe):
    """One JSON object a line; what a line has of its own is in keys of its own."""

    _encode = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode

    def format(self, record: logging.LogRecord) -> str:
        fields: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": self.said(record),
            "request_id": self.id(record),
        }
        fields |= getattr(record, "fields", {})
        if trouble := self.trouble(record):
            fields["exception"] = trouble
        return self._encode(fields)
