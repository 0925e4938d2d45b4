"""Following by e-mail, from the form to the last letter, through a real mail server."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from django_tasks_db.management.commands import db_worker

from negotiations.exchange.following import searches, sending
from negotiations.models import Correction, Follower, Letter, Statement, Subscription
from negotiations.models.visibility import withdraw
from tests import factories
from tests.exchange.following.mail import READER, ask, earlier, following, html, link, run, text

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

    from tests.exchange.following.conftest import Mailbox

pytestmark = pytest.mark.django_db


def test_from_asking_to_the_last_letter(
    client: Client, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The worker would close the connection in which the test has its data.
    monkeypatch.setattr(db_worker, "close_old_connections", lambda: None)
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
