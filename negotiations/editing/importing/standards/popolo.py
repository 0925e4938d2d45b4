"""Reads Popolo (https://www.popoloproject.com/specs/): people, organizations, memberships, events, speeches.

A file is one JSON object with an array for each class. How each class is read:

- a Person, an Organization: a person, a party. One that is here already (by address, Wikidata
  number, or a party's name) is named, and left as it is;
- a Membership: an appointment; in an Organization that is a delegation, a delegate;
- an Event of the class "process": a process; any other: a meeting of the process above it;
- a Speech: a statement. It and the others cite the file.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from negotiations.editing.importing.drafts import Entry
from negotiations.editing.importing.kinds import SEPARATOR
from negotiations.editing.importing.standards.elements import Element
from negotiations.editing.importing.standards.popolo_file import CLASSES, PopoloFile
from negotiations.editing.importing.standards.running import (
    DATASET,
    key_of,
    made_of,
    shown,
    source_of,
)
from negotiations.models import Appointment, Delegation, Meeting, Party, Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from negotiations.editing.importing.findings import Finding

    Made = Iterator[Entry | Finding]

DELEGATION = re.compile(r"^(\w+) delegation$")
ABOUT = re.compile(r"\bDate: (about [^.]+)\.$")


class Popolo(PopoloFile):
    """One Popolo file. Iterate over it for entries and findings; it asks the database as it goes."""

    def __iter__(self) -> Made:
        for name in CLASSES:
            self.elements[name] = self.array(name)
        yield from self.unknown()
        source = source_of("popolo", self.settings, f"{self.settings.collection} (Popolo)", DATASET)
        self.source = source.key
        steps = (
            *((self._person, each) for each in self.elements["persons"]),
            *((self._party, each) for each in self._organizations()),
            *((self._event, each) for each in self._events()),
            *((self._delegation, each) for each in self.delegations.values()),
            *((self._membership, each) for each in self._memberships()),
            *((self._speech, each) for each in self.elements["speeches"]),
        )
        cited = False
        for step, element in steps:
            for made in step(element):
                if isinstance(made, Entry) and "source" in made.values and not cited:
                    cited = True
                    yield source
                yield made
            yield from element.findings()
        yield from self.found

    # --- People and parties ---

    def _person(self, element: Element) -> Made:
        wikidata, slug = element.identified()
        name = element.text("name")
        if not name and (parts := [element.text("given_name"), element.text("family_name")]):
            name = " ".join(filter(None, parts))
        if not element.required("id", element.id) or not element.required("name", name):
            return
        names = element.other_names()
        if self.named(element, "person", slug=slug, wikidata=wikidata):
            return
        yield made_of(
            element.row,
            "person",
            self.key(element),
            slug=slug,
            name=name,
            sort_name=element.text("sort_name"),
            native_name=names.pop("native name", ""),
            other_names=names[""],
            description=element.text("summary") or element.text("biography"),
            wikidata=wikidata,
        )

    def _organizations(self) -> Iterator[Element]:
        """The parties, what others are part of first; the delegations are put aside."""
        waiting: dict[str, Element] = {}
        for element in self.elements["organizations"]:
            if DELEGATION.match(element.text("classification")) and element.meeting:
                self.delegations[element.id] = element
            else:
                waiting[element.id or element.place] = element
        while waiting:
            ready = [each for each in waiting.values() if each.text("parent_id") not in waiting]
            if not ready:
                for each in waiting.values():
                    each.fault("parent_id", "These organizations are all part of one another.")
                    self.found += each.findings()
                return
            for each in ready:
                del waiting[each.id or each.place]
            yield from ready

    def _party(self, element: Element) -> Made:
        wikidata, slug = element.identified()
        name = element.text("name")
        if not element.required("id", element.id) or not element.required("name", name):
            return
        above = self.name_of(element, "parent_id", "organizations")
        names = element.other_names()
        alone = "" if above else name
        element.use("classification")
        if self.named(element, "party", slug=slug, wikidata=wikidata, name=alone):
            return
        otherwise = Party.Kind.BODY if above else Party.Kind.ORGANISATION
        yield made_of(
            element.row,
            "party",
            self.key(element),
            slug=slug,
            name=name,
            short_name=names.pop("short name", ""),
            native_name=names.pop("native name", ""),
            other_names=names[""],
            kind=element.choice("classification", Party.Kind, otherwise),
            part_of=above,
            description=element.text("description") or element.text("abstract"),
            wikidata=wikidata,
        )

    # --- Events ---

    def _events(self) -> list[Element]:
        """The processes first."""
        return sorted(self.elements["events"], key=lambda each: not each.is_process)

    def _event(self, element: Element) -> Made:
        _wikidata, slug = element.identified()
        if not element.required("id", element.id):
            return
        if not element.required("name", element.text("name")):
            return
        kind = "process" if element.is_process else "meeting"
        process = "" if element.is_process else self._process_of(element)
        element.text("classification")
        if self.named(element, kind, slug=slug):
            self.left_as_they_are.add(element.id)
            return
        yield (
            self._process(element, slug)
            if element.is_process
            else self._meeting(element, slug, process)
        )

    def _process(self, element: Element, slug: str) -> Entry:
        meetings = {
            each.id for each in self.elements["events"] if each.text("parent_id") == element.id
        }
        sides = {
            self.names["organizations"].get(each.text("parent_id"), "")
            for each in self.delegations.values()
            if f"meetings/{each.meeting}" in meetings
        }
        return made_of(
            element.row,
            "process",
            self.key(element),
            slug=slug,
            name=element.text("name"),
            summary=element.text("description"),
            parties=f"{SEPARATOR} ".join(sorted(filter(None, sides))),
        )

    @cached_property
    def _events_by_id(self) -> dict[str, Element]:
        return {each.id: each for each in self.elements["events"]}

    @cached_property
    def _seated(self) -> dict[str, set[str]]:
        """By event: the ids of those who sat in a delegation there."""
        found: dict[str, set[str]] = {}
        for each in self._memberships():
            if seat := self.delegations.get(each.text("organization_id")):
                found.setdefault(f"meetings/{seat.meeting}", set()).add(each.text("person_id"))
        return found

    @cached_property
    def _parties(self) -> dict[str, str]:
        """By name: how an entry names the party."""
        known = self.names["organizations"]
        named = ((each.text("name"), known.get(each.id)) for each in self.elements["organizations"])
        return {name: party for name, party in named if name and party}

    def _process_of(self, element: Element) -> str:
        by_id = self._events_by_id
        parent = element.text("parent_id")
        if parent and not (parent in by_id and by_id[parent].is_process):
            element.note("parent_id", f"That it is part of “{shown(parent)}” is not kept.")
        above: Element | None = element
        seen: set[str] = set()
        while above and above.id not in seen:
            if above.is_process:
                return self.names["events"].get(above.id, "")
            seen.add(above.id)
            above = by_id.get(above.text("parent_id"))
        if not self.settings.process:
            element.fault("parent_id", "This event is in no process. Name one with --process.")
        return self.settings.process

    def _meeting(self, element: Element, slug: str, process: str) -> Entry:
        date = element.date("start_date")
        words = element.text("description")
        if not date and (about := ABOUT.search(words)):  # as our own Popolo says it
            date, words = about[1], words[: about.start()].strip()
        state = Meeting.State.HELD if date else Meeting.State.PLANNED
        self._attending(element)
        return made_of(
            element.row,
            "meeting",
            self.key(element),
            slug=slug,
            process=process,
            title=element.text("name"),
            kind=element.choice("classification", Meeting.Kind, Meeting.Kind.TALKS),
            state=element.choice("status", Meeting.State, state),
            date=date,
            ended=element.date("end_date"),
            place=element.text("location"),
            host=self.name_of(element, "organization_id", "organizations"),
            summary=words,
            **self.cites(element),
        )

    def _attending(self, element: Element) -> None:
        seated = self._seated.get(element.id, set())
        for place, each in enumerate(element.objects("attendees")):
            if each.get("id") not in seated:
                who = shown(each.get("name") or each.get("id"))
                element.note(
                    f"attendees[{place}]", f"“{who}” is not kept: no delegation says for whom."
                )

    def _delegation(self, element: Element) -> Made:
        meeting = f"meetings/{element.meeting}"
        element.use("identifiers", "name", "classification")
        party = self.name_of(element, "parent_id", "organizations")
        if meeting not in self.names["events"]:
            element.fault("identifiers", f"No event of the file has the id “{shown(meeting)}”.")
            return
        if not element.required("parent_id", party) or meeting in self.left_as_they_are:
            return
        role = DELEGATION.sub(r"\1", element.text("classification"))
        if role not in Delegation.Role.values:
            element.fault("classification", f"“{shown(role)}” is no delegation’s role.")
            return
        yield made_of(
            element.row,
            "delegation",
            self.key(element),
            meeting=self.names["events"][meeting],
            party=party,
            role=role,
        )

    # --- Memberships and speeches ---

    def _memberships(self) -> list[Element]:
        return self.elements["memberships"]

    def _membership(self, element: Element) -> Made:
        person = self.name_of(element, "person_id", "persons")
        if not element.required("person_id", person):
            return
        if seat := self.delegations.get(element.text("organization_id")):
            yield from self._delegate(element, person, seat)
            return
        party = self.name_of(element, "organization_id", "organizations")
        if not element.required("organization_id", party):
            return
        office = element.text("role") or element.text("label")
        if not office:
            office = "member"
            element.note("role", "No role is given; entered as “member”, to be checked.")
        dates = element.dates_in_words(office)
        known = Appointment.objects.filter(
            person__slug=person, party__slug=party, office__iexact=office
        )
        if known.exists():
            element.use(*element.value)
            element.note("role", f"“{shown(office)}” is here already and left as it is.")
            return
        yield made_of(
            element.row,
            "appointment",
            self._own_key(element),
            person=person,
            party=party,
            office=office,
            start=element.date("start_date") or dates.get("from", ""),
            end=element.date("end_date") or dates.get("to", ""),
            attested=dates.get("known on", ""),
            **self.cites(element),
        )

    def _own_key(self, element: Element) -> str:
        """Memberships and speeches may be without an id: then what they say tells them apart."""
        return key_of("popolo", self.settings, f"{element.name}/{element.id or element.digest}")

    def _delegate(self, element: Element, person: str, seat: Element) -> Made:
        meeting = f"meetings/{seat.meeting}"
        element.use("start_date", "end_date", "on_behalf_of_id")
        if meeting in self.left_as_they_are or meeting not in self.names["events"]:
            return
        yield made_of(
            element.row,
            "delegate",
            self._own_key(element),
            meeting=self.names["events"][meeting],
            party=self.names["organizations"].get(seat.text("parent_id"), ""),
            person=person,
            title=element.text("role"),
        )

    def _speech(self, element: Element) -> Made:
        if element.text("event_id") in self.left_as_they_are:
            element.note("event_id", "Its event is here already and left as it is: not kept.")
            element.use(*element.value)
            return
        if not element.required("text", element.text("text")):
            return
        speaker = self.name_of(element, "creator_id", "persons")
        yield made_of(
            element.row,
            "statement",
            self._own_key(element),
            meeting=self.name_of(element, "event_id", "events"),
            speaker=speaker,
            party=self._party_of(element),
            form=element.choice("classification", Statement.Form, Statement.Form.VERBATIM),
            words=element.text("text"),
            language=self.settings.language,
            date=element.date("date"),
            **self.cites(element),
        )

    def _party_of(self, element: Element) -> str:
        """The organization that the attribution names: "Sergey Lavrov, for Russia", "Russia"."""
        attributed = element.text("attribution_text")
        name = attributed.rpartition(", for ")[2]
        while name:  # a date may follow
            if known := self._parties.get(name):
                return known
            name = name.rpartition(", ")[0]
        if attributed:
            element.note("attribution_text", f"Names no party of the file: “{shown(attributed)}”.")
        return self.settings.party
