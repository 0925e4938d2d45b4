"""Editors' tools send drafts by token: checked as at the desk, once for each key, never published."""

from __future__ import annotations

import datetime as dt
import json
import threading
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from negotiations.models import Person, Scope, SentDraft, Source, Statement, Token
from negotiations.models.authorship import authorship
from tests import factories

if TYPE_CHECKING:
    from negotiations.models import User

pytestmark = pytest.mark.django_db
ALL = list(Scope.values)


@pytest.fixture
def editor() -> User:
    return factories.UserFactory(username="anna", group="editor")  # type: ignore[no-any-return]


@pytest.fixture
def secret(editor: User) -> str:
    return Token.make(editor, "Clipper", ALL)[1]


def send(client: Client, secret: str, path: str, body: Any, **headers: str) -> Any:
    sent = body if isinstance(body, bytes) else json.dumps(body)
    return client.post(
        f"/api/v1/{path}", sent, content_type="application/json",
        headers={"Authorization": f"Bearer {secret}", **headers},
    )  # fmt: skip


def pointers(answer: Any) -> list[str]:
    assert answer["Content-Type"] == "application/problem+json"
    return [each["pointer"] for each in answer.json()["errors"]]


def test_it_works(client: Client, editor: User, secret: str) -> None:
    party = factories.PartyFactory(slug="russia")
    topic = factories.TopicFactory()
    source = factories.SourceFactory(text="They said: we agreed on it.")
    answer = send(client, secret, "statements", {
        "words": "we agreed", "form": "verbatim", "party": "russia", "date": "about Feb 2025",
        "topics": [topic.pk], "citations": [{"source": source.pk, "passage": "we agreed on it"}],
    })  # fmt: skip
    assert answer.status_code == 201, answer.content
    made = Statement.objects.get(pk=answer.json()["id"])
    assert (made.status, made.party, made.date.edtf) == ("draft", party, "2025-02~")
    assert list(made.topics.all()) == [topic]
    assert made.citations.get().source == source
    assert authorship(Statement, [made.pk])[made.pk].maker == editor.pk
    assert answer["Location"].endswith(f"/admin/negotiations/statement/{made.pk}/change/")
    assert client.get(f"/api/v1/statements/{made.pk}").status_code == 404
    assert Token.objects.get().last_used_at


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("sources", {"title": "A report", "kind": "news_report", "publisher": "AP"}),
        ("people", {"name": "Ann Lee", "slug": "ann-lee"}),
        ("meetings", {"title": "Talks", "slug": "talks", "process": "the-process", "date": "2025"}),
        (
            "actions",
            {"title": "Do it", "kind": "commitment", "meeting": "the-meeting", "due": "2026"},
        ),
        ("open-matters", {"title": "What now?", "meeting": "the-meeting"}),
    ],
)
def test_each_kind_can_be_drafted(
    client: Client, secret: str, path: str, body: dict[str, Any]
) -> None:
    process = factories.ProcessFactory(slug="the-process")
    factories.MeetingFactory(slug="the-meeting", process=process)
    answer = send(client, secret, path, body)
    assert answer.status_code == 201, answer.content
    assert answer.json()["status"] == "draft"


def test_what_is_wrong_is_told_field_by_field(client: Client, secret: str) -> None:
    answer = send(client, secret, "statements", {
        "words": 5, "party": "nobody", "date": "soon", "topics": [1, "x"], "status": "published",
    })  # fmt: skip
    assert answer.status_code == 422
    assert pointers(answer) == ["/status"]
    answer = send(client, secret, "statements", {
        "words": "a\0b", "party": "nobody", "date": "soon", "topics": [10**30, "x"],
        "speaker": True, "citations": [{"page": 1}, {"source": 9}],
    })  # fmt: skip
    assert pointers(answer) == ["/words", "/date", "/speaker", "/party", "/topics/0", "/topics/1",
                                "/citations/0", "/citations/1/source"]  # fmt: skip
    answer = send(client, secret, "statements", {"words": "x", "form": "poem"})
    assert set(pointers(answer)) == {"/form", "/party"}
    assert pointers(send(client, secret, "people", {"name": "x"})) == ["/slug"]
    assert not Statement.objects.exists()


def test_a_passage_that_its_source_does_not_hold_is_refused(client: Client, secret: str) -> None:
    source = factories.SourceFactory(text="Something else.")
    party = factories.PartyFactory()
    body = {"words": "x", "party": party.pk, "citations": [{"source": source.pk, "passage": "y"}]}
    assert pointers(send(client, secret, "statements", body)) == ["/citations/0/passage"]
    assert not Statement.objects.exists()


