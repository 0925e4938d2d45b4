"""Meetings and due dates as events of a calendar: iCalendar (RFC 5545), published (RFC 5546).

Readout knows no times of day, so all events are all-day, and no time zone can be wrong. What is known
to the month or the year only, or "about", takes all of that span and says so. What has no date is left
out. What was public and is not any more is sent as cancelled, on the day on which it was withdrawn:
of itself it says nothing.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection
from icalendar import STATUS, TRANSP, Calendar, Event, Timezone, TimezoneStandard, vText

from negotiations.exchange.following.addresses import host
from negotiations.exchange.following.news import printable
from negotiations.exchange.following.reach import last_version
from negotiations.models import Action, Meeting, Precision

if TYPE_CHECKING:
    from collections.abc import Iterable

    from negotiations.models import VagueDate

DAY = dt.timedelta(days=1)
REFRESH = dt.timedelta(hours=12)
PRODUCT = "-//Readout//Calendar//EN"
STATES = {
    Meeting.State.HELD: (STATUS.CONFIRMED, ""),
    Meeting.State.PLANNED: (STATUS.TENTATIVE, "Planned: "),
    # It does not take place on the day that was named for it.
    Meeting.State.POSTPONED: (STATUS.CANCELLED, "Postponed: "),
    Meeting.State.CANCELLED: (STATUS.CANCELLED, "Cancelled: "),
}


class Gone(NamedTuple):
    """A meeting or an action that was public with a date, and is not public any more."""

    kind: str
    number: int
    at: dt.datetime
    revision: int


def calendar(name: str, url: str, events: Iterable[Event]) -> bytes:
    """A calendar with these events, as a file."""
    name = " ".join(printable(name).split())
    made = Calendar.new(
        uid=uuid.uuid5(uuid.NAMESPACE_URL, url),
        prodid=PRODUCT,
        method="PUBLISH",
        refresh_interval=REFRESH,
        url=url,
    )
    made["REFRESH-INTERVAL"].params["VALUE"] = "DURATION"  # RFC 7986, 5.7
    # The library would leave these names without their escapes.
    made.add("NAME", vText(name))
    made.add("X-WR-CALNAME", vText(name))
    made.add("X-PUBLISHED-TTL", "PT12H")
    for event in events:
        made.add_component(event)
    if not made.subcomponents:
        made.add_component(_something())
    return bytes(made.to_ical())


def _something() -> Timezone:
    """A calendar has at least one component (RFC 5545, 3.4): where nothing is dated, this one."""
    utc = TimezoneStandard()
    utc.add("DTSTART", dt.datetime(1970, 1, 1))
    utc.add("TZOFFSETFROM", dt.timedelta())
    utc.add("TZOFFSETTO", dt.timedelta())
    zone = Timezone()
    zone.add("TZID", "Etc/UTC")
    zone.add_component(utc)
    return zone


# --- Events ---


def _uid(kind: str, number: int) -> str:
    return f"{kind}-{number}@{host()}"


def _vague(*dates: VagueDate | None) -> bool:
    return any(date and (date.about or date.precision != Precision.DAY) for date in dates)


def _event(
    record: Meeting | Action, title: str, span: tuple[dt.date, dt.date], **more: Any
) -> Event:
    kind = str(record._meta.model_name)
    return Event.new(
        uid=_uid(kind, record.pk),
        stamp=record.updated_at,
        last_modified=record.updated_at,
        sequence=record.revision,
        summary=printable(title),
        start=span[0],
        end=span[1] + DAY,
        transparency=TRANSP.TRANSPARENT,
        **more,
    )


def meeting_event(meeting: Meeting, base: str) -> Event:
    """A dated meeting; `base` is the site's absolute address without a slash at the end."""
    status, before = STATES[Meeting.State(meeting.state)]
    last = (meeting.ended or meeting.date).last
    when = f"{meeting.date} to {meeting.ended}" if meeting.ended else str(meeting.date)
    told = []
    after = ""
    if _vague(meeting.date, meeting.ended):
        after = f" ({when}, no day known)"
        told.append(f"The day is not known. Known is: {when}.")
        status = STATUS.TENTATIVE if status == STATUS.CONFIRMED else status
    if meeting.state == Meeting.State.POSTPONED:
        told.append("It was postponed from this date.")
    told += [f"{meeting.get_state_display()}: {meeting.get_kind_display()}, {meeting.process}"]
    told += [text for text in (meeting.get_duration_display(), meeting.summary) if text]
    address = base + meeting.get_absolute_url()
    event = _event(
        meeting,
        f"{_invented(meeting)}{before}{meeting.title}{after}",
        (meeting.date.first, last),
        status=status,
        location=printable(meeting.place) or None,
        description=printable("\n".join([*told, address])),
        url=address,
        categories=["Meeting"],
    )
    if meeting.coordinates:
        event.add("GEO", tuple(float(each) for each in meeting.coordinates.split(",")))
    return event


