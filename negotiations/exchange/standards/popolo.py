"""Popolo: people, organizations, memberships, events and speeches, as other civic sites read them.

The standard: https://www.popoloproject.com/specs/. Where Readout knows less than a property says,
the property is left out: an "about" date, which Popolo can't write, stands in words in the
description or label. How each kind of record is told:

- a person, a party: a Person, an Organization, identified by address and Wikidata number;
- an appointment: a Membership in the party;
- a delegation: an Organization below its party; a delegate: a Membership in it, on the day;
- a process, a meeting: an Event, the meeting's within the process's;
- a statement: a Speech. `classification` says whether it is verbatim or a paraphrase.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch, Q
from django.db.models.expressions import RawSQL

from negotiations.models import (
    Appointment,
    Citation,
    Delegate,
    Delegation,
    Meeting,
    Party,
    Person,
    Process,
    Statement,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from negotiations.models import VagueDate
    from negotiations.models.records import AddressedRecord

    Written = tuple[Any, Callable[[Any, "str"], "Element"]]  # records, and how one is written

Element = dict[str, Any]
CHUNK = 500  # records in memory at once
READOUT = "readout"  # the scheme of the last part of a page's address
READOUT_MEETING = "readout meeting"  # of the address of the meeting that a delegation sat at
WIKIDATA = "wikidata"


@dataclass(frozen=True)
class Scope:
    """Which records: all real or all invented ones, or what belongs to some meetings."""

    demonstration: bool = False
    meetings: Q | None = None

    def events(self) -> Any:
        found = Meeting.published.select_related("process", "host")
        return found.filter(self.meetings) if self.meetings else self._all(found)

    def _all(self, records: Any) -> Any:
        return records.demonstrating(self.demonstration)

    def _numbers(self) -> Any:
        return self.events().order_by().values("pk")

    def delegations(self) -> Any:
        found = Delegation.published.select_related("meeting", "party")
        return found.filter(meeting__in=self._numbers()) if self.meetings else self._all(found)

    def delegates(self) -> Any:
        found = Delegate.published.select_related("delegation__party", "meeting", "person")
        return found.filter(meeting__in=self._numbers()) if self.meetings else self._all(found)

    def statements(self) -> Any:
        found = Statement.published.select_related("speaker", "party", "meeting")
        return found.filter(meeting__in=self._numbers()) if self.meetings else self._all(found)

    def people(self) -> Any:
        found = Person.published.all()
        if not self.meetings:
            return self._all(found)
        sat, said = self.delegates().order_by(), self.statements().order_by()
        return found.filter(Q(pk__in=sat.values("person")) | Q(pk__in=said.values("speaker")))

    def parties(self) -> Any:
        found = Party.published.select_related("part_of")
        if not self.meetings:
            return self._all(found)
        named = (
            self.delegations().order_by().values_list("party"),
            self.statements().order_by().values_list("party"),
            self.events().order_by().filter(host__isnull=False).values_list("host"),
            self.appointments().order_by().values_list("party"),
        )
        numbers = {number for each in named for (number,) in each.distinct()}
        above = RawSQL(  # with what they are part of
            "SELECT readout_party_and_above(id) FROM unnest(%s::bigint[]) AS id", [sorted(numbers)]
        )
        return found.filter(pk__in=above)

    def appointments(self) -> Any:
        found = Appointment.published.select_related("person", "party")
        found = found.prefetch_related(_cited())
        if not self.meetings:
            return self._all(found)
        return found.filter(person__in=self.people().order_by().values("pk"))

    def processes(self) -> Any:
        found = Process.published.all()
        if not self.meetings:
            return self._all(found)
        return found.filter(pk__in=self.events().order_by().values("process"))


def _cited() -> Prefetch:
    public = Citation.objects.select_related("source").defer("source__text")
    return Prefetch("citations", queryset=public)


def popolo(scope: Scope, base: str) -> Iterator[str]:
    """The records as one JSON document, in pieces; `base` is the site's address, "https://…"."""
    sat = Delegate.published.select_related("person")
    events = scope.events().prefetch_related(
        _cited(), Prefetch("delegates", queryset=sat, to_attr="present")
    )
    said = scope.statements().prefetch_related(_cited())
    start = "{"
    arrays: dict[str, list[Written]] = {
        "persons": [(scope.people(), _person)],
        "organizations": [(scope.parties(), _party), (scope.delegations(), _delegation)],
        "memberships": [(scope.appointments(), _appointment), (scope.delegates(), _delegate)],
        "events": [(scope.processes(), _process), (events, _meeting)],
        "speeches": [(said, _statement)],
    }
    for name, several in arrays.items():
        yield f'{start}\n"{name}": ['
        yield from _array(several, base)
        start = "],"
    yield "]\n}\n"


def _array(several: Iterable[Written], base: str) -> Iterator[str]:
    """The elements of an array, one a line."""
    start = "\n"
    for records, element in several:
        for record in _in_chunks(records.order_by("pk")):
            yield start + json.dumps(element(record, base), ensure_ascii=False)
            start = ",\n"


def _in_chunks(records: Any) -> Iterator[Any]:
    """All of them, so many at a time: no statement takes long, and none lies in memory for long."""
    chunk = list(records[:CHUNK])
    while chunk:
        yield from chunk
        last = chunk[-1].pk
        chunk = list(records.filter(pk__gt=last)[:CHUNK]) if len(chunk) == CHUNK else []


