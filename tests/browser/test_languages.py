"""Right to left, and long words: what only a browser shows of pages in other languages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from negotiations.models import Action, Statement
from tests import riyadh

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("code", "direction"), [("ru", "ltr"), ("ar", "rtl")])
def test_pages_fit_and_can_be_read_by_all(
    page: Page, live_server: LiveServer, code: str, direction: str
) -> None:
    riyadh.load()
    addresses = [
        "/",
        "/meetings/riyadh-2025-02-18/",
        Statement.published.first().get_absolute_url(),
        Action.published.first().get_absolute_url(),
        "/search/?q=ambassadors",
        "/actions/tracker/",
        "/compare/?a=russia&b=united-states",
        "/people/sergey-lavrov/",
    ]
    page.set_viewport_size({"width": 390, "height": 800})
    for address in addresses:
        page.goto(f"{live_server.url}/{code}{address}")
        expect(page.locator("html")).to_have_css("direction", direction)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390, f"{address} is {wide} pixels wide"
        found = Axe().run(page)
        assert found.violations_count == 0, f"{address}: {found.generate_report()}"


def test_the_menu_leads_to_the_same_filter(page: Page, live_server: LiveServer) -> None:
    riyadh.load()
    page.goto(f"{live_server.url}/statements/?form=paraphrase")
    page.get_by_role("link", name="العربية").click()
    expect(page).to_have_url(f"{live_server.url}/ar/statements/?form=paraphrase")
    expect(page.get_by_role("link", name="English")).to_be_visible()
    # What the filter fetches stays in the language.
    page.locator("#f-form-paraphrase, [name=form][value=paraphrase]").first.uncheck()
    expect(page).to_have_url(re.compile(r"/ar/statements/\?from=&to=$"))
    expect(page.locator("#results")).to_contain_text("تصريح")
