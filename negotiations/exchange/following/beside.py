"""What stands beside a record's page: at its address without the last slash, plus a suffix."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect

from negotiations.models import FormerSlug
from negotiations.models.review import standing_withdrawal

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from negotiations.models import Record, Withdrawal

View = Any


def refused(sentence: object, status: int = 400) -> HttpResponse:
    """A sentence that says what to change."""
    return HttpResponse(f"{sentence}\n", status=status, content_type="text/plain; charset=utf-8")


def _withdrawn(request: HttpRequest, withdrawal: Withdrawal) -> HttpResponse:
    on = f"{withdrawal.written_at:%-d %B %Y}"
    return refused(f"This was withdrawn on {on}. Why: {withdrawal.why}", 410)


def beside(
    suffix: str, gone: Callable[[HttpRequest, Withdrawal], HttpResponse] = _withdrawn
) -> Callable[[View], View]:
    """For a view of one public record, whose `kind` and slug or pk the address gives.

    A former address redirects; for what was withdrawn `gone` answers.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, kind: str, **which: Any) -> HttpResponse:
            model: type[Record] = apps.get_model("negotiations", kind)
            if record := model.published.filter(**which).first():
                return view(request, record)
            known: Any = which
            if "slug" in which:
                former = FormerSlug.objects.filter(kind=kind, slug=which["slug"])
                known = {"pk__in": former.values("record_id")}
                if record := model.published.filter(**known).first():
                    query = request.META.get("QUERY_STRING")
                    address = f"{record.get_absolute_url()[:-1]}.{suffix}"
                    return HttpResponsePermanentRedirect(f"{address}?{query}" if query else address)
            found = standing_withdrawal(model, **which) or standing_withdrawal(model, **known)
            if found:
                return gone(request, found)
            raise Http404

        return answer

    return decorate
