"""Invitations: the only way to an account, once and for a week."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from negotiations.models import Invitation, User
from tests.editing.accounts.conftest import (
    MAILERS,
    OTHER,
    PASSWORD,
    account,
    invite,
    is_in,
    logged_in,
    words,
)

pytestmark = pytest.mark.django_db


SEAT = {"username": "anna", "password1": PASSWORD, "password2": PASSWORD}


def test_an_invited_person_chooses_a_name_and_a_password_and_is_in(
    reviewer: Client, client: Client
) -> None:
    page, link = invite(reviewer)
    assert "shown only this once" in words(page)
    assert link not in reviewer.get("/admin/invitations/").content.decode()
    assert "Anna Kowalczyk" in words(reviewer.get("/admin/invitations/"))
    assert "invites you to Readout’s desk as editor" in words(client.get(link))
    assert client.post(link, SEAT)["Location"] == "/admin/"
    assert is_in(client)
    anna = User.objects.get(username="anna")
    assert (anna.first_name, anna.last_name, anna.email) == (
        "Anna",
        "Kowalczyk",
        "anna@example.org",
    )
    assert anna.is_staff
    assert not anna.is_superuser
    assert not anna.must_change_password
    assert [group.name for group in anna.groups.all()] == ["editor"]
    assert "Anna Kowalczyk" not in words(reviewer.get("/admin/invitations/"))


def test_a_link_works_once(reviewer: Client, client: Client) -> None:
    _, link = invite(reviewer)
    client.post(link, SEAT)
    again = Client().post(link, {**SEAT, "username": "second"})
    assert again.status_code == 410
    assert "This invitation was used" in words(again)
    assert not User.objects.filter(username="second").exists()


def test_a_link_ends(reviewer: Client, client: Client) -> None:
    _, link = invite(reviewer)
    Invitation.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    assert "This invitation ended on" in words(client.get(link))
    assert client.post(link, SEAT).status_code == 410
    assert not User.objects.filter(username="anna").exists()


def test_a_link_is_taken_back(reviewer: Client, client: Client) -> None:
    _, link = invite(reviewer)
    reviewer.post(f"/admin/invitations/{Invitation.objects.get().pk}/revoke/")
    assert "was taken back" in words(client.get(link))
    assert client.post(link, SEAT).status_code == 410


def test_a_second_invitation_replaces_the_first(reviewer: Client, client: Client) -> None:
    _, first = invite(reviewer)
    _, second = invite(reviewer, email="ANNA@example.org", role="reviewer")
    assert client.get(first).status_code == 410
    assert client.get(second).status_code == 200
    assert Invitation.objects.open().count() == 1


@pytest.mark.parametrize("change", [("x", "y"), (".", ""), ("", "")])
def test_a_damaged_link_leads_nowhere(
    reviewer: Client, client: Client, change: tuple[str, str]
) -> None:
    _, link = invite(reviewer)
    damaged = link.replace(*change) if change[0] else link[:-4] + "/"
    if damaged == link:
        damaged = link[:-2] + "_/"
    assert client.get(damaged).status_code == 404


def test_the_token_is_kept_nowhere(reviewer: Client) -> None:
    _, link = invite(reviewer)
    token = link.rsplit("/", 2)[1].split(".")[0]
    for table in ("negotiations_invitation", "django_session", "readout_cache"):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {table}::text FROM {table}")
            assert token not in str(cursor.fetchall())


def test_the_inviter_gives_no_more_than_they_have() -> None:
    inviter = account("editor")
    inviter.user_permissions.add(Permission.objects.get(codename="invite_people"))
    client = logged_in(inviter)
    page = client.get("/admin/invitations/").content.decode()
    assert 'value="editor"' in page
    assert 'value="reviewer"' not in page
    refused, link = invite(client, role="reviewer")
    assert "Select a valid choice" in words(refused)
    assert not link
    assert invite(client)[1]


def test_an_invitation_falls_with_who_sent_it(reviewer: Client, client: Client) -> None:
    _, link = invite(reviewer, role="reviewer")
    User.objects.get(username="reviewer").groups.set([Group.objects.get(name="editor")])
    assert "may no longer give this role" in words(client.get(link))
    assert client.post(link, SEAT).status_code == 410


@pytest.mark.parametrize("groups", [(), ("editor",)])
def test_others_invite_nobody(groups: tuple[str, ...]) -> None:
    client = logged_in(account(*groups))
    page, link = invite(client)
    assert page.status_code == 403
    assert not link
    assert client.post("/admin/invitations/1/revoke/").status_code == 403


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"username": "REVIEWER"}, "already exists"),
        ({"username": ""}, "required"),
        ({"username": "a\x00b"}, "Null characters are not allowed"),
        ({"password1": "password1234", "password2": "password1234"}, "easily guessed"),
        ({"password2": OTHER}, "didn’t match"),
    ],
)
def test_a_mistake_at_the_seat_leaves_the_link_open(
    reviewer: Client, client: Client, changes: dict[str, str], sentence: str
) -> None:
    _, link = invite(reviewer)
    page = client.post(link, {**SEAT, **changes})
    assert page.status_code == 200
    assert sentence in words(page)
    assert Invitation.objects.open().exists()
    assert client.post(link, SEAT).status_code == 302


def test_who_is_logged_in_does_not_use_up_the_link_of_another(reviewer: Client) -> None:
    _, link = invite(reviewer)
    page = reviewer.post(link, SEAT)
    assert "You are logged in as reviewer" in words(page)
    assert Invitation.objects.open().exists()


def test_somebody_with_an_account_is_not_invited_again(reviewer: Client) -> None:
    account("editor", email="anna@example.org")
    page, _ = invite(reviewer)
    assert "has an account already" in words(page)


def test_the_link_goes_by_mail_where_there_is_mail(reviewer: Client, settings: Any) -> None:
    settings.MAILERS = MAILERS
    page, link = invite(reviewer, name="Анна <b>")
    assert "The link went to anna@example.org" in words(page)
    (sent,) = mail.outbox
    assert sent.to == ["anna@example.org"]
    assert f"http://testserver{link}" in sent.body
    assert "<b>" not in page.content.decode()


def test_a_mail_server_that_refuses_leaves_the_link_to_copy(
    reviewer: Client, settings: Any
) -> None:
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": 1, "timeout": 1},
        }
    }
    page, link = invite(reviewer)
    assert "could not be sent" in words(page)
    assert link


def test_the_database_ends_an_invitation_once(reviewer: Client) -> None:
    invite(reviewer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.update(revoked_at=timezone.now(), accepted_at=timezone.now())


def test_the_list_of_invitations_does_not_ask_more_for_more_rows(reviewer: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            reviewer.get("/admin/invitations/")
        return len(queries)

    invite(reviewer)
    asked()
    few = asked()
    for number in range(5):
        invite(reviewer, email=f"{number}@example.org")
    assert asked() == few


def test_user_names_differ_in_more_than_case() -> None:
    account("editor")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("Editor")