def due_event(action: Any, base: str) -> Event:
    """When an action that has a due date is due; it comes with its `state`."""
    vague = _vague(action.due)
    told = [f"The day is not known. Known is: {action.due}."] if vague else []
    if action.due_words:
        told.append(f"Due in the source’s words: “{action.due_words}”")
    owing = ", ".join(map(str, action.owed_by.all()))
    told += [f"Owed by: {owing or 'not said'}", f"Agreed at: {action.meeting}"]
    accounts = [each for each in action.accounts.all() if each.is_public]
    told += [f"{each.party}: {each.get_stance_display()}" for each in accounts]
    told.append(f"Latest report: {action.state.replace('_', ' ') if action.state else 'none'}")
    address = base + action.get_absolute_url()
    after = f" ({action.due}, no day known)" if vague else ""
    return _event(
        action,
        f"{_invented(action)}Due: {action.title}{after}",
        (action.due.first, action.due.last),
        status=STATUS.TENTATIVE if vague else STATUS.CONFIRMED,
        description=printable("\n".join([*told, address])),
        url=address,
        categories=["Due"],
    )


def _invented(record: Meeting | Action) -> str:
    return "Demonstration data: " if record.is_demonstration else ""


def gone_event(gone: Gone, base: str) -> Event:
    """That something was withdrawn which calendars may still hold."""
    address = f"{base}/changes/?record={gone.kind}-{gone.number}&what=withdrawn"
    return Event.new(
        uid=_uid(gone.kind, gone.number),
        stamp=gone.at,
        last_modified=gone.at,
        sequence=gone.revision + 1,
        summary=f"Withdrawn: {gone.kind} {gone.number}",
        description=f"It is not public any more.\n{address}",
        url=address,
        start=gone.at.date(),
        end=gone.at.date() + DAY,
        status=STATUS.CANCELLED,
        transparency=TRANSP.TRANSPARENT,
    )


# --- What is not public any more ---

# By kind: the column by whose first day it was in a calendar, and the way to its process.
_WERE_DATED = {
    "meeting": ("date_from", "JOIN negotiations_process c ON c.id = r.process_id"),
    "action": (
        "due_from",
        "JOIN negotiations_meeting m ON m.id = r.meeting_id"
        " JOIN negotiations_process c ON c.id = m.process_id",
    ),
}


def gone_since(since: dt.date, where: dict[str, str], values: dict[str, Any]) -> list[Gone]:
    """What was withdrawn since a day; `where` says by kind which (`r` is what it was, `c` its process)."""
    each = " UNION ALL ".join(
        f"""(SELECT DISTINCT ON (n.record_id) n.kind, n.record_id, n.at, r.revision
        FROM negotiations_correction n
        {last_version(kind)}
        {_WERE_DATED[kind][1]}
        WHERE n.kind = '{kind}' AND n.what = 'withdrawn' AND n.shown AND n.at >= %(since)s
          AND r.{_WERE_DATED[kind][0]} IS NOT NULL AND {sql}
          AND NOT EXISTS (SELECT FROM negotiations_{kind} now
            WHERE now.id = n.record_id AND now.status = 'published')
        ORDER BY n.record_id, n.at DESC)"""
        for kind, sql in where.items()
    )
    with connection.cursor() as cursor:
        cursor.execute(each, {**values, "since": since})
        return [Gone(*row) for row in cursor.fetchall()]
