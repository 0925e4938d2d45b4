"""A search, a list of statements or of actions for machines: Atom to follow, CSV to keep."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_safe

from negotiations.exchange.changes import BEGINNING
from negotiations.exchange.following.feeds import Feed
from negotiations.exchange.following.searches import newest
from negotiations.insight.corroboration import verdicts
from negotiations.search import finding
from negotiations.search.asking import Ask, Refused
from negotiations.search.entries import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest

    from negotiations.search.cards import Card

IN_A_FEED = 30
COLUMNS = (
    "kind", "id", "url", "date", "title", "words", "form", "speaker", "party", "meeting",
    "source", "publisher", "account",
)  # fmt: skip
# How a spreadsheet's formula begins: such a cell gets an apostrophe before it.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def _ask(request: HttpRequest, kind: int | None) -> Ask:
    ask = Ask.from_address(request.GET, Kind(kind) if kind else None)
    ask.sort, ask.marks = "newest", ""
    return ask


def _refused(refusal: Refused) -> HttpResponse:
    return HttpResponse(f"{refusal}\n", status=400, content_type="text/plain; charset=utf-8")


@require_safe
def feed(request: HttpRequest, here: str, kind: int | None = None) -> HttpResponse:
    """What a search finds that was published or corrected last, as Atom (RFC 4287): a saved search."""
    try:
        ask = _ask(request, kind)
    except Refused as refusal:
        return _refused(refusal)
    title = "Readout: " + (ask.text or here.strip("/"))
    if chips := [label for label, _ in ask.chips()]:
        title += f" ({'; '.join(chips)})"
    made = Feed(
        title=title,
        link=request.build_absolute_uri(f"{here}?{ask.address(sort=None)}"),
        description="What this search finds, the last published or corrected first.",
        feed_url=request.build_absolute_uri(),
        language="en",
        author_name="Readout",
        otherwise=BEGINNING,
    )
    for at, card in newest(ask, IN_A_FEED):
        address = request.build_absolute_uri(card.url)
        made.add_item(
            title=title_of(card),
            link=address,
            description=card.snippet,
            unique_id=address,
            updateddate=at,
            author_name=card.person.name
            if card.person
            else card.party.name
            if card.party
            else None,
        )
    return HttpResponse(made.writeString("utf-8"), content_type=made.content_type)


def title_of(card: Card) -> str:
    if card.title:
        return card.title
    who = card.person or card.party
    words = card.snippet if len(card.snippet) <= 90 else card.snippet[:89].rsplit(" ", 1)[0] + "…"
    return f"{who.name}: {words}" if who else words


@require_safe
def download(
    request: HttpRequest, here: str, kind: int | None = None
) -> HttpResponse | StreamingHttpResponse:
    """All records that a search finds, the newest first, as CSV (RFC 4180), sent as it is made."""
    try:
        ask = _ask(request, kind)
    except Refused as refusal:
        return _refused(refusal)
    base = request.build_absolute_uri("/").rstrip("/")
    invented = "demonstration-" if ask.demonstration else ""
    response = StreamingHttpResponse(_lines(ask, base), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = (
        f'attachment; filename="readout-{invented}{here.strip("/")}.csv"'
    )
    return response


class _Echo:
    def write(self, line: str) -> str:
        return line


def _lines(ask: Ask, base: str) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield writer.writerow(COLUMNS)
    for cards in finding.stream(ask):
        known = verdicts(card.pk for card in cards if card.kind == Kind.ACTION)
        yield "".join(writer.writerow(map(_cell, _row(card, base, known))) for card in cards)


def _row(card: Card, base: str, known: dict[int, str]) -> tuple[Any, ...]:
    date = card.date.edtf if card.date else ""
    names = (
        each.name if each else "" for each in (card.person, card.party, card.meeting, card.source)
    )
    kind = Kind(card.kind).name.lower()
    head = (kind, card.pk, base + card.url, date, card.title, card.snippet, card.form)
    account = known.get(card.pk, "") if card.kind == Kind.ACTION else ""
    return (*head, *names, card.publisher, account)


def _cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
