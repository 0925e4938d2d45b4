"""Where the passages that records cite stand in the captured text."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from negotiations.models import Citation, Record
from negotiations.models.sources import all_passage_places

if TYPE_CHECKING:
    from collections.abc import Sequence

    from negotiations.editing.drafting.reading import Paragraph, Reading

CUT = re.compile(r"\s*\[\s*(?:…|\.\s*\.\s*\.)\s*\]\s*")


@dataclass(frozen=True)
class Use:
    """A stretch of the text that a record cites."""

    start: int
    end: int
    record: Record

    def covers(self, start: int, end: int) -> bool:
        """Is at least half of this range in use here?"""
        return 2 * (min(self.end, end) - max(self.start, start)) >= end - start > 0

    def touches(self, start: int, end: int) -> bool:
        return self.start < end and start < self.end


def find_uses(citations: Sequence[Citation], reading: Reading) -> list[Use]:
    """Each cited passage in its place, in the order of the text; at most one query.

    The same words may stand in a text many times: the paragraph that the citation names comes
    first, and only what is not literally there is looked for as the database's rule reads it.
    """
    named: dict[str, list[Paragraph]] = defaultdict(list)
    for paragraph in reading.paragraphs:
        named[paragraph.where].append(paragraph)
    found: list[Use] = []
    elsewhere: list[Citation] = []
    for citation in citations:
        if not citation.passage:
            continue
        spans = next(
            filter(None, (_literally(citation.passage, p, reading) for p in named[citation.where])),
            [],
        )
        found += [Use(*span, citation.record) for span in spans]
        if not spans:
            elsewhere.append(citation)
    if elsewhere:
        places = all_passage_places([each.passage for each in elsewhere], reading.text)
        for citation, spans in zip(elsewhere, places, strict=True):
            found += [Use(*span, citation.record) for span in spans]
    return sorted(found, key=lambda use: (use.start, use.end))


def _literally(passage: str, paragraph: Paragraph, reading: Reading) -> list[tuple[int, int]]:
    """Where the parts of a passage stand that begins in this paragraph; empty if they don't."""
    spans: list[tuple[int, int]] = []
    place = paragraph.start
    for part in filter(None, CUT.split(passage)):
        start = reading.text.find(part, place, paragraph.end + len(passage))
        if start < 0 or (not spans and start >= paragraph.end):
            return []
        place = start + len(part)
        spans.append((start, place))
    return spans
