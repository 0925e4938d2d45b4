"""Two editors with the same form open: both versions are shown, the second chooses, nothing is lost."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.test import Client

from negotiations.editing import typed
from negotiations.models import Delegate, Person, Statement
from tests import factories
from tests.editing.test_desk import desk, sentences

pytestmark = pytest.mark.django_db


@pytest.fixture
def first() -> Client:
    return desk("editor")


@pytest.fixture
def second() -> Client:
    return desk("reviewer")


def at(record: Any) -> str:
    return f"/admin/negotiations/{record._meta.model_name}/{record.pk}/change/"


def filled(page: Any) -> dict[str, Any]:
    """What a browser would send of this page's form if nothing were changed."""
    text = re.sub(r"(?s)<template.*?</template>", "", page.content.decode())
    data: dict[str, Any] = {}

    def add(name: str, value: str) -> None:
        if "__prefix__" not in name:
            data.setdefault(name, []).append(re.sub("\r?\n", "\r\n", html.unescape(value)))

    for tag in re.findall(r"(?s)<input[^>]+>", text):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'(?s)value="([^"]*)"', tag)
        kind = re.search(r'type="([^"]+)"', tag)
        if not name or not kind or kind[1] == "submit":
            continue
        if kind[1] not in ("checkbox", "radio") or " checked" in tag:
            add(name[1], value[1] if value else "on" if kind[1] == "checkbox" else "")
    for name, body in re.findall(r'(?s)<textarea name="([^"]+)"[^>]*>\n?(.*?)</textarea>', text):
        add(name, body)
    for name, body in re.findall(r'(?s)<select name="([^"]+)"[^>]*>(.*?)</select>', text):
        for value in re.findall(r'<option value="([^"]*)" selected', body):
            add(name, value)
    return data


def opened(client: Client, record: Any) -> dict[str, Any]:
    return filled(client.get(at(record)))


def test_an_overtaken_save_shows_what_it_was_theirs_and_mine(first: Client, second: Client) -> None:
    person = factories.PersonFactory(status="draft", description="As it was", name="Ann")
    mine, theirs = opened(second, person), opened(first, person)
    first.post(at(person), {**theirs, "description": "As they say"})
    page = second.post(at(person), {**mine, "description": "As I say"})
    text = re.sub("</?(ins|del)>", "", sentences(page))
    assert "editor changed description since you opened this form" in text
    assert "Choose one" in text
    for version in ("As it was", "As they say", "As I say"):
        assert version in text
    assert Person.objects.get(pk=person.pk).description == "As they say"


@pytest.mark.parametrize(("choice", "stored"), [("theirs", "As they say"), ("mine", "As I say")])
def test_where_both_changed_a_field_the_second_must_choose(
    first: Client, second: Client, choice: str, stored: str
) -> None:
    person = factories.PersonFactory(status="draft", description="As it was")
    mine, theirs = opened(second, person), opened(first, person)
    first.post(at(person), {**theirs, "description": "As they say"})
    page = second.post(at(person), {**mine, "description": "As I say"})
    again = filled(page)
    assert "choose-description" not in again
    assert second.post(at(person), again).status_code == 200  # nothing chosen yet
    assert Person.objects.get(pk=person.pk).description == "As they say"
    (value,) = set(
        re.findall(rf'name="choose-description" value="({choice}-\w+)"', sentences(page))
    )
    assert second.post(at(person), {**again, "choose-description": value}).status_code == 302
    assert Person.objects.get(pk=person.pk).description == stored


def test_mine_can_be_edited_once_more(first: Client, second: Client) -> None:
    person = factories.PersonFactory(status="draft", description="As it was")
    mine, theirs = opened(second, person), opened(first, person)
    first.post(at(person), {**theirs, "description": "As they say"})
    page = second.post(at(person), {**mine, "description": "As I say"})
    (value,) = set(re.findall(r'name="choose-description" value="(mine-\w+)"', sentences(page)))
    again = {**filled(page), "choose-description": value, "description": "As both say"}
    assert second.post(at(person), again).status_code == 302
    assert Person.objects.get(pk=person.pk).description == "As both say"


