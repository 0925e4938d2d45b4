"""Passwords: what makes a good one, changing one, and one forgotten."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client

from negotiations.editing.accounts import sessions
from negotiations.models import User
from tests.editing.accounts.conftest import (
    MAILERS,
    OTHER,
    PASSWORD,
    account,
    is_in,
    log_in,
    logged_in,
    words,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "weak",
    [
        "password1234",
        "qwertyuiop12",
        "aaaaaaaaaaaa",
        "readouteditor",
        "19840512198405",
        "short-but!",
    ],
)
def test_weak_passwords_are_refused_with_a_reason(weak: str) -> None:
    with pytest.raises(ValidationError) as refused:
        validate_password(weak, User(username="anna"))
    assert refused.value.messages


def test_ones_own_name_makes_no_password() -> None:
    user = User(username="anna", first_name="Annabella", last_name="Kowalczyk")
    with pytest.raises(ValidationError, match="easily guessed"):
        validate_password("annabellakowalczyk", user)
    validate_password(OTHER, user)
    validate_password(OTHER * 20, user)


def test_a_changed_password_ends_the_other_sessions() -> None:
    user = account("editor")
    here, there = logged_in(user), logged_in(user)
    assert is_in(there)
    new = {"old_password": PASSWORD, "new_password1": OTHER, "new_password2": OTHER}
    assert here.post("/admin/password_change/", new).status_code == 302
    assert is_in(here)
    assert not is_in(there)
    assert [line.current for line in sessions.lines(user, here.session.session_key)] == [True]


def test_a_forgotten_password_is_reset_by_mail(client: Client, settings: Any) -> None:
    settings.MAILERS = MAILERS
    user = account("editor", email="anna@example.org", must_change_password=True)
    elsewhere = logged_in(user)
    done = client.post("/admin/account/password/reset/", {"email": "Anna@example.org"})
    assert done["Location"] == "/admin/account/password/reset/done/"
    (sent,) = mail.outbox
    (link,) = re.findall(r"https?://testserver(/\S+)", sent.body)[:1]
    form = client.get(link, follow=True)
    address = form.redirect_chain[-1][0]
    assert "easily guessed" in words(
        client.post(address, {"password1": "password1234", "password2": "password1234"})
    )
    client.post(address, {"password1": OTHER, "password2": OTHER})
    assert not is_in(elsewhere)
    assert log_in(client, "editor", OTHER)["Location"] == "/admin/"
    assert is_in(client)  # with a password of their own now


def test_asking_for_a_reset_does_not_tell_whether_there_is_an_account(
    client: Client, settings: Any
) -> None:
    settings.MAILERS = MAILERS
    done = client.post("/admin/account/password/reset/", {"email": "nobody@example.org"})
    assert done["Location"] == "/admin/account/password/reset/done/"
    assert not mail.outbox


def test_without_mail_the_page_says_whom_to_ask(client: Client) -> None:
    page = client.post("/admin/account/password/reset/", {"email": "x@example.org"})
    assert "Ask an administrator" in words(page)
    assert not mail.outbox