@pytest.mark.parametrize("body", [b"[]", b"nope", b"\xff", b"[" * 100_000, b'{"a":1'])
def test_what_is_no_object_is_refused(client: Client, secret: str, body: bytes) -> None:
    assert send(client, secret, "people", body).status_code == 400


def test_other_types_of_content_are_refused(client: Client, secret: str) -> None:
    answer = client.post("/api/v1/people", {"name": "x"}, headers={"Authorization": f"Bearer {secret}"})  # fmt: skip
    assert answer.status_code == 415


# --- Who may ---


def test_without_a_good_token_nothing_is_drafted(client: Client, editor: User, secret: str) -> None:
    body = {"name": "x", "slug": "x"}
    token = Token.objects.get()
    assert secret not in str(Token.objects.values())
    for wrong in ("", "readout_wrong", secret + "x"):
        answer = send(client, wrong, "people", body)
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    for change in (
        {"revoked_at": timezone.now()},
        {"expires_at": timezone.now() - dt.timedelta(1)},
    ):
        Token.objects.update(**change)
        assert send(client, secret, "people", body).status_code == 401
        Token.objects.update(revoked_at=None, expires_at=None)
    for change in ({"is_active": False}, {"is_staff": False}, {"must_change_password": True}):
        before = {name: not value for name, value in change.items()}
        type(editor).objects.update(**change)
        assert send(client, secret, "people", body).status_code == 401
        type(editor).objects.update(**before)
    assert send(client, secret, "people", body).status_code == 201
    assert token.user == editor


def test_a_token_may_what_its_scopes_say_and_its_editor_may(client: Client, editor: User) -> None:
    _, narrow = Token.make(editor, "Narrow", ["draft:sources"])
    assert send(client, narrow, "people", {"name": "x", "slug": "x"}).status_code == 403
    editor.groups.first().permissions.filter(codename="add_source").delete()
    body = {"title": "x", "kind": "news_report", "publisher": "AP"}
    assert send(client, narrow, "sources", body).status_code == 403
    assert not Source.objects.exists()


# --- Once ---


def test_the_same_request_again_drafts_nothing_more(client: Client, secret: str) -> None:
    body, key = {"name": "Ann", "slug": "ann"}, {"Idempotency-Key": "k1"}
    first, again = (send(client, secret, "people", body, **key) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert Person.objects.count() == 1
    other = send(client, secret, "people", {"name": "Bob", "slug": "bob"}, **key)
    assert other.status_code == 422
    assert "Idempotency-Key" in other.json()["detail"]
    assert send(client, secret, "people", body, **{"Idempotency-Key": "x" * 256}).status_code == 400


def test_what_was_refused_may_be_mended_under_the_same_key(client: Client, secret: str) -> None:
    key = {"Idempotency-Key": "k1"}
    assert send(client, secret, "people", {"name": "Ann"}, **key).status_code == 422
    assert not SentDraft.objects.exists()
    assert send(client, secret, "people", {"name": "Ann", "slug": "ann"}, **key).status_code == 201


@pytest.mark.django_db(transaction=True)
def test_two_that_come_at_once_draft_once(editor: User, secret: str) -> None:
    answers: list[Any] = []

    def ask() -> None:
        try:
            body = {"name": "Ann", "slug": "ann"}
            answers.append(send(Client(), secret, "people", body, **{"Idempotency-Key": "k"}))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert Person.objects.count() == 1


# --- At the desk ---


def test_an_editor_makes_and_revokes_tokens(editor: User) -> None:
    client = Client()
    client.force_login(editor)
    page = client.post("/admin/tokens/", {"name": "Clipper", "scopes": ALL[:1], "months": "1"})
    assert "readout_saved" in page.cookies  # the browser forgets what it kept of the form
    shown = page.context["secret"]
    assert shown in page.content.decode()
    token = Token.of(shown)
    assert token
    assert token.expires_at
    assert shown not in client.get("/admin/tokens/").content.decode()
    other = Client()
    other.force_login(factories.UserFactory(group="editor"))
    assert other.post(f"/admin/tokens/{token.pk}/revoke/").status_code == 404
    client.post(f"/admin/tokens/{token.pk}/revoke/")
    assert Token.of(shown) is None
