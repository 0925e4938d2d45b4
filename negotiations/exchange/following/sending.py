"""The outbox: each letter is a row, claimed while it is sent, and marked in the same transaction.

Several may send at once: `FOR UPDATE SKIP LOCKED` gives each letter to one. Who is killed before the
mail server has taken a letter leaves the row as it was, and the next sends it. One window is left: who
is killed after the mail server took the letter and before the mark is committed. Then it is sent again,
with the same Message-ID, by which mail servers and programs tell it for the same. To close it, somebody
would have to ask the mail server, and SMTP has no such question.
"""

from __future__ import annotations

import datetime as dt
import logging
import re
import smtplib
from dataclasses import dataclass
from typing import Any

from django.core.mail import mailers
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.tasks import task
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from negotiations.exchange.following.letters import compose
from negotiations.exchange.following.subjects import NotFollowable
from negotiations.models import Letter, Subscription

logger = logging.getLogger(__name__)
# A change is committed a little after the moment that it bears; what is younger waits for the next.
SETTLED = dt.timedelta(minutes=5)
AT_ONCE = 500
KEPT = dt.timedelta(days=90)
MOST_ATTEMPTS, FIRST_PAUSE = 6, dt.timedelta(minutes=5)
# Enhanced status codes (RFC 3463) that mean: this address will never do. A full mailbox (5.2.2) or a
# refusal of the sender (5.7) may pass.
HARD = re.compile(r"5\.(1\.\d{1,3}|0\.0|2\.[01])")
ENHANCED = re.compile(rb"[245]\.\d{1,3}\.\d{1,3}")
Frequency = Subscription.Frequency


@dataclass
class Sent:
    """What became of the letters that were waiting."""

    sent: int = 0
    empty: int = 0
    failed: int = 0
    stopped: int = 0


# --- Making digests ---


def _periods(now: dt.datetime) -> list[tuple[str, dt.datetime, str]]:
    """By frequency: since when the present day or week lasts, and its name."""
    day = now.astimezone(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    week = day - dt.timedelta(days=day.weekday())
    return [
        (Frequency.DAILY, day, f"{day:%Y-%m-%d}"),
        (Frequency.WEEKLY, week, f"{week:%G-W%V}"),
    ]


def _due(frequency: str, begins: dt.datetime, period: str, until: dt.datetime) -> Any:
    this = Letter.objects.filter(
        subscription=OuterRef("pk"), purpose=Letter.Purpose.DIGEST, period=period
    )
    return Subscription.objects.confirmed().filter(
        ~Exists(this), frequency=frequency, told_until__lt=min(begins, until)
    )


def number_due(now: dt.datetime | None = None) -> int:
    """How many subscriptions would get a digest now, if there is anything new."""
    now = now or timezone.now()
    return sum(_due(*each, now - SETTLED).count() for each in _periods(now))


def make_digests(now: dt.datetime | None = None) -> int:
    """Put the digests that are due into the outbox; returns how many. Twice at once makes none twice."""
    now = now or timezone.now()
    until = now - SETTLED
    number = 0
    for frequency, begins, period in _periods(now):
        while made := _make(frequency, begins, period, until):
            number += made
    return number


@transaction.atomic
def _make(frequency: str, begins: dt.datetime, period: str, until: dt.datetime) -> int:
    due = list(_due(frequency, begins, period, until).select_for_update(skip_locked=True)[:AT_ONCE])
    Letter.objects.bulk_create(
        [
            Letter(
                subscription=each,
                purpose=Letter.Purpose.DIGEST,
                period=period,
                since=each.told_until,
                until=until,
            )
            for each in due
        ]
    )
    Subscription.objects.filter(pk__in=[each.pk for each in due]).update(told_until=until)
    return len(due)


def forget_old_letters() -> None:
    """Of what was sent long ago nothing need be known."""
    Letter.objects.filter(made_at__lt=timezone.now() - KEPT).delete()


# --- Sending ---


def send_soon() -> None:
    """Have the worker send what waits, once this transaction is committed."""
    waiting = DBTaskResult.objects.ready().filter(task_path=send_all.module_path)
    if not waiting.exists():
        send_all.enqueue()


@task
def send_all() -> None:
    """Send what waits. Knows no address, so that none is kept with the task."""
    send_waiting()


def send_waiting() -> Sent:
    """Send the letters that wait, one after the other, until none is left for now."""
    mailer, counts = mailers.default, Sent()
    try:
        while _send_next(mailer, counts):
            pass
    finally:
        _close(mailer)
    return counts


@transaction.atomic
def _send_next(mailer: Any, counts: Sent) -> bool:
    letter = (
        Letter.objects.waiting()
        .filter(not_before__lte=timezone.now())
        .select_related("subscription__follower")
        .select_for_update(skip_locked=True, of=("self",))
        .first()
    )
    if letter is None:
        return False
    try:
        with transaction.atomic():
            message = compose(letter)
    except NotFollowable:  # a search for what has been renamed or is gone
        _give_up(letter, "the search can’t be answered", counts)
        return True
    except Exception as error:  # one letter that can't be made shall not keep back all others
        _failed(letter, error, counts)
        return True
    if message is None:
        letter.delete()
        counts.empty += 1
        return True
    try:
        mailer.open()
        mailer.send_messages([message])
    except (OSError, smtplib.SMTPException) as error:
        _close(mailer)
        _failed(letter, error, counts)
    else:
        letter.sent_at, letter.trouble = timezone.now(), ""
        letter.save(update_fields=["sent_at", "trouble"])
        counts.sent += 1
    return True


def _close(mailer: Any) -> None:
    try:
        mailer.close()
    except (OSError, smtplib.SMTPException):
        mailer.connection = None


def _failed(letter: Letter, error: Exception, counts: Sent) -> None:
    trouble = _told(error)
    follower = letter.subscription.follower
    # The recipient was refused, and not the sender or the letter.
    if isinstance(error, smtplib.SMTPRecipientsRefused) and HARD.fullmatch(trouble):
        follower.delete()
        counts.stopped += 1
        logger.warning("A letter was refused for good (%s). Its address was deleted.", trouble)
        return
    letter.attempts += 1
    if letter.attempts >= MOST_ATTEMPTS:
        _give_up(letter, trouble, counts)
        return
    letter.trouble = trouble
    letter.not_before = timezone.now() + FIRST_PAUSE * 4 ** (letter.attempts - 1)
    letter.save(update_fields=["attempts", "trouble", "not_before"])
    counts.failed += 1
    logger.warning("Letter %s was not sent (%s). It is tried again.", letter.pk, trouble)


def _give_up(letter: Letter, trouble: str, counts: Sent) -> None:
    letter.given_up, letter.trouble = True, trouble
    letter.save(update_fields=["given_up", "attempts", "trouble"])
    counts.failed += 1
    logger.warning("Letter %s was given up (%s).", letter.pk, trouble)


def _told(error: Exception) -> str:
    """What went wrong, without the server's words: they often repeat the address."""
    code: int = 0
    text: Any = b""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()), (0, b""))
    elif isinstance(error, smtplib.SMTPResponseException):
        code, text = error.smtp_code, error.smtp_error
    text = text.encode(errors="replace") if isinstance(text, str) else text
    if found := ENHANCED.match(text.strip()):
        return found[0].decode()
    return str(code) if code else type(error).__name__
