"""One element of a Popolo file: what of it is read, what is wrong with it, and what was not read."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any

from negotiations.editing.importing.standards.running import note, problem, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db import models

    from negotiations.editing.importing.findings import Finding

IN_WORDS = re.compile(r", (from|to|known on) ([^,]+)")
DATE = re.compile(r"(\d{4}(?:-\d{2}){0,2})(T\S*)?")
# What only describes the record itself in the other site.
BOOKKEEPING = {"id", "created_at", "updated_at"}
# How people can be reached is not repeated in any report.
PRIVATE = {"email", "contact_details"}
# Properties of the standard, by class. Others are told as unknown.
COMMON = {"identifiers", "links", "sources", "created_at", "updated_at", "id"}
STANDARD = {
    "persons": COMMON
    | {"name", "other_names", "family_name", "given_name", "additional_name", "honorific_prefix",
       "honorific_suffix", "patronymic_name", "sort_name", "email", "gender", "pronouns", "birth_date",
       "death_date", "image", "summary", "biography", "national_identity", "contact_details",
       "memberships", "motions", "speeches", "votes"},
    "organizations": COMMON
    | {"name", "other_names", "classification", "parent_id", "parent", "area_id", "area", "abstract",
       "description", "founding_date", "dissolution_date", "image", "contact_details", "memberships",
       "motions", "posts", "children", "vote_events", "votes"},
    "memberships": COMMON
    | {"label", "role", "member", "person_id", "person", "organization_id", "organization", "post_id",
       "post", "on_behalf_of_id", "on_behalf_of", "area_id", "area", "start_date", "end_date",
       "contact_details"},
    "events": COMMON
    | {"name", "description", "start_date", "end_date", "location", "status", "classification",
       "organization_id", "organization", "attendees", "parent_id", "parent", "children"},
    "speeches": COMMON
    | {"creator_id", "creator", "role", "attribution_text", "audience_id", "audience", "text", "audio",
       "video", "date", "title", "type", "classification", "position", "event_id", "event"},
}  # fmt: skip


class Element:
    """An object of one of the file's arrays."""

    def __init__(self, value: dict[str, Any], name: str, number: int) -> None:
        self.value, self.name = value, name
        self.row, self.place = number + 1, f"{name}[{number}]"
        self._used = set(BOOKKEEPING)
        self._found: list[Finding] = []
        self._faulty: set[str] = set()
        self.id = self.text("id")

    def note(self, field: str, sentence: str) -> None:
        self._found.append(note(self.row, self.name, self.id, f"{self.place}.{field}", sentence))

    def fault(self, field: str, sentence: str) -> None:
        if field not in self._faulty:  # told once, however often it is asked for
            self._faulty.add(field)
            self._found.append(
                problem(self.row, self.name, self.id, f"{self.place}.{field}", sentence)
            )

    def findings(self) -> Iterator[Finding]:
        """What was found while it was read, then what of it was not read."""
        found, self._found = self._found, []
        yield from found
        for field, value in self.value.items():
            if field not in self._used and value not in (None, "", [], {}):
                known = field in STANDARD[self.name]
                why = "Readout has no place for it" if known else "Popolo does not know it"
                said = "" if field in PRIVATE else f": “{shown(value)}”"
                yield note(
                    self.row,
                    self.name,
                    self.id,
                    f"{self.place}.{field}",
                    f"Not kept, for {why}{said}.",
                )

    @property
    def digest(self) -> str:
        """The same for an element that says the same."""
        written = json.dumps(self.value, sort_keys=True)
        return hashlib.blake2b(written.encode(), digest_size=12).hexdigest()

    @property
    def is_process(self) -> bool:
        return self.text("classification").casefold() == "process"

    @property
    def meeting(self) -> str:
        """For a delegation: the address of the meeting that it sat at."""
        return self._identifiers().get("readout meeting", "")

    def use(self, *fields: str) -> None:
        """What is told elsewhere, or needs no telling."""
        self._used.update(fields)

    def dates_in_words(self, office: str) -> dict[str, str]:
        """What our own Popolo says in a label, after the office: "from about 2004, known on 2025"."""
        label = self.text("label")
        found = dict(IN_WORDS.findall(label.removeprefix(office)))
        if label not in ("", office) and not found:
            self._used.discard("label")
        return found

    def required(self, field: str, value: str) -> bool:
        if not value:
            self.fault(field, "This is needed.")
        return bool(value)

    def text(self, field: str) -> str:
        """A property's text; empty if there is none, or none that can be stored."""
        self._used.add(field)
        value = self.value.get(field)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.fault(field, f"This is a string in Popolo, not {shown(json.dumps(value))}.")
            return ""
        if "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
            self.fault(field, "There are characters in this that no text has.")
            return ""
        return value.replace("\r\n", "\n").replace("\r", "\n").strip()

    def date(self, field: str) -> str:
        """As exact as the file has it; a time of the day is told, and not kept."""
        text = self.text(field)
        if not text:
            return ""
        if not (found := DATE.fullmatch(text)):
            self.fault(
                field, f"“{shown(text)}” is no date of Popolo: write 2025, 2025-02, 2025-02-18."
            )
            return ""
        if found[2]:
            self.note(field, f"Its time of day is not kept: “{shown(text)}”.")
        return found[1]

    def choice(
        self, field: str, choices: type[models.TextChoices], otherwise: models.TextChoices
    ) -> str:
        """A value of ours that the text means; else `otherwise`, which is told."""
        text = self.text(field)
        for value, label in choices.choices:
            if text.casefold() in (value.casefold(), str(label).casefold()):
                return str(value)
        what = f"“{shown(text)}” is none of ours" if text else "None is given"
        self.note(field, f"{what}; entered as “{otherwise.value}”, to be checked.")
        return str(otherwise.value)

    def objects(self, field: str) -> list[dict[str, Any]]:
        """A property's objects."""
        self._used.add(field)
        value = self.value.get(field) or []
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            self.fault(field, "This is an array of objects in Popolo.")
            return []
        return value

    def _identifiers(self) -> dict[str, str]:
        found = {}
        for each in self.objects("identifiers"):
            scheme, number = each.get("scheme"), each.get("identifier")
            if isinstance(number, str):
                found[scheme.casefold() if isinstance(scheme, str) else ""] = number
        return found

    def identified(self) -> tuple[str, str]:
        """Its Wikidata number and its address in Readout; other identifiers are told."""
        known = self._identifiers()
        wikidata, slug = known.pop("wikidata", ""), known.pop("readout", "")
        for scheme, number in known.items():
            self.note("identifiers", f"Not kept: {shown(f'{scheme} {number}'.strip())}.")
        ours = [each for each in self.objects("links") if each.get("note") == "Readout"]
        if len(ours) < len(self.objects("links")):
            self._used.discard("links")
        return wikidata, slug

    def other_names(self) -> dict[str, str]:
        """Names by their note; those of no note of ours together, one a line, under ""."""
        found: dict[str, str] = {}
        others = []
        for number, each in enumerate(self.objects("other_names")):
            name, why = each.get("name"), each.get("note")
            if not isinstance(name, str) or not name.strip():
                self.fault(f"other_names[{number}]", "A name is needed.")
            elif why in ("native name", "short name") and why not in found:
                found[why] = name.strip()
            else:
                others.append(" ".join(name.split()))
            ours = ("name", "note") if why in ("native name", "short name") else ("name",)
            if more := [f"{f} {shown(v)}" for f, v in each.items() if f not in ours and v]:
                self.note(f"other_names[{number}]", f"Not kept: {', '.join(more)}.")
        return {**found, "": "\n".join(others)}
