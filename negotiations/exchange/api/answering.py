"""From what is asked to the bytes of the answer: the database has made the JSON, here it is joined."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db import connection
from django.http import HttpResponse, HttpResponsePermanentRedirect

from negotiations.exchange.api.asking import OF_RECORDS, AskedSources, Wanted, asked, only
from negotiations.exchange.api.problems import Problem
from negotiations.exchange.records.all import BY_KIND
from negotiations.exchange.records.reading import (
    number_of,
    read,
    read_one,
    successor_of,
)
from negotiations.exchange.records.results import RESULT
from negotiations.models import FormerSlug
from negotiations.models.records import AddressedRecord
from negotiations.models.review import standing_withdrawal
from negotiations.search import finding, walking
from negotiations.search.entries import TABLE

if TYPE_CHECKING:
    from django.http import HttpRequest

    from negotiations.exchange.records.resources import Resource
    from negotiations.search.asking import Ask
    from negotiations.search.facets import Facet

PREFIX = "/api/v1/"
VALUES = 30  # of a facet
LARGEST = 2**63 - 1
RELAXED = "No record holds all of this. These hold a part of it."


def base_of(request: HttpRequest) -> str:
    """The site's address, without a slash at its end."""
    return f"{request.scheme}://{request.get_host()}"


def answer(text: str) -> HttpResponse:
    """JSON that may be read from any site."""
    response = HttpResponse(text, content_type="application/json")
    response["Access-Control-Allow-Origin"] = "*"
    return response


# --- Lists and searches ---


def listed(request: HttpRequest, resource: Resource) -> HttpResponse:
    """A page of the records of one kind that fit the address.

    Raises:
        Problem: the address can't be answered.
    """
    ask = asked(request.GET, resource.kind)
    wanted = Wanted.from_address(request.GET, resource, resource.kind)
    found = _find(ask, wanted)
    texts = read(
        resource, [pk >> 4 for pk in found.ids], base_of(request), wanted.fields, wanted.expand
    )
    return _page(request, texts, f"{PREFIX}{resource.path}", found, wanted)


def searched(request: HttpRequest) -> HttpResponse:
    """A page of the records of all kinds that fit the address.

    Raises:
        Problem: the address can't be answered.
    """
    ask = asked(request.GET, None)
    wanted = Wanted.from_address(request.GET, RESULT)
    found, base = _find(ask, wanted), base_of(request)
    texts = read(RESULT, found.ids, base, wanted.fields)
    if wanted.expand and len(texts) == len(found.ids):
        whole = _records(found.ids, base)
        texts = [
            f'{text[:-1]},"record":{whole.get(pk, "null")}}}'
            for pk, text in zip(found.ids, texts, strict=True)
        ]
    return _page(request, texts, f"{PREFIX}search", found, wanted)


def _records(ids: list[int], base: str) -> dict[int, str]:
    """The records of these entries in full: one query a kind."""
    found: dict[int, str] = {}
    for kind, resource in BY_KIND.items():
        entries = [pk for pk in ids if pk % 16 == kind]
        if entries:
            texts = read(resource, [pk >> 4 for pk in entries], base)
            if len(texts) == len(entries):
                found |= zip(entries, texts, strict=True)
    return found


def sources(request: HttpRequest, resource: Resource) -> HttpResponse:
    """A page of the sources that fit the address.

    Raises:
        Problem: the address can't be answered.
    """
    ask = AskedSources.from_address(request.GET)
    wanted = Wanted.from_address(request.GET, resource)
    pks = ask.pks(wanted.limit + 1)
    has_next, pks = len(pks) > wanted.limit, pks[: wanted.limit]
    texts = read(resource, pks, base_of(request), wanted.fields, wanted.expand)
    following = ask.address(pks[-1]) if has_next else ""
    return _joined(request, texts, f"{PREFIX}{resource.path}", following, wanted, {})


class _Found:
    """The entries of a page, the address of the next one, and what is told beside."""

    def __init__(self, ids: list[int], following: str, beside: dict[str, Any]) -> None:
        self.ids, self.following, self.beside = ids, following, beside