def _clean(element: Element) -> Element:
    """Without what is not known."""
    return {name: value for name, value in element.items() if value not in ("", None, [])}


def _id(record: AddressedRecord) -> str:
    """The path of its page: "people/sergey-lavrov"."""
    return record.get_absolute_url().strip("/")


def _about(record: AddressedRecord, base: str) -> Element:
    known = [{"scheme": READOUT, "identifier": record.slug}]
    if number := getattr(record, "wikidata", ""):
        known.append({"scheme": WIKIDATA, "identifier": number})
    page = {"url": base + record.get_absolute_url(), "note": "Readout"}
    return {"identifiers": known, "links": [page]}


def _names(record: Any) -> list[Element]:
    named = [
        {"name": record.native_name, "note": "native name"},
        {"name": getattr(record, "short_name", ""), "note": "short name"},
    ]
    names = [each for each in named if each["name"]]
    return names + [{"name": name} for name in record.other_names.splitlines() if name.strip()]


def _person(person: Person, base: str) -> Element:
    return _clean(
        {
            "id": _id(person),
            "name": person.name,
            "sort_name": person.sort_name,
            "other_names": _names(person),
            "summary": person.description,
            **_about(person, base),
        }
    )


def _party(party: Party, base: str) -> Element:
    return _clean(
        {
            "id": _id(party),
            "name": party.name,
            "other_names": _names(party),
            "classification": party.get_kind_display(),
            "parent_id": _id(party.part_of) if party.part_of else "",
            "description": party.description,
            **_about(party, base),
        }
    )


def _delegation(delegation: Delegation, base: str) -> Element:
    return {
        "id": _seat(delegation),
        "name": f"{delegation.party.name}’s delegation at {delegation.meeting.title}",
        "classification": f"{delegation.get_role_display()} delegation",
        "parent_id": _id(delegation.party),
        "identifiers": [{"scheme": READOUT_MEETING, "identifier": delegation.meeting.slug}],
    }


def _seat(delegation: Delegation) -> str:
    return f"{_id(delegation.meeting)}/{delegation.party.slug}"


def _appointment(held: Appointment, base: str) -> Element:
    words = [held.office]
    words += [f"from {held.start}"] if held.start and held.start.about else []
    words += [f"to {held.end}"] if held.end and held.end.about else []
    words += [f"known on {held.attested}"] if held.attested else []
    return _clean(
        {
            "id": f"appointments/{held.pk}",
            "label": ", ".join(words),
            "role": held.office,
            "person_id": _id(held.person),
            "organization_id": _id(held.party),
            "start_date": _date(held.start),
            "end_date": _date(held.end),
            "sources": _sources(held.citations.all(), base),
        }
    )


def _delegate(seat: Any, base: str) -> Element:
    delegation = seat.delegation
    delegation.meeting = seat.meeting
    return _clean(
        {
            "id": f"delegates/{seat.pk}",
            "role": seat.title,
            "person_id": _id(seat.person),
            "organization_id": _seat(delegation),
            "on_behalf_of_id": _id(delegation.party),
            "start_date": _date(seat.meeting.date),
            "end_date": _date(seat.meeting.ended or seat.meeting.date),
        }
    )


def _process(process: Process, base: str) -> Element:
    return _clean(
        {
            "id": _id(process),
            "name": process.name,
            "description": process.summary,
            "classification": "process",
            **_about(process, base),
        }
    )


def _meeting(meeting: Any, base: str) -> Element:
    words = [meeting.summary]
    words += [f"Date: {each}." for each in (meeting.date, meeting.ended) if each and each.about]
    return _clean(
        {
            "id": _id(meeting),
            "name": meeting.title,
            "description": " ".join(filter(None, words)),
            "start_date": _date(meeting.date),
            "end_date": _date(meeting.ended),
            "location": meeting.place,
            "status": meeting.get_state_display(),
            "classification": meeting.get_kind_display(),
            "organization_id": _id(meeting.host) if meeting.host else "",
            "attendees": [
                {"id": _id(each.person), "name": each.person.name} for each in meeting.present
            ],
            "parent_id": _id(meeting.process),
            "sources": _sources(meeting.citations.all(), base),
            **_about(meeting, base),
        }
    )


def _statement(said: Statement, base: str) -> Element:
    attributed = f"{said.speaker.name}, for {said.party.name}" if said.speaker else said.party.name
    if said.date and said.date.about:
        attributed += f", {said.date}"
    return _clean(
        {
            "id": _id_of(said),
            "creator_id": _id(said.speaker) if said.speaker else "",
            "attribution_text": attributed,
            "text": said.words,
            "date": _date(said.date),
            "classification": said.get_form_display(),
            "event_id": _id(said.meeting) if said.meeting else "",
            "sources": [
                *_sources(said.citations.all(), base),
                {"url": base + said.get_absolute_url(), "note": "Readout"},
            ],
        }
    )


def _id_of(said: Statement) -> str:
    return said.get_absolute_url().strip("/")


def _date(date: VagueDate | None) -> str:
    """As ISO 8601 writes a day, month or year; an "about" has no place there."""
    return "" if date is None or date.about else date.iso


def _sources(citations: Iterable[Citation], base: str) -> list[Element]:
    return [
        {
            "url": each.source.url or base + each.source.get_absolute_url(),
            "note": ", ".join(filter(None, [str(each.source), each.where])),
        }
        for each in citations
    ]
