"""How lines of the log are written: in one line each, and without the secrets that addresses hold."""

from __future__ import annotations

import logging
import re
import time

# What follows in these addresses opens something to whoever has it: from letters and invitations.
OPENING = re.compile(
    r"(/admin/invitation/|/admin/account/password/reset/key/|/follow/(?:confirm|manage|stop)/)"
    r"[^/\s?#\"'<>]+"
)
# Tokens of tools, however they came into a sentence.
TOKEN = re.compile(r"readout_[A-Za-z0-9_-]{20,}")
MASK = "•••"
# What would let a visitor write a line of their own, or hide one.
BREAKS = str.maketrans({"\r": "\\r", "\n": "\\n", "\x1b": "\\x1b", "\x85": " ", "\u2028": " "})


def discreet(text: str) -> str:
    """The same without what opens something."""
    return TOKEN.sub(f"readout_{MASK}", OPENING.sub(rf"\g<1>{MASK}", text))


class Discreet(logging.Formatter):
    """A line as it may be kept: times in UTC, what visitors send in one line, no secrets.

    A traceback has its lines; all of it is looked through for secrets.
    """

    converter = staticmethod(time.gmtime)

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name}: {message}", "%Y-%m-%dT%H:%M:%SZ", "{")

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = record.message.translate(BREAKS)
        return super().formatMessage(record)

    def format(self, record: logging.LogRecord) -> str:
        return discreet(super().format(record))
