"""Saving a record like an existing one warns; nothing typed is lost; who insists is believed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from negotiations.editing.duplicates.likes import MOST, alike, key, likes
from negotiations.models import NotTheSame, Party, Person, Process, Question, Topic
from tests import factories
from tests.editing.test_desk import desk, empty, form_of, problems, sentences

pytestmark = pytest.mark.django_db


def names(model: type, *asked: str, **rest: Any) -> list[str]:
    return [like.name for like in likes(model, asked, **rest)]


# --- What is alike ---


@pytest.mark.parametrize(
    "typed",
    [
        "Sergey Lavrov",
        "SERGEY LAVROV",
        "Lavrov Sergey",
        "Lavrov, Sergey",
        "Sergei Lavrov",
        "S. Lavrov",
        "Lavrov S.V.",
        "Lavrov",
        "Sérgey Lávrov",
        "Сергей Лавров",
        "Лавров Сергей",
        "Сергій Лавров",
        "  Sergey   Lavrov ",
    ],
)
@pytest.mark.parametrize("status", ["draft", "published"])
def test_a_person_is_found_however_the_name_is_written(typed: str, status: str) -> None:
    factories.PersonFactory(name="Sergey Lavrov", status=status)
    factories.PersonFactory(name="Sergey Naryshkin")
    factories.PersonFactory(name="Marco Rubio")
    assert names(Person, typed) == ["Sergey Lavrov"]


@pytest.mark.parametrize(
    ("there", "typed"),
    [
        ({"name": "Сергей Лавров"}, "Sergey Lavrov"),
        ({"name": "S.", "native_name": "Сергей Лавров"}, "Sergei Lavrov"),
        ({"name": "MBZ", "native_name": "محمد بن زايد"}, "محمد بن زايد"),
        ({"name": "Xi Jinping"}, "习近平"),
        ({"name": "X", "native_name": "习近平"}, "习近平"),
        ({"name": "Volodymyr Zelenskyy"}, "Vladimir Zelensky"),
        ({"name": "Volodymyr Zelenskyy"}, "Володимир Зеленський"),
        ({"name": "Yuri Ushakov", "other_names": "Y. V. Ushakov\nЮрий Ушаков"}, "Юрий Ушаков"),
        ({"name": "Γιώργος Σεφέρης"}, "Giorgos Seferis"),
        ({"name": "Conor O’Neill"}, "Conor O'Neill"),
    ],
)
def test_native_and_other_names_and_scripts_count(there: dict[str, str], typed: str) -> None:
    person = factories.PersonFactory(**there)
    assert [like.pk for like in likes(Person, [typed])] == [person.pk]


@pytest.mark.parametrize(
    ("model", "made", "there", "typed", "found"),
    [
        (Party, factories.PartyFactory, "United States", "United States of America", True),
        (Party, factories.PartyFactory, "Russia", "Romania", False),
        (Party, factories.PartyFactory, "Iran", "Iraq", False),
        (Topic, factories.TopicFactory, "NATO membership", "Nato Membership", True),
        (Topic, factories.TopicFactory, "NATO membership", "NATO enlargement", False),
        (Process, factories.ProcessFactory, "Talks of 2024", "Talks of 2025", False),
        (Process, factories.ProcessFactory, "Minsk talks", "Talks in Minsk", True),
    ],
)
def test_other_kinds(model: type, made: Any, there: str, typed: str, found: bool) -> None:
    made(name=there)
    assert bool(names(model, typed)) == found


def test_questions_are_compared_by_their_text() -> None:
    factories.QuestionFactory(text="May NATO troops deploy in Ukraine?")
    assert names(Question, "May Nato troops deploy in Ukraine")


def test_a_short_name_and_its_dots() -> None:
    factories.PartyFactory(name="United States", short_name="US")
    assert names(Party, "U.S.A.", "US") == ["United States"]


def test_bodies_of_two_parties_are_two_whatever_their_name() -> None:
    russia, china = factories.PartyFactory(name="Russia"), factories.PartyFactory(name="China")
    factories.PartyFactory(name="Foreign Ministry", kind="body", part_of=russia)
    assert names(Party, "Foreign Ministry", part_of=russia.pk) == ["Foreign Ministry"]
    assert names(Party, "Foreign Ministry", part_of=china.pk) == []


@pytest.mark.parametrize("typed", ["", "   ", "%_", "'; DROP", "\u200f", "?", "a" * 200, "١٢٣"])
def test_hostile_and_empty_names_find_nothing(typed: str) -> None:
    factories.PersonFactory(name="Sergey Lavrov")
    assert names(Person, typed) == []


def test_the_likeness_is_the_same_from_both_sides_and_whole_for_the_same() -> None:
    for one, two in (("S. Lavrov", "Sergey Lavrov"), ("Li", "Li Peng"), ("a b c", "c b")):
        assert alike(key(one), key(two)) == alike(key(two), key(one)) < 1
    assert alike(key("Lavrov Sergey"), key("sergey LAVROV")) == 1


def test_a_like_says_what_tells_it_apart() -> None:
    person = factories.PersonFactory(name="Sergey Lavrov", status="draft")
    party = factories.PartyFactory(name="Russia")
    factories.AppointmentFactory(
        person=person, party=party, office="Foreign Minister", status="draft"
    )
    factories.StatementFactory(speaker=person, status="draft")
    [like] = likes(Person, ["Sergey Lavrov"])
    assert like.tells == ("Foreign Minister, Russia", "1 statement")
    assert (like.status, like.likeness) == ("draft", 1)
    assert like.url == f"/admin/negotiations/person/{person.pk}/change/"


def test_asking_takes_the_same_queries_for_one_and_for_many() -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            likes(Person, ["Sergey Lavrov", "Сергей Лавров"])
        return len(queries)

    factories.PersonFactory(name="Sergey Lavrov")
    one = asked()
    for _each in range(30):
        factories.AppointmentFactory(person=factories.PersonFactory(name="Sergei Lavrov"))
    assert asked() == one == 4
    assert len(likes(Person, ["Sergey Lavrov"])) == MOST


def test_the_names_index_serves_the_question() -> None:
    Person.objects.bulk_create(
        Person(name=f"Name{n} Family{n}", sort_name="x", slug=f"p-{n}") for n in range(2000)
    )
    with CaptureQueriesContext(connection) as queries:
        likes(Person, ["Sergey Lavrov"])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE negotiations_person")
        cursor.execute(f"EXPLAIN {queries[0]['sql']}")
        told = "\n".join(line for (line,) in cursor.fetchall())
    assert "person_name_alike" in told
    assert "Seq Scan" not in told


# --- The form ---


PERSON = "/admin/negotiations/person/add/"


def typed(name: str, slug: str, **rest: str) -> dict[str, str]:
    return {"name": name, "slug": slug, **empty("appointments"), **rest}


def box(page: Any) -> str:
    return re.search(r'type="checkbox" name="another" value="([^"]*)"', sentences(page))[1]


@pytest.fixture
def editor() -> Client:
    return desk("editor")


def test_saving_a_like_name_warns_with_links_and_keeps_what_was_typed(editor: Client) -> None:
    there = factories.PersonFactory(name="Sergey Lavrov")
    page = editor.post(PERSON, typed("Lavrov Sergei", "lavrov-2", description="Typed with care"))
    assert page.status_code == 200
    assert any("if yours is another, say so" in problem for problem in problems(page))
    assert f'href="/admin/negotiations/person/{there.pk}/change/"' in sentences(page)
    assert "Typed with care" in sentences(page)
    assert 'value="lavrov-2"' in sentences(page)
    assert sentences(page).index("Save all the same") < sentences(page).index('id="id_name"')
    assert Person.objects.count() == 1


def test_who_says_that_it_is_another_is_believed_and_not_asked_again(editor: Client) -> None:
    there = factories.PersonFactory(name="Sergey Lavrov")
    data = typed("Sergey Lavrov", "lavrov-2")
    data["another"] = box(editor.post(PERSON, data))
    assert editor.post(PERSON, data).status_code == 302
    made = Person.objects.get(slug="lavrov-2")
    assert NotTheSame.objects.filter(one=there.pk, two=made.pk, kind="person").exists()
    address = f"/admin/negotiations/person/{made.pk}/change/"
    again = {**form_of(editor, address), "name": "Sergey V. Lavrov"}
    assert editor.post(address, again).status_code == 302


def test_the_box_speaks_only_of_those_that_were_shown(editor: Client) -> None:
    factories.PersonFactory(name="Sergey Lavrov")
    data = typed("Sergey Lavrov", "lavrov-2")
    data["another"] = box(editor.post(PERSON, data))
    meanwhile = factories.PersonFactory(name="S. Lavrov", status="draft")
    page = editor.post(PERSON, data)
    assert page.status_code == 200
    assert str(meanwhile.pk) in box(page)
    assert NotTheSame.objects.count() == 0


def test_there_is_no_warning_where_nothing_is_alike_nor_where_no_name_was_changed(
    editor: Client,
) -> None:
    assert "Save all the same" not in sentences(editor.get(PERSON))
    assert editor.post(PERSON, typed("Marco Rubio", "rubio")).status_code == 302
    twin = factories.PersonFactory(name="Marco Rubio", status="draft")
    address = f"/admin/negotiations/person/{twin.pk}/change/"
    saved = editor.post(address, {**form_of(editor, address), "description": "New"})
    assert saved.status_code == 302
    renamed = editor.post(address, {**form_of(editor, address), "name": "M. Rubio"})
    assert "Save all the same" in sentences(renamed)


@pytest.mark.parametrize(
    ("kind", "made", "data"),
    [
        ("party", {"name": "Russia"}, {"name": "RUSSIA", "slug": "x", "kind": "state"}),
        ("topic", {"name": "Sanctions"}, {"name": "sanctions", "slug": "x", "position": 0}),
        ("process", {"name": "Minsk talks"}, {"name": "Talks, Minsk", "slug": "x"}),
    ],
)
def test_other_kinds_warn_too(kind: str, made: Any, data: Any, editor: Client) -> None:
    getattr(factories, f"{kind.title()}Factory")(**made)
    page = editor.post(f"/admin/negotiations/{kind}/add/", data)
    assert "Save all the same" in sentences(page)


def test_the_popup_of_another_form_warns_too(editor: Client) -> None:
    factories.PersonFactory(name="Sergey Lavrov")
    data = typed("Sergey Lavrov", "lavrov-2", _popup="1")
    page = editor.post(f"{PERSON}?_popup=1", data)
    assert page.status_code == 200
    data["another"] = box(page)
    assert "popup_response" in sentences(editor.post(f"{PERSON}?_popup=1", data))


@pytest.mark.parametrize("value", ["x", "1,2,x", "'", "-1"])
def test_a_forged_box_is_no_answer(value: str, editor: Client) -> None:
    factories.PersonFactory(name="Sergey Lavrov")
    page = editor.post(PERSON, typed("Sergey Lavrov", "lavrov-2", another=value))
    assert page.status_code == 200
    assert Person.objects.count() == 1
