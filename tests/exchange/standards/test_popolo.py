"""Popolo out: the classes and properties of https://www.popoloproject.com/specs/, and no others.

Its JSON schemas come in no package, so what they say is checked here by hand.
"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client

from negotiations.models import Meeting, Process
from negotiations.models.visibility import withdraw
from tests import factories, riyadh

pytestmark = pytest.mark.django_db

# What the specification lets each class say, as far as Readout says it: text, a date of reduced
# precision, an array of objects with these properties, or the id of an element of an array.
TEXT, DATE = str, re.compile(r"\d{4}(-\d{2}){0,2}")
LINKS: Any = {"url": TEXT, "note": TEXT}
IDENTIFIERS: Any = {"identifier": TEXT, "scheme": TEXT}
SPECIFICATION: dict[str, dict[str, Any]] = {
    "persons": {
        "id": TEXT, "name": TEXT, "sort_name": TEXT, "summary": TEXT, "identifiers": IDENTIFIERS,
        "other_names": {"name": TEXT, "note": TEXT}, "links": LINKS,
    },
    "organizations": {
        "id": TEXT, "name": TEXT, "classification": TEXT, "description": TEXT, "links": LINKS,
        "identifiers": IDENTIFIERS, "other_names": {"name": TEXT, "note": TEXT},
        "parent_id": "organizations",
    },
    "memberships": {
        "id": TEXT, "label": TEXT, "role": TEXT, "person_id": "persons", "sources": LINKS,
        "organization_id": "organizations", "on_behalf_of_id": "organizations", "start_date": DATE,
        "end_date": DATE,
    },
    "events": {
        "id": TEXT, "name": TEXT, "description": TEXT, "start_date": DATE, "end_date": DATE,
        "location": TEXT, "status": TEXT, "classification": TEXT, "identifiers": IDENTIFIERS,
        "organization_id": "organizations", "parent_id": "events", "sources": LINKS, "links": LINKS,
        "attendees": {"id": TEXT, "name": TEXT},
    },
    "speeches": {
        "id": TEXT, "creator_id": "persons", "attribution_text": TEXT, "text": TEXT, "date": DATE,
        "classification": TEXT, "event_id": "events", "sources": LINKS,
    },
}  # fmt: skip


def read(client: Client, address: str) -> dict[str, list[Any]]:
    response = client.get(address)
    assert response.status_code == 200, address
    document: dict[str, list[Any]] = json.loads(b"".join(response.streaming_content))
    return document


def check(document: dict[str, list[Any]]) -> None:
    assert set(document) == set(SPECIFICATION)
    ids = {name: [each["id"] for each in several] for name, several in document.items()}
    for name, several in document.items():
        assert len(set(ids[name])) == len(several), f"an id of {name} stands twice"
        for element in several:
            for field, value in element.items():
                kind = SPECIFICATION[name][field]
                if isinstance(kind, dict):
                    for each in value:
                        assert each.items() <= {k: each.get(k) for k in kind}.items()
                        assert all(isinstance(part, str) for part in each.values())
                    continue
                assert isinstance(value, str)
                assert value, f"{name}.{field} is empty"
                if isinstance(kind, re.Pattern):
                    assert kind.fullmatch(value), value
                if isinstance(kind, str):
                    assert value in ids[kind], f"{field} {value} leads nowhere"


def test_it_works(client: Client) -> None:
    riyadh.load()
    whole = read(client, "/data/popolo.json")
    check(whole)
    lavrov = next(each for each in whole["persons"] if each["id"] == "people/sergey-lavrov")
    assert {"scheme": "wikidata", "identifier": "Q58217"} in lavrov["identifiers"]
    said = next(each for each in whole["speeches"] if each["text"] == "quite successfully")
    assert said["creator_id"] == "people/sergey-lavrov"
    assert said["attribution_text"] == "Sergey Lavrov, for Russia"
    assert said["classification"] == "verbatim"
    assert said["date"] == "2025-02-18"
    assert any("1st paragraph" in each["note"] for each in said["sources"])
    seat = next(each for each in whole["memberships"] if each["id"].startswith("delegates/"))
    assert seat["on_behalf_of_id"] == "parties/russia"
    assert seat["organization_id"] == "meetings/riyadh-2025-02-18/russia"
    for address in (
        "/meetings/riyadh-2025-02-18.popolo.json",
        "/processes/russia-us-normalisation-2025.popolo.json",
    ):
        part = read(client, address)
        check(part)
        assert part["speeches"] == whole["speeches"]
        assert len(part["persons"]) == 7  # those who sat there or spoke of it


def test_no_precision_is_invented(client: Client) -> None:
    meeting = factories.MeetingFactory(date="about February 2025", ended="March 2025")
    person = factories.PersonFactory()
    factories.AppointmentFactory(person=person, office="Envoy", start="2004", end="about 2010")
    factories.StatementFactory(meeting=meeting, speaker=person, date="February 2025")
    document = read(client, f"/meetings/{meeting.slug}.popolo.json")
    check(document)
    event = document["events"][-1]
    assert "start_date" not in event
    assert event["description"] == "Date: about February 2025."
    assert event["end_date"] == "2025-03"
    held = document["memberships"][0]
    assert (held["start_date"], held.get("end_date")) == ("2004", None)
    assert held["label"] == "Envoy, to about 2010"
    assert document["speeches"][0]["date"] == "2025-02"


def test_only_what_is_public_and_real(client: Client) -> None:
    real = factories.StatementFactory(words="Real words.")
    factories.StatementFactory(words="Secret words.", status="draft", meeting=real.meeting)
    process = factories.ProcessFactory(slug="demonstration-talks", demonstration=True)
    invented = factories.MeetingFactory(
        process=process, slug="demonstration-round", title="Invented"
    )
    body = json.dumps(read(client, "/data/popolo.json"))
    assert "Real words." in body
    assert "Secret" not in body
    assert "Invented" not in body
    assert "Secret" not in json.dumps(read(client, f"/meetings/{real.meeting.slug}.popolo.json"))
    alone = read(client, "/data/popolo.json?data=demonstration")
    assert [each["name"] for each in alone["events"]] == [process.name, invented.title]
    assert not alone["speeches"]
    wrong = client.get("/data/popolo.json?data=all")
    assert wrong.status_code == 400
    assert "demonstration" in wrong.content.decode()


@pytest.mark.parametrize("suffix", ["popolo.json", "akn.xml"])
def test_it_has_the_fate_of_its_page(client: Client, suffix: str) -> None:
    meeting = factories.MeetingFactory(slug="vienna")
    Meeting.objects.filter(pk=meeting.pk).update(slug="vienna-2025")
    moved = client.get(f"/meetings/vienna.{suffix}?x=1")
    assert moved.status_code == 301
    assert moved["Location"] == f"/meetings/vienna-2025.{suffix}?x=1"
    withdraw(Meeting.objects.get(pk=meeting.pk), "Never held.")
    for slug in ("vienna", "vienna-2025"):
        gone = client.get(f"/meetings/{slug}.{suffix}")
        assert gone.status_code == 410
        assert "Never held." in gone.content.decode()
    assert client.get(f"/meetings/nowhere.{suffix}").status_code == 404
    assert client.post(f"/meetings/vienna-2025.{suffix}").status_code == 405
    draft = factories.MeetingFactory(slug="draft", status="draft")
    assert client.get(f"/meetings/{draft.slug}.{suffix}").status_code == 404


def test_its_queries_do_not_grow_with_the_records(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    meeting = factories.MeetingFactory()
    party = factories.PartyFactory(part_of=factories.PartyFactory(), kind="body")
    for _ in range(5):
        said = factories.StatementFactory(meeting=meeting, party=party)
        factories.CitationFactory(statement=said)
        factories.AppointmentFactory(person=said.speaker, party=party)
        seat = factories.DelegationFactory(meeting=meeting)
        factories.DelegateFactory(delegation=seat)
    for address in (
        "/data/popolo.json",
        f"/meetings/{meeting.slug}.popolo.json",
        f"/processes/{meeting.process.slug}.popolo.json",
        f"/meetings/{meeting.slug}.akn.xml",
    ):
        with django_assert_max_num_queries(17):
            response = client.get(address)
            assert b"".join(response.streaming_content if response.streaming else response)
    assert Process.objects.count() == 1
