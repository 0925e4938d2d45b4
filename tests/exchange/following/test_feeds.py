"""Feeds tell a follower what is new, as an independent reader of feeds understands them."""

from __future__ import annotations

import html
import re
from typing import Any

import feedparser
import pghistory
import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from negotiations.exchange.following.reach import FOLLOWABLE
from negotiations.exchange.following.subjects import WITH_DATES
from negotiations.models import Correction, Statement, record_models
from negotiations.models.visibility import publish, unpublish, withdraw
from tests import factories
from tests.pages.test_withdrawn import SECRET, hide

pytestmark = pytest.mark.django_db


def read(client: Client, address: str) -> Any:
    response = client.get(address)
    assert response.status_code == 200, address
    assert response["Content-Type"].startswith("application/atom+xml")
    feed = feedparser.parse(response.content)
    assert not feed.bozo
    assert feed.version == "atom10"
    return feed


def titles(client: Client, record: Any, query: str = "") -> list[str]:
    return [each.title for each in read(client, atom(record) + query).entries]


def atom(record: Any) -> str:
    return f"{record.get_absolute_url()[:-1]}.atom"


@pytest.fixture
def told() -> dict[str, Any]:
    """One of everything, tied together."""
    party = factories.PartyFactory(name="Ruritania")
    ministry = factories.PartyFactory(name="Its ministry", kind="body", part_of=party)
    process = factories.ProcessFactory(name="Talks", parties=[party])
    meeting = factories.MeetingFactory(title="Round one", process=process)
    delegation = factories.DelegationFactory(meeting=meeting, party=party)
    person = factories.PersonFactory(name="Anna Envoy")
    factories.DelegateFactory(delegation=delegation, person=person)
    wide = factories.TopicFactory(name="Security")
    topic = factories.TopicFactory(name="Borders", parent=wide)
    source = factories.SourceFactory(title="A readout", publisher="The ministry")
    statement = factories.StatementFactory(
        meeting=meeting, speaker=person, party=ministry, words="We <open> the border & stay."
    )
    factories.CitationFactory(statement=statement, source=source, where="2nd paragraph")
    statement.topics.add(topic)
    question = factories.QuestionFactory(topic=topic, text="Shall it open?")
    position = factories.PositionFactory(question=question, statement=statement, party=party)
    action = factories.ActionFactory(meeting=meeting, title="Open the border", status="draft")
    action.owed_by.add(party)
    action.topics.add(topic)
    publish(action)
    account = factories.AccountFactory(action=action, party=ministry, statement=statement)
    progress = factories.ProgressFactory(action=action, report="It is half open.")
    matter = factories.OpenMatterFactory(
        meeting=meeting, title="Customs", question=question, topic=topic, statement=statement
    )
    return locals()


WAYS = {"process": 3, "meeting": 3, "party": 3, "action": 3, "person": 2, "topic": 2, "question": 2,
        "statement": 0, "source": 0}  # fmt: skip
LISTS = {
    "/search/?q=border": ["Search: border"],
    "/statements/": ["(statements)"],
    "/statements/?q=border&form=paraphrase": ["Search: border (statements; Form: paraphrase)"],
    "/actions/?status=under_way": ["(actions; Status: under way)"],
    "/changes/?what=all&kind=action": ["All of these of action"],
}


def test_each_page_leads_to_its_ways_to_follow(client: Client, told: dict[str, Any]) -> None:
    for what, number in WAYS.items():
        page = client.get(told[what].get_absolute_url()).content.decode().split('id="use-it"')[1]
        ways = set(re.findall(r'href="([^"]+\.(?:atom|ics)|/follow/\?[^"]+)"', page))
        assert len(ways) == number, what
        assert {client.get(way).status_code for way in ways} <= {200}
    for address, words in LISTS.items():
        page = client.get(address).content.decode()
        (way,) = re.findall(r'href="(/follow/\?(?:search|changes)=[^"]*)"', page)
        followed = client.get(html.unescape(way)).content.decode()
        for word in words:
            assert word in html.unescape(followed), address


@pytest.mark.parametrize("status", ["draft", "withdrawn"])
def test_what_is_not_public_leaks_into_no_feed_and_no_calendar(client: Client, status: str) -> None:
    for model in record_models():
        hide(getattr(factories, f"{model.__name__}Factory")(), status)
    feeds = ["/calendar.ics", "/search/feed/", "/statements/feed/", "/actions/feed/"]
    for kind in FOLLOWABLE:
        # Those on which the hidden ones hang were made last.
        for record in apps.get_model("negotiations", kind).published.order_by("-pk")[:2]:
            feeds.append(atom(record))
            if kind in WITH_DATES:
                feeds.append(atom(record).replace(".atom", ".ics"))
    for address in feeds:
        response = client.get(address)
        assert response.status_code == 200, address
        assert SECRET not in response.content.decode(), address


