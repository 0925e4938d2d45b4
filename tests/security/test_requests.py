"""Requests that no browser sends: odd methods, paths, headers and amounts end with 4xx, never with 500."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from negotiations.models import Person
from tests import factories
from tests.editing.accounts.conftest import account, logged_in
from tests.security.routes import Route, public, routes

pytestmark = pytest.mark.django_db

# What stands in the places of addresses where it does not matter what.
ANYTHING: dict[str, object] = {
    "slug": "x", "pk": 1, "address": "x", "number": 1, "letter": "s", "of": "people", "first": "a",
    "second": "b", "name": "x", "kind": "person", "block": 0, "token": "x", "step": "publish", "event": 1,
    "keep": 1, "other": 2, "merge_id": 1, "uidb36": "1", "key": "x-y", "content_type_id": "0",
    "object_id": "1", "app_label": "negotiations", "from_field": "x", "id": "1", "user_id": "1",
}  # fmt: skip
TAKE_POST_OF_STRANGERS = {
    "/mcp": "knows nobody and writes nothing: tests/exchange/assistants/test_mcp.py",
    "/follow/stop/%(token)s/": "the signature is the proof (RFC 8058)",
}


def changing() -> list[Route]:
    """All but the API, which knows no cookie, only tokens."""
    return [each for each in routes() if not each.pattern.startswith("/api/")]


def test_nothing_is_changed_from_another_site() -> None:
    """Without the page's own token no POST gets through, at any address, even an administrator's."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(account(name="admin", is_superuser=True))
    for route in changing():
        if route.pattern in TAKE_POST_OF_STRANGERS:
            continue
        answer = client.post(route.filled(ANYTHING), {"x": "1"}, headers={"Origin": "https://evil.example"})  # fmt: skip
        assert answer.status_code in (403, 404, 405), (str(route), answer.status_code)
        if answer.status_code == 404:
            assert getattr(route.view, "csrf_exempt", False) is False, str(route)


def test_reading_changes_nothing() -> None:
    """No GET of the desk acts: a picture on another site could ask for it."""
    client = logged_in(account(name="admin", is_superuser=True))
    person = factories.PersonFactory(pk=1, status="draft")
    for route in routes():
        others = "/admin/negotiations/" in route.pattern and "/person/" not in route.pattern
        if not (route.is_public or others or "logout" in route.pattern):
            client.get(route.filled(ANYTHING | {"slug": "person", "kind": "person"}))
    person.refresh_from_db()
    assert person.status == "draft"
    assert client.get("/admin/").status_code == 200
    assert client.get("/admin/logout/").status_code == 405


