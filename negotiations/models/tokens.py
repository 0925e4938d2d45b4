"""Tokens by which editors' tools send drafts, and what was answered to them."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from negotiations.models.users import User, hash_of
from negotiations.models.visibility import may_preview

if TYPE_CHECKING:
    import datetime as dt

START = "readout_"  # by which a token that got somewhere it shouldn't be is recognised


class Scope(models.TextChoices):
    """What a token may do: send drafts of one kind. None of them publishes."""

    SOURCES = "draft:sources", "draft sources"
    PEOPLE = "draft:people", "draft people"
    MEETINGS = "draft:meetings", "draft meetings"
    STATEMENTS = "draft:statements", "draft statements"
    ACTIONS = "draft:actions", "draft actions"
    OPEN_MATTERS = "draft:open-matters", "draft open matters"


class TokenQuerySet(models.QuerySet):
    def good(self) -> Self:
        """Neither revoked nor ended."""
        unended = models.Q(expires_at=None) | models.Q(expires_at__gt=timezone.now())
        return self.filter(unended, revoked_at=None)


class Token(models.Model):
    """A key for a tool of one editor's, kept as a hash only. It may do no more than the editor."""

    name = models.CharField("what it is for", max_length=100)
    user = models.ForeignKey(User, models.CASCADE, related_name="tokens", editable=False)
    scopes = ArrayField(
        models.CharField(max_length=30, choices=Scope.choices), verbose_name="what it may do"
    )
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField("until", null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, editable=False)
    last_used_at = models.DateTimeField(null=True, editable=False)

    objects = TokenQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="token_scopes_are_known",
                condition=models.Q(scopes__contained_by=Scope.values) & models.Q(scopes__len__gt=0),
            ),
        )

    def __str__(self) -> str:
        return self.name

    @classmethod
    def make(
        cls, user: Any, name: str, scopes: list[str], expires_at: dt.datetime | None = None
    ) -> tuple[Token, str]:
        """A new token, and the secret, which is nowhere kept."""
        secret = START + secrets.token_urlsafe(32)
        made = cls(name=name, user=user, scopes=scopes, expires_at=expires_at)
        made.token_hash = hash_of(secret)
        made.full_clean()
        made.save()
        return made, secret

    @classmethod
    def of(cls, secret: str) -> Token | None:
        """The good token with this secret, if its editor still works at the desk."""
        if not secret.startswith(START):
            return None
        found = cls.objects.good().select_related("user").filter(token_hash=hash_of(secret))
        token = found.first()
        if not token or not may_preview(token.user) or token.user.must_change_password:
            return None
        return token

    def note_use(self) -> None:
        cls = type(self)
        cls.objects.filter(pk=self.pk).update(last_used_at=timezone.now())


class SentDraft(models.Model):
    """What was answered to a request with an Idempotency-Key, so that its repetition drafts nothing."""

    token = models.ForeignKey(Token, models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    answer = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["token", "key"], name="sentdraft_key_once"),)

    def __str__(self) -> str:
        return self.key

    @staticmethod
    def fingerprint_of(path: str, body: bytes) -> str:
        return hashlib.sha256(path.encode() + b"\n" + body).hexdigest()