def test_what_only_one_changed_is_taken_from_that_one(first: Client, second: Client) -> None:
    statement = factories.StatementFactory(status="draft", words="One.\nTwo.", occasion="written")
    topic, speaker = factories.TopicFactory(), factories.PersonFactory(status="draft")
    mine, theirs = opened(second, statement), opened(first, statement)
    first.post(at(statement), {**theirs, "topics": [topic.pk], "date": "March 2025"})
    page = second.post(at(statement), {**mine, "speaker": speaker.pk})
    assert "changed date, topics since you opened" in sentences(page)
    assert second.post(at(statement), filled(page)).status_code == 302
    stored = Statement.objects.get(pk=statement.pk)
    assert (stored.speaker, str(stored.date)) == (speaker, "March 2025")
    assert list(stored.topics.all()) == [topic]
    assert stored.words == "One.\nTwo."


def test_a_third_save_between_asks_again(first: Client, second: Client) -> None:
    person = factories.PersonFactory(status="draft", description="As it was")
    mine = opened(second, person)
    Person.objects.filter(pk=person.pk).update(description="First answer")
    page = second.post(at(person), {**mine, "description": "As I say"})
    (value,) = set(re.findall(r'name="choose-description" value="(mine-\w+)"', sentences(page)))
    Person.objects.filter(pk=person.pk).update(description="Second answer")
    page = second.post(at(person), {**filled(page), "choose-description": value})
    assert page.status_code == 200
    assert "Second answer" in re.sub("</?(ins|del)>", "", sentences(page))
    assert Person.objects.get(pk=person.pk).description == "Second answer"


def test_the_same_change_by_both_is_no_clash(first: Client, second: Client) -> None:
    person = factories.PersonFactory(status="draft")
    mine, theirs = opened(second, person), opened(first, person)
    first.post(at(person), {**theirs, "description": "The same"})
    assert second.post(at(person), {**mine, "description": "The same"}).status_code == 302


def test_saving_alone_asks_nothing_and_leaves_line_ends_alone(second: Client) -> None:
    statement = factories.StatementFactory(words="One.\nTwo.\n\nThree.")
    mine = opened(second, statement)
    assert second.post(at(statement), {**mine, "occasion": "interview"}).status_code == 302
    stored = Statement.objects.get(pk=statement.pk)
    assert (stored.words, stored.occasion) == ("One.\nTwo.\n\nThree.", "interview")


@pytest.fixture
def seat() -> Delegate:
    return factories.DelegateFactory(title="Envoy", rank=1)


def test_a_part_that_somebody_changed_is_not_overwritten_unseen(
    second: Client, seat: Delegate
) -> None:
    meeting = seat.delegation.meeting
    mine = opened(second, meeting)
    Delegate.objects.filter(pk=seat.pk).update(title="Ambassador")
    assert second.post(at(meeting), {**mine, "summary": "New"}).status_code == 302
    seat.refresh_from_db()
    assert seat.title == "Ambassador"
    page = second.post(at(meeting), {**mine, "delegates-0-title": "Minister", "summary": "New"})
    assert "Two versions of" in sentences(page)
    assert 'value="Minister"' in sentences(page)
    seat.refresh_from_db()
    assert seat.title == "Ambassador"
    name = "choose-delegates-0-title"
    (value,) = set(re.findall(rf'name="{name}" value="(mine-\w+)"', sentences(page)))
    assert second.post(at(meeting), {**filled(page), name: value}).status_code == 302
    seat.refresh_from_db()
    assert seat.title == "Minister"


def test_a_part_of_which_each_changed_another_field_keeps_both(
    second: Client, seat: Delegate
) -> None:
    meeting = seat.delegation.meeting
    mine = opened(second, meeting)
    Delegate.objects.filter(pk=seat.pk).update(title="Ambassador")
    page = second.post(at(meeting), {**mine, "delegates-0-rank": "3"})
    assert second.post(at(meeting), filled(page)).status_code == 302
    seat.refresh_from_db()
    assert (seat.title, seat.rank) == ("Ambassador", 3)


def test_a_part_that_somebody_deleted_keeps_what_was_typed(second: Client, seat: Delegate) -> None:
    meeting = seat.delegation.meeting
    mine = opened(second, meeting)
    seat.delete()
    page = second.post(at(meeting), {**mine, "delegates-0-title": "Minister"})
    assert page.status_code == 200
    assert "Somebody deleted this row" in sentences(page)
    assert 'value="Minister"' in sentences(page)
    assert not Delegate.objects.exists()
    assert second.post(at(meeting), filled(page)).status_code == 302
    assert Delegate.objects.get().title == "Minister"


