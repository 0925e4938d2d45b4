"""Kept pages that all processes and machines share, in Redis or Valkey, where READOUT_CACHE_URL names one.

A page lies under the state that it was made in, the code that made it and the site's key: what asks
for another state can't find it. It is a convenience: dead, slow or full, pages are made without it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import time
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpResponse
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

logger = logging.getLogger(__name__)
LONGEST = 0.25  # seconds that it may take; to make a page takes little more
LEFT_ALONE = 5.0  # seconds, after it failed
KEPT = 60 * 60 * 24  # seconds; states of more than a day ago are no state of today
SEAL = 16  # bytes


class SharedPages:
    """The store, as one process sees it."""

    def __init__(self, url: str) -> None:
        self.store = Redis.from_url(
            url,
            socket_timeout=LONGEST,
            socket_connect_timeout=LONGEST,
            retry=Retry(NoBackoff(), 0),
        )
        self.again_at = 0.0

    def get(self, key: tuple[Any, ...], state: Any) -> HttpResponse | None:
        name = _name(key, state)
        sealed = self._ask("GET", name)
        if not sealed:
            return None
        seal, text = sealed[:SEAL], sealed[SEAL:]
        # Who can write there is not thereby one who may write our pages.
        if not hmac.compare_digest(seal, _seal(name, text)):
            return None
        head, _, content = text.partition(b"\n")
        page = HttpResponse(content)
        page.headers = HttpResponse(headers=json.loads(head)).headers
        return page

    def put(self, key: tuple[Any, ...], state: Any, page: HttpResponse) -> None:
        name = _name(key, state)
        text = json.dumps(dict(page.items())).encode() + b"\n" + page.content
        self._ask("SET", name, _seal(name, text) + text, "EX", KEPT)

    def _ask(self, *command: Any) -> Any:
        """What it answers; None where it does not, and for a while after that."""
        if time.monotonic() < self.again_at:
            return None
        try:
            answer = self.store.execute_command(*command)
        except (RedisError, OSError) as error:
            # Not the error: it may hold the address with its password.
            logger.warning("The shared cache does not answer: %s", type(error).__name__)
            self.again_at = time.monotonic() + LEFT_ALONE
            return None
        return answer


def _name(key: tuple[Any, ...], state: Any) -> str:
    told = repr((_code(), key, state)).encode()
    return f"readout:page:{hashlib.blake2b(told, digest_size=20, key=_secret()).hexdigest()}"


def _seal(name: str, text: bytes) -> bytes:
    seal = hashlib.blake2b(name.encode(), digest_size=SEAL, key=_secret())
    seal.update(text)
    return seal.digest()


def _secret() -> bytes:
    return hashlib.blake2b(settings.SECRET_KEY.encode()).digest()


@cache
def _code() -> str:
    """What pages are made by: those of the version before are not for this one."""
    digest = hashlib.blake2b(digest_size=16)
    for path in sorted(_files(settings.BASE_DIR)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _files(base: Path) -> Iterable[Path]:
    yield base / "uv.lock"
    yield from (base / "negotiations").rglob("*.py")
    for folder in ("templates", "static", "locale"):
        yield from (path for path in (base / folder).rglob("*") if path.is_file())
