"""The meeting page, the heart of the site, and the list of meetings."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.db.models import Count, F, Prefetch, Q, Window
from django.db.models.functions import RowNumber
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from negotiations.insight.corrections import last_corrected
from negotiations.insight.corroboration import with_verdict
from negotiations.insight.readouts import differences, matrix, tally
from negotiations.models import (
    Action,
    Citation,
    Delegate,
    Delegation,
    Meeting,
    OpenMatter,
    Party,
    Source,
    Statement,
    StatementTopic,
    Topic,
)
from negotiations.pages.former import former_address
from negotiations.pages.lists import asks_for_demonstration, data_shown
from negotiations.pages.rendering import page, preview

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PER_PAGE = 30
ACTIONS = 100  # all actions are a click away
TOPICS = 12  # those of which most was said; all statements are a click away
PER_CELL = 6  # statements of one party on one topic; the rest are a click away


@require_safe
def meeting_list(request: HttpRequest) -> HttpResponse:
    """All meetings: those to come, then those held, the newest first."""
    demonstration = asks_for_demonstration(request)
    public = Meeting.published.demonstrating(demonstration).select_related("process")
    to_come = public.exclude(state=Meeting.State.HELD).order_by(
        F("date_from").asc(nulls_last=True), "title"
    )
    held = public.filter(state=Meeting.State.HELD).annotate(
        statement_count=Count("statements", filter=Q(statements__status="published"))
    )
    held = held.order_by(F("date_from").desc(), "title")
    context = {
        "to_come": to_come[:PER_PAGE],
        "page_obj": Paginator(held, PER_PAGE).get_page(request.GET.get("page")),
        **data_shown(demonstration),
    }
    return page(request, "meetings", context)


@require_safe
@former_address(Meeting)
def meeting_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Who met, what was agreed by whose account, what stays open, and what each side said."""
    drafts = preview(request)
    meetings = Meeting.objects.visible(preview=drafts).select_related("process", "host", "follows")
    meeting = get_object_or_404(meetings, slug=slug)
    delegations = _delegations(meeting, drafts)
    actions = _actions(meeting, drafts)
    told = matrix(meeting, actions, drafts=drafts)
    tallied = tally(meeting, drafts=drafts)
    open_matters = list(
        OpenMatter.objects.visible(preview=drafts)
        .filter(meeting=meeting)
        .select_related("topic", "question", "statement__speaker", "statement__party")
    )
    context = {
        "meeting": meeting,
        "corrected": last_corrected(meeting),
        "delegations": delegations,
        "actions": actions,
        "action_count": sum(number for _, number in tallied),
        "told": told,
        "tally": tallied,
        "differences": differences(meeting, told, drafts=drafts),
        "open_matters": open_matters,
        "topics": _said_by_topic(meeting, drafts, [d.party for d in delegations]),
        "statement_count": Statement.objects.visible(preview=drafts)
        .filter(meeting=meeting)
        .count(),
        "follow_ups": Meeting.objects.visible(preview=drafts)
        .filter(follows=meeting)
        .order_by(F("date_from").asc(nulls_last=True), "title"),
        "sources": _sources(meeting, drafts, actions, open_matters),
    }
    return page(request, "meeting", context)


def _delegations(meeting: Meeting, drafts: bool) -> list[Delegation]:
    delegates = Delegate.objects.visible(preview=drafts).select_related("person")
    return list(
        Delegation.objects.visible(preview=drafts)
        .filter(meeting=meeting)
        .select_related("party")
        .prefetch_related(Prefetch("delegates", queryset=delegates, to_attr="present"))
        .order_by("id")
    )


def _actions(meeting: Meeting, drafts: bool) -> list[Action]:
    owing = Party.objects.visible(preview=drafts)
    return list(
        with_verdict(Action.objects.visible(preview=drafts))
        .with_state()
        .filter(meeting=meeting)
        .select_related("leads_to")
        .prefetch_related(Prefetch("owed_by", queryset=owing, to_attr="owing"))
        .order_by("id")[:ACTIONS]
    )


