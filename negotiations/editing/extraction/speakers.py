"""Tells who speaks: who is mentioned in a sentence, and which verbs make a speaker of whom."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field, replace

from negotiations.editing.extraction.mentions import HE, IT, PRONOUNS, SHE, Mention, mentions
from negotiations.editing.extraction.names import Names, Person
from negotiations.editing.extraction.words import (
    BEFORE_OBJECTS,
    NO_NAME,
    SAME_OFFICE,
    SPEECH,
    is_office,
    is_russian,
    stem,
    tokens,
)

ADVERB = (
    r"\s+(?:also|then|later|further|furthermore|again|however|meanwhile|himself|herself|itself|once"
    r"|who|has|had|have|first|repeatedly|today|yesterday|earlier|too|in\s+turn|was\s+quoted\s+as"
    r"|is\s+quoted\s+as|[a-z]{2,14}ly|(?:on\s+)?\w{3,6}day|in\s+a\s+(?:statement|briefing|interview)"
    r"|также|затем|потом|позже|позднее|ранее|тогда|снова|вновь|особо|который|которая|при\s+этом"
    r"|в\s+свою\s+очередь|журналистам)"
)
ADVERBS = rf"(?:{ADVERB}){{0,3}}(?:\s+(?:в|во|на|по|после|перед)\s+[^,.;:\ue000]{{2,60}})?(?:{ADVERB}){{0,2}}"
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
COLON = re.compile(r"\s*+(?:\([^()]{1,60}\))?\s*+:\s*+(?=[“\"«„‘'])")
APPOSED_GAP = re.compile(rf",{ADVERBS}\s+")
AND = re.compile(r",?\s+(?:and|и)\s+(?:the\s+)?")
ARTICLE = re.compile(r"\b(?:the|an?)$", re.IGNORECASE)
LONGEST_GAP = 320
# So many people or verbs back in a sentence somebody is looked for.
MOST_LOOKED_AT = 20
# No speech, though the word is one of speaking: the minister was told.
PASSIVE = re.compile(
    r"\b(?:was|were|is|are|been|being|be|not|never|n[’']t|to|не|было)\s+$", re.IGNORECASE
)
RUSSIAN_WOMAN = re.compile(r"ла$|лась$|уверена$")


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


def attributions(
    masked: str, span: tuple[int, int], names: Names, thread: Thread
) -> list[Attribution]:
    """All that says who speaks in one sentence, from left to right; moves the thread on.

    Args:
        masked: the text with quoted words masked, so that what is quoted attributes nothing.
    """
    return _Sentence(masked, span, names, thread).attributions()


@dataclass
class _Sentence:
    masked: str
    span: tuple[int, int]
    names: Names
    thread: Thread
    here: list[Mention] = field(init=False)
    found: list[Attribution] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.here = mentions(self.masked, tokens(self.masked, *self.span), self.names)
        self.starts = [mention.start for mention in self.here]
        self.ends = [mention.end for mention in self.here]

    def attributions(self) -> list[Attribution]:
        self.found = [
            self._by_words(match) for match in BY_WORDS_OF.finditer(self.masked, *self.span)
        ]
        for verb in SPEECH.finditer(self.masked, *self.span):
            if one := self._by_verb(verb):
                self.found.append(one)
        self.found += self._by_colon()
        self.found.sort(key=lambda each: each.start)
        self._move_thread()
        return self.found

    # --- The forms of attribution ---

    def _by_words(self, match: re.Match[str]) -> Attribution:
        if pronoun := match["his"] or match["her"]:
            gender = "he" if pronoun.casefold() in {"его", "his"} else "she"
            speaker = self._pronoun(gender, len(self.here), "")
            return Attribution(match.start(), match.end(), speaker, "in his words")
        at = bisect_right(self.starts, match.end() - 1)
        if at < len(self.here) and self.starts[at] - match.end() <= 1:
            mention = self.here[at]
            speaker = self._speaker(at, "")
            return Attribution(match.start(), mention.end, speaker, "according to X")
        return Attribution(match.start(), match.end(), NOBODY, "according to somebody")

    def _by_verb(self, verb: re.Match[str]) -> Attribution | None:
        """Who speaks by this verb, if anybody does."""
        before = self.masked[max(self.span[0], verb.start() - 60) : verb.start()]
        if PASSIVE.search(before) and not before.rstrip().endswith("quoted as"):
            return None
        return (
            self._subject_before(verb)
            or self._subject_after(verb, before)
            or self._same_subject(verb, before)
        )

    def _subject_before(self, verb: re.Match[str]) -> Attribution | None:
        """X said; X, a presidential aide, noted."""
        for at in range(bisect_right(self.ends, verb.start()) - 1, -1, -1):
            mention = self.here[at]
            if verb.start() - mention.end > LONGEST_GAP:
                break
            if not (
                SUBJECT_GAP.fullmatch(self.masked, mention.end, verb.start())
                or (
                    (mention.person or mention.may_be_person)
                    and APPOSED_GAP.fullmatch(self.masked, mention.end, verb.start())
                    and self._before(mention).endswith(",")
                )
            ):
                continue
            of_body = mention.body and verb[0].endswith("ли") and self._is_in(mention)
            if not of_body and not self._may_be_subject(at):
                continue
            speaker = NOBODY if self._is_joint(at) else self._speaker(at, verb[0])
            return Attribution(mention.start, verb.end(), speaker, "X said", verb[0])
        return None

    def _subject_after(self, verb: re.Match[str], before: str) -> Attribution | None:
        """“…”, said X; сказал X."""
        at = bisect_right(self.starts, verb.end())
        inverted = BEFORE_INVERTED.search(before) or verb.start() == self.span[0]
        if at == len(self.here) or verb[0].endswith("ing"):
            return None
        mention = self.here[at]
        if not (inverted or is_russian(verb[0])) or mention.pronoun == "it":
            return None
        if not OBJECT_GAP.fullmatch(self.masked, verb.end(), mention.start):
            return None
        if not self._may_be_subject(at):
            return None
        joint = at + 1 < len(self.here) and AND.fullmatch(
            self.masked, mention.end, self.here[at + 1].start
        )
        speaker = NOBODY if joint else self._speaker(at, verb[0])
        return Attribution(verb.start(), mention.end, speaker, "said X", verb[0])

    def _same_subject(self, verb: re.Match[str], before: str) -> Attribution | None:
        """X said that …, and stressed; X came and said."""
        if not BEFORE_COORDINATED.search(before):
            return None
        earlier = [each for each in self.found[-MOST_LOOKED_AT:] if each.end <= verb.start()]
        if earlier:
            speaker = max(earlier, key=lambda each: each.end).speaker
            return Attribution(verb.start(), verb.end(), speaker, "X … and said", verb[0])
        at = self._only_subject(verb.start())
        if at is None:
            return None
        speaker = self._speaker(at, verb[0])
        return Attribution(verb.start(), verb.end(), speaker, "X … and said", verb[0])

    def _by_colon(self) -> list[Attribution]:
        """X: “…”, and X welcomed this: “…”."""
        found = []
        for colon in COLON.finditer(self.masked, *self.span):
            if any(each.end <= colon.start() for each in self.found):
                continue
            at = self._only_subject(colon.start())
            if at is not None and colon.start() - self.ends[at] <= LONGEST_GAP:
                speaker = self._speaker(at, "")
                found.append(Attribution(self.starts[at], colon.end(), speaker, "X: …"))
        return found

    # --- Who may speak ---

    def _before(self, mention: Mention) -> str:
        """What stands right before a mention, without an article."""
        before = self.masked[max(self.span[0], mention.start - 40) : mention.start].rstrip()
        return ARTICLE.sub("", before).rstrip()

    def _may_be_subject(self, at: int) -> bool:
        mention = self.here[at]
        if mention.possessive or mention.oblique:
            return False
        last = self._before(mention).rsplit(None, 1)[-1:]
        return not last or last[0].casefold().strip('(“«"') not in BEFORE_OBJECTS

    def _is_in(self, mention: Mention) -> bool:
        """В МИД заявили: the body speaks, though it is no subject."""
        return self._before(mention).casefold().rsplit(None, 1)[-1:] in (["в"], ["во"])

    def _is_joint(self, at: int) -> bool:
        """X and Y said: not one speaker."""
        return at > 0 and bool(
            AND.fullmatch(self.masked, self.here[at - 1].end, self.here[at].start)
        )

    def _only_subject(self, until: int) -> int | None:
        """The only person that may be the subject of what is said up to there."""
        able = [
            at
            for at in range(bisect_right(self.ends, until))[-MOST_LOOKED_AT:]
            if (self.here[at].person or self.here[at].pronoun) and self._may_be_subject(at)
        ]
        return able[0] if len(able) == 1 and not self._is_joint(able[0]) else None

    def _speaker(self, at: int, verb: str) -> Speaker:
        """Who a mention is as a speaker."""
        mention = self.here[at]
        if mention.nobody:
            return NOBODY
        if mention.pronoun:
            return self._pronoun(mention.pronoun, at, verb)
        if not mention.person and not mention.body and (person := self._introduced(mention)):
            mention = replace(mention, person=person, party=person.party)
        if mention.person:
            if RUSSIAN_WOMAN.search(verb):
                mention.person.female = True
            return Speaker(mention.text, mention.person, mention.party or mention.person.party)
        return Speaker(mention.text, None, mention.party, body=mention.body)

    def _introduced(self, mention: Mention) -> Person | None:
        """A person whom nobody introduced, but who speaks under a full name."""
        words = tokens(mention.text, 0, len(mention.text))
        while words and (words[0].key in NO_NAME or words[0].key.endswith("ly")):
            words = words[1:]
        if len(words) < 2 or any(is_office(word.key) for word in words):
            return None
        return self.names.introduce(words, mention.text, "", (mention.start, mention.end))

    def _pronoun(self, pronoun: str, at: int, verb: str) -> Speaker:
        """Whom a pronoun means, or "the minister": whoever the sentence is about, else the thread."""
        if pronoun in IT or pronoun == "body":
            return self._local(at, body=True) or self.thread.body or NOBODY
        speaker = self._local(at, body=False) or self.thread.person
        if not speaker:
            return self._holder(at)
        if pronoun not in PRONOUNS and not _holds(speaker, pronoun):
            return NOBODY
        female = speaker.person.female if speaker.person else None
        asked = True if pronoun in SHE else False if pronoun in HE else None
        if asked is None and RUSSIAN_WOMAN.search(verb):
            asked = True
        if asked is not None and female is not None and asked != female:
            return NOBODY
        if asked is not None and speaker.person:
            speaker.person.female = asked
        return speaker

    def _local(self, at: int, body: bool) -> Speaker | None:
        """The one person (or body) that this sentence has named as a subject before."""
        able = [
            i
            for i in range(at)[-MOST_LOOKED_AT:]
            if (self.here[i].body if body else self.here[i].person) and self._may_be_subject(i)
        ]
        return self._speaker(able[0], "") if len(able) == 1 else None

    def _holder(self, at: int) -> Speaker:
        """Whoever alone holds an office, where nobody was spoken of before."""
        held = self.names.holding(self.here[at].text) if at < len(self.here) else []
        return Speaker(held[0].name, held[0], held[0].party) if len(held) == 1 else NOBODY

    def _move_thread(self) -> None:
        """After a sentence, "he" is who spoke in it; else its only person; of several, nobody."""
        thread = self.thread
        if self.found:
            last = self.found[-1].speaker
            thread.body = last if last.body else None
            thread.person = last if last.told and not last.body else None
            return
        people = {
            id(mention.person) if mention.person else mention.text: mention
            for mention in self.here
            if mention.person or (mention.may_be_person and not mention.body)
        }
        if len(people) == 1:
            only = next(iter(people.values()))
            thread.person = Speaker(only.text, only.person, only.party)
        elif len(people) > 1:
            thread.person = None


def _holds(speaker: Speaker, head: str) -> bool:
    """May this speaker be called "the minister"?"""
    head = SAME_OFFICE.get(head, head)
    return speaker.person is not None and any(
        word == "counterpart"
        or stem(head) == word
        or (is_russian(head) and word.startswith(stem(head)[:6]))
        for office in speaker.person.offices
        for word in office
    )
