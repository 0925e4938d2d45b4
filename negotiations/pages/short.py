"""Short addresses to cite: `/s/12` leads to statement 12 for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from negotiations.models import (
    Action,
    Meeting,
    Party,
    Person,
    Process,
    Question,
    Record,
    Source,
    Statement,
    Topic,
    merged_into,
)

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

LETTERS: dict[str, type[Record]] = {
    "a": Action,
    "d": Source,
    "m": Meeting,
    "p": Person,
    "q": Question,
    "r": Process,
    "s": Statement,
    "t": Topic,
    "y": Party,
}


@require_safe
def short(request: HttpRequest, letter: str, pk: int) -> HttpResponse:
    """Send the reader to the record's page, or to that of the record into which it was merged."""
    if letter not in LETTERS:
        raise Http404
    model = LETTERS[letter]
    record = model.published.filter(pk=pk).first() or get_object_or_404(
        model.published, pk=merged_into(model, pk)
    )
    return HttpResponsePermanentRedirect(record.get_absolute_url())
