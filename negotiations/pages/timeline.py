"""A process in time, as a picture and as a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from negotiations.insight.timeline.asking import Asked, address
from negotiations.insight.timeline.drawing import draw
from negotiations.insight.timeline.naming import named
from negotiations.insight.timeline.reading import PER_PAGE, entries, timeline, told_of
from negotiations.insight.timeline.telling import lines
from negotiations.models import Process
from negotiations.pages.former import former_address
from negotiations.pages.rendering import page, preview

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

LISTED = 60  # entries up to which all stand one by one beside the picture


@require_safe
@former_address(Process, below="timeline/")
def process_timeline(request: HttpRequest, slug: str) -> HttpResponse:
    """Meetings, statements and actions of a process along time, side by side."""
    drafts = preview(request)
    process = get_object_or_404(Process.objects.visible(preview=drafts), slug=slug)
    refusal = ""
    try:
        asked = Asked.from_address(request.GET)
    except ValueError as error:
        asked, refusal = Asked(), str(error)
    context = {
        "process": process,
        "demonstration": process.demonstration,
        "asked": asked,
        "refusal": refusal,
        "today": timezone.localdate(),
        "wider": [(each, address(each)) for each in asked.wider],
        "beside": [(each, address(each)) for each in asked.beside if each],
        **(_list(process, asked, drafts) if asked.listed else _picture(process, asked, drafts)),
    }
    return page(request, "timeline", context, status=400 if refusal else 200)


def _picture(process: Process, asked: Asked, drafts: bool) -> dict[str, Any]:
    found = timeline(process, asked, drafts=drafts)
    here = reverse("timeline", args=[process.slug])
    # The list is the table of the same facts, as long as it is short.
    context: dict[str, Any] = {"found": found, "undated": _undated(found.undated)}
    if not found.scale:
        return context
    names = named((cell.kind, cell.record) for cell in found.cells if cell.record)
    context["picture"] = draw(process, asked, found, names, timezone.localdate())
    if found.total <= LISTED:
        return context | _list(process, asked, drafts)
    context["sides"], context["lines"] = lines(found, names, here)
    return context | {"list": address(asked.period, listed=True)}


def _undated(numbers: dict[str, int]) -> list[str]:
    return [told_of(kind, number) for kind, number in numbers.items()]


def _list(process: Process, asked: Asked, drafts: bool) -> dict[str, Any]:
    listed, count = entries(process, asked.period, asked.page, drafts=drafts)
    names = named(listed)
    return {
        "entries": [names[each] for each in listed],
        "count": count,
        "more": asked.page * PER_PAGE < count,
    }
