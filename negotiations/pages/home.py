"""The front page, the processes, and the pages about the site itself."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from negotiations.insight.corrections import last_corrected
from negotiations.insight.corroboration import Verdict, with_verdict
from negotiations.insight.outcomes import Asked, on_this_day, outcomes, summary
from negotiations.languages import LANGUAGES, counted, gettext, here
from negotiations.languages.names import kinds_named
from negotiations.models import (
    Account,
    Action,
    Meeting,
    OpenMatter,
    Party,
    Position,
    Process,
    Question,
    Statement,
    record_models,
)
from negotiations.pages.former import former_address
from negotiations.pages.rendering import page, preview
from negotiations.pages.tracker import tiles, with_actions
from negotiations.search import finding
from negotiations.search.entries import Kind

if TYPE_CHECKING:
    from django.http import HttpRequest

NEWEST = 6
TODAY = 3


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What is new, and the ways in."""
    held = Meeting.published.real().filter(state=Meeting.State.HELD)
    context = {
        "meetings": held.select_related("process")[:NEWEST],
        "to_come": Meeting.published.real()
        .filter(state=Meeting.State.PLANNED)
        .order_by(F("date_from").asc(nulls_last=True), "title")[:NEWEST],
        "actions": _with_accounts(Action.published.real()).order_by("-meeting__date_from", "id")[
            :NEWEST
        ],
        "quotation": Statement.published.real()
        .filter(form=Statement.Form.VERBATIM, words__regex=r".{60,}", date_from__isnull=False)
        .select_related("speaker", "party", "meeting")
        .order_by("-date_from", "-id")  # as the index has it: the default puts undated ones last
        .first(),
        "questions": Question.published.real()
        .select_related("topic")
        .filter(Exists(Position.published.filter(question=OuterRef("pk"))))
        .order_by("-id")[:NEWEST],
        "counts": _counts(),
        **_today(Asked()),
        "demonstrations": Process.published.demonstrating(True).order_by("name"),
    }
    return page(request, "home", context)


def _today(asked: Asked) -> dict[str, Any]:
    """What is due soon, and what was on this day."""
    soon, _ = outcomes(replace(asked, due="soon"), most=TODAY)
    return {
        "soon": with_actions(soon, drafts=asked.drafts),
        "this_day": on_this_day(asked, most=TODAY),
    }


def _counts() -> list[dict[str, str]]:
    """How much there is of what most readers look for, in words."""
    (meetings, sure), (said, said_sure), (agreed, agreed_sure) = finding.numbers_of(
        Kind.MEETING, Kind.STATEMENT, Kind.ACTION
    )
    told = (
        ("/meetings/", counted("{number} meeting", "{number} meetings", meetings), sure),
        ("/statements/", counted("{number} statement", "{number} statements", said), said_sure),
        ("/actions/", counted("{number} action", "{number} actions", agreed), agreed_sure),
    )
    return [
        {
            "url": here() + url,
            "words": words if exact else gettext("about {what}").format(what=words),
        }
        for url, words, exact in told
    ]


def _with_accounts(actions: Any) -> Any:
    accounts = Account.published.select_related("party").order_by("id")
    return (
        with_verdict(actions)
        .with_state()
        .select_related("meeting")
        .prefetch_related(Prefetch("accounts", queryset=accounts, to_attr="known_accounts"))
    )


@require_safe
def process_list(request: HttpRequest) -> HttpResponse:
    """All processes, with how much is known of each."""
    processes = Process.published.annotate(
        meeting_count=Count("meetings", filter=Q(meetings__status="published"), distinct=True)
    )
    processes = processes.order_by("name").prefetch_related(
        Prefetch("parties", queryset=Party.published.all(), to_attr="sides")
    )
    context = {"processes": processes.real(), "demonstrations": processes.demonstrating(True)}
    return page(request, "processes", context)


@require_safe
@former_address(Process)
def process_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One course of negotiation: its sides, meetings, results and disputes."""
    drafts = preview(request)
    process = get_object_or_404(Process.objects.visible(preview=drafts), slug=slug)
    meetings = Meeting.objects.visible(preview=drafts).filter(process=process)
    questions = Question.objects.visible(preview=drafts).filter(
        positions__statement__meeting__process=process
    )
    asked = Asked(process, demonstration=process.demonstration, drafts=drafts)
    numbers = summary(asked)
    context = {
        "process": process,
        "summary": numbers,
        "tiles": tiles(numbers, asked),
        "whose": asked.whose,
        **_today(asked),
        "corrected": last_corrected(process),
        "sides": Party.objects.visible(preview=drafts).filter(processes=process),
        "held": meetings.filter(state=Meeting.State.HELD),
        "to_come": meetings.exclude(state=Meeting.State.HELD).order_by(
            F("date_from").asc(nulls_last=True), "title"
        ),
        "actions": _with_accounts(
            Action.objects.visible(preview=drafts).filter(meeting__process=process)
        ).order_by("-meeting__date_from", "id")[:100],
        "open_matters": OpenMatter.objects.visible(preview=drafts)
        .filter(meeting__process=process)
        .select_related("meeting")[:100],
        "questions": questions.select_related("topic").distinct(),
    }
    return page(request, "process", context)


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What the words mean, and why one may trust them."""
    return page(request, "about", {"verdicts": Verdict})


@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """What is here, how much of it, and how it may be used."""
    kinds = [
        (kinds_named(model), model._default_manager.public().real().count())
        for model in record_models()
    ]
    return page(request, "data", {"kinds": kinds, "package": _package()})


def _package() -> dict[str, Any] | None:
    """The data package that is there to keep: when it was made, and its size."""
    try:
        found = settings.DATAPACKAGE.stat()
    except OSError:
        return None
    return {"made": dt.datetime.fromtimestamp(found.st_mtime, dt.UTC), "size": found.st_size}


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """For pages that name no icon of their own, such as admin's."""
    return HttpResponseRedirect(static("icons/readout.svg"))


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Search engines may read everything but the desk and the endless combinations of filters."""
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /health/",
        *(
            f"Disallow: {language.prefix}{address}"
            for language in LANGUAGES.values()
            for address in ("/search/", "/compare/?", "/questions/*?")
        ),
        "Disallow: /*?*preview",
        "",
        f"Sitemap: {request.build_absolute_uri('/sitemap.xml')}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
