"""What can be imported: the kinds of record, their columns, and how a cell becomes a value."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db import models

from negotiations.models import (
    Account,
    Action,
    Appointment,
    Citation,
    Delegate,
    Delegation,
    Meeting,
    OpenMatter,
    Party,
    Person,
    Position,
    Process,
    Progress,
    Question,
    Record,
    Source,
    Statement,
    Topic,
    VagueDate,
    VagueDateField,
)
from negotiations.models.records import AddressedRecord

if TYPE_CHECKING:
    from negotiations.editing.importing.references import References

SEPARATOR = ";"
SEVERAL = f"Several are separated by “{SEPARATOR}”."
KEY_WORDS = (
    "Any text that is this row’s alone among the rows of its kind: the number in your own list. "
    "By it a later import knows the row again."
)


@dataclass(frozen=True)
class Column:
    """A column of plain text, and what other columns do differently."""

    name: str
    field: models.Field
    what: str
    example: str = ""
    required: bool = False

    def references(self, text: str) -> list[tuple[str, str]]:
        """The records that a cell names, as (kind, text)."""
        return []

    def read(self, text: str, references: References) -> Any:
        """The cell's value.

        Raises:
            ValueError: with a sentence for whoever filled the cell.
        """
        return text

    def put(self, record: Record, value: Any) -> None:
        setattr(record, self.field.name, value)

    def show(self, record: Record) -> str:
        """The record's value as people read it."""
        value = getattr(record, self.field.name)
        return "" if value is None else str(value)

    def mark(self, record: Record) -> str:
        """The record's value such that it differs only if the value does."""
        return self.show(record)


class Choice(Column):
    def read(self, text: str, references: References) -> Any:
        if not text:
            return self.field.get_default()
        wanted = text.casefold()
        for value, label in self.field.flatchoices:
            if wanted in (str(value).casefold(), str(label).casefold()):
                return value
        allowed = ", ".join(str(value) for value, _ in self.field.flatchoices if value)
        raise ValueError(f"“{text}” is none of: {allowed}.")


class Number(Column):
    def read(self, text: str, references: References) -> Any:
        if not text:
            return self.field.get_default()
        if not (text.isascii() and text.isdigit()):
            raise ValueError(f"“{text}” is no whole number.")
        return int(text)


class YesNo(Column):
    WORDS = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}

    def read(self, text: str, references: References) -> bool:
        if not text:
            return False
        if (value := self.WORDS.get(text.casefold())) is None:
            raise ValueError(f"“{text}” is neither yes nor no.")
        return value

    def show(self, record: Record) -> str:
        return "yes" if getattr(record, self.field.name) else "no"


class Date(Column):
    def read(self, text: str, references: References) -> VagueDate | None:
        return VagueDate.parse(text) if text else None


class Reference(Column):
    """Another record, by its address or by the key under which it was imported."""

    @cached_property
    def target(self) -> str:
        target: Any = self.field.related_model
        return KIND_OF[target].name

    def references(self, text: str) -> list[tuple[str, str]]:
        return [(self.target, text)] if text else []

    def read(self, text: str, references: References) -> Any:
        return references.find(self.target, text) if text else None

    def mark(self, record: Record) -> str:
        return str(getattr(record, self.field.attname) or "")


class ReferenceList(Reference):
    """Several other records; kept on the record as `linked` until it is saved."""

    def references(self, text: str) -> list[tuple[str, str]]:
        return [(self.target, part.strip()) for part in text.split(SEPARATOR) if part.strip()]

    def read(self, text: str, references: References) -> Any:
        found = [references.find(*each) for each in self.references(text)]
        return list({each.pk: each for each in found}.values())

    def put(self, record: Any, value: Any) -> None:
        linked(record)[self.field.name] = value

    def _linked(self, record: Any) -> list[Record]:
        waiting = linked(record)
        if self.field.name not in waiting:
            waiting[self.field.name] = (
                list(getattr(record, self.field.name).all()) if record.pk else []
            )
        return waiting[self.field.name]

    def show(self, record: Record) -> str:
        return f"{SEPARATOR} ".join(sorted(map(str, self._linked(record))))

    def mark(self, record: Record) -> str:
        return ",".join(map(str, sorted(each.pk for each in self._linked(record))))


class Seat(Reference):
    """Meeting or party of a delegate, which together say the delegation."""

    def put(self, record: Any, value: Any) -> None:
        seat_of(record)[self.field.name] = value

    def show(self, record: Record) -> str:
        return str(seat_of(record).get(self.field.name) or "")

    def mark(self, record: Record) -> str:
        seat = seat_of(record).get(self.field.name)
        return str(seat.pk) if seat else ""


