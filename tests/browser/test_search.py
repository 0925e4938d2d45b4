"""Searching in a browser: suggestions by keyboard, facets without reload, and all without scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import riyadh

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site(live_server: LiveServer) -> str:
    riyadh.load()
    return live_server.url


def test_a_suggestion_is_chosen_by_keyboard(site: str, page: Page) -> None:
    page.goto(site + "/about/")
    box = page.get_by_role("combobox", name="Search Readout")
    box.press_sequentially("lav")
    option = page.get_by_role("option", name="Sergey Lavrov")
    option.wait_for()
    assert box.get_attribute("aria-expanded") == "true"
    assert "suggestion" in (page.locator("#suggestions-count").text_content() or "")
    box.press("ArrowDown")
    assert option.get_attribute("aria-selected") == "true"
    assert box.get_attribute("aria-activedescendant") == option.get_attribute("id")
    box.press("Escape")
    assert box.get_attribute("aria-expanded") == "false"
    box.press_sequentially("r")
    page.get_by_role("option", name="Sergey Lavrov").wait_for()
    box.press("ArrowDown")
    box.press("Enter")
    page.wait_for_url("**/people/sergey-lavrov/")


def test_enter_without_a_choice_searches(site: str, page: Page) -> None:
    page.goto(site + "/")
    box = page.get_by_role("combobox", name="Search Readout")
    box.press_sequentially('"artificial barriers"')
    box.press("Enter")
    page.wait_for_url("**/search/?q=**")
    assert page.locator("#results mark").first.text_content() == "artificial"


def test_facets_narrow_without_reload_and_chips_widen_again(site: str, page: Page) -> None:
    page.goto(site + "/search/?q=ukraine")
    page.evaluate("window.stillHere = true")
    page.locator("#f-form-verbatim").check()
    page.wait_for_url("**form=verbatim**")
    assert page.evaluate("window.stillHere") is True
    page.get_by_role("link", name="Remove filter Form: verbatim").click()
    page.wait_for_url(lambda url: "form=" not in url)
    assert "q=ukraine" in page.url


def test_all_of_it_works_without_scripts(site: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site + "/")
    page.locator("#site-search").fill("lavrov")
    page.locator("#site-search").press("Enter")
    page.wait_for_url("**/search/?q=lavrov")
    assert page.locator("#suggestions").is_hidden()
    page.locator("#f-form-verbatim").check()
    page.get_by_role("button", name="Filter").click()
    page.wait_for_url("**form=verbatim**")
    assert page.locator("#results article").count() == 5
    context.close()


def test_on_a_phone_the_results_come_before_the_filters_are_opened(
    site: str, browser: Browser
) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto(site + "/search/?q=lavrov")
    assert page.locator("#f-form-verbatim").is_hidden()
    page.get_by_text("Filters", exact=True).click()
    assert page.locator("#f-form-verbatim").is_visible()
    page.close()
