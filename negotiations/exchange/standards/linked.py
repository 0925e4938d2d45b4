"""JSON-LD: what a page's record is, in the words of https://schema.org, with what the page has read.

What schema.org can't say truly is left out. Words that were said are a Quotation; a paraphrase is a
Statement of Readout's about somebody, not a quotation; that something was agreed is a Claim of those
parties that announced or confirmed it. Readout rates no claim, so there is no ClaimReview. A party is
an Organization, a state among them: schema.org's Country is a place, and places say nothing.
"""

from __future__ import annotations

from functools import singledispatch
from typing import TYPE_CHECKING, Any

from negotiations.models import (
    Action,
    Meeting,
    Party,
    Person,
    Process,
    Question,
    Source,
    Statement,
    Topic,
)
from negotiations.models.wikidata import wikidata_address

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from negotiations.models import Record, VagueDate

Node = dict[str, Any]
CONTEXT = "https://schema.org"
EVENT_STATUS = {
    Meeting.State.PLANNED: "EventScheduled",
    Meeting.State.HELD: "EventScheduled",
    Meeting.State.POSTPONED: "EventPostponed",
    Meeting.State.CANCELLED: "EventCancelled",
}
SOURCE_TYPES = {Source.Kind.NEWS_REPORT: "NewsArticle", Source.Kind.DATASET: "Dataset"}
AFFIRMING = ("announced", "confirmed")


def linked_data(record: Record, page: Mapping[str, Any], base: str) -> Node:
    """The record as a JSON-LD node; `page` is the context of its page, `base` the site's address."""
    node = _told(record, page, base)
    if record.is_demonstration:
        node["disambiguatingDescription"] = "Demonstration data, invented."
    return _clean({"@context": CONTEXT, "@id": base + record.get_absolute_url(), **node})


@singledispatch
def _told(record: Record, page: Mapping[str, Any], base: str) -> Node:
    raise TypeError(f"{record._meta.verbose_name} has no page")


@_told.register(Statement)
def _statement(said: Statement, page: Mapping[str, Any], base: str) -> Node:
    reading = page["reading"]
    by = _person(said.speaker, base) if said.speaker else _party(said.party, base)
    about = [_thing("Thing", each.name, each, base) for each in reading.topics]
    node: Node = {
        "@type": "Quotation" if said.is_verbatim else "Statement",
        "url": base + said.get_absolute_url(),
        "text": said.words,
        "inLanguage": said.language,
        "creator": by,
        "dateCreated": _date(said.date),
        "about": about,
        "isBasedOn": [_source(each.source, base) for each in reading.citations],
    }
    if not said.is_verbatim:
        node["creditText"] = f"Readout’s paraphrase of {said.who}"
    return node


@_told.register(Action)
def _action(action: Any, page: Mapping[str, Any], base: str) -> Node:
    sides = {
        each.party_id: each.party for each in action.known_accounts if each.stance in AFFIRMING
    }
    node: Node = {
        "@type": "Claim" if sides else "CreativeWork",
        "name": action.title,
        "url": base + action.get_absolute_url(),
        "description": action.details,
        "about": _thing("Event", action.meeting.title, action.meeting, base),
    }
    if sides:
        node["text"] = f"Agreed at {action.meeting.title}: {action.title}"
        node["creator"] = [_party(each, base) for each in sides.values()]
    return node


@_told.register(Meeting)
def _meeting(meeting: Meeting, page: Mapping[str, Any], base: str) -> Node:
    present = [each for side in page["delegations"] for each in side.present if each.is_public]
    sides = [each.party for each in page["delegations"] if each.is_public]
    return {
        "@type": "Event",
        "name": meeting.title,
        "url": base + meeting.get_absolute_url(),
        "description": meeting.summary,
        "startDate": _date(meeting.date),
        "endDate": _date(meeting.ended),
        "eventStatus": f"{CONTEXT}/{EVENT_STATUS[Meeting.State(meeting.state)]}",
        "location": _place(meeting),
        "organizer": _party(meeting.host, base) if meeting.host else None,
        "attendee": [
            *(_party(each, base) for each in sides),
            *(_person(each.person, base) for each in present),
        ],
        "superEvent": _thing("EventSeries", meeting.process.name, meeting.process, base),
    }


@_told.register(Process)
def _process(process: Process, page: Mapping[str, Any], base: str) -> Node:
    return _thing("EventSeries", process.name, process, base) | {"description": process.summary}


