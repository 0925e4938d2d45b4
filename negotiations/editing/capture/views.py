"""The pages on which an editor captures a text, for a new source or anew for one that is there."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

import pghistory
from django.contrib import admin, messages
from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import IntegrityError, connection, transaction
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from negotiations.editing.base import broken_rule
from negotiations.editing.capture.comparing import difference
from negotiations.editing.capture.forms import (
    BringForm,
    DetailsForm,
    ReasonForm,
    SealedForm,
    sha256,
)
from negotiations.editing.capture.reading import BIGGEST, LONGEST, plain
from negotiations.editing.capture.recognising import recognise
from negotiations.editing.pages import TOOLS, Tool, at_the_desk, desk_page
from negotiations.models import Capture, Source
from negotiations.models.quotations import lost_in

if TYPE_CHECKING:
    from django import forms
    from django.http import HttpRequest, HttpResponse

    from negotiations.editing.pages import View

# A file, and the text that it was read as.
MOST_SENT = BIGGEST + 4 * LONGEST
TOO_MUCH = (
    f"That was too much to take in: a text may have {LONGEST:,} characters, a file "
    f"{BIGGEST // 2**20} MB. Nothing was stored. Bring the part that you quote from."
)


def may_capture(user: Any) -> bool:
    return bool(user.is_active and user.is_staff and user.has_perm("negotiations.add_source"))


TOOLS.append(
    Tool("/admin/capture/", "Capture", "A text, a file or a web page as a source.", may_capture)
)


def bounded(view: View) -> View:
    """Answer with a sentence, and without reading it, where too much was sent."""

    @csrf_exempt
    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_SENT:
                raise RequestDataTooBig
            return csrf_protect(view)(request, *args, **kwargs)
        except (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent):
            return desk_page(
                request, "capture", {"title": "Capture", "refused": TOO_MUCH}, status=413
            )
        except MultiPartParserError:
            refused = "What was sent broke off on the way. Go back, and send it again."
            return desk_page(
                request, "capture", {"title": "Capture", "refused": refused}, status=400
            )

    return inner


@at_the_desk(may_capture)
@bounded
@require_http_methods(["GET", "HEAD", "POST"])
def capture(request: HttpRequest) -> HttpResponse:
    """A new source: bring the text, then say what it is; saved as a draft."""
    if request.method != "POST":
        return _step_one(request, BringForm())
    if "seal" in request.POST:
        return _save_new(request)
    bring = BringForm(request.POST, request.FILES)
    if not bring.is_valid():
        return _step_one(request, bring)
    sealed = SealedForm(initial={"text": bring.document.text, "seal": bring.seal})
    # Not the model's default: a language that nobody recognised is not English for that.
    details = DetailsForm(initial={"language": "", **recognise(bring.document)})
    return _step_two(request, sealed, details, bring.document.note)


def _save_new(request: HttpRequest) -> HttpResponse:
    sealed, details = SealedForm(request.POST), DetailsForm(request.POST)
    if all([sealed.is_valid(), details.is_valid()]):
        try:
            with transaction.atomic():
                source = details.save()
                sealed.capture(source, request.user)
                connection.check_constraints()
        except IntegrityError as error:
            details.add_error(None, broken_rule(error))
        else:
            messages.success(request, f"“{source}” was captured as a draft.")
            return redirect("draft", source.pk)
    return _step_two(request, sealed, details)


@at_the_desk(may_capture)
@bounded
@require_http_methods(["GET", "HEAD", "POST"])
def capture_anew(request: HttpRequest, pk: int) -> HttpResponse:
    """A new version of a source's text: bring it, see what differs, save it."""
    source = get_object_or_404(Source.objects, pk=pk)
    if not admin.site.get_model_admin(Source).has_change_permission(request, source):
        raise PermissionDenied("This source is published: a reviewer can capture it anew.")
    if request.method != "POST":
        return _step_one(request, BringForm(initial={"address": source.url}), source)
    if "seal" in request.POST:
        return _save_anew(request, source)
    data = request.POST.copy()
    # The address is offered; a text or a file is what the editor brought.
    if (data.get("text") or request.FILES) and data.get("address") == source.url:
        data["address"] = ""
    bring = BringForm(data, request.FILES)
    if bring.is_valid() and bring.document.text == source.text:
        bring.add_error(None, "This is the text that is there already. Nothing was stored.")
    if not bring.is_valid():
        return _step_one(request, bring, source)
    sealed = SealedForm(initial={"text": bring.document.text, "seal": bring.seal})
    reason = ReasonForm(initial={"seen": _latest_number(source)})
    return _step_two_anew(request, source, sealed, reason, bring.document.text, bring.document.note)


