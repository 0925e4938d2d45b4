"""The page that says how to use the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from negotiations.exchange.api.answering import base_of
from negotiations.exchange.api.asking import LIMIT, MOST
from negotiations.exchange.records.all import ALL

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

ANSWER = """{
  "data": [
    {
      "type": "statement",
      "id": 12,
      "url": "BASE/statements/12/",
      "form": "verbatim",
      "words": "…",
      "date": {"edtf": "2025-02-18", "from": "2025-02-18", "until": "2025-02-18"},
      "speaker": {"id": 3, "url": "BASE/people/sergey-lavrov/", "name": "Sergey Lavrov"},
      …
    }
  ],
  "next": "BASE/api/v1/statements?q=embassies&year=2025&after=…"
}"""
PROBLEM = """{
  "type": "about:blank",
  "title": "Bad Request",
  "status": 400,
  "detail": "“limit” is a number from 1 to 200."
}"""


@require_safe
def documentation(request: HttpRequest) -> HttpResponse:
    """How to ask, with examples; and of each kind of record its fields."""
    requests, seconds = settings.API_LIMIT
    context = {
        "base": base_of(request),
        "resources": ALL,
        "limit": LIMIT,
        "most": MOST,
        "requests": requests,
        "minutes": seconds // 60,
        "answer": ANSWER.replace("BASE", base_of(request)),
        "problem": PROBLEM,
    }
    response = render(request, "exchange/api.html", context)
    patch_vary_headers(response, ["Cookie"])
    return response
