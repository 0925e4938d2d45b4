"""Signed links in e-mails: who has one may do what it is for, and nobody can make one up.

They hold numbers, never an address, so that none gets into the log of a server on the way.
"""

from __future__ import annotations

from django.core.signing import BadSignature, SignatureExpired, Signer, TimestampSigner
from django.db import models
from django.urls import reverse

from negotiations.exchange.following.addresses import base
from negotiations.models import Follower, Letter, Subscription

_CONFIRM = TimestampSigner(sep=".", salt="negotiations.follow.confirm")
_STOP = Signer(sep=".", salt="negotiations.follow.stop")
_MANAGE = Signer(sep=".", salt="negotiations.follow.manage")
_LETTER = Signer(sep=".", salt="negotiations.follow.letter")


class NoSuchLink(Exception):
    """The link was not made here, or what it was for is gone; `gone` says which."""

    def __init__(self, *, gone: bool) -> None:
        super().__init__()
        self.gone = gone


def to_confirm(subscription: Subscription) -> str:
    return base() + reverse("follow-confirm", args=[_CONFIRM.sign(str(subscription.pk))])


def to_stop(subscription: Subscription) -> str:
    return base() + reverse("follow-stop", args=[_STOP.sign(str(subscription.pk))])


def to_manage(follower: Follower) -> str:
    return base() + reverse("follow-manage", args=[_MANAGE.sign(str(follower.pk))])


def letter_token(letter: Letter) -> str:
    """What a letter carries, so that a report that it could not be delivered names it."""
    return _LETTER.sign(str(letter.pk))


def confirmed_by(token: str) -> Subscription:
    """What a link to confirm is for.

    Raises:
        NoSuchLink: also after the days for which it works.
    """
    try:
        pk = _CONFIRM.unsign(token, max_age=Subscription.LASTS)
    except SignatureExpired as error:
        raise NoSuchLink(gone=True) from error
    except BadSignature as error:
        raise NoSuchLink(gone=False) from error
    return _found(Subscription.objects.select_related("follower"), pk)


def stopped_by(token: str) -> Subscription:
    """What a link to stop is for.

    Raises:
        NoSuchLink: it was not made here, or that is gone.
    """
    return _found(Subscription.objects.confirmed().select_related("follower"), _read(_STOP, token))


def managed_by(token: str) -> Follower:
    """Whose subscriptions a link shows.

    Raises:
        NoSuchLink: it was not made here, or that is gone.
    """
    return _found(Follower.objects.all(), _read(_MANAGE, token))


def letter_of(token: str) -> Letter:
    """The letter that carried this token.

    Raises:
        NoSuchLink: it was not made here, or that is gone.
    """
    letters = Letter.objects.select_related("subscription__follower")
    return _found(letters, _read(_LETTER, token))


def _read(signer: Signer, token: str) -> str:
    try:
        return signer.unsign(token)
    except BadSignature as error:
        raise NoSuchLink(gone=False) from error


def _found[M: models.Model](these: models.QuerySet[M], pk: str) -> M:
    found = these.filter(pk=int(pk)).first()
    if found is None:
        raise NoSuchLink(gone=True)
    return found
