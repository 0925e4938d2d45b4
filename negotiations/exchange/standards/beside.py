"""Addresses beside a record's page: the same record, the same redirect, the same 410."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect

from negotiations.models import FormerSlug
from negotiations.models.records import AddressedRecord
from negotiations.models.review import standing_withdrawal

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from negotiations.models import Record

LARGEST = 2**63 - 1  # of the numbers that PostgreSQL gives to records


def beside(
    model: type[Record], read: Callable[[Any], Any] = lambda records: records
) -> Callable[[Any], Any]:
    """For a view that gets the public record whose page has the `slug` or `pk` of the address.

    `read` tells what else to read with it.

    Raises:
        Http404: there is none. A withdrawn record's answers 410, a former slug's redirects.
    """

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def answer(request: HttpRequest, **which: Any) -> HttpResponseBase:
            if which.get("pk", 0) > LARGEST:
                raise Http404
            if found := read(model.published.filter(**which)).first():
                return view(request, found)
            if issubclass(model, AddressedRecord) and (now := _moved(model, which["slug"])):
                if found := model.published.filter(pk=now).first():
                    before, _, after = request.path.rpartition(f"/{which['slug']}")
                    path = f"{before}/{found.slug}{after}"
                    query = request.META.get("QUERY_STRING")
                    return HttpResponsePermanentRedirect(f"{path}?{query}" if query else path)
                which = {"pk": now}
            if withdrawal := standing_withdrawal(model, **which):
                return _gone(withdrawal)
            raise Http404

        return answer

    return decorate


def _moved(model: type[AddressedRecord], slug: str) -> int | None:
    former = FormerSlug.objects.filter(kind=model._meta.model_name, slug=slug)
    return former.values_list("record_id", flat=True).first()


def _gone(withdrawal: Any) -> HttpResponse:
    """As its page says it, without what it said."""
    sentence = f"This was withdrawn on {withdrawal.written_at:%Y-%m-%d}: {withdrawal.why}\n"
    response = HttpResponse(sentence, status=410, content_type="text/plain; charset=utf-8")
    response["X-Robots-Tag"] = "noindex"
    return response
