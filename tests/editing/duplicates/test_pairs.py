"""The page of like pairs: likeliest first, each judged once."""

from __future__ import annotations

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from negotiations.editing.duplicates import merging
from negotiations.editing.duplicates.likes import KINDS
from negotiations.editing.duplicates.pairs import MOST, pairs
from negotiations.models import Merge, NotTheSame, Party, Person, Topic
from tests import factories
from tests.editing.test_desk import desk, sentences

pytestmark = pytest.mark.django_db
PAGE = "/admin/duplicates/"


def names(model: type) -> list[tuple[str, str]]:
    return [(str(pair.kept), str(pair.other)) for pair in pairs(model)]


def test_pairs_of_all_spellings_the_likeliest_first() -> None:
    for name in ("Sergey Lavrov", "Zergey Lavrof", "Marco Rubio", "Марко Рубио", "Mike Waltz"):
        factories.PersonFactory(name=name)
    assert names(Person) == [("Marco Rubio", "Марко Рубио"), ("Sergey Lavrov", "Zergey Lavrof")]


def test_what_is_public_is_kept_and_drafts_are_compared() -> None:
    factories.PersonFactory(name="S. Lavrov", status="draft")
    factories.PersonFactory(name="Sergey Lavrov")
    assert names(Person) == [("Sergey Lavrov", "S. Lavrov")]


def test_bodies_of_two_parties_and_numbered_topics_are_no_pairs() -> None:
    for _each in range(2):
        factories.PartyFactory(
            name="Foreign Ministry", part_of=factories.PartyFactory(), kind="body"
        )
    factories.TopicFactory(name="Round 1")
    factories.TopicFactory(name="Round 2")
    assert [pair for pair in names(Party) if "Foreign Ministry" in pair] == []
    assert names(Topic) == []


def test_a_name_that_very_many_share_makes_no_flood() -> None:
    for number in range(60):
        factories.PersonFactory(name=f"{'abcdefghij'[number % 10] * 6}{number} Kim")
    factories.PersonFactory.create_batch(15, name="Kim Kim")
    assert len(pairs(Person)) == MOST


def test_not_the_same_is_remembered_for_ever() -> None:
    editor = desk("editor")
    one, two = (factories.PersonFactory(name="Sergey Lavrov") for _ in range(2))
    assert "Not the same" in sentences(editor.get(PAGE))
    said = {"kind": "person", "one": two.pk, "two": one.pk}
    page = editor.post(PAGE, said, follow=True)
    assert "Remembered: “Sergey Lavrov” is not “Sergey Lavrov”." in sentences(page)
    assert "No two people are alike." in sentences(editor.get(PAGE))
    editor.post(PAGE, said)
    assert NotTheSame.objects.get().said_by.username == "editor"


@pytest.mark.parametrize("said", [{}, {"one": "x", "two": "1"}, {"one": 1, "two": 2}, {"one": 1}])
def test_nonsense_is_answered_with_a_sentence(said: dict) -> None:
    page = desk("editor").post(PAGE, {"kind": "person", **said}, follow=True)
    assert "One of the two is gone" in sentences(page)
    assert NotTheSame.objects.count() == 0


@pytest.mark.parametrize("kind", [*KINDS, "meeting", "x" * 300])
def test_each_kind_has_its_page(kind: str) -> None:
    answer = desk("editor").get(PAGE, {"kind": kind})
    assert answer.status_code == (200 if kind in KINDS else 404)


def test_the_page_asks_no_more_for_more_pairs() -> None:
    editor = desk("editor")

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            editor.get(PAGE)
        return len(queries)

    factories.PersonFactory.create_batch(2, name="Sergey Lavrov")
    asked()
    few = asked()
    for _each in range(10):
        factories.AppointmentFactory(person=factories.PersonFactory(name="Sergei Lavrov"))
    assert asked() == few


def test_the_desks_first_page_offers_it() -> None:
    assert PAGE in sentences(desk("editor").get("/admin/"))
    assert PAGE not in sentences(desk().get("/admin/"))


@pytest.mark.django_db(transaction=True)
def test_two_merges_at_once_make_one() -> None:
    """Two reviewers press at the same moment: one merges, the other is told."""
    user = factories.UserFactory()
    one, two = (factories.PersonFactory(name="Sergey Lavrov") for _ in range(2))
    for _each in range(20):
        factories.StatementFactory(speaker=two)
    start, said = threading.Barrier(2), []

    def act(keep: int, lose: int) -> None:
        start.wait()
        try:
            merging.merge(Person, keep, lose, user=user)
        except ValidationError as error:
            said.extend(error.messages)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=act, args=pair) for pair in ((one.pk, two.pk), (two.pk, one.pk))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said == ["One of the two is gone: somebody merged or deleted it."]
    assert Merge.objects.count() == 1
    assert Person.objects.get().statements.count() == 20


def test_the_first_page_needs_no_client_but_a_login() -> None:
    assert Client().get(PAGE).headers["Location"].startswith("/admin/login/")
