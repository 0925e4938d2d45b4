"""The desk page: read on the left, draft on the right; and the list of sources to draft from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

import pghistory
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from negotiations.editing.drafting.forms import FORMS, DraftForm
from negotiations.editing.drafting.showing import sentence_number, shown
from negotiations.editing.drafting.work import Work
from negotiations.editing.pages import TOOLS, Tool, at_the_desk, desk_page
from negotiations.models import (
    Dismissal,
    Record,
    Source,
)
from negotiations.models.sources import passage_places
from negotiations.models.visibility import may_preview, send_to_review

if TYPE_CHECKING:
    from django.http import HttpRequest

    from negotiations.editing.drafting.suggestions import Suggestion
    from negotiations.models import User

DRAFTED = (
    "add_statement",
    "add_position",
    "add_action",
    "add_account",
    "add_openmatter",
    "add_person",
    "add_party",
    "add_meeting",
    "add_topic",
)


def may_draft(user: Any) -> bool:
    return may_preview(user) and user.has_perms([f"negotiations.{right}" for right in DRAFTED])


@at_the_desk(may_draft)
@require_GET
def sources(request: HttpRequest) -> HttpResponse:
    """The sources whose text was captured, the newest first."""
    found = Source.objects.exclude(text="").defer("text").order_by("-pk")
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    return desk_page(request, "draft_sources", {"title": "Draft", "page": page})


@at_the_desk(may_draft)
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of one source; with `kind` or `suggestion`, the form for a passage is open."""
    source = get_object_or_404(Source, pk=pk)
    data = request.POST if request.method == "POST" else request.GET
    work = Work(source, _editor(request), place=_whole(data.get("start") or data.get("at")))
    if request.method != "POST":
        form = _opened(work, request.GET)
        stale = request.GET.get("sha256", source.text_sha256) != source.text_sha256
        if stale:
            messages.warning(request, "The text was captured anew: here is the new one.")
        return _page(request, work, form, whole=stale)
    form = _sent(work, request.POST)
    made = _save(form, form.beside if "take" in request.POST else [])
    if form.errors:
        return _page(request, work, form, status=422)
    return _done(request, work, made, go_on="stay" not in request.POST, keep=form)


def _save(form: DraftForm, beside: list[Suggestion]) -> list[Record]:
    """Save a form and the suggestions that it takes along, all or nothing; errors are on the form."""
    if not form.is_valid():
        return []
    with transaction.atomic():
        made = form.save().made
        if beside and not form.errors:
            others, refused = _accept(form.work, beside)
            made = made + others
            if refused:
                told = " ".join(str(each) for at in refused.errors.values() for each in at)
                form.add_error(None, f"“{refused.quoted}” can’t be taken along: {told}")
        if form.errors:
            transaction.set_rollback(True)
    return [] if form.errors else made


