"""What all of the API's answers share: other sites may read them, limits are told, errors are readable."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client, RequestFactory

from negotiations import settings as configuration
from negotiations.limits import Limits, address_of
from tests import factories

if TYPE_CHECKING:
    pass

pytestmark = pytest.mark.django_db


@pytest.fixture
def _kept(settings: Any) -> None:
    settings.PAGE_CACHE = 8
    return


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_kept")
def test_an_answer_is_kept_and_dated_until_something_public_changes() -> None:
    statement = factories.StatementFactory()
    client = Client()
    first = client.get("/api/v1/statements")
    assert first["Last-Modified"]
    tag = {"If-None-Match": first["ETag"]}
    again = client.get("/api/v1/statements", headers=tag)
    assert again.status_code == 304
    assert again["Access-Control-Allow-Origin"] == "*"
    statement.words = "Corrected."
    statement.save()
    changed = client.get("/api/v1/statements", headers=tag)
    assert changed.json()["data"][0]["words"] == "Corrected."


@pytest.mark.usefixtures("_kept")
def test_what_is_left_is_each_readers_own_though_the_answer_is_kept(settings: Any) -> None:
    settings.API_LIMIT = (100, 60)
    client = Client()
    left = [client.get("/api/v1/people")["RateLimit"].split(";")[1] for _ in range(3)]
    other = client.get("/api/v1/people", REMOTE_ADDR="198.51.100.7")["RateLimit"]
    assert left == ["r=99", "r=98", "r=97"]
    assert "r=99" in other


def test_who_asks_too_much_is_told_when_to_come_back(settings: Any) -> None:
    settings.API_LIMIT = (3, 60)
    client = Client()
    answers = [client.get("/api/v1/people") for _ in range(4)]
    assert [each.status_code for each in answers] == [200, 200, 200, 429]
    assert answers[0]["RateLimit-Policy"] == '"address";q=3;w=60'
    refused = answers[-1]
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert refused["Content-Type"] == "application/problem+json"
    assert client.get("/api/").status_code == 200
    assert client.get("/people/").status_code == 200


def test_processes_count_together(settings: Any, django_assert_num_queries: Any) -> None:
    settings.API_LIMIT = (100, 600)
    one, other = Limits("API_LIMIT"), Limits("API_LIMIT")
    request = RequestFactory().get("/api/v1/people")
    with django_assert_num_queries(0):
        one.turn(request)  # who asks little costs no write
    for _ in range(60):
        one.turn(request)
        other.turn(request)
    turn = other.turn(request)
    assert turn
    assert not turn.allowed


def test_a_forged_address_counts_only_behind_a_proxy(settings: Any) -> None:
    request = RequestFactory().get("/", headers={"X-Forwarded-For": "1.1.1.1, 203.0.113.9"})
    assert address_of(request) == "127.0.0.1"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert address_of(request) == "203.0.113.9"
    six = RequestFactory().get("/", headers={"X-Forwarded-For": "2001:db8::1:2:3:4"})
    assert address_of(six) == "2001:db8::"


@pytest.mark.parametrize("text", ["5", "x/1", "0/5", "5/0", "-1/2"])
def test_a_limit_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="such as 3000/5"):
        configuration._limit("READOUT_API_LIMIT", text)


def test_any_site_may_read(client: Client) -> None:
    answer = client.get("/api/v1/people", headers={"Origin": "https://example.org"})
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "RateLimit" in answer["Access-Control-Expose-Headers"]
    before = client.options("/api/v1/people", headers={"Access-Control-Request-Method": "GET"})
    assert before.status_code == 204
    assert "If-None-Match" in before["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in before


def test_head_is_get_without_a_body(client: Client) -> None:
    answer = client.head("/api/v1/people")
    assert answer.status_code == 200
    assert answer.content == b""


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(client: Client, method: str) -> None:
    answer = getattr(client, method)("/api/v1/people")
    assert answer.status_code == 405
    assert answer["Content-Type"] == "application/problem+json"
    assert "GET" in answer["Allow"]
