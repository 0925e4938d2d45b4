"""Following by e-mail, from the form to the last letter, through a real mail server."""

from __future__ import annotations

import datetime as dt
import io
import re
import sys
import threading
from typing import TYPE_CHECKING, Any

import pghistory.models
import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from negotiations.exchange.following import letters, searches, sending
from negotiations.models import Correction, Follower, Letter, Statement, Subscription
from negotiations.models.visibility import withdraw
from tests import factories

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

    from tests.exchange.following.conftest import Mailbox

pytestmark = pytest.mark.django_db
READER = "reader@mail.example"


@pytest.fixture(autouse=True)
def _nobody_asked_yet() -> None:
    cache.clear()


def ask(client: Client, query: str, address: str = READER, frequency: str = "daily") -> Any:
    return client.post(f"/follow/?{query}", {"address": address, "frequency": frequency})


def run() -> str:
    out = io.StringIO()
    call_command("send_digests", stdout=out)
    return out.getvalue()


def link(letter: Any, what: str) -> str:
    """The path of a link in a letter's plain text, and only of this site's own name."""
    found = re.search(
        rf"^.*?(https://readout\.example)(/follow/{what}/\S+)$", text(letter), re.MULTILINE
    )
    assert found
    return found[2]


def text(letter: Any) -> str:
    return str(letter.get_body(("plain",)).get_content()).replace("\r\n", "\n")


def html(letter: Any) -> str:
    return str(letter.get_body(("html",)).get_content())


def following(what: Any, *, address: str = READER, frequency: str = "daily") -> Subscription:
    """Somebody who has followed it for ten days."""
    which = what if isinstance(what, str) else f"{what._meta.model_name}-{what.pk}"
    follower, _ = Follower.objects.get_or_create(address=address)
    then = timezone.now() - dt.timedelta(days=10)
    return Subscription.objects.create(
        follower=follower, what="search" if "=" in which else "record", which=which,
        frequency=frequency, confirmed_at=then, told_until=then,
    )  # fmt: skip


def earlier() -> None:
    """What is in the database became public yesterday."""
    Correction.objects.update(at=timezone.now() - dt.timedelta(days=1))


def together(act: Any, each: Any) -> None:
    """Do it for each, all at once."""
    threads = [threading.Thread(target=act, args=(one,)) for one in each]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


# --- From the form to the first digest and to the end ---


