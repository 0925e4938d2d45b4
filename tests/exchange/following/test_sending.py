"""Each letter is sent once, and only once, whoever is killed and however many send."""

from __future__ import annotations

import datetime as dt
import io
import threading
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from negotiations.exchange.following import letters, sending
from negotiations.models import Correction, Letter, Subscription
from tests import factories
from tests.exchange.following.mail import earlier, following, run, together

if TYPE_CHECKING:
    from tests.exchange.following.conftest import Mailbox

pytestmark = pytest.mark.django_db


def test_a_digest_is_due_once_a_day_or_week(mailbox: Mailbox) -> None:
    topic = factories.TopicFactory()
    daily, weekly = following(topic), following(factories.TopicFactory(), frequency="weekly")
    wednesday = dt.datetime(2030, 1, 2, 6, tzinfo=dt.UTC)

    def made(now: dt.datetime) -> list[tuple[int, str]]:
        Letter.objects.all().delete()
        sending.make_digests(now)
        sending.make_digests(now)
        return list(Letter.objects.order_by("pk").values_list("subscription", "period"))

    assert made(wednesday) == [(daily.pk, "2030-01-02"), (weekly.pk, "2030-W01")]
    letter = Letter.objects.get(subscription=daily)
    assert letter.until == wednesday - dt.timedelta(minutes=5)
    assert made(wednesday + dt.timedelta(hours=9)) == []
    assert made(wednesday + dt.timedelta(days=1)) == [(daily.pk, "2030-01-03")]
    daily.refresh_from_db()
    assert daily.told_until == wednesday + dt.timedelta(days=1, minutes=-5)
    monday = dt.datetime(2030, 1, 7, 0, 1, tzinfo=dt.UTC)
    assert made(monday) == [(daily.pk, "2030-01-07"), (weekly.pk, "2030-W02")]


def test_a_dry_run_sends_nothing(mailbox: Mailbox) -> None:
    following(factories.TopicFactory())
    earlier()
    out = io.StringIO()
    call_command("send_digests", dry_run=True, stdout=out)
    assert out.getvalue() == "1 digests are due; 0 letters wait.\n"
    assert not Letter.objects.exists()
    assert mailbox.letters == []


def test_nothing_new_is_no_letter(mailbox: Mailbox) -> None:
    following(factories.TopicFactory())
    Correction.objects.update(at=timezone.now() - dt.timedelta(days=20))
    assert "1 had nothing to tell" in run()
    assert mailbox.letters == []


def test_a_letter_that_can_not_be_made_keeps_back_no_other(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    following(factories.TopicFactory(name="Broken"))
    following(factories.TopicFactory(name="Whole"))
    earlier()
    whole = letters.news_of

    def broken(subscription: Subscription, *rest: Any) -> Any:
        if subscription.pk == Subscription.objects.earliest("pk").pk:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 / 0")
        return whole(subscription, *rest)

    monkeypatch.setattr(letters, "news_of", broken)
    assert "1 letters were sent" in run()
    assert "Whole" in mailbox.letters[0]["Subject"]
    assert Letter.objects.get(sent_at=None).trouble == "DataError"


class Killed(BaseException):
    """What `kill -9` is to a test: nothing gets to clean up but the database."""


def test_who_is_killed_before_the_server_took_it_sends_it_once_later(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    following(factories.TopicFactory())
    earlier()
    with monkeypatch.context() as patch:
        patch.setattr(letters, "_message", _kill)
        with pytest.raises(Killed):
            run()
    assert mailbox.letters == []
    for _ in range(3):
        run()
    assert len(mailbox.letters) == 1


def test_who_is_killed_before_the_mark_sends_a_letter_that_is_known_for_the_same(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    following(factories.TopicFactory())
    earlier()
    with monkeypatch.context() as patch:
        patch.setattr(Letter, "save", _kill)
        with pytest.raises(Killed):
            run()
    assert len(mailbox.letters) == 1
    for _ in range(3):
        run()
    first, second = mailbox.letters
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Message-ID"].endswith("@readout.example>")


def _kill(*_: Any, **__: Any) -> None:
    raise Killed


@pytest.mark.django_db(transaction=True)
def test_of_two_that_send_at_once_each_letter_goes_by_one(mailbox: Mailbox) -> None:
    for number in range(12):
        following(factories.TopicFactory(), address=f"a{number}@mail.example")
    earlier()
    begin, told = threading.Barrier(3), []

    def send(_: int) -> None:
        begin.wait()
        try:
            told.append(run())
        finally:
            connection.close()

    together(send, range(3))
    assert len(told) == 3
    assert sorted(each["To"] for each in mailbox.letters) == sorted(
        f"a{number}@mail.example" for number in range(12)
    )
    assert len({each["Message-ID"] for each in mailbox.letters}) == 12
