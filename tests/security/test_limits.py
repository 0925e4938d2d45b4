"""Limits on searches and downloads: generous, told with when to go on, and nothing for kept pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from negotiations import limits
from negotiations import settings as configuration
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.django_db
PEOPLE = {"Accept": "text/html"}


@pytest.fixture(autouse=True)
def few(settings: Any) -> Iterator[None]:
    settings.SEARCH_LIMIT, settings.DOWNLOAD_LIMIT = (3, 600), (2, 600)
    for each in (limits.SEARCHES, limits.DOWNLOADS):
        each.counts.clear()
    yield
    for each in (limits.SEARCHES, limits.DOWNLOADS):
        each.counts.clear()


def test_who_searches_too_much_is_told_when_to_go_on(client: Client) -> None:
    codes = [client.get(f"/search/?q=a{n}", headers=PEOPLE).status_code for n in range(3)]
    refused = client.get("/statements/?q=b", headers=PEOPLE)
    assert codes == [200] * 3
    assert refused.status_code == 429
    assert 1 <= int(refused["Retry-After"]) <= 600
    assert "came 3 of these requests in 10 minutes" in refused.content.decode()
    assert refused["Cache-Control"] == "no-store"
    assert "Content-Security-Policy" in refused
    assert client.get("/people/").status_code == 200
    assert client.get("/search/", REMOTE_ADDR="192.0.2.4").status_code == 200


@pytest.mark.parametrize(
    "address",
    ["/search/", "/statements/", "/actions/", "/search/suggest/?q=x", "/compare/", "/network/",
     "/search/feed/", "/people.json", "/oembed-is-not"],
)  # fmt: skip
def test_all_ways_to_search_count_together(client: Client, address: str) -> None:
    for n in range(3):
        client.get(f"/search/?q=a{n}")
    expected = 404 if address == "/oembed-is-not" else 429
    assert client.get(address).status_code == expected


@pytest.mark.parametrize(
    "address",
    ["/statements.csv", "/people.xlsx", "/search/download/", "/map/picture.png",
     "/data/popolo.json", "/data/datapackage.zip"],
)  # fmt: skip
def test_downloads_have_a_limit_of_their_own(client: Client, address: str) -> None:
    for _ in range(2):
        assert client.get("/statements.jsonl").status_code == 200
    refused = client.get(address)
    assert refused.status_code == 429
    assert refused["Content-Type"] == "text/plain; charset=utf-8"
    assert "Go on in" in refused.content.decode()
    assert client.get("/search/").status_code == 200


def test_a_part_of_a_page_stays_one(client: Client) -> None:
    htmx = {"HX-Request": "true", "HX-Target": "results", **PEOPLE}
    for _ in range(4):
        answer = client.get("/search/", headers=htmx)
    assert answer.status_code == 429
    assert "<html" not in answer.content.decode()


def test_assistants_are_counted(client: Client) -> None:
    for _ in range(4):
        answer = client.post("/mcp", b"{}", content_type="application/json")
    assert answer.status_code == 429


@pytest.mark.django_db(transaction=True)
def test_a_kept_page_counts_for_nothing(settings: Any) -> None:
    settings.PAGE_CACHE = 8
    factories.StatementFactory()
    client = Client()
    codes = {client.get("/statements/").status_code for _ in range(10)}
    assert codes == {200}
    (count,) = limits.SEARCHES.counts.values()
    assert count.untold + count.told == 1


def test_limits_of_different_lengths_are_counted_side_by_side(settings: Any) -> None:
    """What one of them forgets of old counts, the other may need."""
    settings.SEARCH_LIMIT, settings.DOWNLOAD_LIMIT = (50, 3600), (1, 60)
    client = Client()
    client.get("/search/")
    client.get("/statements.jsonl")
    limits.SEARCHES.counts.clear()  # another process
    limits.DOWNLOADS.counts.clear()
    assert client.get("/search/").status_code == 200
    (count,) = limits.SEARCHES.counts.values()
    assert count.told == 2


def test_many_addresses_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_ADDRESSES", 20)
    client = Client()
    for n in range(50):
        client.get("/search/suggest/", REMOTE_ADDR=f"192.0.2.{n}")
    assert len(limits.SEARCHES.counts) <= 21


@pytest.mark.parametrize("name", ["READOUT_SEARCH_LIMIT", "READOUT_DOWNLOAD_LIMIT"])
def test_a_limit_that_can_not_be_read_is_refused(name: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"{name} is “5”. Write requests/minutes"):
        configuration._limit(name, "5")
