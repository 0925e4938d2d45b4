"""Nothing that is not public, and nothing invented, comes out among the records by any way out."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

from negotiations.exchange.records.all import ALL
from negotiations.search.facets import SHOWN
from tests import factories
from tests.pages.test_withdrawn import MODELS, SECRET, SOUGHT, hide, made

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db
LISTS = ("search", "processes", "meetings", "parties", "people", "topics", "questions",
         "statements", "actions")  # fmt: skip


def everything(client: Client, query: str = "") -> dict[str, str]:
    """All that the public can ask for, by its address."""
    addresses = [f"/api/v1/search?q={SOUGHT}&expand=record&facets={','.join(SHOWN)}&{query}"]
    for resource in ALL:
        wanted = f"fields={','.join(resource.fields)}&expand={','.join(resource.expandable)}"
        here = f"/api/v1/{resource.path}"
        addresses.append(f"{here}?limit=200&{wanted}&{query}")
        if resource.kind:
            addresses.append(f"{here}?facets=party,topic,year&{query}")
        addresses += [f"{here}/{pk}?{wanted}" for pk in _numbers(resource, query)]
    addresses += [f"/{here}.{suffix}?{query}" for here in LISTS for suffix in ("csv", "jsonl", "xlsx", "json")]  # fmt: skip
    return {address: text(client, address) for address in addresses}


def _numbers(resource: Any, query: str) -> list[int]:
    public = resource.model.published.demonstrating(bool(query))
    return list(public.values_list("pk", flat=True))


def text(client: Client, address: str) -> str:
    response: Any = client.get(address)
    assert response.status_code == 200, (address, response.content)
    content = b"".join(response)
    if ".xlsx" in address:
        rows = load_workbook(io.BytesIO(content)).active.values
        return "\n".join(str(cell) for row in rows for cell in row)
    return content.decode()


@pytest.mark.parametrize("status", ["draft", "in_review", "withdrawn"])
def test_what_is_not_public_comes_out_nowhere(client: Client, status: str) -> None:
    hidden = []
    for kind in MODELS:
        record = made(kind)
        hide(record, status)
        hidden.append(record)
    for address, found in everything(client).items():
        assert SECRET not in found, address
        assert SOUGHT not in found.replace(f"q={SOUGHT}", ""), address
    for record in hidden:
        for resource in ALL:
            if resource.model is type(record):
                answer = client.get(f"/api/v1/{resource.path}/{record.pk}")
                assert answer.status_code == (410 if status == "withdrawn" else 404)
                assert SECRET not in answer.content.decode()


def test_what_is_invented_comes_by_itself_only(client: Client) -> None:
    real = factories.AccountFactory(action__title="Real").action
    invented = {"demonstration": True}
    party = factories.PartyFactory(name="Vantorra", slug="demonstration-vantorra", **invented)
    process = factories.ProcessFactory(
        name="Vantorra talks", slug="demonstration-talks", **invented
    )
    process.parties.add(party)
    meeting = factories.MeetingFactory(
        process=process, slug="demonstration-meeting", title="Vantorra one"
    )
    speaker = factories.PersonFactory(name="Vantorra speaker", slug="demonstration-her", **invented)
    factories.AppointmentFactory(person=speaker, party=party)
    topic = factories.TopicFactory(name="Vantorra topic", slug="demonstration-topic", **invented)
    factories.QuestionFactory(topic=topic, text="Vantorra?", slug="demonstration-question")
    said = factories.StatementFactory(
        meeting=meeting, party=party, speaker=speaker, words="Vantorra said."
    )
    factories.SourceFactory(title="Vantorra report", **invented)
    factories.ActionFactory(meeting=meeting, title="Vantorra act")
    factories.OpenMatterFactory(meeting=meeting, title="Vantorra matter", statement=said)
    for address, found in everything(client).items():
        assert "Vantorra" not in found, address
        assert "demonstration-" not in found, address
    for address, found in everything(client, "data=demonstration").items():
        assert real.title not in found, address
        if ".csv" not in address and ".xlsx" not in address and '"type":' in found:
            assert '"demonstration":true' in found or "facets=" in address, address
            assert '"demonstration":false' not in found, address
