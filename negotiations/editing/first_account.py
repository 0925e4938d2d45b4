"""The first account at the editors' desk, without which nobody could log in to make others."""

from __future__ import annotations

import secrets

from django.contrib.auth.models import Group
from django.db import transaction

from negotiations.models import User
from negotiations.models.users import EDITORS, REVIEWERS

USERNAME = "editor"
# No letters or digits that are taken for one another: 31 of them, so 16 make 79 bits.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def ensure_first_account() -> str | None:
    """Make the account if nobody has one; returns its password, which is kept nowhere else."""
    if User.objects.filter(is_staff=True).exists():
        return None
    password = readable_password()
    with transaction.atomic():
        user = User.objects.create_user(
            USERNAME, password=password, is_staff=True, must_change_password=True
        )
        user.groups.set(Group.objects.filter(name__in=[EDITORS, REVIEWERS]))
    return password


def readable_password() -> str:
    """Four groups of four: quick to type, and beyond guessing."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(4))
