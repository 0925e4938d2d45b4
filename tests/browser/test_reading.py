"""What only a browser shows: that pages fit, can be read by all, and work with and without scripts."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from negotiations.models import Action, Meeting, Person, Question, Source, Statement, Topic
from tests import riyadh

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Response
    from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.django_db(transaction=True)

WIDTHS = {"phone": 390, "desk": 1280}


@pytest.fixture
def site(live_server: LiveServer) -> str:
    riyadh.load()
    return live_server.url


def _addresses() -> list[str]:
    """One page of every type, by its address."""
    verbatim = Statement.published.filter(form="verbatim").first()
    paraphrase = Statement.published.filter(form="paraphrase").first()
    records = [
        Meeting.published.get(slug="riyadh-2025-02-18"),
        Meeting.published.filter(state="planned").first(),
        Meeting.published.first().process,
        Person.published.get(slug="sergey-lavrov"),
        Statement.published.first().party,
        Topic.published.first(),
        Question.published.first(),
        Action.published.first(),
        Source.published.first(),
        verbatim,
        paraphrase,
    ]
    lists = ["/", "/meetings/", "/statements/", "/actions/", "/people/", "/parties/", "/topics/"]
    lists += [
        "/questions/",
        "/processes/",
        "/search/?q=ambassadors",
        "/search/",
        "/about/",
        "/data/",
        "/changes/",
    ]
    lists += ["/statements/?q=&form=verbatim", "/nothing-here/"]
    return lists + [record.get_absolute_url() for record in records]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(site: str, browser: Browser, scheme: Any) -> None:
    context = browser.new_context(color_scheme=scheme, reduced_motion="reduce")
    page = context.new_page()
    found = {}
    for address in _addresses():
        page.goto(site + address)
        result = Axe().run(
            page,
            options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]},
        )
        if result.violations_count:
            found[address] = [
                (each["id"], [node["html"][:120] for node in each["nodes"][:3]])
                for each in result.response["violations"]
            ]
    context.close()
    assert found == {}


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_no_page_is_wider_than_the_screen(site: str, browser: Browser, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    wide = []
    for address in _addresses():
        page.goto(site + address)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wide.append(address)
    page.close()
    assert wide == []


def test_nothing_breaks_the_content_security_policy_or_calls_elsewhere(
    site: str, page: Page
) -> None:
    problems: list[str] = []
    page.on(
        "console",
        lambda message: problems.append(message.text) if message.type == "error" else None,
    )
    page.on(
        "request", lambda r: None if r.url.startswith((site, "data:")) else problems.append(r.url)
    )
    for address in _addresses():
        if address != "/nothing-here/":
            page.goto(site + address)
    assert problems == []


def test_the_first_page_is_light(site: str, page: Page) -> None:
    """Under 60 kB, all files counted as compressed, which is how `serve` sends them."""
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(site + "/meetings/riyadh-2025-02-18/", wait_until="networkidle")
    assert len(answers) >= 4
    assert sum(len(gzip.compress(answer.body())) for answer in answers) < 60_000


def test_filtering_needs_no_reload_and_the_back_button_goes_back(site: str, page: Page) -> None:
    page.goto(site + "/statements/")
    page.evaluate("window.stillHere = true")
    total = page.locator("#results article").count()
    with page.expect_response(lambda response: "form=verbatim" in response.url):
        page.locator("#f-form-verbatim").check()
    page.wait_for_url("**form=verbatim**")
    assert page.evaluate("window.stillHere") is True
    page.wait_for_function(f"document.querySelectorAll('#results article').length < {total}")
    assert page.locator("#results .statement-paraphrase").count() == 0
    assert page.evaluate("document.activeElement.id") == "f-form-verbatim"
    page.go_back()
    page.wait_for_function(f"document.querySelectorAll('#results article').length === {total}")
    assert page.locator("h1").count() == 1
    assert "form=verbatim" not in page.url


def test_filters_work_without_scripts(site: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site + "/statements/")
    page.locator("#f-form-verbatim").check()
    page.locator("form.facets button[type=submit]").click()
    page.wait_for_url("**form=verbatim**")
    assert page.locator("#results .statement-paraphrase").count() == 0
    assert page.locator("#results .statement-verbatim").count() > 0
    context.close()


def test_the_keyboard_reaches_the_content_first(site: str, page: Page) -> None:
    page.goto(site + "/meetings/riyadh-2025-02-18/")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_a_source_passage_is_one_click_away(site: str, page: Page) -> None:
    page.goto(site + "/meetings/riyadh-2025-02-18/")
    statement = page.locator("#said .statement-verbatim").first
    statement.locator("summary").click()
    assert statement.locator(".citations q").first.is_visible()
