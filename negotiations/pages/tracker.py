"""The tracker: what became of all that was agreed, the longest overdue first."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.views.decorators.http import require_safe

from negotiations.insight.outcomes import (
    NO_REPORT,
    PER_PAGE,
    RULES,
    STATES,
    Asked,
    Outcome,
    Summary,
    outcomes,
    rule,
    summary,
)
from negotiations.languages import gettext, gettext_lazy
from negotiations.languages import here as prefix
from negotiations.models import Action, Party, Process
from negotiations.models.visibility import DEMONSTRATION
from negotiations.pages.actions import shown
from negotiations.pages.lists import data_shown
from negotiations.pages.rendering import page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

DUE_WORDS = (
    ("overdue", gettext_lazy("overdue")),
    ("soon", gettext_lazy("due within 30 days")),
    ("dated", gettext_lazy("has a date")),
    ("none", gettext_lazy("no date given")),
)
STATE_WORDS = [*((str(s), s.label) for s in STATES), (NO_REPORT, gettext_lazy("no report yet"))]
MOST_CHOICES = 200


@require_safe
def tracker(request: HttpRequest) -> HttpResponse:
    """Every action with its status, due date and last news; by process, party, status, due date."""
    try:
        asked = Asked.from_address(request.GET)
    except ValueError as problem:
        context = {"refusal": str(problem), "asked": Asked(), "rows": ()}
        return page(request, "tracker", context, partial="tracked", status=400)
    found, count = outcomes(asked)
    numbers = summary(asked)
    parties = Party.published.demonstrating(asked.demonstration).filter(part_of=None)
    context = {
        "refusal": "",
        "asked": asked,
        "rows": with_actions(found),
        "count": count,
        "summary": numbers,
        "tiles": tiles(numbers, asked, here=True),
        "rules": _rules(asked),
        "processes": Process.published.demonstrating(asked.demonstration)[:MOST_CHOICES],
        "parties": parties[:MOST_CHOICES],
        "states": STATE_WORDS,
        "due": DUE_WORDS,
        "pages": ceil(count / PER_PAGE),
        "before": asked.page - 1,
        "after": asked.page + 1,
        **data_shown(asked.demonstration),
    }
    return page(request, "tracker", context, partial="tracked")


def with_actions(found: list[Outcome], *, drafts: bool = False) -> list[tuple[Action, Outcome]]:
    """The outcomes with their actions, in the same order."""
    actions = shown(Action.objects.visible(preview=drafts), drafts=drafts)
    by_id = {action.pk: action for action in actions.filter(pk__in=[each.id for each in found])}
    return [(by_id[each.id], each) for each in found if each.id in by_id]


def tiles(numbers: Summary, asked: Asked, *, here: bool = False) -> list[dict[str, Any]]:
    """The numbers that lead to what they count; `here`: on the tracker, where one of them is open."""
    kept = {
        "process": asked.process and asked.process.slug,
        "party": asked.party and asked.party.slug,
    }
    if asked.demonstration and not (asked.process or asked.party):
        kept["data"] = DEMONSTRATION

    def tile(words: str, number: int, **more: str) -> dict[str, Any]:
        query = urlencode({name: value for name, value in {**kept, **more}.items() if value})
        wanted = {"status": more.get("status", ""), "due": more.get("due", "")}
        on = (asked.status, asked.due, asked.silent) == (*wanted.values(), "news" in more)
        return {
            "words": words,
            "number": number,
            "url": f"{prefix()}/actions/tracker/?{query}",
            "on": here and on,
        }

    done = sum(number for state, _, number, _ in numbers.by_state if state == "done")
    stalled = sum(number for state, _, number, _ in numbers.by_state if state == "stalled")
    return [
        tile(gettext("agreed"), numbers.total),
        tile(gettext("done"), done, status="done"),
        tile(gettext("stalled"), stalled, status="stalled"),
        tile(gettext("overdue"), numbers.overdue, due="overdue"),
        tile(gettext("no news for 90 days"), numbers.silent, news="silent"),
        tile(gettext("due soon"), numbers.soon, due="soon"),
    ]


def _rules(asked: Asked) -> list[str]:
    """The rules of what is asked for; all of them where nothing is."""
    wanted = [*([asked.due] if asked.due in RULES else []), *(["silent"] if asked.silent else [])]
    return [rule(name) for name in wanted or RULES]
