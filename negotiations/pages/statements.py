"""Statements: the filtered list, and each with its words, its source and its permanent address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Max, Min, Prefetch, Q
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
    visible = Statement.objects.visible(preview=drafts)
    statement = get_object_or_404(shown(visible, drafts=drafts), pk=pk)
    beside: dict[str, int | None] = {}
    if statement.meeting_id:
        beside = visible.filter(meeting=statement.meeting_id).aggregate(
            previous=Max("pk", filter=Q(pk__lt=pk)), next=Min("pk", filter=Q(pk__gt=pk))
        )
    title = ""
    if statement.meeting_id and statement.speaker_id:
        seats = Delegate.objects.visible(preview=drafts).filter(
            meeting=statement.meeting_id, person=statement.speaker_id
        )
        title = seats.values_list("title", flat=True).first() or ""
    context: dict[str, Any] = {
        "statement": statement,
        "title": title,
        **beside,
        "citation": citation(statement, request),
    }
    some = _has_some(pk)
    for name, each in _hanging(drafts).items():
        context[name] = each.filter(statement=statement) if some[name] else ()
    return page(request, "statement", context)


def _has_some(pk: int) -> dict[str, bool]:
    """Which kinds of record rest on a statement, drafts too: most have none, and none is asked for."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT EXISTS (SELECT FROM negotiations_position WHERE statement_id = %(pk)s),
              EXISTS (SELECT FROM negotiations_account WHERE statement_id = %(pk)s),
              EXISTS (SELECT FROM negotiations_openmatter WHERE statement_id = %(pk)s)""",
            {"pk": pk},
        )
        return dict(zip(("positions", "accounts", "open_matters"), cursor.fetchone(), strict=True))


def _hanging(drafts: bool) -> dict[str, Any]:
    """What may rest on a statement, as far as the reader may see it."""
    positions = Position.objects.visible(preview=drafts).select_related("question", "party")
    accounts = Account.objects.visible(preview=drafts).select_related("action", "party")
    if not drafts:
        positions = positions.filter(question__status="published")
        accounts = accounts.filter(action__status="published")
    matters = OpenMatter.objects.visible(preview=drafts).select_related("meeting")
    return {"positions": positions, "accounts": accounts, "open_matters": matters}


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
