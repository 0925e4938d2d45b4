"""Finds who is mentioned in a sentence: by name, by office, as a body, or by a pronoun."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from negotiations.editing.extraction.names import Names, Person
from negotiations.editing.extraction.phrases import name_run, office_from
from negotiations.editing.extraction.words import (
    FEMALE,
    HONORIFIC,
    Token,
    fold,
    is_body,
    is_office,
    is_russian,
)

HE = frozenset(("he", "он"))
SHE = frozenset(("she", "она"))
IT = frozenset(("it", "оно", "they", "они"))
PRONOUNS = HE | SHE | IT
# Endings of a Russian surname that is no subject.
OBLIQUE = ("у", "ю", "ым", "им", "ом", "ем", "е", "ого", "ому")


@dataclass(frozen=True)
class Mention:
    """Where somebody is named; `person` is None for a body, and for an office that fits nobody or many."""

    start: int
    end: int
    text: str
    person: Person | None = None
    party: int | None = None
    body: bool = False
    pronoun: str = ""
    # "an official", "both sides": somebody speaks, but who is not told.
    nobody: bool = False
    possessive: bool = False
    # A full name that nobody introduced: a person, if something is said of it as of one.
    may_be_person: bool = False
    # The first word's form can't be a subject's: "Лаврову".
    oblique: bool = False


def mentions(text: str, words: list[Token], names: Names) -> list[Mention]:
    """Whoever is named in these words, from left to right."""
    found: list[Mention] = []
    at = done = 0
    heads = [i for i, word in enumerate(words) if is_office(word.key) or is_body(word.key)]
    while at < len(words):
        word = words[at]
        if word.key in PRONOUNS:
            found.append(Mention(word.start, word.end, word.text, pronoun=word.key))
            at += 1
            continue
        mention, after = _phrase_at(text, words, at, names, heads, done)
        if mention:
            found.append(mention)
            at = done = max(after, at + 1)
        else:
            at += 1
    return found


def _phrase_at(
    text: str,
    words: list[Token],
    at: int,
    names: Names,
    heads: list[int],
    done: int,
) -> tuple[Mention | None, int]:
    if after := office_from(text, words, at, heads, names, done):
        if any(is_office(word.key) for word in words[at:after]):
            return _office(text, words, at, after, names)
        return _body(text, words, at, after, names)
    word = words[at]
    if word.capital:
        run = name_run(text, words, at, names)
        if run:
            return _name(text, words, at, run, names)
    if word.key in HONORIFIC and at + 1 < len(words):
        run = name_run(text, words, at + 1, names)
        if run:
            mention, after = _name(text, words, at + 1, run, names)
            if mention and mention.person and mention.person.female is None:
                mention.person.female = word.key in FEMALE
            return mention and replace(mention, start=word.start), after
    party = names.party_at(words, at)
    if party and word.capital:
        end = words[at + party[1] - 1]
        return (
            Mention(
                word.start,
                end.end,
                text[word.start : end.end],
                party=party[0].pk,
                body=True,
                possessive=end.possessive,
            ),
            at + party[1],
        )
    if word.capital and names.is_place(word.key):
        return Mention(
            word.start, word.end, word.text, body=True, possessive=word.possessive
        ), at + 1
    return None, at + 1


def _office(
    text: str, words: list[Token], first: int, after: int, names: Names
) -> tuple[Mention | None, int]:
    """An office, with the name that follows it or without."""
    phrase = " ".join(text[words[first].start : words[after - 1].end].split())
    run = name_run(text, words, after, names) if after < len(words) else 0
    if run:
        gap = text[words[after - 1].end : words[after].start].strip()
        mention, end = _name(text, words, after, run, names)
        if mention and (not gap or (gap == "," and (run > 1 or mention.person))):
            party = mention.party or names.party_of(phrase)
            return replace(mention, start=words[first].start, party=party), end
    article = words[first - 1].key if first else ""
    start, end = words[first].start, words[after - 1].end
    if article in {"a", "an", "some", "one"} or words[after - 1].key.endswith("s"):
        return Mention(start, end, phrase, nobody=True), after
    if after - first == 1:
        return Mention(start, end, phrase, pronoun=words[first].key), after
    holders = names.holding(phrase)
    if len(holders) == 1:
        return (
            Mention(
                start,
                end,
                holders[0].name,
                holders[0],
                holders[0].party,
                possessive=words[after - 1].possessive,
            ),
            after,
        )
    party = names.party_of(phrase)
    return Mention(start, end, phrase, party=party, possessive=words[after - 1].possessive), after


def _body(
    text: str, words: list[Token], first: int, after: int, names: Names
) -> tuple[Mention | None, int]:
    phrase = " ".join(text[words[first].start : words[after - 1].end].split())
    start, end = words[first].start, words[after - 1].end
    possessive = words[after - 1].possessive
    if after - first == 1 and not words[first].capital:
        return Mention(start, end, phrase, pronoun="body", possessive=possessive), after
    party = names.party_of(phrase)
    return Mention(start, end, phrase, party=party, body=True, possessive=possessive), after


def _name(
    text: str, words: list[Token], at: int, run: int, names: Names
) -> tuple[Mention | None, int]:
    """The person whom a run of capitalised words names; words that begin a sentence may precede."""
    for first in range(at, at + run):
        name = words[first : at + run]
        found = names.named(name[:-1], name[-1])
        if found:
            person = found[0] if len(found) == 1 else None
            shown = " ".join(text[name[0].start : name[-1].end].split())
            shown = re.sub(r"[’']s?$", "", shown)
            oblique = False
            if person and is_russian(name[-1].key) and name[-1].key not in _surnames(person):
                # «Лаврова» is shown as «Лавров».
                shown = next((each for each in person.names if is_russian(each)), shown)
                oblique = name[-1].key.endswith(OBLIQUE)
            return (
                Mention(
                    name[0].start,
                    name[-1].end,
                    shown,
                    person,
                    person.party if person else None,
                    nobody=person is None,
                    possessive=name[-1].possessive,
                    oblique=oblique,
                ),
                at + run,
            )
    last = words[at + run - 1]
    if run >= 2:
        shown = " ".join(text[words[at].start : last.end].split())
        mention = Mention(
            words[at].start, last.end, shown, possessive=last.possessive, may_be_person=True
        )
        return mention, at + run
    return None, at + 1


def _surnames(person: Person) -> set[str]:
    return {fold(name.split()[-1]) for name in person.names}
