"""Tells who speaks: who is mentioned in a sentence, and which verbs make a speaker of whom."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace

from negotiations.editing.extraction.names import (
    Mention,
    Names,
    Person,
    name_run,
    office_from,
)
from negotiations.editing.extraction.words import (
    BEFORE_OBJECTS,
    FEMALE,
    HONORIFIC,
    NO_NAME,
    SAME_OFFICE,
    SPEECH,
    Token,
    is_body,
    is_office,
    is_russian,
    stem,
    tokens,
)

HE = {"he", "он"}
SHE = {"she", "она"}
IT = {"it", "оно", "they", "они"}
ADVERBS = (
    r"(?:\s+(?:also|then|later|further|furthermore|again|however|meanwhile|himself|herself|itself|once"
    r"|who|has|had|have|first|repeatedly|today|yesterday|earlier|too|in\s+turn|was\s+quoted\s+as"
    r"|is\s+quoted\s+as|[a-z]{2,14}ly|(?:on\s+)?\w{3,6}day|in\s+a\s+(?:statement|briefing|interview)"
    r"|также|затем|потом|позже|позднее|ранее|тогда|снова|вновь|особо|который|которая|при\s+этом"
    r"|в\s+свою\s+очередь|журналистам|(?:в|во|на|по|после|перед)\s+[^,.;:\ue000]{2,60})){0,4}"
)
APPOSITION = r"(?:\s*\([^()]{1,80}\))?(?:\s*,\s[^,;:.\ue000]{1,140}(?:,[^,;:.\ue000]{1,60})?,)?"
SUBJECT_GAP = re.compile(rf"(?:{APPOSITION}{ADVERBS}|,\s+who{ADVERBS})\s+(?:was\s+quoted\s+as\s+)?")
OBJECT_GAP = re.compile(
    r"\s+(?:(?:reporters|journalists|the press|on \w{3,9},?|also)\s+){0,2}(?:the\s+|an?\s+)?"
    r"|\s+(?:(?!что|как)[а-яё-]{1,20}\s+){0,4}"
)
BEFORE_INVERTED = re.compile(
    r"(?:[,”\"»’'“—–…!?-]|\b(?:as|as also|как|об этом|так|ранее|также|тоже))\s*$", re.IGNORECASE
)
BEFORE_COORDINATED = re.compile(
    r"(?:,|\b(?:and|but|or|и|а|но))\s*(?:and\s+|но\s+|и\s+|а\s+)?"
    r"(?:(?:also|then|even|later|further|had|has|have|instead|rather|\w{2,14}ly|также|затем|ещё)\s+){0,2}$",
    re.IGNORECASE,
)
BY_WORDS_OF = re.compile(
    r"\b(?:according to|in the words of|in the view of|as told by|по словам|по мнению|по выражению"
    r"|со слов|по данным|по информации|по версии|по заявлению|по оценке|по сообщению)\s+(?:the\s+|an?\s+)?"
    r"|\bпо\s+(?P<his>его|её|ее)\s+(?:словам|мнению|оценке)|\bin\s+(?P<her>his|her)\s+(?:words|view)\b",
    re.IGNORECASE,
)
COLON = re.compile(r"\s*(?:\([^()]{1,60}\))?\s*:\s*(?=[“\"«„‘'])")
# No speech, though the word is one of speaking: the minister was told.
PASSIVE = re.compile(
    r"\b(?:was|were|is|are|been|being|be|not|never|n[’']t|to|не|было)\s+$", re.IGNORECASE
)
RUSSIAN_WOMAN = re.compile(r"ла$|лась$|уверена$")
RUSSIAN_MAN = re.compile(r"л$|лся$|уверен$")


@dataclass(frozen=True)
class Speaker:
    """Who speaks, as far as told: a person, a body, an office that fits nobody known, or nobody."""

    name: str = ""
    person: Person | None = None
    party: int | None = None
    body: bool = False

    @property
    def told(self) -> bool:
        return bool(self.name)


NOBODY = Speaker()


@dataclass(frozen=True)
class Attribution:
    """That somebody says something: the place of subject and verb, and by which rule."""

    start: int
    end: int
    speaker: Speaker
    rule: str
    verb: str = ""


@dataclass
class Thread:
    """Whom "he", "she" or "it" means: carried from sentence to sentence, dropped at a heading."""

    person: Speaker | None = None
    body: Speaker | None = None


def mentions(text: str, words: list[Token], names: Names) -> list[Mention]:
    """Whoever is named in these words, from left to right."""
    found: list[Mention] = []
    at = done = 0
    heads = [i for i, word in enumerate(words) if is_office(word.key) or is_body(word.key)]
    while at < len(words):
        word = words[at]
        if word.key in HE or word.key in SHE or word.key in IT:
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
    if after - first == 1:
        return Mention(start, end, phrase, pronoun=words[first].key), after
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
            shown = re.sub(r"[’']s$", "", shown)
            oblique = is_russian(name[-1].key) and _is_oblique(name[-1].key, person)
            return (
                Mention(
                    name[0].start,
                    name[-1].end,
                    shown if not oblique or not person else person.name,
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
        return Mention(words[at].start, last.end, shown, possessive=last.possessive), at + run
    return None, at + 1


def _is_oblique(key: str, person: Person | None) -> bool:
    """Is this Russian surname in another case than a subject's?"""
    if key == stem(key) or not person:
        return False
    own = [name.split()[-1].casefold().replace("ё", "е") for name in person.names]
    return key not in own and key.endswith(("у", "ю", "ым", "им", "ом", "ем", "е", "ого", "ому"))


