"""What one visitor sends changes nothing of what others are sent, kept, or written to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail
from django.test import Client

from negotiations.exchange.following import links
from negotiations.models import Invitation
from negotiations.pages.freshness import KeptPages
from tests import factories
from tests.editing.accounts.conftest import MAILERS, account, invite, logged_in
from tests.exchange.following.mail import following

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

pytestmark = pytest.mark.django_db

EVIL = "evil.example"
SENT = [
    {"X-Forwarded-Host": EVIL},
    {"X-Host": EVIL},
    {"X-Forwarded-Server": EVIL},
    {"Forwarded": f"host={EVIL};proto=gopher"},
    {"X-Forwarded-Proto": "gopher"},
    {"X-Forwarded-Port": "1337"},
    {"X-Forwarded-Prefix": f"//{EVIL}"},
    {"X-Original-URL": "/admin/"},
    {"X-Rewrite-URL": "/admin/"},
    {"X-Script-Name": f"//{EVIL}"},
    {"X-HTTP-Method-Override": "POST"},
    {"Origin": f"https://{EVIL}"},
    {"Referer": f"https://{EVIL}/"},
    {"User-Agent": f"<script>{EVIL}</script>"},
    {"Accept-Language": EVIL},
    {"Cookie": f"theme={EVIL}"},
    {"HX-Current-URL": f"https://{EVIL}/"},
    {"HX-Prompt": EVIL},
    {"HX-Target": EVIL},
    {"HX-Request": EVIL},
]  # fmt: skip


@pytest.fixture
def address(settings: SettingsWrapper) -> str:
    settings.ALLOWED_HOSTS = ["readout.example"]
    factories.PersonFactory(slug="one")
    return "/people/one/"


ADDRESSES = ["/people/one/", "/people/one.atom", "/people/one.json", "/people/one.bib", "/people/one/cite/",
             "/sitemap.xml", "/sitemap-pages.xml", "/opensearch.xml", "/llms.txt", "/robots.txt", "/calendar.ics",
             "/api/v1/people", "/search/feed/?q=one", "/changes/feed/", "/oembed?url=x"]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_no_header_is_in_what_is_kept_for_others(address: str, settings: SettingsWrapper) -> None:
    settings.PAGE_CACHE = 8
    for sent in SENT:
        client = Client(SERVER_NAME="readout.example")
        client.get(address, headers=sent)
        after = client.get(address)
        told = after.content.decode()
        assert after.status_code == 200
        assert EVIL not in told + str(after.headers), sent
        assert "gopher" not in told
        assert "<html" in told


@pytest.mark.parametrize("here", ADDRESSES)
def test_no_header_has_a_say_in_an_address(address: str, here: str) -> None:
    client = Client(SERVER_NAME="readout.example")
    together = {name: value for each in SENT[:-1] for name, value in each.items()}
    for sent in (together, SENT[-1]):
        answer: Any = client.get(here, headers=sent)
        told = (b"".join(answer) if answer.streaming else answer.content).decode()
        assert EVIL not in told + str(answer.headers)
        assert "gopher:" not in told
        assert "1337" not in told


@pytest.mark.parametrize("host", [EVIL, f"readout.example.{EVIL}", f"readout.example@{EVIL}", "readout.example:x",
                                  f"readout.example, {EVIL}", "readout.example/x", ""])  # fmt: skip
def test_another_host_is_refused_and_never_kept(
    address: str, host: str, settings: SettingsWrapper
) -> None:
    settings.PAGE_CACHE = 8
    client = Client(SERVER_NAME=EVIL)
    for _ in range(2):
        answer = client.get(address, headers={"Host": host})
        assert answer.status_code == 400
        assert EVIL not in answer.content.decode()
    assert not KeptPages.newest.kept


@pytest.mark.django_db(transaction=True)
def test_a_port_of_ones_own_is_nobody_elses(address: str, settings: SettingsWrapper) -> None:
    settings.PAGE_CACHE = 8
    client = Client(SERVER_NAME="readout.example")
    client.get("/people/one.json", headers={"Host": "readout.example:1337"})
    assert "1337" not in client.get("/people/one.json").content.decode()


@pytest.mark.django_db(transaction=True)
def test_long_headers_take_no_room(address: str, settings: SettingsWrapper) -> None:
    """The room of kept pages is counted without them."""
    settings.PAGE_CACHE = 8
    client = Client(SERVER_NAME="readout.example")
    client.get(address, headers={"HX-Target": "x" * 10_000})
    assert not KeptPages.newest.kept
    client.get(address)
    assert len(KeptPages.newest.kept) == 1


@pytest.mark.django_db(transaction=True)
def test_what_a_letter_leads_to_is_kept_nowhere(settings: SettingsWrapper) -> None:
    settings.PAGE_CACHE = 8
    subscription = following(factories.TopicFactory(name="Followed in secret"))
    client = Client()
    for link in (links.to_stop(subscription), links.to_manage(subscription.follower)):
        answer = client.get(link.partition("8000")[2])
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]
        assert "public" not in answer["Cache-Control"]
    assert not KeptPages.newest.kept


def test_letters_lead_to_this_site_whatever_host_was_named(settings: SettingsWrapper) -> None:
    settings.MAILERS, settings.HOSTS = MAILERS, ["readout.example", ".neighbours.example"]
    settings.ALLOWED_HOSTS = settings.HOSTS
    account("editor", email="victim@example.org")
    named = {"Host": f"{EVIL}.neighbours.example:1337", "X-Forwarded-Host": EVIL}
    Client().post("/admin/account/password/reset/", {"email": "victim@example.org"}, headers=named)
    (letter,) = mail.outbox
    assert "https://readout.example/admin/account/password/reset/key/" in letter.body
    assert "neighbours" not in letter.body
    assert EVIL not in letter.body


def test_invitations_too(settings: SettingsWrapper) -> None:
    settings.MAILERS, settings.HOSTS = MAILERS, ["readout.example"]
    settings.ALLOWED_HOSTS = ["readout.example", "testserver"]
    reviewer = logged_in(account("reviewer"))
    invite(reviewer)
    assert Invitation.objects.exists()
    assert re.search(r"https://readout\.example/admin/invitation/", mail.outbox[0].body)


def test_no_answer_may_be_read_with_a_visitors_cookies() -> None:
    client = Client()
    for here in (
        "/api/v1/people",
        "/people.json",
        "/people.csv",
        "/oembed?url=x",
        "/data/popolo.json",
        "/",
    ):
        for origin in (f"https://{EVIL}", "null", "https://testserver.evil.example"):
            answer: Any = client.get(here, headers={"Origin": origin})
            assert answer.get("Access-Control-Allow-Origin", "*") == "*"
            assert "Access-Control-Allow-Credentials" not in answer
    assert "Access-Control-Allow-Origin" not in client.get("/admin/login/")
