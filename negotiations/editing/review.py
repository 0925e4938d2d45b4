"""The pages of review: the queue, a meeting's checklist, and the steps that need a text."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pghistory
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from negotiations.editing import queue
from negotiations.editing.base import MOST_AT_ONCE, broken_rule
from negotiations.editing.missing import Line, gaps
from negotiations.editing.pages import TOOLS, Tool, at_the_desk, desk_page
from negotiations.editing.whole import Whole, form_address, gather
from negotiations.models import Meeting, Record, Status, record_models
from negotiations.models.visibility import (
    NotReady,
    kind_of,
    may_publish,
    publish_all,
    send_all_to_review,
)

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SHOWN_PER_KIND = 200


# --- The queue ---


@require_safe
@at_the_desk()
def review(request: HttpRequest) -> HttpResponse:
    """What waits for review, and what was sent back."""
    asked = {name: request.GET.get(name, "") for name in ("show", "kind", "whose")}
    choices = {
        "show": [("", "waiting for review"), ("sent-back", "sent back with a note")],
        "kind": [("", "all kinds"), *queue.kinds()],
        "whose": [("", "everybody’s"), ("mine", "mine"), ("others", "others’")],
    }
    # What is not offered is not asked for.
    asked = {k: v if v in dict(choices[k]) else "" for k, v in asked.items()}
    found = queue.waiting(
        request.user,
        kind=asked["kind"],
        whose=asked["whose"],
        sent_back=asked["show"] == "sent-back",
    )
    context = {
        "title": "Review",
        "asked": asked,
        "filters": [(name, asked[name], some) for name, some in choices.items()],
        "number": len(found),
        "page_obj": queue.page_of(found, request.user, request.GET.get("page")),
    }
    return desk_page(request, "review", context)


# --- A meeting ---


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk()
def review_meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """All that hangs on a meeting and what is missing; publishes it in one act, or sends it to review."""
    meeting = get_object_or_404(Meeting.objects.select_related("process", "host"), pk=pk)
    if request.method == "POST":
        return _act(request, meeting)
    return _checklist(request, gather(meeting))


def _checklist(
    request: HttpRequest, whole: Whole, problems: list[Line] | None = None, status: int = 200
) -> HttpResponse:
    found = gaps(whole, request.user)
    blocking = [gap for gap in found if gap.blocks]
    context = {
        "title": f"Review: {whole.meeting}",
        "meeting": whole.meeting,
        "address": form_address(whole.meeting),
        "kinds": [
            _kind(model, list(some.values())) for model, some in whole.records.items() if some
        ],
        "citations": len(whole.citations),
        "blocking": blocking,
        "wanting": [gap for gap in found if not gap.blocks],
        "going": _told(whole.waiting),
        "drafts": _told(whole.drafts),
        "seal": whole.seal(),
        "reviewer": may_publish(request.user),
        "problems": problems,
        "statuses": Status.choices,
    }
    return desk_page(request, "review_meeting", context, status=status)


def _kind(model: type[Record], records: list[Any]) -> dict[str, Any]:
    counts = Counter(each.status for each in records)
    records.sort(key=lambda each: (each.is_public, each.pk))
    return {
        "name": model._meta.verbose_name_plural,
        "counts": [counts[status] for status in Status.values],
        "records": [(each, form_address(each)) for each in records[:SHOWN_PER_KIND]],
        "more": max(0, len(records) - SHOWN_PER_KIND),
        "waiting": any(not each.is_public for each in records),
    }


def _told(records: list[Any]) -> str:
    """How many of each kind: "1 meeting, 2 parties"; empty for none."""
    counts = Counter(type(each) for each in records)
    return ", ".join(
        f"{number} {meta.verbose_name if number == 1 else meta.verbose_name_plural}"
        for model, number in counts.items()
        if (meta := model._meta)
    )


def _act(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    user: Any = request.user
    publishes = "publish" in request.POST
    if publishes and not may_publish(user):
        raise PermissionDenied
    try:
        with transaction.atomic(), pghistory.context(note=f"The whole of “{meeting}”"):
            # Whoever else publishes or adds to it waits until we are done.
            Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)
            whole = gather(meeting)
            if publishes and request.POST.get("seal") != whole.seal():
                said = "It has changed since you opened this page. Look at it again, then publish."
                return _checklist(request, whole, [Line(meeting, said, "")], 409)
            told = _told(whole.waiting if publishes else whole.drafts)
            if publishes:
                number = publish_all(whole.waiting, user)
            else:
                _may_change(user, whole.drafts)
                number = send_all_to_review(whole.drafts)
    except NotReady as error:
        problems = [Line(each, said, form_address(each)) for each, said in error.problems]
        return _checklist(request, gather(meeting), problems, 422)
    except IntegrityError as error:
        return _checklist(request, gather(meeting), [Line(meeting, broken_rule(error), "")], 422)
    done = "was published" if publishes else "was sent to review"
    messages.success(
        request, f"“{meeting}” {done}: {told}." if number else f"Nothing of “{meeting}” waited."
    )
    return HttpResponseRedirect(reverse("review_meeting", args=[meeting.pk]))


def _may_change(user: Any, records: list[Any]) -> None:
    if not user.has_perms({f"negotiations.change_{kind_of(each)}" for each in records}):
        raise PermissionDenied


# --- Steps that need a text ---

STEPS = {
    "withdraw": {
        "name": "_withdraw",
        "words": "Withdraw",
        "label": "Why, for the public",
        "help": "The page of what is withdrawn shows this sentence and the day instead of its "
        "content. Those who cited it will read it: say what was wrong, without repeating it.",
    },
    "send-back": {
        "name": "_send_back",
        "words": "Send back",
        "label": "Note",
        "help": "For the desk only: what is to be mended? It stays on the record until resolved.",
    },
}


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk(may_publish)
def review_step(request: HttpRequest, kind: str, step: str) -> HttpResponse:
    """Asks for a note or a reason, then sends records back or withdraws them."""
    model = next((each for each in record_models() if kind_of(each) == kind), None)
    pks = request.GET.getlist("pk")
    if model is None or step not in STEPS or not all(pk.isdecimal() and len(pk) < 19 for pk in pks):
        raise Http404
    records = model._default_manager.filter(pk__in=pks).order_by("pk")[:MOST_AT_ONCE]
    if not records:
        raise Http404
    words = STEPS[step]
    text = request.POST.get("text", "")
    if request.method == "POST" and text.strip():
        record_admin: Any = admin.site.get_model_admin(model)
        record_admin.act(request, records, words["name"], text)
        one = records[0]
        address = form_address(one) if len(records) == 1 else None
        return HttpResponseRedirect(address or reverse(f"admin:negotiations_{kind}_changelist"))
    plural = model._meta.verbose_name_plural
    context = {
        "title": f"{words['words']}: "
        + (str(records[0]) if len(records) == 1 else f"{len(records)} {plural}"),
        "records": [(each, form_address(each)) for each in records],
        "step": words,
        "error": request.method == "POST",
    }
    return desk_page(request, "review_step", context, status=422 if context["error"] else 200)


def _what(user: Any) -> str:
    number = queue.count_waiting()
    return f"{number} record{'s' * (number != 1)} wait{'s' * (number == 1)} for review."


TOOLS.append(Tool("/admin/review/", "Review", _what))
