"""Actions with their accounts, open matters, positions, follow-ups, people, the meeting, the topics."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from negotiations.models import (
    Account,
    Action,
    Appointment,
    Delegate,
    Meeting,
    OpenMatter,
    Party,
    Person,
    Position,
    Process,
    SectionTopic,
    Statement,
    Topic,
    Workplace,
)
from tests import factories
from tests.editing.drafting.conftest import Desk, client_of, problems

if TYPE_CHECKING:
    from django.test import Client

    from negotiations.models import Source

pytestmark = pytest.mark.django_db

AMBASSADORS = "ambassadors would be appointed"


def test_an_action_with_the_account_of_a_statement_in_own_words(desk: Desk) -> None:
    desk.save(
        "action", AMBASSADORS, action_title="Name ambassadors", said="They will name ambassadors."
    )
    action = Action.objects.get()
    assert {party.name for party in action.owed_by.all()} == {"Russia", "United States"}
    assert action.citations.get().passage == AMBASSADORS
    account = Account.objects.get()
    assert (account.party.name, account.stance) == ("Russia", "announced")
    assert account.statement.words == "They will name ambassadors."
    assert account.statement.speaker.name == "Sergey Lavrov"


def test_an_action_without_a_statement_cites_the_source_for_its_account(desk: Desk) -> None:
    desk.save("action", AMBASSADORS, action_title="Name ambassadors")
    account = Account.objects.get()
    assert (account.party.name, account.statement) == ("Russia", None)
    assert account.citations.get().source == desk.source


def test_the_statement_already_drafted_from_the_sentence_is_chosen(desk: Desk) -> None:
    desk.save("statement", "“useful,”")
    opened = desk.filled(desk.open("action", AMBASSADORS))
    assert opened["statement"] == str(Statement.objects.get().pk)


def test_another_account_of_an_action_that_is_there(desk: Desk) -> None:
    desk.save("action", AMBASSADORS, action_title="Name ambassadors")
    action = Action.objects.get()
    desk.save(
        "action", "“one phone call” is not enough", action=action.pk, stance="denied", said="No."
    )
    assert Action.objects.count() == 1
    assert {(a.party.name, a.stance) for a in Account.objects.all()} == {
        ("Russia", "announced"),
        ("United States", "denied"),
    }


def test_an_account_is_a_party_of_the_process(desk: Desk) -> None:
    factories.PartyFactory(name="Nowhere")
    response = desk.save(
        "action", AMBASSADORS, action_title="Name ambassadors", party="Nowhere", speaker=""
    )
    assert "party of the process" in problems(response)["party"][0]
    assert not Action.objects.exists()


def test_an_open_matter_rests_on_words_typed_with_it(desk: Desk) -> None:
    desk.save(
        "open_matter",
        "Nobody spoke of Ukraine.",
        matter_title="Ukraine; The war",
        speaker="Rubio",
        said="Not a word.",
    )
    assert [matter.title for matter in OpenMatter.objects.all()] == ["Ukraine", "The war"]
    assert {matter.statement for matter in OpenMatter.objects.all()} == {Statement.objects.get()}


def test_a_position_needs_a_statement(desk: Desk) -> None:
    passage = "Nobody spoke of Ukraine."
    wrong = desk.save("position", passage, question="Is it over?", stance="opposes", topics="War")
    assert "said" in problems(wrong)
    desk.save(
        "position",
        passage,
        question="Is it over?",
        stance="opposes",
        topics="War",
        speaker="Rubio",
        said="It is not.",
    )
    position = Position.objects.get()
    assert position.statement.words == "It is not."
    assert position.question.topic.name == "War"


def test_a_new_question_needs_a_topic(desk: Desk) -> None:
    response = desk.save(
        "position",
        "Nobody spoke of Ukraine.",
        question="Is it over?",
        speaker="Rubio",
        said="No.",
        stance="opposes",
    )
    assert "topic" in problems(response)["topics"][0]


def test_a_follow_up_that_was_agreed_is_an_action_and_a_planned_meeting(desk: Desk) -> None:
    desk.save(
        "follow_up",
        "He left early.",
        leads_to="Talks of the deputies",
        action_title="The deputies meet",
        due_words="soon",
        said="The deputies will meet.",
    )
    planned = Meeting.objects.get(state="planned")
    assert (planned.title, planned.timing, planned.date) == ("Talks of the deputies", "soon", None)
    assert planned.follows.title == "Riyadh"
    action = Action.objects.get()
    assert (action.kind, action.leads_to) == ("follow_up", planned)
    assert Account.objects.get().statement.words == "The deputies will meet."


def test_a_follow_up_that_was_only_spoken_of_is_a_meeting_alone(desk: Desk) -> None:
    desk.save("follow_up", "He left early.", leads_to="A summit")
    assert Meeting.objects.get(state="planned").citations.get().passage == "He left early."
    assert not Action.objects.exists()


def test_a_person_whom_nobody_knows(desk: Desk) -> None:
    desk.save(
        "person",
        "Delegations from both countries met.",
        name="Tammy Bruce",
        office="Spokesperson",
        party="State Department",
        part_of="US",
        seat="US",
    )
    person = Person.objects.get(name="Tammy Bruce")
    assert person.status == "draft"
    office = Appointment.objects.get(person=person)
    assert (office.party.name, office.party.part_of.name) == ("State Department", "United States")
    seat = Delegate.objects.get(person=person)
    assert (seat.title, seat.rank) == ("Spokesperson, State Department", 2)


def test_nobody_sits_on_two_sides(desk: Desk) -> None:
    response = desk.save(
        "person", "He left early.", name="Sergey Lavrov", party="Russia", seat="United States"
    )
    assert "One person sits on one side" in str(problems(response))


def test_namesakes_are_told_apart_by_number(desk: Desk) -> None:
    other = factories.PersonFactory(name="Marco Rubio")
    response = desk.save("statement", "“one phone call”", speaker="Marco Rubio")
    assert f"Marco Rubio #{other.pk}" in problems(response)["speaker"][0]
    desk.save("statement", "“one phone call”", speaker=f"Marco Rubio #{other.pk}", party="US")
    assert Statement.objects.get().speaker == other


# --- The meeting and the topics ---


@pytest.fixture
def bare(editor: Client, source: Source) -> Desk:
    """A source for which no meeting is chosen yet."""
    return Desk(editor, source)


def meeting_data(**changed: str) -> dict[str, str]:
    return {
        "kind": "meeting",
        "meeting": "Talks in Riyadh",
        "process": "Normalisation",
        "parties": "Russia; United States (US)",
        "meeting_kind": "talks",
        "state": "held",
        "date": "18 Feb 2025",
        "duration": "nearly 4.5 hours",
    } | changed


def test_the_page_begins_with_the_meeting(bare: Desk) -> None:
    assert bare.client.get(bare.address).context["form"].kind == "meeting"
    opened = bare.client.get(bare.address, {"kind": "action", **bare.span("He left early.")})
    assert opened.context["form"].kind == "meeting"


def test_the_meeting_is_made_with_process_and_parties_and_remembered(bare: Desk) -> None:
    assert bare.client.post(bare.address, meeting_data()).status_code == 302
    meeting = Meeting.objects.get()
    assert (meeting.duration, meeting.duration_about) == (270, True)
    assert [p.short for p in Process.objects.get().parties.order_by("pk")] == ["Russia", "US"]
    assert {p.status for p in Party.objects.all()} == {meeting.status} == {"draft"}
    assert Workplace.objects.get().meeting == meeting
    assert bare.client.get(bare.address).context["work"].meeting == meeting


def test_a_known_meeting_is_chosen_by_its_title(bare: Desk, meeting: Meeting) -> None:
    bare.client.post(
        bare.address,
        {"kind": "meeting", "meeting": "riyadh", "state": "held", "meeting_kind": "talks"},
    )
    assert Workplace.objects.get().meeting == meeting
    assert Meeting.objects.count() == 1


def test_another_editor_chooses_for_themselves(desk: Desk) -> None:
    other = Desk(client_of("reviewer"), desk.source)
    assert other.client.get(other.address).context["work"].meeting is None


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"process": ""}, "process"),
        ({"date": ""}, "date"),
        ({"parties": ""}, "parties"),
        ({"duration": "long"}, "duration"),
        ({"date": "tomorrow"}, "date"),
    ],
)
def test_a_new_meeting_says_what_is_missing(
    bare: Desk, changed: dict[str, str], field: str
) -> None:
    response = bare.client.post(bare.address, meeting_data(**changed))
    assert field in problems(response)
    assert not Meeting.objects.exists()
    assert not Workplace.objects.exists()


def test_the_topics_of_all_sections_in_one_go(desk: Desk) -> None:
    factories.TopicFactory(name="First steps")
    response = desk.client.post(
        desk.address, {"kind": "topics", "topic-0": "first steps", "topic-1": "What comes later"}
    )
    assert response.status_code == 302
    assert SectionTopic.objects.count() == 2
    assert Topic.objects.count() == 2
    opened = desk.filled(desk.open("statement", "“We need joint projects,”"))
    assert opened["topics"] == "What comes later"
