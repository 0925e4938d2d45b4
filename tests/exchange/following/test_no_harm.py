"""Following by e-mail harms nobody: no stranger is bombed, nobody is found out, no address is kept."""

from __future__ import annotations

import datetime as dt
import threading
from typing import TYPE_CHECKING, Any

import pghistory.models
import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from negotiations.models import Follower, Letter, Subscription
from tests import factories
from tests.exchange.following.mail import READER, ask, earlier, following, link, run, together

if TYPE_CHECKING:
    from tests.exchange.following.conftest import Mailbox

pytestmark = pytest.mark.django_db


def test_the_answer_is_the_same_and_letters_are_few(client: Client, mailbox: Mailbox) -> None:
    topic = factories.TopicFactory(slug="t")
    following(topic, address="known@mail.example")
    answers = [
        ask(client, "record=topic:t", address)
        for address in ("known@mail.example", "new@mail.example", "NEW@mail.example", *["new@mail.example"] * 3)
    ]  # fmt: skip
    assert {(each.status_code, each["Location"]) for each in answers} == {(302, "/follow/asked/")}
    run()
    subjects = [letter["Subject"] for letter in mailbox.letters if "new" in letter["To"]]
    assert subjects == [f"Readout: Please confirm: follow “{topic.name}”"] * 3
    (known,) = [
        each for each in mailbox.letters if "known" in each["To"] and "already" in each["Subject"]
    ]
    assert client.get(link(known, "manage")).status_code == 200


def test_one_client_asks_so_often_only(client: Client, mailbox: Mailbox) -> None:
    factories.TopicFactory(slug="t")
    codes = [ask(client, "record=topic:t", f"a{n}@mail.example").status_code for n in range(12)]
    assert codes == [302] * 10 + [429] * 2
    assert Follower.objects.count() == 10


def test_what_is_not_confirmed_in_time_is_forgotten(client: Client, mailbox: Mailbox) -> None:
    factories.TopicFactory(slug="t")
    ask(client, "record=topic:t")
    run()
    Subscription.objects.update(asked_at=timezone.now() - dt.timedelta(days=4))
    assert "1 were not confirmed in time" in run()
    assert not Follower.objects.exists()
    assert client.post(link(mailbox.letters[0], "confirm")).status_code == 410


def test_no_log_and_no_history_has_an_address(
    client: Client, mailbox: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    factories.TopicFactory(slug="t")
    mailbox.refusals = {READER: f"450 4.2.1 <{READER}> try later"}
    ask(client, "record=topic:t")
    run()
    letter = Letter.objects.get()
    assert (letter.attempts, letter.trouble) == (1, "4.2.1")
    assert READER not in caplog.text
    assert "4.2.1" in caplog.text
    mailbox.refusals = {READER: f"550 5.1.1 <{READER}> unknown"}
    Letter.objects.update(not_before=timezone.now())
    assert "1 addresses were refused for good" in run()
    assert not Follower.objects.exists()
    assert READER not in caplog.text
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        for table in ("pghistory_context", "readout_cache", *(t for t in tables if "task" in t)):
            cursor.execute(f"SELECT coalesce(string_agg(t::text, ''), '') FROM {table} t")
            assert READER not in cursor.fetchone()[0]
    assert not [m for m in pghistory.models.Event.__subclasses__() if "Follower" in m.__name__]


def test_letters_that_can_not_be_sent_are_given_up_in_the_end(
    client: Client, mailbox: Mailbox
) -> None:
    following(factories.TopicFactory())
    earlier()
    mailbox.refusals = {READER: "554 5.7.1 we do not like you"}
    for _ in range(8):
        run()
        Letter.objects.update(not_before=timezone.now())
    letter = Letter.objects.get()
    assert (letter.given_up, letter.attempts, letter.trouble) == (True, 6, "5.7.1")
    assert Follower.objects.exists(), "it was we who were refused"


@pytest.mark.django_db(transaction=True)
def test_who_asks_many_times_at_once_gets_as_few_letters(mailbox: Mailbox) -> None:
    topics = factories.TopicFactory.create_batch(8)
    begin, codes = threading.Barrier(8), []

    def asks(topic: Any) -> None:
        begin.wait()
        try:
            codes.append(ask(Client(), f"record=topic:{topic.slug}").status_code)
        finally:
            connection.close()

    together(asks, topics)
    assert codes == [302] * 8
    assert Follower.objects.count() == 1
    assert Letter.objects.count() == 3
