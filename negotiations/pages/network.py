"""Who met whom, as a network and as a table, and the meetings of a pair."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from negotiations.insight.encounters.asking import Asked, Of
from negotiations.insight.encounters.drawing import MOST_PAIRS, network
from negotiations.insight.encounters.reading import PER_PAGE, encounters, shared_meetings
from negotiations.languages import gettext
from negotiations.limits import SEARCHES, limited
from negotiations.models import FormerSlug, Meeting, Party, Person, Process
from negotiations.pages.lists import PER_PAGE as MEETINGS_PER_PAGE
from negotiations.pages.lists import data_shown
from negotiations.pages.rendering import page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

MODELS: dict[str, Any] = {Of.PEOPLE.value: Person, Of.PARTIES.value: Party}


@limited(SEARCHES)
@require_safe
def who_met_whom(request: HttpRequest) -> HttpResponse:
    """The pairs of people or parties that met most."""
    refusal = ""
    try:
        asked = Asked.from_address(request.GET)
    except ValueError as error:
        asked, refusal = Asked(), str(error)
    strongest = encounters(asked.first_page, MOST_PAIRS)
    pairs = strongest.pairs[:PER_PAGE] if asked.page == 1 else encounters(asked).pairs
    context = {
        "asked": asked,
        "refusal": refusal,
        "found": strongest,
        "pairs": pairs,
        "picture": network(asked, strongest) if strongest.pairs else None,
        "address": asked.address(),
        "kinds": [
            (
                of.label,
                asked.address(of="" if of == Of.PEOPLE else of.value, **{"with": ""}),
                of == asked.of,
            )
            for of in Of
        ],
        "pages": _pages(asked, strongest.number),
        "processes": Process.published.demonstrating(asked.within.demonstration)
        .order_by("name")
        .values_list("slug", "name"),
        **data_shown(asked.within.demonstration),
        "today": timezone.localdate(),
    }
    return page(request, "network", context, "results", status=400 if refusal else 200)


def _pages(asked: Asked, count: int) -> list[tuple[str, str]]:
    """The ways to the pages before and after."""
    ways = []
    if asked.page > 1:
        ways.append((gettext("Previous"), asked.address(page=asked.page - 1)))
    if asked.page * PER_PAGE < count:
        ways.append((gettext("Next"), asked.address(page=asked.page + 1)))
    return ways


@require_safe
def shared(request: HttpRequest, of: str, first: str, second: str) -> HttpResponse:
    """The meetings at which two people or parties both sat."""
    one, other = _named(of, first), _named(of, second)
    if one == other:
        raise Http404("Nobody meets themselves.")
    slugs = sorted((one.slug, other.slug))
    if slugs != [first, second]:
        query = request.META.get("QUERY_STRING")
        return HttpResponsePermanentRedirect(
            reverse("shared", args=[of, *slugs]) + (f"?{query}" if query else "")
        )
    refusal = ""
    try:
        asked = Asked.from_address(request.GET)
    except ValueError as error:
        asked, refusal = Asked(), str(error)
    within = replace(asked.within, demonstration=one.demonstration)
    asked = Asked(Of(of), within, within_sides=asked.within_sides)
    numbers = shared_meetings(asked, one.pk, other.pk)
    page_obj = Paginator(numbers, MEETINGS_PER_PAGE).get_page(request.GET.get("page"))
    found = Meeting.published.select_related("process").in_bulk(list(page_obj.object_list))
    context = {
        "one": one,
        "other": other,
        "asked": asked,
        "refusal": refusal,
        "back": asked.address(),
        "demonstration": one.demonstration,
        "page_obj": page_obj,
        "meetings": [found[pk] for pk in page_obj.object_list if pk in found],
    }
    return page(request, "shared_meetings", context, status=400 if refusal else 200)


def _named(of: str, slug: str) -> Any:
    """The public person or party that has this address, or once had it."""
    model = MODELS.get(of)
    if not model:
        raise Http404
    former = FormerSlug.objects.filter(kind=model._meta.model_name, slug=slug)
    found = model.published.filter(slug=slug).first()
    found = found or model.published.filter(pk__in=former.values("record_id")).first()
    if not found:
        raise Http404
    return found
