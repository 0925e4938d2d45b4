"""Positions in time: changes are found where the dates tell, and invented nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from negotiations.insight.positions import lines, questions_under, stands
from negotiations.models import VagueDate
from negotiations.models.visibility import withdraw
from tests import factories

if TYPE_CHECKING:
    from negotiations.models import Party, Position, Question

pytestmark = pytest.mark.django_db

# One said thing: date, then stance.
Said = list[tuple[str | None, str]]


def say(question: Question, party: Party, date: str | None, stance: str, **more: Any) -> Position:
    meeting = more.pop("meeting", None)
    statement = factories.StatementFactory(party=party, date=date, meeting=meeting)
    return factories.PositionFactory(question=question, statement=statement, stance=stance, **more)


def told(question: Question) -> dict[str, list[str]]:
    """Each side's line in short: "opposes 2025-01 to 2025-03 (2)", "changed from …", "apart …"."""
    return {line.side.name: _told(line) for line in lines(question)}


def _told(line: Any) -> list[str]:
    found = []
    for held in line.held:
        first, last = held.first.statement.date.edtf, held.last.statement.date.edtf
        text = "/".join(held.stances) + f" {first}"
        text += f" to {last}" if last != first else ""
        text += f" ({held.number})" if held.number > 1 else ""
        if held.before:
            text += f", changed from {held.before.stance} {held.before.statement.date.edtf}"
        found.append(text)
    for held in line.apart:
        date = held.first.statement.date
        found.append(f"apart: {held.stance} {date.edtf if date else 'undated'}")
    return found


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([], None),
        ([("2025-02-18", "opposes")], ["opposes 2025-02-18"]),
        (
            [("2025-02-18", "opposes"), ("2025-06-01", "opposes")],
            ["opposes 2025-02-18 to 2025-06-01 (2)"],
        ),
        (
            [("2025-02-18", "opposes"), ("2025-06-01", "supports")],
            ["opposes 2025-02-18", "supports 2025-06-01, changed from opposes 2025-02-18"],
        ),
        (  # there and back: the statement before is the last one before
            [
                ("2024-01-01", "opposes"),
                ("2024-05-01", "opposes"),
                ("2025-01-01", "conditional"),
                ("2025-03-01", "opposes"),
            ],
            [
                "opposes 2024-01-01 to 2024-05-01 (2)",
                "conditional 2025-01-01, changed from opposes 2024-05-01",
                "opposes 2025-03-01, changed from conditional 2025-01-01",
            ],
        ),
        (  # of one day: the order can't be known
            [("2025-02-18", "opposes"), ("2025-02-18", "supports")],
            ["opposes/supports 2025-02-18 (2)"],
        ),
        (  # both on one day, before and after which it is clear
            [
                ("2025-01-01", "opposes"),
                ("2025-02-18", "opposes"),
                ("2025-02-18", "supports"),
                ("2025-03-01", "supports"),
            ],
            [
                "opposes 2025-01-01",
                "opposes/supports 2025-02-18 (2)",
                "supports 2025-03-01, changed from opposes 2025-01-01",
            ],
        ),
        (  # both on one day, and then as before: no change
            [
                ("2025-01-01", "opposes"),
                ("2025-02-18", "supports"),
                ("2025-02-18", "opposes"),
                ("2025-03-01", "opposes"),
            ],
            ["opposes 2025-01-01", "opposes/supports 2025-02-18 (2)", "opposes 2025-03-01"],
        ),
        (  # a month is later than a day of the month before
            [("2025-02-18", "opposes"), ("2025-03", "supports")],
            ["opposes 2025-02-18", "supports 2025-03, changed from opposes 2025-02-18"],
        ),
        (  # but not than a day in it
            [("2025-03-01", "opposes"), ("2025-03", "supports")],
            ["opposes 2025-03-01", "apart: supports 2025-03"],
        ),
        (  # a year among its days takes nothing from what these tell
            [("2025-02-18", "opposes"), ("2025-06-01", "supports"), ("2025", "conditional")],
            [
                "opposes 2025-02-18",
                "supports 2025-06-01, changed from opposes 2025-02-18",
                "apart: conditional 2025",
            ],
        ),
        (  # a vague date among others that say the same has its place
            [("2025-02-18", "opposes"), ("2025", "opposes"), ("2026-01-01", "supports")],
            [
                "opposes 2025-02-18 (2)",
                "supports 2026-01-01, changed from opposes 2025-02-18",
            ],
        ),
        (  # two vague ones that overlap
            [("2025", "opposes"), ("2025-03", "supports")],
            ["apart: opposes 2025", "apart: supports 2025-03"],
        ),
        (  # “about” reaches a month
            [("2025-02-18", "opposes"), ("about 2025-03-10", "supports")],
            ["opposes 2025-02-18", "apart: supports 2025-03-10~"],
        ),
        (
            [("2025-02-18", "opposes"), ("about 2025-05-10", "supports")],
            ["opposes 2025-02-18", "supports 2025-05-10~, changed from opposes 2025-02-18"],
        ),
        (
            [("2025-02-18", "opposes"), (None, "supports")],
            ["opposes 2025-02-18", "apart: supports undated"],
        ),
        (  # what was not stated is no position
            [("2025-02-18", "opposes"), ("2025-06-01", "not_stated")],
            ["opposes 2025-02-18"],
        ),
        ([("2025-06-01", "not_stated")], None),
    ],
)
def test_a_line_by_its_statements(said: Said, expected: list[str] | None) -> None:
    question, party = factories.QuestionFactory(), factories.PartyFactory(name="Arland")
    for date, stance in said:
        say(question, party, date, stance)
    assert told(question) == ({"Arland": expected} if expected else {})


