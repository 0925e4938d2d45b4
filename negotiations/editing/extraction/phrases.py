"""Reads names and offices in the words of a sentence: where they begin and end."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from negotiations.editing.extraction.words import (
    BODY,
    HONORIFIC,
    NO_NAME,
    OF,
    OFFICE_FRONT,
    ORGANISATION,
    PARTICLE,
    PORTFOLIO,
    SPEECH,
    Token,
    is_body,
    is_office,
    is_russian,
)

if TYPE_CHECKING:
    from negotiations.editing.extraction.names import Names

GENITIVE = (
    "ых",
    "их",
    "ого",
    "его",
    "ой",
    "ей",
    "ел",
    "ы",
    "и",
    "а",
    "я",
    "ств",
    "ов",
    "ам",
    "ям",
    "у",
)
MOST_OFFICE_WORDS = 9
MOST_NAME_WORDS = 4


def gap_is_space(text: str, left: Token, right: Token) -> bool:
    return right.start - left.end <= 3 and not text[left.end : right.start].strip()


def name_run(text: str, words: list[Token], at: int, names: Names) -> int:
    """How many words from here on are a person's name; 0 if none, 1 for a lone surname."""
    count = 0
    while at + count < len(words) and count < MOST_NAME_WORDS + 1:
        word = words[at + count]
        if count and not (gap_is_space(text, words[at + count - 1], word)):
            break
        if word.key in PARTICLE and count and not word.capital:
            count += 1
            continue
        if not word.capital or word.key in NO_NAME or word.key in ORGANISATION:
            break
        if word.key in HONORIFIC or is_office(word.key):
            break
        if names.is_place(word.key) or names.party_at(words, at + count):
            break
        if len(word.text) > 2 and word.text.isupper() and not names.named([], word):
            break
        count += 1
        if word.possessive:
            break
    while count and (words[at + count - 1].key in PARTICLE and not words[at + count - 1].capital):
        count -= 1
    follows = words[at + count] if at + count < len(words) else None
    if (
        count
        and follows
        and follows.capital
        and gap_is_space(text, words[at + count - 1], follows)
        and (follows.key in ORGANISATION or is_body(follows.key))
    ):
        return 0
    return count if count <= MOST_NAME_WORDS else 0


def office_phrase(
    text: str, words: list[Token], head: int, names: Names, before: int
) -> tuple[int, int]:
    """The office around its head noun, as (first word, word after the last).

    "Russian Foreign Minister", "CEO of the Russian Direct Investment Fund", "министр обороны РФ".
    """
    first = head
    while first > before and head - first < MOST_OFFICE_WORDS:
        word = words[first - 1]
        if not gap_is_space(text, word, words[first]):
            break
        if word.possessive and not (word.capital):
            break
        if not (
            (word.capital and word.key not in NO_NAME)
            or word.key in OFFICE_FRONT
            or is_office(word.key)
            or names.is_place(word.key)
            or (is_russian(word.key) and names.party_at(words, first - 1))
        ):
            break
        first -= 1
        if word.possessive:
            break
    return first, office_end(text, words, head, names)


def office_from(
    text: str, words: list[Token], at: int, heads: list[int], names: Names, before: int
) -> int | None:
    """The word after the last of the office that begins with this word, if one does.

    Args:
        heads: which words are head nouns, in order.
        before: the first word that belongs to nothing read before.
    """
    next_head = bisect_left(heads, at)
    if next_head == len(heads) or heads[next_head] - at > MOST_OFFICE_WORDS:
        return None
    first, after = office_phrase(text, words, heads[next_head], names, max(before, at))
    return after if first == at else None


def office_end(text: str, words: list[Token], head: int, names: Names) -> int:
    """The word after the last of the office whose head noun stands here."""
    russian = is_russian(words[head].key)
    at = end = head + 1
    while at < len(words) and at - head < MOST_OFFICE_WORDS + 3:
        word = words[at]
        if not gap_is_space(text, words[at - 1], word):
            break
        party = names.party_at(words, at)
        if party:
            at = end = at + party[1]
        elif is_office(word.key) or (word.key in PORTFOLIO and (word.capital or at > head + 1)):
            at = end = at + 1
        elif word.capital and (run := organisation_run(text, words, at)):
            at = end = at + run
        elif word.capital and (
            names.is_place(word.key)
            or (word.text.isupper() and len(word.text) > 1 and "." not in word.text)
        ):
            at = end = at + 1
        elif (
            russian
            and not word.capital
            and is_russian(word.key)
            and word.key not in NO_NAME
            and len(word.key) > 2
            and not SPEECH.fullmatch(word.text)
        ):
            at += 1
            if _genitive(word.key):
                end = at
            else:
                break
        elif word.capital and (run := _complement_run(text, words, at)):
            at = end = at + run
        elif at > head + 1 and (is_body(word.key) or word.key in OFFICE_FRONT):
            at = end = at + 1
        elif word.key in OF:
            at += 1
        else:
            break
    return end


def _complement_run(text: str, words: list[Token], at: int) -> int:
    """How many capitalised words belong to the office rather than to its holder's name.

    "Minister of Works", "ambassador to Marr", "министр обороны Кестрии Рубен Карст".
    """
    before = words[at - 1]
    if before.key not in OF and not (is_russian(before.key) and _genitive(words[at].key)):
        return 0
    run = 0
    while at + run < len(words) and run < MOST_OFFICE_WORDS:
        word = words[at + run]
        if run and not gap_is_space(text, words[at + run - 1], word):
            break
        if not word.capital or word.key in NO_NAME | HONORIFIC or is_office(word.key):
            break
        run += 1
    if run >= 3:
        return run - 2
    return 0 if is_russian(before.key) and run == 2 else run


def _genitive(key: str) -> bool:
    return key.endswith(GENITIVE)


def organisation_run(text: str, words: list[Token], at: int) -> int:
    """How many capitalised words from here on name an organisation ("Direct Investment Fund")."""
    count = last = 0
    while at + count < len(words) and count < MOST_OFFICE_WORDS:
        word = words[at + count]
        if count and not gap_is_space(text, words[at + count - 1], word):
            break
        if not word.capital and not (count and word.key in {"and", "of", "for", "the"}):
            break
        if word.key in BODY or word.key in ORGANISATION:
            last = count + 1
        elif is_office(word.key):
            break
        count += 1
    return last
