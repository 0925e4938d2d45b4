"""Cuts a text into paragraphs and, outside quotations, into sentences."""

from __future__ import annotations

import re
from dataclasses import dataclass

from negotiations.editing.extraction.words import SPEECH_VERB

# Longer lines are not wrapped by hand: there each line is a paragraph.
LONGEST_WRAPPED_LINE = 110
LONGEST_HEADING = 140
# Without what is quoted in it.
LONGEST_SENTENCE = 2000
BOUNDED = re.compile(rf"(?:\ue000+|[^\ue000]){{1,{LONGEST_SENTENCE}}}")
LINE = re.compile(r"[^\n\r\u2028\u2029]+")
ENDS = tuple('.!?:;…"”»’)*')
SENTENCE_END = re.compile(
    r"(?P<mark>[.!?…]{1,9})(?P<close>[”“\"»’'\)\]]{0,9})(?:\[\d{1,3}\]){0,9}\s+"
    r"(?=[“«\"„‘'(\[]?[^\W_a-zа-яё]|[“«\"„‘']{1,2}\ue000)"
)
ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Gen|Lt|Col|Sen|Rep|Gov|Amb|St|No|vs|Jr|Sr|Jan|Feb|Mar|Apr|Jun|Jul"
    r"|Aug|Sept?|Oct|Nov|Dec|г|гг|им|ул|стр|см|т\.е|т\.д|проф|акад|ген)|(?:^|[\s(.])[^\W\d_])\.$"
)
# “Never!” Olin said: the exclamation mark ends the words, not the sentence.
TAG_AHEAD = re.compile(
    rf"(?:[^\W\d_a-z][\w.’'-]{{0,30}}\s{{1,3}}){{1,5}}(?:{SPEECH_VERB})\s*(?:[.,]|on\b)"
)


@dataclass(frozen=True)
class Paragraph:
    """From where to where; a heading begins a section."""

    start: int
    end: int
    heading: bool = False


def paragraphs(text: str) -> list[Paragraph]:
    """The paragraphs of a text that has one on each line, or is wrapped by hand."""
    lines = [
        (m.start() + len(m[0]) - len(m[0].lstrip()), m.start() + len(m[0].rstrip()))
        for m in LINE.finditer(text)
        if m[0].strip()
    ]
    wrapped = len(lines) > 3 and max(end - start for start, end in lines) <= LONGEST_WRAPPED_LINE
    joined: list[tuple[int, int]] = []
    for start, end in lines:
        if wrapped and joined and _goes_on(text, joined[-1][1], start, end):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return [Paragraph(start, end, _is_heading(text, start, end)) for start, end in joined]


def _goes_on(text: str, end: int, start: int, next_end: int) -> bool:
    """Is the line break between these two only a wrapped line's?"""
    if text.count("\n", end, start) > 1:
        return False
    line = text.rfind("\n", 0, end) + 1
    if end - line < 50 or re.match(r"[^\W\d_a-zа-я][^\n:.]{0,60}:\s", text[start:next_end]):
        return False
    return end - line >= 60 or not text.endswith(ENDS, line, end)


def _is_heading(text: str, start: int, end: int) -> bool:
    if end - start > LONGEST_HEADING:
        return False
    line = text[start:end]
    if line.startswith("#") or (line.startswith("**") and line.endswith("**")):
        return True
    return line[-1] not in ".!?:;,…" and line.rstrip("”\"»’'")[-1:] not in tuple(".!?:;,…")


def sentences(masked: str, paragraph: Paragraph) -> list[tuple[int, int]]:
    """The sentences of a paragraph as (start, end).

    Args:
        masked: the text with the inside of quotations masked, so that no sentence ends in there.
    """
    cuts: list[tuple[int, int]] = []
    begin = paragraph.start
    for match in SENTENCE_END.finditer(masked, paragraph.start, paragraph.end):
        before = masked[max(begin, match.start() - 12) : match.end("mark")]
        if match["mark"] == "." and not match["close"] and ABBREVIATION.search(before):
            continue
        if (
            match["close"]
            and match["mark"][-1] in "!?…"
            and TAG_AHEAD.match(masked, match.end(), paragraph.end)
        ):
            continue
        cuts += _bounded(masked, begin, match.end("close"))
        begin = match.end()
    if begin < paragraph.end:
        cuts += _bounded(masked, begin, paragraph.end)
    return cuts


def _bounded(masked: str, start: int, end: int) -> list[tuple[int, int]]:
    """A sentence, in parts if it is longer than sentences are: what is read in one is bounded."""
    if end - start <= LONGEST_SENTENCE:
        return [(start, end)]
    return [match.span() for match in BOUNDED.finditer(masked, start, end)]
