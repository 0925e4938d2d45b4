"""What was public and was withdrawn answers 410: that it was, when and why; never what it said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from negotiations.models import FormerSlug
from negotiations.models.records import AddressedRecord
from negotiations.models.review import standing_withdrawal
from negotiations.pages.rendering import page
from negotiations.pages.short import LETTERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from negotiations.models import Withdrawal

# The pages of single records, by the name of their address.
MODELS = {str(model._meta.model_name): model for model in LETTERS.values()}


class Withdrawn:
    """Middleware: where a page finds nothing public, look whether that is because it was withdrawn."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Http404) or not (withdrawal := _withdrawal(request)):
            return None
        record = withdrawal.record
        context = {
            "withdrawal": withdrawal,
            "record": record,
            "demonstration": record.is_demonstration,
        }
        response = page(request, "withdrawn", context, status=410)
        # It may be public again tomorrow, and search engines shall forget it today.
        response.headers.setdefault("Cache-Control", "max-age=0, must-revalidate")
        response["X-Robots-Tag"] = "noindex"
        return response


def _withdrawal(request: HttpRequest) -> Withdrawal | None:
    asked = request.resolver_match
    if asked is None:
        return None
    if asked.url_name == "short":
        model = LETTERS.get(asked.kwargs["letter"])
        return standing_withdrawal(model, pk=asked.kwargs["pk"]) if model else None
    # "statement", or "statement-version" for what is below or beside its page
    kind, _, _ = (asked.url_name or "").partition("-")
    if not (model := MODELS.get(kind)):
        return None
    which = {key: value for key, value in asked.kwargs.items() if key in ("pk", "slug")}
    if found := standing_withdrawal(model, **which):
        return found
    if not issubclass(model, AddressedRecord):
        return None
    former = FormerSlug.objects.filter(kind=kind, slug=which["slug"])
    return standing_withdrawal(model, pk__in=former.values("record_id"))
