"""Actions: what was agreed, by whose account, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from negotiations.insight.corrections import last_corrected
from negotiations.insight.corroboration import with_verdict
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
        .select_related("meeting", "leads_to")
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
    context = {
        "action": action,
        "row": told.rows[0],
        "progress": Progress.objects.visible(preview=drafts)
        .filter(action=action)
        .prefetch_related(cited)
        .order_by(*Progress.NEWEST),
        "topics": Topic.objects.visible(preview=drafts).filter(actions=action),
        "citations": Citation.objects.filter(action=action).select_related("source"),
        "corrected": last_corrected(action),
    }
    return page(request, "action", context)
