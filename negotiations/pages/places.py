"""Where meetings were held: a map and a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.views.decorators.http import require_safe

from negotiations.insight.places.asking import UNPLACED, Asked
from negotiations.insight.places.drawing import world
from negotiations.insight.places.reading import PER_PAGE, held, meetings_at
from negotiations.languages import gettext
from negotiations.models import Process
from negotiations.pages.lists import data_shown
from negotiations.pages.rendering import page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
def meeting_map(request: HttpRequest) -> HttpResponse:
    """The places of held meetings; or, at one of them, its meetings."""
    refusal = ""
    try:
        asked = Asked.from_address(request.GET)
    except ValueError as error:
        asked, refusal = Asked(), str(error)
    context: dict[str, Any] = {
        "asked": asked,
        "refusal": refusal,
        "processes": Process.published.demonstrating(asked.within.demonstration)
        .order_by("name")
        .values_list("slug", "name"),
        **data_shown(asked.within.demonstration),
        "today": timezone.localdate(),
        "all": asked.address(at=""),
        **(_at(asked) if asked.at else _map(asked)),
    }
    return page(request, "map", context, "results", status=400 if refusal else 200)


def _map(asked: Asked) -> dict[str, Any]:
    found = held(asked)
    return {
        "found": found,
        "picture": world(asked, found) if found.places else None,
        "address": asked.address(),
        "places": [(place, asked.address(at=place.coordinates)) for place in found.places],
        "unplaced": asked.address(at=UNPLACED),
        "views": [
            (gettext("Around the places"), asked.address(view=""), not asked.whole),
            (gettext("Whole world"), asked.address(view="world"), asked.whole),
        ],
    }


def _at(asked: Asked) -> dict[str, Any]:
    meetings, count = meetings_at(asked)
    ways = []
    if asked.page > 1:
        ways.append((gettext("Previous"), asked.address(page=asked.page - 1)))
    if asked.page * PER_PAGE < count:
        ways.append((gettext("Next"), asked.address(page=asked.page + 1)))
    return {"meetings": meetings, "count": count, "pages": ways}
