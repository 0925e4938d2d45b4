"""Two parties, one party at two times, or two meetings, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, F, OuterRef
from django.views.decorators.http import require_safe

from negotiations.insight import comparing
from negotiations.insight.comparing import MEETING, Asked, Result
from negotiations.languages import gettext
from negotiations.limits import SEARCHES, limited
from negotiations.models import Meeting, Party, Position
from negotiations.pages.lists import asks_for_demonstration, data_shown
from negotiations.pages.rendering import page
from negotiations.search.demonstration import is_demonstration

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

CHOICES = 200  # parties and meetings offered; an address may name any


@limited(SEARCHES)
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Where two stand on every question on which one of them took a position."""
    asked, found, refusal = None, None, ""
    typed = {
        name: request.GET.get(name, "")[:250].strip() for name in ("a", "b", "a_until", "b_until")
    }
    invented = [is_demonstration(typed[side].removeprefix(MEETING)) for side in "ab" if typed[side]]
    demonstration = asks_for_demonstration(request) or any(invented)
    try:
        if invented in ([True, False], [False, True]):
            raise ValueError(
                gettext("One is real and one is demonstration data. Choose two of a kind.")
            )
        if asked := Asked.from_address(request.GET):
            found = comparing.compare(asked)
    except ValueError as error:
        refusal = str(error)
    context = {
        "asked": asked,
        "found": found,
        "refusal": refusal,
        "fields": [
            ("a", gettext("This"), typed["a"], typed["a_until"]),
            ("b", gettext("with that"), typed["b"], typed["b_until"]),
        ],
        "results": [(each, found.numbers[each]) for each in Result] if found else [],
        "choices": _choices([typed["a"], typed["b"]], demonstration),
        **data_shown(demonstration),
    }
    return page(request, "compare", context, "compared", 400 if refusal else 200)


def _choices(chosen: list[str], demonstration: bool) -> list[tuple[str, list[tuple[str, str]]]]:
    """What is offered, in groups: parties and meetings of which positions are known, and the chosen."""
    taken = Position.published.order_by()
    parties = Party.published.demonstrating(demonstration).filter(
        Exists(taken.filter(party=OuterRef("pk")))
    )
    meetings = Meeting.published.demonstrating(demonstration).order_by(
        F("date_from").desc(nulls_last=True), "id"
    )
    # Of all meetings it would take a second to tell which show positions.
    among = list(meetings.values_list("pk", flat=True)[: 2 * CHOICES])
    newest = meetings.filter(Exists(taken.filter(statement__meeting=OuterRef("pk"))), pk__in=among)
    groups = [
        (gettext("Parties"), _offered(parties.order_by("name", "id"), chosen, "")),
        (gettext("Meetings"), _offered(newest, chosen, MEETING)),
    ]
    return [(label, options) for label, options in groups if options]


def _offered(records: Any, chosen: list[str], prefix: str) -> list[tuple[str, str]]:
    """The first of these, and those chosen: asked for apart, for "or" would go through them all."""
    slugs = [
        each.removeprefix(prefix) for each in chosen if each.startswith(MEETING) == bool(prefix)
    ]
    offered = {each.slug: each for each in records[:CHOICES]}
    if missing := set(slugs) - set(offered):
        offered |= {each.slug: each for each in records.model.published.filter(slug__in=missing)}
    return [(prefix + slug, _name(each)) for slug, each in offered.items()]


def _name(record: Party | Meeting) -> str:
    if isinstance(record, Party):
        return record.name
    return f"{record.title}, {record.date}" if record.date else record.title
