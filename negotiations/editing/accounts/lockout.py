"""How long failed log-ins keep an account or an address out. The counting is the library's."""

from __future__ import annotations

import ipaddress
import time

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from allauth.core.internal.ratelimit import get_cache_key, get_rates
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone

from negotiations.models import User

APP, ACTION = "allauth.account", "login_failed"


def sentence(request: HttpRequest | None = None, key: str = "") -> str:
    """Says when to try again: for a key to the minute, else the longest that it can take.

    The same words whether there is such an account or not.
    """
    seconds = _wait(request, key) if request else settings.LOCKOUT_MINUTES * 60
    minutes = max(1, -(-int(seconds) // 60))
    until = timezone.now() + timezone.timedelta(minutes=minutes)
    return (
        f"Too many attempts failed. Try again in {minutes} minute{'s' * (minutes > 1)}, "
        f"at {until:%H:%M} UTC."
    )


def _wait(request: HttpRequest, key: str) -> float:
    """Seconds until neither the account nor the address is kept out."""
    waits = [0.0]
    for rate in get_rates(app=APP, action=ACTION):
        times = cache.get(get_cache_key(request, app=APP, action=ACTION, rate=rate, key=key), [])
        if len(times) >= rate.amount:
            waits.append(times[-1] + rate.duration - time.time())
    return max(waits)


def unlock_account(request: HttpRequest, user: User) -> None:
    """Forget the failed passwords and codes of an account."""
    name = get_adapter()._get_login_attempts_cache_key(request, username=user.username)
    for key in (name, f"mfa-auth-user-{user.pk}"):
        ratelimit.clear(request, action=ACTION, key=key)


def unlock_address(address: str) -> None:
    """Forget what failed from an IP address.

    Raises:
        ValueError: if it is none.
    """
    visitor = HttpRequest()
    visitor.META["REMOTE_ADDR"] = str(ipaddress.ip_address(address))
    ratelimit.clear(visitor, action=ACTION, key="")
