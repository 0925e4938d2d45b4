"""Capturing in a real browser: what its forms make of a text, with and without scripts."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import expect

from negotiations.models import Source, User

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.django_db(transaction=True)

REPORT = (
    "\n\nThe talks end\r\n\r\n  The sides “heard each other” on Tuesday,\tthe minister said — at last.\n\n"
    "They <b>met</b> & spoke for four hours & more in the capital.\x0b\u2028\u200f\nJane Doe for The Herald\n"
)
SHOTS = os.environ.get("READOUT_SHOTS")


def desk(browser: Browser, live_server: LiveServer, **options: Any) -> Page:
    client = Client()
    client.force_login(User.objects.create_superuser("chief"))
    context = browser.new_context(base_url=live_server.url, **options)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    context.add_cookies([{**cookie, "url": live_server.url}])  # type: ignore[list-item]
    return context.new_page()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_pasted_report_is_captured_in_three_interactions(
    browser: Browser, live_server: LiveServer, scripts: bool
) -> None:
    page = desk(browser, live_server, java_script_enabled=scripts)
    page.goto("/admin/capture/")
    page.get_by_label("Paste the text").fill(REPORT)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Save as a draft").click()
    page.wait_for_url(lambda address: "/capture/" not in address)
    source = Source.objects.get()
    assert source.title == "The talks end"
    assert source.publisher == "The Herald"
    assert "  The sides “heard each other” on Tuesday,\tthe minister" in source.text
    assert "<b>met</b> & spoke" in source.text


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_step_fits_and_can_be_read_by_all(
    browser: Browser, live_server: LiveServer, width: int, scheme: Any
) -> None:
    size = {"width": width, "height": 900}
    page = desk(browser, live_server, color_scheme=scheme, viewport=size)  # type: ignore[arg-type]
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))

    def look(step: str, shows: str) -> None:
        # What this step shows and the one before does not: the page has come.
        expect(page.get_by_text(shows).first).to_be_visible()
        page.wait_for_load_state("load")
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/{step}-{width}-{scheme}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, step
        found = Axe().run(page, {"runOnly": ["wcag2a", "wcag2aa"], "exclude": [["#header"]]})
        assert not found.response["violations"], (step, found.generate_report())
        assert not said, step

    page.goto("/admin/capture/")
    page.get_by_role("button", name="Continue").click()
    look("nothing-brought", "Nothing was stored.")
    page.get_by_label("Paste the text").fill(REPORT)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Published").fill("31 February 2025")
    page.get_by_role("button", name="Save as a draft").click()
    look("what-is-it", "nothing you typed is lost")
    page.get_by_label("Published").fill("February 2025")
    page.get_by_role("button", name="Save as a draft").click()
    page.wait_for_url(lambda address: "/capture/" not in address)
    page.goto(f"/admin/capture/{Source.objects.get().pk}/")
    look("anew", "Versions")
    page.get_by_label("Paste the text").fill(REPORT.replace("four hours", "five hours"))
    page.get_by_role("button", name="Continue").click()
    look("difference", "What differs from version 1")
