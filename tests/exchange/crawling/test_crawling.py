"""Crawlers find every public record once, and nothing else; browsers and assistants find the rest."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import etree

from negotiations.exchange.crawling import sitemaps
from tests import factories
from tests.pages.test_withdrawn import ADDRESSED, made

pytestmark = pytest.mark.django_db
HERE = "http://testserver"


def read(client: Client, address: str) -> Any:
    answer: Any = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("application/")
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return etree.fromstring(content)


def entries(client: Client, address: str, what: str) -> list[Any]:
    """The entries of a sitemap or index, whose form is checked against the protocol."""
    root = read(client, address)
    listing = {"url": "urlset", "sitemap": "sitemapindex"}[what]
    assert root.tag == f"{{{sitemaps.NAMESPACE}}}{listing}"
    found = []
    for entry in root:
        assert entry.tag == f"{{{sitemaps.NAMESPACE}}}{what}"
        names = [etree.QName(child).localname for child in entry]
        assert names in (["loc"], ["loc", "lastmod"])
        found.append(dict(zip(names, (child.text for child in entry), strict=True)))
    assert len(found) <= 50_000
    return found


def all_of_it(client: Client) -> list[str]:
    index = [each["loc"] for each in entries(client, "/sitemap.xml", "sitemap")]
    assert all(address.startswith(HERE) for address in index)
    return [
        each["loc"].removeprefix(HERE)
        for address in index
        for each in entries(client, address.removeprefix(HERE), "url")
    ]


def test_every_public_record_is_listed_once_and_each_address_works(client: Client) -> None:
    records = [made(kind) for kind in ADDRESSED]
    factories.StatementFactory(status="draft")
    hidden = factories.PersonFactory(slug="hidden", status="draft")
    invented = factories.PartyFactory(slug="demonstration-x", demonstration=True)
    found = all_of_it(client)
    assert len(found) == len(set(found))
    assert {record.get_absolute_url() for record in records} <= set(found)
    for record in (hidden, invented):
        assert record.get_absolute_url() not in found
    for address in found:
        if address != "/api/":  # documented in a room of its own
            assert client.get(address).status_code == 200


def test_blocks_are_ranges_of_numbers_and_none_is_empty(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemaps, "BLOCK", 2)
    people = factories.PersonFactory.create_batch(5)
    far = factories.PersonFactory(id=people[-1].pk + 1000)
    listed = [each["loc"] for each in entries(client, "/sitemap.xml", "sitemap")]
    blocks = sorted({person.pk // 2 for person in [*people, far]})
    assert [each for each in listed if "-person-" in each] == [
        f"{HERE}/sitemap-person-{block}.xml" for block in blocks
    ]
    assert entries(client, f"/sitemap-person-{far.pk // 2}.xml", "url") == [
        {
            "loc": f"{HERE}{far.get_absolute_url()}",
            "lastmod": far.updated_at.isoformat(timespec="seconds"),
        }
    ]
    for address in ("person-999", "draft-0", "account-0", f"person-{2**62}", f"person-{2**80}"):
        assert client.get(f"/sitemap-{address}.xml").status_code == 404
    with CaptureQueriesContext(connection) as caught:
        client.get("/sitemap.xml")
    assert len(caught) == len(ADDRESSED)


def test_a_browser_is_told_of_the_search(client: Client) -> None:
    home = client.get("/").content.decode()
    assert 'type="application/opensearchdescription+xml"' in home
    root = read(client, "/opensearch.xml")
    name = "{http://a9.com/-/spec/opensearch/1.1/}"
    assert root.tag == f"{name}OpenSearchDescription"
    assert len(root.find(f"{name}ShortName").text) <= 16
    templates = {url.get("type"): url.get("template") for url in root.iter(f"{name}Url")}
    for kind in ("text/html", "application/atom+xml"):
        address = templates[kind].removeprefix(HERE).replace("{searchTerms}", "peace")
        assert client.get(address).status_code == 200


def test_robots_and_language_models_are_told_where_to_look(client: Client) -> None:
    robots = client.get("/robots.txt").content.decode()
    assert f"\nSitemap: {HERE}/sitemap.xml\n" in robots
    text = client.get("/llms.txt").content.decode()
    assert text.startswith("# Readout\n\n> ")
    for address in ("/api/", "/data/datapackage.json", "/mcp", "/sitemap.xml", "/about/"):
        assert f"({HERE}{address})" in text