def _find(ask: Ask, wanted: Wanted) -> _Found:
    """By date without facets the entries are walked; else all that fit are looked through."""
    ask.size, ask.marks = wanted.limit, ""
    beside: dict[str, Any] = {"notes": ask.problems} if ask.problems else {}
    if ask.sort != "relevance" and not wanted.facets and ask.page == 1:
        rows = walking.walk(ask, ask.after, wanted.limit + 1)
        has_next, rows = len(rows) > wanted.limit, rows[: wanted.limit]
        following = ask.address(after=f"{rows[-1][1]}_{rows[-1][0]}") if has_next else ""
        return _Found([pk for pk, _ in rows], following, beside)
    found = finding.find(
        ask, dict.fromkeys(wanted.facets, VALUES), cards=False, facets=bool(wanted.facets)
    )
    if found.relaxed:
        beside["notes"] = [*ask.problems, RELAXED]
    if wanted.facets:
        facets = {f.name: _told(f) for f in found.facets if f.name in wanted.facets}
        beside |= {"count": found.count, "count_is_exact": found.exact, "facets": facets}
    return _Found(found.ids, _following(ask, found), beside)


def _following(ask: Ask, found: finding.Found) -> str:
    """By relevance pages have numbers; by date each begins after the last record of the one before."""
    if not (found.has_next and found.ids):
        return ""
    if ask.sort == "relevance":
        return ask.address(page=ask.page + 1) if ask.page < 1000 else ""
    last = found.ids[-1]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT sort_date FROM {TABLE} WHERE id = %s", [last])
        row = cursor.fetchone()
    return ask.address(after=f"{row[0]}_{last}") if row else ""


def _told(facet: Facet) -> dict[str, Any]:
    values = [
        {"value": each.value, "label": each.label, "count": each.count} for each in facet.values
    ]
    return {"values": values, "more": facet.more}


def _page(
    request: HttpRequest, texts: list[str], path: str, found: _Found, wanted: Wanted
) -> HttpResponse:
    return _joined(request, texts, path, found.following, wanted, found.beside)


def _joined(
    request: HttpRequest,
    texts: list[str],
    path: str,
    following: str,
    wanted: Wanted,
    beside: dict[str, Any],
) -> HttpResponse:
    address = ""
    if following:
        again = urlencode(wanted.address())
        address = f"{base_of(request)}{path}?{following}{'&' if again else ''}{again}"
    more = "".join(f",{json.dumps(n)}:{json.dumps(v)}" for n, v in beside.items())
    following_text = json.dumps(address) if address else "null"
    response = answer(f'{{"data":[{",".join(texts)}],"next":{following_text}{more}}}')
    if address:
        response["Link"] = f'<{address}>; rel="next"'
    return response


# --- Single records ---


def record(
    request: HttpRequest, resource: Resource, address: str, here: str, *, by_slug: bool = False
) -> HttpResponse:
    """The record of this number or address; `here` is the address with {} for that.

    Raises:
        Problem: 404 if it never was public, 410 if it was withdrawn.
    """
    only(request.GET, OF_RECORDS)
    wanted = Wanted.from_address(request.GET, resource)
    is_number = address.isascii() and address.isdigit() and not by_slug
    pk = int(address[:20]) if is_number else number_of(resource, address)
    if pk is not None and pk <= LARGEST:
        text = read_one(resource, pk, base_of(request), wanted.fields, wanted.expand)
        if text is not None:
            return answer(text)
    if now := moved(resource, pk if is_number else None, address):
        query = request.META.get("QUERY_STRING")
        there = here.format(now)
        response = HttpResponsePermanentRedirect(f"{there}?{query}" if query else there)
        response["Access-Control-Allow-Origin"] = "*"
        return response
    raise gone(resource, pk if is_number else None, address)


def moved(resource: Resource, pk: int | None, address: str) -> str:
    """The present address of a record that was renamed or merged into another; empty if neither."""
    if pk is not None:
        other = successor_of(resource, pk) if pk <= LARGEST else None
        return str(other or "")
    if not issubclass(resource.model, AddressedRecord):
        return ""
    former = FormerSlug.objects.filter(kind=resource.model._meta.model_name, slug=address)
    pks = former.values("record_id")
    found = resource.model.published.filter(pk__in=pks).values_list("slug", flat=True).first()
    return found or ""


def gone(resource: Resource, pk: int | None, address: str) -> Problem:
    """404, or 410 where it was public: that it was withdrawn, when and why; never what it said."""
    which: dict[str, Any] = {"pk": pk} if pk is not None else {"slug": address}
    words = resource.name.replace("_", " ")
    withdrawn = None
    if (pk is not None and pk <= LARGEST) or (pk is None and resource.has_slug):
        withdrawn = standing_withdrawal(resource.model, **which)
    if withdrawn:
        at = f"{withdrawn.written_at:%-d %B %Y}"
        return Problem(410, f"This {words} was withdrawn on {at}: {withdrawn.why}")
    return Problem(404, f"There is no public {words} “{address[:100]}”.")
