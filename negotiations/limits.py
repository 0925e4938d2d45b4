"""How much one address may ask of what is dear, counted over all processes without a write a request.

The API has a limit, so have searches and downloads. A page that is kept costs nothing and counts for
nothing: it is sent before anybody counts. A process counts by itself, and adds what it counted to a table that all see each time it makes a
fiftieth of what is allowed. So an address that asks little costs no write, and one that asks much may
get through a few in a hundred more than its due. Addresses are kept as keyed hashes only.
"""

from __future__ import annotations

import hashlib
import ipaddress
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import Error, connection, transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.html import format_html

from negotiations.languages import gettext, grouped
from negotiations.servers.reading import at_the_primary

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

MOST_ADDRESSES = 50_000
LONGEST = 24 * 60 * 60  # seconds after which no count is of any use
TABLE = """
CREATE UNLOGGED TABLE readout_api_calls (
  caller bytea, span bigint, calls integer NOT NULL, PRIMARY KEY (span, caller));
"""
ADD = """
INSERT INTO readout_api_calls AS kept (caller, span, calls) VALUES (%s, %s, %s)
ON CONFLICT (span, caller) DO UPDATE SET calls = kept.calls + excluded.calls RETURNING calls
"""
FORGET = "DELETE FROM readout_api_calls WHERE span < %s"


@dataclass
class _Count:
    """What one address asked in a span of time: what all processes told, and what we have not."""

    span: int
    told: int = 0
    untold: int = 0


@dataclass(frozen=True)
class Turn:
    """Whether it is an address's turn, and what it has left."""

    allowed: bool
    limit: int
    left: int
    seconds: int  # until it begins anew
    span: int

    def headers(self) -> dict[str, str]:
        """As draft-ietf-httpapi-ratelimit-headers has them."""
        told = {
            "RateLimit-Policy": f'"address";q={self.limit};w={self.span}',
            "RateLimit": f'"address";r={self.left};t={self.seconds}',
        }
        return told if self.allowed else told | {"Retry-After": str(self.seconds)}


class Limits:
    """This process's counts of one kind of request, which the setting of this name limits."""

    def __init__(self, setting: str) -> None:
        self.setting = setting
        self.counts: dict[bytes, _Count] = {}
        self.lock = threading.Lock()

    def turn(self, request: HttpRequest) -> Turn | None:
        """Count this request; None where nothing is limited."""
        limit, span = getattr(settings, self.setting)
        if not limit:
            return None
        now = time.time()
        place = int(now // span) * span
        caller = _caller(request, self.setting)
        with self.lock:
            count = self.counts.get(caller)
            if count is None or count.span != place:
                count = self.counts[caller] = _Count(place)
                self._forget(place)
            count.untold += 1
            used = count.told + count.untold
            untold = count.untold if used <= limit and count.untold >= max(limit // 50, 1) else 0
            count.untold -= untold
            count.told += untold
        if untold and (told := _told(caller, place, untold)):
            with self.lock:
                count.told = max(count.told, told)
                used = count.told + count.untold
        left = max(limit - used, 0)
        return Turn(used <= limit, limit, left, int(span - now % span) + 1, span)

    def _forget(self, place: int) -> None:
        if len(self.counts) > MOST_ADDRESSES:
            self.counts = {k: count for k, count in self.counts.items() if count.span == place}
        if len(self.counts) > MOST_ADDRESSES:
            # Who has so many addresses is not to be held by them; let it not take our memory, too.
            self.counts = {}


def _told(caller: bytes, place: int, calls: int) -> int:
    """What all processes counted, with ours added; 0 if the database does not say."""
    with suppress(Error), at_the_primary(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ADD, [caller, place, calls])
        total: int = cursor.fetchone()[0]
        if total == calls:
            cursor.execute(FORGET, [place - LONGEST])
        return total
    return 0


def _caller(request: HttpRequest, what: str) -> bytes:
    key = settings.SECRET_KEY.encode()[:64]
    told = f"{what} {address_of(request)}".encode()
    return hashlib.blake2b(told, digest_size=12, key=key).digest()


def address_of(request: HttpRequest) -> str:
    """Whose request it is: behind a proxy that we trust, who it says; of IPv6 the network."""
    address = request.META.get("REMOTE_ADDR") or ""
    if proxies := getattr(settings, "ALLAUTH_TRUSTED_PROXY_COUNT", 0):
        forwarded = [
            each.strip() for each in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        ]
        if len(forwarded) >= proxies:
            address = forwarded[-proxies]
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address[:100]
    if found.version == 6:
        return str(ipaddress.ip_network((found, 64), strict=False).network_address)
    return str(found)


# --- For views ---

SEARCHES = Limits("SEARCH_LIMIT")
DOWNLOADS = Limits("DOWNLOAD_LIMIT")


def limited(limits: Limits) -> Callable[[Any], Any]:
    """For a view: who asks it too often gets 429, when to come back, and why."""

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            turn = limits.turn(request)
            if turn is None or turn.allowed:
                return view(request, *args, **kwargs)
            return _too_many(request, turn, for_people=limits is SEARCHES)

        return answer

    return decorate


def _too_many(request: HttpRequest, turn: Turn, *, for_people: bool) -> HttpResponse:
    minutes = -(-turn.seconds // 60)
    sentence = gettext(
        "From your address came {limit} of these requests in {span} minutes, which are all that one "
        "has. Go on in {minutes} min."
    ).format(limit=grouped(turn.limit), span=turn.span // 60, minutes=minutes)
    if request.headers.get("HX-Request"):
        # What htmx asked for is a part of a page; a whole one would be put into its midst.
        response = HttpResponse(format_html('<p role="alert">{}</p>', sentence), status=429)
    elif for_people and "text/html" in request.headers.get("Accept", ""):
        response = render(request, "429.html", {"sentence": sentence}, status=429)
    else:
        response = HttpResponse(
            f"{sentence}\n", status=429, content_type="text/plain; charset=utf-8"
        )
    response["Retry-After"] = str(turn.seconds)
    response["Cache-Control"] = "no-store"
    return response
