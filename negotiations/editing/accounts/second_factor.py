"""Who must have a second factor (READOUT_REQUIRE_SECOND_FACTOR), and who has one."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings

from negotiations.models.visibility import may_publish

# Recovery codes are for the day when the factor itself is lost.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def is_required(user: Any) -> bool:
    if not user.is_authenticated or not settings.REQUIRE_SECOND_FACTOR:
        return False
    return settings.REQUIRE_SECOND_FACTOR == "everyone" or may_publish(user)


def is_set_up(user: Any) -> bool:
    return Authenticator.objects.filter(user=user, type__in=FACTORS).exists()


def is_missing(user: Any) -> bool:
    return is_required(user) and not is_set_up(user)
