"""The MCP endpoint, asked by the official SDK's own client: what it quotes, and what it refuses."""

from __future__ import annotations

import json
from typing import Any

import httpx2
import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.test import Client
from mcp import Client as Assistant
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError

from negotiations.models import Action, Meeting
from negotiations.search.rebuilding import rebuild
from tests import factories, riyadh

pytestmark = pytest.mark.django_db


class Here(httpx2.AsyncBaseTransport):
    """Carries what the client sends to Django within the test's transaction."""

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        def answer() -> Any:
            headers = {
                name: value for name, value in request.headers.items() if name != "content-length"
            }
            content_type = headers.pop("content-type", "")
            return Client().generic(
                request.method, request.url.path, request.content, content_type, headers=headers
            )

        response = await sync_to_async(answer)()
        return httpx2.Response(
            response.status_code, headers=dict(response.items()), content=response.content
        )


def asked(*calls: tuple[str, dict[str, Any]], mode: str = "auto") -> list[Any]:
    """What the assistant gets for these calls: the answer, or the error's code and words."""

    async def ask() -> list[Any]:
        answers: list[Any] = []
        async with httpx2.AsyncClient(transport=Here()) as http:
            carrier = streamable_http_client("http://testserver/mcp", http_client=http)
            async with Assistant(carrier, mode=mode) as assistant:
                tools = await assistant.list_tools()
                assert [each.name for each in tools.tools] == ["search", "get", "compare"]
                assert all(each.annotations.read_only_hint for each in tools.tools)
                for name, arguments in calls:
                    try:
                        result = await assistant.call_tool(name, arguments)
                        assert json.loads(result.content[0].text) == result.structured_content
                        answers.append(result.structured_content)
                    except MCPError as error:
                        answers.append((error.code, error.message))
        return answers

    return async_to_sync(ask)()


def test_an_assistant_quotes_with_sources() -> None:
    riyadh.load()
    action = Action.objects.order_by("pk")[0]
    query = {"query": "speaker:lavrov “heard each other” form:verbatim"}
    for mode in ("auto", "legacy"):  # the protocol of 2026, and that with a handshake
        found, claimed, met, compared = asked(
            ("search", query),
            ("get", {"url": f"/a/{action.pk}"}),
            ("get", {"url": "http://testserver/meetings/riyadh-2025-02-18/"}),
            ("compare", {"a": "russia", "b": "united-states"}),
            mode=mode,
        )
        first = found["results"][0]
        assert first["words"] == "not only listened, but also heard each other"
        assert (first["speaker"], first["party"]) == ("Sergey Lavrov", "Russia")
        assert (first["date"], first["source"]["publisher"]) == ("2025-02-18", "RT")
        assert first["url"].startswith("http://testserver/statements/")
        assert claimed["by_whose_account"] == "confirmed by all sides"
        assert {each["party"] for each in claimed["accounts"]} >= {"Russia"}
        assert all("party" in each["statement"] for each in claimed["accounts"])
        assert met["delegations"][0]["party"] == "Russia"
        assert met["actions"][0]["by_whose_account"]
        assert compared["questions"][0]["a"]["position"]
        assert compared["url"] == "http://testserver/compare/?a=russia&b=united-states"
    (got,) = asked(("get", {"url": first["url"]}))
    assert got["words"] == first["words"]
    assert "paragraph" in got["sources"][0]["where"]
    assert got["sources"][0]["passage"] == first["words"]


def test_a_paraphrase_is_no_quotation_and_says_so() -> None:
    said = factories.StatementFactory(words="They agreed on bananas.")
    rebuild()
    found, got = asked(
        ("search", {"query": "bananas"}), ("get", {"url": f"/statements/{said.pk}/"})
    )
    for each in (found["results"][0], got):
        assert each["words"] == "They agreed on bananas."
        assert "do not put it in quotation marks" in each["note"]


def test_nothing_that_is_not_public_and_real() -> None:
    draft = factories.StatementFactory(words="Secret bananas.", status="draft")
    process = factories.ProcessFactory(slug="demonstration-talks", demonstration=True)
    invented = factories.MeetingFactory(
        process=process, slug="demonstration-bananas", title="Bananas"
    )
    rebuild()
    found, got, shown = asked(
        ("search", {"query": "bananas"}),
        ("get", {"url": f"/statements/{draft.pk}/"}),
        ("get", {"url": invented.get_absolute_url()}),
    )
    assert found["count"] == 0
    assert got == (-32602, f"Nothing is public at “/statements/{draft.pk}/”.")
    assert shown["warning"].startswith("Demonstration data")


def test_what_is_asked_wrongly_is_told() -> None:
    meeting = factories.MeetingFactory(slug="vienna")
    Meeting.objects.filter(pk=meeting.pk).update(slug="vienna-2025")
    wrong: list[tuple[str, dict[str, Any], str]] = [
        ("delete", {}, "There is no tool “delete”"),
        ("search", {}, "needs “query”"),
        ("search", {"query": 7}, "is a text of at most"),
        ("search", {"query": "x" * 5000}, "is a text of at most"),
        ("search", {"query": "a\0b"}, "characters that no text has"),
        ("search", {"query": "a", "kind": "secrets"}, "is one of statements"),
        ("search", {"query": "a", "page": 0}, "whole number"),
        ("search", {"query": "a", "page": True}, "whole number"),
        ("search", {"query": "a", "limit": 3}, "knows no “limit”"),
        ("get", {"url": "/nowhere/"}, "no address of this site"),
        ("get", {"url": "/about/"}, "is no record"),
        ("get", {"url": f"/statements/{10**30}/"}, "Nothing is public"),
        ("get", {"url": "/z/1"}, "is no record"),
        ("compare", {"a": "x", "b": "y"}, "There is no party “x”"),
        ("compare", {"a": "meeting:vienna-2025", "b": "meeting:vienna-2025"}, "Both sides are the same"),
    ]  # fmt: skip
    answers = asked(
        *((name, arguments) for name, arguments, _ in wrong), ("get", {"url": "/meetings/vienna/"})
    )
    for (name, arguments, sentence), answer in zip(wrong, answers, strict=False):
        assert isinstance(answer, tuple), (name, arguments, answer)
        assert answer[0] == -32602
        assert sentence in answer[1]
    assert answers[-1]["title"] == meeting.title


def test_what_goes_wrong_here_is_not_told_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any) -> None:
        raise RuntimeError("the password is 1234")

    monkeypatch.setattr("negotiations.exchange.assistants.tools.search", fails)
    (answer,) = asked(("search", {"query": "x"}))
    assert answer[0] == -32603
    assert "Ask for less" in answer[1]
    assert "1234" not in answer[1]


def post(client: Client, body: Any, **headers: str) -> Any:
    accepts = {"Accept": "application/json, text/event-stream"}
    return client.post(
        "/mcp", body, content_type="application/json", headers={**accepts, **headers}
    )


@pytest.mark.parametrize(
    ("body", "status"),
    [("{", 400), ("[]", 400), ('{"jsonrpc": "2.0"}', 400), (" ", 400), ("\xff", 400), ('{"jsonrpc":"2.0","id":1,"method":"nonsense"}', 200)],
)  # fmt: skip
def test_what_is_no_message(body: str, status: int, client: Client) -> None:
    response = post(client, body)
    assert response.status_code == status
    assert "code" in response.json()["error"]


def test_only_messages_of_a_size(client: Client) -> None:
    assert post(client, "x" * 70_000).status_code == 413
    assert client.get("/mcp").status_code == 405
    assert not post(client, "{").cookies
