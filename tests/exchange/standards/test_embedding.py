"""Cards on other sites: the pictures that links are shown with, and frames, found by oEmbed."""

from __future__ import annotations

import re
from html import unescape
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client, override_settings

from negotiations.models import Meeting
from negotiations.models.visibility import withdraw
from tests import factories

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n"


def carded() -> list[Any]:
    """A statement, an action with accounts, and their meeting."""
    account = factories.AccountFactory()
    factories.DelegationFactory(meeting=account.action.meeting, party=account.party)
    factories.DelegationFactory(meeting=account.action.meeting)
    factories.CitationFactory(statement=account.statement, source__url="https://example.org/a")
    return [account.statement, account.action, account.action.meeting]


def size(png: bytes) -> tuple[int, int]:
    file = BytesIO(png)
    assert file.read(8) == PNG
    file.seek(16)
    return int.from_bytes(file.read(4)), int.from_bytes(file.read(4))


def picture(client: Client, record: Any) -> Any:
    return client.get(f"{record.get_absolute_url().rstrip('/')}.card.png")


def test_a_link_is_shown_with_a_picture(client: Client, django_assert_max_num_queries: Any) -> None:
    for record in carded():
        with django_assert_max_num_queries(7):
            response = picture(client, record)
        assert response["Content-Type"] == "image/png"
        assert size(response.content) == (1200, 630)
        again = client.get(
            f"{record.get_absolute_url().rstrip('/')}.card.png",
            headers={"If-None-Match": response["ETag"]},
        )
        assert again.status_code == 304


@pytest.mark.parametrize(
    "words",
    [
        "W" * 3000,
        "word " * 3000,
        "تعمل القيادات على إيجاد حل (2025)",
        "\u202e&<x>\x0b]]>",
        "会谈很有用。" * 99,
    ],
)
def test_whatever_the_words_are(words: str, client: Client) -> None:
    said = factories.StatementFactory(words=words, speaker=None, date=None, meeting=None)
    assert size(picture(client, said).content) == (1200, 630)
    card = client.get(f"/embed/statements/{said.pk}/").content.decode()
    assert "<x>" not in card


def test_what_is_not_public_has_no_card(client: Client) -> None:
    draft = factories.StatementFactory(status="draft", words="secret")
    gone = factories.StatementFactory(words="secret")
    withdraw(gone, "Wrong.")
    for record, status in ((draft, 404), (gone, 410)):
        for address in (f"/statements/{record.pk}.card.png", f"/embed/statements/{record.pk}/"):
            response = client.get(address)
            assert response.status_code == status
            assert b"secret" not in response.content
    assert client.get(f"/statements/{10**30}.card.png").status_code == 404
    page = client.get(f"/oembed?url=http://testserver/statements/{draft.pk}/")
    assert page.status_code == 404


