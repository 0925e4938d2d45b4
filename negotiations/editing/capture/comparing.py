"""What differs between two versions of a text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

MOST_COMPARED = 3_000  # paragraphs a side; comparing takes the square of it at worst
MOST_WORDS = 1_000  # of a paragraph that is compared word by word


@dataclass(frozen=True)
class Piece:
    """Some words of a paragraph, and whether the other side lacks them."""

    words: str
    differs: bool


@dataclass(frozen=True)
class Row:
    """A paragraph before and after, in pieces; one side is empty where it came or went."""

    before: list[Piece]
    after: list[Piece]


@dataclass(frozen=True)
class Difference:
    """`rows` are the paragraphs that differ, None if too many; the rest are sizes."""

    rows: list[Row] | None
    same: int  # paragraphs
    before: int  # characters
    after: int


def difference(before: str, after: str) -> Difference:
    """Paragraph by paragraph."""
    old, new = (text.split("\n") for text in (before, after))
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    middle_old, middle_new = old[head : len(old) - tail], new[head : len(new) - tail]
    sizes = (len(before), len(after))
    if max(len(middle_old), len(middle_new)) > MOST_COMPARED:
        return Difference(None, head + tail, *sizes)
    rows: list[Row] = []
    same = head + tail
    for what, a, b, c, d in SequenceMatcher(
        None, middle_old, middle_new, autojunk=False
    ).get_opcodes():
        if what == "equal":
            same += b - a
            continue
        for one, other in zip_longest(middle_old[a:b], middle_new[c:d], fillvalue=""):
            if one or other:
                rows.append(_row(one, other))
    return Difference(rows, same, *sizes)


def _row(before: str, after: str) -> Row:
    """Word by word, where the paragraph has a part in common with the other."""
    old, new = (re.findall(r"\s*\S+|\s+", text) for text in (before, after))
    if not (old and new) or max(len(old), len(new)) > MOST_WORDS:
        return Row([Piece(before, True)] if before else [], [Piece(after, True)] if after else [])
    row = Row([], [])
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        for side, words in ((row.before, old[a:b]), (row.after, new[c:d])):
            if words:
                side.append(Piece("".join(words), what != "equal"))
    return row
