"""One import of a standard's file: read whole, told of in full, written as drafts or not at all."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

from negotiations.editing.importing.drafts import Entry
from negotiations.editing.importing.findings import Became, Finding, Findings
from negotiations.editing.importing.kinds import KINDS
from negotiations.editing.importing.reading import Unreadable
from negotiations.editing.importing.writing import LONGEST_KEY, Writer, importing
from negotiations.models import ImportKey, Party, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from negotiations.models import User

MEGABYTE = 2**20
LARGEST = 64 * MEGABYTE


@dataclass(frozen=True)
class Settings:
    """What a file can't say of itself.

    `collection` is whose numbers its ids are: by it and an id a later import knows a record again.
    """

    collection: str
    publisher: str = ""
    process: str = ""  # address or key, for meetings that the file puts into none
    party: str = ""  # address or key, for speeches that the file ascribes to none
    language: str = "en"


class Reader(Protocol):
    """Makes entries of one file, and findings of what does not fit."""

    def __iter__(self) -> Iterator[Entry | Finding]: ...

    @staticmethod
    def where(found: Finding) -> str:
        """Where in the file a finding's element stands."""


def read_all(file: BinaryIO) -> bytes:
    """
    Raises:
        Unreadable: the file is empty, or larger than a standard's file is.
    """
    content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise Unreadable(f"The file is larger than {LARGEST // MEGABYTE} MB. Cut it into several.")
    if not content.strip():
        raise Unreadable("The file is empty.")
    return content


def run(
    reader: Reader,
    name: str,
    *,
    write: bool = False,
    user: User | None = None,
    findings: Findings | None = None,
) -> Findings:
    """Import what a reader finds, or see what importing it would do; `name` is for the history.

    Raises:
        Unreadable: with a sentence, if the file as a whole is no such file. Nothing is kept.
    """
    findings = findings or Findings()
    with importing(name, user, write=write) as take_back:
        writer = Writer(findings.tell)
        for each in reader:
            if isinstance(each, Entry):
                writer.add(each)
            else:
                findings.tell(each)
        writer.flush()
        if findings.problems:
            take_back()
    return findings


def key_of(standard: str, settings: Settings, number: str) -> str:
    key = f"{standard}:{settings.collection}:{number}"
    if len(key) <= LONGEST_KEY:
        return key
    digest = hashlib.blake2b(number.encode(), digest_size=12).hexdigest()
    return f"{standard}:{settings.collection[:100]}:#{digest}"


def made_of(row: int, kind: str, key: str, /, **values: str) -> Entry:
    """An entry without what the file leaves open."""
    return Entry(row, kind, key, {name: text for name, text in values.items() if text})


def known_already(
    kind: str, key: str, *, slug: str = "", wikidata: str = "", name: str = ""
) -> Any:
    """The record that is here already and did not come of this file: by address, number or name.

    A person's name is no proof; a party's is, among the parties that are part of no other.
    """
    model: Any = KINDS[kind].model
    if ImportKey.objects.filter(kind=kind, key=key).exists():
        return None
    asked: list[dict[str, Any]] = [{"slug": slug}, {"wikidata": wikidata}]
    if model is Party:
        asked.append({"name__iexact": name, "part_of": None} if name else {"name": ""})
    for fields in asked:
        if next(iter(fields.values())) and (
            found := model._default_manager.filter(**fields).first()
        ):
            return found
    return None


def source_of(standard: str, settings: Settings, title: str, kind: str) -> Entry:
    """The file itself, which the records made of it cite."""
    return made_of(
        0,
        "source",
        key_of(standard, settings, "file"),
        title=title,
        kind=kind,
        publisher=settings.publisher or settings.collection,
    )


def note(row: int, kind: str, key: str, place: str, sentence: str) -> Finding:
    return Finding(row, kind, key, Became.NOTE, column=place, sentence=sentence)


def problem(row: int, kind: str, key: str, place: str, sentence: str) -> Finding:
    return Finding(row, kind, key, Became.PROBLEM, column=place, sentence=sentence)


def shown(value: Any, longest: int = 80) -> str:
    """A value as a sentence quotes it."""
    text = " ".join(str(value).split())
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


DATASET = Source.Kind.DATASET.value
TRANSCRIPT = Source.Kind.TRANSCRIPT.value
