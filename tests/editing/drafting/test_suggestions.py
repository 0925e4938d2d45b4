"""Suggestions: accepted as they are, corrected, dismissed and brought back; nothing comes unasked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from negotiations.models import (
    Appointment,
    Delegate,
    Dismissal,
    Meeting,
    Party,
    Person,
    Source,
    Statement,
    Workplace,
)
from tests import factories
from tests.editing.drafting.conftest import Desk, client_of

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


def test_opening_the_page_makes_nothing(desk: Desk) -> None:
    assert desk.client.get(desk.address).status_code == 200
    assert not Statement.objects.exists()


def test_a_quotation_is_accepted_as_it_is(desk: Desk) -> None:
    desk.act(accept=desk.suggestion("“We need joint projects,”").key)
    statement = Statement.objects.get()
    assert statement.words == "We need joint projects"
    assert (statement.form, statement.status) == ("verbatim", "draft")
    assert statement.speaker.name == "Sergey Lavrov"
    assert statement.citations.get().passage == "We need joint projects"


def test_what_is_accepted_is_suggested_no_more(desk: Desk) -> None:
    key = desk.suggestion("“We need joint projects,”").key
    desk.act(accept=key)
    work = desk.client.get(desk.address).context["work"]
    assert work.suggestion(key) is None


def test_a_second_editor_who_accepts_the_same_makes_nothing(desk: Desk) -> None:
    key = desk.suggestion("“We need joint projects,”").key
    desk.act(accept=key)
    other = client_of("reviewer")
    response = other.post(f"{desk.address}suggestions/", {"accept": key}, follow=True)
    assert "drafted or dismissed meanwhile" in response.content.decode()
    assert Statement.objects.count() == 1


def test_a_paraphrase_is_never_filed_with_the_reporters_words(desk: Desk) -> None:
    suggested = desk.suggestion("Lavrov noted that both sides")
    assert suggested.proposal.form == "paraphrase"
    assert not suggested.is_ready
    response = desk.act(accept=suggested.key)
    assert response.status_code == 422
    assert response.context["form"].errors == {"words": ["This field is required."]}
    assert not Statement.objects.exists()


def test_a_dismissed_one_stays_away_until_it_is_brought_back(desk: Desk) -> None:
    key = desk.suggestion("“one phone call”").key
    desk.act(dismiss=key)
    work = desk.client.get(desk.address).context["work"]
    assert work.suggestion(key) is None
    assert [each.key for each in work.dismissed] == [key]
    desk.act(restore=key)
    assert not Dismissal.objects.exists()
    assert desk.client.get(desk.address).context["work"].suggestion(key)


def test_a_new_capture_of_the_text_does_not_bring_a_dismissed_one_back(desk: Desk) -> None:
    key = desk.suggestion("“one phone call”").key
    desk.act(dismiss=key)
    Source.objects.update(text=f"A new first line\n{desk.source.text}")
    assert desk.client.get(desk.address).context["work"].suggestion(key) is None


def test_all_ready_ones_of_a_sentence_in_one_act(editor: Client) -> None:
    """A delegation: people, offices, a party that is new, and the seats, from one sentence."""
    russia = factories.PartyFactory(name="Russia")
    process = factories.ProcessFactory(parties=[russia])
    meeting = factories.MeetingFactory(process=process)
    source = factories.SourceFactory(
        text="The Russian delegation comprised Foreign Minister Sergey Lavrov and Kirill Dmitriev, "
        "CEO of the Russian Direct Investment Fund. They met.",
        status="draft",
        date="2025-02-19",
    )
    Workplace.objects.create(editor=editor.user, source=source, meeting=meeting)
    desk = Desk(editor, source)
    desk.act(accept_all=desk.suggestion("The Russian delegation").key)
    seats = Delegate.objects.filter(meeting=meeting).order_by("rank")
    assert [(seat.person.name, seat.title, seat.delegation.party.name) for seat in seats] == [
        ("Sergey Lavrov", "Foreign Minister", "Russia"),
        ("Kirill Dmitriev", "CEO, Russian Direct Investment Fund", "Russia"),
    ]
    fund = Party.objects.get(name="Russian Direct Investment Fund")
    assert (fund.kind, fund.part_of, fund.status) == ("body", russia, "draft")
    office = Appointment.objects.get(person__name="Kirill Dmitriev")
    assert (office.party, office.office) == (fund, "CEO")
    assert str(office.attested) == "19 February 2025"
    assert office.citations.get().source == source
    assert {person.status for person in Person.objects.all()} == {"draft"}


def test_the_form_takes_the_quotations_of_its_sentence_along(desk: Desk) -> None:
    passage = "Rubio noted that “one phone call” is not enough."
    desk.save("statement", passage, words="More than a call is needed.", take="1")
    made = Statement.objects.order_by("form").values_list("form", "words", "speaker__name")
    assert list(made) == [
        ("paraphrase", "More than a call is needed.", "Marco Rubio"),
        ("verbatim", "one phone call", "Marco Rubio"),
    ]


def test_nothing_is_made_where_one_of_them_is_refused(desk: Desk) -> None:
    passage = "Rubio noted that “one phone call” is not enough."
    response = desk.save("statement", passage, words="", take="1")
    assert response.status_code == 422
    assert not Statement.objects.exists()


def test_an_unknown_key_does_nothing(desk: Desk) -> None:
    response: Any = desk.act(accept="no such key")
    assert response.status_code == 302
    assert not Statement.objects.exists()
    assert Meeting.objects.count() == 1