def attributions(
    text: str, masked: str, span: tuple[int, int], names: Names, thread: Thread
) -> list[Attribution]:
    """All that says who speaks in one sentence, from left to right; moves the thread on."""
    words = tokens(masked, *span)
    here = mentions(masked, words, names)
    starts = [mention.start for mention in here]
    ends = [mention.end for mention in here]
    found: list[Attribution] = []
    for match in BY_WORDS_OF.finditer(masked, *span):
        found += _by_words(match, here, starts, thread)
    used: set[int] = set()
    for verb in SPEECH.finditer(masked, *span):
        one = _by_verb(masked, span, verb, here, starts, ends, found, names, thread, used)
        if one:
            found.append(one)
    for mention in here:
        if (colon := COLON.match(masked, mention.end)) and mention.start <= span[0] + 3:
            speaker = _speaker(mention, thread, "")
            if speaker and speaker.told:
                found.append(Attribution(mention.start, colon.end(), speaker, "X:"))
    found.sort(key=lambda each: each.start)
    _move(thread, here, found)
    return found


def _by_words(
    match: re.Match[str], here: list[Mention], starts: list[int], thread: Thread
) -> list[Attribution]:
    if pronoun := match["his"] or match["her"]:
        gender = {"его": "he", "his": "he"}.get(pronoun.casefold(), "she")
        speaker = _pronoun(gender, thread, "")
        return [Attribution(match.start(), match.end(), speaker, "in his words")]
    at = bisect_right(starts, match.end() - 1)
    if at < len(here) and starts[at] - match.end() <= 1:
        speaker = _speaker(replace(here[at], oblique=False), thread, "") or NOBODY
        return [Attribution(match.start(), here[at].end, speaker, "according to X")]
    return [Attribution(match.start(), match.end(), NOBODY, "according to somebody")]


def _by_verb(
    masked: str,
    span: tuple[int, int],
    verb: re.Match[str],
    here: list[Mention],
    starts: list[int],
    ends: list[int],
    found: list[Attribution],
    names: Names,
    thread: Thread,
    used: set[int],
) -> Attribution | None:
    """Who speaks by this verb, if anybody does."""
    before = masked[max(span[0], verb.start() - 60) : verb.start()]
    if PASSIVE.search(before) and not before.rstrip().endswith("quoted as"):
        return None
    russian = is_russian(verb[0])
    # X said
    for at in range(bisect_right(ends, verb.start()) - 1, -1, -1):
        mention = here[at]
        gap = verb.start() - mention.end
        if gap > 320:
            break
        if not SUBJECT_GAP.fullmatch(masked, mention.end, verb.start()):
            continue
        if _is_object(masked, span, mention):
            continue
        if mention.oblique or mention.possessive:
            continue
        if _is_joint(masked, here, at):
            return Attribution(mention.start, verb.end(), NOBODY, "X and Y said", verb[0])
        speaker = _speaker(mention, thread, verb[0], names)
        if speaker is None:
            continue
        used.add(at)
        return Attribution(mention.start, verb.end(), speaker, "X said", verb[0])
    # said X
    after = bisect_right(starts, verb.end())
    inverted = BEFORE_INVERTED.search(before) or verb.start() == span[0]
    if after < len(here) and (inverted or russian):
        mention = here[after]
        if OBJECT_GAP.fullmatch(masked, verb.end(), mention.start) and not mention.oblique:
            speaker = (
                NOBODY
                if _is_joint_after(masked, here, after)
                else _speaker(mention, thread, verb[0], names)
            )
            if (
                speaker is not None
                and not mention.possessive
                and not _is_object(masked, span, mention)
            ):
                used.add(after)
                return Attribution(verb.start(), mention.end, speaker, "said X", verb[0])
    # X said …, and stressed
    if BEFORE_COORDINATED.search(before):
        if found:
            last = max(found, key=lambda each: each.end)
            if last.end <= verb.start():
                return Attribution(verb.start(), verb.end(), last.speaker, "X … and said", verb[0])
        subjects = [
            at
            for at in range(bisect_right(ends, verb.start()))
            if (here[at].person or here[at].pronoun)
            and not here[at].possessive
            and not here[at].oblique
            and not _is_object(masked, span, here[at])
        ]
        if len(subjects) == 1 and not _is_joint(masked, here, subjects[0]):
            speaker = _speaker(here[subjects[0]], thread, verb[0], names)
            if speaker is not None:
                return Attribution(verb.start(), verb.end(), speaker, "X … and said", verb[0])
    return None


