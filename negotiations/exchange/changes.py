"""The public changes for machines: Atom to follow."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from negotiations.exchange.following.feeds import Feed
from negotiations.insight.corrections import Asked, Line, corrections

if TYPE_CHECKING:
    from django.http import HttpRequest

# Of a feed without an entry: no moment of it would be true.
BEGINNING = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """The newest corrections and withdrawals that are asked for, as Atom (RFC 4287)."""
    try:
        changes, _older = corrections(Asked.from_address(request.GET))
    except ValueError as error:
        return HttpResponse(f"{error}\n", status=400, content_type="text/plain; charset=utf-8")
    query = request.META.get("QUERY_STRING")
    page = request.build_absolute_uri("/changes/")
    made = Feed(
        title="Readout: changes",
        link=f"{page}?{query}" if query else page,
        description="What was corrected or withdrawn after it was published.",
        feed_url=request.build_absolute_uri(),
        language="en",
        author_name="Readout",
        otherwise=BEGINNING,
    )
    for change in changes:
        first = change.lines[0]
        more = f", and {len(change.lines) - 1} more" if len(change.lines) > 1 else ""
        made.add_item(
            title=f"{_title(first)}{more}",
            link=request.build_absolute_uri(first.url or f"/changes/?record={first.key}"),
            description="\n".join([change.reason, *map(_told, change.lines)]).strip(),
            unique_id=f"{page}#{change.id}",
            updateddate=change.at,
        )
    return HttpResponse(made.writeString("utf-8"), content_type=made.content_type)


def _title(line: Line) -> str:
    name = f": {line.record}" if line.record else ""
    return f"{line.kind.capitalize()} {line.number} {line.what}{name}"


def _told(line: Line) -> str:
    fields = (f"{each.label}: “{each.before}” → “{each.after}”" for each in line.differences)
    return "; ".join([_title(line), *fields])
