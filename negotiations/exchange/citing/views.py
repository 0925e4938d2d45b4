"""A record's citation as a file: BibTeX, RIS or CSL-JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from negotiations.addresses import public_at, with_pages
from negotiations.insight.citing.files import FILES
from negotiations.insight.citing.reference import reference
from negotiations.insight.versions import newest

if TYPE_CHECKING:
    from django.http import HttpRequest


@require_safe
def file(request: HttpRequest, kind: str, suffix: str, **which: Any) -> HttpResponse:
    """The newest version of a public record, cited."""
    if not (record := public_at(with_pages()[kind], **which)):
        raise Http404
    if which.get("slug", "") != getattr(record, "slug", ""):
        return HttpResponsePermanentRedirect(f"{record.get_absolute_url()[:-1]}.{suffix}")
    write, _name, media_type = FILES[suffix]
    base = request.build_absolute_uri("/").rstrip("/")
    told = reference(record, newest(record), base, timezone.localdate())
    response = HttpResponse(write(told), content_type=f"{media_type}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{told.key}.{suffix}"'
    response["Access-Control-Allow-Origin"] = "*"
    return response
