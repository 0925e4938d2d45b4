"""Lays the text out for the page: sentences cut where a passage in use or a suggestion begins or ends."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from negotiations.editing.drafting.places import Use
    from negotiations.editing.drafting.reading import Paragraph, Sentence
    from negotiations.editing.drafting.suggestions import Suggestion
    from negotiations.models import Record


@dataclass
class Piece:
    """A stretch of one sentence, all of it in the same uses and suggestions."""

    start: int
    text: str
    is_used: bool
    offers: str
    # The suggestions that begin here, and the records whose passage ends here.
    begins: list[Suggestion] = field(default_factory=list)
    ends: list[tuple[str, Record]] = field(default_factory=list)


@dataclass
class Line:
    """A sentence in its pieces; `gap` is the white space after it."""

    sentence: Sentence
    pieces: list[Piece]
    is_used: bool
    gap: str


@dataclass
class Block:
    """A paragraph or a heading in its lines."""

    paragraph: Paragraph
    lines: list[Line]


def anchor(record: Record) -> str:
    """The id under which a record stands in the list of drafts."""
    return f"{record._meta.model_name}-{record.pk}"


def lay_out(
    text: str,
    paragraphs: Sequence[Paragraph],
    uses: Sequence[Use],
    suggestions: Sequence[Suggestion],
) -> list[Block]:
    """The paragraphs as blocks; `uses` and `suggestions` in the order of the text."""
    blocks = []
    for paragraph in paragraphs:
        here = [u for u in uses if u.start < paragraph.end and paragraph.start < u.end]
        offers = suggestions[
            _first(suggestions, paragraph.start) : bisect_left(
                suggestions, paragraph.end, key=lambda s: s.start
            )
        ]
        lines = []
        ends = [s.start for s in paragraph.sentences[1:]] + [paragraph.end]
        for sentence, next_start in zip(paragraph.sentences, ends, strict=True):
            pieces = _pieces(text, sentence, here, offers)
            gap = text[sentence.end : next_start]
            lines.append(Line(sentence, pieces, any(p.is_used for p in pieces), gap))
        blocks.append(Block(paragraph, lines))
    return blocks


def _first(suggestions: Sequence[Suggestion], start: int) -> int:
    """The first suggestion that may reach into a paragraph: one may begin in the paragraph before."""
    number = bisect_left(suggestions, start, key=lambda s: s.start)
    while number and suggestions[number - 1].end > start:
        number -= 1
    return number


def _pieces(
    text: str, sentence: Sentence, uses: Sequence[Use], offers: Sequence[Suggestion]
) -> list[Piece]:
    first, last = sentence.start, sentence.end
    uses = [each for each in uses if each.start < last and first < each.end]
    offers = [each for each in offers if each.start < last and first < each.end]
    cuts = {first, last}
    for each in (*uses, *offers):
        cuts |= {max(first, each.start), min(last, each.end)}
    places = sorted(cuts)
    pieces = []
    for start, end in pairwise(places):
        pieces.append(
            Piece(
                start,
                text[start:end],
                any(each.start < end and start < each.end for each in uses),
                " ".join(str(o.number) for o in offers if o.start < end and start < o.end),
                [each for each in offers if each.start == start],
                list(
                    {(anchor(each.record), each.record): None for each in uses if each.end == end}
                ),
            )
        )
    return pieces
