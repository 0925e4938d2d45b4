"""Makes the draft records of a passage, each checked, with the citation that ties them to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.text import slugify

from negotiations.editing.drafting.naming import Named, New
from negotiations.models import (
    Appointment,
    Citation,
    Delegate,
    Delegation,
    FormerSlug,
    Meeting,
    Party,
    Person,
    Process,
    Question,
    Record,
    Statement,
    Topic,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from negotiations.editing.drafting.work import Work


@dataclass
class Filing:
    """One act of an editor; to be used within one transaction. `made` are the new drafts, `named`
    those of them that were made of a name.
    """

    work: Work
    passage: str = ""
    where: str = ""
    made: list[Record] = field(default_factory=list)
    named: dict[str, Any] = field(default_factory=dict)

    def make[R: Record](self, record: R, **links: Iterable[Record]) -> R:
        """Check and save a draft.

        Raises:
            ValidationError: what the record's own rules say.
        """
        # A delegate's meeting is filled in by the database.
        record.full_clean(exclude=["meeting"] if isinstance(record, Delegate) else None)
        record.save()
        for name, targets in links.items():
            getattr(record, name).set(targets)
        self.made.append(record)
        return record

    def cite(self, record: Record, passage: str | None = None) -> None:
        """Tie a record to the passage."""
        citation = Citation(
            source=self.work.source,
            passage=self.passage if passage is None else passage,
            where=self.where,
        )
        column = record._meta.get_field("citations").remote_field.name
        setattr(citation, column, record)
        citation.full_clean()
        citation.save()

    # --- Records that were named and may be new ---

    def topic(self, named: Named) -> Topic:
        return self._named(Topic, named, name=str(named))

    def question(self, named: Named, topic: Topic | None) -> Question:
        if isinstance(named, New) and topic is None:
            raise ValidationError({"topics": "A new question needs a topic to stand under."})
        return self._named(Question, named, text=str(named), topic=topic)

    def party(self, named: Named, part_of: Party | None = None) -> Party:
        """A party; a new one may be written "United States (US)"."""
        if isinstance(named, Party):
            return named
        name, _, short = str(named).partition("(")
        kind = Party.Kind.BODY if part_of else Party.Kind.STATE
        fields = {"short_name": short.rstrip(") "), "kind": kind, "part_of": part_of}
        return self._named(Party, named, name=name.strip(), **fields)

    def process(self, named: Named) -> Process:
        return self._named(Process, named, name=str(named))

    def meeting(self, named: Named, process: Process, **fields: Any) -> Meeting:
        if isinstance(named, Meeting):
            return named
        made = self._named(Meeting, named, title=str(named), process=process, **fields)
        if self.passage or self.where:
            self.cite(made)
        return made

    def planned(self, named: Named, **fields: Any) -> Meeting:
        """A meeting that the one at hand foresaw."""
        before = self.work.meeting
        state = Meeting.State.PLANNED
        return self.meeting(named, before.process, state=state, follows=before, **fields)

    def _named[R: Record](self, model: type[R], named: Named, **fields: Any) -> R:
        if isinstance(named, model):
            return named
        record = model(**fields)
        record.slug = free_address(model, str(record))
        self.named[str(named)] = self.make(record)
        return record

    # --- People, and where they sit ---

    def person(
        self,
        named: Named,
        office: str,
        party: Party,
        *,
        seat: Party | None = None,
        title: str = "",
    ) -> Person:
        """A person in an office as the source shows it, and in a delegation if the text says so."""
        person = self._named(Person, named, name=str(named))
        meeting = self.work.meeting
        day = self.work.source.date or (meeting.date if meeting else None)
        if office and not person.appointments.filter(party=party, office__iexact=office).exists():
            held = Appointment(person=person, party=party, office=office, attested=day)
            self.cite(self.make(held))
        if seat and meeting:
            self._seat(person, seat, meeting, title)
        return person

    def _seat(self, person: Person, party: Party, meeting: Meeting, title: str) -> None:
        delegation = Delegation.objects.filter(meeting=meeting, party=party).first()
        if delegation is None:
            delegation = self.make(Delegation(meeting=meeting, party=party))
        if not delegation.delegates.filter(person=person).exists():
            rank = delegation.delegates.count() + 1
            self.make(Delegate(delegation=delegation, person=person, title=title, rank=rank))

    # --- What was said ---

    def paraphrase(self, words: str, topics: Iterable[Topic], **fields: Any) -> Statement:
        """What somebody said of it, in the editor's own words, cited with the passage."""
        statement = Statement(
            meeting=self.work.meeting,
            form=Statement.Form.PARAPHRASE,
            words=words,
            language="en",
            **fields,
        )
        self.make(statement, topics=topics)
        self.cite(statement)
        return statement


def free_address(model: type[Record], words: str) -> str:
    """An address for a new record that nobody has or had: from its words, with a number if need be."""
    kind = str(model._meta.model_name)
    stem = slugify(words)[:90].rstrip("-") or kind
    taken = set(model._default_manager.filter(slug__startswith=stem).values_list("slug", flat=True))
    taken |= set(
        FormerSlug.objects.filter(kind=kind, slug__startswith=stem).values_list("slug", flat=True)
    )
    if stem not in taken:
        return stem
    return next(slug for n in range(2, len(taken) + 3) if (slug := f"{stem}-{n}") not in taken)