METHODS = ("PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "GET\t")


def test_methods_that_pages_do_not_know(client: Client) -> None:
    person = factories.PersonFactory(slug="x")
    for place, route in enumerate(public()):
        method = METHODS[place % len(METHODS)]
        answer = client.generic(method, route.filled(ANYTHING))
        assert 400 <= answer.status_code < 500, (method, str(route), answer.status_code)
    assert Person.objects.filter(pk=person.pk).exists()


@pytest.mark.parametrize("name", ["X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"])
def test_a_method_can_not_be_put_in_a_header_or_a_field(name: str) -> None:
    reviewer = logged_in(account("reviewer"))
    person = factories.PersonFactory(status="draft")
    address = f"/admin/negotiations/person/{person.pk}/delete/"
    reviewer.get(address, headers={name: "POST"})
    reviewer.get(f"{address}?_method=POST&post=yes")
    reviewer.post("/people/", {"_method": "DELETE"}, headers={name: "DELETE"})
    assert Person.objects.filter(pk=person.pk).exists()


FIELDS = [
    ("/statements/", "page"), ("/statements/", "after"), ("/search/", "q"), ("/actions/", "from"),
    ("/api/v1/statements", "limit"), ("/api/v1/statements", "fields"), ("/changes/", "older"),
    ("/changes/", "record"), ("/compare/", "a"), ("/network/", "with"), ("/map/", "at"),
]  # fmt: skip
TRAVERSING = [
    "/static/../negotiations/settings.py", "/static/%2e%2e/negotiations/settings.py",
    "/static/..%2fnegotiations/settings.py", "/static/....//settings.py", "/static//etc/passwd",
    "/static/..%5c..%5csettings.py", "/static/readout.css%00.py", "/static/%c0%ae%c0%ae/settings.py",
    "/data/..%2f..%2fetc%2fpasswd.csv", "/data/%2e%2e.csv", "/data/datapackage.json/../secret-key",
    "/people/../../etc/passwd.json", "/.git/config", "/.env", "/.local/secret-key", "/manage.py",
    "/negotiations/settings.py", "/uv.lock", "/static/", "/static", "/admin/import/columns/..%2f..%2fx.csv",
]  # fmt: skip


@pytest.mark.parametrize("path", TRAVERSING)
def test_no_file_but_those_meant_is_served(path: str, client: Client) -> None:
    answer: Any = client.get(path)
    told = b"".join(answer)
    assert answer.status_code in (302, 400, 404)
    for inside in (b"SECRET_KEY", b"root:x:", b"[core]", b"requires-python"):
        assert inside not in told


def test_a_file_is_named_by_us_not_by_its_visitor(client: Client) -> None:
    factories.MeetingFactory(slug="a-b")
    answer = client.get('/meetings/a-b.csv?filename=evil.html&format="; x')
    assert 'filename="readout-a-b-statements.csv"' in answer.get("Content-Disposition", "") or answer.status_code == 400  # fmt: skip
    for made in (
        "/search/download/?q=%22%0d%0aSet-Cookie:x=1",
        "/people/x%0d%0aSet-Cookie:x=1.json",
    ):
        answer = client.get(made)
        assert "Set-Cookie" not in str(answer.headers)


def test_many_fields_and_long_ones_are_refused(client: Client) -> None:
    editor = logged_in(account("editor"))
    many = {f"f{n}": "x" for n in range(2000)}
    assert editor.post("/admin/capture/", many).status_code in (400, 413)
    query = "&".join(f"party=p{n}" for n in range(2000))
    for here in ("/search/", "/api/v1/statements", "/actions/tracker/", "/compare/", "/"):
        assert client.get(f"{here}?{query}").status_code in (200, 400, 404, 409)
    for here in ("/search/", "/compare/", "/api/v1/search"):
        assert client.get(f"{here}?q={'x' * 20_000}").status_code in (200, 400)


@pytest.mark.parametrize("value", ["9" * 400, "-1", "1e9", "٣", "%00", "%ff", "1;DROP TABLE x", "' OR '1'='1",
                                   "{{4567*6789}}", "%7B%25 debug %25%7D", "${4567*6789}", "../../x", "<script>x</script>"])  # fmt: skip
def test_what_no_field_expects_is_answered_quietly(value: str, client: Client) -> None:
    factories.StatementFactory()
    for here, name in FIELDS:
        answer = client.get(f"{here}?{name}={value}")
        assert answer.status_code < 500, (here, name)
        assert b"<script>x" not in answer.content or "html" not in answer["Content-Type"]
        assert b"31005363" not in answer.content  # their product


def test_a_number_given_twice_is_one(client: Client) -> None:
    """The same name twice (parameter pollution) is the last, or a list where lists are taken."""
    assert client.get("/search/?page=1&page=x").status_code == 400
    assert client.get("/api/v1/people?limit=1&limit=100000").status_code == 400


def test_text_sent_to_the_editor_is_no_markup() -> None:
    """What others wrote is text on every page of the desk and of the public."""
    words = "<img src=x onerror=alert(1)>\"'><script>alert(1)</script>{{ 7 }}"
    statement = factories.StatementFactory(
        words=words, party__name=words[:80], speaker__name=words[:80]
    )
    editor = logged_in(account("editor"))
    for client, here in (
        (Client(), f"/statements/{statement.pk}/"), (Client(), "/statements/"), (Client(), f"/embed/statements/{statement.pk}/"),
        (Client(), "/search/?q=alert"), (editor, "/admin/negotiations/statement/"), (editor, "/admin/review/"),
        (editor, f"/admin/negotiations/statement/{statement.pk}/change/"), (Client(), f"/statements/{statement.pk}/cite/"),
    ):  # fmt: skip
        page = client.get(here).content.decode()
        assert "alert(1)" in page or here == "/admin/review/"
        assert "<img src=x" not in page
        assert "<script>alert" not in page


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "http://a b", "ftp://x/"]
)
def test_the_address_of_a_source_is_one_of_the_web(link: str) -> None:
    editor = logged_in(account("editor"))
    page = editor.post(
        "/admin/negotiations/source/add/",
        {
            "title": "X",
            "kind": "news",
            "publisher": "X",
            "language": "en",
            "url": link,
            "archived_url": link,
        },
    )
    assert page.status_code == 200
    from negotiations.models import Source

    assert not Source.objects.exists()


@pytest.mark.parametrize("onward", ["https://evil.example/", "//evil.example", "/\\evil.example", "https:evil.example",
                                    "javascript:alert(1)", "http://testserver@evil.example/", "///evil.example", "%2f%2fevil.example"])  # fmt: skip
def test_nobody_is_sent_to_another_site(onward: str) -> None:
    account("editor")
    client = Client()
    from tests.editing.accounts.conftest import log_in

    for answer in (
        client.get(f"/people/?next={onward}"),
        log_in(client, "editor", next=onward),
        client.get(f"/admin/login/?next={onward}"),
        client.post(f"/admin/logout/?next={onward}", {"next": onward}),
        client.get(f"//evil.example/?next={onward}"),
        client.get("/people//evil.example"),
    ):
        there = answer.get("Location", "/")
        assert not there.startswith(("//", "/\\", "\\"))
        assert urlsplit(there)[:2] == ("", "")
