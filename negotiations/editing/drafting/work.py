"""What an editor has before them at a source: its text as it reads, and what is drafted from it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from negotiations.editing.drafting import suggestions
from negotiations.editing.drafting.guessing import Guess, guess
from negotiations.editing.drafting.places import Use, find_uses
from negotiations.editing.drafting.reading import Paragraph, Reading, read
from negotiations.editing.extraction import Known, known_people, propose
from negotiations.models import (
    Action,
    Citation,
    Delegate,
    Dismissal,
    Meeting,
    Party,
    Record,
    SectionTopic,
    Source,
    Statement,
    Status,
    Topic,
    Workplace,
)

if TYPE_CHECKING:
    from negotiations.editing.drafting.suggestions import Suggestion
    from negotiations.models import User

# In the order in which a meeting is told.
ORDER = ("meeting", "appointment", "statement", "action", "account", "open_matter", "progress")


# An editor stays with one text while few people are entered: most pages ask for the same again.
_proposed = lru_cache(maxsize=32)(propose)


class Work:
    """One editor at one source. Everything is read once, when first asked for.

    `place` is a position in the text: the part around it is shown, and suggestions are made for it.
    """

    def __init__(self, source: Source, editor: User, place: int = 0) -> None:
        self.source, self.editor, self.place = source, editor, place

    @cached_property
    def reading(self) -> Reading:
        return read(self.source.text)

    @cached_property
    def workplace(self) -> Workplace:
        found = Workplace.objects.filter(editor=self.editor, source=self.source)
        return found.select_related("meeting__process", "topic").first() or Workplace(
            editor=self.editor, source=self.source
        )

    @property
    def meeting(self) -> Meeting | None:
        return self.workplace.meeting

    def remember(self, **what: Any) -> None:
        """Keep the meeting or the topic for what this editor drafts next from this source."""
        Workplace.objects.update_or_create(editor=self.editor, source=self.source, defaults=what)
        self.__dict__.pop("workplace", None)

    # --- The text ---

    @cached_property
    def part(self) -> int:
        return self.reading.part_at(self.place)

    @cached_property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """Those of the part that is shown."""
        first, end = self.reading.parts[self.part]
        return self.reading.paragraphs[first:end]

    @cached_property
    def citations(self) -> list[Citation]:
        return list(
            Citation.objects.filter(source=self.source)
            .select_related(
                "statement__speaker",
                "statement__party",
                "action",
                "account__party",
                "account__action",
                "open_matter",
                "appointment__person",
                "meeting",
                "progress__action",
            )
            .prefetch_related("statement__positions__question", "action__accounts__party")
        )

    @cached_property
    def uses(self) -> list[Use]:
        return find_uses(self.citations, self.reading)

    @cached_property
    def records(self) -> list[Record]:
        """All that cites this source, each once, in the order of the text within each kind."""
        placed = {use.record: use.start for use in reversed(self.uses)}
        found = {citation.record: None for citation in self.citations}
        kinds = {name: number for number, name in enumerate(ORDER)}

        def order(record: Record) -> tuple[int, int, int]:
            kind = (
                "open_matter"
                if record._meta.model_name == "openmatter"
                else record._meta.model_name
            )
            return kinds[str(kind)], placed.get(record, 0), record.pk

        return sorted(found, key=order)

    @cached_property
    def uncovered(self) -> int:
        """How many sentences no record covers; headings are not counted."""
        spans = [(use.start, use.end) for use in self.uses]
        return sum(
            not any(start < s.end and s.start < end for start, end in spans)
            for s in self._told_sentences
        )

    @cached_property
    def sentence_count(self) -> int:
        return len(self._told_sentences)

    @cached_property
    def _told_sentences(self) -> list[Any]:
        return [s for p in self.reading.paragraphs if not p.is_heading for s in p.sentences]

    # --- What is suggested ---

    @cached_property
    def known(self) -> Known:
        return known_people(self.meeting)

    @cached_property
    def suggested(self) -> list[Suggestion]:
        """All that the extractor finds in the part that is shown."""
        if not self.paragraphs:
            return []
        start, end = self.paragraphs[0].start, self.paragraphs[-1].end
        text = self.source.text[start:end]
        found = _proposed(text, self.source.language, self.known, self.source.date)
        moved = (replace(each, start=each.start + start, end=each.end + start) for each in found)
        return suggestions.key_each(moved, self.source.text)

    @cached_property
    def _dismissed(self) -> list[str]:
        """The keys of those that were dismissed, the latest last."""
        found = Dismissal.objects.filter(source=self.source).order_by("at", "pk")
        return list(found.values_list("suggestion", flat=True))

    @cached_property
    def suggestions(self) -> list[Suggestion]:
        delegates = Delegate.objects.filter(meeting=self.meeting).values_list("person", flat=True)
        seated = set(delegates) if self.meeting else set()
        return suggestions.open_ones(self.suggested, self.uses, seated, set(self._dismissed))

    @cached_property
    def dismissed(self) -> list[Suggestion]:
        """Those of this part that were dismissed, the latest first."""
        suggested = {each.key: each for each in self.suggested}
        return [suggested[key] for key in reversed(self._dismissed) if key in suggested]

    def suggestion(self, key: str) -> Suggestion | None:
        return next((each for each in self.suggestions if each.key == key), None)

    def next_after(self, place: int) -> Suggestion | None:
        """The first open suggestion from this place on."""
        return next((each for each in self.suggestions if each.start >= place), None)

    def ready_in_sentence(self, place: int) -> list[Suggestion]:
        """The suggestions of the sentence at this place that can be accepted as they are."""
        sentence = self.reading.sentence_at(place)
        if sentence is None:
            return []
        first, last = sentence.start, sentence.end
        return [each for each in self.suggestions if each.is_ready and first <= each.start < last]

    @cached_property
    def batches(self) -> dict[str, int]:
        """For the first of several ready suggestions of one sentence: how many they are."""
        first: dict[int, str] = {}
        counts: Counter[str] = Counter()
        for each in self.suggestions:
            if each.is_ready and (sentence := self.reading.sentence_at(each.start)):
                counts[first.setdefault(sentence.number, each.key)] += 1
        return {key: count for key, count in counts.items() if count > 1}

    # --- What the forms open with ---

    def guess(self, start: int, end: int) -> Guess:
        return guess(start, end, self.reading, self.suggested, self.known)

    def where(self, start: int) -> str:
        paragraph = self.reading.paragraph_at(start)
        return paragraph.where if paragraph else ""

    @cached_property
    def section_topics(self) -> dict[str, Topic]:
        found = SectionTopic.objects.filter(source=self.source).select_related("topic")
        return {each.heading: each.topic for each in found}

    def topic_at(self, place: int) -> Topic | None:
        """The topic of the section, else the last one used."""
        paragraph = self.reading.paragraph_at(place)
        section = self.section_topics.get(paragraph.heading[:200]) if paragraph else None
        return section or self.workplace.topic

    @cached_property
    def process_parties(self) -> list[Party]:
        meeting = self.meeting
        return list(meeting.process.parties.order_by("pk")) if meeting else []

    def statements_near(self, start: int) -> list[Statement]:
        """The statements drafted from this source, those of this sentence first."""
        sentence = self.reading.sentence_at(start)
        first, last = (sentence.start, sentence.end) if sentence else (start, start)
        here = {
            u.record.pk
            for u in self.uses
            if isinstance(u.record, Statement) and u.touches(first, last)
        }
        found = [record for record in self.records if isinstance(record, Statement)]
        # A paraphrase tells more than the two or three words that were quoted from it.
        return sorted(found, key=lambda s: (s.pk not in here, s.is_verbatim))

    def statement_here(self, start: int, end: int) -> Statement | None:
        """The statement already drafted from this sentence, if there is one."""
        sentence = self.reading.sentence_at(start)
        if sentence is None:
            return None
        here = [
            use.record
            for use in self.uses
            if isinstance(use.record, Statement)
            and use.touches(min(start, sentence.start), max(end, sentence.end))
        ]
        return min(here, key=lambda s: (s.is_verbatim, s.pk), default=None)

    @cached_property
    def actions(self) -> list[Action]:
        return list(self.meeting.actions.order_by("pk")) if self.meeting else []

    def all_drafts(self) -> list[Record]:
        """Every draft made here, with all that it hangs on or is linked to; what stands under others
        comes first.
        """
        found: dict[Record, None] = {}
        waiting: list[Record] = [self.source, *self.records]
        if self.meeting:
            waiting.append(self.meeting)
        while waiting:
            record = waiting.pop()
            if record in found or record.status != Status.DRAFT:
                continue
            found[record] = None
            waiting += [
                each for field in record.hangs_on() if (each := getattr(record, field.name))
            ]
            for field in record._meta.many_to_many:
                waiting += getattr(record, field.name).all()
            for name in record.parts:
                waiting += getattr(record, name).all()
        return list(reversed(found))
