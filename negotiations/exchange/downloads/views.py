"""Lists to keep, with the filter in force, and the data beside each record's page."""

from __future__ import annotations

import csv
import io
from itertools import chain
from typing import TYPE_CHECKING

from django.http import FileResponse, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.http import HttpResponsePermanentRedirect as Redirect
from django.views.decorators.http import require_safe

from negotiations.exchange.api import answering
from negotiations.exchange.api.problems import Problem, problem
from negotiations.exchange.downloads.batches import batches
from negotiations.exchange.downloads.workbooks import MEDIA_TYPE, MOST_ROWS, workbook
from negotiations.exchange.records import tables
from negotiations.exchange.records.all import BY_PATH
from negotiations.exchange.records.reading import number_of, read
from negotiations.exchange.records.results import RESULT
from negotiations.limits import DOWNLOADS, SEARCHES, limited
from negotiations.search import finding
from negotiations.search.asking import Ask, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest, QueryDict

    from negotiations.exchange.records.resources import Resource
    from negotiations.search.entries import Kind

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/jsonl",
    "xlsx": MEDIA_TYPE,
}
SUFFIXES = (*TYPES, "json")
# Whose pages have statements, and by which filter.
WITH_STATEMENTS = {
    "processes": "process",
    "meetings": "meeting",
    "people": "person",
    "parties": "party",
    "topics": "topic",
}


@require_safe
def listed(request: HttpRequest, path: str, suffix: str) -> HttpResponseBase:
    """The list at this path: all of it as a file, or a page of it as the API gives it."""
    resource = RESULT if path == "search" else BY_PATH[path]
    if suffix == "json":
        return _json(request, resource)
    return _file(request, request.GET, resource, suffix, path)


@limited(SEARCHES)
def _json(request: HttpRequest, resource: Resource) -> HttpResponse:
    try:
        if resource.types:
            return answering.searched(request)
        return answering.listed(request, resource)
    except Problem as wrong:
        return problem(wrong.status, wrong.detail)


@limited(SEARCHES)
@require_safe
def record(request: HttpRequest, path: str, address: str) -> HttpResponse:
    """The record of a page as JSON, the same as the API gives."""
    resource = BY_PATH[path]
    here = f"/{path}/{{}}.json"
    try:
        return answering.record(request, resource, address, here, by_slug=resource.has_slug)
    except Problem as wrong:
        return problem(wrong.status, wrong.detail)


@require_safe
def statements_of(request: HttpRequest, path: str, address: str) -> HttpResponseBase:
    """The statements of a record with a page of its own, as CSV."""
    resource = BY_PATH[path]
    if number_of(resource, address) is None:
        if moved := answering.moved(resource, None, address):
            return Redirect(f"/{path}/{moved}.csv")
        wrong = answering.gone(resource, None, address)
        return _refused(wrong.detail, wrong.status)
    query = request.GET.copy()
    query.setlist(WITH_STATEMENTS[path], [address])
    return _file(request, query, BY_PATH["statements"], "csv", f"{address}-statements")


@require_safe
def download(request: HttpRequest, here: str, kind: Kind | None = None) -> HttpResponseBase:
    """All that a search finds, at the address that it had first: as CSV, or by `format`."""
    query = request.GET.copy()
    suffix = query.pop("format", ["csv"])[-1]
    if suffix not in TYPES:
        return _refused(f"“format” is one of {', '.join(TYPES)}.")
    path = here.strip("/")
    return _file(request, query, BY_PATH[path] if kind else RESULT, suffix, path)


def _refused(sentence: str, status: int = 400) -> HttpResponse:
    return HttpResponse(f"{sentence}\n", status=status, content_type="text/plain; charset=utf-8")


@limited(DOWNLOADS)
def _file(
    request: HttpRequest, query: QueryDict, resource: Resource, suffix: str, name: str
) -> HttpResponseBase:
    """All that the address asks for as one file."""
    try:
        ask = Ask.from_address(query, resource.kind)
    except Refused as refusal:
        return _refused(str(refusal))
    ask.sort, ask.marks = "oldest" if ask.sort == "oldest" else "newest", ""
    base = answering.base_of(request)
    if suffix == "xlsx" and finding.are_more(ask, MOST_ROWS):
        return _refused(
            f"These are more than the {MOST_ROWS:,} rows that Excel takes. Narrow the search, or "
            "take CSV or JSON Lines."
        )
    response = _answer(request, ask, resource, suffix, base)
    invented = "demonstration-" if ask.demonstration else ""
    response["Content-Type"] = TYPES[suffix]
    response["Content-Disposition"] = f'attachment; filename="readout-{invented}{name}.{suffix}"'
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _answer(
    request: HttpRequest, ask: Ask, resource: Resource, suffix: str, base: str
) -> HttpResponseBase:
    if request.method == "HEAD":
        return HttpResponse()
    if suffix == "xlsx":
        rows = (tables.rows(resource, pks, base) for pks in batches(ask, resource))
        book = workbook(resource.path, tables.columns(resource), chain.from_iterable(rows))
        return FileResponse(book)
    write = _csv if suffix == "csv" else _lines
    content = write(ask, resource, base)
    # The first part is made before anything is sent: what fails there is still told as a failure.
    return StreamingHttpResponse(chain([next(content, b"")], content))


def _csv(ask: Ask, resource: Resource, base: str) -> Iterator[bytes]:
    head = io.StringIO()
    csv.writer(head).writerow(tables.columns(resource))
    start = head.getvalue().encode()
    for pks in batches(ask, resource):
        yield start + tables.csv(resource, pks, base)
        start = b""
    if start:
        yield start


def _lines(ask: Ask, resource: Resource, base: str) -> Iterator[bytes]:
    for pks in batches(ask, resource):
        found = read(resource, pks, base, tuple(resource.fields))
        yield "".join(f"{text}\n" for text in found).encode()