class Cited(Column):
    """A column of the record's citation, the first if it has several."""

    def references(self, text: str) -> list[tuple[str, str]]:
        return [("source", text)] if text and self.field.is_relation else []

    def read(self, text: str, references: References) -> Any:
        if not self.field.is_relation:
            return text
        return references.find("source", text) if text else None

    def put(self, record: Record, value: Any) -> None:
        setattr(citation_of(record), self.field.name, value)

    def show(self, record: Record) -> str:
        citation = citation_of(record)
        if self.field.is_relation and not citation.source_id:
            return ""
        return str(getattr(citation, self.field.name))

    def mark(self, record: Record) -> str:
        return str(getattr(citation_of(record), self.field.attname) or "")


def linked(record: Any) -> dict[str, list[Record]]:
    """The records that an imported one is to be linked to, by the name of the link."""
    if not hasattr(record, "_to_link"):
        record._to_link = {}
    return record._to_link


def seat_of(record: Any) -> dict[str, Any]:
    """The meeting and party of a delegate, as stored or as they are to be."""
    if not hasattr(record, "_seat"):
        sits = record.delegation if record.delegation_id else None
        record._seat = {"meeting": sits.meeting, "party": sits.party} if sits else {}
    return record._seat


def citation_of(record: Any) -> Citation:
    """The record's own citation: the stored one, else a new one that is saved once it has a source."""
    if not hasattr(record, "_to_cite"):
        stored = sorted(record.citations.all(), key=lambda each: each.pk) if record.pk else []
        record._to_cite = stored[0] if stored else Citation()
    return record._to_cite


CITATION = (
    ("source", "The source: the key under which it was imported, or its web address.", "pax"),
    ("passage", "The exact words of the source. […] marks what is left out.", ""),
    ("where", "Where in the source it stands.", "2nd paragraph"),
)
REFERENCE_WORDS = {True: "By its address (slug) or its key.", False: "By its key."}
EXAMPLES: dict[str, str] = {
    "process.name": "Russia–US normalisation talks, 2025",
    "process.parties": "russia; united-states",
    "party.name": "United States",
    "party.kind": "state",
    "person.name": "Sergey Lavrov",
    "appointment.person": "sergey-lavrov",
    "appointment.party": "russia",
    "appointment.office": "Minister of Foreign Affairs",
    "appointment.start": "March 2004",
    "topic.name": "Embassies",
    "question.topic": "ukraine",
    "question.text": "May NATO troops deploy in Ukraine?",
    "source.title": "Press conference after the talks",
    "source.kind": "transcript",
    "source.publisher": "Ministry of Foreign Affairs of Russia",
    "source.date": "18 February 2025",
    "meeting.process": "russia-us-2025",
    "meeting.title": "Russia–US talks in Riyadh",
    "meeting.date": "2025-02-18",
    "delegation.meeting": "riyadh-2025-02-18",
    "delegation.party": "russia",
    "delegate.meeting": "riyadh-2025-02-18",
    "delegate.party": "russia",
    "delegate.person": "sergey-lavrov",
    "delegate.title": "Foreign Minister",
    "statement.meeting": "riyadh-2025-02-18",
    "statement.speaker": "sergey-lavrov",
    "statement.form": "verbatim",
    "statement.words": "not only listened, but also heard each other",
    "position.question": "nato-troops",
    "position.statement": "S-17",
    "position.stance": "opposes",
    "action.meeting": "riyadh-2025-02-18",
    "action.kind": "commitment",
    "action.title": "Appoint ambassadors",
    "action.owed_by": "russia; united-states",
    "account.action": "A-3",
    "account.stance": "confirmed",
    "account.statement": "S-17",
    "progress.action": "A-3",
    "progress.state": "under_way",
    "progress.date": "about March 2025",
    "open_matter.meeting": "riyadh-2025-02-18",
    "open_matter.title": "Seized Russian property",
}


