"""The Model Context Protocol (https://modelcontextprotocol.io) over HTTP, by the official SDK.

The SDK speaks ASGI and this site WSGI. The protocol's stateless form is one request and one answer, so
the SDK's own transport serves each POST within it; it checks the protocol, we only carry bytes.
"""

from __future__ import annotations

import json
import logging
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import anyio
from asgiref.sync import async_to_sync, sync_to_async
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from mcp.server.lowlevel import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INTERNAL_ERROR,
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    TextContent,
    Tool,
    ToolAnnotations,
)

from negotiations.exchange.assistants.tools import TOOLS, BadCall, call, schema

if TYPE_CHECKING:
    from django.http import HttpRequest

logger = logging.getLogger(__name__)
LARGEST = 64 * 1024
FAILED = "That could not be answered, or not in time. Ask for less, or again later."
SECONDS = 30
INSTRUCTIONS = (
    "Readout records what came out of negotiations, and takes no side: a claim is always somebody’s "
    "claim. Quote words only where “form” is verbatim, exactly, and name speaker, party, date, source "
    "and url. Say by whose account something was agreed. A date such as 2025-02 or 2025~ (“about”) is "
    "all that is known: do not make it more exact."
)


def _read(name: str, arguments: dict[str, Any], base: str) -> dict[str, Any]:
    """A tool's answer, without what the history wraps around every statement of a POST.

    Here a POST writes nothing; and the search asks several questions in one statement, of which that
    wrapper passes over all answers but the last.
    """
    wrappers, connection.execute_wrappers = connection.execute_wrappers, []
    try:
        if not settings.POOLED:  # else none was set
            with connection.cursor() as cursor:
                cursor.execute("RESET statement_timeout")  # a POST of the public's is no editor's
        return call(name, arguments, base)
    finally:
        connection.execute_wrappers = wrappers


def server_for(base: str) -> Server[Any]:
    """The MCP server of a site at this address."""

    async def list_tools(_context: Any, _params: Any) -> ListToolsResult:
        return ListToolsResult(
            tools=[
                Tool(
                    name=name,
                    description=what,
                    input_schema=schema(name),
                    annotations=ToolAnnotations(
                        read_only_hint=True, idempotent_hint=True, open_world_hint=False
                    ),
                )
                for name, (what, _arguments, _needed) in TOOLS.items()
            ]
        )

    async def call_tool(_context: Any, asked: CallToolRequestParams) -> CallToolResult:
        try:
            answer = await sync_to_async(_read)(asked.name, asked.arguments or {}, base)
        except BadCall as error:
            raise MCPError(INVALID_PARAMS, str(error)) from error
        except Exception as error:
            logger.exception("The tool failed")
            raise MCPError(INTERNAL_ERROR, FAILED) from error
        text = json.dumps(answer, ensure_ascii=False, indent=1)
        return CallToolResult(
            content=[TextContent(type="text", text=text)], structured_content=answer
        )

    return Server(
        "readout",
        title="Readout",
        version=version("mcp"),
        instructions=INSTRUCTIONS,
        website_url=base,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


def serve(request: HttpRequest) -> HttpResponse:
    """The answer to one POST of the protocol."""
    base = request.build_absolute_uri("/").rstrip("/")
    status, headers, body = async_to_sync(_exchange)(
        server_for(base), _scope(request), request.body
    )
    response = HttpResponse(body, status=status)
    del response["Content-Type"]
    for name, value in headers:
        if name.lower() != b"content-length":
            response[name.decode("latin-1")] = value.decode("latin-1")
    return response


def _scope(request: HttpRequest) -> dict[str, Any]:
    headers = [
        (name.lower().encode("latin-1"), value.encode("latin-1", "replace"))
        for name, value in request.headers.items()
    ]
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": request.scheme,
        "path": request.path,
        "raw_path": request.path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": headers,
        "client": None,
        "server": None,
    }


async def _exchange(
    server: Server[Any], scope: dict[str, Any], body: bytes
) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    manager = StreamableHTTPSessionManager(
        server, json_response=True, stateless=True, max_request_body_size=LARGEST
    )
    waiting = [{"type": "http.request", "body": body, "more_body": False}]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if waiting:
            return waiting.pop()
        await anyio.sleep_forever()
        raise AssertionError("it never ends")

    async def send(message: Any) -> None:
        sent.append(message)

    with anyio.fail_after(SECONDS):
        async with manager.run():
            await manager.handle_request(scope, receive, send)
    start = next(each for each in sent if each["type"] == "http.response.start")
    content = b"".join(each.get("body", b"") for each in sent[1:])
    return start["status"], list(start.get("headers", [])), content
