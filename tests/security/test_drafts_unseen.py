"""A draft can't be told from what never was, at any address of the site, by numbers or by names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from negotiations.models import record_models
from tests import factories
from tests.security.routes import Route, public

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

pytestmark = pytest.mark.django_db

# Of the same length, for a page may say how long something is.
HIDDEN = {"slug": "hidden-one", "former": "hidden-old", "pk": 7_000_001, "words": "Zqhidden"}
ABSENT = {"slug": "absent-one", "former": "absent-old", "pk": 7_000_009, "words": "Zqabsent"}
KINDS = ["process", "party", "person", "meeting", "topic", "question", "source", "statement", "action"]  # fmt: skip
PARTS = ["appointment", "delegation", "delegate", "position", "account", "progress", "openmatter"]

# What of an answer differs from one request to the next by itself.
CHANGING = [
    re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"'),
    re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]*(?:Z|\+00:00)?"),  # when it was made
    re.compile(rb"\d{8}T\d{6}Z"),
]
HEADERS_CHANGING = ("RateLimit", "Set-Cookie", "ETag", "Content-Length", "Expires")


@pytest.fixture
def hidden() -> None:
    """One record of each kind that is not public: with the same number, name and former name."""
    for kind in (*KINDS, *PARTS):
        (model,) = [each for each in record_models() if each._meta.model_name == kind]
        more = {"slug": HIDDEN["former"]} if "slug" in {f.name for f in model._meta.fields} else {}
        factory = getattr(factories, f"{model.__name__}Factory")
        record = factory(pk=HIDDEN["pk"], status="draft", **more)
        if more:
            record.slug = HIDDEN["slug"]
        for name in ("name", "title", "text", "words", "office"):
            if hasattr(record, name) and not callable(getattr(record, name)):
                setattr(record, name, HIDDEN["words"])
        record.save()


def told(response: HttpResponseBase, asked: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
    """All that an answer tells, with what was asked for blotted out."""
    body = b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined]
    headers = {k: v for k, v in response.items() if k not in HEADERS_CHANGING}
    for each in CHANGING:
        body = each.sub(b"", body)
    for value in asked.values():
        body = body.replace(str(value).encode(), b"*")
        headers = {k: v.replace(str(value), "*") for k, v in headers.items()}
    for grouped in ("7,000,001", "7,000,009"):
        body = body.replace(grouped.encode(), b"*")
    if body.startswith(b"PK"):  # a workbook has the hour of its making in it
        body = b""
    return response.status_code, headers, body


def asking(path: str, client: Client, **more: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """What comes for the hidden and for what never was; `path` takes their names and numbers."""
    answers = [told(client.get(path % {**each, **more}), each) for each in (HIDDEN, ABSENT)]
    return answers[0], answers[1]


# --- By the address itself ---

# What stands in each place of an address; `None`: that is no name of a record. Who adds a route with
# another place says here what it takes, or this test fails.
PLACES: dict[str, tuple[str, ...] | None] = {
    "slug": ("%(slug)s", "%(former)s"),
    "pk": ("%(pk)s",),
    "address": ("%(slug)s", "%(former)s", "%(pk)s"),
    "number": ("1", "2"),
    "letter": tuple("admpqrsty"),
    "of": ("people", "parties"),
    "first": ("%(slug)s", "%(former)s"),
    "second": ("public-one",),
    "name": None,
    "kind": None,
    "block": None,
    "token": None,
}


def with_names() -> list[Route]:
    """The routes that name a record."""
    return [each for each in public() if any(PLACES[place] for place in each.places)]


@pytest.mark.parametrize("route", with_names(), ids=str)
def test_by_its_address(route: Route, client: Client, hidden: None) -> None:
    factories.PersonFactory(slug="public-one")
    factories.PartyFactory(slug="public-one")
    ways: list[dict[str, str]] = [{}]
    for place in route.places:
        ways = [{**way, place: value} for way in ways for value in PLACES[place] or ("x",)]
    for way in ways:
        one, other = asking(route.pattern % way, client)
        assert one == other, way
        assert one[0] in (400, 404, 405)


def test_no_place_of_an_address_was_forgotten() -> None:
    assert {place for each in public() for place in each.places} <= set(PLACES)


# --- By what is asked of a list ---

EVERYWHERE = ["q=%(words)s", "party=%(slug)s"]
FILTERS = [f"{name}=%(slug)s" for name in ("person", "topic", "process", "meeting")]
QUERIES = {
    "/search/": [
        *FILTERS, "publisher=%(words)s", "party=%(former)s", "q=%(pk)s", "after=2025-02-18_%(pk)s",
        *(f"q={field}:%(slug)s" for field in ("speaker", "party", "topic", "meeting")),
    ],
    "/api/v1/search": [*FILTERS, "facets=party,topic"],
    "/api/v1/sources": ["publisher=%(words)s", "after=%(pk)s"],
    "/compare/": ["a=%(slug)s&b=public-one", "a=meeting:%(slug)s&b=meeting:public-one"],
    "/network/": ["with=%(slug)s", "of=parties&with=%(slug)s", "process=%(slug)s"],
    "/map/": ["at=%(slug)s", "process=%(slug)s"],
    "/actions/tracker/": ["process=%(slug)s", "party=%(former)s"],
    "/changes/": [f"record={kind}-%(pk)s" for kind in KINDS],
    "/changes/feed/": ["record=person-%(pk)s"],
    "/follow/": [
        *(f"record={kind}:%(pk)s" for kind in KINDS),
        *(f"record={kind}:%(slug)s" for kind in ("process", "person", "party")),
        "record=person:%(former)s", "search=person%%3D%(slug)s",
    ],
    "/oembed": [
        f"url=http://testserver/{here}"
        for here in ("statements/%(pk)s/", "actions/%(pk)s/", "s/%(pk)s", "meetings/%(slug)s/")
    ],
    "/search/suggest/": ["q=%(slug)s"],
}  # fmt: skip


def lists() -> list[Route]:
    """The routes that name no record: one for each view and form of file."""
    found = {
        (each.view, each.pattern.rpartition(".")[2] if "." in each.pattern else ""): each
        for each in public()
        if not each.places and not each.pattern.endswith((".zip", ".xlsx", ".png"))
    }
    return [*found.values(), *(each for each in public() if each.pattern in QUERIES)]


@pytest.mark.parametrize("route", dict.fromkeys(lists()), ids=str)
def test_by_what_is_asked_of_a_list(route: Route, client: Client, hidden: None) -> None:
    factories.PartyFactory(slug="public-one")
    factories.MeetingFactory(slug="public-one")
    whole = told(client.get(route.pattern), {})[2]
    assert str(HIDDEN["words"]).encode() not in whole
    for query in [*EVERYWHERE, *QUERIES.get(route.pattern, [])]:
        one, other = asking(f"{route.pattern}?{query}", client)
        assert one == other, query


@pytest.mark.parametrize(
    "path", ["/people/%(slug)s/", "/people/%(slug)s.json", "/api/v1/people/%(pk)s", "/p/%(pk)s",
             "/search/?person=%(slug)s", "/follow/?record=person:%(slug)s", "/people/%(slug)s.atom"]
)  # fmt: skip
def test_what_is_public_would_be_told_apart(path: str, client: Client) -> None:
    """So these questions can find a leak."""
    factories.PersonFactory(pk=HIDDEN["pk"], slug=HIDDEN["slug"])
    one, other = asking(path, client)
    assert one != other
