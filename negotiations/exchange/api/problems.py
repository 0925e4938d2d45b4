"""What the API says when something is wrong: problem details (RFC 9457), with a sentence that helps."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse

MEDIA_TYPE = "application/problem+json"
# For answers that others made: what to do about them.
SENTENCES = {
    400: "The request can’t be read. /api/ says what each address takes.",
    401: "Send a good token: Authorization: Bearer readout_… Editors make them at the desk.",
    404: "There is nothing at this address. /api/ lists those that there are.",
    405: "This address does not take this method; “Allow” says which it takes.",
    413: "That is more than is taken at once. Send less.",
    415: "Send JSON, and say so: Content-Type: application/json.",
    500: "We failed; it was not you. Try again later.",
    503: "This took too long, or the database is away. Try again later, or ask for less.",
}


class Problem(Exception):
    """The request can't be answered; `errors` point to the fields that are at fault."""

    def __init__(
        self, status: int, detail: str, errors: list[dict[str, str]] | None = None
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.errors = status, detail, errors or []


def problem(
    status: int, detail: str = "", errors: list[dict[str, str]] | None = None, **more: Any
) -> HttpResponse:
    """The answer for a problem; `more` are members of its own."""
    told = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail or SENTENCES.get(status, SENTENCES[400 if status < 500 else 500]),
        **more,
    }
    if errors:
        told["errors"] = errors
    text = json.dumps(told, ensure_ascii=False)
    response = HttpResponse(text, status=status, content_type=MEDIA_TYPE)
    response["Cache-Control"] = "no-store"
    return response
