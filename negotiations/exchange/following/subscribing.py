"""Beginning and ending to follow: nobody is written to who did not ask, and nobody can find out who did."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from negotiations.exchange.following.sending import send_soon
from negotiations.languages import current
from negotiations.models import Follower, Letter, Subscription

if TYPE_CHECKING:
    from negotiations.exchange.following.subjects import Subject

# So many letters to one address that ask to confirm, within so long, whoever asks for them.
MOST_ASKED, WITHIN = 3, dt.timedelta(days=1)


@transaction.atomic
def ask(address: str, subject: Subject, frequency: str) -> None:
    """Send a letter that asks to confirm, unless that address was asked too often lately.

    The address is in small letters, so that nobody is asked twice as often in capitals. What is
    confirmed stays as it is: anybody can ask, and only its follower may change it.
    """
    now = timezone.now()
    follower = _locked(address)
    asked = Letter.objects.filter(
        subscription__follower=follower,
        purpose=Letter.Purpose.CONFIRMATION,
        made_at__gt=now - WITHIN,
    )
    if asked.count() >= MOST_ASKED:
        return
    subscription, made = Subscription.objects.get_or_create(
        follower=follower,
        what=subject.what,
        which=subject.which,
        defaults={"frequency": frequency, "language": current().code},
    )
    if not made:  # it may be confirmed at this moment
        Subscription.objects.filter(pk=subscription.pk, confirmed_at=None).update(
            frequency=frequency, language=current().code, asked_at=now
        )
    Letter.objects.create(
        subscription=subscription,
        purpose=Letter.Purpose.CONFIRMATION,
        period=now.isoformat(),
        made_at=now,
    )
    send_soon()


def _locked(address: str) -> Follower:
    """The follower with this address, made if need be, and kept from all others until we are done."""
    while True:  # it may be deleted between the two
        # Never an error with the address in it, which PostgreSQL would write into its log.
        Follower.objects.bulk_create([Follower(address=address)], ignore_conflicts=True)
        if follower := Follower.objects.select_for_update().filter(address=address).first():
            return follower


def confirm(subscription: Subscription) -> None:
    """From now on it is told what is new, in the language of the page on which it is confirmed.

    Somebody else may have asked in another since the letter came.
    """
    now = timezone.now()
    Subscription.objects.filter(pk=subscription.pk, confirmed_at=None).update(
        confirmed_at=now, told_until=now, language=current().code
    )


@transaction.atomic
def stop(which: Q) -> int:
    """End these subscriptions, and forget the addresses that follow nothing else; returns how many ended."""
    ending = Subscription.objects.filter(which)
    owners = Follower.objects.filter(pk__in=ending.values("follower")).order_by("pk")
    # Whoever asks for more at this moment comes before us or after.
    locked = [follower.pk for follower in owners.select_for_update()]
    number = ending.count()
    ending.delete()
    Follower.objects.filter(pk__in=locked, subscriptions=None).delete()
    return number


def forget(follower: Follower) -> None:
    """End all that an address follows, and so the address."""
    stop(Q(follower=follower))


def forget_unconfirmed() -> int:
    """Take away what was not confirmed in time; returns how many."""
    return stop(Q(confirmed_at=None, asked_at__lt=timezone.now() - Subscription.LASTS))
