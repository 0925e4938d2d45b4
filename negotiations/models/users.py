"""Who may come in."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models

EDITORS, REVIEWERS = "editor", "reviewer"


class User(AbstractUser):
    """An account at the editors' desk. Readers need none."""

    must_change_password = models.BooleanField(
        "must choose a new password",
        default=False,
        help_text="Set while the password is one that somebody else knows or has seen printed.",
    )

    class Meta(AbstractUser.Meta):
        permissions = (
            ("preview_records", "Can see drafts on their pages"),
            ("publish_records", "Can publish records and take them back"),
        )
