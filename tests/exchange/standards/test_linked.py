"""JSON-LD in each record's page, valid against schema.org's vocabulary; and Open Graph beside it."""

from __future__ import annotations

import json
import re
from html import unescape
from importlib import import_module
from typing import Any

import pytest
from django.test import Client
from schema_org.enums import EventStatusType

from negotiations.models import Action, Meeting, Person, Source, Statement, Topic
from negotiations.pages.withdrawn import MODELS
from tests import factories, riyadh

pytestmark = pytest.mark.django_db
DATA = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
PRIMITIVE = {"Text", "URL", "Date", "DateTime", "Duration", "Time"}


def page(client: Client, record: Any) -> str:
    response = client.get(record.get_absolute_url())
    assert response.status_code == 200
    return str(response.content.decode())


def data(client: Client, record: Any) -> dict[str, Any]:
    found = DATA.findall(page(client, record))
    assert len(found) == 1
    node: dict[str, Any] = json.loads(found[0])
    assert node.pop("@context") == "https://schema.org"
    check(node)
    return node


def described(name: str) -> Any:
    """A type of the vocabulary. By its module: asked of the package, it builds a hundred others."""
    module = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    return getattr(import_module(f"schema_org.models.{module}"), name)


def check(node: dict[str, Any], within: str = "") -> None:
    """Every type and property is one of the vocabulary's, and every value in the property's range."""
    model = described(node["@type"])
    known = {each.schema_name: each for each in model.SCHEMA_PROPERTIES}
    for name, value in node.items():
        if name.startswith("@"):
            continue
        # A Role stands between a property and its value, and repeats the property:
        # https://schema.org/Role
        if name == within and "Role" in model.SCHEMA_TYPES:
            continue
        assert name in known, f"{node['@type']} has no {name}"
        assert not known[name].superseded_by
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                types = {*described(each["@type"]).SCHEMA_TYPES}
                assert types & {*known[name].ranges, "Role"}, f"{name} takes no {each['@type']}"
                check(each, name)
            elif isinstance(each, str):
                enumerated = each.removeprefix("https://schema.org/") in {
                    str(one).removeprefix("https://schema.org/") for one in EventStatusType
                }
                assert enumerated or PRIMITIVE & {*known[name].ranges}, f"{name}: {each}"
            else:
                assert "Number" in known[name].ranges, f"{name}: {each}"


def test_every_record_has_it(client: Client) -> None:
    riyadh.load()
    for model in MODELS.values():
        node = data(client, model.published.order_by("pk")[0])
        assert (
            node["@id"]
            == f"http://testserver{model.published.order_by('pk')[0].get_absolute_url()}"
        )
    meeting = data(client, Meeting.objects.get(slug="riyadh-2025-02-18"))
    assert (meeting["@type"], meeting["startDate"]) == ("Event", "2025-02-18")
    assert meeting["location"]["sameAs"] == "https://www.wikidata.org/wiki/Q3692"
    assert meeting["location"]["geo"]["latitude"] == 24.71
    assert [each["name"] for each in meeting["attendee"]][:3] == [
        "Russia",
        "United States",
        "Sergey Lavrov",
    ]
    lavrov = data(client, Person.objects.get(slug="sergey-lavrov"))
    assert lavrov["sameAs"] == "https://www.wikidata.org/wiki/Q58217"
    assert lavrov["affiliation"][0]["roleName"] == "Foreign Minister"
    said = data(client, Statement.objects.get(words="quite successfully"))
    assert (said["@type"], said["text"]) == ("Quotation", "quite successfully")
    assert said["creator"]["name"] == "Sergey Lavrov"
    assert said["isBasedOn"][0]["publisher"]["name"] == "RT"
    assert data(client, Source.objects.get())["@type"] == "NewsArticle"
    assert data(client, Topic.objects.all()[0])["@type"] == "DefinedTerm"
    claimed = data(client, Action.objects.order_by("pk")[0])
    assert claimed["@type"] == "Claim"
    assert claimed["creator"][0]["@type"] == "Organization"


def test_only_what_is_true_is_said(client: Client) -> None:
    paraphrase = factories.StatementFactory(date="about 2025")
    node = data(client, paraphrase)
    assert node["@type"] == "Statement"
    assert node["creditText"] == f"Readout’s paraphrase of {paraphrase.speaker}"
    assert "dateCreated" not in node
    nobodys = factories.ActionFactory()
    assert data(client, nobodys)["@type"] == "CreativeWork"
    denied = factories.AccountFactory(stance="denied").action
    assert "creator" not in data(client, denied)
    cancelled = factories.MeetingFactory(state="cancelled", date=None)
    assert data(client, cancelled)["eventStatus"] == "https://schema.org/EventCancelled"
    hidden = factories.DelegateFactory(status="draft", delegation__meeting=cancelled)
    assert hidden.person.name not in json.dumps(data(client, cancelled))


def test_words_can_not_leave_it(client: Client) -> None:
    words = '</script><script>alert("1")</script> & “”   \\u003c <!--'
    said = factories.StatementFactory(words=words)
    assert data(client, said)["text"] == words.strip()
    assert "<script>alert" not in page(client, said)


def test_only_public_records_have_it_and_it_asks_nothing(
    client: Client, django_assert_num_queries: Any
) -> None:
    draft = factories.StatementFactory(status="draft")
    client.force_login(factories.UserFactory(group="editor"))
    preview = client.get(f"{draft.get_absolute_url()}?preview=1").content.decode()
    assert draft.words in preview
    assert "ld+json" not in preview
    assert "og:title" not in preview
    client.logout()
    public = factories.StatementFactory()
    with django_assert_num_queries(1):
        client.get(public.get_absolute_url())
    assert "ld+json" not in client.get("/statements/").content.decode()
    assert "ld+json" not in client.get(draft.get_absolute_url()).content.decode()


def test_open_graph(client: Client) -> None:
    said = factories.StatementFactory(words="Long " * 60 + 'and "quoted".')
    html = page(client, said)
    meta = {
        name: unescape(content)
        for name, content in re.findall(
            r'<meta (?:property|name)="([\w:]+)" content="([^"]*)">', html
        )
    }
    assert meta["og:url"] == f"http://testserver/statements/{said.pk}/"
    assert meta["og:title"].startswith(f"{said.speaker}: Paraphrase: Long Long")
    assert meta["og:title"].endswith("…")
    assert meta["og:image"] == f"http://testserver/statements/{said.pk}.card.png"
    assert meta["twitter:card"] == "summary_large_image"
    assert (
        f'href="http://testserver/oembed?url=http%3A%2F%2Ftestserver%2Fstatements%2F{said.pk}%2F&amp;format=json"'
        in html
    )
    person = page(client, said.speaker)
    assert "og:title" in person
    assert "og:image" not in person
