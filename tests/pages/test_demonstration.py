"""Demonstration data is marked on every page, and no list or search mixes it with real records."""

from __future__ import annotations

import pytest
from django.test import Client

from negotiations.editing.demonstration.loading import load
from negotiations.editing.demonstration.story import Story
from negotiations.models import (
    Action,
    Meeting,
    Party,
    Person,
    Process,
    Question,
    Source,
    Statement,
    Topic,
)
from tests import factories

pytestmark = pytest.mark.django_db

SAYS_SO = '<aside class="demonstration"'
LISTS = ["/meetings/", "/people/", "/parties/", "/topics/", "/questions/", "/statements/", "/actions/", "/actions/tracker/"]  # fmt: skip


@pytest.fixture
def demonstration() -> Process:
    load(Story(meetings=12, statements=60))
    return Process.objects.get(demonstration=True)


@pytest.fixture
def real() -> Statement:
    """A real meeting at which something was said and agreed."""
    said = factories.StatementFactory(words="A real word about tolls.")
    factories.PositionFactory(statement=said)
    factories.ActionFactory(meeting=said.meeting, title="A real action")
    return said


def _body(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def test_every_page_of_it_says_so(client: Client, demonstration: Process) -> None:
    pages = [
        model.published.demonstrating(True).first().get_absolute_url()
        for model in (Process, Meeting, Person, Party, Topic, Question, Statement, Action, Source)
    ]
    pages += [
        f"{demonstration.get_absolute_url()}report/",
        f"/statements/?process={demonstration.slug}",
    ]
    pages += [f"{address}?data=demonstration" for address in LISTS]
    for address in pages:
        body = _body(client, address)
        assert SAYS_SO in body, address
        assert 'content="noindex"' in body, address
        assert "(demonstration data)</title>" in body, address


def test_no_real_page_does(client: Client, real: Statement) -> None:
    pages = [
        real,
        real.meeting,
        real.meeting.process,
        real.speaker,
        real.party,
        real.meeting.actions.get(),
    ]
    for address in [*(each.get_absolute_url() for each in pages), "/", *LISTS]:
        assert SAYS_SO not in _body(client, address), address


@pytest.mark.parametrize("address", [*LISTS, "/search/?q=tolls", "/statements/feed/", "/actions/download/"])  # fmt: skip
def test_lists_leave_it_out_and_show_it_by_itself(
    client: Client, real: Statement, demonstration: Process, address: str
) -> None:
    response = client.get(address)
    body = b"".join(response).decode()
    assert "demonstration-" not in body
    invented = "halcyra"
    assert invented not in body.lower()
    names = ("real", real.speaker.name, real.party.name, real.meeting.title, "Topic ", "Question ")
    assert any(name in body for name in names)
    by_itself = f"{address}{'&' if '?' in address else '?'}data=demonstration"
    body = b"".join(client.get(by_itself)).decode()
    assert "A real " not in body
    assert real.meeting.title not in body
    if "csv" not in response["Content-Type"]:
        assert "emonstration" in body


def test_the_front_page_names_it_apart(client: Client, real: Statement, demonstration: Process) -> None:  # fmt: skip
    body = _body(client, "/")
    assert "1 meeting<" in body
    assert "1 statement<" in body
    assert "1 action<" in body
    before, after = body.split("To see how it works at size")
    assert "Halcyra" not in before
    assert demonstration.get_absolute_url() in after
    assert str(demonstration) in _body(client, "/processes/").split("Demonstration data</h2>")[1]


def test_searching_in_vain_offers_it(client: Client, demonstration: Process) -> None:
    body = _body(client, "/search/?q=Vantorra")
    assert "Demonstration data was left out" in body
    found = _body(client, "/search/?q=Vantorra&data=demonstration")
    assert "badge-demonstration" in found
    assert "Demonstration data was left out" not in found


def test_an_invented_person_without_office_is_not_among_the_real(client: Client) -> None:
    factories.PersonFactory(
        name="Zyphra Quell", slug="demonstration-zyphra-quell", demonstration=True
    )
    assert "demonstration-zyphra-quell" not in _body(client, "/search/?q=Zyphra")
    assert "demonstration-zyphra-quell" not in _body(client, "/search/?in=people")
    assert "demonstration-zyphra-quell" in _body(client, "/search/?q=Zyphra&data=demonstration")


def test_a_filter_by_what_is_invented_asks_for_it(client: Client, demonstration: Process) -> None:
    address = f"/statements/?process={demonstration.slug}"
    number = Statement.published.demonstrating(True).count()
    assert f"{number} statements" in _body(client, address)


def test_suggestions_say_so(client: Client, demonstration: Process) -> None:
    factories.PartyFactory(name="Vantage")
    body = _body(client, "/search/suggest/?q=vant")
    assert body.index("Vantage") < body.index("Vantorra")
    assert "party, demonstration data" in body


def test_it_is_cited_as_invented(client: Client, demonstration: Process) -> None:
    said = Statement.published.demonstrating(True).first()
    assert "[demonstration data, invented]" in _body(client, said.get_absolute_url())


@pytest.mark.parametrize("address", ["/meetings/", "/people/", "/statements/", "/actions/tracker/"])
def test_other_data_is_told_to_be_unknown(client: Client, address: str) -> None:
    response = client.get(f"{address}?data=real")
    assert response.status_code == 400
    assert "“data” is demonstration" in response.content.decode()
