"""A renamed address redirects for ever."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponsePermanentRedirect

from negotiations.models import FormerSlug

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from negotiations.models.records import AddressedRecord

View = Any


def former_address(model: type[AddressedRecord], below: str = "") -> Callable[[View], View]:
    """For a detail view by slug: where nothing is found, send the reader to the record's new address.

    `below` is the rest of the path, for a view of a part: "timeline/".
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, slug: str) -> HttpResponse:
            try:
                return view(request, slug)
            except Http404:
                former = FormerSlug.objects.filter(kind=model._meta.model_name, slug=slug).first()
                record = former and model.published.filter(pk=former.record_id).first()
                if not record:
                    raise
                query = request.META.get("QUERY_STRING")
                address = record.get_absolute_url() + below
                return HttpResponsePermanentRedirect(f"{address}?{query}" if query else address)

        return answer

    return decorate
