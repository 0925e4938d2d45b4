"""A search, a list of statements or of actions for machines: Atom to follow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from negotiations.exchange.changes import BEGINNING
from negotiations.exchange.following.feeds import Feed
from negotiations.exchange.following.searches import newest
from negotiations.limits import SEARCHES, limited
from negotiations.search.asking import Ask, Refused
from negotiations.search.entries import Kind

if TYPE_CHECKING:
    from django.http import HttpRequest

    from negotiations.search.cards import Card

IN_A_FEED = 30


def _ask(request: HttpRequest, kind: int | None) -> Ask:
    ask = Ask.from_address(request.GET, Kind(kind) if kind else None)
    ask.sort, ask.marks = "newest", ""
    return ask


def _refused(refusal: Refused) -> HttpResponse:
    return HttpResponse(f"{refusal}\n", status=400, content_type="text/plain; charset=utf-8")


@limited(SEARCHES)
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
