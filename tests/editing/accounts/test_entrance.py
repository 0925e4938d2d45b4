"""The door of the desk: who gets in and how, and that readers pay nothing for it."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.editing.accounts.conftest import (
    LOGIN,
    account,
    is_in,
    log_in,
    logged_in,
    set_up_app,
    words,
)

pytestmark = pytest.mark.django_db


def test_an_editor_logs_in_and_is_where_they_wanted_to_be(client: Client) -> None:
    account("editor")
    asked = client.get("/admin/negotiations/meeting/?q=a")
    assert asked["Location"] == f"{LOGIN}?next=/admin/negotiations/meeting/%3Fq%3Da"
    page = client.get(asked["Location"])
    assert page.status_code == 200
    (onward,) = re.findall(r'<input[^>]+name="next"[^>]*value="([^"]+)"', page.content.decode())
    done = log_in(client, "editor", next=onward)
    assert done["Location"] == "/admin/negotiations/meeting/?q=a"
    assert is_in(client)


def test_the_door_leads_to_no_other_site(client: Client) -> None:
    account("editor")
    assert log_in(client, "editor", next="https://evil.example/")["Location"] == "/admin/"


def test_logging_in_gives_a_new_session(client: Client) -> None:
    """Whoever planted a session in somebody's browser does not share it afterwards."""
    account("editor")
    planted = client.session
    planted["planted"] = True
    planted.save()
    before = planted.session_key
    client.cookies["sessionid"] = before
    log_in(client, "editor")
    assert client.cookies["sessionid"].value != before
    thief = Client()
    thief.cookies["sessionid"] = before
    assert not is_in(thief)


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client: Client) -> None:
    account("editor")
    cookie = log_in(client, "editor").cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


@pytest.mark.parametrize("name", ["editor", "somebody", "", "edıtor", "x" * 200])
def test_a_wrong_password_does_not_tell_whether_there_is_an_account(
    client: Client, name: str
) -> None:
    account("editor")
    page = log_in(client, name or "editor", "wrong")
    assert page.status_code == 200
    assert not is_in(client)
    if name in ("editor", "somebody"):
        assert "The username and/or password you specified are not correct" in words(page)


def test_nobody_signs_up(client: Client) -> None:
    for address in ("/admin/account/signup/", "/admin/signup/", "/accounts/signup/"):
        assert client.get(address).status_code in (302, 404)
    assert "invitation" in words(client.get(LOGIN))


@pytest.mark.parametrize("fields", [{"is_active": False}, {"is_staff": False}])
def test_who_has_no_seat_is_told_so_only_after_the_right_password(
    client: Client, fields: dict[str, bool]
) -> None:
    account("editor", **fields)
    assert "not correct" in words(log_in(client, "editor", "wrong"))
    page = client.get(log_in(client, "editor")["Location"])
    assert "no seat at the desk" in words(page)
    assert not is_in(client)


def test_a_reader_with_an_account_is_not_sent_in_circles() -> None:
    client = logged_in(factories.UserFactory())
    assert client.get("/admin/", follow=True).status_code == 403


def test_the_door_has_no_inline_script_or_style(client: Client) -> None:
    user = account("editor", "reviewer", name="both")
    inside = logged_in(user)
    log_in(client, "both")
    set_up_app(client)
    addresses = ["", "sessions/", "app/deactivate/", "recovery-codes/", "passkeys/", "logout/"]
    pages = [
        Client().get(LOGIN, HTTP_HOST="localhost"),
        Client().get("/admin/account/password/reset/"),
    ]
    pages += [client.get(f"/admin/account/{address}") for address in addresses]
    pages += [client.get("/admin/account/passkeys/add/"), client.get("/admin/invitations/")]
    pages += [inside.get("/admin/account/reauthenticate/?next=/admin/"), inside.get("/admin/")]
    for page in pages:
        html = page.content.decode()
        assert page.status_code == 200
        assert "script-src 'self'" in page["Content-Security-Policy"]
        assert not re.search(r"<style|\sstyle=|\son\w+=", html)
        for script in re.findall(r"<script[^>]*>", html):
            assert "src=" in script or 'type="application/json"' in script
        assert "no-store" in page["Cache-Control"]


@pytest.mark.parametrize("address", ["/", "/meetings/", "/no-such-page/"])
def test_readers_get_neither_cookies_nor_queries_from_all_this(
    client: Client, address: str
) -> None:
    factories.MeetingFactory()
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        page = client.get(address)
    assert not page.cookies
    tables = ("session", "readout_cache", "mfa_", "negotiations_user", "account_")
    assert not [q["sql"] for q in asked if any(table in q["sql"] for table in tables)]


def test_robots_stay_out(client: Client) -> None:
    assert "Disallow: /admin/" in client.get("/robots.txt").content.decode()
    assert "NOARCHIVE" in client.get(LOGIN).content.decode()
