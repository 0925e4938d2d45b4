"""Middleware: reads the language from the address, and makes the page in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.http import HttpResponsePermanentRedirect

from negotiations.languages import ENGLISH, LANGUAGES, speaking

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

PREFIXES = {language.prefix: language.code for language in LANGUAGES.values() if language.prefix}
# What is the same in all languages: the desk, data and files, feeds, what machines ask for.
IN_NO_LANGUAGE = re.compile(
    r"^/(admin|api|static|mcp|oembed|akn|health|metrics)(/|$)|\.[a-z0-9]+$|/(feed|download)/$"
)


class LanguageOfAddress:
    """The prefix is set as Django's script prefix, so that no pattern and no view knows of it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path = request.path_info
        prefix = path[: path.find("/", 1)] if path.find("/", 1) > 0 else path
        code = PREFIXES.get(prefix, ENGLISH)
        if code == ENGLISH:
            return self.get_response(request)
        rest = path.removeprefix(prefix)
        if not rest or IN_NO_LANGUAGE.search(rest):
            query = request.META.get("QUERY_STRING", "")
            # More than one slash would lead to another site.
            where = f"/{rest.lstrip('/')}" if rest else f"{prefix}/"
            return HttpResponsePermanentRedirect(where + (f"?{query}" if query else ""))
        request.path_info = rest
        with speaking(code):
            return self.get_response(request)
