"""A Popolo file: its arrays, what their ids stand for, and what of it is read by nobody."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, BinaryIO

from negotiations.editing.importing.reading import Unreadable
from negotiations.editing.importing.standards.elements import Element
from negotiations.editing.importing.standards.running import (
    Settings,
    key_of,
    known_already,
    note,
    problem,
    read_all,
    shown,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from negotiations.editing.importing.findings import Finding

CLASSES = ("persons", "organizations", "memberships", "events", "speeches")
# In which array the element of an entry stands.
ARRAYS = {
    "person": "persons",
    "party": "organizations",
    "delegation": "organizations",
    "appointment": "memberships",
    "delegate": "memberships",
    "process": "events",
    "meeting": "events",
    "statement": "speeches",
}
LONGEST_WHERE = 200


class PopoloFile:
    """The file as it lies before the reader."""

    def __init__(self, file: BinaryIO, settings: Settings) -> None:
        """
        Raises:
            Unreadable: it is no JSON object.
        """
        self.settings = settings
        self.document = document_of(read_all(file))
        self.found: list[Finding] = []
        self.elements: dict[str, list[Element]] = {}
        # What the file's ids stand for: the address or key by which an entry names them.
        self.names: dict[str, dict[str, str]] = {name: {} for name in CLASSES}
        self.delegations: dict[str, Element] = {}
        self.left_as_they_are: set[str] = set()  # events that are here already
        self.source = ""

    @staticmethod
    def where(found: Finding) -> str:
        if found.kind not in ARRAYS:
            return found.column or found.kind
        return f"{ARRAYS[found.kind]}[{found.row - 1}]" + (found.column and f", {found.column}")

    def array(self, name: str) -> list[Element]:
        value = self.document.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            self.found.append(problem(0, name, "", name, "This is an array in Popolo."))
            return []
        elements = []
        seen: set[str] = set()
        for place, each in enumerate(value):
            if not isinstance(each, dict):
                where = f"{name}[{place}]"
                self.found.append(problem(place + 1, name, "", where, "This is no object."))
                continue
            element = Element(each, name, place)
            if element.id and element.id in seen:
                element.fault("id", f"The id “{shown(element.id)}” is an earlier element’s.")
            seen.add(element.id)
            elements.append(element)
        return elements

    def unknown(self) -> Iterator[Finding]:
        for name, value in self.document.items():
            if name not in CLASSES and value not in (None, [], {}, ""):
                number = f"{len(value)} elements" if isinstance(value, list) else "This"
                yield note(0, name, "", name, f"{number}: Readout has no place for these.")

    def key(self, element: Element) -> str:
        return key_of("popolo", self.settings, f"{element.name}/{element.id}")

    def named(self, element: Element, kind: str, **how: str) -> bool:
        """Note how entries name this element; True if it is here already and no entry is made."""
        key = self.key(element)
        known = known_already(kind, key, **how)
        self.names[element.name][element.id] = known.slug if known else key
        if known:
            whole = ", with all that belongs to it" if kind == "meeting" else ""
            element.use(*element.value)
            element.note("id", f"“{known}” is here already and left as it is{whole}.")
        return bool(known)

    def name_of(self, element: Element, field: str, name: str) -> str:
        """How an entry names what a property points to."""
        number = element.text(field)
        if not number:
            return ""
        if number not in self.names[name]:
            element.fault(field, f"No element of “{name}” has the id “{shown(number)}”.")
            return ""
        return self.names[name][number]

    def cites(self, element: Element) -> dict[str, str]:
        """That the record stands in this file, and where the file has it from."""
        from_where = [
            url
            for each in element.objects("sources")
            if isinstance(url := each.get("url"), str) and url
        ]
        where = element.place
        for number, url in enumerate(from_where):
            if len(longer := f"{where}{', from ' if not number else ' '}{url}") > LONGEST_WHERE:
                element.note(f"sources[{number}]", f"Not kept: “{shown(url)}”.")
            else:
                where = longer
        return {"source": self.source, "where": where}


def document_of(content: bytes) -> dict[str, Any]:
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        where = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise Unreadable(f"The file is no JSON that can be read{where}.") from error
    if not isinstance(document, dict):
        raise Unreadable("A Popolo file is an object with “persons”, “organizations” and so on.")
    if not any(name in document for name in CLASSES):
        raise Unreadable(f"The file has none of what is read: {', '.join(CLASSES)}.")
    return document
