"""People with accounts, and how they come in."""

from __future__ import annotations

import re
from typing import Any

import pyotp
import pytest
from django.contrib.auth.models import Group
from django.test import Client

from negotiations.models import User

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


def invite(client: Client, **changes: str) -> tuple[Any, str]:
    data = {"name": "Anna Kowalczyk", "email": "anna@example.org", "role": "editor", **changes}
    page = client.post("/admin/invitations/", data)
    links = re.findall(r'value="http://testserver(/admin/invitation/[^"]+)"', page.content.decode())
    return page, links[0] if links else ""


@pytest.fixture
def reviewer() -> Client:
    return logged_in(account("reviewer"))


def authenticate_as(client: Client, name: str = "editor") -> bool:
    log_in(client, name)
    return is_in(client)


@pytest.fixture
def admin() -> Client:
    return logged_in(account(name="admin", is_superuser=True))
