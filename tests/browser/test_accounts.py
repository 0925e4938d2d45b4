"""The door of the desk as a browser meets it: an authenticator app, a passkey, pages that fit."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from playwright.sync_api import expect

from negotiations.models import User

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "gerbil-otter-lynx-44"
WIDTHS = {"phone": 390, "desk": 1280}


@pytest.fixture
def site(live_server: LiveServer, settings: Any) -> str:
    cache.clear()  # it is no model's table, so no test before has emptied it
    settings.REQUIRE_SECOND_FACTOR = "reviewers"
    User.objects.create_superuser("anna", "anna@example.org", PASSWORD)
    return live_server.url


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the console says: a refused script or style would be there."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


def log_in(page: Page, site: str) -> None:
    page.goto(f"{site}/admin/")
    page.get_by_label("User name").fill("anna")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()


def log_out(page: Page) -> None:
    page.get_by_role("button", name="Log out", exact=True).click()
    expect(page.get_by_role("button", name="Log out", exact=True)).to_have_count(0)


def code(app: pyotp.TOTP) -> str:
    """What the app shows, with time enough left to type it."""
    left = app.interval - time.time() % app.interval
    if left < 5:
        time.sleep(left)
    cache.clear()  # so that the test need not wait for the next code after each it has used
    return app.now()


def set_up_app(page: Page) -> pyotp.TOTP:
    page.get_by_role("link", name="Set up an app").click()
    app = pyotp.TOTP(page.locator("#authenticator_secret").inner_text())
    page.get_by_label("Authenticator code").fill(code(app))
    page.get_by_role("button", name="Set it up").click()
    expect(page.get_by_label("Unused codes")).to_be_visible()
    return app


def test_an_authenticator_app_from_nothing_to_the_next_log_in(
    page: Page, site: str, complaints: list[str]
) -> None:
    log_in(page, site)
    expect(page.get_by_text("needs a second factor before you work")).to_be_visible()
    app = set_up_app(page)
    recovery = page.get_by_label("Unused codes").input_value().split()
    page.goto(f"{site}/admin/")
    expect(page.get_by_role("heading", name="Records")).to_be_visible()
    log_out(page)
    log_in(page, site)
    page.get_by_label("Code").fill("12")
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page.get_by_text("This code is not right")).to_be_visible()
    page.get_by_label("Code").fill(code(app))
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page.get_by_role("heading", name="Records")).to_be_visible()
    log_out(page)
    log_in(page, site)
    page.get_by_label("Code").fill(recovery[3])
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page.get_by_role("heading", name="Records")).to_be_visible()
    assert not complaints


def test_a_passkey_opens_the_desk_without_a_password(
    page: Page, site: str, complaints: list[str]
) -> None:
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    authenticator = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    device.send("WebAuthn.addVirtualAuthenticator", {"options": authenticator})
    log_in(page, site)
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_label("Unused codes")).to_be_visible()
    page.goto(f"{site}/admin/")
    log_out(page)
    page.goto(f"{site}/admin/login/")
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page.get_by_role("heading", name="Records")).to_be_visible()
    log_out(page)
    log_in(page, site)  # with the password: the passkey is the second factor
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Records")).to_be_visible()
    assert not complaints


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_of_accounts_fit_and_can_be_read_by_all(
    site: str, browser: Browser, scheme: Any
) -> None:
    context = browser.new_context(color_scheme=scheme, base_url=site)
    page = context.new_page()
    found = []

    def look(address: str) -> None:
        page.goto(f"{site}{address}")
        for name, width in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": 900})
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append(f"{address} does not fit the {name}")
        problems = Axe().run(page).response["violations"]
        found.extend(f"{address}: {problem['id']}" for problem in problems)

    look("/admin/login/")
    look("/admin/account/password/reset/")
    look("/admin/invitation/none/")
    log_in(page, site)
    expect(page.get_by_text("needs a second factor before you work")).to_be_visible()
    look("/admin/account/")
    look("/admin/account/app/activate/")
    page.goto(f"{site}/admin/account/")
    set_up_app(page)
    page.goto(f"{site}/admin/invitations/")
    page.get_by_label("Name").fill("Александра Константинопольская")
    page.get_by_label("E-mail").fill("alexandra@example.org")
    page.get_by_role("button", name="Make a link").click()
    expect(page.locator(".made")).to_be_visible()
    for address in ("account/recovery-codes/", "account/sessions/", "invitations/", "unlock/"):
        look(f"/admin/{address}")
    look("/admin/account/passkeys/add/")
    log_out(page)
    log_in(page, site)
    expect(page.get_by_label("Code")).to_be_visible()
    look("/admin/account/second-factor/")
    context.close()
    assert not found
