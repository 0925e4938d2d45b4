"""Who came in and who did not, in the log: for whoever looks into something later.

Accounts are named by their numbers. What was typed as a name is not told: it may be a password.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from allauth.account.signals import password_changed, password_reset
from allauth.mfa import signals as factors
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from negotiations.limits import address_of
from negotiations.models import User

if TYPE_CHECKING:
    from django.http import HttpRequest

log = logging.getLogger("readout.security")


def tell(act: str, request: HttpRequest | None, user: Any = None, *, good: bool = True) -> None:
    who = f"account {user.pk}" if user and user.pk else "no account"
    where = address_of(request) if request else "no address"
    log.log(logging.INFO if good else logging.WARNING, "%s: %s, from %s", act, who, where)


@receiver(user_logged_in)
def _in(request: HttpRequest, user: User, **kwargs: Any) -> None:
    tell("logged in", request, user)


@receiver(user_logged_out)
def _out(request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    tell("logged out", request, user)


@receiver(user_login_failed)
def _failed(credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any) -> None:
    name = str(credentials.get("username") or "")[:150].replace("\0", "")
    tell("log-in failed", request, User.objects.filter(username__iexact=name).first(), good=False)


@receiver(factors.authentication_failed)
def _wrong_code(request: HttpRequest, user: User, **kwargs: Any) -> None:
    tell("second factor refused", request, user, good=False)


@receiver(factors.authenticator_added)
def _factor_added(request: HttpRequest, user: User, **kwargs: Any) -> None:
    tell("second factor set up", request, user)


@receiver([factors.authenticator_removed, factors.authenticator_reset])
def _factor_changed(request: HttpRequest, user: User, **kwargs: Any) -> None:
    tell("second factor removed or made anew", request, user)


@receiver([password_changed, password_reset])
def _new_password(request: HttpRequest, user: User, **kwargs: Any) -> None:
    tell("password changed", request, user)
