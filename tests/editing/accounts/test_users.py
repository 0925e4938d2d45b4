"""What an administrator does with accounts, and what a lost right ends."""

from __future__ import annotations

import re

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth import authenticate
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from negotiations.editing.first_account import ensure_first_account
from negotiations.models import User
from tests import factories
from tests.editing.accounts.conftest import (
    LOGIN,
    OTHER,
    PASSWORD,
    account,
    authenticate_as,
    is_in,
    log_in,
    logged_in,
    set_up_app,
)

pytestmark = pytest.mark.django_db


def test_a_deactivated_user_is_out_at_once(admin: Client) -> None:
    user = account("editor")
    client = logged_in(user)
    assert is_in(client)
    admin.post(
        "/admin/negotiations/user/", {"_selected_action": user.pk, "action": "act_deactivate"}
    )
    assert not is_in(client)
    assert not UserSession.objects.filter(user=user).exists()
    User.objects.filter(pk=user.pk).update(is_active=True)
    assert not is_in(client)  # the old session does not come back


def test_a_demoted_user_loses_the_right_at_once() -> None:
    user = account("reviewer")
    client = logged_in(user)
    party = factories.PartyFactory(status="draft")
    user.groups.set([Group.objects.get(name="editor")])
    client.post(
        "/admin/negotiations/party/", {"_selected_action": party.pk, "action": "act_publish"}
    )
    party.refresh_from_db()
    assert party.status == "draft"
    User.objects.filter(pk=user.pk).update(is_staff=False)
    assert not is_in(client)


def test_the_list_of_users_tells_what_an_administrator_asks(admin: Client, client: Client) -> None:
    account("editor", "reviewer", name="anna")
    log_in(client, "anna")
    set_up_app(client)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            admin.get("/admin/negotiations/user/")
        return len(queries)

    page = admin.get("/admin/negotiations/user/").content.decode()
    row = re.search(r"<tr>(?:(?!</tr>).)*anna.*?</tr>", page, re.DOTALL)
    assert row
    assert "editor, reviewer" in row[0]
    assert "field-has_second_factor" in row[0]
    assert 'alt="True"' in row[0].split("field-has_second_factor")[1]
    few = asked()
    for number in range(5):
        account("editor", name=f"more-{number}")
    assert asked() == few


def test_a_lost_phone(admin: Client, client: Client) -> None:
    user = account("editor")
    log_in(client, "editor")
    set_up_app(client)
    admin.post(
        "/admin/negotiations/user/",
        {"_selected_action": user.pk, "action": "act_reset_second_factor"},
    )
    assert not is_in(client)
    assert authenticate_as(client)


def test_a_password_that_an_administrator_gives_is_for_one_time(admin: Client) -> None:
    user = account("editor")
    client = logged_in(user)
    data = {"usable_password": "true", "password1": OTHER, "password2": OTHER, "set-password": "1"}
    admin.post(f"/admin/negotiations/user/{user.pk}/password/", data)
    assert not is_in(client)
    assert log_in(client, "editor", OTHER)["Location"] == "/admin/"
    assert client.get("/admin/")["Location"] == "/admin/password_change/"


def test_who_may_change_users_but_is_no_superuser_makes_nobody_one() -> None:
    helper = account("editor", name="helper")
    helper.user_permissions.set(
        Permission.objects.filter(codename__in=["change_user", "view_user"])
    )
    client, boss = logged_in(helper), account(name="boss", is_superuser=True)
    address = f"/admin/negotiations/user/{helper.pk}/change/"
    form = client.get(address).content.decode()
    assert 'name="email"' in form
    assert 'name="is_superuser"' not in form
    assert 'name="groups"' not in form
    assert client.post(f"/admin/negotiations/user/{boss.pk}/password/", {}).status_code == 403
    client.post(
        "/admin/negotiations/user/", {"_selected_action": boss.pk, "action": "act_deactivate"}
    )
    boss.refresh_from_db()
    assert boss.is_active


def test_nobody_deactivates_themselves_by_mistake(admin: Client) -> None:
    me = User.objects.get(username="admin")
    admin.post("/admin/negotiations/user/", {"_selected_action": me.pk, "action": "act_deactivate"})
    assert is_in(admin)


def test_the_first_account_still_opens_the_desk(client: Client) -> None:
    password = ensure_first_account()
    assert password
    done = client.post(LOGIN, {"username": "editor", "password": password}, follow=True)
    assert done.redirect_chain[-1][0] == "/admin/password_change/"


def test_other_ways_into_python_still_work() -> None:
    account("editor")
    assert authenticate(username="editor", password=PASSWORD)
    call_command("check")
