"""Statements: the filtered list, and each with its words, its source and its permanent address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from django.utils.text import Truncator
from django.views.decorators.http import require_safe

from negotiations.models import Account, Citation, Delegate, OpenMatter, Position, Statement, Topic
from negotiations.pages.rendering import page, preview

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def shown(statements: Any, *, drafts: bool = False) -> Any:
    """Statements with all that their card shows, in a fixed number of queries."""
    topics = Topic.objects.visible(preview=drafts)
    return statements.select_related("speaker", "party", "meeting").prefetch_related(
        Prefetch("citations", queryset=Citation.objects.select_related("source")),
        Prefetch("topics", queryset=topics, to_attr="public_topics"),
    )


@require_safe
def statement_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One statement: its words, where they are documented, and what rests on them."""
    drafts = preview(request)
    statement = get_object_or_404(
        shown(Statement.objects.visible(preview=drafts), drafts=drafts), pk=pk
    )
    positions = Position.objects.visible(preview=drafts).filter(statement=statement)
    accounts = Account.objects.visible(preview=drafts).filter(statement=statement)
    if not drafts:
        positions = positions.filter(question__status="published")
        accounts = accounts.filter(action__status="published")
    delegate = Delegate.objects.visible(preview=drafts).filter(
        meeting=statement.meeting_id, person=statement.speaker_id
    )
    same = Statement.objects.visible(preview=drafts).filter(meeting=statement.meeting_id)
    context = {
        "statement": statement,
        "delegate": delegate.first() if statement.speaker_id and statement.meeting_id else None,
        "positions": positions.select_related("question", "party"),
        "accounts": accounts.select_related("action", "party"),
        "open_matters": OpenMatter.objects.visible(preview=drafts)
        .filter(statement=statement)
        .select_related("meeting"),
        "citation": citation(statement, request),
        "previous": same.filter(pk__lt=pk).order_by("-pk").first()
        if statement.meeting_id
        else None,
        "next": same.filter(pk__gt=pk).order_by("pk").first() if statement.meeting_id else None,
    }
    return page(request, "statement", context)


def citation(statement: Statement, request: HttpRequest) -> str:
    """The statement as one cites it: who, what, where, when, by which source, at which address."""
    words = Truncator(" ".join(statement.words.split())).chars(160)
    words = f"“{words}”" if statement.is_verbatim else f"[paraphrase] {words}"
    who = str(statement.speaker) if statement.speaker else str(statement.party)
    party = f" (for {statement.party})" if statement.speaker else ""
    parts = [f"{who}{party}, {words}", statement.meeting, statement.date]
    parts += [f"in: {each.source}" for each in statement.citations.all()[:1]]
    address = request.build_absolute_uri(f"/s/{statement.pk}")
    return (
        ", ".join(str(part) for part in parts if part)
        + f". Readout, statement {statement.pk}, {address}"
    )
