"""Actions: what was agreed, by whose account, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from negotiations.insight.corrections import last_corrected
from negotiations.insight.corroboration import with_verdict
from negotiations.insight.outcomes import RULES, outcome_of, rule
from negotiations.insight.readouts import matrix
from negotiations.models import Account, Action, Citation, Party, Progress, Topic
from negotiations.pages.rendering import page, preview

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

ACCOUNTS = 50  # shown of one side


def shown(actions: Any, *, drafts: bool = False) -> Any:
    """Actions with all that their entry in a list shows, in a fixed number of queries."""
    accounts = (
        Account.objects.visible(preview=drafts)
        .select_related("party", "statement__speaker", "statement__party")
        .order_by("id")
    )
    return (
        with_verdict(actions)
        .with_state()
        .select_related("meeting__process", "leads_to")
        .prefetch_related(
            Prefetch("accounts", queryset=accounts, to_attr="known_accounts"),
            Prefetch("owed_by", queryset=Party.objects.visible(preview=drafts), to_attr="owing"),
        )
    )


@require_safe
def action_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One action: each side's account of it with the words, and its life since."""
    drafts = preview(request)
    action = get_object_or_404(shown(Action.objects.visible(preview=drafts), drafts=drafts), pk=pk)
    cited = Prefetch("citations", queryset=Citation.objects.select_related("source"))
    told = matrix(action.meeting, [action], drafts=drafts, most=ACCOUNTS)
    progress = list(
        Progress.objects.visible(preview=drafts)
        .filter(action=action)
        .prefetch_related(cited)
        .order_by("date_from", "date_precision", "id")
    )
    outcome = outcome_of(action.pk, demonstration=action.is_demonstration, drafts=drafts)
    context = {
        "action": action,
        "outcome": outcome,
        "rules": [rule(name) for name in RULES if outcome and getattr(outcome, name)],
        "life": life(action, progress),
        "row": told.rows[0],
        "today": timezone.localdate(),
        "topics": Topic.objects.visible(preview=drafts).filter(actions=action),
        "citations": Citation.objects.filter(action=action).select_related("source"),
        "corrected": last_corrected(action),
    }
    return page(request, "action", context)


def life(action: Action, progress: list[Progress]) -> list[dict[str, Any]]:
    """What happened to an action, from its meeting on, with the day on which it is due among it."""
    points: list[dict[str, Any]] = [{"date": action.meeting.date, "kind": "agreed"}]
    points += [{"date": report.date, "kind": "report", "report": report} for report in progress]
    if action.due:
        due = {"date": action.due, "kind": "due"}
        after = [place for place, each in enumerate(points) if each["date"] and each["date"].last > action.due.last]  # fmt: skip
        points.insert(max(after[0], 1) if after else len(points), due)
    return points
