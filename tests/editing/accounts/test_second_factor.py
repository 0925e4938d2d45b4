"""Second factors: an app, recovery codes, passkeys, and who must have one."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from negotiations.editing.accounts.adapters import SecondFactors
from tests import factories
from tests.editing.accounts.conftest import (
    LOGIN,
    OTHER,
    PASSWORD,
    account,
    invite,
    is_in,
    log_in,
    logged_in,
    set_up_app,
    words,
)

pytestmark = pytest.mark.django_db


def test_an_app_is_set_up_and_asked_for_from_then_on(client: Client) -> None:
    account("editor")
    log_in(client, "editor")
    app = set_up_app(client)
    other = Client()
    asked = log_in(other, "editor", next="/admin/negotiations/person/")
    assert asked["Location"] == "/admin/account/second-factor/"
    assert not is_in(other)
    code = "000000" if app.now() != "000000" else "111111"
    assert "This code is not right" in words(other.post(asked["Location"], {"code": code}))
    assert not is_in(other)
    cache.clear()  # the code that set it up may not be used again within its half minute
    done = other.post(asked["Location"], {"code": app.now()})
    assert done["Location"] == "/admin/negotiations/person/"
    assert is_in(other)


def test_a_code_works_once(client: Client) -> None:
    user = account("editor")
    log_in(client, "editor")
    app = set_up_app(client)
    at, wrapped = timezone.now(), Authenticator.objects.get(user=user, type="totp").wrap()
    assert wrapped.validate_code(app.at(at))
    assert not wrapped.validate_code(app.at(at))


def test_a_recovery_code_opens_once(client: Client) -> None:
    account("editor")
    log_in(client, "editor")
    set_up_app(client)
    page = client.get("/admin/account/recovery-codes/").content.decode()
    codes = re.search(r"<textarea[^>]*>([^<]+)</textarea>", page)[1].split()  # type: ignore[index]
    assert len(codes) == 10
    for expected in (True, False):
        other = Client()
        address = log_in(other, "editor")["Location"]
        other.post(address, {"code": codes[0]})
        assert is_in(other) is expected


def test_secrets_are_not_readable_in_the_database(client: Client, settings: Any) -> None:
    account("editor")
    log_in(client, "editor")
    app = set_up_app(client)
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert app.secret not in kept
    adapter = SecondFactors()
    hidden = adapter.encrypt("S3CRET")
    assert adapter.decrypt(hidden) == "S3CRET"
    old = settings.SECRET_KEY
    settings.SECRET_KEY = "another key"
    assert adapter.decrypt(hidden) != "S3CRET"  # and no page fails
    settings.SECRET_KEY_FALLBACKS = [old]
    assert adapter.decrypt(hidden) == "S3CRET"


@pytest.mark.parametrize(
    ("setting", "group", "must"),
    [
        ("", "reviewer", False),
        ("reviewers", "reviewer", True),
        ("reviewers", "editor", False),
        ("everyone", "editor", True),
    ],
)
def test_who_must_have_a_second_factor_is_led_to_it_before_all_else(
    settings: Any, setting: str, group: str, must: bool
) -> None:
    settings.REQUIRE_SECOND_FACTOR = setting
    client = logged_in(account(group))
    party = factories.PartyFactory(status="draft")
    for address in ("/admin/", f"/admin/negotiations/party/{party.pk}/change/"):
        answer = client.get(address)
        assert answer.get("Location") == ("/admin/account/" if must else None)
    publish = {"_selected_action": party.pk, "action": "act_publish"}
    client.post("/admin/negotiations/party/", publish)
    party.refresh_from_db()
    assert party.status == ("published" if group == "reviewer" and not must else "draft")
    if must:
        assert invite(client)[0]["Location"] == "/admin/account/"
        assert "needs a second factor before you work" in words(client.get("/admin/account/"))


def test_with_it_the_desk_is_open(settings: Any, client: Client) -> None:
    settings.REQUIRE_SECOND_FACTOR = "reviewers"
    account("reviewer")
    log_in(client, "reviewer")
    assert not is_in(client)
    set_up_app(client)
    assert is_in(client)


def test_removing_it_closes_the_desk_again(settings: Any, client: Client) -> None:
    settings.REQUIRE_SECOND_FACTOR = "reviewers"
    account("reviewer")
    log_in(client, "reviewer")
    set_up_app(client)
    client.post("/admin/account/app/deactivate/")
    assert not Authenticator.objects.exists()
    assert not is_in(client)


def test_a_one_time_password_comes_first_then_the_factor(settings: Any) -> None:
    settings.REQUIRE_SECOND_FACTOR = "everyone"
    client = logged_in(account("editor", must_change_password=True))
    assert client.get("/admin/account/")["Location"] == "/admin/password_change/"
    new = {"old_password": PASSWORD, "new_password1": OTHER, "new_password2": OTHER}
    client.post("/admin/password_change/", new)
    assert client.get("/admin/")["Location"] == "/admin/account/"


def test_setting_up_asks_for_the_password_again_when_the_log_in_is_old() -> None:
    client = logged_in(account("editor"))
    asked = client.get("/admin/account/app/activate/")
    assert asked["Location"].startswith("/admin/account/reauthenticate/")
    client.post(asked["Location"], {"password": PASSWORD, "next": "/admin/account/app/activate/"})
    set_up_app(client)


@pytest.mark.parametrize(
    ("host", "offered"),
    [("localhost:8000", True), ("127.0.0.1:8000", False), ("[::1]:8000", False)],
)
def test_passkeys_are_offered_where_browsers_have_them(
    client: Client, host: str, offered: bool
) -> None:
    page = client.get(LOGIN, HTTP_HOST=host).content.decode()
    assert ("Log in with a passkey" in page) is offered


@pytest.mark.parametrize(
    "credential",
    ["", "{}", "[]", "null", "7", "not json", '{"id": 1}', '{"id": "AA", "rawId": "AA"}'],
)
def test_a_made_up_passkey_opens_nothing(client: Client, credential: str) -> None:
    answer = client.post("/admin/account/passkeys/login/", {"credential": credential})
    assert answer["Location"] == LOGIN
    assert not is_in(client)
    account("editor")
    log_in(client, "editor")
    client.get("/admin/account/passkeys/add/")
    page = client.post("/admin/account/passkeys/add/", {"credential": credential})
    assert page.status_code == 200
    assert not Authenticator.objects.exists()