@pytest.mark.django_db(transaction=True)
def test_from_asking_to_the_last_letter(client: Client, mailbox: Mailbox) -> None:
    person = factories.PersonFactory(name="Anna Envoy", slug="anna")
    page = client.get(person.get_absolute_url()).content.decode()
    assert 'href="/follow/?record=person:anna"' in page
    assert "Ask for a confirmation" in client.get("/follow/?record=person:anna").content.decode()
    assert ask(client, "record=person:anna")["Location"] == "/follow/asked/"
    assert client.get("/follow/asked/").status_code == 200
    assert mailbox.letters == []

    call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)
    (letter,) = mailbox.letters
    assert letter["To"] == READER
    assert letter["Subject"] == "Readout: Please confirm: follow “Anna Envoy”"
    assert letter["From"] == "readout@readout.example"
    confirm = link(letter, "confirm")
    assert READER not in confirm

    assert "Yes, write to me" in client.get(confirm).content.decode()
    assert not Subscription.objects.confirmed().exists(), "looking at a link confirms nothing"
    assert "You follow this" in client.post(confirm).content.decode()
    Subscription.objects.update(told_until=timezone.now() - dt.timedelta(days=2))

    source = factories.SourceFactory(title="A readout", publisher="Its ministry")
    statement = factories.StatementFactory(speaker=person, words="We <do>.")
    factories.CitationFactory(statement=statement, source=source)
    factories.StatementFactory(speaker=person, words="Unsaid.", status="draft")
    Correction.objects.filter(what="corrected").delete()  # that a source was added
    earlier()
    assert "1 letters were sent" in run()
    digest = mailbox.letters[1]
    assert digest["Subject"] == "Readout: Anna Envoy: 1 statement, 1 other record"
    for body in (text(digest), html(digest)):
        assert f"https://readout.example{statement.get_absolute_url()}" in body
        assert f"https://readout.example{source.get_absolute_url()}" in body
        assert "A readout, Its ministry" in body
        assert "Unsaid" not in body
    assert "Anna Envoy: We <do>." in text(digest)
    assert "We &lt;do&gt;." in html(digest)
    assert "http://testserver" not in digest.as_string()
    run()
    assert len(mailbox.letters) == 2, "once a day"

    stop = digest["List-Unsubscribe"].strip("<>").removeprefix("https://readout.example")
    assert digest["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert client.get(stop).status_code == 200
    assert Follower.objects.exists(), "looking at a link stops nothing"
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(stop, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Follower.objects.exists()
    assert not Letter.objects.exists()
    assert client.get(stop).status_code == 410
    assert client.post(confirm).status_code == 410


def test_a_page_to_manage_all(client: Client, mailbox: Mailbox) -> None:
    topic, action = factories.TopicFactory(), factories.ActionFactory()
    first, second = following(topic), following(action)
    following(factories.TopicFactory(), address="other@mail.example")
    earlier()
    run()
    manage = link(mailbox.letters[0], "manage")
    page = client.get(manage).content.decode()
    assert topic.name in page
    assert action.title in page
    assert READER not in page
    assert "no-store" in client.get(manage)["Cache-Control"]
    client.post(manage, {"change": first.pk, "frequency": "weekly"})
    first.refresh_from_db()
    assert first.frequency == "weekly"
    others = Subscription.objects.exclude(follower=first.follower).get()
    for wrong in (
        {"change": first.pk, "frequency": "hourly"},
        {"stop": "x" * 30},
        {},
        {"stop": others.pk},
    ):
        assert client.post(manage, wrong).status_code == 302
    assert Subscription.objects.count() == 3
    client.post(manage, {"stop": first.pk})
    assert list(Subscription.objects.filter(follower=first.follower)) == [second]
    client.post(manage, {"all": "1"})
    assert [each.address for each in Follower.objects.all()] == ["other@mail.example"]
    assert client.get(manage).status_code == 410
    assert client.get("/follow/manage/1.x/").status_code == 404
    assert Client(enforce_csrf_checks=True).post(manage).status_code == 403


# --- What can be followed ---


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 200),
        ("record=process:none", 400),
        ("record=statement:1", 400),
        ("record=action:99999999999999999999", 400),
        ("record=%00", 400),
        ("record=process:%E2%80%AE%D7%A9", 400),
        ("search=", 400),
        ("search=" + "q%3D" + "x" * 1500, 400),
        ("search=year%3D12", 400),
        ("changes=what%3Dx", 400),
        ("search=q%3Dx&changes=", 400),
        ("search=q%3Dpeace%26party%3Druritania", 200),
        ("changes=", 200),
        ("record=party:ruritania", 200),
    ],
)
def test_what_can_not_be_followed_says_why(
    client: Client, mailbox: Mailbox, query: str, status: int
) -> None:
    factories.PartyFactory(slug="ruritania")
    assert client.get(f"/follow/?{query}").status_code == status
    if status == 400:
        assert ask(client, query).status_code == 400
    assert not Follower.objects.exists()


def test_drafts_can_not_be_followed(client: Client, mailbox: Mailbox) -> None:
    draft = factories.ProcessFactory(status="draft", name="Quagga")
    for key in (draft.slug, draft.pk):
        response = client.get(f"/follow/?record=process:{key}")
        assert response.status_code == 400
        assert "Quagga" not in response.content.decode()


@pytest.mark.parametrize(
    "address",
    ["", "x", "a@b", "a b@c.de", "a@b.de\r\nBcc: c@d.de", "a\0@b.de", "a@" + "ẞ" * 60 + ".de", "a" * 300 + "@b.de"],
)  # fmt: skip
def test_a_wrong_address_is_told(client: Client, mailbox: Mailbox, address: str) -> None:
    factories.TopicFactory(slug="t")
    response = ask(client, "record=topic:t", address)
    assert response.status_code == 400
    assert "name@example.org" in response.content.decode()


def test_without_e_mail_the_page_says_so(client: Client, settings: SettingsWrapper) -> None:
    settings.MAILERS = {}
    factories.TopicFactory(slug="t")
    page = client.get("/follow/?record=topic:t").content.decode()
    assert "This site sends no e-mail" in page
    assert "/topics/t.atom" in page
    assert ask(client, "record=topic:t").status_code == 409
    with pytest.raises(CommandError, match="READOUT_EMAIL_URL"):
        run()


