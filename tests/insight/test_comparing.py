"""Two parties, one party at two times, or two meetings: where they agree, differ, are silent."""

from __future__ import annotations

import pytest
from django.http import QueryDict

from negotiations.insight.comparing import Asked, Comparison, compare
from negotiations.models import Party
from tests import factories
from tests.insight.test_positions import Said, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def sides() -> tuple[Party, Party]:
    return factories.PartyFactory(name="Arland", slug="a"), factories.PartyFactory(
        name="Borovia", slug="b"
    )


def found(address: str = "a=a&b=b") -> Comparison:
    asked = Asked.from_address(QueryDict(address))
    assert asked
    return compare(asked)


def results(comparison: Comparison) -> list[tuple[str, str]]:
    return [(pair.question.text, pair.result) for pair in comparison.pairs]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ([("2025", "supports")], [("2024", "supports")], "agree"),
        ([("2025", "opposes")], [("2025", "opposes")], "agree"),
        ([("2025", "supports")], [("2025", "opposes")], "differ"),
        ([("2025", "supports")], [("2025", "conditional")], "differ"),
        # under which conditions? and to be undecided is no agreement
        ([("2025", "conditional")], [("2025", "conditional")], "unclear"),
        ([("2025", "undecided")], [("2025", "undecided")], "unclear"),
        ([("2025", "supports")], [], "silent"),
        ([], [("2025", "supports")], "silent"),
        ([("2025", "supports")], [("2025", "not_stated")], "silent"),
        # it is the latest that counts
        ([("2024", "opposes"), ("2025", "supports")], [("2025", "supports")], "agree"),
        # where the latest can't be told: only what holds either way
        ([("2025", "opposes"), ("2025", "supports")], [("2025", "supports")], "unclear"),
        ([("2025", "opposes"), (None, "supports")], [("2025", "supports")], "unclear"),
        ([("2025", "opposes"), ("2025", "supports")], [("2025", "undecided")], "differ"),
        ([("2025", "opposes"), (None, "supports")], [("2025", "undecided")], "differ"),
    ],
)
def test_it_works(sides: tuple[Party, Party], one: Said, other: Said, expected: str) -> None:
    question = factories.QuestionFactory(text="May it?")
    for party, said in zip(sides, (one, other), strict=True):
        for date, stance in said:
            say(question, party, date, stance)
    for address in ("a=a&b=b", "a=b&b=a"):
        comparison = found(address)
        assert results(comparison) == [("May it?", expected)]
        assert comparison.numbers[expected] == comparison.number == 1


def test_differences_come_first_and_one_result_can_be_asked_for(sides: tuple[Party, Party]) -> None:
    one, other = sides
    for text, stances in {
        "A": ("supports", "supports"),
        "B": ("supports", "opposes"),
        "C": ("supports", ""),
        "D": ("opposes", "supports"),
    }.items():
        question = factories.QuestionFactory(text=text)
        for party, stance in zip((one, other), stances, strict=True):
            if stance:
                say(question, party, "2025", stance)
    say(factories.QuestionFactory(text="E"), factories.PartyFactory(), "2025", "supports")
    assert results(found()) == [("B", "differ"), ("D", "differ"), ("A", "agree"), ("C", "silent")]
    narrowed = found("a=a&b=b&show=agree")
    assert results(narrowed) == [("A", "agree")]
    assert narrowed.numbers == {"differ": 2, "agree": 1, "unclear": 0, "silent": 1}


def test_one_party_at_two_times(sides: tuple[Party, Party]) -> None:
    question = factories.QuestionFactory(text="A")
    say(question, sides[0], "2024-05-01", "opposes")
    say(question, sides[0], "2025-05-01", "supports")
    say(question, sides[0], None, "conditional")
    (pair,) = found("a=a&a_until=2024&b=a&b_until=May 2025").pairs
    assert pair.a
    assert pair.b
    assert (pair.a.stances, pair.b.stances, pair.result) == (["opposes"], ["supports"], "differ")
    # In the middle of a day or year that is not over, nothing of it counts yet.
    assert found("a=a&a_until=2024-04&b=a&b_until=2023").pairs == []


def test_two_meetings_are_compared_side_by_side(sides: tuple[Party, Party]) -> None:
    first, second = (factories.MeetingFactory(slug=slug) for slug in ("one", "two"))
    question = factories.QuestionFactory(text="A")
    arland, borovia = sides
    say(question, arland, "2025-01-01", "supports", meeting=first)
    say(question, arland, "2025-02-01", "opposes", meeting=second)
    say(question, borovia, "2025-02-01", "opposes", meeting=second)
    comparison = found("a=meeting:one&b=meeting:two")
    assert [(pair.side, pair.result) for pair in comparison.pairs] == [
        (arland, "differ"),
        (borovia, "silent"),
    ]


def test_bodies_speak_for_their_party_and_a_body_may_be_compared_itself(
    sides: tuple[Party, Party],
) -> None:
    question = factories.QuestionFactory(text="A")
    ministry = factories.PartyFactory(slug="m", kind="body", part_of=sides[0])
    say(question, ministry, "2025", "supports")
    say(question, sides[1], "2025", "supports")
    assert results(found("a=a&b=b")) == results(found("a=m&b=b")) == [("A", "agree")]


def test_many_questions_come_in_pages(sides: tuple[Party, Party]) -> None:
    for number in range(32):
        say(factories.QuestionFactory(text=f"{number:02}"), sides[0], "2025", "supports")
    first, second = found(), found("a=a&b=b&page=2")
    assert (len(first.pairs), len(second.pairs), first.pages) == (30, 2, 2)
    assert second.number == 32
    assert found("a=a&b=b&page=9").pairs == []


def test_drafts_are_compared_for_nobody(sides: tuple[Party, Party]) -> None:
    say(factories.QuestionFactory(), sides[0], "2025", "supports", status="draft")
    assert found().number == 0


@pytest.mark.parametrize(
    "address",
    [
        "a=a&b=nobody",
        "a=a&b=a",
        "a=a&b=meeting:none",
        "a=a&b=b&a_until=yesterday",
        "a=a&b=b&show=nothing",
        "a=a&b=b&page=0",
        "a=a&b=b&page=²",
        "a=a&b=meeting:one",
        "a=meeting:one&b=meeting:one",
        "a=meeting:one&b=meeting:one&a_until=2024",
    ],
)
def test_what_can_not_be_compared_is_told(sides: tuple[Party, Party], address: str) -> None:
    factories.MeetingFactory(slug="one")
    with pytest.raises(ValueError, match=r"\.$"):
        Asked.from_address(QueryDict(address))


def test_a_draft_can_not_be_named(sides: tuple[Party, Party]) -> None:
    factories.PartyFactory(slug="secret", status="draft")
    with pytest.raises(ValueError, match="There is no party"):
        Asked.from_address(QueryDict("a=a&b=secret"))
