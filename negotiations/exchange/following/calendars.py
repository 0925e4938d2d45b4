"""Calendars to subscribe to: one record's meetings and due dates, or all."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from negotiations.exchange.following import events
from negotiations.exchange.following.beside import beside, refused
from negotiations.models import Action, Meeting, Party, Process
from negotiations.models.visibility import asks_for_demonstration

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest
    from icalendar import Event

    from negotiations.models import Record, Withdrawal
    from negotiations.models.actions import ActionQuerySet

MOST = 1000  # events of one kind in one calendar, the latest
BEFORE = dt.timedelta(days=366)  # how far back the calendar of all reaches, and cancellations do
BELOW = "(SELECT readout_party_and_below(%(pk)s))"
WERE_PUBLIC = "status IN ('published', 'withdrawn')"
# By what a calendar is of and by kind: which withdrawn ones belong to it.
GONE = {
    "process": {"meeting": "c.id = %(pk)s", "action": "c.id = %(pk)s"},
    "meeting": {"action": "r.meeting_id = %(pk)s"},
    "party": {
        "meeting": "r.pgh_obj_id IN (SELECT d.meeting_id FROM negotiations_delegation d"
        f" WHERE d.party_id IN {BELOW} AND d.{WERE_PUBLIC})",
    },
    "action": {},
}


def _answer(name: str, url: str, made: list[Event], status: int = 200) -> HttpResponse:
    response = HttpResponse(
        events.calendar(name, url, made),
        status=status,
        content_type="text/calendar; charset=utf-8; method=PUBLISH",
    )
    response["Content-Disposition"] = 'inline; filename="readout.ics"'
    return response


def _base(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")


def _cancelled(request: HttpRequest, withdrawal: Withdrawal) -> HttpResponse:
    """That the record is gone, in words that a calendar understands too."""
    kind, base = withdrawal.kind, _base(request)
    gone = []
    if kind in ("meeting", "action"):
        which = {kind: "n.record_id = %(pk)s"}
        gone = events.gone_since(dt.date.min, which, {"pk": withdrawal.record_id})
    name = f"Readout: {kind} {withdrawal.record_id}, withdrawn"
    return _answer(name, f"{base}/changes/", [events.gone_event(e, base) for e in gone], 410)


@require_safe
@beside("ics", _cancelled)
def record_calendar(request: HttpRequest, record: Record) -> HttpResponse:
    """The meetings and due dates of a process or a party; a meeting; an action's due date."""
    kind = str(record._meta.model_name)
    meetings, actions = _of(record)
    base = _base(request)
    made = _events(meetings, actions, base)
    if GONE[kind]:
        since = timezone.localdate() - BEFORE
        gone = events.gone_since(since, GONE[kind], {"pk": record.pk})
        made += [events.gone_event(each, base) for each in gone]
    invented = " (demonstration data)" if record.is_demonstration else ""
    return _answer(f"Readout: {record}{invented}", base + record.get_absolute_url(), made)


def _of(record: Record) -> tuple[QuerySet[Meeting], ActionQuerySet]:
    meetings, actions = Meeting.published.all(), Action.published.all()
    if isinstance(record, Process):
        return meetings.filter(process=record), actions.filter(meeting__process=record)
    if isinstance(record, Party):
        below = RawSQL("SELECT readout_party_and_below(%s)", [record.pk])
        sat = Q(delegations__party__in=below, delegations__status="published")
        return meetings.filter(sat).distinct(), actions.owed_by(record)
    if isinstance(record, Meeting):
        return meetings.filter(pk=record.pk), actions.filter(meeting=record)
    return meetings.none(), actions.filter(pk=record.pk)


@require_safe
def whole_calendar(request: HttpRequest) -> HttpResponse:
    """/calendar.ics: all meetings and due dates from a year ago on."""
    try:
        demonstration = asks_for_demonstration(request.GET.get("data", ""))
    except ValueError as error:
        return refused(error)
    since = timezone.localdate() - BEFORE
    meetings = Meeting.published.demonstrating(demonstration).filter(
        Q(date_until__gte=since) | Q(ended_until__gte=since)
    )
    actions = Action.published.demonstrating(demonstration).filter(due_until__gte=since)
    base = _base(request)
    which = "c.demonstration = %(demonstration)s"
    gone = events.gone_since(
        since, {"meeting": which, "action": which}, {"demonstration": demonstration}
    )
    made = _events(meetings, actions, base)
    made += [events.gone_event(each, base) for each in gone]
    name = "Readout (demonstration data)" if demonstration else "Readout"
    return _answer(name, f"{base}/meetings/", made)


def _events(meetings: QuerySet[Meeting], actions: ActionQuerySet, base: str) -> list[Event]:
    dated = meetings.filter(date_from__isnull=False).select_related("process", "host")
    due = (
        actions.filter(due_from__isnull=False)
        .with_state()
        .select_related("meeting__process")
        .prefetch_related("owed_by", "accounts__party")
    )
    return [
        *(events.meeting_event(each, base) for each in dated.order_by("-date_from", "-pk")[:MOST]),
        *(events.due_event(each, base) for each in due.order_by("-due_from", "-pk")[:MOST]),
    ]
