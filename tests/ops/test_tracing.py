"""OpenTelemetry: only where it is wanted, and then a span for each request."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from negotiations.operating import tracing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.ops.conftest import Ask

pytestmark = pytest.mark.django_db


def test_nothing_is_traced_unless_it_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(tracing.WANTED, raising=False)
    tracing.start()
    assert tracing.tracer is None


class _Receiver(BaseHTTPRequestHandler):
    bodies: list[bytes]

    def do_POST(self) -> None:
        self.server.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A collector on this machine, to which this process sends."""
    pytest.importorskip("opentelemetry.exporter.otlp.proto.http")
    with HTTPServer(("127.0.0.1", 0), _Receiver) as server:
        server.bodies = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        monkeypatch.setenv(tracing.WANTED, f"http://127.0.0.1:{server.server_port}")
        tracing.start()
        yield server
        tracing.provider.shutdown()
        tracing.tracer = tracing.provider = None
        server.shutdown()
        thread.join()


def test_a_request_is_a_span_within_what_the_proxy_traces(ask: Ask, receiver: Any) -> None:
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

    trace = "0af7651916cd43dd8448eb211c80319c"
    answer = ask("/meetings/?q=hunter2", Traceparent=f"00-{trace}-b7ad6b7169203331-01")
    tracing.provider.force_flush()
    (body,) = receiver.bodies
    sent = ExportTraceServiceRequest.FromString(body)
    (span,) = sent.resource_spans[0].scope_spans[0].spans
    told = {each.key: each.value for each in span.attributes}
    assert span.name == "GET meetings/"
    assert span.trace_id.hex() == trace
    assert told["readout.request_id"].string_value == answer.headers["x-request-id"]
    assert told["http.response.status_code"].int_value == 200
    assert told["readout.queries"].int_value > 0
    assert b"hunter2" not in body
