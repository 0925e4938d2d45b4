"""Parties: their delegations, what they want, what they owe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.db.models import Count, F, Prefetch, Q
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from negotiations.insight.corrections import last_corrected
from negotiations.models import (
    Action,
    Appointment,
    Delegate,
    Delegation,
    Party,
    Position,
    Statement,
)
from negotiations.pages.actions import shown as shown_actions
from negotiations.pages.former import former_address
from negotiations.pages.lists import asks_for_demonstration, data_shown
from negotiations.pages.rendering import page, preview
from negotiations.pages.statements import shown

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

NEWEST = 10
MOST = 100


@require_safe
def party_list(request: HttpRequest) -> HttpResponse:
    """All parties, and with each the bodies that are part of it."""
    demonstration = asks_for_demonstration(request)
    parties = (
        Party.published.demonstrating(demonstration)
        .annotate(
            statement_count=Count(
                "statements", filter=Q(statements__status="published"), distinct=True
            )
        )
        .select_related("part_of")
        .order_by("name")
    )
    page_obj = Paginator(parties, MOST).get_page(request.GET.get("page"))
    return page(request, "parties", {"page_obj": page_obj, **data_shown(demonstration)})


@require_safe
@former_address(Party)
def party_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One party with its bodies."""
    drafts = preview(request)
    parties = Party.objects.visible(preview=drafts).select_related("part_of")
    party = get_object_or_404(parties, slug=slug)
    delegates = Delegate.objects.visible(preview=drafts).select_related("person")
    said = Statement.objects.visible(preview=drafts).by(party)
    context = {
        "party": party,
        "corrected": last_corrected(party),
        "bodies": Party.objects.visible(preview=drafts).filter(part_of=party),
        "delegations": Delegation.objects.visible(preview=drafts)
        .filter(party=party)
        .select_related("meeting")
        .prefetch_related(Prefetch("delegates", queryset=delegates, to_attr="present"))
        .order_by(F("meeting__date_from").desc(nulls_last=True), "id")[:MOST],
        "positions": Position.objects.visible(preview=drafts)
        .filter(party=party)
        .select_related("question", "statement__speaker", "statement__party")
        .order_by("question__text", "statement__date_from", "id")[:MOST],
        "actions": shown_actions(
            Action.objects.visible(preview=drafts).owed_by(party), drafts=drafts
        ).order_by(F("meeting__date_from").desc(nulls_last=True), "id")[:MOST],
        "officers": Appointment.objects.visible(preview=drafts)
        .filter(party=party)
        .select_related("person")[:MOST],
        "statements": shown(said, drafts=drafts)[:NEWEST],
        "statement_count": said.count(),
    }
    return page(request, "party", context)
