"""Accounts at the desk: the door, invitations, second factors, lock-out, sessions."""

from __future__ import annotations

import datetime as dt
import re
import time
from typing import Any

import pyotp
import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth import authenticate
from django.contrib.auth.models import Group, Permission
from django.contrib.auth.password_validation import validate_password
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from negotiations.editing.accounts import sessions
from negotiations.editing.accounts.adapters import SecondFactors
from negotiations.editing.first_account import ensure_first_account
from negotiations.models import Invitation, User
from tests import factories

pytestmark = pytest.mark.django_db

PASSWORD = "gerbil-otter-lynx-44"
OTHER = "walrus-heron-vole-71"
LOGIN = "/admin/login/"
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}


def account(*groups: str, name: str = "", **fields: Any) -> User:
    user = User.objects.create_user(
        name or "-".join(groups) or "nobody",
        password=PASSWORD,
        **{"is_staff": True, "email": f"{name or 'x'}@example.org", **fields},
    )
    user.groups.set(Group.objects.filter(name__in=groups))
    return user


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def log_in(client: Client, name: str, password: str = PASSWORD, **more: Any) -> Any:
    return client.post(LOGIN, {"username": name, "password": password, **more})


def is_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


def words(response: Any) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(text.replace("&#x27;", "'").replace("&quot;", '"').split())


def set_up_app(client: Client) -> pyotp.TOTP:
    """Set up an authenticator app as its owner does, from the page."""
    page = client.get("/admin/account/app/activate/").content.decode()
    (secret,) = re.findall(r'id="authenticator_secret">(\w+)<', page)
    app = pyotp.TOTP(secret)
    done = client.post("/admin/account/app/activate/", {"code": app.now()})
    assert done["Location"] == "/admin/account/recovery-codes/"
    return app


# --- The door ---


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


# --- Readers pay nothing ---


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


# --- Passwords ---


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


# --- Invitations ---


def invite(client: Client, **changes: str) -> tuple[Any, str]:
    data = {"name": "Anna Kowalczyk", "email": "anna@example.org", "role": "editor", **changes}
    page = client.post("/admin/invitations/", data)
    links = re.findall(r'value="http://testserver(/admin/invitation/[^"]+)"', page.content.decode())
    return page, links[0] if links else ""


SEAT = {"username": "anna", "password1": PASSWORD, "password2": PASSWORD}


@pytest.fixture
def reviewer() -> Client:
    return logged_in(account("reviewer"))


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


# --- Second factors ---


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


# --- Lock-out ---


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


def authenticate_as(client: Client, name: str = "editor") -> bool:
    log_in(client, name)
    return is_in(client)


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


# --- Sessions ---

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


# --- Administration ---


@pytest.fixture
def admin() -> Client:
    return logged_in(account(name="admin", is_superuser=True))


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
