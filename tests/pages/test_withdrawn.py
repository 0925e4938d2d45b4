"""What is not public leaks nowhere; what was withdrawn says that it was, when and why."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from negotiations.models import User, record_models
from negotiations.models.visibility import publish, reopen, withdraw, write_note
from negotiations.search.entries import SearchEntry
from tests import factories

pytestmark = pytest.mark.django_db
SOUGHT, SECRET = "zebrafish", "Quagga"

ADDRESSED = ["action", "meeting", "party", "person", "process", "question", "source", "statement",
             "topic"]  # fmt: skip
MODELS = {str(model._meta.model_name): model for model in record_models()}


def made(kind: str) -> Any:
    return getattr(factories, f"{MODELS[kind].__name__}Factory")()


@pytest.mark.parametrize("kind", ADDRESSED)
def test_a_withdrawn_record_says_so_at_its_address_and_shows_nothing_of_it(
    kind: str, client: Client
) -> None:
    record = made(kind)
    write_note(record, "For the desk only.")
    words = str(record).split(":")[-1].strip()
    withdraw(record, "Said on another <day>.", factories.UserFactory(username="anna"))
    for address in (record.get_absolute_url(), short(record)):
        response = client.get(address)
        body = response.content.decode()
        assert response.status_code == 410
        assert "was withdrawn" in body
        assert "Said on another &lt;day&gt;." in body
        assert "Public from" in body
        # Its kind and number are told, which may begin as a name made for tests: "Process 2" and 21.
        assert words not in body.replace(f"{record.kind_words.capitalize()} {record.pk}", "")
        assert "For the desk only" not in body
        assert "anna" not in body
        assert response["X-Robots-Tag"] == "noindex"
        assert "must-revalidate" in response["Cache-Control"]


def short(record: Any) -> str:
    from negotiations.pages.short import LETTERS

    letter = next(letter for letter, model in LETTERS.items() if model is type(record))
    return f"/{letter}/{record.pk}"


def test_the_notice_stands_until_the_record_is_public_again(client: Client) -> None:
    topic = factories.TopicFactory()
    withdraw(topic, "Wrong.")
    reopen(topic)
    assert client.get(topic.get_absolute_url()).status_code == 410
    publish(topic)
    assert client.get(topic.get_absolute_url()).status_code == 200


def test_a_draft_and_what_was_taken_back_are_not_found(client: Client) -> None:
    for status in ("draft", "in_review"):
        topic = factories.TopicFactory(status=status)
        assert client.get(topic.get_absolute_url()).status_code == 404


def test_a_former_address_of_the_withdrawn_says_so_too(client: Client) -> None:
    person = factories.PersonFactory(slug="old")
    person.slug = "new"
    person.save()
    withdraw(person, "Wrong.")
    assert client.get("/people/old/").status_code == 410
    assert client.get("/people/nobody/").status_code == 404


def test_an_editor_is_led_to_the_preview() -> None:
    topic = factories.TopicFactory(name=SECRET)
    withdraw(topic, "Wrong.")
    editor = Client()
    editor.force_login(factories.UserFactory(group="editor"))
    page = editor.get(topic.get_absolute_url())
    assert page.status_code == 410
    assert "?preview=1" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert SECRET in editor.get(f"{topic.get_absolute_url()}?preview=1").content.decode()


# --- Leaks ---

LISTS = ["/", "/meetings/", "/statements/", "/actions/", "/people/", "/parties/", "/topics/",
         "/questions/", "/processes/", "/actions/tracker/", "/network/", "/map/", "/compare/", "/data/", "/about/", f"/search/?q={SOUGHT}",
         f"/search/suggest/?q={SOUGHT}", "/search/feed/", "/statements/feed/", "/search/download/",
         "/statements/download/", "/actions/download/", "/data/popolo.json"]  # fmt: skip


def hide(record: Any, status: str) -> None:
    """Give all its texts the secret word, and take it from the public."""
    texts = [
        field.name
        for field in record._meta.concrete_fields
        if field.get_internal_type() in ("CharField", "TextField")
        and not field.choices
        and field.editable
        and "language" not in field.name
        and field.name not in ("coordinates", "wikidata", "place_wikidata")
    ]
    records = type(record)._default_manager.filter(pk=record.pk)
    words = dict.fromkeys(texts, f"{SOUGHT} {SECRET}")
    if "original_words" in words:
        words["original_language"] = "ru"
    records.update(**words)
    if status == "withdrawn":
        withdraw(record, "Wrong.")
    else:
        records.update(status=status)


@pytest.mark.parametrize("status", ["draft", "in_review", "withdrawn"])
@pytest.mark.parametrize("kind", MODELS)
def test_what_is_not_public_leaks_nowhere(kind: str, status: str, client: Client) -> None:
    record = made(kind)
    seen = [_read(client, address) for address in ("/data/", "/search/")]
    hide(record, status)
    pages = [
        address for each in ADDRESSED for address in map(_address, MODELS[each].published.all())
    ]
    for address in [*LISTS, *pages]:
        assert SECRET not in _read(client, address), address
    assert not SearchEntry.objects.filter(body__contains=SECRET).exists()
    assert seen[0] != _read(client, "/data/"), "it is still counted"


def _address(record: Any) -> str:
    return str(record.get_absolute_url())


def _read(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body.decode()


def test_notes_and_names_of_the_desk_stay_there(client: Client) -> None:
    statement = factories.StatementFactory()
    author = factories.UserFactory(username="annabella")
    write_note(statement, SECRET, author)
    assert User.objects.count() == 1
    for address in [*LISTS[:11], statement.get_absolute_url()]:
        page = _read(client, address)
        assert SECRET not in page
        assert "annabella" not in page
