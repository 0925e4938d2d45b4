"""Reads a text from its first sentence to its last and proposes what to record."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import cached_property
from itertools import zip_longest
from typing import TYPE_CHECKING

from negotiations.editing.extraction.agreements import BOTH, kind_of, open_matter
from negotiations.editing.extraction.dates import times
from negotiations.editing.extraction.names import Names
from negotiations.editing.extraction.paragraphs import paragraphs, sentences
from negotiations.editing.extraction.people import introductions
from negotiations.editing.extraction.proposals import Known, Proposal
from negotiations.editing.extraction.quotations import MASK, Quotation, inner, mask, quotations
from negotiations.editing.extraction.speakers import (
    ARTICLE,
    NOBODY,
    Attribution,
    Speaker,
    Thread,
    attributions,
)
from negotiations.editing.extraction.turns import Turn, turns
from negotiations.editing.extraction.words import REJECTS, tokens

if TYPE_CHECKING:
    from negotiations.models.dates import VagueDate

CUT = " […] "
# Fewer words than these are quoted for their tone, or are a title, where nobody is said to say them.
FEWEST_WORDS_OF_NOBODY = 5
FEWEST_WORDS_BESIDE_A_QUOTATION = 12
FEWEST_WORDS_OF_A_PARAPHRASE = 4
NAMING = re.compile(
    r"(?:\b(?:so-called|known as|titled|entitled|headlined|the (?:words?|terms?|phrase|slogan|newspaper|daily"
    r"|magazine|agency|film|book|operation|ship|paper)|called the|named|nicknamed|газет\w{1,3}|агентств\w{1,3}|журнал\w{0,3}|телеканал\w{0,3}"
    r"|компани\w{1,3}|парти\w{1,3}|корпораци\w{1,3}|издани\w{1,3}|так называем\w{2,3}|под названием|ООО|ОАО|АО|ПАО|фильм\w{0,2}|книг\w{1,3})\s*)$",
    re.IGNORECASE,
)
ADJACENT = re.compile(r"\s*(?:[,—–-]\s*){0,2}(?:(?:the|an?|one|as)\s+)?")
JOINED = re.compile(r"[^.;:!?“”\"«»]*,\s*")
GOES_ON = re.compile(
    r"(?:furthermore|moreover|in addition|additionally|besides|at the same time|кроме того|помимо этого|более того|вместе с тем)\b",
    re.IGNORECASE,
)
SPOKEN_ON = re.compile(r"[^.;:\ue000“”\"«»]{0,40}")


def propose(
    text: str, language: str, known: Known, written: VagueDate | None = None
) -> list[Proposal]:
    """What this text suggests to record, in the order of the text.

    Args:
        text: the text as captured. Any text will do; the time taken is proportional to its length.
        language: its code, as of a source ("en", "ru"). English and Russian are read by the words
            themselves, which may be mixed; of other languages, the quotations alone.
        known: whom the records know already; `Known()` is enough to begin with.
        written: the source's date, from which "on Tuesday" is reckoned. Without it, such words stay
            words.
    """
    return _Reading(text, language, known, written).proposals()


@dataclass
class _Sentence:
    start: int
    end: int
    paragraph: int
    pieces: list[tuple[int, int]] = field(default_factory=list)


class _Reading:
    def __init__(self, text: str, language: str, known: Known, written: VagueDate | None) -> None:
        self.text, self.written = text, written
        self.understood = language.casefold().split("-")[0] in {"en", "ru", ""}
        self.names = Names(known)
        self.paragraphs = paragraphs(text)
        self.quotations = quotations(text, self.paragraphs)
        self.masked = mask(text, self.quotations)
        self.sentences = self._sentences()
        self.found: list[Proposal] = []
        # Of each quotation, by its place: who speaks, by which rule, and when.
        self.spoken: dict[int, tuple[Speaker, str, tuple[VagueDate | None, str]]] = {}
        # Quotations that go on from the one before: “…,” he said, “…”.
        self.joined: set[int] = set()
        self.of_piece = {
            piece: number for number, each in enumerate(self.quotations) for piece in each.pieces
        }

    def proposals(self) -> list[Proposal]:
        if not self.understood:
            for number in range(len(self.quotations)):
                self._quotation(number, heading=False)
            return self.found
        introductions(
            self.text, self.masked, ((each.start, each.end) for each in self.sentences), self.names
        )
        spoken = turns(self.text, self.paragraphs, self.names)
        self._turns(spoken)
        self._sentence_by_sentence(spoken)
        self._people()
        order = {"person": 0, "statement": 1, "action": 2, "follow_up": 3, "open_matter": 4}
        self.found.sort(key=lambda each: (each.start, order[each.kind], each.end))
        return self.found

    def _sentences(self) -> list[_Sentence]:
        pieces = [piece for each in self.quotations for piece in each.pieces]
        found: list[_Sentence] = []
        at = 0
        for number, paragraph in enumerate(self.paragraphs):
            for start, end in sentences(self.masked, paragraph):
                sentence = _Sentence(start, end, number)
                while at < len(pieces) and pieces[at][0] < end:
                    sentence.pieces.append(pieces[at])
                    at += 1
                found.append(sentence)
        return found

    # --- Who says what, sentence by sentence ---

    def _sentence_by_sentence(self, spoken: list[Turn | None]) -> None:
        thread = Thread()
        last: Attribution | None = None  # in this paragraph
        before: set[Speaker] = set()  # who spoke in the paragraph before
        now: set[Speaker] = set()
        paragraph = -1
        for sentence in self.sentences:
            if spoken[sentence.paragraph]:
                continue
            if sentence.paragraph != paragraph:
                paragraph = sentence.paragraph
                last, before, now = None, now or set(), set()
                if self.paragraphs[paragraph].heading:
                    thread, before = Thread(), set()
            heading = self.paragraphs[paragraph].heading
            span = (sentence.start, sentence.end)
            said = attributions(self.masked, span, self.names, thread)
            goes_on = None
            if (
                not said
                and len(before) == 1
                and GOES_ON.match(self.masked, sentence.start, sentence.end)
            ):
                goes_on = next(iter(before))
                now.add(goes_on)
            self._assign(sentence, said, last, goes_on, heading)
            if said:
                last = said[-1]
                now |= {each.speaker for each in said}
            if not heading:
                self._paraphrase(sentence, said)
                self._agreement(sentence)

    def _assign(
        self,
        sentence: _Sentence,
        said: list[Attribution],
        last: Attribution | None,
        goes_on: Speaker | None,
        heading: bool,
    ) -> None:
        """Give each quotation of a sentence its speaker, and propose those that are somebody's words."""
        alone = self._stands_alone(sentence) if last and sentence.pieces else False
        for piece, after in zip_longest(sentence.pieces, sentence.pieces[1:]):
            number = self.of_piece[piece]
            if number in self.joined:
                continue
            goes_further = False
            if number not in self.spoken or not self.spoken[number][0].told:
                by = self._by(sentence, piece, said)
                if by:
                    goes_further = after and self._join(piece, after, by)
                    self.spoken[number] = (by.speaker, by.rule, self._when(by))
                elif alone and last:
                    self.spoken[number] = (last.speaker, "quotation goes on", (None, ""))
                elif goes_on:
                    self.spoken[number] = (goes_on, "account goes on", (None, ""))
            if goes_further or piece == self.quotations[number].pieces[-1]:
                self._quotation(number, heading)

    def _join(self, piece: tuple[int, int], after: tuple[int, int], by: Attribution) -> bool:
        """Make one quotation of “…,” he said, “…”, if it is one."""
        number, other = self.of_piece[piece], self.of_piece[after]
        closes = self.text[inner(self.text, piece)[1] - 1]
        if closes != "," or other == number or not piece[1] <= by.start < by.end <= after[0]:
            return False
        if after[0] - by.end >= 60 or not JOINED.fullmatch(self.masked, by.end, after[0]):
            return False
        self.joined.add(other)
        self.quotations[number] = Quotation(
            (*self.quotations[number].pieces, *self.quotations[other].pieces)
        )
        return True

    def _by(
        self, sentence: _Sentence, piece: tuple[int, int], said: list[Attribution]
    ) -> Attribution | None:
        start, end = piece
        first = bisect_left(said, end, key=lambda each: each.start)
        after = said[first] if first < len(said) else None
        closes = self.text[inner(self.text, piece)[1] - 1]
        if after and ADJACENT.fullmatch(self.masked, end, after.start):
            between = self.masked[end : after.start].strip()
            if closes in ",.!?…" or between[:1] in tuple(",—–-"):
                return after
        before = next((each for each in reversed(said[:first]) if each.end <= start), None)
        if before:
            return None if REJECTS.match(before.verb) else before
        told = ARTICLE.sub("", self.masked[sentence.start : after.start].rstrip()) if after else ""
        if after and told.rstrip().endswith((",", "—", "–", "”", "»")):
            tag_ends = re.sub(r"[\s.]", "", self.masked[after.end : sentence.end])
            if len(tag_ends) < 40:
                return after
        return None

    def _stands_alone(self, sentence: _Sentence) -> bool:
        outside = self.masked[sentence.start : sentence.end].replace(MASK, "")
        return not any(c.isalnum() for c in outside)

    def _when(self, by: Attribution) -> tuple[VagueDate | None, str]:
        """When it was said, if that is told right beside the verb."""
        match = SPOKEN_ON.match(self.masked, by.end)
        for when in times(self.text, by.start, match.end() if match else by.end, self.written):
            between = (
                self.masked[by.end : when.start].casefold().split() if when.start > by.end else []
            )
            if all(
                word.strip(",")
                in {
                    "on",
                    "reporters",
                    "journalists",
                    "late",
                    "early",
                    "the",
                    "в",
                    "во",
                    "журналистам",
                }
                for word in between
            ):
                return when.date, when.words
        return None, ""

    def _quotation(self, number: int, heading: bool) -> None:
        quotation = self.quotations[number]
        speaker, rule, (date, date_words) = self.spoken.get(number, (NOBODY, "", (None, "")))
        words = self._words(quotation)
        if not any(c.isalnum() for c in words):
            return
        count = len(words.split())
        named = NAMING.search(self.masked[max(0, quotation.start - 30) : quotation.start])
        if named and count <= 6:
            return
        if not rule and (heading or count < FEWEST_WORDS_OF_NOBODY):
            return
        self.found.append(
            Proposal(
                "statement",
                quotation.start,
                quotation.end,
                rule or "quotation marks",
                words,
                "verbatim",
                speaker=speaker.person.pk if speaker.person else None,
                speaker_name=speaker.name,
                party=self._party(speaker),
                date=date,
                date_words=date_words,
            )
        )

    def _party(self, speaker: Speaker) -> int | None:
        return speaker.party or (speaker.person.party if speaker.person else None)

    def _words(self, quotation: Quotation) -> str:
        parts = []
        for piece in quotation.pieces:
            start, end = inner(self.text, piece)
            parts.append(" ".join(self.text[start:end].split()))
        words = CUT.join(
            part.rstrip(", ") if part is not parts[-1] else part for part in parts if part
        )
        if words.endswith(","):
            words = words.rstrip(",").rstrip()
        elif words.endswith(".") and not words.endswith("..") and words[0].islower():
            words = words[:-1]
        return words

    # --- Paraphrases, agreements ---

    def _paraphrase(self, sentence: _Sentence, said: list[Attribution]) -> None:
        told = [each for each in said if each.speaker.told]
        if not told:
            return
        outside = self.masked[sentence.start : sentence.end].replace(MASK, " ")
        count = len(outside.split())
        fewest = (
            FEWEST_WORDS_BESIDE_A_QUOTATION if sentence.pieces else FEWEST_WORDS_OF_A_PARAPHRASE
        )
        by = told[0]
        if count < fewest + len(self.text[by.start : by.end].split()):
            return
        date, date_words = self._when(by)
        self.found.append(
            Proposal(
                "statement",
                sentence.start,
                sentence.end,
                by.rule,
                form="paraphrase",
                speaker=by.speaker.person.pk if by.speaker.person else None,
                speaker_name=by.speaker.name,
                party=self._party(by.speaker),
                date=date,
                date_words=date_words,
            )
        )

    def _agreement(self, sentence: _Sentence) -> None:
        start, end = sentence.start, sentence.end
        if left_open := open_matter(self.masked, start, end):
            rule, _ = left_open
            self.found.append(Proposal("open_matter", start, end, rule))
        parties = self._parties(start, end)
        told = kind_of(self.masked, start, end, bool(parties))
        if not told:
            return
        kind, rule, where = told
        due = next(iter(times(self.text, where, end, self.written, ahead=True)), None)
        self.found.append(
            Proposal(
                "follow_up" if kind == "follow_up" else "action",
                start,
                end,
                rule,
                parties=parties,
                date=due.date if due else None,
                date_words=due.words if due else "",
            )
        )

    def _parties(self, start: int, end: int) -> tuple[int, ...]:
        """The known parties of a sentence; where it says "both sides", those at this table."""
        if BOTH.search(self.masked, start, end) and len(sides := self._sides) == 2:
            return sides
        words, at, found = tokens(self.masked, start, end), 0, []
        while at < len(words):
            party = self.names.party_at(words, at)
            if party:
                found.append(self.names.whole(party[0].pk) or party[0].pk)
                at += party[1]
            else:
                at += 1
        return tuple(dict.fromkeys(found))

    @cached_property
    def _sides(self) -> tuple[int, ...]:
        """The parties whose people sit in a delegation, by the records or by the text."""
        return tuple(
            dict.fromkeys(
                self.names.whole(person.party) or 0
                for person in self.names.people
                if person.party and (person.seated or person.seated_by_text)
            )
        )

    # --- Transcripts and people ---

    def _turns(self, spoken: list[Turn | None]) -> None:
        for turn in spoken:
            if not turn or turn.question:
                continue
            words = " ".join(self.text[turn.start : turn.end].split())
            if not any(c.isalnum() for c in words):
                continue
            speaker = turn.speaker
            self.found.append(
                Proposal(
                    "statement",
                    turn.start,
                    turn.end,
                    "transcript",
                    words,
                    "verbatim",
                    speaker=speaker.person.pk if speaker.person else None,
                    speaker_name=speaker.name,
                    party=self._party(speaker),
                )
            )

    def _people(self) -> None:
        for person in self.names.people:
            new = person.pk is None and (
                person.office or person.seated_by_text or " " in person.name
            )
            unseated = person.pk is not None and person.seated_by_text and not person.seated
            if not person.introduced or not (new or unseated):
                continue
            start, end = person.introduced
            self.found.append(
                Proposal(
                    "person",
                    start,
                    end,
                    "delegation"
                    if person.seated_by_text
                    else "office"
                    if person.office
                    else "name",
                    speaker=person.pk,
                    party=person.party,
                    name=person.name,
                    office=person.office,
                    party_name=person.party_name,
                    seated=person.seated_by_text,
                )
            )
