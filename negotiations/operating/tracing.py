"""OpenTelemetry, where it is wanted: a span for each request, sent when it has been answered.

Only if OTEL_EXPORTER_OTLP_ENDPOINT is set and the packages of the group `tracing` are installed. All
else is set by OpenTelemetry's own variables.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wsgiref.types import WSGIEnvironment

    from negotiations.watching import Watch

tracer: Any = None
provider: Any = None
WANTED = "OTEL_EXPORTER_OTLP_ENDPOINT"


def installed() -> bool:
    try:
        import opentelemetry.exporter.otlp.proto.http
        import opentelemetry.sdk.trace  # noqa: F401
    except ImportError:
        return False
    return True


def start() -> None:
    """Begin to send, once for each process."""
    global tracer, provider
    if not os.environ.get(WANTED) or not installed():
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    service = os.environ.get("OTEL_SERVICE_NAME") or "readout"
    provider = TracerProvider(resource=Resource.create({"service.name": service}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    tracer = provider.get_tracer("readout")


def tell(
    watch: Watch, environ: WSGIEnvironment, route: str | None, status: int, seconds: float
) -> None:
    """The span of a request that is over; within what the proxy in front traces, if it says so."""
    from opentelemetry.trace import SpanKind, StatusCode
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    now = time.time_ns()
    said = {"traceparent": environ["HTTP_TRACEPARENT"]} if "HTTP_TRACEPARENT" in environ else {}
    span = tracer.start_span(
        f"{environ['REQUEST_METHOD']} {route or ''}".strip(),
        context=TraceContextTextMapPropagator().extract(said),
        kind=SpanKind.SERVER,
        start_time=now - int(seconds * 1e9),
        attributes={
            "http.request.method": environ["REQUEST_METHOD"],
            "http.route": route or "",
            "http.response.status_code": status,
            "readout.request_id": watch.id,
            "readout.queries": watch.queries,
            "readout.database_ms": round(watch.waited * 1000, 1),
            "readout.kept": bool(watch.kept),
        },
    )
    if status >= 500:
        span.set_status(StatusCode.ERROR)
    span.end(end_time=now)
