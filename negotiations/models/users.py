"""Who may come in, and who is asked to."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Self

from django.contrib.auth.models import AbstractUser, Permission
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

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
            ("invite_people", "Can invite people to the desk"),
        )
        constraints = (
            # Who logs in may write the name in any case, so the case can't tell two apart.
            models.UniqueConstraint(
                Lower("username"),
                name="user_name_in_any_case",
                violation_error_message="Another account has this user name. Choose another.",
            ),
        )

    def clean(self) -> None:
        super().clean()
        self.email = self.email.lower()  # as the password reset looks it up


class Role(models.TextChoices):
    """What an invited person will do; the name of the group."""

    EDITOR = EDITORS, "editor: drafts and sends to review"
    REVIEWER = REVIEWERS, "reviewer: publishes and takes back, too"


def may_invite(user: AbstractUser) -> bool:
    return bool(user.is_active and user.is_staff and user.has_perm("negotiations.invite_people"))


def roles_to_give(user: AbstractUser) -> list[Role]:
    """The roles into which this user may invite: those that grant nothing that the user lacks."""
    if not may_invite(user):
        return []
    held = user.get_all_permissions()
    return [role for role in Role if _rights(role) <= held]


def _rights(role: Role) -> set[str]:
    rights = Permission.objects.filter(group__name=role).values_list(
        "content_type__app_label", "codename"
    )
    return {f"{app}.{codename}" for app, codename in rights}


class InvitationQuerySet(models.QuerySet):
    def open(self) -> Self:
        """Neither used nor revoked; perhaps expired."""
        return self.filter(accepted_at=None, revoked_at=None)

    def with_token(self, token: str) -> Self:
        return self.filter(token_hash=hash_of(token))


class Invitation(models.Model):
    """The one way to an account: a link for one person, for some days, kept as a hash only."""

    LASTS = dt.timedelta(days=7)

    name = models.CharField(max_length=150)
    email = models.EmailField("e-mail")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.EDITOR)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="invitations", editable=False
    )
    invited_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)
    accepted_at = models.DateTimeField(null=True, editable=False)
    account = models.OneToOneField(
        User, on_delete=models.SET_NULL, null=True, editable=False, related_name="invitation"
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="invitation_ends_once",
                condition=models.Q(revoked_at=None) | models.Q(accepted_at=None),
            ),
            models.CheckConstraint(
                name="invitation_account_only_if_accepted",
                condition=models.Q(account=None) | models.Q(accepted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="invitation_role_is_known", condition=models.Q(role__in=Role.values)
            ),
            models.UniqueConstraint(
                Lower("email"),
                name="invitation_one_open_for_an_address",
                condition=models.Q(accepted_at=None, revoked_at=None),
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"

    @property
    def expired(self) -> bool:
        return self.expires_at <= timezone.now()

    def hindrance(self) -> str:
        """Why the link can't be used, as a sentence for who followed it; empty if it can."""
        if self.accepted_at:
            return "This invitation was used: the account is made. Log in with it."
        if self.revoked_at:
            return "This invitation was taken back."
        if self.expired:
            return f"This invitation ended on {self.expires_at:%-d %B %Y}."
        if self.role not in roles_to_give(self.invited_by):
            return "Who sent this invitation may no longer give this role."
        return ""


def hash_of(token: str) -> str:
    """What is kept of a link's token. It is random and long, so a plain hash can't be undone."""
    return hashlib.sha256(token.encode()).hexdigest()
