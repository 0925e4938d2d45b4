"""What an editor typed and did not save: after a closed tab, a log-out, and while the database is away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from django.db import OperationalError
from playwright.sync_api import expect

from negotiations.editing.base import RecordAdmin
from negotiations.models import Meeting, Person, User
from tests import riyadh

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "walrus-heron-vole-71"


def account(name: str) -> None:
    # The groups of the desk are gone after the first test that commits.
    User.objects.create_superuser(name, password=PASSWORD)


def log_in(page: Page, site: str, name: str = "ann", onward: str = "/admin/") -> None:
    page.goto(f"{site}/admin/login/?next={onward}")
    page.fill("[name=username]", name)
    page.fill("[name=password]", PASSWORD)
    page.click("[type=submit]")
    page.wait_for_url(f"**{onward}")


@pytest.fixture
def site(live_server: LiveServer, page: Page) -> str:
    page.set_default_timeout(8000)
    riyadh.load()
    account("ann")
    log_in(page, live_server.url)
    return live_server.url


def form_of(record: Any) -> str:
    return f"/admin/negotiations/{record._meta.model_name}/{record.pk}/change/"


def kept(page: Page) -> int:
    return int(
        page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('readout-draft')).length")
    )


def type_into(page: Page, words: str) -> None:
    page.wait_for_load_state("load")
    page.fill("#id_description", words)
    page.wait_for_timeout(500)
    assert kept(page) == 1


def bring_back(page: Page) -> None:
    page.get_by_role("button", name="Bring back what you typed at").click()


def save(page: Page) -> None:
    page.click("[name=_continue]")
    expect(page.locator(".messagelist .success")).to_be_visible()
    page.wait_for_load_state("load")


def test_after_a_closed_tab_what_was_typed_is_offered_and_comes_back_when_asked(
    site: str, page: Page
) -> None:
    person = Person.objects.get(slug="sergey-lavrov")
    page.goto(site + form_of(person))
    type_into(page, "Typed with care")
    page.close()
    page = page.context.new_page()
    page.goto(site + form_of(person))
    assert page.input_value("#id_description") == person.description  # never silently
    bring_back(page)
    assert page.input_value("#id_description") == "Typed with care"
    save(page)
    assert page.get_by_role("button", name="Bring back").count() == 0
    assert kept(page) == 0
    person.refresh_from_db()
    assert person.description == "Typed with care"


def test_rows_and_searched_choices_come_back_too(site: str, page: Page) -> None:
    meeting = Meeting.objects.filter(state="held").first()
    page.goto(site + form_of(meeting))
    page.wait_for_load_state("load")
    before = int(page.input_value("[name=open_matters-TOTAL_FORMS]"))
    page.click("#open_matters-group .add-row a")
    title = f"[name=open_matters-{before}-title]"
    page.fill(title, "Seized property")
    page.wait_for_timeout(500)
    page.goto(site + "/admin/")
    page.goto(site + form_of(meeting))
    assert page.locator(title).count() == 0
    bring_back(page)
    assert page.input_value(title) == "Seized property"


def test_what_is_thrown_away_or_old_is_gone(site: str, page: Page) -> None:
    person = Person.objects.first()
    page.goto(site + form_of(person))
    type_into(page, "Typed")
    page.reload()
    page.get_by_role("button", name="Throw it away").click()
    page.reload()
    page.wait_for_load_state("load")
    assert page.locator(".draft").count() == 0
    type_into(page, "Typed again")
    page.evaluate(
        """() => { for (const key of Object.keys(localStorage)) if (key.startsWith('readout-draft')) {
            const kept = JSON.parse(localStorage[key]); kept.at -= 15 * 86400000;
            localStorage[key] = JSON.stringify(kept); } }"""
    )
    page.goto(site + "/admin/")
    page.goto(site + form_of(person))
    page.wait_for_load_state("load")
    # Leaving the page keeps nothing anew: only typing does.
    assert page.locator(".draft").count() == 0


def test_another_account_is_offered_nothing(site: str, page: Page) -> None:
    person = Person.objects.first()
    page.goto(site + form_of(person))
    type_into(page, "Typed by Ann")
    account("ben")
    page.context.clear_cookies()
    log_in(page, site, "ben", form_of(person))
    page.wait_for_load_state("load")
    assert page.locator(".draft").count() == 0


def test_after_a_log_out_the_form_is_back_with_what_was_typed(site: str, page: Page) -> None:
    person = Person.objects.get(slug="sergey-lavrov")
    page.goto(site + form_of(person))
    type_into(page, "Typed with care")
    page.context.clear_cookies(name="sessionid")
    page.click("[name=_save]")
    page.wait_for_url("**/admin/login/**")
    page.fill("[name=username]", "ann")
    page.fill("[name=password]", PASSWORD)
    page.click("[type=submit]")
    page.wait_for_url(f"**{form_of(person)}")
    expect(page.get_by_text("You were logged out before this was saved")).to_be_visible()
    assert page.input_value("#id_description") == "Typed with care"
    save(page)
    assert page.locator(".draft").count() == 0
    person.refresh_from_db()
    assert person.description == "Typed with care"


def test_while_the_database_is_away_the_browser_keeps_what_was_typed(site: str, page: Page) -> None:
    person = Person.objects.get(slug="sergey-lavrov")
    page.goto(site + form_of(person))
    type_into(page, "Typed with care")
    with patch.object(RecordAdmin, "changeform_view", side_effect=OperationalError("away")):
        page.click("[name=_save]")
        expect(page.get_by_text("What you typed is kept in this browser")).to_be_visible()
    page.get_by_role("link", name="Open the form again").click()
    bring_back(page)
    assert page.input_value("#id_description") == "Typed with care"