@_told.register(Person)
def _of_person(person: Person, page: Mapping[str, Any], base: str) -> Node:
    roles = [
        _clean(
            {
                "@type": "OrganizationRole",
                "roleName": each.office,
                "startDate": _date(each.start),
                "endDate": _date(each.end),
                "affiliation": _party(each.party, base),
            }
        )
        for each in page["offices"]
        if each.is_public
    ]
    return _person(person, base) | {
        "alternateName": _other_names(person),
        "description": person.description,
        "affiliation": roles,
    }


@_told.register(Party)
def _of_party(party: Party, page: Mapping[str, Any], base: str) -> Node:
    return _party(party, base) | {
        "alternateName": _other_names(party),
        "description": party.description,
        "parentOrganization": _party(party.part_of, base) if party.part_of else None,
    }


@_told.register(Topic)
def _topic(topic: Topic, page: Mapping[str, Any], base: str) -> Node:
    return _thing("DefinedTerm", topic.name, topic, base) | {
        "alternateName": topic.other_names.splitlines(),
        "description": topic.description,
    }


@_told.register(Question)
def _question(question: Question, page: Mapping[str, Any], base: str) -> Node:
    return _thing("Question", question.text, question, base) | {
        "text": question.text,
        "description": question.description,
        "about": _thing("DefinedTerm", question.topic.name, question.topic, base),
    }


@_told.register(Source)
def _of_source(source: Source, page: Mapping[str, Any], base: str) -> Node:
    return _source(source, base) | {
        "inLanguage": source.language,
        "datePublished": _date(source.date),
        "creditText": source.author,
        "sameAs": source.url,
        "archivedAt": source.archived_url,
    }


def _thing(kind: str, name: str, record: Record, base: str) -> Node:
    address = base + record.get_absolute_url()
    return {"@type": kind, "@id": address, "name": name, "url": address}


def _person(person: Person, base: str) -> Node:
    return _clean(_thing("Person", person.name, person, base) | {"sameAs": _same(person.wikidata)})


def _party(party: Party, base: str) -> Node:
    same = {"sameAs": _same(party.wikidata)}
    return _clean(_thing("Organization", party.name, party, base) | same)


def _source(source: Source, base: str) -> Node:
    kind = (
        SOURCE_TYPES.get(Source.Kind(source.kind), "CreativeWork")
        if source.kind
        else "CreativeWork"
    )
    publisher = {"@type": "Organization", "name": source.publisher}
    return _thing(kind, source.title, source, base) | {"publisher": publisher}


def _place(meeting: Meeting) -> Node | None:
    if not meeting.place:
        return None
    node: Node = {"@type": "Place", "name": meeting.place}
    if meeting.place_wikidata:
        node["sameAs"] = _same(meeting.place_wikidata)
    if meeting.coordinates:
        latitude, longitude = meeting.coordinates.split(", ")
        node["geo"] = {
            "@type": "GeoCoordinates", "latitude": float(latitude), "longitude": float(longitude),
        }  # fmt: skip
    return node


def _same(number: str) -> str:
    return wikidata_address(number) if number else ""


def _other_names(record: Any) -> list[str]:
    names = [
        getattr(record, "short_name", ""),
        record.native_name,
        *record.other_names.splitlines(),
    ]
    return [name for name in names if name.strip()]


def _date(date: VagueDate | None) -> str:
    """ISO 8601, as exact as it is known; an "about" can't be said there."""
    return "" if date is None or date.about else date.iso


def _clean(node: Node) -> Node:
    return {name: value for name, value in node.items() if value not in ("", None, [])}


def summary(record: Record) -> tuple[str, str]:
    """Title and description of a page as a card on another site shows them."""
    if isinstance(record, Statement):
        words = " ".join(record.words.split())
        quoted = f"“{words}”" if record.is_verbatim else f"Paraphrase: {words}"
        told = [record.date, record.meeting]
        return f"{record.who}: {cut(quoted, 90)}", ", ".join(_words(told, quoted))
    if isinstance(record, Action):
        return record.title, ", ".join(_words([record.meeting], record.details or "Agreed"))
    if isinstance(record, Meeting):
        return record.title, ", ".join(_words([record.date, record.place], record.summary))
    described = getattr(record, "description", "") or getattr(record, "summary", "")
    return str(record), cut(described, 200) or "On Readout: what came out of negotiations."


def _words(parts: Iterable[Any], last: str) -> list[str]:
    return [str(each) for each in (*parts, cut(last, 200)) if each]


def cut(text: str, longest: int) -> str:
    """The text on one line, with … for what does not fit."""
    text = " ".join(text.split())
    return text if len(text) <= longest else f"{text[: longest - 1].rsplit(' ', 1)[0]}…"
