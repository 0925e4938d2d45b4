"""POST: where editors' tools send drafts."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pghistory
from django.db import connection, transaction
from django.http import HttpResponse
from django.urls import reverse
from ninja.security import HttpBearer

from negotiations.exchange.api import schema
from negotiations.exchange.api.problems import Problem
from negotiations.exchange.api.routes import api
from negotiations.exchange.writing.drafting import draft, read
from negotiations.exchange.writing.kinds import DRAFTABLE
from negotiations.exchange.writing.schema import ANSWER, body_of
from negotiations.models import SentDraft, Token

if TYPE_CHECKING:
    from django.http import HttpRequest

    from negotiations.exchange.writing.kinds import Draftable

KEY = re.compile(r"[\x21-\x7e]{1,255}")


class TokenAuth(HttpBearer):
    """`Authorization: Bearer readout_…`"""

    def authenticate(self, request: HttpRequest, token: str) -> Token | None:
        return Token.of(token)


def _add(kind: Draftable) -> None:
    words = kind.resource.name.replace("_", " ")

    def view(request: HttpRequest) -> HttpResponse:
        return _draft(request, kind)

    view.__doc__ = (
        f"Sends one {words} to the desk, as a draft: it is checked like what is typed there, and "
        "nobody sees it before a reviewer publishes it. With an Idempotency-Key the same request "
        "sent again drafts nothing more."
    )
    api.post(
        f"/{kind.path}",
        auth=TokenAuth(),
        operation_id=f"draft_{kind.resource.name}",
        summary=f"Draft one {words}",
        tags=[kind.resource.label],
        url_name=f"{kind.path}-draft",
        openapi_extra={
            "parameters": [
                {
                    "in": "header",
                    "name": "Idempotency-Key",
                    "description": "A name of your own for this request.",
                    "schema": {"type": "string", "pattern": r"^[\x21-\x7e]{1,255}$"},
                }
            ],
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": body_of(kind)}},
            },
            "responses": {
                201: {
                    "description": "Drafted.",
                    "content": {"application/json": {"schema": ANSWER}},
                },
                **{s: schema.wrong(s) for s in (400, 401, 403, 409, 415, 422, 429, 503)},
            },
        },
    )(view)


def _draft(request: HttpRequest, kind: Draftable) -> HttpResponse:
    token: Token = request.auth  # type: ignore[attr-defined]
    may = f"negotiations.add_{kind.model._meta.model_name}"
    if f"draft:{kind.path}" not in token.scopes or not token.user.has_perm(may):
        raise Problem(403, f"This token may not draft {kind.resource.label.lower()}.")
    if request.content_type != "application/json":
        raise Problem(415, "")
    key = request.headers.get("Idempotency-Key", "")
    if key and not KEY.fullmatch(key):
        raise Problem(400, "“Idempotency-Key” is 1 to 255 visible ASCII characters.")
    token.note_use()
    with transaction.atomic(), pghistory.context(user=token.user.pk, note=f"By token “{token}”"):
        text = _once(token, key, request, kind) if key else _made(request, kind)
    response = HttpResponse(text, status=201, content_type="application/json")
    response["Location"] = json.loads(text)["desk"]
    response["Cache-Control"] = "no-store"
    return response


def _once(token: Token, key: str, request: HttpRequest, kind: Draftable) -> str:
    """The answer to this key: of two requests that come at once the second waits for the first."""
    told = SentDraft.fingerprint_of(request.path, request.body)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO negotiations_sentdraft (token_id, key, fingerprint, answer, at)"
            " VALUES (%s, %s, %s, '', now()) ON CONFLICT DO NOTHING RETURNING id",
            [token.pk, key, told],
        )
        is_first = cursor.fetchone()
    sent = SentDraft.objects.get(token=token, key=key)
    if is_first:
        sent.answer = _made(request, kind)
        sent.save(update_fields=["answer"])
    elif sent.fingerprint != told:
        raise Problem(422, "This Idempotency-Key was sent with another request. Take a new one.")
    return sent.answer


def _made(request: HttpRequest, kind: Draftable) -> str:
    record = draft(kind, read(request.body))
    desk = reverse(f"admin:negotiations_{record._meta.model_name}_change", args=[record.pk])
    answer: dict[str, Any] = {
        "type": kind.resource.name,
        "id": record.pk,
        "status": record.status,
        "desk": request.build_absolute_uri(desk),
    }
    return json.dumps(answer)


for _kind in DRAFTABLE.values():
    _add(_kind)