def _said_by_topic(meeting: Meeting, drafts: bool, sides: list[Party]) -> list[dict[str, Any]]:
    """For each topic its cells, one a side and one for others; at most PER_CELL statements each."""
    cells = _cells(meeting, drafts, {side.pk for side in sides})
    topics = {
        t.pk: t for t in Topic.objects.visible(preview=drafts).filter(pk__in={t for t, _ in cells})
    }
    ordered = sorted(topics.values(), key=lambda topic: (topic.position, topic.name))
    columns: list[Party | None] = [*sides, None]
    rows: list[dict[str, Any]] = []
    for topic in [*ordered, *([None] if any(t is None for t, _ in cells) else [])]:
        of_topic = topic.pk if topic else None
        row = [(side, (of_topic, side.pk if side else None)) for side in columns]
        shown = [{"party": side, **cells[key]} for side, key in row if side or key in cells]
        rows.append({"topic": topic, "cells": shown})
    return rows


def _cells(
    meeting: Meeting, drafts: bool, sides: set[int]
) -> defaultdict[tuple[int | None, int | None], dict[str, Any]]:
    """Statements and their number by topic and side."""
    visible = Statement.objects.visible(preview=drafts).filter(meeting=meeting)
    links = StatementTopic.objects.filter(statement__in=visible)
    if not drafts:
        links = links.filter(topic__status="published")
    most = (
        links.order_by().values("topic").annotate(number=Count("id")).order_by("-number", "topic")
    )
    links = links.filter(topic__in=[row["topic"] for row in most[:TOPICS]])
    shown = links.annotate(
        place=Window(
            RowNumber(),
            partition_by=[F("topic"), F("statement__party")],
            order_by=[F("statement__date_from").asc(), F("statement").asc()],
        )
    ).filter(place__lte=PER_CELL)
    pairs = [(link.topic_id, link.statement_id) for link in shown]
    pairs += [
        (None, pk) for pk in visible.filter(topics=None).values_list("pk", flat=True)[:PER_CELL]
    ]
    counts = links.order_by().values_list("topic", "statement__party").annotate(Count("id"))
    statements = _statements(visible, {pk for _, pk in pairs})
    cells: defaultdict[tuple[int | None, int | None], dict[str, Any]] = defaultdict(
        lambda: {"statements": [], "count": 0}
    )
    sides_of = {s.party_id: _side(s.party, sides) for s in statements.values()}
    for topic, pk in sorted(pairs, key=lambda pair: pair[1]):
        cell = cells[topic, sides_of[statements[pk].party_id]]
        if len(cell["statements"]) < PER_CELL:
            cell["statements"].append(statements[pk])
    for topic, party, number in counts:
        cells[topic, sides_of[party]]["count"] += number
    return cells


def _statements(visible: Any, pks: set[int]) -> dict[int, Statement]:
    found = (
        visible.filter(pk__in=pks)
        .select_related("speaker", "meeting", "party__part_of__part_of__part_of")
        .prefetch_related(Prefetch("citations", queryset=Citation.objects.select_related("source")))
    )
    return {statement.pk: statement for statement in found}


def _side(party: Party, sides: set[int]) -> int | None:
    """The side at this table that the party is, or is part of."""
    above: Party | None = party
    while above and above.pk not in sides:
        above = above.part_of
    return above.pk if above else None


def _sources(
    meeting: Meeting, drafts: bool, actions: list[Action], matters: list[OpenMatter]
) -> list[tuple[Source, int]]:
    """The documents that this meeting's records cite, and how many citations of statements each has."""
    statements = Statement.objects.visible(preview=drafts).filter(meeting=meeting)
    numbers = (
        Citation.objects.filter(statement__in=statements)
        .order_by()
        .values("source")
        .annotate(number=Count("id"))
    )
    counts = dict(numbers.values_list("source", "number"))
    # By number, not by joins: what the planner guesses of those can cost a hundred times as much.
    others = Citation.objects.filter(
        Q(meeting=meeting)
        | Q(action__in=[action.pk for action in actions])
        | Q(open_matter__in=[matter.pk for matter in matters])
    )
    cited = {*counts, *others.values_list("source", flat=True)}
    documents = Source.objects.visible(preview=drafts).filter(pk__in=cited).defer("text")
    return [(document, counts.get(document.pk, 0)) for document in documents.order_by("id")]
