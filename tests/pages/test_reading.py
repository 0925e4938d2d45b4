"""Hostile and mistaken input, fixed query counts, short and former addresses."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address",
    [
        "/statements/?party=99999999999999999999",
        "/statements/?from=yesterday",
        "/statements/?page=zero",
        "/statements/?page=99999999999999999999",
        "/statements/?party=%00",
        "/actions/?kind=nonsense",
        "/search/?q=%00",
        "/search/?q=" + "x" * 1001,
        "/search/?q=" + "x" * 100_000,
        "/search/?in=nonsense",
        "/search/?q=a&sort=best",
        "/statements/?page=-1",
        "/statements/?after=yesterday",
        "/statements/?after=2025-13-45_1",
        "/statements/?year=20x5",
        "/statements/?party=nobody",
        "/statements/?" + "&".join(f"party={n}" for n in range(1000)),
        "/actions/?due=soon",
        "/statements/feed/?party=nobody",
        "/statements/download/?page=x",
    ],
)
def test_bad_input_is_told(client: Client, address: str) -> None:
    assert client.get(address).status_code == 400


@pytest.mark.parametrize(
    "address",
    ["/people/nobody/", "/parties/none/", "/topics/none/", "/statements/9/", "/s/9", "/z/9"],
)
def test_unknown_is_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_words_are_escaped(client: Client) -> None:
    statement = factories.StatementFactory(words="Peace <script>alert(1)</script>")
    for address in (statement.get_absolute_url(), "/statements/", "/search/?q=peace"):
        body = client.get(address).content.decode()
        assert "<script>alert" not in body
        assert "Peace" in body.replace("<mark>", "").replace("</mark>", "")


def test_short_address_leads_to_the_page(client: Client) -> None:
    statement = factories.StatementFactory()
    response = client.get(f"/s/{statement.pk}")
    assert (response.status_code, response["Location"]) == (301, statement.get_absolute_url())
    draft = factories.StatementFactory(status="draft")
    assert client.get(f"/s/{draft.pk}").status_code == 404


def test_former_address_redirects_with_its_query(client: Client) -> None:
    person = factories.PersonFactory(slug="old")
    person.slug = "new"
    person.save()
    response = client.get("/people/old/?page=1")
    assert (response.status_code, response["Location"]) == (301, "/people/new/?page=1")


@pytest.mark.parametrize(
    ("address", "make"),
    [
        ("/statements/", factories.StatementFactory),
        ("/actions/", factories.ActionFactory),
        ("/people/", factories.PersonFactory),
        ("/parties/", factories.PartyFactory),
        ("/topics/", factories.TopicFactory),
        ("/questions/", factories.QuestionFactory),
    ],
)
def test_queries_do_not_grow(
    client: Client, address: str, make: type[factories.RecordFactory]
) -> None:
    counts = []
    for more in (3, 25):
        make.create_batch(more)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
