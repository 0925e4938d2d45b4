"""Serves the package that `dump_datapackage` has made, whole and file by file."""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager
from itertools import chain
from typing import IO, TYPE_CHECKING
from zipfile import BadZipFile, ZipFile

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import condition, require_safe

from negotiations.exchange.datapackage.describing import DESCRIPTOR
from negotiations.limits import DOWNLOADS, limited

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

    from django.http import HttpRequest

BLOCK = 1 << 16


def _stat() -> os.stat_result | None:
    try:
        return settings.DATAPACKAGE.stat()
    except OSError:
        return None


def _tag(request: HttpRequest, **kwargs: str) -> str | None:
    return f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"' if (stat := _stat()) else None


def _made(request: HttpRequest, **kwargs: str) -> dt.datetime | None:
    return dt.datetime.fromtimestamp(stat.st_mtime, dt.UTC) if (stat := _stat()) else None


served = condition(etag_func=_tag, last_modified_func=_made)


@contextmanager
def _opened(name: str) -> Iterator[IO[bytes]]:
    """One file of the package.

    Raises:
        Http404: there is none.
    """
    try:
        with ZipFile(settings.DATAPACKAGE) as package, package.open(name) as file:
            yield file
    except (BadZipFile, KeyError, OSError) as error:
        raise Http404("No data package was made here yet.") from error


@limited(DOWNLOADS)
@require_safe
@served
def archive(request: HttpRequest) -> FileResponse:
    """All of it in one file."""
    try:
        file = settings.DATAPACKAGE.open("rb")
    except OSError as error:
        raise Http404("No data package was made here yet.") from error
    return _for_all(FileResponse(file, as_attachment=True, filename="readout-datapackage.zip"))


@limited(DOWNLOADS)
@require_safe
@served
def descriptor(request: HttpRequest) -> HttpResponse:
    """What is in it; the paths of its files are addresses beside this one."""
    with _opened(DESCRIPTOR) as file:
        return _for_all(HttpResponse(file.read(), content_type="application/json"))


@limited(DOWNLOADS)
@require_safe
@served
def table(request: HttpRequest, name: str) -> StreamingHttpResponse:
    """One table as CSV, unpacked as it is sent."""
    blocks = _blocks(f"{name}.csv")
    first = next(blocks, b"")  # so that what is not there is told before the answer begins
    response = StreamingHttpResponse(chain([first], blocks), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return _for_all(response)


def _blocks(name: str) -> Iterator[bytes]:
    with _opened(name) as file:
        while block := file.read(BLOCK):
            yield block


def _for_all[R: HttpResponse | StreamingHttpResponse](response: R) -> R:
    """Pages of other sites may read it, too."""
    response["Access-Control-Allow-Origin"] = "*"
    return response
