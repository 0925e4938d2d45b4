"""A captured report, a meeting, and an editor before them."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from negotiations.models import Meeting, Source, User, Workplace
from tests import factories

TEXT = """Talks in Riyadh end
The talks began on Tuesday. Delegations from both countries met.
**First steps**
Lavrov said the talks were “useful,” and that ambassadors would be appointed. He left early.
Nobody spoke of Ukraine. Rubio noted that “one phone call” is not enough.
**Later**
“We need joint projects,” Lavrov stated.
“The work was useful,” Rubio said.
Lavrov noted that both sides are interested in resuming their talks."""


def client_of(group: str) -> Client:
    user = User.objects.create_user(group, is_staff=True)
    user.groups.set(Group.objects.filter(name=group))
    client = Client()
    client.force_login(user)
    client.user = user
    return client


@pytest.fixture
def editor() -> Client:
    return client_of("editor")


@pytest.fixture
def source() -> Source:
    return factories.SourceFactory(
        title="A report", text=TEXT, date="2025-02-19", status="draft", publisher="RT"
    )


@pytest.fixture
def meeting() -> Meeting:
    """With Lavrov for Russia and Rubio for the United States."""
    russia = factories.PartyFactory(name="Russia", slug="russia")
    us = factories.PartyFactory(name="United States", short_name="US", slug="us")
    process = factories.ProcessFactory(parties=[russia, us])
    meeting = factories.MeetingFactory(process=process, title="Riyadh", slug="riyadh")
    for name, party, office in (
        ("Sergey Lavrov", russia, "Foreign Minister"),
        ("Marco Rubio", us, "Secretary of State"),
    ):
        person = factories.PersonFactory(name=name, slug=name.split()[1].lower())
        factories.AppointmentFactory(person=person, party=party, office=office)
        delegation = factories.DelegationFactory(meeting=meeting, party=party)
        factories.DelegateFactory(delegation=delegation, person=person, title=office)
    return meeting


@pytest.fixture
def desk(editor: Client, source: Source, meeting: Meeting) -> Desk:
    Workplace.objects.create(editor=editor.user, source=source, meeting=meeting)
    return Desk(editor, source)


class Desk:
    """The desk page of one source, as an editor uses it."""

    def __init__(self, client: Client, source: Source) -> None:
        self.client, self.source = client, source
        self.address = f"/admin/draft/{source.pk}/"

    def span(self, passage: str) -> dict[str, int]:
        start = self.source.text.index(passage)
        return {"start": start, "end": start + len(passage)}

    def open(self, kind: str, passage: str) -> Any:
        """The form as it opens for a passage: the page's form object."""
        page = self.client.get(self.address, {"kind": kind, **self.span(passage)})
        assert page.status_code == 200
        return page.context["form"]

    def suggestion(self, passage: str) -> Any:
        page = self.client.get(self.address)
        return next(s for s in page.context["work"].suggestions if passage in s.passage)

    def filled(self, form: Any) -> dict[str, Any]:
        """What the form would send unchanged."""
        data = {"kind": form.kind}
        for bound in form:
            value = bound.value()
            if value not in (None, "", False):
                data[bound.html_name] = str(getattr(value, "pk", value))
        return data

    def save(self, kind: str, passage: str, htmx: bool = False, **changed: Any) -> Any:
        """Open the form for a passage, change it, and send it."""
        data = {**self.filled(self.open(kind, passage)), **changed}
        headers = {"HX-Request": "true", "HX-Target": "form"} if htmx else {}
        return self.client.post(self.address, data, headers=headers)

    def act(self, **data: Any) -> Any:
        return self.client.post(f"{self.address}suggestions/", data)


def problems(response: Any) -> dict[str, list[str]]:
    assert response.status_code == 422
    return dict(response.context["form"].errors)
