"""Drafting a person: the office, the party, and the seat at the table."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from negotiations.editing.drafting.filing import Filing
from negotiations.editing.drafting.forms.base import (
    PassageForm,
)
from negotiations.editing.drafting.naming import NameField, New
from negotiations.models import (
    Party,
    Person,
)

if TYPE_CHECKING:
    from negotiations.editing.drafting.suggestions import Suggestion
    from negotiations.editing.drafting.work import Work

BODY = (
    r"(?P<body>(?:[A-ZА-Я][\w’'-]*\s)*(?:Fund|Bank|Ministry|Agency|Council|Committee|Commission"
    r"|Corporation|Company|Institute|Office|Service|Department|Administration))"
)
# "CEO of the Russian Direct Investment Fund", "State Department Spokesperson"
OFFICES_OF_BODIES = (
    re.compile(rf"(?P<office>.+?) of (?:the )?{BODY}$"),
    re.compile(rf"{BODY}(?:’s|'s)? (?P<office>[\w ]+)$"),
)


class PersonForm(PassageForm):
    kind, title = "person", "Person"
    rare: ClassVar[tuple[str, ...]] = ("passage", "where")
    first = "name"
    SHOWN_AT: ClassVar[dict[str, str]] = {"slug": "name", "attested": "office", "kind": "part_of"}

    name = NameField(Person, new=True)
    office = forms.CharField(required=False, max_length=200, help_text="“Foreign Minister”.")
    party = NameField(
        Party, new=True, label="At which party", help_text="The party or its body; new is made."
    )
    part_of = NameField(
        Party,
        required=False,
        label="Which is part of",
        help_text="For a new ministry, fund or office: whose it is.",
    )
    seat = NameField(
        Party,
        required=False,
        label="Sat in the delegation of",
        help_text="Empty if the text does not say so.",
    )
    seat_title = forms.CharField(
        label="Title on that day", required=False, max_length=200, help_text="Empty: the office."
    )

    field_order: Any = (
        "name",
        "office",
        "party",
        "part_of",
        "seat",
        "seat_title",
        "passage",
        "where",
    )

    def begin_with(self) -> str:
        return "" if self.suggested and self.suggested.is_ready else "name"

    def filled(self) -> dict[str, Any]:
        filled = {**super().filled(), "name": self.quoted if len(self.quoted) < 60 else ""}
        if not self.suggested or self.suggested.kind != "person":
            return filled
        proposal = self.suggested.proposal
        hint = person_hint(self.work, self.suggested)
        return {
            **filled,
            "name": self.name_of(Person, proposal.speaker) or proposal.name,
            "office": hint["office"],
            "party": str(hint["party"]),
            "part_of": str(hint["part_of"] or ""),
            "seat": str(hint["seat"] or ""),
        }

    def file(self, filing: Filing) -> None:
        cleaned = self.cleaned_data
        seat = cleaned["seat"]
        party = filing.party(cleaned["party"], cleaned["part_of"])
        title = cleaned["seat_title"] or seat_title(cleaned["office"], party, seat)
        filing.person(cleaned["name"], cleaned["office"], party, seat=seat, title=title)


def person_hint(work: Work, suggestion: Suggestion) -> dict[str, Any]:
    """In which office and at which party a suggested person is, whose body that is, and the seat."""
    proposal = suggestion.proposal
    told = Party.objects.filter(pk=proposal.party).select_related("part_of").first()
    side = told
    sides = {party.pk for party in work.process_parties}
    while side and side.pk not in sides and side.part_of:
        side = side.part_of
    office, named = proposal.office, proposal.party_name
    match = next(filter(None, (each.match(office) for each in OFFICES_OF_BODIES)), None)
    if match:
        office, named = match["office"], match["body"]
    party: Any = told
    if named:
        try:
            party = NameField(Party, new=True).find(named)
        except ValidationError:
            party = New(named)
        # "Russian", "the US": a name that the extractor knows, for the party that it found.
        if isinstance(party, New) and told and not match:
            party = told
    if isinstance(party, New) and side is None:
        side = _whose_body(work, named)
    return {
        "office": office,
        "party": party or "",
        "part_of": side if isinstance(party, New) else None,
        "seat": side if proposal.seated and told else None,
    }


def _whose_body(work: Work, name: str) -> Party | None:
    """The side that the text names before this body: "the US State Department"."""
    for party in work.process_parties:
        for called in filter(None, (party.name, party.short_name)):
            if f"{called} {name}" in work.source.text or f"{called}’s {name}" in work.source.text:
                return party
    return None


def seat_title(office: str, party: Party, seat: Party | None) -> str:
    """The title of a delegate: with the body, where that is not the delegation's own party."""
    return office if not seat or seat == party else f"{office}, {party}"[:200]
