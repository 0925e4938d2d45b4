"""No page, of readers or of the desk, has anything in it that the browser's policy keeps from running."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import factories
from tests.editing.accounts.conftest import PASSWORD, account

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_browser_has_nothing_to_complain_of(page: Page, live_server: LiveServer) -> None:
    said: list[str] = []
    page.on("console", lambda line: said.append(f"{page.url}: {line.text}") if line.type in ("error", "warning") else None)  # fmt: skip
    page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
    meeting = factories.MeetingFactory(slug="talks", place="Riyadh", coordinates="24.7, 46.7")
    statement = factories.StatementFactory(meeting=meeting)
    action = factories.AccountFactory(action__meeting=meeting).action
    question = factories.PositionFactory(statement=statement).question
    source = factories.SourceFactory(text="They said that they agreed.")
    draft = factories.PersonFactory(status="draft")
    account("editor", "reviewer", name="anna", is_superuser=True)
    addresses = [
        "/", "/meetings/talks/", f"/statements/{statement.pk}/", f"/actions/{action.pk}/", question.get_absolute_url(),
        "/search/?q=words", "/compare/", "/network/", "/map/", "/actions/tracker/", "/changes/", "/api/",
        f"/processes/{meeting.process.slug}/timeline/", f"/embed/statements/{statement.pk}/", "/follow/?record=meeting:talks",
    ]  # fmt: skip
    for address in addresses:
        answer = page.goto(live_server.url + address)
        assert answer
        assert answer.status == 200, address
    page.goto(f"{live_server.url}/admin/login/")
    page.fill("[name=username]", "anna")
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit], input[type=submit]")
    page.wait_for_url("**/admin/")
    desk = [
        "/admin/", "/admin/negotiations/statement/", f"/admin/negotiations/statement/{statement.pk}/change/",
        "/admin/negotiations/meeting/add/", f"/admin/negotiations/statement/{statement.pk}/history/",
        f"/admin/draft/{source.pk}/", "/admin/capture/", "/admin/review/", f"/admin/review/meeting/{meeting.pk}/", "/admin/import/",
        "/admin/duplicates/", "/admin/merges/", "/admin/account/", "/admin/account/passkeys/", "/admin/account/app/activate/",
        "/admin/account/sessions/", "/admin/tokens/", "/admin/invitations/", "/admin/unlock/", "/admin/following/",
        "/admin/password_change/", "/admin/negotiations/user/", f"/admin/negotiations/person/{draft.pk}/delete/",
    ]  # fmt: skip
    for address in desk:
        answer = page.goto(live_server.url + address)
        assert answer
        assert answer.status == 200, address
    assert not [line for line in said if "favicon" not in line], "\n".join(said)