SAID = "Anna Envoy: We <open> the border & stay."
HELD = "Meeting held: Round one"
AGREED, REPORT = "Action: Open the border", "Open the border: under way (March 2025)"
WANTS, OPEN = "Ruritania: supports – Shall it open?", "Left open: Customs"
ACCOUNT = "Its ministry announced: Open the border"


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("process", {"Talks", HELD, SAID, WANTS, AGREED, ACCOUNT, REPORT, OPEN}),
        ("meeting", {HELD, SAID, WANTS, AGREED, ACCOUNT, REPORT, OPEN}),
        ("party", {"Ruritania", "Its ministry", "Ruritania (negotiating): Round one", SAID, WANTS,
                   AGREED, ACCOUNT, REPORT}),
        ("person", {"Anna Envoy", "Anna Envoy, Delegate, for Ruritania: Round one", SAID, WANTS,
                    ACCOUNT}),
        ("wide", {"Security", "Borders", "Shall it open?", SAID, WANTS, AGREED, ACCOUNT, REPORT, OPEN}),
        ("question", {"Shall it open?", WANTS, OPEN}),
        ("action", {AGREED, ACCOUNT, REPORT}),
    ],
)  # fmt: skip
def test_a_feed_tells_what_concerns_the_record(
    client: Client, told: dict[str, Any], what: str, expected: set[str]
) -> None:
    factories.OpenMatterFactory()
    factories.AccountFactory()
    factories.PositionFactory()
    found = titles(client, told[what])
    assert set(found) == expected
    assert len(found) == len(expected)


def test_an_entry_says_who_said_what_by_which_source(client: Client, told: dict[str, Any]) -> None:
    statement = told["statement"]
    feed = read(client, atom(told["person"]))
    assert feed.feed.title == "Readout: Anna Envoy"
    assert feed.feed.link == f"http://testserver{told['person'].get_absolute_url()}"
    assert feed.feed.id == f"tag:localhost,2026:person-{told['person'].pk}"
    entry = next(each for each in feed.entries if each.title == SAID)
    assert entry.link == f"http://testserver{statement.get_absolute_url()}"
    assert entry.author == "Anna Envoy"
    assert "We &lt;open&gt; the border &amp; stay." in entry.summary
    assert "Anna Envoy, for Its ministry, in our words, 18 February 2025" in entry.summary
    assert "A readout, The ministry: 2nd paragraph" in entry.summary
    assert told["source"].get_absolute_url() in entry.summary
    note = Correction.objects.get(kind="statement", record_id=statement.pk, what="published")
    assert entry.id == f"tag:localhost,2026:change-{note.pk}"
    assert entry.updated.startswith(f"{note.at:%Y-%m-%dT%H:%M:%S}")


def test_a_correction_is_told_with_both_versions_and_its_reason(
    client: Client, told: dict[str, Any]
) -> None:
    with pghistory.context(public_reason="Heard wrongly."):
        Statement.objects.filter(pk=told["statement"].pk).update(words="We close it.")
    for what in ("process", "person", "party", "topic", "question"):
        entry = next(
            each
            for each in read(client, atom(told[what])).entries
            if each.title == "Corrected: Anna Envoy: We close it."
        )
        assert "Reason: Heard wrongly." in entry.summary
        assert "We &lt;open&gt; the border &amp; stay.</del>" in entry.summary
        assert entry.tags[0].term == "corrected"


def test_what_is_withdrawn_is_told_without_what_it_said(
    client: Client, told: dict[str, Any]
) -> None:
    said = factories.StatementFactory(
        meeting=told["meeting"], speaker=told["person"], party=told["ministry"], words="Zebra."
    )
    said.topics.add(told["topic"])
    withdraw(said, "It was never said.")
    other = factories.PersonFactory()
    # What happens to it as a draft is nobody's news.
    Statement.objects.filter(pk=said.pk).update(speaker=other, status="draft")
    for what in ("process", "meeting", "party", "person", "wide"):
        feed = read(client, atom(told[what]))
        entry = next(e for e in feed.entries if e.title == f"Withdrawn: statement {said.pk}")
        assert "Why: It was never said." in entry.summary
        assert "Zebra" not in str(feed)
    assert not [t for t in titles(client, other) if "Withdrawn" in t]


