"""Letters are in the language of the page on which they were asked for, and lead to pages in it."""

from __future__ import annotations

import datetime as dt
import html as markup
import re
from typing import TYPE_CHECKING, Any

import pghistory
import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import get_script_prefix

from negotiations import languages
from negotiations.exchange.following import sending
from negotiations.models import Follower, Meeting, Process, Statement, Subscription
from negotiations.models.visibility import withdraw
from tests import factories, riyadh
from tests.exchange.following.mail import READER, ask, earlier, following, html, link, run, text
from tests.pages.test_languages import english_left, recorded

if TYPE_CHECKING:
    from tests.exchange.following.conftest import Mailbox

pytestmark = pytest.mark.django_db

SITE = "https://readout.example"
# What no record holds any more, or never did.
BEFORE, REASON, WHY, ASKED = "Ours.", "Heard wrongly.", "Never said.", "Ukraine"


def links(letter: Any) -> list[str]:
    """All links of a letter, in its text and in its HTML."""
    found = re.findall(r'href="([^"]*)"', html(letter)) + re.findall(r"https?:\S+", text(letter))
    assert found
    return [markup.unescape(each) for each in found]


# --- From asking to the last letter ---


def test_it_works(client: Client, mailbox: Mailbox) -> None:
    person = factories.PersonFactory(name="Anna Envoy", slug="anna")
    response = ask(client, "record=person:anna", prefix="/ru")
    assert response["Location"] == "/ru/follow/asked/"
    run()
    (letter,) = mailbox.letters
    assert letter["Subject"] == "Readout: Подтвердите подписку: «Anna Envoy»"
    assert "писать на этот адрес раз в день, если есть новое" in text(letter)
    assert "в течение 3 дней" in text(letter)
    assert '<html lang="ru" dir="ltr">' in html(letter)
    assert f"{SITE}/ru/people/anna/" in links(letter)

    confirm = link(letter, "confirm")
    assert confirm.startswith("/ru/follow/confirm/")
    assert "Да, пишите мне" in client.get(confirm).content.decode()
    assert "Вы подписаны" in client.post(confirm).content.decode()
    assert Subscription.objects.confirmed().get().language == "ru"
    Subscription.objects.update(told_until="2020-01-01T00:00Z")

    statement = factories.StatementFactory(speaker=person, words="We do.", date="2025-02-18")
    earlier()
    run()
    digest = mailbox.letters[1]
    assert digest["Subject"] == "Readout: Anna Envoy: 1 заявление, 1 другая запись"
    assert "18 февраля 2025" in text(digest)
    assert "Вы получаете эти письма раз в день от readout.example." in text(digest)
    assert f"{SITE}/ru{statement.get_absolute_url()}" in links(digest)


