"""Feeds to follow a record by: Atom (RFC 4287), the newest change first."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import require_safe

from negotiations.exchange.following.addresses import tag
from negotiations.exchange.following.beside import beside, refused
from negotiations.exchange.following.news import news, printable
from negotiations.exchange.following.reach import changes_of

if TYPE_CHECKING:
    from django.http import HttpRequest

    from negotiations.exchange.following.news import News
    from negotiations.models import Record

IN_A_FEED = 40
PLACE = re.compile(r"(\d{1,16})\.(\d{1,18})")
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
MICROSECOND = dt.timedelta(microseconds=1)


class Feed(Atom1Feed):
    """Atom whose own date is that of its newest entry, and which leads on to the older ones.

    `older` is the address of the older entries (RFC 5005 calls it next), `otherwise` the date of a
    feed without an entry.
    """

    def __init__(self, title: str, link: str, description: str, **more: Any) -> None:
        super().__init__(printable(title), link, description, **more)

    def add_item(self, title: str, link: str, description: str, **more: Any) -> None:  # type: ignore[override]
        more["author_name"] = printable(more.get("author_name") or "") or None
        super().add_item(printable(title), link, printable(description), **more)

    def latest_post_date(self) -> dt.datetime:
        dates = [item["updateddate"] for item in self.items]
        return max(dates, default=self.feed["otherwise"])

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        if self.feed.get("older"):
            handler.addQuickElement("link", "", {"rel": "next", "href": self.feed["older"]})


@require_safe
@beside("atom")
def record_feed(request: HttpRequest, record: Record) -> HttpResponse:
    """What is new of a record: what was published, corrected or withdrawn that concerns it."""
    try:
        before = _place(request.GET.get("before", ""))
    except ValueError as error:
        return refused(error)
    kind = str(record._meta.model_name)
    rows = changes_of(kind, record.pk, IN_A_FEED + 1, before=before)
    page = record.get_absolute_url()
    older = ""
    if len(rows) > IN_A_FEED:
        rows = rows[:IN_A_FEED]
        at, pk = rows[-1][:2]
        older = request.build_absolute_uri(
            f"{page[:-1]}.atom?before={(at - EPOCH) // MICROSECOND}.{pk}"
        )
    invented = " (demonstration data)" if record.is_demonstration else ""
    made = Feed(
        title=f"Readout: {record}{invented}",
        link=request.build_absolute_uri(page),
        description=f"What is new of this {record.kind_words}, and what was corrected.",
        feed_url=request.build_absolute_uri(),
        feed_guid=tag(f"{kind}-{record.pk}"),
        language="en",
        author_name="Readout",
        older=older,
        otherwise=record.created_at,
    )
    for each in news(rows):
        add(made, request, each)
    return HttpResponse(made.writeString("utf-8"), content_type=made.content_type)


def add(feed: Feed, request: HttpRequest, each: News) -> None:
    """Add a piece of news as an entry."""
    base = request.build_absolute_uri("/").rstrip("/")
    feed.add_item(
        title=each.title,
        link=base + each.url,
        description=render_to_string("following/news.html", {"news": each, "base": base}),
        unique_id=tag(f"change-{each.id}"),
        updateddate=each.at,
        author_name=each.detail.by or None,
        categories=[each.what],
    )


def _place(text: str) -> tuple[dt.datetime, int] | None:
    """Where in the list of changes to go on.

    Raises:
        ValueError: with a sentence.
    """
    if not text:
        return None
    if not (found := PLACE.fullmatch(text)):
        raise ValueError("“before” can’t be read. Take it out to begin with the newest.")
    return EPOCH + int(found[1]) * MICROSECOND, int(found[2])