def test_drafts_are_in_no_feed(client: Client, told: dict[str, Any]) -> None:
    before = titles(client, told["meeting"])
    draft = factories.StatementFactory(meeting=told["meeting"], words="Quagga.", status="draft")
    assert titles(client, told["meeting"]) == before
    publish(draft)
    assert "Quagga" in titles(client, told["meeting"])[0]
    unpublish(draft)
    assert "Quagga" not in str(titles(client, told["meeting"]))


@pytest.mark.parametrize("suffix", ["atom", "ics"])
def test_addresses_redirect_are_gone_or_were_never_there(client: Client, suffix: str) -> None:
    process = factories.ProcessFactory(slug="old")
    process.slug = "new"
    process.save()
    moved = client.get(f"/processes/old.{suffix}?before=1.1")
    assert (moved.status_code, moved["Location"]) == (301, f"/processes/new.{suffix}?before=1.1")
    withdraw(process, "It was another.")
    for slug in ("old", "new"):
        assert client.get(f"/processes/{slug}.{suffix}").status_code == 410
    draft = factories.ProcessFactory(status="draft")
    assert client.get(f"/processes/{draft.slug}.{suffix}").status_code == 404
    assert client.get(f"/actions/999999999999999999999.{suffix}").status_code == 404
    assert client.post(f"/processes/new.{suffix}").status_code == 405


def test_older_entries_follow_and_the_queries_stay(client: Client) -> None:
    person = factories.PersonFactory()
    factories.StatementFactory.create_batch(3, speaker=person)
    with CaptureQueriesContext(connection) as few:
        client.get(atom(person))
    factories.StatementFactory.create_batch(58, speaker=person)
    with CaptureQueriesContext(connection) as many:
        first = read(client, atom(person))
    assert len(many) <= len(few)
    assert len(first.entries) == 40
    following = next(link.href for link in first.feed.links if link.rel == "next")
    second = read(client, following)
    ids = [each.id for each in (*first.entries, *second.entries)]
    assert len(set(ids)) == len(ids) == 62
    for wrong in ("x", "1", "1.2.3", "9" * 30, "9999999999999999.1"):
        assert client.get(f"{atom(person)}?before={wrong}").status_code in (200, 400)
    assert client.get(f"{atom(person)}?before=<script>").status_code == 400


def test_who_has_the_feed_is_told_so(client: Client, told: dict[str, Any]) -> None:
    tag = client.get(atom(told["person"]))["ETag"]
    again = client.get(atom(told["person"]), headers={"If-None-Match": tag})
    assert again.status_code == 304


def test_what_xml_and_calendars_cannot_hold_is_left_out(client: Client) -> None:
    meeting = factories.MeetingFactory(title="Ring\x07 the\x0b bell\ufffe \u202eright")
    factories.StatementFactory(meeting=meeting, words="Ding\x1f dong.")
    feed = read(client, atom(meeting))
    assert feed.feed.title == "Readout: Ring the bell \u202eright"
    assert "Ding dong." in feed.entries[0].title
    assert client.get("/search/feed/?q=ding").status_code == 200
    assert "Ring the bell" in client.get(atom(meeting).replace(".atom", ".ics")).content.decode()


def test_demonstration_data_says_so(client: Client) -> None:
    process = factories.ProcessFactory(slug="demonstration-x", demonstration=True)
    assert "(demonstration data)" in read(client, atom(process)).feed.title


def test_a_search_tells_what_it_newly_finds_and_when(client: Client) -> None:
    """However long ago it was said."""
    old = factories.StatementFactory(words="Peace long ago.", date="1990")
    factories.StatementFactory(words="War long ago.", date="1990")
    factories.StatementFactory.create_batch(31, words="Peace now.", date="2025")
    Correction.objects.filter(record_id=old.pk, kind="statement").update(at="2030-01-01T00:00Z")
    feed = read(client, "/statements/feed/?q=peace")
    assert feed.entries[0].link == f"http://testserver{old.get_absolute_url()}"
    assert feed.entries[0].updated == "2030-01-01T00:00:00+00:00"
    assert len(feed.entries) == 30
    assert feed.feed.author == "Readout"


def test_the_corrections_are_a_feed(client: Client) -> None:
    statement = factories.StatementFactory(words="Before.")
    Statement.objects.update(words="After.")
    feed = read(client, "/changes/feed/")
    assert [each.link for each in feed.entries] == [
        f"http://testserver{statement.get_absolute_url()}"
    ]
    assert feed.feed.author == "Readout"