@at_the_desk(may_draft)
@require_POST
def suggestions(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept a suggestion (or all of its sentence) as it is, dismiss it, or bring it back."""
    source = get_object_or_404(Source, pk=pk)
    at = request.POST.get("at") or request.POST.get("start")
    work = Work(source, _editor(request), place=_whole(at))
    if key := request.POST.get("restore"):
        Dismissal.objects.filter(source=source, suggestion=key).delete()
        messages.success(request, "Brought back.")
        return _back(request, work, key=key)
    act = next((name for name in ("accept", "accept_all", "dismiss") if request.POST.get(name)), "")
    suggestion = work.suggestion(request.POST.get(act, ""))
    if suggestion is None:
        messages.warning(request, "Nothing was done: that was drafted or dismissed meanwhile.")
        return _back(request, work)
    if act == "dismiss":
        by = {"by": request.user}
        Dismissal.objects.get_or_create(source=source, suggestion=suggestion.key, defaults=by)
        messages.success(request, f"Dismissed: {suggestion.title.lower()}. U brings it back.")
        return _done(request, work, [], place=suggestion.start, go_on=True)
    accepted = [suggestion]
    if act == "accept_all":
        accepted = work.ready_in_sentence(suggestion.start) or accepted
    made, refused = _accept(work, accepted)
    if refused:
        return _page(request, work, refused, status=422)
    return _done(request, work, made, place=suggestion.start, go_on=True)


def _accept(work: Work, accepted: list[Suggestion]) -> tuple[list[Record], DraftForm | None]:
    """Save each one's form as it opens: all of them, or none and the form that was refused."""
    made: list[Record] = []
    with transaction.atomic():
        # Whoever accepts the same at this moment waits, and then finds it drafted.
        Source.objects.select_for_update().get(pk=work.source.pk)
        for key in [each.key for each in accepted]:
            fresh = Work(work.source, work.editor, work.place)
            if not (suggestion := fresh.suggestion(key)):
                continue
            form = _form_of(fresh, suggestion)
            form = _form_of(fresh, suggestion, data=_as_sent(form))
            if not form.is_valid() or form.save().errors:
                transaction.set_rollback(True)
                return [], form
            made += form.made
    return made, None


@at_the_desk(may_draft)
@require_POST
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Send all that was drafted from this source, and its meeting, to a reviewer: all or nothing."""
    source = get_object_or_404(Source, pk=pk)
    work = Work(source, _editor(request), place=_whole(request.POST.get("at")))
    with transaction.atomic(), pghistory.context(note=f"Drafted from “{source.title}”"):
        count = sum(send_to_review(record) for record in work.all_drafts())
    if count:
        messages.success(request, f"{count} drafts were sent to review.")
    else:
        messages.info(request, "There is no draft to send: all of it was sent before.")
    return _back(request, work)


def _editor(request: HttpRequest) -> User:
    """Whoever came in past `at_the_desk`."""
    return cast("User", request.user)


# --- Opening forms ---


def _whole(value: Any) -> int:
    """A position from an address: 0 for what is none."""
    text = str(value or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _opened(work: Work, asked: Any) -> DraftForm | None:
    """The form that the address asks for; without a meeting, the one that chooses it."""
    if suggestion := work.suggestion(asked.get("suggestion", "")):
        return _form_of(work, suggestion, asked.get("kind", ""))
    kind = asked.get("kind", "")
    if kind not in FORMS:
        return FORMS["meeting"](work) if work.meeting is None and not asked.get("at") else None
    if FORMS[kind].needs_meeting and work.meeting is None:
        kind = "meeting"
    start, end = _range(work, asked)
    passage, action = work.source.text[start:end], _whole(asked.get("of_action"))
    return FORMS[kind](work, start=start, end=end, passage=passage, action=action)


def _range(work: Work, asked: Any) -> tuple[int, int]:
    """The passage that is meant: by its place, or by its words where they were typed in."""
    typed = str(asked.get("passage", "")).strip()
    if typed and not asked.get("end"):
        places = passage_places(typed, work.source.text)
        return (places[0][0], places[-1][1]) if places else (0, 0)
    return work.reading.between(_whole(asked.get("start")), _whole(asked.get("end")))


def _form_of(
    work: Work, suggestion: Suggestion, kind: str = "", data: dict[str, Any] | None = None
) -> DraftForm:
    """The form for a suggestion, filled; of another kind, if the editor says so."""
    return FORMS[kind if kind in FORMS else suggestion.kind](
        work,
        data,
        start=suggestion.start,
        end=suggestion.end,
        passage=suggestion.passage,
        suggestion=suggestion,
    )


def _sent(work: Work, data: Any) -> DraftForm:
    kind = data.get("kind", "")
    start, end = _whole(data.get("start")), _whole(data.get("end"))
    return FORMS.get(kind, FORMS["statement"])(
        work,
        data,
        start=start,
        end=end,
        passage=work.source.text[start:end],
        suggestion=work.suggestion(data.get("suggestion", "")),
    )


def _as_sent(form: DraftForm) -> dict[str, str]:
    """What the form would send if the editor changed nothing."""
    values = {bound.html_name: bound.value() for bound in form}
    return {
        name: str(getattr(value, "pk", value))
        for name, value in values.items()
        if value not in (None, "", False)
    }


# --- Answering ---


def _done(
    request: HttpRequest,
    work: Work,
    made: list[Record],
    *,
    place: int | None = None,
    go_on: bool = False,
    keep: DraftForm | None = None,
) -> HttpResponse:
    """Say what was made, and go back to the text: to the next suggestion, or to where one was."""
    if made:
        messages.success(request, f"Drafted: {_told(made)}.")
    place = keep.begins if keep and place is None else place or 0
    if keep and keep.stays:
        messages.success(request, f"{keep.title}: kept.")
        return _back(request, work, place=0, go_on=True, people_first=True)
    return _back(request, work, place=place, go_on=go_on)


def _told(made: list[Record]) -> str:
    counts: dict[str, int] = {}
    for record in made:
        name = str(record._meta.verbose_name)
        counts[name] = counts.get(name, 0) + 1
    told = ", ".join(f"{number} {name}{'s' * (number > 1)}" for name, number in counts.items())
    return f"{told} ({made[-1]})" if len(made) == 1 else told


def _back(
    request: HttpRequest,
    work: Work,
    *,
    place: int | None = None,
    go_on: bool = False,
    key: str = "",
    people_first: bool = False,
) -> HttpResponse:
    place = work.place if place is None else place
    work = Work(work.source, work.editor, place)
    if not request.htmx:
        address = reverse("draft", args=[work.source.pk])
        return HttpResponseRedirect(
            f"{address}?{urlencode({'at': place})}#s-{sentence_number(work, place)}"
        )
    upcoming = work.suggestion(key) if key else work.next_after(place) if go_on else None
    if people_first:
        # Whoever is known by then is recognised as a speaker.
        person = (each for each in work.suggestions if each.kind == "person")
        upcoming = next(person, upcoming)
    form, focus = None, f"s-{sentence_number(work, place)}"
    if upcoming:
        focus = f"offer-{upcoming.number}"
        if go_on and not upcoming.is_ready:
            form = _form_of(work, upcoming)
    return _page(request, work, form, whole=True, focus=focus)


def _page(
    request: HttpRequest,
    work: Work,
    form: DraftForm | None,
    *,
    whole: bool = False,
    focus: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page; for htmx the form alone, or both panes where the text's marks may have changed."""
    if request.htmx and not whole and request.htmx.target == "form":
        context = {"work": work, "source": work.source, "form": form}
        response = desk_page(request, "draft", context, "form", status)
        return response
    context = shown(work, form, focus)
    if not request.htmx:
        return desk_page(request, "draft", context, status=status)
    # What is said of it goes to the live region, which stays in the page.
    said = [str(message) for message in messages.get_messages(request)]
    html = render_to_string("editing/draft.html#panes", {**context, "said": said}, request)
    response = HttpResponse(html, status=status)
    response["HX-Retarget"], response["HX-Reswap"] = "#panes", "outerHTML"
    return response


TOOLS.append(Tool("/admin/draft/", "Draft", "From a captured text, passage by passage.", may_draft))