def test_a_card_may_stand_in_a_frame_and_nothing_else(client: Client) -> None:
    records = carded()
    for record in records:
        card = client.get(f"/embed{record.get_absolute_url()}")
        assert card.status_code == 200
        assert "X-Frame-Options" not in card
        policy = card["Content-Security-Policy"]
        assert "frame-ancestors *" in policy
        assert "script-src" not in policy
        assert "default-src 'none'" in policy
        assert card["X-Robots-Tag"] == "noindex"
        assert not card.cookies
        html = card.content.decode()
        assert "<script" not in html
        assert f'rel="canonical" href="http://testserver{record.get_absolute_url()}"' in html
        assert all(
            'target="_blank"' in a and "noopener" in a for a in re.findall(r"<a [^>]*>", html)
        )
    for address in [each.get_absolute_url() for each in records] + [
        "/",
        "/oembed",
        "/embed/statements/0/",
    ]:
        page = client.get(address)
        assert page["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in page["Content-Security-Policy"]


def test_a_card_says_whose_it_is(client: Client) -> None:
    said, action, meeting = carded()
    html = client.get(f"/embed/statements/{said.pk}/").content.decode()
    assert said.words in html
    assert "A paraphrase by Readout" in html
    assert str(said.speaker) in html
    assert f"for {said.party}" in html
    assert 'href="https://example.org/a"' in html
    html = client.get(f"/embed/actions/{action.pk}/").content.decode()
    assert "One side’s account" in html
    assert re.search(rf"{action.accounts.get().party}</span>: announced", html)
    assert "</span>: silent" in html
    html = client.get(f"/embed/meetings/{meeting.slug}/").content.decode()
    assert action.title in html
    assert "<td>announced</td><td>silent</td>" in html
    with_nothing = factories.MeetingFactory(date=None, state="planned")
    html = client.get(f"/embed/meetings/{with_nothing.slug}/").content.decode()
    assert "nothing is recorded" in html
    assert "Date not given" in html


def ask(client: Client, **asked: Any) -> Any:
    return client.get(f"/oembed?{urlencode(asked)}")


def test_oembed(client: Client) -> None:
    said, action, meeting = carded()
    page = client.get(said.get_absolute_url()).content.decode()
    link = re.search(r'<link rel="alternate" type="application/json\+oembed" href="([^"]+)"', page)
    assert link
    answer = client.get(unescape(link[1]))
    assert answer["Content-Type"] == "application/json"
    assert answer["Access-Control-Allow-Origin"] == "*"
    told = answer.json()
    assert (told["type"], told["version"], told["width"]) == ("rich", "1.0", 600)
    assert told["author_name"] == str(said.speaker)
    assert told["thumbnail_url"] == f"http://testserver/statements/{said.pk}.card.png"
    assert f'src="http://testserver/embed/statements/{said.pk}/"' in told["html"]
    for address in (
        f"https://testserver/s/{said.pk}",
        f"http://testserver/statements/{said.pk}/?x=1#y",
    ):
        assert ask(client, url=address).json()["html"] == told["html"]
    small = ask(
        client, url=f"http://testserver{action.get_absolute_url()}", maxwidth=300, maxheight=200
    ).json()
    assert (small["width"], small["height"]) == (300, 200)
    assert 'width="300" height="200"' in small["html"]
    assert "thumbnail_url" not in small
    former = meeting.slug
    Meeting.objects.filter(pk=meeting.pk).update(slug="new-name")
    assert (
        "/embed/meetings/new-name/"
        in ask(client, url=f"http://testserver/meetings/{former}/").json()["html"]
    )


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({}, 400),
        ({"url": ""}, 400),
        ({"url": "http://testserver/statements/1/", "format": "xml"}, 501),
        ({"url": "http://testserver/statements/1/"}, 404),
        ({"url": "http://testserver/people/x/"}, 404),
        ({"url": "http://testserver/nowhere"}, 404),
        ({"url": "http://elsewhere.org/statements/1/"}, 404),
        ({"url": "http://testserver@elsewhere.org/statements/1/"}, 404),
        ({"url": "//["}, 404),
        ({"url": "http://[::1/"}, 404),
        ({"url": f"http://testserver/statements/{10**40}/"}, 404),
        ({"url": "javascript:alert(1)"}, 404),
        ({"url": "http://testserver/z/1"}, 404),
        ({"url": "http://testserver/", "maxwidth": "wide"}, 400),
        ({"url": "http://testserver/", "maxheight": "0"}, 400),
        ({"url": "http://testserver/", "maxheight": "9" * 5000}, 400),
    ],
)
def test_oembed_is_asked_wrongly(asked: dict[str, str], status: int, client: Client) -> None:
    response = ask(client, **asked)
    assert response.status_code == status
    assert response.content.decode().strip().endswith(".") or status == 404


def test_the_code_to_copy(client: Client) -> None:
    said = factories.StatementFactory(words='Say "<hello>"')
    html = client.get(said.get_absolute_url()).content.decode()
    code = re.search(r'<textarea[^>]*id="embed-code"[^>]*>(.*?)</textarea>', html, re.DOTALL)
    assert code
    frame = unescape(code[1])
    assert frame.startswith(f'<iframe src="http://testserver/embed/statements/{said.pk}/"')
    assert "<hello>" not in frame
    assert "embed-code" not in client.get(said.speaker.get_absolute_url()).content.decode()


@override_settings(SECURE_SSL_REDIRECT=False)
def test_demonstration_data_says_so(client: Client) -> None:
    process = factories.ProcessFactory(slug="demonstration-talks", demonstration=True)
    meeting = factories.MeetingFactory(process=process, slug="demonstration-round")
    assert (
        "Demonstration data, invented"
        in client.get("/embed/meetings/demonstration-round/").content.decode()
    )
    assert size(picture(client, meeting).content) == (1200, 630)
