"""How a captured text reads: headings, paragraphs and sentences, and what a place in it is called."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

# A longer text is shown in parts of about this many characters, each of whole paragraphs.
PART = 20_000
# A heading is one short line that does not end like a sentence.
HEADING_LENGTH = 120
ENDS_A_SENTENCE = re.compile(r"[.!?…:;,؟。！？][\s\"'”’»)\]*]*$")
MARKED_HEADING = re.compile(r"^(?:#{1,6}\s+(.+?)\s*#*|(\*\*|__)(.+?)\2:?)$")
BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
# Where a sentence may end: its stop, closing marks, then space; or a full-width stop.
STOP = re.compile(
    r"(?:(?<![.!?…؟])[.!?…؟]++[\"'”’»)\]]*+(?=\s)|(?<![。！？])[。！？]++[”』」)]*+)\s*+"
)
NO_STOP = re.compile(
    r"(?:^|[\s(“\"'«])(?:[A-ZА-ЯЁ]|Mr|Mrs|Ms|Dr|St|Prof|Gen|Col|Lt|Sen|Rep|Gov|Jr|Sr|No|vs|cf|e\.g|i\.e"
    r"|[A-Z](?:\.[A-Z])+|г|им|т|тт|ул|стр|рис|т\.е|т\.д)\.$"
)


@dataclass(frozen=True)
class Sentence:
    """A sentence as (start, end), counted in code points of the whole text."""

    start: int
    end: int
    number: int


@dataclass(frozen=True)
class Paragraph:
    """A paragraph or a heading; `where` is what a citation calls this place."""

    start: int
    end: int
    is_heading: bool
    heading: str
    where: str
    sentences: tuple[Sentence, ...] = ()


@dataclass(frozen=True)
class Reading:
    """A text, read. All positions count code points of the whole text."""

    text: str = field(repr=False)
    paragraphs: tuple[Paragraph, ...]

    @cached_property
    def _starts(self) -> list[int]:
        return [paragraph.start for paragraph in self.paragraphs]

    @cached_property
    def headings(self) -> list[str]:
        """Each heading under which something stands, once, in the order of the text."""
        return list(dict.fromkeys(p.heading for p in self.paragraphs if not p.is_heading))

    @cached_property
    def sentences(self) -> list[Sentence]:
        return [sentence for p in self.paragraphs for sentence in p.sentences]

    @cached_property
    def parts(self) -> list[tuple[int, int]]:
        """The text in parts of whole paragraphs, as ranges of paragraph numbers."""
        parts: list[tuple[int, int]] = []
        first = 0
        for number, paragraph in enumerate(self.paragraphs):
            if number > first and paragraph.end - self.paragraphs[first].start > PART:
                parts.append((first, number))
                first = number
        return [*parts, (first, len(self.paragraphs))]

    def part_at(self, place: int) -> int:
        """The number of the part, from 0, in which this place stands."""
        number = max(0, bisect_right(self._starts, place) - 1)
        return next((n for n, (_, end) in enumerate(self.parts) if number < end), 0)

    def paragraph_at(self, place: int) -> Paragraph | None:
        number = bisect_right(self._starts, place) - 1
        return self.paragraphs[max(0, number)] if self.paragraphs else None

    def sentence_at(self, place: int) -> Sentence | None:
        """The sentence in which this place stands, or the next one."""
        return next((s for s in self.sentences if place < s.end), None)

    def between(self, start: int, end: int) -> tuple[int, int]:
        """The range kept within the text, without white space at its ends."""
        start, end = max(0, min(start, len(self.text))), max(0, min(end, len(self.text)))
        passage = self.text[start:end]
        end = start + len(passage.rstrip())
        return min(start + len(passage) - len(passage.lstrip()), end), end


@lru_cache(maxsize=8)
def read(text: str) -> Reading:
    """Read a text. The last few are kept: an editor stays with one for an hour."""
    blocks = [(start, end) for start, end in _blocks(text) if start < end]
    paragraphs: list[Paragraph] = []
    heading, section, count, number = "", False, 0, 0
    for place, (start, end) in enumerate(blocks):
        title = _heading(text[start:end]) if place + 1 < len(blocks) else ""
        if title:
            # The first line of all is the text's own title, not a section's.
            section = place > 0
            heading, count = (title if section else ""), 0
            where = f"heading “{_short(title)}”" if section else "title"
            number += 1
            line = (Sentence(start, end, number - 1),)
            paragraphs.append(Paragraph(start, end, True, heading, where, line))
            continue
        count += 1
        under = f"under “{_short(heading)}”" if section else "opening"
        sentences = tuple(
            Sentence(*span, number + offset)
            for offset, span in enumerate(sentences_in(text, start, end))
        )
        number += len(sentences)
        where = f"{under}, {ordinal(count)} paragraph"
        paragraphs.append(Paragraph(start, end, False, heading, where, sentences))
    return Reading(text, tuple(paragraphs))


def _blocks(text: str) -> list[tuple[int, int]]:
    """Paragraphs as they are set: by line, or by blank line where lines are broken for width."""
    lines = [len(line) for line in text.split("\n") if line.strip()]
    blank = len(BLANK_LINE.findall(text))
    by_blank_line = blank and len(lines) > 2 * blank and max(lines) <= 100
    separator = BLANK_LINE if by_blank_line else re.compile(r"\n")
    blocks, start = [], 0
    for match in [*separator.finditer(text), None]:
        end = match.start() if match else len(text)
        block = text[start:end]
        first = start + len(block) - len(block.lstrip())
        blocks.append((first, max(first, start + len(block.rstrip()))))
        start = match.end() if match else end
    return blocks


def _heading(block: str) -> str:
    if "\n" in block or len(block) > HEADING_LENGTH:
        return ""
    if match := MARKED_HEADING.match(block):
        return (match[1] or match[3]).strip()
    return "" if ENDS_A_SENTENCE.search(block) else block


def _short(heading: str) -> str:
    return heading if len(heading) <= 120 else f"{heading[:119]}…"


def ordinal(number: int) -> str:
    tens = number % 100 in (11, 12, 13)
    return f"{number}{'th' if tens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def sentences_in(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The sentences of a paragraph. Abbreviations and initials end none, nor does a small letter follow."""
    found, first = [], start
    for match in STOP.finditer(text, start, end):
        after = text[match.end() : match.end() + 1]
        stop = text[max(first, match.start() - 12) : match.start() + 1]
        if match.end() >= end or after.islower() or NO_STOP.search(stop):
            continue
        found.append((first, match.start() + len(match[0].rstrip())))
        first = match.end()
    return [*found, (first, end)] if first < end else found
