"""Sources: what a document is, and all that cites it. Never its captured text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from negotiations.insight.corrections import last_corrected
from negotiations.models import Citation, Source
from negotiations.models.sources import CITING
from negotiations.pages.rendering import page, preview

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PER_PAGE = 50
# A citing record's name takes these along.
NAMED_BY = (
    "statement__speaker",
    "statement__party",
    "account__party",
    "account__action",
    "progress__action",
    "open_matter__meeting",
    "appointment__person",
    "meeting",
    "action",
)


@require_safe
def source_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One document, with every public record that cites it."""
    drafts = preview(request)
    sources = Source.objects.visible(preview=drafts).select_related("on_behalf_of").defer("text")
    source = get_object_or_404(sources, pk=pk)
    citations = Citation.objects.filter(source=source).select_related(*NAMED_BY)
    if not drafts:
        public = Q()
        for name in CITING:
            public |= Q(**{f"{name}__status": "published"})
        citations = citations.filter(public)
    page_obj = Paginator(citations.order_by("id"), PER_PAGE).get_page(request.GET.get("page"))
    context = {"source": source, "page_obj": page_obj, "corrected": last_corrected(source)}
    return page(request, "source", context)