def test_a_deleted_part_in_which_nothing_was_typed_stays_deleted(
    second: Client, seat: Delegate
) -> None:
    meeting = seat.delegation.meeting
    other = factories.DelegateFactory(delegation=seat.delegation, title="Second", rank=2)
    mine = opened(second, meeting)
    seat.delete()
    sent = {**mine, "delegates-1-title": "Deputy"}
    assert second.post(at(meeting), sent).status_code == 302
    assert Delegate.objects.get() == other
    assert Delegate.objects.get().title == "Deputy"


def test_a_part_that_somebody_changed_is_not_deleted_unseen(second: Client) -> None:
    seat = factories.DelegateFactory(
        title="Envoy",
        status="draft",
        delegation__status="draft",
        delegation__meeting__status="draft",
    )
    meeting = seat.delegation.meeting
    mine = opened(second, meeting)
    Delegate.objects.filter(pk=seat.pk).update(title="Ambassador")
    page = second.post(at(meeting), {**mine, "delegates-0-DELETE": "on"})
    assert "for deletion, and somebody changed its title" in sentences(page)
    assert Delegate.objects.filter(pk=seat.pk).exists()
    assert second.post(at(meeting), filled(page)).status_code == 302
    assert not Delegate.objects.filter(pk=seat.pk).exists()


def test_hostile_words_are_escaped_in_both_versions(second: Client) -> None:
    person = factories.PersonFactory(description="x")
    mine = opened(second, person)
    Person.objects.filter(pk=person.pk).update(description="<script>alert(1)</script>")
    page = second.post(at(person), {**mine, "description": "<script>alert(2)</script>"})
    assert "<script>alert" not in page.content.decode()


# --- Logged out while typing ---


def logged_in_again(client: Client, name: str) -> None:
    """As the login does it: what the anonymous session holds goes on."""
    from negotiations.models import User

    user = User.objects.get(username=name)
    user.set_password("walrus-heron-vole-71")
    user.save()
    done = client.post(
        "/admin/login/", {"username": name, "password": "walrus-heron-vole-71", "next": "/admin/"}
    )
    assert done.status_code == 302


def test_what_was_typed_before_a_log_out_is_back_after_the_login_and_not_saved(
    second: Client,
) -> None:
    person = factories.PersonFactory(description="As it was")
    mine = opened(second, person)
    second.logout()
    answer = second.post(at(person), {**mine, "description": "Typed with care"})
    assert answer["Location"].startswith("/admin/login/")
    logged_in_again(second, "reviewer")
    page = second.get(at(person))
    assert "You were logged out before this was saved" in sentences(page)
    assert "Typed with care" in sentences(page)
    assert Person.objects.get(pk=person.pk).description == "As it was"
    assert "Typed with care" not in sentences(second.get(at(person)))  # once only
    assert second.post(at(person), filled(page)).status_code == 302
    assert Person.objects.get(pk=person.pk).description == "Typed with care"


def test_a_new_record_survives_a_log_out_too(second: Client) -> None:
    mine = filled(second.get("/admin/negotiations/topic/add/"))
    second.logout()
    second.post("/admin/negotiations/topic/add/", {**mine, "name": "Visas", "slug": "visas"})
    logged_in_again(second, "reviewer")
    assert 'value="Visas"' in sentences(second.get("/admin/negotiations/topic/add/"))


def test_nobody_else_gets_what_was_typed(first: Client, second: Client) -> None:
    person = factories.PersonFactory()
    mine = opened(second, person)
    second.logout()
    second.post(at(person), {**mine, "description": "Typed with care"})
    logged_in_again(second, "editor")
    assert "Typed with care" not in sentences(second.get(at(person)))


@pytest.mark.parametrize("typist", ["", "1", "1:forged:token"])
def test_nothing_is_kept_for_strangers(client: Client, typist: str) -> None:
    client.post("/admin/negotiations/person/1/change/", {"name": "x", "typist": typist})
    assert typed.KEY not in client.session


def test_too_much_is_not_kept(second: Client) -> None:
    person = factories.PersonFactory()
    mine = opened(second, person)
    second.logout()
    second.post(at(person), {**mine, "description": "x" * (typed.BIGGEST + 1)})
    assert typed.KEY not in second.session


def test_what_was_typed_is_not_kept_without_the_csrf_token() -> None:
    desk("reviewer")
    person = factories.PersonFactory()
    client = Client(enforce_csrf_checks=True)
    from negotiations.models import User

    sent = {"description": "x", "typist": typed.token(User.objects.get())}
    assert client.post(at(person), sent).status_code == 403
    assert typed.KEY not in client.session
