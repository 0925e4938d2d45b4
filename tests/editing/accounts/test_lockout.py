"""Failed log-ins: who waits, how long, and who unlocks."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from tests.editing.accounts.conftest import (
    account,
    authenticate_as,
    is_in,
    log_in,
    logged_in,
    set_up_app,
    words,
)

pytestmark = pytest.mark.django_db


def fail(times: int, name: str = "editor", **meta: Any) -> Any:
    client = Client(**meta)
    for _ in range(times):
        page = log_in(client, name, "wrong")
    return page


@pytest.mark.parametrize("name", ["editor", "nobody-of-this-name"])
def test_an_account_waits_after_five_failures_and_is_told_until_when(name: str) -> None:
    account("editor")
    assert "Too many" not in words(fail(5, name))
    page = words(fail(1, name))
    assert re.search(r"Too many attempts failed. Try again in 15 minutes, at \d\d:\d\d UTC", page)


def test_a_locked_account_does_not_open_to_the_right_password_either(client: Client) -> None:
    account("editor")
    fail(3)
    fail(2, "EDITOR", REMOTE_ADDR="192.0.2.9")
    assert "Try again in" in words(log_in(client, "editor"))
    assert not is_in(client)


def test_the_lock_ends_by_itself(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    account("editor")
    fail(6)
    later = time.time() + 15 * 60 + 1
    monkeypatch.setattr("allauth.core.internal.ratelimit.time.time", lambda: later)
    log_in(client, "editor")
    assert is_in(client)


def test_an_address_waits_whatever_names_it_tries(client: Client) -> None:
    account("editor")
    for number in range(20):
        fail(1, f"name-{number}", REMOTE_ADDR="192.0.2.7")
    there = Client(REMOTE_ADDR="192.0.2.7")
    assert "Try again in" in words(log_in(there, "editor"))
    log_in(client, "editor")
    assert is_in(client)  # from elsewhere


def test_good_log_ins_do_not_count(client: Client) -> None:
    account("editor")
    for _ in range(7):
        log_in(client, "editor")
        assert is_in(client)
        client.post("/admin/logout/")


def test_failures_are_counted_where_all_processes_see_them() -> None:
    cache.clear()  # other tests' transactions may have left some
    fail(2)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM readout_cache WHERE cache_key LIKE '%login_failed%'")
        assert cursor.fetchone() == (2,)  # one for the account, one for the address


def test_a_stolen_password_does_not_allow_to_guess_codes(client: Client) -> None:
    account("editor")
    log_in(client, "editor")
    app = set_up_app(client)
    thief = Client()
    address = log_in(thief, "editor")["Location"]
    wrong = next(code for code in ("000000", "111111") if code != app.now())
    for _ in range(5):
        page = thief.post(address, {"code": wrong})
    page = thief.post(address, {"code": app.now()})
    assert "Too many attempts failed. Try again in 15 minutes" in words(page)
    assert not is_in(thief)


def test_an_administrator_unlocks(client: Client) -> None:
    user = account("editor")
    fail(5)
    assert not authenticate_as(client)
    admin = logged_in(account(name="admin", is_superuser=True))
    page = admin.post("/admin/unlock/", {"what": "Editor"}, follow=True)
    assert "Editor can try again" in words(page)
    assert authenticate_as(client)
    client.post("/admin/logout/")
    fail(5)
    data = {"_selected_action": user.pk, "action": "act_unlock"}
    admin.post("/admin/negotiations/user/", data)
    assert authenticate_as(client)


def test_an_administrator_unlocks_an_address() -> None:
    account("editor")
    for number in range(20):
        fail(1, f"name-{number}", REMOTE_ADDR="192.0.2.7")
    there = Client(REMOTE_ADDR="192.0.2.7")
    assert not authenticate_as(there)
    admin = logged_in(account(name="admin", is_superuser=True))
    assert "neither a user name nor" in words(admin.post("/admin/unlock/", {"what": "192.0.2"}))
    admin.post("/admin/unlock/", {"what": "192.0.2.7"})
    assert authenticate_as(there)
    assert logged_in(account("reviewer")).get("/admin/unlock/").status_code == 403
