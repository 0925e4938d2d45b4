"""A process on paper: meetings, delegations, outcomes, open matters, positions, sources numbered."""

from __future__ import annotations

from collections import defaultdict
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.db.models import F, Prefetch, Q
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from negotiations.insight.outcomes import RULES, Asked, outcomes, rule, summary
from negotiations.insight.standing import Standing, standing
from negotiations.languages import counted, gettext
from negotiations.models import (
    Action,
    Citation,
    Delegate,
    Delegation,
    Meeting,
    OpenMatter,
    Party,
    Process,
    Progress,
    Source,
)
from negotiations.pages.actions import shown
from negotiations.pages.former import former_address
from negotiations.pages.rendering import page, preview

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest, HttpResponse

# What one report holds at most; it says what it leaves out.
MEETINGS, ACTIONS, OPEN_MATTERS, STANDINGS = 80, 250, 120, 400


@require_safe
@former_address(Process)
def report(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything of a process that fits on paper, as of today."""
    drafts = preview(request)
    process = get_object_or_404(Process.objects.visible(preview=drafts), slug=slug)
    asked = Asked(process, demonstration=process.demonstration, drafts=drafts)
    every = Meeting.objects.visible(preview=drafts).filter(process=process)
    meetings = _meetings(every, drafts)
    at = {meeting.pk for meeting in meetings}
    actions = [action for action in _actions(asked) if action.meeting_id in at]
    matters = list(
        OpenMatter.objects.visible(preview=drafts)
        .filter(meeting__in=at)
        .select_related("question", "statement__speaker", "statement__party", "meeting")
        .order_by("id")[: OPEN_MATTERS + 1]
    )
    stands = standing(process, drafts=drafts, most=STANDINGS + 1)
    numbers = summary(asked)
    sources = Sources(meetings, actions, matters[:OPEN_MATTERS], stands[:STANDINGS])
    context = {
        "process": process,
        "as_of": timezone.localdate(),
        "sides": Party.objects.visible(preview=drafts).filter(processes=process).order_by("name"),
        "summary": numbers,
        "whose": asked.whose,
        "rules": [rule(name) for name in RULES],
        # In the order of the page: sources are numbered as they come.
        "questions": _by_question(stands[:STANDINGS], sources),
        "meetings": _together(meetings, actions, matters[:OPEN_MATTERS], sources),
        "sources": sources.listed(),
        "left_out": _left_out(
            meetings=max(every.count() - len(meetings), 0),
            actions=max(numbers.total - len(actions), 0),
            matters=len(matters) > OPEN_MATTERS,
            positions=len(stands) > STANDINGS,
        ),
    }
    # A report's record is not called as its template is.
    return page(request, "report", context | {"demonstration": process.demonstration})


def _meetings(every: Any, drafts: bool) -> list[Meeting]:
    """The newest, in the order in which they were held; those without a date last."""
    delegates = Delegate.objects.visible(preview=drafts).select_related("person")
    delegations = (
        Delegation.objects.visible(preview=drafts)
        .select_related("party")
        .prefetch_related(Prefetch("delegates", queryset=delegates, to_attr="present"))
        .order_by("id")
    )
    newest = (
        every.select_related("host")
        .prefetch_related(Prefetch("delegations", queryset=delegations, to_attr="table"))
        .order_by(F("date_from").desc(nulls_first=True), "-id")
    )
    return list(newest[:MEETINGS])[::-1]


def _actions(asked: Asked) -> list[Any]:
    """Each with its outcome as of today and its reports, the oldest report first."""
    found, _ = outcomes(asked, most=ACTIONS)
    reports = Progress.objects.visible(preview=asked.drafts).order_by(
        "date_from", "date_precision", "id"
    )
    actions = (
        shown(Action.objects.visible(preview=asked.drafts), drafts=asked.drafts)
        .filter(pk__in=[each.id for each in found])
        .prefetch_related(Prefetch("progress_reports", queryset=reports, to_attr="reports"))
        .order_by("id")
    )
    by_id = {each.id: each for each in found}
    made: list[Any] = list(actions)
    for action in made:
        action.outcome = by_id[action.pk]
    return made


class Sources:
    """The sources of what is told, numbered in the order in which they are first named."""

    def __init__(
        self,
        meetings: list[Meeting],
        actions: list[Any],
        matters: list[OpenMatter],
        stands: list[Standing],
    ) -> None:
        accounts = [account for action in actions for account in action.known_accounts]
        said = {account.statement_id for account in accounts} | {m.statement_id for m in matters}
        wanted = {
            "meeting": [meeting.pk for meeting in meetings],
            "action": [action.pk for action in actions],
            "account": [account.pk for account in accounts],
            "progress": [report.pk for action in actions for report in action.reports],
            "open_matter": [matter.pk for matter in matters],
            "statement": [*(said - {None}), *(each.statement for each in stands)],
        }
        which = Q()
        for name, ids in wanted.items():
            which |= Q(**{f"{name}__in": ids})
        self.cited: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
        for row in Citation.objects.filter(which).order_by("id").values("source", *(f"{n}_id" for n in wanted)):  # fmt: skip
            for name in wanted:
                if row[f"{name}_id"]:
                    self.cited[name, row[f"{name}_id"]].append(row["source"])
        self.numbers: dict[int, int] = {}

    def of(self, *cited: tuple[str, int | None]) -> list[int]:
        """The numbers of the sources that these records cite."""
        found = [
            self.numbers.setdefault(source, len(self.numbers) + 1)
            for name, pk in cited
            for source in self.cited.get((name, pk or 0), ())
        ]
        return sorted(set(found))

    def listed(self) -> list[tuple[int, Source]]:
        by_id = Source.objects.defer("text").in_bulk(self.numbers)
        return [(number, by_id[pk]) for pk, number in self.numbers.items() if pk in by_id]


def _together(
    meetings: list[Meeting], actions: list[Any], matters: list[OpenMatter], sources: Sources
) -> list[dict[str, Any]]:
    """Each meeting with its actions and open matters, and the numbers of their sources."""
    agreed, left = defaultdict(list), defaultdict(list)
    for action in actions:
        agreed[action.meeting_id].append(action)
    for matter in matters:
        left[matter.meeting_id].append(matter)
    return [
        {
            "meeting": meeting,
            "refs": sources.of(("meeting", meeting.pk)),
            "actions": [_action(action, sources) for action in agreed[meeting.pk]],
            "matters": [
                (m, sources.of(("open_matter", m.pk), ("statement", m.statement_id)))
                for m in left[meeting.pk]
            ],
        }
        for meeting in meetings
    ]


def _action(action: Any, sources: Sources) -> dict[str, Any]:
    return {
        "action": action,
        "refs": sources.of(("action", action.pk)),
        "accounts": [
            (each, sources.of(("account", each.pk), ("statement", each.statement_id)))
            for each in action.known_accounts
        ],
        "reports": [(each, sources.of(("progress", each.pk))) for each in action.reports],
    }


def _by_question(stands: Iterable[Standing], sources: Sources) -> list[dict[str, Any]]:
    return [
        {
            "text": text,
            "url": url,
            "stands": [(each, sources.of(("statement", each.statement))) for each in group],
        }
        for (text, url), group in groupby(stands, lambda each: (each.question, each.question_url))
    ]


def _left_out(*, meetings: int, actions: int, matters: bool, positions: bool) -> list[str]:
    """What does not fit, in words."""
    return [
        *(
            [counted("{number} earlier meeting", "{number} earlier meetings", meetings)]
            if meetings
            else []
        ),
        *([counted("{number} action", "{number} actions", actions)] if actions else []),
        *(
            [gettext("open matters after the first {number}").format(number=OPEN_MATTERS)]
            if matters
            else []
        ),
        *(
            [gettext("positions after the first {number}").format(number=STANDINGS)]
            if positions
            else []
        ),
    ]
