"""Accounts, positions and comparisons in the browser: for everybody, on every screen, at size."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests import factories
from tests.insight.test_positions import say

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.django_db(transaction=True)

LONG = "It is, and has always been, our view that this needs guarantees before anything else. " * 3


@pytest.fixture
def addresses(live_server: LiveServer) -> list[str]:
    """The pages with twelve parties, long names and words, changes, and dates of every kind."""
    names = ["Arland", "Borovia", "The Grand and Undivided Union of the Far Northern Isles"]
    names += [f"Party {letter}" for letter in "CDEFGHIJK"]
    sides = [factories.PartyFactory(name=name) for name in names]
    meeting = factories.MeetingFactory(process=factories.ProcessFactory(parties=sides))
    for side in sides:
        factories.DelegationFactory(meeting=meeting, party=side)
    action = factories.ActionFactory(meeting=meeting, title=LONG[:190])
    stances = itertools.cycle(["announced", "confirmed", "qualified", "denied"])
    for side, stance in zip(sides[:8], stances, strict=False):
        account = factories.AccountFactory(action=action, party=side, stance=stance, note=LONG[:80])
        factories.CitationFactory(statement=account.statement)
    question = factories.QuestionFactory(text=LONG[:200])
    for side in sides[:5]:
        for date, stance in (
            ("2023-01-05", "opposes"),
            ("2024-05-01", "supports"),
            ("2024-06-01", "supports"),
            ("2024-06-01", "conditional"),
            ("2024", "undecided"),
            (None, "not_stated"),
        ):
            position = say(question, side, date, stance, meeting=meeting)
            factories.CitationFactory(statement=position.statement, passage=LONG)
    compared = f"/compare/?a={sides[0].slug}&b={sides[2].slug}"
    records = (meeting, action, question, question.topic)
    return [*(each.get_absolute_url() for each in records), "/compare/", compared]


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_the_pages_fit_and_axe_finds_nothing(
    live_server: LiveServer, browser: Browser, addresses: list[str], width: int, scheme: Any
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    found: dict[str, Any] = {}
    for address in addresses:
        page.goto(live_server.url + address)
        page.evaluate("document.querySelectorAll('details').forEach((each) => each.open = true)")
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found[f"{address} is too wide"] = page.evaluate("document.documentElement.scrollWidth")
        result = Axe().run(
            page,
            options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]},
        )
        for each in result.response["violations"]:
            found[f"{address} {each['id']}"] = [node["html"][:120] for node in each["nodes"][:3]]
    context.close()
    assert found == {}


def test_comparing_needs_no_reload_and_the_address_follows(
    live_server: LiveServer, page: Page, addresses: list[str]
) -> None:
    page.goto(live_server.url + "/compare/")
    page.evaluate("window.stillHere = true")
    page.locator("#a").select_option(label="Arland")
    page.locator("#b").select_option(label="Borovia")
    page.get_by_role("button", name="Compare").click()
    page.locator("#compared table").wait_for()
    assert "&b=" in page.url
    page.locator(".tally a", has_text="It can’t be told").click()
    page.wait_for_url("**show=unclear**")
    assert page.locator("#compared tbody tr").count() == 1
    assert page.evaluate("window.stillHere") is True
