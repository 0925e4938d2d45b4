"""What a new capture changes: the paragraphs, and the words that records quote from them."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

MOST_COMPARED = 3_000  # paragraphs a side; comparing takes the square of it at worst


@dataclass(frozen=True)
class Row:
    """A paragraph before and after; one of them is empty where it came or went."""

    before: str
    after: str


@dataclass(frozen=True)
class Difference:
    """`rows` are the paragraphs that differ; None if there are too many to tell."""

    rows: list[Row] | None
    same: int
    before: int
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
    for what, a, b, c, d in SequenceMatcher(None, middle_old, middle_new, False).get_opcodes():
        if what == "equal":
            same += b - a
            continue
        for i in range(max(b - a, d - c)):
            row = Row("".join(middle_old[a:b][i : i + 1]), "".join(middle_new[c:d][i : i + 1]))
            if row != Row("", ""):
                rows.append(row)
    return Difference(rows, same, *sizes)
