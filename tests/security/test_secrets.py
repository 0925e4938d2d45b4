"""No secret gets into the log, whatever goes well or wrong; what happened does, without a line of a visitor's own."""

from __future__ import annotations

import io
import logging
import re
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings as configured
from django.core.mail import EmailMessage
from django.db import OperationalError
from django.test import Client

from negotiations.exchange.following import links
from negotiations.models import Scope, Token
from negotiations.operating.logs import Text
from tests import factories
from tests.editing.accounts.conftest import (
    OTHER,
    PASSWORD,
    account,
    invite,
    log_in,
    logged_in,
    set_up_app,
)
from tests.exchange.following.mail import following

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.django_db


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that is logged, from INFO on (more than the site does), in the lines that it writes."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(Text())
    root, known = logging.getLogger(), [logging.getLogger(n) for n in ("readout.security", "django", "django.request")]  # fmt: skip
    levels = [(each, each.level) for each in (root, *known)]
    for each, _ in levels:
        each.setLevel(logging.INFO)
    root.addHandler(handler)
    yield out
    root.removeHandler(handler)
    for each, level in levels:
        each.setLevel(level)


def failing(*_: Any, **__: Any) -> Any:
    raise OperationalError("connection to server failed")


def test_no_secret_is_logged(
    log: io.StringIO,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    secrets: dict[str, str] = {"key": settings.SECRET_KEY}
    client = Client(raise_request_exception=False, enforce_csrf_checks=False)

    # Coming in, well and badly
    user = account("editor", "reviewer", name="anne")
    secrets |= {"password": PASSWORD, "wrong password": "typed-it-wrong-1"}
    log_in(client, "anne", secrets["wrong password"])
    log_in(client, secrets["wrong password"], "x")
    log_in(client, "anne")
    secrets["session"] = client.cookies["sessionid"].value
    with django_capture_on_commit_callbacks(execute=True):
        app = set_up_app(client)
    secrets["second factor"] = app.secret
    codes = client.get("/admin/account/recovery-codes/").content.decode()
    secrets |= {f"code {n}": c for n, c in enumerate(re.findall(r"\b[0-9a-f]{8,}\b", codes)[:3])}
    client.post("/admin/password_change/", {"old_password": PASSWORD, "new_password1": OTHER, "new_password2": OTHER})  # fmt: skip
    secrets["new password"] = OTHER

    # Tokens, good, bad, and in the wrong place
    _, secret = Token.make(user, "Tool", list(Scope.values))
    secrets["token"] = secret
    for bearer in (secret, f"{secret}x"):
        client.post("/api/v1/sources", "{}", content_type="application/json", headers={"Authorization": f"Bearer {bearer}"})  # fmt: skip
    client.get(f"/no-such-page/{secret}/?token={secret}")

    # Links from letters, in good days and bad
    _, link = invite(logged_in(account("reviewer", name="rita")))
    secrets["invitation"] = link.rstrip("/").rpartition("/")[2]
    subscription = following(factories.TopicFactory())
    secrets["to manage"] = links.to_manage(subscription.follower).rstrip("/").rpartition("/")[2]
    secrets["to stop"] = links.to_stop(subscription).rstrip("/").rpartition("/")[2]
    secrets["follower"] = subscription.follower.address
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    pages = [link, f"/follow/manage/{secrets['to manage']}/", f"/follow/stop/{secrets['to stop']}/"]
    for page in pages:
        strict.post(page, {"x": secrets["wrong password"]})
        strict.put(page)
    monkeypatch.setattr("negotiations.exchange.following.pages.links.managed_by", failing)
    strict.get(pages[1])
    monkeypatch.setattr("negotiations.exchange.following.pages.links.managed_by", lambda _: 1 / 0)
    strict.get(pages[1])

    # A mail server and a database that fail
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend",
                                    "OPTIONS": {"host": "127.0.0.1", "port": 9, "username": "u", "password": "mail-secret-1", "timeout": 1}}}  # fmt: skip
    secrets["mail password"] = "mail-secret-1"
    with pytest.raises(OSError, match="refused"):
        EmailMessage("x", "x", to=["a@mail.example"]).send()

    told = log.getvalue()
    for what, value in secrets.items():
        assert value not in told, what
    assert configured.SECRET_KEY not in told
    assert "log-in failed: account" in told
    assert "log-in failed: no account" in told
    assert f"logged in: account {user.pk}, from 127.0.0.1" in told
    assert "second factor set up" in told
    assert "/follow/manage/•••/" in told
    assert "/admin/invitation/•••" in told
    assert "Traceback" in told, "what failed is told"


def test_nobody_writes_a_line_of_their_own(log: io.StringIO, client: Client) -> None:
    forged = "x\n2026-01-01T00:00:00Z INFO readout.security: logged in: account 1\x1b[2J"
    client.get("/no-such-page/" + forged.replace("\n", "%0a").replace("\x1b", "%1b"))
    log_in(client, forged, forged)
    logging.getLogger("negotiations").warning("A title: %s", forged)
    told = log.getvalue()
    assert "\x1b" not in told
    for line in told.splitlines():
        assert not line.startswith("2026-01-01T00:00:00Z")
    assert "A title: x\\n2026-01-01" in told


def test_times_are_told_in_utc(log: io.StringIO) -> None:
    logging.getLogger("negotiations").warning("This")
    assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ WARNING negotiations: This", log.getvalue())


def test_who_is_sent_away_is_told(log: io.StringIO, settings: Any) -> None:
    editor = logged_in(account("editor"))
    assert editor.get("/admin/unlock/").status_code == 403
    settings.API_LIMIT = (1, 60)
    client = Client()
    for _ in range(2):
        client.get("/api/v1/people")
    for _ in range(7):
        log_in(client, "anne", "wrong")
    told = log.getvalue()
    assert "Forbidden" in told
    assert "Too Many Requests: /api/v1/people" in told
    assert "log-in refused, too many failed: no account, from 127.0.0.1" in told


def test_errors_show_a_visitor_nothing_of_the_inside(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.raise_request_exception = False

    def fail(*_: Any, **__: Any) -> Any:
        inside = configured.SECRET_KEY
        raise RuntimeError(f"SELECT secret FROM inside WHERE key = {inside}")

    monkeypatch.setattr("negotiations.search.names.suggest", fail)
    monkeypatch.setattr("negotiations.exchange.api.answering.read", fail)
    for here in ("/search/suggest/?q=x", "/api/v1/people"):
        answer = client.get(here)
        told = answer.content.decode()
        assert answer.status_code == 500
        assert "SELECT" not in told
        assert "Traceback" not in told
        assert configured.SECRET_KEY not in told
