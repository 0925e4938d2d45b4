"""A name like one that is there, typed while drafting: asked about before a second record is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from negotiations.models import NotTheSame, Party, Person, Topic, Workplace
from tests import factories
from tests.editing.drafting.conftest import Desk, problems

if TYPE_CHECKING:
    from django.test import Client

    from negotiations.models import Meeting

pytestmark = pytest.mark.django_db

PASSAGE = "Lavrov stated"


def test_a_person_like_a_known_one_is_shown_and_not_made(desk: Desk) -> None:
    known = Person.objects.get(name="Sergey Lavrov")
    response = desk.save("person", PASSAGE, name="Sergei Lavroff", party="Russia")
    assert "“Sergei Lavroff” may be there already" in problems(response)["another"][0]
    html = response.content.decode()
    assert f'href="/admin/negotiations/person/{known.pk}/change/"' in html
    assert 'value="Sergei Lavroff"' in html
    assert Person.objects.count() == 2


def test_whoever_says_that_it_is_another_is_believed_and_not_asked_again(
    desk: Desk, editor: Client
) -> None:
    known = Person.objects.get(name="Sergey Lavrov")
    said = {"name": "Sergei Lavroff", "party": "Russia", "another": f"person-{known.pk}"}
    desk.save("person", PASSAGE, **said)
    made = Person.objects.get(name="Sergei Lavroff")
    judged = NotTheSame.objects.get()
    assert {judged.one, judged.two} == {known.pk, made.pk}
    assert judged.said_by == editor.user  # type: ignore[attr-defined]


def test_the_box_means_what_was_shown_and_nothing_that_came_since(desk: Desk) -> None:
    known = Person.objects.get(name="Sergey Lavrov")
    factories.PersonFactory(name="Sergey Lavrow")
    said = {"name": "Sergei Lavroff", "party": "Russia", "another": f"person-{known.pk}"}
    assert "another" in problems(desk.save("person", PASSAGE, **said))


def test_a_party_with_its_short_name_and_a_topic_are_looked_up_too(desk: Desk) -> None:
    factories.TopicFactory(name="Restoring diplomatic relations")
    response = desk.save(
        "meeting", PASSAGE, meeting="Talks", process="Course", parties="Rusia (RUS)", date="2025"
    )
    assert "“Rusia (RUS)” may be there already" in problems(response)["another"][0]
    response = desk.save("statement", "“useful,”", topics="Restoring diplomatic relation")
    assert "may be there already" in problems(response)["another"][0]
    assert Topic.objects.count() == 1
    assert not Party.objects.filter(name="Rusia").exists()


def test_the_body_of_another_party_is_another(desk: Desk) -> None:
    us = Party.objects.get(name="United States")
    factories.PartyFactory(name="Foreign Ministry", part_of=us, kind="body")
    desk.save("person", PASSAGE, name="Ann Novak", party="Foreign Ministri", part_of="Russia")
    assert Party.objects.filter(name="Foreign Ministri").exists()


def test_a_suggestion_is_not_accepted_past_the_question(editor: Client, meeting: Meeting) -> None:
    factories.PersonFactory(name="Vladimir Putyn")
    source = factories.SourceFactory(
        text="Talks\nRussian President Vladimir Putin spoke of the talks.", status="draft"
    )
    Workplace.objects.create(editor=editor.user, source=source, meeting=meeting)  # type: ignore[attr-defined]
    desk = Desk(editor, source)
    suggestion = desk.suggestion("Vladimir Putin")
    assert suggestion.kind == "person"
    response = desk.act(accept=suggestion.key)
    assert "may be there already" in problems(response)["another"][0]
    assert not Person.objects.filter(name="Vladimir Putin").exists()
