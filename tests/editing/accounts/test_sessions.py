"""Where one is logged in, and ending it."""

from __future__ import annotations

import pytest
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from negotiations.editing.accounts import sessions
from tests.editing.accounts.conftest import account, is_in, log_in, logged_in, words

pytestmark = pytest.mark.django_db


FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18 "
    "Mobile/15E148 Safari/604.1"
)


def test_one_sees_where_one_is_logged_in_and_ends_it() -> None:
    user = account("editor")
    here, there = Client(HTTP_USER_AGENT=FIREFOX), Client(HTTP_USER_AGENT=PHONE)
    for each in (here, there):
        log_in(each, "editor")
    page = words(here.get("/admin/account/sessions/"))
    assert "Firefox on Linux" in page
    assert "Safari on iPhone" in page
    assert "This session" in page
    phone = UserSession.objects.get(user=user, user_agent=PHONE)
    here.post("/admin/account/sessions/", {"session": phone.pk})
    assert not is_in(there)
    assert is_in(here)


def test_log_out_everywhere_else() -> None:
    user = account("editor")
    here, *others = [logged_in(user) for _ in range(4)]
    assert all(is_in(client) for client in (here, *others))
    assert "3 sessions were ended" in words(here.post("/admin/account/sessions/", follow=True))
    assert is_in(here)
    assert not any(is_in(client) for client in others)


@pytest.mark.parametrize("session", ["0", "-1", "x", "", "٣", "9" * 40])
def test_a_made_up_session_ends_nothing(session: str) -> None:
    client = logged_in(account("editor"))
    assert is_in(client)
    client.post("/admin/account/sessions/", {"session": session})
    assert is_in(client)


def test_nobody_ends_the_session_of_another() -> None:
    victim, thief = logged_in(account("editor")), logged_in(account("reviewer"))
    assert is_in(victim)
    theirs = UserSession.objects.get(user__username="editor")
    thief.post("/admin/account/sessions/", {"session": theirs.pk})
    assert thief.post(f"/admin/negotiations/user/{theirs.user_id}/sessions/").status_code == 403
    assert is_in(victim)


def test_an_administrator_ends_the_sessions_of_another() -> None:
    user = account("editor")
    client, admin = logged_in(user), logged_in(account(name="admin", is_superuser=True))
    assert is_in(client)
    address = f"/admin/negotiations/user/{user.pk}/sessions/"
    assert address in admin.get(f"/admin/negotiations/user/{user.pk}/change/").content.decode()
    assert "Log out everywhere" in words(admin.get(address))
    admin.post(address)
    assert not is_in(client)


def test_a_session_is_noted_now_and_then_only() -> None:
    client = logged_in(account("editor"))
    is_in(client)
    with CaptureQueriesContext(connection) as asked:
        is_in(client)
    assert not [query for query in asked if "usersession" in query["sql"]]


def test_a_strange_browser_is_named_politely() -> None:
    assert sessions.device("") == "Something that does not say what it is"
    assert sessions.device("curl/8") == "Something that does not say what it is"
