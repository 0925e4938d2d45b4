"""Pictures to keep: what the pages draw, as SVG or PNG with title, source and licence in it.

They show what is public, whoever asks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from negotiations.insight.bars import bars
from negotiations.insight.encounters.asking import Asked as AskedEncounters
from negotiations.insight.encounters.drawing import MOST_PAIRS, network
from negotiations.insight.encounters.reading import encounters
from negotiations.insight.outcomes import Asked as AskedOutcomes
from negotiations.insight.outcomes import summary
from negotiations.insight.pictures.framing import as_png, as_svg
from negotiations.insight.places.asking import Asked as AskedPlaces
from negotiations.insight.places.drawing import world
from negotiations.insight.places.reading import held
from negotiations.insight.timeline.asking import Asked
from negotiations.insight.timeline.drawing import draw
from negotiations.insight.timeline.naming import named
from negotiations.insight.timeline.reading import timeline
from negotiations.limits import DOWNLOADS, limited
from negotiations.models import FormerSlug, Process

if TYPE_CHECKING:
    from django.http import HttpRequest

    from negotiations.insight.pictures.drawing import Picture

SUFFIXES = ("svg", "png")


def _answer(
    request: HttpRequest, picture: Picture, page: str, suffix: str, name: str
) -> HttpResponse:
    """The picture as a file; `page` is the path and query of the page that shows it."""
    base = request.build_absolute_uri("/").rstrip("/")
    write, kind = (as_svg, "image/svg+xml") if suffix == "svg" else (as_png, "image/png")
    content = write(picture, base + page, base, timezone.localdate())
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}.{suffix}"'
    return response


def _refused(error: ValueError) -> HttpResponse:
    return HttpResponse(f"{error}\n", status=400, content_type="text/plain; charset=utf-8")


@limited(DOWNLOADS)
@require_safe
def process_timeline(request: HttpRequest, slug: str, suffix: str) -> HttpResponse:
    """The timeline of a process."""
    process = _process(slug)
    try:
        asked = Asked.from_address(request.GET)
    except ValueError as error:
        return _refused(error)
    found = timeline(process, asked)
    if not found.scale:
        raise Http404("Nothing is dated, so there is no picture.")
    names = named((cell.kind, cell.record) for cell in found.cells if cell.record)
    picture = draw(process, asked, found, names, timezone.localdate())
    page = reverse("timeline", args=[process.slug]) + asked.address
    return _answer(request, picture, page, suffix, f"{process.slug}-timeline")


def _process(slug: str) -> Process:
    """The public process that has this address or once had it."""
    former = FormerSlug.objects.filter(kind="process", slug=slug).values_list(
        "record_id", flat=True
    )
    found = Process.published.filter(slug=slug).first()
    found = found or Process.published.filter(pk__in=former).first()
    if not found:
        raise Http404
    return found


@limited(DOWNLOADS)
@require_safe
def who_met_whom(request: HttpRequest, suffix: str) -> HttpResponse:
    """The network of those who met."""
    try:
        asked = AskedEncounters.from_address(request.GET).first_page
    except ValueError as error:
        return _refused(error)
    picture = network(asked, encounters(asked, MOST_PAIRS))
    return _answer(request, picture, reverse("network") + asked.address(), suffix, "who-met-whom")


@limited(DOWNLOADS)
@require_safe
def meeting_map(request: HttpRequest, suffix: str) -> HttpResponse:
    """The map of the places where meetings were held."""
    try:
        asked = AskedPlaces.from_address(request.GET)
    except ValueError as error:
        return _refused(error)
    picture = world(asked, held(asked))
    return _answer(request, picture, reverse("map") + asked.address(), suffix, "meetings-map")


@limited(DOWNLOADS)
@require_safe
def became(request: HttpRequest, suffix: str) -> HttpResponse:
    """The bars of what became of what a process or party agreed; whatever status is asked for."""
    try:
        asked = AskedOutcomes.from_address(request.GET)
    except ValueError as error:
        return _refused(error)
    picture = bars(asked, summary(asked))
    return _answer(request, picture, reverse("tracker") + asked.whose, suffix, "what-became-of-it")
