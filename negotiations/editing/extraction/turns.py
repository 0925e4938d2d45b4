"""Reads transcripts: lines that name who speaks ("OLIN: …"), and questions and answers."""

from __future__ import annotations

import re
from dataclasses import dataclass

from negotiations.editing.extraction.names import Names
from negotiations.editing.extraction.paragraphs import Paragraph
from negotiations.editing.extraction.phrases import name_run
from negotiations.editing.extraction.speakers import NOBODY, Speaker
from negotiations.editing.extraction.words import HONORIFIC, is_office, tokens

LABEL = re.compile(
    r"(?:\*\*)?(?P<label>[^\W\d_a-zа-яё][^:\n.!?“”\"«»(]{0,60}?(?:\.[^:\n.!?“”\"«»(]{0,60}?){0,4})\s*(?:\([^()\n]{1,60}\))?\s*:(?:\*\*)?\s+(?=\S)"
)
QUESTION = frozenset(
    ("q", "question", "вопрос", "reporter", "journalist", "moderator", "ведущий", "корреспондент")
)
ANSWER = frozenset(("a", "answer", "ответ"))
FEWEST = 2


@dataclass(frozen=True)
class Turn:
    """A paragraph of a transcript: what was said in it, from where to where, and by whom."""

    start: int
    end: int
    speaker: Speaker
    question: bool = False


def turns(text: str, paragraphs: list[Paragraph], names: Names) -> list[Turn | None]:
    """For each paragraph the turn that it is or goes on with; nothing but None in other texts."""
    labels = [LABEL.match(text, each.start, each.end) for each in paragraphs]
    read = [_label(match, names) if match else None for match in labels]
    if sum(each is not None for each in read) < FEWEST:
        return [None] * len(paragraphs)
    first = next(i for i, each in enumerate(read) if each is not None)
    answering = _only_person(text, paragraphs[:first], names)
    found: list[Turn | None] = []
    speaker, question = NOBODY, False
    running = False
    for paragraph, match, label in zip(paragraphs, labels, read, strict=True):
        if label is not None and match:
            speaker, question = label
            if not question and not speaker.told:
                speaker = answering
            running = True
            found.append(Turn(match.end(), paragraph.end, speaker, question))
        elif paragraph.heading or not running:
            running = running and text[paragraph.start] not in "#*"
            found.append(None)
        else:
            found.append(Turn(paragraph.start, paragraph.end, speaker, question))
    return found


def _label(match: re.Match[str], names: Names) -> tuple[Speaker, bool] | None:
    """Who a line's label names, and whether it marks a question; None if it is no label."""
    label = match["label"].strip()
    words = tokens(label, 0, len(label))
    if not words or len(words) > 8:
        return None
    if words[0].key in QUESTION and len(words) <= 2:
        return NOBODY, True
    if words[0].key in ANSWER and len(words) == 1:
        return NOBODY, False
    found = names.named([w for w in words[:-1] if not is_office(w.key)][-1:], words[-1])
    if not found or is_office(words[-1].key):
        found = names.named([], words[-1])
    if len(found) == 1:
        return Speaker(found[0].name, found[0], found[0].party), False
    holders = names.holding(label) if any(is_office(w.key) for w in words) else []
    if len(holders) == 1:
        return Speaker(holders[0].name, holders[0], holders[0].party), False
    capitals = label.isupper() and len(label) > 2
    titled = words[0].key in HONORIFIC or is_office(words[0].key)
    initials = "." in words[0].text
    if (
        capitals
        or titled
        or initials
        or (len(words) >= 2 and name_run(label, words, 0, names) == len(words))
    ):
        shown = " ".join(
            w.text.capitalize() if w.text.isupper() and "." not in w.text else w.text for w in words
        )
        return Speaker(shown, None, names.party_of(label)), False
    return None


def _only_person(text: str, head: list[Paragraph], names: Names) -> Speaker:
    """Who answers, where the head of the text names a single person."""
    people = {}
    for paragraph in head[:6]:
        words = tokens(text, paragraph.start, min(paragraph.end, paragraph.start + 2000))
        for at, word in enumerate(words):
            if word.capital and len(found := names.named([], word)) == 1:
                given = words[at - 1] if at else None
                if (
                    given
                    and given.capital
                    and not is_office(given.key)
                    and not names.named([given], word)
                ):
                    continue
                people[id(found[0])] = found[0]
    if len(people) != 1:
        return NOBODY
    person = next(iter(people.values()))
    return Speaker(person.name, person, person.party)
