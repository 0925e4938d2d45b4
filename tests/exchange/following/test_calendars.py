"""Calendars say when, never more exactly than is known; read by two independent parsers."""

from __future__ import annotations

import datetime as dt
from typing import Any

import icalendar
import pytest
import vobject
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from negotiations.models import Meeting
from negotiations.models.visibility import withdraw
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = dt.datetime.now(dt.UTC).date()
SOON = TODAY + dt.timedelta(days=20)


def read(client: Client, address: str, status: int = 200) -> dict[str, Any]:
    """The events by UID, read by icalendar; vobject has validated them."""
    response = client.get(address)
    assert response.status_code == status, address
    assert response["Content-Type"].startswith("text/calendar")
    body = response.content
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    assert b"\n" not in body.replace(b"\r\n", b"")
    other = vobject.readOne(body.decode())
    other.validate(raiseException=True)
    made = icalendar.Calendar.from_ical(body)
    assert (made["METHOD"], made["VERSION"]) == ("PUBLISH", "2.0")
    assert made.subcomponents
    assert not made.errors
    assert len(other.contents.get("vevent", [])) == len(made.events)
    return {str(event["UID"]): event for event in made.events}


def of(record: Any) -> str:
    return f"{record._meta.model_name}-{record.pk}@localhost"


def ics(record: Any) -> str:
    return f"{record.get_absolute_url()[:-1]}.ics"


def test_a_meeting_is_there_on_its_days(client: Client) -> None:
    meeting = factories.MeetingFactory(
        title="Talks; on \\ “peace”, and\nmore " + "long " * 20, date="2025-02-18", ended="2025-02-20",
        place="Riyadh, Saudi Arabia", coordinates="24.71, 46.68", duration=270,
    )  # fmt: skip
    response = client.get(ics(meeting))
    assert client.get(ics(meeting), headers={"If-None-Match": response["ETag"]}).status_code == 304
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT12H" in response.content
    assert b"NAME:Readout: Talks\\; on \\\\ " in response.content
    event = read(client, ics(meeting))[of(meeting)]
    assert event["SUMMARY"] == meeting.title
    assert (event.start, event.end) == (dt.date(2025, 2, 18), dt.date(2025, 2, 21))
    assert event["LOCATION"] == "Riyadh, Saudi Arabia"
    assert event["STATUS"] == "CONFIRMED"
    assert event["SEQUENCE"] == meeting.revision
    assert event["URL"] == f"http://testserver{meeting.get_absolute_url()}"
    assert event["GEO"].latitude == 24.71
    assert "4½ hours" in event["DESCRIPTION"]


@pytest.mark.parametrize(
    ("date", "first", "after"),
    [
        ("2025-02", dt.date(2025, 2, 1), dt.date(2025, 3, 1)),
        ("2024", dt.date(2024, 1, 1), dt.date(2025, 1, 1)),
        ("about 2025-02-18", dt.date(2025, 2, 18), dt.date(2025, 2, 19)),
    ],
)
def test_what_is_vague_takes_all_of_its_span_and_says_so(
    client: Client, date: str, first: dt.date, after: dt.date
) -> None:
    meeting = factories.MeetingFactory(title="Talks", date=date)
    action = factories.ActionFactory(meeting=meeting, title="Go", due=date)
    for record, name in ((meeting, "Talks"), (action, "Due: Go")):
        event = read(client, ics(record))[of(record)]
        assert (event.start, event.end) == (first, after)
        assert event["SUMMARY"] == f"{name} ({record.date if record == meeting else record.due}, no day known)"  # fmt: skip
        assert "The day is not known." in event["DESCRIPTION"]
        assert event["STATUS"] == "TENTATIVE"


def test_without_a_date_it_is_left_out_and_the_file_is_valid(client: Client) -> None:
    meeting = factories.MeetingFactory(state="planned", date=None, timing="in due course")
    action = factories.ActionFactory(meeting=meeting, due_words="soon")
    for record in (meeting, action, meeting.process):
        assert not read(client, ics(record))


@pytest.mark.parametrize(
    ("state", "status", "summary"),
    [
        ("planned", "TENTATIVE", "Planned: Talks"),
        ("postponed", "CANCELLED", "Postponed: Talks"),
        ("cancelled", "CANCELLED", "Cancelled: Talks"),
    ],
)
def test_a_change_of_state_has_the_same_uid_and_a_higher_sequence(
    client: Client, state: str, status: str, summary: str
) -> None:
    meeting = factories.MeetingFactory(title="Talks", date=SOON.isoformat())
    before = read(client, ics(meeting))[of(meeting)]
    Meeting.objects.filter(pk=meeting.pk).update(state=state)
    after = read(client, ics(meeting))[of(meeting)]
    assert (after["STATUS"], after["SUMMARY"]) == (status, summary)
    assert after["SEQUENCE"] > before["SEQUENCE"]


