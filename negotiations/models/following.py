"""Who follows what by e-mail, and the letters that go out. No records: no history keeps an address.

An address is here as long as it follows something, or as it may still confirm that it wants to.
"""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from negotiations.languages import ENGLISH, LANGUAGES, pgettext_lazy


class Follower(models.Model):
    """An e-mail address that follows something, or was asked whether it wants to."""

    address = models.EmailField(unique=True)
    asked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="follower_address_is_folded", condition=Q(address=Lower("address"))
            ),
        )

    def __str__(self) -> str:
        return self.masked

    @property
    def masked(self) -> str:
        """The address as an operator sees it: enough to tell one from another, too little to use."""
        name, _, domain = self.address.rpartition("@")
        return f"{name[:1]}…@{domain[:1]}….{domain.rpartition('.')[2]}"


class SubscriptionQuerySet(models.QuerySet):
    def confirmed(self) -> SubscriptionQuerySet:
        return self.filter(confirmed_at__isnull=False)


class Subscription(models.Model):
    """What a follower wants to hear of, and how often: a record, a search, or corrections."""

    class What(models.TextChoices):
        RECORD = "record", "record"
        SEARCH = "search", "search"
        CHANGES = "changes", "corrections"

    class Frequency(models.TextChoices):
        DAILY = "daily", pgettext_lazy("how often", "daily")
        WEEKLY = "weekly", pgettext_lazy("how often", "weekly")

    # How long a link to confirm works, and the address is kept for it.
    LASTS = dt.timedelta(days=3)

    follower = models.ForeignKey(Follower, models.CASCADE, related_name="subscriptions")
    what = models.CharField(max_length=10, choices=What.choices)
    which = models.CharField(
        max_length=2000, blank=True, help_text="“process-12”, or the part of an address after ?."
    )
    frequency = models.CharField(max_length=10, choices=Frequency.choices, default=Frequency.WEEKLY)
    # That of its letters. The database knows the default for versions that know no language.
    language = models.CharField(
        max_length=10,
        choices=[(each.code, each.name) for each in LANGUAGES.values()],
        default=ENGLISH,
        db_default=ENGLISH,
    )
    asked_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True)
    told_until = models.DateTimeField(null=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["follower", "what", "which"], name="subscription_once_for_a_follower"
            ),
            models.CheckConstraint(
                name="subscription_is_told_from_its_confirmation_on",
                condition=Q(confirmed_at=None, told_until=None)
                | Q(confirmed_at__isnull=False, told_until__isnull=False),
            ),
            models.CheckConstraint(
                name="subscription_frequency_is_known",
                condition=Q(frequency__in=["daily", "weekly"]),
            ),
            models.CheckConstraint(
                name="subscription_what_is_known",
                condition=Q(what__in=["record", "search", "changes"]),
            ),
            models.CheckConstraint(
                name="subscription_language_is_known", condition=Q(language__in=list(LANGUAGES))
            ),
        )

    def __str__(self) -> str:
        return f"{self.what} {self.which}"


class LetterQuerySet(models.QuerySet):
    def waiting(self) -> LetterQuerySet:
        """Neither sent nor given up; the first to be sent first."""
        return self.filter(sent_at=None, given_up=False).order_by("not_before", "pk")


class Letter(models.Model):
    """An e-mail to be sent once: its place in the outbox. What it says is made when it is sent."""

    class Purpose(models.TextChoices):
        CONFIRMATION = "confirm", "asks to confirm"
        DIGEST = "digest", "tells what is new"

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="letters")
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    # For which day or week; of a letter that asks to confirm, the moment.
    period = models.CharField(max_length=40)
    # What is told: later than `since`, up to `until`.
    since = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    made_at = models.DateTimeField(default=timezone.now)
    not_before = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    given_up = models.BooleanField(default=False)
    # A code or the name of an error, never its text: that may hold the address.
    trouble = models.CharField(max_length=60, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["subscription", "purpose", "period"], name="letter_once_for_a_period"
            ),
            models.CheckConstraint(
                name="letter_digest_says_of_when",
                condition=Q(purpose="confirm", since=None, until=None)
                | Q(purpose="digest", since__isnull=False, until__isnull=False),
            ),
            models.CheckConstraint(
                name="letter_is_sent_or_given_up", condition=Q(sent_at=None) | Q(given_up=False)
            ),
        )
        indexes = (
            models.Index(
                fields=["not_before", "id"],
                name="letter_waiting",
                condition=Q(sent_at=None, given_up=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}: {self.period}"
