"""Attacks on accounts, sessions and rights that no other test tries."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from django.contrib.auth import hashers
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client

from negotiations import models
from negotiations.editing.accounts import sessions
from negotiations.models import Scope, Source, Statement, Token, User, record_models
from tests import factories
from tests.editing.accounts.conftest import (
    MAILERS,
    OTHER,
    PASSWORD,
    account,
    is_in,
    log_in,
    logged_in,
    set_up_app,
    words,
)
from tests.security.routes import routes
from tests.security.test_requests import ANYTHING

pytestmark = pytest.mark.django_db

# --- Sessions ---


def test_who_logs_out_is_out_with_every_copy_of_the_cookie(client: Client) -> None:
    account("editor")
    log_in(client, "editor")
    stolen = Client()
    stolen.cookies["sessionid"] = client.cookies["sessionid"].value
    assert is_in(stolen)
    client.post("/admin/logout/")
    assert not is_in(stolen)
    assert not Session.objects.exists()


def test_a_session_ends_after_a_month_however_busy(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    account("editor")
    log_in(client, "editor")
    later = time.time() + sessions.LONGEST + 1
    monkeypatch.setattr("negotiations.editing.accounts.sessions.time.time", lambda: later)
    assert not is_in(client)


def test_a_made_up_session_is_nobodys(client: Client) -> None:
    for value in ("x", "0" * 32, "' OR 1=1 --", "../../etc/passwd", "%00", "a" * 4000):
        client.cookies["sessionid"] = value
        assert not is_in(client)
        assert client.cookies["sessionid"].value in (value, "")


def test_the_cookies_of_a_production_site(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the settings make them: only by HTTPS, from this very host, out of reach of scripts."""
    import importlib
    import secrets

    from negotiations import settings as module

    monkeypatch.setenv("READOUT_HOSTS", "readout.example")
    monkeypatch.setenv("READOUT_SECRET_KEY", secrets.token_urlsafe(50))
    spec = importlib.util.spec_from_file_location("production", module.__file__)
    assert spec
    assert spec.loader
    production: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(production)
    assert production.SESSION_COOKIE_NAME.startswith("__Host-")
    assert production.CSRF_COOKIE_NAME.startswith("__Host-")
    assert production.SESSION_COOKIE_SECURE
    assert production.CSRF_COOKIE_SECURE
    assert production.CSRF_COOKIE_HTTPONLY
    assert production.SECURE_SSL_REDIRECT
    assert production.SECURE_HSTS_SECONDS >= 31_536_000
    assert production.SECURE_HSTS_INCLUDE_SUBDOMAINS
    assert not production.DEBUG
    with pytest.raises(Exception, match="SECURITY_CONTACT is “nobody”"):
        production._contact("nobody")


# --- Passwords and codes ---


