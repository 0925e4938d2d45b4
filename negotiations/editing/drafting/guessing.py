"""What a passage tells of itself before an editor says anything: its words, its speaker."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from negotiations.editing.drafting.reading import Reading
    from negotiations.editing.drafting.suggestions import Suggestion
    from negotiations.editing.extraction import Known, Proposal

QUOTED = re.compile(r"[“„][^“”„]*[”“]|«[^«»]*»|\"[^\"]*\"")
MARKS = '“„”«»"'
# A quotation inside a sentence takes the reporter's comma in; it is not the speaker's.
TRAILING = " \t\n,،"


@dataclass(frozen=True)
class Guess:
    """What the forms open with."""

    # Only what stands in quotation marks.
    words: str = ""
    speaker: int | None = None
    party: int | None = None


def guess(
    start: int, end: int, reading: Reading, suggestions: list[Suggestion], known: Known
) -> Guess:
    """Guess from what the extractor found at this passage, else from the names around it."""
    near = [s.proposal for s in suggestions if s.start < end and start < s.end]
    words = _quoted_words(start, end, reading, near)
    speaker, party = _speaker(start, end, near)
    if not speaker and not party:
        speaker = _last_named(start, end, reading, known)
        party = next((person.party for person in known.people if person.pk == speaker), None)
    if not speaker and not party:
        speaker, party = _account_goes_on(start, reading, suggestions)
    return Guess(words, speaker, party)


def _quoted_words(start: int, end: int, reading: Reading, near: list[Proposal]) -> str:
    """The exact words, if all that is selected stands in quotation marks; else nothing."""
    quotes = [each for each in near if each.form == "verbatim" and each.words]
    whole = [q for q in quotes if start <= q.start and q.end <= end]
    if whole and start == whole[0].start and end == whole[-1].end:
        return " […] ".join(quote.words for quote in whole)
    paragraph = reading.paragraph_at(start)
    first, last = (paragraph.start, max(paragraph.end, end)) if paragraph else (start, end)
    marked = (match.span() for match in QUOTED.finditer(reading.text, first, last))
    inside = any(opens <= start and end <= closes for opens, closes in marked)
    words = reading.text[start:end].strip().strip(MARKS).strip(TRAILING)
    return words if inside or any(q.start <= start and end <= q.end for q in quotes) else ""


def _speaker(start: int, end: int, near: list[Proposal]) -> tuple[int | None, int | None]:
    """The speaker whom the extractor found for most of this passage."""
    told = [each for each in near if each.kind != "person" and (each.speaker or each.party)]
    if not told:
        return None, None
    most = max(told, key=lambda each: min(end, each.end) - max(start, each.start))
    return most.speaker, most.party


def _last_named(start: int, end: int, reading: Reading, known: Known) -> int | None:
    """The person named first in the sentence, else last before it in the paragraph."""
    paragraph = reading.paragraph_at(start)
    if paragraph is None:
        return None
    sentence = next((s for s in paragraph.sentences if s.start <= start < s.end), None)
    from_, to = (sentence.start, max(sentence.end, end)) if sentence else (start, end)
    before = _named(reading.text[paragraph.start : from_], known)
    here = _named(reading.text[from_:to], known)
    # Who speaks is named early in a sentence; "he" is whoever was named last.
    return min(here)[1] if here else max(before)[1] if before else None


def _named(stretch: str, known: Known) -> list[tuple[int, int]]:
    """The people named in a stretch of text, as (place, person)."""
    return [
        (place, person.pk)
        for person in known.people
        for name in person.names
        if (place := _place_of(name, stretch)) >= 0
    ]


def _account_goes_on(
    start: int, reading: Reading, suggestions: list[Suggestion]
) -> tuple[int | None, int | None]:
    """Whoever spoke last before, under the same heading."""
    paragraph = reading.paragraph_at(start)
    for each in reversed([s for s in suggestions if s.end <= start and s.kind == "statement"]):
        before = reading.paragraph_at(each.start)
        if not paragraph or not before or before.heading != paragraph.heading:
            break
        return each.proposal.speaker, each.proposal.party
    return None, None


def _place_of(name: str, stretch: str) -> int:
    """Where the name, or its last word, stands last; -1 if it doesn't."""
    family = name.split()[-1]
    if family not in stretch:
        return -1
    places = [match.start() for match in re.finditer(rf"\b{re.escape(family)}\b", stretch)]
    return places[-1] if places else -1
