"""A statement, drafted from a passage: what the form opens with, what it makes, what it refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from negotiations.models import Citation, OpenMatter, Position, Question, Statement, Topic
from tests.editing.drafting.conftest import problems

if TYPE_CHECKING:
    from tests.editing.drafting.conftest import Desk

pytestmark = pytest.mark.django_db


def test_a_quotation_opens_verbatim_with_speaker_party_and_date(desk: Desk) -> None:
    form = desk.open("statement", "“We need joint projects,”")
    opened = desk.filled(form)
    assert opened["words"] == "We need joint projects"
    assert opened["form"] == "verbatim"
    assert opened["speaker"] == "Sergey Lavrov"
    # The party is the speaker's own, and would follow another speaker.
    assert "party" not in opened
    assert form.fields["party"].widget.attrs["placeholder"] == "Russia (Sergey Lavrov’s)"
    assert opened["date"] == "18 February 2025"
    assert opened["where"] == "under “Later”, 1st paragraph"


def test_words_inside_a_quotation_are_verbatim_too(desk: Desk) -> None:
    opened = desk.filled(desk.open("statement", "joint projects"))
    assert (opened["words"], opened["form"]) == ("joint projects", "verbatim")


def test_a_sentence_opens_as_a_paraphrase_without_words(desk: Desk) -> None:
    opened = desk.filled(desk.open("statement", "He left early."))
    assert opened["form"] == "paraphrase"
    assert "words" not in opened
    assert opened["speaker"] == "Sergey Lavrov"


def test_saving_makes_a_cited_draft_and_returns_to_the_text(desk: Desk) -> None:
    response = desk.save("statement", "“We need joint projects,”", topics="Projects")
    assert response.status_code == 302
    statement = Statement.objects.get()
    assert statement.status == "draft"
    assert statement.speaker.name == "Sergey Lavrov"
    assert statement.party.name == "Russia"
    citation = statement.citations.get()
    assert citation.passage == "We need joint projects"
    assert citation.where == "under “Later”, 1st paragraph"
    assert [topic.name for topic in statement.topics.all()] == ["Projects"]
    assert Topic.objects.get().status == "draft"


def test_the_topic_is_the_one_last_used(desk: Desk) -> None:
    desk.save("statement", "“We need joint projects,”", topics="Projects")
    assert desk.filled(desk.open("statement", "“one phone call”"))["topics"] == "Projects"


def test_one_form_makes_the_position_and_the_open_matter_that_it_shows(desk: Desk) -> None:
    desk.save(
        "statement",
        "Nobody spoke of Ukraine.",
        words="Ukraine was no subject.",
        speaker="Rubio",
        topics="Ukraine",
        question="Was Ukraine spoken of?",
        stance="opposes",
        leaves_open="Ukraine",
    )
    statement = Statement.objects.get()
    assert statement.form == "paraphrase"
    assert Position.objects.get().party.name == "United States"
    assert Question.objects.get().topic.name == "Ukraine"
    matter = OpenMatter.objects.get()
    assert (matter.statement, matter.topic.name) == (statement, "Ukraine")
    assert matter.citations.get().passage == "Nobody spoke of Ukraine."


def test_words_that_are_not_in_the_source_are_refused_and_kept(desk: Desk) -> None:
    response = desk.save("statement", "“We need joint projects,”", words="We want projects")
    assert "do not occur" in problems(response)["words"][0]
    assert "We want projects" in response.content.decode()
    assert not Statement.objects.exists()
    assert not Citation.objects.exists()


def test_the_reporters_sentence_is_no_paraphrase(desk: Desk) -> None:
    sentence = "The talks began on Tuesday. Delegations from both countries met."
    response = desk.save("statement", sentence, words=sentence, speaker="Rubio")
    assert "own" in problems(response)["words"][0]


def test_a_second_click_makes_no_second_record(desk: Desk) -> None:
    desk.save("statement", "“We need joint projects,”")
    response = desk.save("statement", "“We need joint projects,”")
    assert "recorded already" in problems(response)["words"][0]
    assert Statement.objects.count() == 1


def test_an_unknown_speaker_is_not_made_unasked(desk: Desk) -> None:
    response = desk.save("statement", "“We need joint projects,”", speaker="Somebody Else")
    assert "Press P" in problems(response)["speaker"][0]
