"""How to cite a record: ready sentences, and what reference managers read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponsePermanentRedirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from negotiations.addresses import public_at, with_pages
from negotiations.insight.citing.files import FILES
from negotiations.insight.citing.reference import reference
from negotiations.insight.citing.sentences import sentences
from negotiations.insight.versions import newest
from negotiations.languages import ENGLISH, speaking
from negotiations.pages.rendering import page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
def cite(request: HttpRequest, kind: str, **which: Any) -> HttpResponse:
    """All citations of a public record as it is now, each to be copied."""
    if not (record := public_at(with_pages()[kind], **which)):
        raise Http404
    if which.get("slug", "") != getattr(record, "slug", ""):
        return HttpResponsePermanentRedirect(f"{record.get_absolute_url()}cite/")
    version = newest(record)
    base = request.build_absolute_uri("/").rstrip("/")
    # A citation leads to the address that a record has in no language.
    with speaking(ENGLISH):
        told = reference(record, version, base, timezone.localdate())
        ready = sentences(told)
        address = record.get_absolute_url()[:-1]
    context = {
        "record": record,
        "version": version,
        "reference": told,
        "sentences": ready,
        "files": [
            (name, f"{address}.{suffix}", write(told).strip())
            for suffix, (write, name, _) in FILES.items()
        ],
        "demonstration": record.is_demonstration,
    }
    return page(request, "cite", context)
