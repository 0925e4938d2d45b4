"""Feeds and downloads take the very search that the page shows."""

from __future__ import annotations

import csv
from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from tests import factories

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def rows(client: Client, address: str) -> list[dict[str, str]]:
    response = client.get(address)
    assert response.status_code == 200
    text = b"".join(response.streaming_content).decode()
    return list(csv.DictReader(text.splitlines()))


@pytest.mark.parametrize("here", ["search", "statements"])
def test_the_feed_is_the_search(client: Client, here: str) -> None:
    party = factories.PartyFactory(slug="russia", name="Party of one")
    ours = factories.StatementFactory(words="Peace & quiet.", party=party)
    factories.StatementFactory(words="Peace elsewhere.")
    factories.StatementFactory(words="Peace in draft.", party=party, status="draft")
    response = client.get(f"/{here}/feed/?q=peace&party=russia")
    assert response["Content-Type"].startswith("application/atom+xml")
    feed = ET.fromstring(response.content)  # noqa: S314 - our own answer
    links = [entry.find(f"{ATOM}link").get("href") for entry in feed.iter(f"{ATOM}entry")]
    assert links == [f"http://testserver{ours.get_absolute_url()}"]
    page = client.get(f"/{here}/?q=peace&party=russia").content.decode()
    assert f'href="/{here}/feed/?q=peace&amp;party=russia"' in page


def test_a_download_has_every_row_and_no_formula(client: Client) -> None:
    factories.StatementFactory.create_batch(3, date="2024")
    factories.StatementFactory(words="=cmd()", date="2025-02")
    factories.StatementFactory(status="draft")
    found = rows(client, "/statements/download/")
    assert len(found) == 4
    assert (found[0]["words"], found[0]["date"]) == ("'=cmd()", "2025-02")
    assert len(rows(client, "/statements/download/?year=2024")) == 3


def test_actions_are_downloaded_by_their_filters(client: Client) -> None:
    action = factories.ActionFactory()
    factories.ProgressFactory(state="done")
    found = rows(client, "/actions/download/?status=no_report")
    assert [row["title"] for row in found] == [action.title]