@pytest.fixture
def news(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> Process:
    """Of all that can be told, something: also what was corrected and what was withdrawn."""
    monkeypatch.setattr(sending, "SETTLED", dt.timedelta(minutes=-1))
    riyadh.load()
    process = Process.objects.earliest("pk")
    meeting = Meeting.published.filter(process=process).latest("pk")
    said = factories.StatementFactory(meeting=meeting, words=BEFORE, form="paraphrase")
    with pghistory.context(public_reason=REASON):
        Statement.objects.filter(pk=said.pk).update(
            words="Yours.", date_from=None, date_precision=None
        )
    withdraw(factories.StatementFactory(meeting=meeting), WHY)
    return process


@pytest.mark.parametrize("code", ["ru", "ar"])
def test_no_english_is_left(mailbox: Mailbox, news: Process, client: Client, code: str) -> None:
    person = factories.AppointmentFactory(start="2020", end="March 2024").person
    factories.AppointmentFactory(person=person, attested="2019")
    factories.DelegateFactory(person=person)
    for what in (news, person, f"q={ASKED}&form=paraphrase"):
        following(what, language=code)
    ask(client, f"record=process:{news.slug}", prefix=f"/{code}")
    ask(client, f"record=person:{person.slug}", "another@mail.example", prefix=f"/{code}")
    run()
    assert len(mailbox.letters) == 5
    for letter in mailbox.letters:
        records = "\n".join((recorded(), "readout.example", BEFORE, REASON, WHY, ASKED))
        lines = re.sub(r"https?:\S+", "", text(letter)).splitlines()
        for written in (html(letter), letter["Subject"], *lines):
            assert not list(english_left(written, records))


def test_all_links_lead_to_pages_in_the_language(
    mailbox: Mailbox, news: Process, client: Client
) -> None:
    following(news, language="ru")
    run()
    (letter,) = mailbox.letters
    found = set(links(letter))
    assert len(found) > 20
    for each in found:
        assert each.startswith(f"{SITE}/ru/")
        assert client.get(each.removeprefix(SITE).partition("#")[0]).status_code == 200, each


def test_right_to_left(client: Client, mailbox: Mailbox) -> None:
    topic = factories.TopicFactory(name="Borders", slug="t")
    ask(client, "record=topic:t", prefix="/ar")
    run()
    following(topic, address="another@mail.example", language="ar")
    earlier()
    run()
    for letter in mailbox.letters:
        assert '<html lang="ar" dir="rtl">' in html(letter)
    asked, digest = mailbox.letters
    assert asked["Subject"] == "Readout: يرجى تأكيد المتابعة: «Borders»"
    assert "خلال 3 أيام" in text(asked)
    assert digest["Subject"] == "Readout: Borders: سجل آخر"


@pytest.mark.parametrize(
    ("code", "number", "words"),
    [
        ("en", 1, "1 statement,"),
        ("en", 2, "2 statements,"),
        ("ru", 1, "1 заявление,"),
        ("ru", 2, "2 заявления,"),
        ("ru", 5, "5 заявлений,"),
        ("ru", 21, "21 заявление,"),
        ("ar", 1, "تصريح واحد،"),
        ("ar", 2, "تصريحان،"),
        ("ar", 3, "3 تصريحات،"),
        ("ar", 11, "11 تصريحًا،"),
    ],
)
def test_numbers_are_in_their_plural(mailbox: Mailbox, code: str, number: int, words: str) -> None:
    person = factories.PersonFactory(name="Anna Envoy")
    factories.StatementFactory.create_batch(number, speaker=person)
    following(person, language=code)
    earlier()
    run()
    assert mailbox.letters[0]["Subject"].startswith(f"Readout: Anna Envoy: {words}")


@pytest.mark.parametrize(
    ("code", "title"),
    [
        ("en", "Corrections and withdrawals of open matter"),
        ("ru", "Исправления и отзывы (нерешённое)"),
    ],
)
def test_the_kind_that_is_followed_is_named(
    client: Client, mailbox: Mailbox, code: str, title: str
) -> None:
    prefix = languages.LANGUAGES[code].prefix
    ask(client, "changes=kind%3Dopenmatter", prefix=prefix)
    run()
    assert title in mailbox.letters[0]["Subject"]
    assert f"{SITE}{prefix}/changes/?kind=openmatter" in links(mailbox.letters[0])


def test_each_gets_their_own(mailbox: Mailbox) -> None:
    topic = factories.TopicFactory(name="Borders")
    for code in ("ru", "en", "ar"):
        following(topic, address=f"{code}@mail.example", language=code)
    earlier()
    run()
    told = {each["To"][:2]: each for each in mailbox.letters}
    assert told["en"]["Subject"] == "Readout: Borders: 1 other record"
    assert '<html lang="en" dir="ltr">' in html(told["en"])
    assert f"{SITE}{topic.get_absolute_url()}" in links(told["en"])
    assert told["ru"]["Subject"] == "Readout: Borders: 1 другая запись"
    assert (languages.current().code, get_script_prefix()) == ("en", "/")


# --- Links ---


@pytest.mark.parametrize("code", ["ru", "ar"])
def test_one_click_stops_it(mailbox: Mailbox, code: str) -> None:
    following(factories.TopicFactory(), language=code)
    earlier()
    run()
    stop = mailbox.letters[0]["List-Unsubscribe"].strip("<>").removeprefix(SITE)
    assert stop.startswith(f"/{code}/follow/stop/")
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(stop, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Follower.objects.exists()


@pytest.mark.parametrize("prefix", ["", "/ar"])
def test_a_link_works_in_every_language(client: Client, mailbox: Mailbox, prefix: str) -> None:
    """Letters that were sent before have links without a language."""
    factories.TopicFactory(slug="t")
    ask(client, "record=topic:t", prefix="/ru")
    run()
    confirm = link(mailbox.letters[0], "confirm").replace("/ru/", f"{prefix}/", 1)
    assert client.post(confirm).status_code == 200
    earlier()
    Subscription.objects.update(told_until="2020-01-01T00:00Z")
    run()
    for what in ("manage", "stop"):
        address = link(mailbox.letters[1], what)
        for other in ("", "/ru", "/ar"):
            assert client.get(address.replace(prefix, other, 1)).status_code == 200


@pytest.mark.parametrize(
    ("code", "frequency", "sentence"),
    [
        ("en", "weekly", "You get a letter weekly, if there is anything new."),
        ("ru", "weekly", "Вы будете получать письмо раз в неделю, если есть новое."),
        ("ru", "daily", "Вы будете получать письмо раз в день, если есть новое."),
        ("ar", "weekly", "تصلك رسالة مرة في الأسبوع إن كان هناك جديد."),
    ],
)
def test_the_page_to_confirm_says_how_often(
    client: Client, mailbox: Mailbox, code: str, frequency: str, sentence: str
) -> None:
    factories.TopicFactory(slug="t")
    ask(client, "record=topic:t", frequency=frequency, prefix=languages.LANGUAGES[code].prefix)
    run()
    confirm = link(mailbox.letters[0], "confirm")
    assert sentence in client.get(confirm).content.decode()
    assert sentence in client.post(confirm).content.decode()


# --- Who decides ---


def test_a_stranger_changes_nothing_that_is_confirmed(client: Client, mailbox: Mailbox) -> None:
    subscription = following(factories.TopicFactory(name="Borders", slug="t"), language="ru")
    ask(client, "record=topic:t", prefix="/ar")
    subscription.refresh_from_db()
    assert subscription.language == "ru"
    run()
    already = next(each for each in mailbox.letters if "уже" in each["Subject"])
    assert already["Subject"] == "Readout: Вы уже подписаны: «Borders»"
    assert "(раз в день)" in text(already)
    assert link(already, "manage").startswith("/ru/")


def test_who_confirms_decides_by_the_page_on_which_they_do(
    client: Client, mailbox: Mailbox
) -> None:
    """Whoever asked last, for the same address, in another language."""
    factories.TopicFactory(slug="t")
    for prefix in ("/ru", "/ar"):
        ask(client, "record=topic:t", prefix=prefix)
        run()
    first, second = mailbox.letters
    assert '<html lang="ru"' in html(first)
    assert '<html lang="ar"' in html(second)
    client.post(link(first, "confirm"))
    client.post(link(second, "confirm"))
    assert Subscription.objects.get().language == "ru"


def test_the_language_is_changed_where_all_is(client: Client, mailbox: Mailbox) -> None:
    subscription = following(factories.TopicFactory(name="Borders"), language="ru")
    earlier()
    run()
    manage = link(mailbox.letters[0], "manage")
    assert '<option value="ru" lang="ru" selected>Русский</option>' in (
        client.get(manage).content.decode()
    )
    client.post(manage, {"change": subscription.pk, "frequency": "weekly", "language": "ar"})
    subscription.refresh_from_db()
    assert (subscription.frequency, subscription.language) == ("weekly", "ar")
    client.post(manage, {"change": subscription.pk, "language": "tlh"})
    subscription.refresh_from_db()
    assert subscription.language == "ar"


# --- In the database ---


def test_the_version_before_asks_in_english() -> None:
    """It goes on serving on the new table, and inserts rows without a language."""
    follower = Follower.objects.create(address=READER)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO negotiations_subscription (follower_id, what, which, frequency, asked_at)"
            " VALUES (%s, 'changes', '', 'daily', now())",
            [follower.pk],
        )
    assert Subscription.objects.get().language == "en"


def test_no_other_language_gets_in() -> None:
    subscription = following(factories.TopicFactory())
    with (
        pytest.raises(IntegrityError, match="subscription_language_is_known"),
        transaction.atomic(),
    ):
        Subscription.objects.filter(pk=subscription.pk).update(language="tlh")