def test_a_party_sees_its_meetings_and_what_it_and_its_bodies_owe(client: Client) -> None:
    party = factories.PartyFactory()
    body = factories.PartyFactory(kind="body", part_of=party)
    sat = factories.DelegationFactory(party=body).meeting
    factories.DelegationFactory(party=party, meeting=sat)
    owed = factories.ActionFactory(meeting=sat, due="2025-03-01", title="Pay")
    owed.owed_by.add(body)
    factories.ProgressFactory(action=owed, state="partly_done")
    factories.AccountFactory(action=owed, party=party, stance="qualified")
    factories.ActionFactory(due="2025-03-01")
    found = read(client, ics(party))
    assert set(found) == {of(sat), of(owed)}
    said = found[of(owed)]["DESCRIPTION"]
    assert f"Owed by: {body}" in said
    assert f"{party}: qualified" in said
    assert "Latest report: partly done" in said
    assert set(read(client, ics(sat))) == {of(sat), of(owed)}
    assert set(read(client, ics(sat.process))) == {of(sat), of(owed)}


def test_what_is_withdrawn_or_deleted_is_sent_as_cancelled(client: Client) -> None:
    process = factories.ProcessFactory()
    meeting = factories.MeetingFactory(process=process, title="Quagga", date=SOON.isoformat())
    party = factories.DelegationFactory(meeting=meeting).party
    deleted = factories.MeetingFactory(process=process, title="Quagga", date=SOON.isoformat())
    undated = factories.MeetingFactory(process=process, state="planned", date=None)
    before = read(client, ics(process))
    uids = of(meeting), of(deleted)
    assert set(before) == set(uids)
    withdraw(meeting, "It was another.")
    withdraw(undated, "It was another.")
    # What becomes of it at the desk is not told.
    Meeting.objects.filter(pk=meeting.pk).update(
        status="draft", title="Zebra", date_from="2031-01-01"
    )
    deleted.delete()
    for address in (ics(process), "/calendar.ics", ics(party)):
        found = read(client, address)
        assert set(found) == set(uids[: 1 if address == ics(party) else 2])
        for uid, event in found.items():
            assert event["STATUS"] == "CANCELLED"
            assert event["SEQUENCE"] > before[uid]["SEQUENCE"]
            assert event.start == TODAY
        assert "Quagga" not in str(found)
        assert "Zebra" not in str(found)
    alone = read(client, ics(meeting), 410)
    assert alone[of(meeting)]["STATUS"] == "CANCELLED"
    assert not read(client, ics(undated), 410)


def test_drafts_are_in_no_calendar(client: Client) -> None:
    meeting = factories.MeetingFactory(date=SOON.isoformat())
    draft = factories.MeetingFactory(process=meeting.process, status="draft", date=SOON.isoformat())
    factories.ActionFactory(meeting=meeting, status="draft", due=SOON.isoformat())
    for address in ("/calendar.ics", ics(meeting), ics(meeting.process)):
        assert set(read(client, address)) == {of(meeting)}
    assert client.get(ics(draft)).status_code == 404


def test_the_calendar_of_all_begins_a_year_ago_and_has_real_records_only(client: Client) -> None:
    factories.MeetingFactory(date="2020-01-01")
    soon = factories.MeetingFactory(date=SOON.isoformat())
    due = factories.ActionFactory(meeting=soon, due=SOON.isoformat())
    process = factories.ProcessFactory(slug="demonstration-x", demonstration=True)
    invented = factories.MeetingFactory(
        process=process, slug="demonstration-m", date=SOON.isoformat()
    )
    assert set(read(client, "/calendar.ics")) == {of(soon), of(due)}
    only = read(client, "/calendar.ics?data=demonstration")
    assert set(only) == {of(invented)}
    assert only[of(invented)]["SUMMARY"].startswith("Demonstration data: ")
    assert client.get("/calendar.ics?data=%F0").status_code == 400


def test_the_queries_do_not_grow(client: Client) -> None:
    process = factories.ProcessFactory()
    for number in (1, 8):
        for meeting in factories.MeetingFactory.create_batch(number, process=process):
            factories.AccountFactory(action=factories.ActionFactory(meeting=meeting, due="2025"))
        with CaptureQueriesContext(connection) as queries:
            client.get(ics(process))
        if number == 1:
            few = len(queries)
    assert len(queries) == few