@dataclass(frozen=True)
class Kind:
    """A kind of record as a table: its name, its model, and the fields that have a column."""

    name: str
    model: type[Record]
    fields: tuple[str, ...]
    cites: bool = False
    columns: dict[str, Column] = field(init=False, hash=False, compare=False)

    def __post_init__(self) -> None:
        columns = [_column(self, name) for name in self.fields]
        if self.cites:
            fields: dict[str, Any] = {each.name: each for each in Citation._meta.get_fields()}
            columns += [
                Cited(name, fields[name], what, example) for name, what, example in CITATION
            ]
        object.__setattr__(self, "columns", {column.name: column for column in columns})

    @property
    def addressed(self) -> bool:
        return issubclass(self.model, AddressedRecord)

    @property
    def words(self) -> str:
        return str(self.model._meta.verbose_name)

    @property
    def words_plural(self) -> str:
        return str(self.model._meta.verbose_name_plural)

    def records(self) -> Any:
        """All records of this kind, with what is needed to check them or write them out in words."""
        keys = [each.name for each in self.model.hangs_on()]
        if self.model is Delegate:
            keys += ["delegation__meeting", "delegation__party"]
        if any(each.related_model is Statement for each in self.model.hangs_on()):
            keys += ["statement__speaker", "statement__party"]
        records = self.model._default_manager.all()
        return records.select_related(*keys) if keys else records

    @cached_property
    def read_with(self) -> list[str]:
        """The many that belong to a record as its columns show it."""
        several = [name for name, each in self.columns.items() if isinstance(each, ReferenceList)]
        return [*several, "citations__source"] if self.cites else several

    @cached_property
    def own_references(self) -> list[str]:
        """Columns that name records of the same kind, which stand in rows above."""
        return [
            name
            for name, column in self.columns.items()
            if isinstance(column, Reference) and column.field.related_model is self.model
        ]

    @property
    def header(self) -> list[str]:
        return ["key", *self.columns]


def _column(kind: Kind, name: str) -> Column:
    seat = kind.model is Delegate and name in ("meeting", "party")
    model_field: Any = (Delegation if seat else kind.model)._meta.get_field(name)
    what = str(getattr(model_field, "help_text", "")) or str(model_field.verbose_name).capitalize()
    make = Seat if seat else _column_class(model_field)
    if issubclass(make, Reference):
        what = f"{_sentence(what)} {REFERENCE_WORDS[issubclass(model_field.related_model, AddressedRecord)]}"
        if make is ReferenceList:
            what = f"{what} {SEVERAL}"
    if name == "slug":
        what = "The last part of its page’s address. Left empty, it is made of the name."
    if model_field.choices:
        allowed = ", ".join(str(value) for value, _ in model_field.flatchoices if value)
        what = f"{_sentence(what)} One of: {allowed}."
    required = not model_field.blank and not model_field.has_default() and name != "slug"
    example = EXAMPLES.get(f"{kind.name}.{name}", "")
    return make(name, model_field, what, example, required and make is not ReferenceList)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "”", "?")) else f"{text}."


def _column_class(model_field: models.Field) -> type[Column]:
    if isinstance(model_field, VagueDateField):
        return Date
    if isinstance(model_field, models.ManyToManyField):
        return ReferenceList
    if isinstance(model_field, models.ForeignKey):
        return Reference
    if isinstance(model_field, models.BooleanField):
        return YesNo
    if isinstance(model_field, models.IntegerField):
        return Number
    return Choice if model_field.choices else Column


# In the order in which one can hang on another.
KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("party", Party, ("slug", "name", "short_name", "native_name", "other_names", "kind", "part_of", "mark", "description", "wikidata")),
        Kind("process", Process, ("slug", "name", "summary", "parties")),
        Kind("person", Person, ("slug", "name", "sort_name", "native_name", "other_names", "description", "wikidata")),
        # Not the text: it is captured, with its versions, at the desk.
        Kind("source", Source, ("title", "kind", "publisher", "republisher", "on_behalf_of", "author", "date", "language", "url", "archived_url")),
        Kind("appointment", Appointment, ("person", "party", "office", "start", "end", "attested"), cites=True),
        Kind("topic", Topic, ("slug", "name", "parent", "description", "position")),
        Kind("question", Question, ("slug", "topic", "text", "description")),
        Kind("meeting", Meeting, ("slug", "process", "title", "kind", "state", "date", "ended", "timing", "duration", "duration_about", "place", "coordinates", "place_wikidata", "host", "follows", "summary"), cites=True),
        Kind("delegation", Delegation, ("meeting", "party", "role")),
        Kind("delegate", Delegate, ("meeting", "party", "person", "title", "rank")),
        Kind("statement", Statement, ("meeting", "speaker", "party", "form", "words", "language", "original_words", "original_language", "translated_by", "date", "occasion", "occasion_note", "topics"), cites=True),
        Kind("position", Position, ("question", "party", "stance", "statement", "summary")),
        Kind("action", Action, ("meeting", "kind", "title", "details", "owed_by", "topics", "due", "due_words", "leads_to"), cites=True),
        Kind("account", Account, ("action", "party", "stance", "statement", "note"), cites=True),
        Kind("progress", Progress, ("action", "state", "date", "report"), cites=True),
        Kind("open_matter", OpenMatter, ("meeting", "title", "details", "topic", "question", "statement"), cites=True),
    )
}  # fmt: skip
KIND_OF = {kind.model: kind for kind in KINDS.values()}
