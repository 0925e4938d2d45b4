"""The records in other sites' formats, as files: Popolo for all or for a meeting, Akoma Ntoso."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from negotiations.exchange.standards.akomantoso import debate
from negotiations.exchange.standards.beside import beside
from negotiations.exchange.standards.popolo import Scope, popolo
from negotiations.limits import DOWNLOADS, limited
from negotiations.models import Meeting, Process
from negotiations.models.visibility import asks_for_demonstration

if TYPE_CHECKING:
    from django.http import HttpRequest


def _base(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")


def _popolo(request: HttpRequest, scope: Scope, name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(
        popolo(scope, _base(request)), content_type="application/json; charset=utf-8"
    )
    response["Content-Disposition"] = f'inline; filename="{name}.popolo.json"'
    return response


@limited(DOWNLOADS)
@require_safe
def whole(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """All public records that Popolo has a place for, sent as they are read."""
    try:
        demonstration = asks_for_demonstration(request.GET.get("data", ""))
    except ValueError as error:
        return HttpResponse(f"{error}\n", status=400, content_type="text/plain; charset=utf-8")
    name = "readout-demonstration" if demonstration else "readout"
    return _popolo(request, Scope(demonstration), name)


@require_safe
@beside(Meeting)
def meeting_popolo(request: HttpRequest, meeting: Meeting) -> StreamingHttpResponse:
    """What belongs to one meeting."""
    return _popolo(request, Scope(meetings=Q(pk=meeting.pk)), meeting.slug)


@require_safe
@beside(Process)
def process_popolo(request: HttpRequest, process: Process) -> StreamingHttpResponse:
    """What belongs to the meetings of one process."""
    return _popolo(request, Scope(meetings=Q(process=process.pk)), process.slug)


@require_safe
@beside(Meeting)
def meeting_akomantoso(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """One meeting as an Akoma Ntoso debate."""
    content = debate(meeting, _base(request), timezone.localdate())
    response = HttpResponse(content, content_type="application/akn+xml; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{meeting.slug}.akn.xml"'
    return response