def test_a_search_and_corrections_are_followed_with_their_filters(
    client: Client, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searches, "RECENT", 1)  # so that it takes several steps
    party = factories.PartyFactory(slug="ruritania", name="Ruritania")
    ask(client, "search=q%3Dpeace%26party%3Druritania%26page%3D3%26sort%3Doldest")
    ask(client, "changes=kind%3Dstatement%26older%3D1.1")
    run()
    assert [letter["Subject"] for letter in mailbox.letters] == [
        "Readout: Please confirm: follow “Search: peace (Party: Ruritania)”",
        "Readout: Please confirm: follow “Corrections and withdrawals of statement”",
    ]
    for letter in list(mailbox.letters):
        client.post(link(letter, "confirm"))
    Subscription.objects.update(told_until=timezone.now() - dt.timedelta(days=2))
    factories.StatementFactory(words="Peace, they say.", party=party)
    factories.StatementFactory(words="Peace, say others.")
    changed = factories.StatementFactory(words="War.", party=party)
    Statement.objects.filter(pk=changed.pk).update(words="No war.")
    earlier()
    run()
    found, corrected = mailbox.letters[2:]
    assert "Peace, they say." in text(found)
    assert "Peace, say others" not in text(found)
    assert "War" not in text(found)
    assert "Words: War.\n  is now: No war." in text(corrected)
    assert "Peace" not in text(corrected)


def test_what_is_withdrawn_before_the_letter_goes_is_not_in_it(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "SETTLED", dt.timedelta(minutes=-1))
    statement = factories.StatementFactory(words="Quagga.")
    following(statement.speaker)
    sending.make_digests()
    withdraw(statement, "Never said.")
    run()
    assert "Quagga" not in mailbox.letters[0].as_string()
    assert "Why: Never said." in text(mailbox.letters[0])


def test_a_renamed_filter_stops_that_digest_only(mailbox: Mailbox) -> None:
    following("q=peace&party=gone")
    following(factories.TopicFactory(name="Borders"))
    earlier()
    assert "1 failed" in run()
    assert [each["Subject"] for each in mailbox.letters] == ["Readout: Borders: 1 other record"]


# --- Whom nobody may harm ---


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


# --- Once, and only once ---


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


@pytest.mark.django_db(transaction=True)
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


@pytest.mark.django_db(transaction=True)
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


# --- What comes back ---

REPORT = """From: MAILER-DAEMON@mail.example
To: readout@readout.example
Subject: Undelivered
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example

Final-Recipient: rfc822; {reader}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 no

--b
Content-Type: {given}

{original}
--b--
"""


def report(
    letter: Any, status: str, action: str = "failed", given: str = "message/rfc822"
) -> bytes:
    original = letter.as_string()
    if given == "text/rfc822-headers":
        original = original.split("\n\n")[0] + "\n"
    return REPORT.format(
        reader=READER, action=action, status=status, given=given, original=original
    ).encode()


def bounce(content: bytes, monkeypatch: pytest.MonkeyPatch) -> str:
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    call_command("read_bounces", stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("given", ["message/rfc822", "text/rfc822-headers"])
def test_after_a_hard_bounce_no_letter_follows(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    following(factories.TopicFactory())
    following(factories.TopicFactory(), address="other@mail.example")
    earlier()
    run()
    letter = next(each for each in mailbox.letters if each["To"] == READER)
    for passing in (
        report(letter, "4.4.7"),
        report(letter, "5.2.2"),
        report(letter, "5.1.1", "delayed"),
    ):
        bounce(passing, monkeypatch)
    forged = report(letter, "5.1.1").replace(b"X-Readout-Letter: ", b"X-Readout-Letter: 9")
    for other in (forged, b"", b"From: x\n\nHello", b"\xff\0 \n" * 50, b"From x\n" * 3):
        assert "0 addresses" in bounce(other, monkeypatch)
    assert Follower.objects.count() == 2
    hard = report(letter, "5.1.1 (no such user)", given=given)
    assert "1 addresses will never do" in bounce(hard, monkeypatch)
    assert [each.address for each in Follower.objects.all()] == ["other@mail.example"]


def test_a_mailbox_of_reports_is_read(mailbox: Mailbox, tmp_path: Any) -> None:
    following(factories.TopicFactory())
    earlier()
    run()
    box = tmp_path / "box"
    content = report(mailbox.letters[0], "5.1.1").decode()
    box.write_text(
        f"From a@b Mon Jan  1 00:00:00 2024\n{content}\nFrom a@b Mon Jan  1 00:00:00 2024\n{content}\n"
    )
    out = io.StringIO()
    call_command("read_bounces", str(box), stdout=out)
    assert out.getvalue().startswith("1 addresses will never do and were deleted, 0 troubles")
    assert not Follower.objects.exists()
    with pytest.raises(CommandError, match="There is no file"):
        call_command("read_bounces", str(tmp_path / "none"))
