"""Who met whom: pairs by shared meetings, and the picture of them."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import QueryDict

from negotiations.insight.encounters.asking import Asked
from negotiations.insight.encounters.drawing import MOST_NODES, MOST_PAIRS, network
from negotiations.insight.encounters.reading import (
    Encounters,
    Node,
    Pair,
    encounters,
    shared_meetings,
)
from negotiations.models import Meeting
from tests import factories

pytestmark = pytest.mark.django_db


def asked(query: str = "") -> Asked:
    return Asked.from_address(QueryDict(query))


def seat(meeting: Meeting, party: Any, *people: Any, **more: Any) -> None:
    delegation = factories.DelegationFactory(meeting=meeting, party=party, **more)
    for person in people:
        factories.DelegateFactory(delegation=delegation, person=person, **more)


def pairs(query: str = "") -> list[tuple[str, str, int]]:
    return [(p.one.name, p.other.name, p.meetings) for p in encounters(asked(query)).pairs]


@pytest.fixture
def table() -> dict[str, Any]:
    """Two sides; Anna and Boris meet twice, Clara of Anna's side is there once."""
    east, west = factories.PartyFactory(name="East"), factories.PartyFactory(name="West")
    anna, boris, clara = (
        factories.PersonFactory(name=n, slug=n.lower()) for n in ("Anna", "Boris", "Clara")
    )
    process = factories.ProcessFactory(slug="talks", parties=[east, west])
    for date in ("2025-02-18", "2025-03"):
        meeting = factories.MeetingFactory(process=process, date=date)
        seat(meeting, east, anna, *([clara] if date == "2025-03" else []))
        seat(meeting, west, boris)
    return {
        "east": east,
        "west": west,
        "anna": anna,
        "boris": boris,
        "clara": clara,
        "meeting": meeting,
    }


def test_it_works(table: dict[str, Any]) -> None:
    assert pairs() == [("Anna", "Boris", 2), ("Boris", "Clara", 1)]
    assert pairs("of=parties") == [("East", "West", 2)]
    assert encounters(asked()).meetings == 2


def test_one_delegation_counts_only_if_asked(table: dict[str, Any]) -> None:
    assert ("Anna", "Clara", 1) in pairs("sides=all")


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("process=talks", 2),
        ("from=2025-03", 1),
        ("to=2025-02", 1),
        ("from=2025-03-10", 1),  # “March 2025” may have been after the 10th
        ("from=2025-04", 0),
        ("with=clara", 0),
    ],
)
def test_filters(table: dict[str, Any], query: str, number: int) -> None:
    found = {(one, other): times for one, other, times in pairs(query)}
    assert found.get(("Anna", "Boris"), 0) == number


@pytest.mark.parametrize("what", ["draft delegate", "draft delegation", "draft meeting", "planned"])
def test_only_who_is_public_at_what_was_held_counts(table: dict[str, Any], what: str) -> None:
    status = "draft" if what == "draft meeting" else "published"
    meeting = factories.MeetingFactory(
        status=status, state="planned" if what == "planned" else "held"
    )
    below = "draft" if what in ("draft delegation", "draft meeting") else "published"
    for party, person in ((table["east"], table["anna"]), (table["west"], table["boris"])):
        delegation = factories.DelegationFactory(meeting=meeting, party=party, status=below)
        own = "published" if what == "planned" else "draft"
        factories.DelegateFactory(delegation=delegation, person=person, status=own)
    assert pairs()[0] == ("Anna", "Boris", 2)


def test_each_pair_leads_to_its_meetings(table: dict[str, Any]) -> None:
    first = encounters(asked("from=2025")).pairs[0]
    assert first.url == "/network/people/anna/boris/?from=2025"
    numbers = shared_meetings(asked(), table["anna"].pk, table["boris"].pk)
    assert len(numbers) == first.meetings
    assert numbers[0] == table["meeting"].pk


def test_withdrawing_a_meeting_removes_its_effect(table: dict[str, Any]) -> None:
    Meeting.objects.filter(pk=table["meeting"].pk).get().delegations.all().delete()
    assert pairs() == [("Anna", "Boris", 1)]


def _many(number: int) -> Encounters:
    nodes = [
        Node(n, f"Name {n}", f"n-{n}", f"/people/n-{n}/", f"Side {n % 7}", "star")
        for n in range(number)
    ]
    found = [Pair(a, b, 1 + (a.pk * b.pk) % 9, "/x/") for a in nodes for b in nodes if a.pk < b.pk]
    found.sort(key=lambda pair: (-pair.meetings, pair.one.pk, pair.other.pk))
    return Encounters(found, len(found), number, 100)


def test_a_huge_network_is_bounded_and_says_so() -> None:
    picture = network(asked(), _many(80))
    assert 0 < picture.inline().count('<line class="edge"') <= MOST_PAIRS + 3  # and the legend's
    assert 0 < picture.inline().count('class="hue-star"') <= MOST_NODES
    assert "Drawn are the" in " ".join(picture.notes)
    assert "n = 100 held meetings" in picture.notes[0]


@pytest.mark.parametrize("number", [2, 3, 12, 30])
def test_the_same_is_always_drawn_the_same(number: int) -> None:
    assert network(asked(), _many(number)).inline() == network(asked(), _many(number)).inline()


@pytest.mark.parametrize(
    "query",
    ["of=cities", "with=nobody", "process=none", "from=yesterday", "from=2025&to=2024", "page=0"],
)
def test_bad_input_is_told(query: str) -> None:
    with pytest.raises(ValueError, match=r"\."):
        asked(query)
