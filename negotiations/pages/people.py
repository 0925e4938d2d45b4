"""People: offices over time, meetings, statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.db.models import Count, F, Prefetch, Q
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from negotiations.insight.corrections import last_corrected
from negotiations.insight.encounters.asking import Asked
from negotiations.insight.encounters.reading import encounters
from negotiations.insight.within import Within
from negotiations.models import Appointment, Citation, Delegate, Person, Statement
from negotiations.pages.former import former_address
from negotiations.pages.lists import PER_PAGE, asks_for_demonstration, data_shown
from negotiations.pages.rendering import page, preview
from negotiations.pages.statements import shown

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

MET_MOST = 8


@require_safe
def person_list(request: HttpRequest) -> HttpResponse:
    """Everybody, by family name."""
    offices = Appointment.published.select_related("party")
    demonstration = asks_for_demonstration(request)
    people = (
        Person.published.demonstrating(demonstration)
        .annotate(
            statement_count=Count(
                "statements", filter=Q(statements__status="published"), distinct=True
            )
        )
        .prefetch_related(Prefetch("appointments", queryset=offices, to_attr="offices"))
    )
    people = people.order_by("sort_name", "id")
    page_obj = Paginator(people, 100).get_page(request.GET.get("page"))
    return page(request, "people", {"page_obj": page_obj, **data_shown(demonstration)})


@require_safe
@former_address(Person)
def person_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One person."""
    drafts = preview(request)
    person = get_object_or_404(Person.objects.visible(preview=drafts), slug=slug)
    said = Statement.objects.visible(preview=drafts).filter(speaker=person)
    met = encounters(
        Asked(partner=person, within=Within(demonstration=person.demonstration)), MET_MOST
    )
    context = {
        "person": person,
        "corrected": last_corrected(person),
        "offices": Appointment.objects.visible(preview=drafts)
        .filter(person=person)
        .select_related("party")
        .prefetch_related(
            Prefetch("citations", queryset=Citation.objects.select_related("source"))
        ),
        "seats": Delegate.objects.visible(preview=drafts)
        .filter(person=person)
        .select_related("delegation__meeting", "delegation__party")
        .order_by(F("delegation__meeting__date_from").desc(nulls_last=True), "id"),
        "met": [(pair.without(person.pk), pair) for pair in met.pairs],
        "met_count": met.number,
        "page_obj": Paginator(shown(said, drafts=drafts), PER_PAGE).get_page(
            request.GET.get("page")
        ),
    }
    return page(request, "person", context)
