"""The versions of a record: what it said when it was cited, and what it says now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponsePermanentRedirect
from django.views.decorators.http import require_safe

from negotiations.addresses import public_at, with_pages
from negotiations.insight.versions import telling, versions
from negotiations.pages.rendering import page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
def version(request: HttpRequest, kind: str, number: int, **which: Any) -> HttpResponse:
    """One version of a public record, with a note if there is a newer one."""
    if not (record := public_at(with_pages()[kind], **which)):
        raise Http404
    if which.get("slug", "") != getattr(record, "slug", ""):
        return HttpResponsePermanentRedirect(f"{record.get_absolute_url()}v{number}/")
    known = versions(record)
    if not 1 <= number <= len(known):
        raise Http404
    this, latest = known[number - 1], known[-1]
    context = {
        "record": record,
        "version": this,
        "latest": latest,
        "next": known[number] if number < len(known) else None,
        "told": telling(record, this, latest),
        "demonstration": record.is_demonstration,
    }
    return page(request, "version", context)
