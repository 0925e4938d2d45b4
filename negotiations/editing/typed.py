"""What was typed into a form whose editor was logged out meanwhile: kept, and given back unsaved."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.conf import settings
from django.core import signing
from django.http import QueryDict

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

DESK = "/admin/"
KEY = "typed"
SAVED = "readout_saved"
BIGGEST = 1024 * 1024  # characters; more than that is kept by the browser alone
LONGEST = 60 * 60  # seconds until it must be given back
TYPIST_HOLDS = 60 * 60 * 24 * 14  # seconds that a form may have stood open
NEVER_KEPT = ("csrfmiddlewaretoken", "password")
NOT_SAVED = (
    "You were logged out before this was saved. Here is what you typed: look it over, then save."
)
_signer = signing.TimestampSigner(salt="negotiations.editing.typed")


def token(user: Any) -> str:
    """Says in a form who is typing: without it nothing is kept, and only they get it back."""
    return _signer.sign(str(user.pk))


def _typist(sent: str) -> str | None:
    try:
        return _signer.unsign(sent, max_age=TYPIST_HOLDS)
    except signing.BadSignature:
        return None


class KeepsWhatWasTyped:
    """Middleware, after CSRF's and authentication's: keeps a form that meets the login.

    It is in the session on the server, which the login takes over. What the browser keeps itself
    (drafts.js) is told by a cookie when it was saved.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if (
            (response.status_code in (302, 303) or getattr(response, "has_saved", False))
            and request.method == "POST"
            and request.path.startswith(DESK)
            # The form's own view answered, not a middleware that leads elsewhere first.
            and getattr(request, "reached_its_view", False)
            and request.user.is_authenticated
        ):
            # For drafts.js: what this browser kept of that form has been saved.
            response.set_cookie(
                SAVED,
                quote(request.get_full_path(), safe=""),
                max_age=60,
                path=DESK,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )
        return response

    def process_view(self, request: HttpRequest, *args: Any) -> None:
        request.reached_its_view = True
        # CSRF's middleware has let the request through by now.
        if (
            request.method != "POST"
            or not request.path.startswith(DESK)
            or request.user.is_authenticated
            or not (typist := _typist(request.POST.get("typist", "")))
        ):
            return
        kept = request.POST.copy()
        for name in [name for name in kept if name.startswith(NEVER_KEPT)]:
            del kept[name]
        if len(data := kept.urlencode()) <= BIGGEST:
            request.session[KEY] = {
                "typist": typist,
                "path": request.path,
                "data": data,
                "at": time.time(),
            }


def given_back(request: HttpRequest) -> QueryDict | None:
    """What this editor typed into the form at this address before being logged out; once only."""
    kept = request.session.get(KEY)
    if not kept or kept["path"] != request.path:
        return None
    del request.session[KEY]
    if kept["typist"] != str(request.user.pk) or time.time() - kept["at"] > LONGEST:
        return None
    return QueryDict(kept["data"])