def _save_anew(request: HttpRequest, source: Source) -> HttpResponse:
    sealed, reason = SealedForm(request.POST), ReasonForm(request.POST)
    if all([sealed.is_valid(), reason.is_valid()]):
        note = reason.cleaned_data["why"]
        try:
            with transaction.atomic(), pghistory.context(**({"note": note} if note else {})):
                source = Source.objects.select_for_update().get(pk=source.pk)
                latest = _latest_number(source)
                if reason.cleaned_data["seen"] != latest:
                    return _overtaken(request, source, sealed, note, latest)
                made = sealed.capture(source, request.user)
                # The rules that wait for the end of the transaction, while the form is here.
                connection.check_constraints()
        except IntegrityError as error:
            sealed.add_error(None, broken_rule(error))
        else:
            made.refresh_from_db()
            messages.success(request, f"“{source}” was captured anew: version {made.number}.")
            return redirect("draft", source.pk)
    return _step_two_anew(request, source, sealed, reason, plain(_text(sealed)))


def _overtaken(
    request: HttpRequest, source: Source, sealed: SealedForm, note: str, latest: int
) -> HttpResponse:
    """Somebody else captured in between: compare with that, then decide."""
    sealed.add_error(
        None,
        f"Version {latest} was captured since you began. Nothing was overwritten: "
        "compare your text with it, and save again if yours is the right one.",
    )
    reason = ReasonForm(initial={"seen": latest, "why": note})
    return _step_two_anew(request, source, sealed, reason, plain(_text(sealed)))


def _latest_number(source: Source) -> int:
    return source.captures.values_list("number", flat=True).first() or 0


def _step_one(request: HttpRequest, form: BringForm, source: Source | None = None) -> HttpResponse:
    title = f"Capture anew: {source.title}" if source else "Capture"
    captures = source.captures.defer("text").select_related("captured_by") if source else ()
    context = {"title": title, "bring": form, "source": source, "captures": captures}
    return desk_page(request, "capture", context)


def _step_two(
    request: HttpRequest, sealed: SealedForm, details: forms.BaseForm, note: str = ""
) -> HttpResponse:
    text = plain(_text(sealed))
    context = {
        "title": "Capture: what is it?",
        "sealed": sealed,
        "details": details,
        "note": note,
        "length": len(text),
        "same": _same(text),
    }
    return desk_page(request, "capture", context)


def _step_two_anew(
    request: HttpRequest,
    source: Source,
    sealed: SealedForm,
    reason: ReasonForm,
    text: str,
    note: str = "",
) -> HttpResponse:
    latest = source.captures.defer("text").first()
    context = {
        "title": f"Capture anew: {source.title}",
        "source": source,
        "sealed": sealed,
        "details": reason,
        "note": note,
        "length": len(text),
        "latest": latest,
        "difference": difference(source.text, text) if source.text else None,
        "lost": lost_in(source.pk, text),
        "same": _same(text).exclude(source=source),
    }
    return desk_page(request, "capture", context)


def _text(sealed: SealedForm) -> str:
    return str((sealed.data if sealed.is_bound else sealed.initial).get("text", ""))


def _same(text: str) -> Any:
    """Captures of the very same text, for other sources perhaps."""
    return Capture.objects.filter(text_sha256=sha256(text)).select_related("source").defer("text")
