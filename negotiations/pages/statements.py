"""Statements: the filtered list, and each with its words, its source and its permanent address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch
from django.http import Http404
from django.utils.text import Truncator
from django.views.decorators.http import require_safe

from negotiations.languages import gettext
from negotiations.models import Citation, Topic
from negotiations.pages.rendering import page, preview
from negotiations.pages.statement_reading import Reading, read

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

LARGEST = 2**63 - 1  # of the numbers that PostgreSQL gives to records


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
    if pk > LARGEST or not (reading := read(pk, drafts=preview(request))):
        raise Http404
    context = {"reading": reading, "statement": reading.statement}
    return page(request, "statement", context | {"citation": citation(reading, request)})


def citation(reading: Reading, request: HttpRequest) -> str:
    """The statement as one cites it: who, what, where, when, by which source, at which address."""
    statement = reading.statement
    words = Truncator(" ".join(statement.words.split())).chars(160)
    words = (
        f"“{words}”"
        if statement.is_verbatim
        else gettext("[paraphrase] {words}").format(words=words)
    )
    invented = gettext("[demonstration data, invented] ") if statement.is_demonstration else ""
    who = str(statement.speaker) if statement.speaker else str(statement.party)
    party = gettext(" (for {party})").format(party=statement.party) if statement.speaker else ""
    parts = [f"{invented}{who}{party}, {words}", statement.meeting, statement.date]
    parts += [gettext("in: {source}").format(source=each.source) for each in reading.citations[:1]]
    address = request.build_absolute_uri(f"/s/{statement.pk}")
    return ", ".join(str(part) for part in parts if part) + gettext(
        ". Readout, statement {pk}, {address}"
    ).format(pk=statement.pk, address=address)
