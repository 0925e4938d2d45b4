"""What each answer tells the browser it may do: run our files, nothing else, and be framed by nobody."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils.csp import CSP

from tests import factories
from tests.editing.accounts.conftest import account, logged_in
from tests.security.routes import Route, public, routes

pytestmark = pytest.mark.django_db
HERE = "public-one"
INLINE = re.compile(r"<style\b|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)
SCRIPT = re.compile(r"<script\b([^>]*)>")
FRAMED = "/embed/"


@pytest.fixture
def places() -> dict[str, object]:
    """One public record of each kind."""
    meeting = factories.MeetingFactory(pk=1, slug=HERE, process__slug=HERE)
    factories.StatementFactory(pk=1, meeting=meeting, speaker__slug=HERE, party__slug=HERE)
    factories.QuestionFactory(slug=HERE, topic__slug=HERE)
    factories.ActionFactory(pk=1, meeting=meeting)
    factories.SourceFactory(pk=1)
    return {"slug": HERE, "pk": 1, "address": HERE, "number": 1, "letter": "s", "of": "people", "first": HERE,
            "second": HERE, "name": "people", "kind": "people", "block": 0, "token": "x"}  # fmt: skip


def strict(answer: Any, route: Route | str) -> None:
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy, route
    assert "base-uri 'none'" in policy, route
    assert "unsafe" not in policy, route
    assert answer["X-Content-Type-Options"] == "nosniff", route
    if not str(route).startswith(FRAMED):
        assert "frame-ancestors 'none'" in policy, route


def clean(html: str, route: Route | str) -> None:
    """Nothing in the page that the policy would keep from running."""
    # The frame's code to copy is text in a field, not an element.
    shown = re.sub(r"<textarea.*?</textarea>", "", html, flags=re.DOTALL)
    assert not INLINE.search(re.sub(r">[^<]*<", "><", shown)), (route, INLINE.search(shown))
    for attributes in SCRIPT.findall(html):
        assert "src=" in attributes or re.search(r'type="application/(ld\+)?json"', attributes), route  # fmt: skip
    for there in re.findall(r'<(?:script|link|img|iframe)[^>]+(?:src|href)="([^"]+)"', html):
        assert not there.startswith(("http://", "https://", "//")) or "testserver" in there, there


@pytest.mark.parametrize("status", [200, 404])
def test_every_public_answer_has_the_policy(
    status: int, client: Client, places: dict[str, object]
) -> None:
    seen = 0
    for route in public():
        if status == 404 and not route.places:
            continue
        with_ = places if status == 200 else {**places, "slug": "x", "pk": 9, "address": "x"}
        answer: Any = client.get(route.filled(with_))
        strict(answer, route)
        seen += answer.status_code == status
        if answer.get("Content-Type", "").startswith("text/html"):
            clean(answer.content.decode(), route)
    assert seen > 50


def test_other_answers_have_it_too(client: Client, settings: Any) -> None:
    settings.API_LIMIT = (1, 60)
    client.get("/api/v1/people")
    for answer in (
        client.get("/api/v1/people"), client.options("/api/v1/people"), client.post("/people/"), client.get("/static/readout.css"),
        client.get("/static/none.css"), client.get("/search/?page=x"), client.get("/x%00"), client.get("/people"),
        client.post("/mcp", b"{", content_type="application/json"),
    ):  # fmt: skip
        strict(answer, "/other/")


def test_the_desk_has_the_same_policy(places: dict[str, object]) -> None:
    """Admin's own pages and the library's as well: forms, lists, histories, questions before deletion."""
    admin = logged_in(account("editor", "reviewer", name="admin", is_superuser=True))
    kinds = ("person", "statement", "meeting", "user", "")
    seen = 0
    for route in routes():
        of = re.match(r"/admin/(?:negotiations|auth)/(\w+)/", route.pattern)
        if route.is_public or "logout" in route.pattern or (of and of[1] not in kinds):
            continue
        with_ = {**dict.fromkeys(route.places, 1), "name": "person", "kind": "person", "token": "x", "app_label": "negotiations",
                 "keep": 1, "uidb36": "1", "key": "x", "step": "withdraw"}  # fmt: skip
        answer: Any = admin.get(route.filled(with_))
        strict(answer, route)
        assert "script-src 'self'" in answer["Content-Security-Policy"], route
        if answer.get("Content-Type", "").startswith("text/html") and answer.status_code == 200:
            seen += 1
            clean(answer.content.decode(), route)
            assert re.search("no-store|no-cache", answer.get("Cache-Control", "")), route
    assert seen > 30


def test_nothing_is_allowed_that_a_nonce_would_be_for() -> None:
    """Stricter than nonces: there are no inline scripts and styles at all, so none is let through."""
    for name in ("script-src", "style-src"):
        assert settings.SECURE_CSP[name] == [CSP.SELF]
    assert settings.SECURE_CSP["object-src"] == [CSP.NONE]


def test_only_cards_may_be_framed(client: Client, places: dict[str, object]) -> None:
    for route in public():
        answer = client.get(route.filled(places))
        framed = "frame-ancestors *" in answer["Content-Security-Policy"]
        assert framed == (route.pattern.startswith(FRAMED)), route
        assert ("X-Frame-Options" in answer) != framed or not answer.get("Content-Type", "").startswith("text/html"), route  # fmt: skip


def test_whom_to_tell_of_a_weakness(client: Client, settings: Any) -> None:
    assert client.get("/.well-known/security.txt").status_code == 404
    settings.SECURITY_CONTACT = "mailto:security@readout.example"
    answer = client.get("/.well-known/security.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    lines = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert lines["Contact"] == "mailto:security@readout.example"
    assert lines["Canonical"] == "http://testserver/.well-known/security.txt"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", lines["Expires"])