def test_a_body_speaks_for_its_party_and_a_member_of_an_alliance_for_itself() -> None:
    question = factories.QuestionFactory()
    alliance = factories.PartyFactory(name="Alliance", kind="alliance")
    state = factories.PartyFactory(name="State", part_of=alliance)
    office = factories.PartyFactory(name="Office", kind="body", part_of=state)
    desk = factories.PartyFactory(name="Desk", kind="body", part_of=office)
    say(question, alliance, "2025-01-01", "supports")
    say(question, state, "2025-01-01", "opposes")
    say(question, desk, "2025-02-01", "undecided")
    assert told(question) == {
        "Alliance": ["supports 2025-01-01"],
        "State": ["opposes 2025-01-01", "undecided 2025-02-01, changed from opposes 2025-01-01"],
    }


def test_a_line_shows_its_newest_part() -> None:
    question, party = factories.QuestionFactory(), factories.PartyFactory()
    for year in range(2000, 2020):
        say(question, party, str(year), "supports" if year % 2 else "opposes")
    (line,) = lines(question)
    assert len(line.held) == 12
    assert str(line.held[-1].first.statement.date) == "2019"
    assert str(line.held[0].before.statement.date) == "2007"


def test_where_a_side_stands_says_what_may_be_later() -> None:
    question, party = factories.QuestionFactory(), factories.PartyFactory()
    say(question, party, "2024-02-18", "opposes")
    say(question, party, "2025-02-18", "supports")
    say(question, party, "2024", "conditional")
    (_, ((_, stand),)) = stands([question]).questions[0]
    assert stand
    assert (stand.stances, stand.maybe) == (["supports"], [])
    say(question, party, "2025", "undecided")
    say(question, party, None, "opposes")
    (_, ((_, stand),)) = stands([question]).questions[0]
    assert stand
    assert (stand.stances, stand.maybe) == (["supports"], ["opposes", "undecided"])


def test_a_topic_sums_up_the_questions_under_it() -> None:
    topic = factories.TopicFactory()
    below = factories.QuestionFactory(topic=factories.TopicFactory(parent=topic), text="B")
    here = factories.QuestionFactory(topic=topic, text="A")
    factories.QuestionFactory()
    factories.QuestionFactory(topic=topic, status="draft")
    one, other = factories.PartyFactory(name="One"), factories.PartyFactory(name="Two")
    say(below, one, "2025", "supports")
    say(here, other, "2025", "opposes")
    found = stands(questions_under(topic))
    assert found.sides == [one, other]
    assert [
        (question, [stand and stand.stances for _, stand in cells])
        for question, cells in found.questions
    ] == [(here, [None, ["opposes"]]), (below, [["supports"], None])]


def test_a_topic_shows_the_sides_of_which_most_is_recorded_and_counts_the_others() -> None:
    question = factories.QuestionFactory()
    parties = factories.PartyFactory.create_batch(14)
    for party in (*parties, *parties[1:]):
        say(question, party, "2025", "supports")
    found = stands([question])
    assert parties[0] not in found.sides
    assert (len(found.sides), found.others) == (12, 2)


def test_drafts_are_in_no_line_of_the_publics() -> None:
    question, party = factories.QuestionFactory(), factories.PartyFactory()
    say(question, party, "2025-01-01", "supports")
    say(question, party, "2025-02-01", "opposes", status="draft")
    assert told(question) == {party.name: ["supports 2025-01-01"]}
    (line,) = lines(question, drafts=True)
    assert line.changes == 1


DAYS = ("2025-01-05", "2025-01-20", "2025-02-01", "2025-02-28", "2025-06-30")
VAGUE = (None, "2024", "2025", "2025-01", "2025-02", "about 2025-02", "about 2025-04-01")
DATES = st.sampled_from((*DAYS, *VAGUE))
STANCES = st.sampled_from(["supports", "opposes", "conditional", "not_stated"])
STATEMENTS = st.lists(st.tuples(DATES, STANCES), min_size=1, max_size=8)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(said=STATEMENTS, data=st.data())
def test_order_of_entry_never_matters_and_nothing_is_invented(
    said: Said, data: st.DataObject
) -> None:
    with transaction.atomic():
        party = factories.PartyFactory()
        question, other = factories.QuestionFactory.create_batch(2)
        for date, stance in said:
            say(question, party, date, stance)
        for date, stance in data.draw(st.permutations(said)):
            say(other, party, date, stance)
        before = told(question)
        assert before == told(other)
        _nothing_is_invented(said, question)
        extra = say(question, party, data.draw(DATES), data.draw(STANCES))
        withdraw(extra, "Entered by mistake.")
        assert told(question) == before
        transaction.set_rollback(True)


def _nothing_is_invented(said: Said, question: Question) -> None:
    """Each change is between two dates that have an order; each statement that tells is counted."""
    found = lines(question)
    for line in found:
        for held in line.held:
            if held.before:
                earlier, later = held.before.statement.date, held.first.statement.date
                assert earlier.last < later.first
                assert held.before.stance != held.first.stance
    counted = sum(held.number for line in found for held in (*line.held, *line.apart))
    assert counted == sum(1 for _, stance in said if stance != "not_stated")
    known = {(VagueDate.parse(date) if date else None, stance) for date, stance in said}
    shown = {
        (held.first.statement.date, held.first.stance)
        for line in found
        for held in (*line.held, *line.apart)
    }
    assert shown <= known