def test_an_unknown_name_takes_as_much_work_as_a_known_one(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted in passwords hashed, which is where the time goes."""
    account("editor")
    work = []
    hash_ = hashers.MD5PasswordHasher.encode
    monkeypatch.setattr(
        hashers.MD5PasswordHasher,
        "encode",
        lambda self, *args: work.append(1) or hash_(self, *args),
    )
    counts, said = [], []
    for name in ("editor", "nobody-of-this-name"):
        work.clear()
        said.append(words(log_in(client, name, "wrong")))
        counts.append(len(work))
    assert counts[0] == counts[1] > 0
    assert said[0] == said[1]


def test_a_reset_does_not_get_round_the_second_factor(client: Client, settings: Any) -> None:
    settings.MAILERS = MAILERS
    account("editor", name="anna")
    log_in(client, "anna")
    set_up_app(client)
    client.post("/admin/logout/")
    thief = Client()
    thief.post("/admin/account/password/reset/", {"email": "anna@example.org"})
    (link,) = [w for w in mail.outbox[-1].body.split() if "/reset/key/" in w]
    page = thief.get(link.replace("http://testserver", ""), follow=True)
    here = page.redirect_chain[-1][0]
    thief.post(here, {"password1": OTHER, "password2": OTHER})
    assert not is_in(thief)
    answer = log_in(thief, "anna", OTHER)
    assert "second-factor" in answer["Location"]
    assert not is_in(thief)


def test_a_letter_of_a_reset_works_once_and_has_one_recipient(
    client: Client, settings: Any
) -> None:
    settings.MAILERS = MAILERS
    account("editor", name="anna")
    asked = "anna@example.org\r\nBcc: thief@evil.example"
    client.post("/admin/account/password/reset/", {"email": asked})
    client.post("/admin/account/password/reset/", {"email": "anna@example.org,thief@evil.example"})
    assert not mail.outbox
    client.post("/admin/account/password/reset/", {"email": "anna@example.org"})
    (letter,) = mail.outbox
    assert letter.to == ["anna@example.org"]
    (link,) = [w for w in letter.body.split() if "/reset/key/" in w]
    there = link.replace("http://testserver", "")
    page = client.get(there, follow=True)
    client.post(page.redirect_chain[-1][0], {"password1": OTHER, "password2": OTHER})
    assert "password1" not in Client().get(there, follow=True).content.decode()


@pytest.mark.parametrize(
    "address", ["a@mail.example\r\nBcc: x@evil.example", "a@mail.example\nX: y", "a@mail.example%0aBcc:x@y.example",
                '"a\r\nBcc: x@evil.example"@mail.example', "a@mail.example, b@evil.example"]
)  # fmt: skip
def test_no_header_can_be_put_into_a_letter_to_followers(
    client: Client, settings: Any, address: str
) -> None:
    settings.MAILERS = MAILERS
    factories.TopicFactory(slug="t", name="A topic\r\nBcc: x@evil.example")
    answer = client.post("/follow/?record=topic:t", {"address": address, "frequency": "daily"})
    assert answer.status_code == 400
    assert not models.Follower.objects.exists()


# --- Rights ---


def test_who_has_no_seat_sees_no_page_of_the_desk() -> None:
    """Whether what is asked for is there or not makes no difference."""
    factories.PersonFactory(pk=1, status="draft", name="Hidden")
    reader = logged_in(account(name="reader", is_staff=False))
    stranger = Client()
    for route in routes():
        if not route.pattern.startswith("/admin/") or "%(app_label)" in route.pattern:
            continue
        for visitor in (stranger, reader):
            answer = visitor.get(route.filled(ANYTHING), follow=False)
            own = visitor is reader and route.pattern.startswith("/admin/account/")
            assert answer.status_code >= 300 or own or route.pattern in OPEN, route
            assert answer.status_code < 500, route
            assert b"Hidden" not in answer.content, str(route)


OPEN = {
    "/admin/login/", "/admin/account/password/reset/", "/admin/account/password/reset/done/", "/admin/jsi18n/",
    "/admin/account/inactive/", "/admin/account/password/reset/key/done/", "/admin/account/passkeys/login/",
    "/admin/account/password/reset/key/%(uidb36)s-%(key)s/", "/admin/account/logout/",
}  # fmt: skip


def test_an_editor_can_not_tell_accounts_that_are_there_from_those_that_are_not() -> None:
    editor = logged_in(account("editor"))
    other = account(name="other")
    for kind in ("user", "invitation", "token"):
        for number in (other.pk, 999_999):
            answer = editor.get(f"/admin/negotiations/{kind}/{number}/change/")
            assert answer.status_code in (403, 404)
    assert editor.get("/admin/autocomplete/?app_label=negotiations&model_name=person&field_name=user&term=o").status_code in (400, 403)  # fmt: skip


@pytest.mark.parametrize("model", record_models(), ids=lambda m: m._meta.model_name)
def test_no_form_takes_a_status_that_its_sender_may_not_give(model: Any) -> None:
    """What a form does not show, it does not take: `status` and all that is noted of a record."""
    editor = logged_in(account("editor"))
    record = getattr(factories, f"{model.__name__}Factory")(status="draft")
    address = f"/admin/negotiations/{model._meta.model_name}/{record.pk}/change/"
    page = editor.get(address)
    if page.status_code != 200:
        return
    form = page.context["adminform"].form
    assert not {"status", "id", "pk", "created_at", "updated_at", "demonstration", "text_sha256"} & set(form.fields)  # fmt: skip
    sent: dict[str, Any] = {k: v for k, v in form.initial.items() if v and not isinstance(v, list)}
    sent |= {"status": "published", "_publish": "1", "id": "1", "demonstration": "on"}
    editor.post(address, {k: str(v) for k, v in sent.items()})
    record.refresh_from_db()
    assert record.status == "draft"


def test_nobody_makes_themselves_more_than_they_are() -> None:
    user = account("editor", name="anna")
    client = logged_in(user)
    more = {
        "is_superuser": "on",
        "is_staff": "on",
        "groups": "1",
        "user_permissions": "1",
        "username": "root",
    }
    client.post(f"/admin/negotiations/user/{user.pk}/change/", more)
    client.post("/admin/password_change/", {"old_password": PASSWORD, "new_password1": OTHER, "new_password2": OTHER, **more})  # fmt: skip
    user.refresh_from_db()
    assert (user.username, user.is_superuser, user.groups.count()) == ("anna", False, 1)


def test_an_invitation_gives_what_it_says_and_no_more() -> None:
    from tests.editing.accounts.conftest import invite

    _, link = invite(logged_in(account("reviewer")))
    Client().post(link, {"username": "new", "password1": OTHER, "password2": OTHER, "is_superuser": "on",
                         "role": "reviewer", "groups": "2", "email": "x@evil.example"})  # fmt: skip
    made = User.objects.get(username="new")
    assert (made.is_superuser, made.email) == (False, "anna@example.org")
    assert [g.name for g in made.groups.all()] == ["editor"]


@pytest.mark.parametrize(
    "more",
    [{"status": "published"}, {"id": 7}, {"pk": 7}, {"author_id": 1}, {"created_at": "2020-01-01"}, {"demonstration": True},
     {"text": "X", "text_sha256": "0"}, {"pgh_context": 1}, {"__class__": "x"}, {"verified": True}],
)  # fmt: skip
def test_a_tool_sends_only_what_may_be_drafted(client: Client, more: dict[str, Any]) -> None:
    editor = factories.UserFactory(group="editor")
    secret = Token.make(editor, "Tool", list(Scope.values))[1]
    sent = {"title": "X", "kind": "news_report", "publisher": "X", **more}
    answer = client.post("/api/v1/sources", json.dumps(sent), content_type="application/json",
                         headers={"Authorization": f"Bearer {secret}"})  # fmt: skip
    assert answer.status_code == 422
    assert not Source.objects.exists()
    assert not Statement.objects.exists()


def test_a_token_opens_the_api_and_nothing_else(client: Client) -> None:
    editor = factories.UserFactory(group="editor")
    secret = Token.make(editor, "Tool", list(Scope.values))[1]
    draft = factories.PersonFactory(status="draft", slug="hidden")
    bearer = {"Authorization": f"Bearer {secret}"}
    assert client.get("/admin/", headers=bearer).status_code == 302
    for here in (f"/api/v1/people/{draft.pk}", "/people/hidden/?preview=1", "/people/hidden.json"):
        assert client.get(here, headers=bearer).status_code == 404
    assert client.post(f"/api/v1/sources?token={secret}", "{}", content_type="application/json").status_code == 401  # fmt: skip
    client.cookies["sessionid"] = secret
    assert client.get("/admin/").status_code == 302


def test_a_session_opens_no_way_in_for_tools() -> None:
    """So that no other site can send drafts with an editor's cookie."""
    editor = logged_in(account("editor"))
    sent = json.dumps({"title": "X", "kind": "news_report", "publisher": "X"})
    assert editor.post("/api/v1/sources", sent, content_type="application/json").status_code == 401


def test_a_token_sent_unencrypted_is_refused_not_led_on(client: Client, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    bearer = {"Authorization": "Bearer readout_x"}
    answer = client.post("/api/v1/sources", "{}", content_type="application/json", headers=bearer)
    assert answer.status_code == 403
    assert "revoke it" in answer.json()["detail"]
    assert client.get("/api/v1/people").status_code == 301
    assert client.get("/api/v1/people", secure=True, headers=bearer).status_code == 200
