"""What only a browser shows of the pictures: that they can be read, reached and kept on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.pages.test_pictures import pictures, talks

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.django_db(transaction=True)
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]


def test_pictures_fit_are_reached_and_have_no_barriers(
    live_server: LiveServer, browser: Browser
) -> None:
    process = talks(3)
    addresses = [
        *pictures(process),
        f"{pictures(process)[0]}?period=2025-02",
        "/map/?at=48.21,16.37",
    ]
    found: dict[str, object] = {}
    for scheme, width in (("light", 1280), ("dark", 390)):
        context = browser.new_context(
            color_scheme="dark" if scheme == "dark" else "light",
            reduced_motion="reduce",
            viewport={"width": width, "height": 800},
        )
        page = context.new_page()
        problems: list[str] = []
        page.on("console", lambda m, to=problems: to.append(m.text) if m.type == "error" else None)
        for address in addresses:
            page.goto(live_server.url + address)
            result = Axe().run(page, options={"runOnly": RULES})
            if result.violations_count:
                found[f"{address} {scheme}"] = [
                    (each["id"], [node["html"][:200] for node in each["nodes"][:3]])
                    for each in result.response["violations"]
                ]
            if page.evaluate("document.documentElement.scrollWidth") > width:
                found[f"{address} {width}"] = "wider than the screen"
            marks = page.locator("figure svg a")
            if marks.count():
                marks.first.focus()
                page.keyboard.press("Tab")
                if not page.evaluate("document.activeElement.closest('a') !== null"):
                    found[f"{address} keyboard"] = "the second mark is not reached"
        found |= {f"console {scheme}": problems} if problems else {}
        context.close()
    assert found == {}
