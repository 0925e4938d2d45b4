"""An Akoma Ntoso file that holds a debate: whom it refers to, and how entries name what is in it."""

from __future__ import annotations

import re
from typing import Any, BinaryIO

from lxml import etree

from negotiations.editing.importing.findings import Finding
from negotiations.editing.importing.reading import Unreadable
from negotiations.editing.importing.standards.running import (
    Settings,
    key_of,
    note,
    problem,
    read_all,
    shown,
)
from negotiations.editing.importing.standards.spoken import LANGUAGES
from negotiations.editing.importing.standards.xml import first, local, number, parsed, text_of

NAMESPACE = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
ALIKE = ("http://docs.oasis-open.org/legaldocml/ns/akn/", "http://www.akomantoso.org/")


class DebateFile:
    """The file as it lies before the reader."""

    def __init__(self, file: BinaryIO, settings: Settings) -> None:
        """
        Raises:
            Unreadable: it is no Akoma Ntoso, or holds no debate.
        """
        self.settings = settings
        root = parsed(read_all(file))
        self.namespace = etree.QName(root).namespace or ""
        known = not self.namespace or self.namespace.startswith(ALIKE)
        if local(root) != "akomaNtoso" or not known:
            raise Unreadable("This is no Akoma Ntoso: its first element is no <akomaNtoso>.")
        self.debate = next(iter(root.iterchildren("{*}debate")), None)
        if self.debate is None:
            inside = ", ".join(f"<{local(each)}>" for each in root) or "nothing"
            raise Unreadable(f"There is no <debate> in this file, but {inside}.")
        self.refers = {
            f"#{number(each)}": each
            for each in self.debate.iterfind("{*}meta/{*}references/*")
            if number(each)
        }
        self.names: dict[str, str] = {}  # by reference: the address or key by which entries name it
        self.meeting = self.source = ""

    @staticmethod
    def where(found: Finding) -> str:
        return f"line {found.row}" + (found.column and f", {found.column}")

    def note(self, element: Any, sentence: str) -> Finding:
        return note(element.sourceline or 0, local(element), number(element), "", sentence)

    def problem(self, element: Any, sentence: str) -> Finding:
        return problem(element.sourceline or 0, local(element), number(element), "", sentence)

    def not_kept(self, element: Any) -> Finding:
        words = text_of(element)
        said = f": “{shown(words)}”" if words else ""
        return self.note(element, f"<{local(element)}> is not kept{said}.")

    def key(self, name: str) -> str:
        return key_of("akn", self.settings, name)

    def language(self, meta: Any) -> str:
        found = first(meta, "FRBRlanguage")
        code = found.get("language", "") if found is not None else ""
        return LANGUAGES.get(code, code) or self.settings.language

    def published(self, meta: Any) -> Settings:
        """With the publisher: the author that the file names."""
        author = first(meta, "FRBRauthor")
        named = self.refers.get(author.get("href", "")) if author is not None else None
        publisher = self.settings.publisher or (
            named.get("showAs", "") if named is not None else ""
        )
        return Settings(self.settings.collection, publisher)

    def slug(self, address: str, pages: str) -> str:
        """The address within Readout of what a file of Readout's refers to."""
        ours = any(each.get("showAs") == "Readout" for each in self.refers.values())
        found = re.search(rf"/{pages}/([-\w]+)/$", address)
        return found[1] if ours and found else ""
