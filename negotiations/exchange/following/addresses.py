"""Where things are: absolute addresses that no request's Host header has a say in."""

from __future__ import annotations

from django.conf import settings


def host() -> str:
    """The site's name: the first of READOUT_HOSTS."""
    return settings.HOSTS[0].lstrip(".") if settings.HOSTS else "localhost"


def base() -> str:
    """Where the site is, without a slash at the end: for e-mails, which no request asks for."""
    return f"https://{host()}" if settings.HOSTS else "http://127.0.0.1:8000"


def tag(what: str) -> str:
    """A name that stays, whatever address leads to it (RFC 4151)."""
    return f"tag:{host()},2026:{what}"
