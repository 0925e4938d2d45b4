"""What may stand in a log: nothing by which one gets in or knows who asked, and no line of a visitor's own."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from django.urls import Resolver404, resolve

if TYPE_CHECKING:
    from django.urls import ResolverMatch

MASK = "…"
SECRET_PARTS = frozenset({"key", "token", "uidb36", "uidb64"})
# Of these the value is no secret and nobody's own; of all others only the name is told.
TOLD = (
    *("a_until", "after", "before", "data", "expand", "facets", "fields", "form", "format"),
    *("frequency", "kind", "limit", "next", "o", "offset", "order", "p", "page", "party"),
    *("process", "range", "sort", "status", "topic", "year"),
)
PLAIN_NAME = re.compile(r"[a-z][a-z0-9_-]{0,30}\Z", re.IGNORECASE)
PLAIN_VALUE = re.compile(r"[\w.,:-]{0,40}\Z")
LONGEST = 300


@lru_cache(maxsize=4096)
def view_of(path: str) -> ResolverMatch | None:
    """Which view has this address, where nobody has looked it up yet: pages that were kept."""
    try:
        return resolve(path)
    except Resolver404:
        return None


def masked_path(path: str, match: ResolverMatch | None) -> str:
    """The address without tokens; where no view has it, without all that is long enough for one."""
    # Admin has a view for all that it does not know.
    if match and "url" not in match.kwargs:
        for name, value in match.kwargs.items():
            if name in SECRET_PARTS:
                path = path.replace(str(value), MASK)
        return path
    parts = path[:LONGEST].split("/")
    return "/".join(MASK if len(part) >= 20 or "@" in part else part for part in parts)


def masked_query(query: str) -> str:
    """The names of what was asked, with the values of those that are told: `q=…&page=2`."""
    if not query:
        return ""
    told = [_told(name, value) for name, value in parse_qsl(query[:2000], keep_blank_values=True)]
    return "&".join(told)[:LONGEST]


def _told(name: str, value: Any) -> str:
    if not PLAIN_NAME.match(name):
        return MASK
    return f"{name}={value if name in TOLD and PLAIN_VALUE.match(value) else MASK}"


# --- What others say, with addresses in it ---

# What follows in these addresses opens something to whoever has it: from letters and invitations.
OPENING = re.compile(
    r"(/admin/invitation/|/admin/account/password/reset/key/|/follow/(?:confirm|manage|stop)/)"
    r"[^/\s?#\"'<>]+"
)
# Tokens of tools, however they came into a sentence.
TOKEN = re.compile(r"readout_[A-Za-z0-9_-]{20,}")
OPENED = "•••"
# What would let a visitor write a line of their own, or hide one.
BREAKS = str.maketrans({"\r": "\\r", "\n": "\\n", "\x1b": "\\x1b", "\x85": " ", "\u2028": " "})


def discreet(text: str) -> str:
    """The same without what opens something."""
    return TOKEN.sub(f"readout_{OPENED}", OPENING.sub(rf"\g<1>{OPENED}", text))


def in_one_line(text: str) -> str:
    """What a visitor sent, without an end at which a line of their own would begin."""
    return text.translate(BREAKS)
