"""What the filtered lists share: the form, the results, and an answer to bad input."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import EmptyPage, Paginator

from negotiations.pages.filters import page_number
from negotiations.pages.rendering import page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django_filters import FilterSet

PER_PAGE = 30


def filtered_list(
    request: HttpRequest, template: str, filterset: FilterSet, count_of: str
) -> HttpResponse:
    """Answer a filtered list: 200, or 400 with the form and a sentence at what can't be read."""
    number, problem = page_number(request)
    valid = filterset.is_valid()
    paginator = Paginator(filterset.qs if valid else filterset.queryset.none(), PER_PAGE)
    try:
        page_obj = paginator.page(number)
    except EmptyPage:
        page_obj = paginator.page(paginator.num_pages)
        problem = f"There are only {paginator.num_pages} pages."
    context: dict[str, Any] = {
        "form": filterset.form,
        "page_obj": page_obj,
        "problem": problem,
        "valid": valid,
        "count_of": count_of,
        "filtering": any(value for key, value in request.GET.items() if key != "page"),
    }
    status = 200 if valid and not problem else 400
    return page(request, template, context, partial="results", status=status)
