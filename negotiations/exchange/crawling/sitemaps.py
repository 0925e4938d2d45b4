"""Sitemaps: an index, a file of the site's own pages, and files of records, by blocks of numbers.

https://www.sitemaps.org/protocol.html: no file has more than 50,000 addresses. Django's own sitemaps
count all rows and skip those of the pages before (OFFSET), at each request; here a block is a range
of the primary key, so the address of a record stands in the same file for ever and each file takes
as long as it is big. Drafts and demonstration data are in none.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from django.db import connection
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_safe

from negotiations.addresses import with_pages
from negotiations.models.records import AddressedRecord

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.http import HttpRequest

    from negotiations.models import Record

BLOCK = 50_000
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
XML = "application/xml; charset=utf-8"
# The pages that are no single record's.
PAGES = (
    "/", "/about/", "/actions/", "/actions/tracker/", "/api/", "/changes/", "/data/", "/map/",
    "/meetings/", "/network/", "/parties/", "/people/", "/processes/", "/questions/", "/statements/",
    "/topics/",
)  # fmt: skip


def _listed(tag: str, entries: Iterable[str]) -> Iterator[str]:
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<{tag} xmlns="{NAMESPACE}">\n'
    yield from entries
    yield f"</{tag}>\n"


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All sitemaps that have anything in them."""
    base = _base(request)
    names = chain(["pages"], _blocks())
    entries = (f"<sitemap><loc>{base}/sitemap-{name}.xml</loc></sitemap>\n" for name in names)
    return HttpResponse("".join(_listed("sitemapindex", entries)), content_type=XML)


def _blocks() -> list[str]:
    """The kind and number of each block that is not empty: for each one step into the primary key."""
    found = []
    for kind, model in with_pages().items():
        which, values = _public(model).order_by().values("pk").query.sql_with_params()
        first = "SELECT id / {} FROM listed WHERE id >= {} ORDER BY id LIMIT 1".format
        with connection.cursor() as cursor:
            cursor.execute(
                f"""
                WITH RECURSIVE listed (id) AS NOT MATERIALIZED ({which}), block (number) AS (
                  ({first(BLOCK, 0)})
                  UNION ALL
                  SELECT ({first(BLOCK, f"(block.number + 1) * {BLOCK}")})
                  FROM block WHERE block.number IS NOT NULL)
                SELECT number FROM block WHERE number IS NOT NULL""",
                values,
            )
            found += [f"{kind}-{number}" for (number,) in cursor.fetchall()]
    return found


def _public(model: type[Record]) -> Any:
    records: Any = model._default_manager
    return records.public().real()


@require_safe
def pages(request: HttpRequest) -> HttpResponse:
    """The site's own pages."""
    base = _base(request)
    entries = (f"<url><loc>{base}{page}</loc></url>\n" for page in PAGES)
    return HttpResponse("".join(_listed("urlset", entries)), content_type=XML)


@require_safe
def records(request: HttpRequest, kind: str, block: int) -> StreamingHttpResponse:
    """The records of one block of numbers, with when each was last changed, sent as they are read."""
    if not (model := with_pages().get(kind)) or block > 2**63 // BLOCK - 1:
        raise Http404
    found = _public(model).filter(pk__gte=block * BLOCK, pk__lt=(block + 1) * BLOCK)
    if not found.exists():
        raise Http404
    entries = _entries(model, found, _base(request))
    return StreamingHttpResponse(_listed("urlset", entries), content_type=XML)


def _entries(model: type[Record], found: Any, base: str) -> Iterator[str]:
    here = f"{base}/{escape(str(model._meta.verbose_name_plural))}"
    name = "slug" if issubclass(model, AddressedRecord) else "pk"
    rows = found.order_by("pk").values_list(name, "updated_at")
    for address, changed in rows.iterator(chunk_size=5000):
        yield (
            f"<url><loc>{here}/{address}/</loc>"
            f"<lastmod>{changed.isoformat(timespec='seconds')}</lastmod></url>\n"
        )


def _base(request: HttpRequest) -> str:
    return escape(request.build_absolute_uri("/").rstrip("/"))