def _is_object(masked: str, span: tuple[int, int], mention: Mention) -> bool:
    """Does a preposition stand in front, so that this is nobody's subject?"""
    before = masked[max(span[0], mention.start - 40) : mention.start].split()
    while before and before[-1].casefold() in {"the", "a", "an"}:
        before.pop()
    return bool(before) and before[-1].casefold().strip('(“«"') in BEFORE_OBJECTS


def _is_joint(masked: str, here: list[Mention], at: int) -> bool:
    """X and Y said: not one speaker."""
    return at > 0 and bool(
        re.fullmatch(r",?\s+(?:and|и)\s+(?:the\s+)?", masked[here[at - 1].end : here[at].start])
    )


def _is_joint_after(masked: str, here: list[Mention], at: int) -> bool:
    return at + 1 < len(here) and bool(
        re.fullmatch(r"\s+(?:and|и)\s+(?:the\s+)?", masked[here[at].end : here[at + 1].start])
    )


def _speaker(
    mention: Mention, thread: Thread, verb: str, names: Names | None = None
) -> Speaker | None:
    """Who a mention is as a speaker; None if it can't be one."""
    if mention.nobody:
        return NOBODY
    if mention.pronoun:
        return _pronoun(mention.pronoun, thread, verb)
    if mention.person:
        if RUSSIAN_WOMAN.search(verb):
            mention.person.female = True
        return Speaker(mention.text, mention.person, mention.party or mention.person.party)
    if mention.body:
        return Speaker(mention.text, None, mention.party, body=True)
    if (
        names
        and len(mention.text.split()) > 1
        and not any(is_office(word.casefold()) for word in mention.text.split())
    ):
        words = tokens(mention.text, 0, len(mention.text))
        while len(words) > 1 and (words[0].key in NO_NAME or words[0].key.endswith("ly")):
            words = words[1:]
        person = names.introduce(words, mention.text, "", (mention.start, mention.end))
        if person:
            return Speaker(mention.text, person, person.party)
    return Speaker(mention.text, None, mention.party)


def _pronoun(pronoun: str, thread: Thread, verb: str) -> Speaker:
    if pronoun in IT or pronoun == "body":
        return thread.body or NOBODY
    speaker = thread.person
    if not speaker:
        return NOBODY
    female = speaker.person.female if speaker.person else None
    asked = True if pronoun in SHE else False if pronoun in HE else None
    if pronoun not in SHE | HE and not _holds(speaker, pronoun):
        return NOBODY
    if asked is None and is_russian(verb):
        asked = True if RUSSIAN_WOMAN.search(verb) else None
    if asked is not None and female is not None and asked != female:
        return NOBODY
    if asked is not None and speaker.person:
        speaker.person.female = asked
    return speaker


def _holds(speaker: Speaker, head: str) -> bool:
    """May this speaker be called "the minister"?"""
    head = SAME_OFFICE.get(head, head)
    return speaker.person is not None and any(
        stem(head) == word or (is_russian(head) and word.startswith(stem(head)[:6]))
        for office in speaker.person.offices
        for word in office
    )


def _move(thread: Thread, here: list[Mention], found: list[Attribution]) -> None:
    """After a sentence, "he" is who spoke in it; else its only person; of several, nobody."""
    speakers = [each.speaker for each in found]
    if speakers:
        last = speakers[-1]
        if last.body:
            thread.body, thread.person = last, None
        elif last.told:
            thread.person, thread.body = last, None
        else:
            thread.person = thread.body = None
        return
    people = {id(mention.person): mention for mention in here if mention.person}
    if len(people) == 1:
        only = next(iter(people.values()))
        thread.person = Speaker(only.text, only.person, only.party)
    elif len(people) > 1:
        thread.person = None
