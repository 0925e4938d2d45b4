"""Finds the people whom a text introduces, with their offices and the delegations they sat in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from negotiations.editing.extraction.names import Names, Person
from negotiations.editing.extraction.phrases import (
    gap_is_space,
    name_run,
    office_from,
    office_phrase,
)
from negotiations.editing.extraction.words import HONORIFIC, NO_NAME, Token, is_office, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable

DELEGATION = re.compile(
    r"(?:delegation|negotiating team|negotiators|team|side)"
    r"[^,.;:()\ue000]{0,40}?\s(?:comprised|comprises|included?s?|including|consist(?:ed|s) of|composed of"
    r"|(?:led|headed|represented) by|made up of)\s"
    r"|(?:в состав[еа]?|входят|вошли|вошёл|вошел)[^.;:]{0,20}?\s(?P<russian>[а-яё-]{3,30})\s(?:делегации|сторону)[^.;:]{0,30}?\s"
    r"(?:вошли|вошёл|вошел|вошла|входят|также)?"
    r"|\b(?P<headed>[а-яё-]{3,30})\s(?:делегацию|сторону)\s(?:возглав\w{1,5}|представ\w{1,6})",
    re.IGNORECASE,
)
WHOSE = re.compile(r"[^,.;:()\ue000]{1,60}$")
LED = re.compile(
    r"\s(?:led|leads|headed|heads|heading|leading)\s(?:the\s)?(?P<party>[^,.;:()\ue000]{2,40}?)\s(?:delegation|team)",
    re.IGNORECASE,
)


def introductions(
    text: str, masked: str, sentences: Iterable[tuple[int, int]], names: Names
) -> None:
    """Add to the names whom these sentences introduce by full name and office, or seat.

    Two rounds: who is named in full first, so that a lone surname finds its owner also above.
    """
    alone: list[tuple[list[Token], str, tuple[int, int]]] = []
    for start, end in sentences:
        words = tokens(masked, start, end)
        _by_office(text, words, (start, end), names, alone)
        _by_delegation(text, masked, words, (start, end), names)
    for words, office, passage in alone:
        found = names.named([], words[-1])
        if len(found) == 1:
            names.introduce(words, text, office, passage)
        elif not found:
            names.introduce_surname(words[-1], office, passage)


def _by_office(
    text: str,
    words: list[Token],
    passage: tuple[int, int],
    names: Names,
    alone: list[tuple[list[Token], str, tuple[int, int]]],
) -> None:
    at = done = 0
    while at < len(words):
        if words[at].key in HONORIFIC and at + 1 < len(words):
            run = name_run(text, words, at + 1, names)
            if run == 1:
                alone.append((words[at + 1 : at + 2], "", passage))
            at += 1
            continue
        if not is_office(words[at].key):
            at += 1
            continue
        first, after = office_phrase(text, words, at, names, done)
        office = _office_text(text, words, first, after)
        at = done = after
        run = name_run(text, words, after, names) if after < len(words) else 0
        gap = text[words[after - 1].end : words[after].start] if run else ""
        if run and (not gap.strip() or (gap.strip() == "," and run > 1)):
            if run > 1:
                names.introduce(words[after : after + run], text, office, passage)
            else:
                alone.append((words[after : after + 1], office, passage))
            at = done = after + run
            continue
        before = first - 1
        while before >= 0 and words[before].key in {"a", "an", "the", "his", "her"}:
            before -= 1
        if before >= 0 and _comma(text, words[before], words[before + 1]):
            name = name_before(text, words, before, names)
            if len(name) > 1 or (name and names.named([], name[-1])):
                names.introduce(name, text, office, passage)


def _office_text(text: str, words: list[Token], first: int, after: int) -> str:
    return " ".join(text[words[first].start : words[after - 1].end].split())


def _comma(text: str, left: Token, right: Token) -> bool:
    return text[left.end : right.start].strip() == ","


def name_before(text: str, words: list[Token], last: int, names: Names) -> list[Token]:
    """The name that ends with this word."""
    first = last
    while (
        first > 0
        and last - first < 3
        and words[first - 1].capital
        and gap_is_space(text, words[first - 1], words[first])
    ):
        first -= 1
    while first <= last:
        if (
            words[first].key not in NO_NAME
            and name_run(text, words, first, names) == last - first + 1
        ):
            return words[first : last + 1]
        first += 1
    return []


def _by_delegation(
    text: str, masked: str, words: list[Token], passage: tuple[int, int], names: Names
) -> None:
    if match := DELEGATION.search(masked, *passage):
        whose = WHOSE.search(masked[max(passage[0], match.start() - 60) : match.start()])
        party = match["russian"] or match["headed"] or (whose[0] if whose else "")
        _seat(text, [w for w in words if w.start >= match.end() - 1], party, passage, names)
    for match in LED.finditer(masked, *passage):
        before = [i for i, w in enumerate(words) if w.end <= match.start() + 1]
        name = name_before(text, words, before[-1], names) if before else []
        people = names.named(name[:-1], name[-1]) if name else []
        if len(people) == 1:
            _sit(people[0], match["party"], passage, names)


def _seat(
    text: str, words: list[Token], party: str, passage: tuple[int, int], names: Names
) -> None:
    at = done = 0
    heads = [i for i, word in enumerate(words) if is_office(word.key)]
    while at < len(words):
        office = office_from(text, words, at, heads, names, done)
        if office:
            at = done = office
            continue
        run = name_run(text, words, at, names)
        if not run:
            at += 1
            continue
        name = words[at : at + run]
        found = names.named(name[:-1], name[-1])
        person = found[0] if len(found) == 1 else None
        if not found and run > 1:
            person = names.introduce(name, text, "", passage)
        if person:
            _sit(person, party, passage, names)
        at = done = at + run


def _sit(person: Person, party: str, passage: tuple[int, int], names: Names) -> None:
    named = re.sub(r"[’']s?\s*$", "", party).split()
    while named and named[0].casefold() in {"the", "on", "for", "a", "в", "и"}:
        named = named[1:]
    person.introduced = person.introduced or passage
    names.seat(person, " ".join(named))
