"""The search page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from negotiations.pages.rendering import page
from negotiations.search import simple

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class SearchForm(forms.Form):
    """What is asked for."""

    q = forms.CharField(
        required=False,
        max_length=200,
        error_messages={
            "max_length": "That is too long to search for. Use 200 characters or fewer."
        },
    )


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Records of all kinds that hold the words."""
    form = SearchForm(request.GET)
    context: dict[str, Any] = {"form": form, "text": ""}
    if not form.is_valid():
        return page(request, "search", context, status=400)
    text = context["text"] = form.cleaned_data["q"]
    if text:
        results = simple.search(text)
        for found in results:
            for record in found.records:
                record.snippet = marked(record.headline)
        context |= {"results": results, "count": sum(found.count for found in results)}
        if not results:
            context["nearly"] = simple.nearly(text)
    return page(request, "search", context)


def marked(headline: str) -> SafeString:
    """The snippet with the found words marked, everything else escaped."""
    html = escape(headline).replace(simple.START, "<mark>").replace(simple.STOP, "</mark>")
    return mark_safe(html)  # noqa: S308 - escaped above; only our own marks are added
