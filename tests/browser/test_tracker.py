"""What only a browser shows of the tracker, the report and the demonstration: clicks, width, access."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from negotiations.editing.demonstration.loading import load
from negotiations.editing.demonstration.story import Story
from negotiations.insight.outcomes import Asked, outcomes
from negotiations.models import Process

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_is_overdue_in_the_demonstration_is_two_clicks_away_and_for_all(
    live_server: LiveServer, browser: Browser
) -> None:
    load(Story(meetings=12, statements=120))
    process = Process.objects.get(demonstration=True)
    asked = Asked(process, due="overdue", demonstration=True)
    _, overdue = outcomes(asked)
    context = browser.new_context(
        viewport={"width": 390, "height": 800}, color_scheme="dark", reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(live_server.url)
    page.get_by_role("link", name=process.name).click()
    page.locator(".tiles a", has_text="overdue").click()
    page.wait_for_url("**due=overdue**")
    assert page.locator("#tracked h2").first.inner_text().startswith(f"{overdue} action")
    assert page.locator("#tracked .badge-overdue").count() == min(overdue, 30)

    # Choosing reloads nothing and keeps the rest of the address.
    page.evaluate("window.stillHere = true")
    with page.expect_response(lambda response: "status=stalled" in response.url):
        page.locator("#t-status").select_option("stalled")
    page.wait_for_url("**status=stalled**")
    assert "due=overdue" in page.url
    assert page.evaluate("window.stillHere") is True

    wide, found = [], {}
    action = page.locator("#tracked h3 a").first.get_attribute("href")
    home = process.get_absolute_url()
    tracker = f"/actions/tracker/?process={process.slug}"
    for address in (
        home,
        f"{home}report/",
        tracker,
        action or "/",
        "/meetings/?data=demonstration",
    ):
        page.goto(live_server.url + address)
        if page.evaluate("document.documentElement.scrollWidth") > 390:
            wide.append(address)
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
    assert wide == []
    assert found == {}
