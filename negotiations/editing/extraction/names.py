"""Who is named where: people and bodies that are known, and those whom the text introduces."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from negotiations.editing.extraction.phrases import organisation_run
from negotiations.editing.extraction.places import STATES, adjectives, capitals, russian_stems
from negotiations.editing.extraction.proposals import Known, KnownParty
from negotiations.editing.extraction.words import (
    FEMALE,
    HONORIFIC,
    OF,
    POSSESSIVE,
    SAME_OFFICE,
    Token,
    fold,
    is_russian,
    stem,
    tokens,
)


@dataclass(eq=False)
class Person:
    """Somebody who may speak; `pk` is None for those whom only the text tells."""

    names: list[str]
    pk: int | None = None
    party: int | None = None
    party_name: str = ""
    office: str = ""
    # Each office as the set of its words, to be met by "the RDIF chief".
    offices: list[frozenset[str]] = field(default_factory=list)
    # In a delegation of the meeting, by the records; and by what the text says.
    seated: bool = False
    seated_by_text: bool = False
    female: bool | None = None
    # Where the text introduces somebody: the passage.
    introduced: tuple[int, int] | None = None

    @property
    def name(self) -> str:
        return self.names[0]


class Names:
    """All names that the text may use, met by their last word."""

    def __init__(self, known: Known) -> None:
        self.people: list[Person] = []
        self._by_surname: dict[str, list[Person]] = defaultdict(list)
        self._by_office_word: dict[str, list[Person]] = defaultdict(list)
        self._parties: dict[str, list[tuple[tuple[str, ...], KnownParty]]] = defaultdict(list)
        self._stems: dict[str, KnownParty] = {}
        self.by_pk = {party.pk: party for party in known.parties}
        # States that no record knows: their names still show that a word is nobody's name.
        self._states = {
            fold(word): row[0][0] for row in STATES for cell in row[:3] for word in cell
        }
        for party in known.parties:
            self._add_party(party)
        for each in known.people:
            person = Person(list(each.names), each.pk, each.party, seated=each.seated)
            for office, at in each.offices:
                person.offices.append(self._office_words(office, at))
            self._add(person)

    # --- Parties ---

    def _add_party(self, party: KnownParty) -> None:
        places = [place for name in party.names for place in capitals(name)]
        own = [
            *party.adjectives,
            *(adjective for name in party.names for adjective in adjectives(name)),
        ]
        for name in dict.fromkeys([*party.names, *own, *places]):
            words = tuple(token.key for token in tokens(name, 0, len(name)))
            if words:
                self._parties[words[0]].append((words, party))
        for name in party.names:
            for part in russian_stems(name):
                self._stems[part] = party
            if is_russian(name) and " " not in name:
                self._stems[stem(fold(name))] = party
                self._stems[f"{stem(fold(name)).removesuffix('и')}ийск"] = party

    def party_at(self, words: list[Token], at: int) -> tuple[KnownParty, int] | None:
        """The known party named from this word on, and how many words name it; the longest."""
        best: tuple[KnownParty, int] | None = None
        for names, party in self._parties.get(words[at].key, ()):
            if (not best or len(names) > best[1]) and (
                tuple(word.key for word in words[at : at + len(names)]) == names
            ):
                best = (party, len(names))
        if best and (words[at].capital or best[1] > 1):
            return best
        party_ = self._by_stem(words[at].key) if is_russian(words[at].key) else None
        return (party_, 1) if party_ else None

    def _by_stem(self, key: str) -> KnownParty | None:
        """A Russian name or adjective in whatever case."""
        for cut in range(4):
            if cut and len(key) - cut < 3:
                break
            if found := self._stems.get(key[: len(key) - cut]):
                return found
        return None

    def is_place(self, key: str) -> bool:
        return key in self._states or key in self._parties

    def whole(self, pk: int | None) -> int | None:
        """The party that this one is part of in the end."""
        for _ in range(9):
            party = self.by_pk.get(pk) if pk else None
            if not party or not party.part_of:
                break
            pk = party.part_of
        return pk

    # --- People ---

    def _add(self, person: Person) -> None:
        self.people.append(person)
        for name in person.names:
            words = tokens(name, 0, len(name))
            if words:
                self._by_surname[stem(words[-1].key)].append(person)
        for office in person.offices:
            for word in office:
                self._by_office_word[word].append(person)

    def _office_words(self, office: str, party: int | None) -> frozenset[str]:
        words = set()
        while party:
            known = self.by_pk.get(party)
            if not known:
                break
            words |= {f"party:{party}"}
            party = known.part_of
        return frozenset(words | self.plain_office(office))

    def plain_office(self, office: str) -> set[str]:
        """The words of an office that tell it from others, parties as "party:<pk>"."""
        found, words, at = set(), tokens(office, 0, len(office)), 0
        while at < len(words):
            party = self.party_at(words, at)
            if party:
                found.add(f"party:{party[0].pk}")
                at += party[1]
                continue
            if words[at].key in self._states:
                found.add(f"state:{self._states[words[at].key]}")
                at += 1
                continue
            key = SAME_OFFICE.get(words[at].key, words[at].key)
            if key and key not in OF and key not in {"a", "an", "former"}:
                found.add(_office_stem(key))
            at += 1
        return found

    def named(self, given: list[Token], surname: Token) -> list[Person]:
        """Those who may be meant by a surname with given names (or none)."""
        found = list(dict.fromkeys(self._by_surname.get(stem(surname.key), ())))
        if given:
            found = [person for person in found if _given_fits(given[0].key, person)]
        if len(found) > 1:
            # Namesakes: whoever the text names in full, else who sits at this table.
            for chosen in (
                [person for person in found if person.introduced],
                [person for person in found if person.seated],
            ):
                if len(chosen) == 1:
                    return chosen
        return found

    def introduce(
        self,
        words: list[Token],
        text: str,
        office: str,
        passage: tuple[int, int],
    ) -> Person | None:
        """The person of this full name: known, met before in the text, or new."""
        given, surname = [w for w in words[:-1] if w.key not in HONORIFIC], words[-1]
        name = " ".join(text[(given or [surname])[0].start : surname.end].split())
        found = self.named(given, surname)
        if len(found) > 1:
            return None
        party = self.party_of(office)
        if found:
            person = found[0]
            person.introduced = person.introduced or passage
        else:
            if not given:
                return None
            person = Person([name], introduced=passage)
            self._add(person)
        if office:
            self._give_office(person, office, party)
        if any(word.key in FEMALE for word in words) or any(
            word.key in FEMALE for word in tokens(office, 0, len(office))
        ):
            person.female = True
        return person

    def introduce_surname(self, surname: Token, office: str, passage: tuple[int, int]) -> None:
        """Somebody whom the text calls by office and surname alone."""
        person = Person([POSSESSIVE.sub("", surname.text)], introduced=passage)
        self._add(person)
        if office:
            self._give_office(person, office, self.party_of(office))

    def state_name(self, party: str) -> str:
        """What a delegation's party is called, if its adjective is a state's; else as the text has it."""
        known = self.party_of(party)
        if known:
            return self.by_pk[known].names[0]
        return self._states.get(fold(party), party)

    def _give_office(self, person: Person, office: str, party: int | None) -> None:
        if not person.office or len(person.office) < len(office) <= 80:
            person.office = person.office if person.office and person.pk else office
        if person.pk is None and person.party is None:
            person.party = party
        person.party_name = person.party_name or self._party_named(office)
        words = self._office_words(office, person.party or party)
        if words not in person.offices:
            person.offices.append(words)
            for word in words:
                self._by_office_word[word].append(person)

    def _party_named(self, office: str) -> str:
        """What an office calls the party or body that it is at: "State Department", "Russia"."""
        if known := self.party_of(office):
            return self.by_pk[known].names[0]
        words = tokens(office, 0, len(office))
        for at in range(len(words)):
            if run := organisation_run(office, words, at):
                return office[words[at].start : words[at + run - 1].end]
        states = {self._states[word.key] for word in words if word.key in self._states}
        return states.pop() if len(states) == 1 else ""

    def seat(self, person: Person, phrase: str) -> None:
        """The text says that this person sat in the delegation that this phrase names."""
        person.seated_by_text = True
        person.party_name = self.state_name(phrase)
        if person.pk is None or person.party is None:
            person.party = self.party_of(phrase) or person.party
        words = frozenset(w for w in self.plain_office(phrase) if ":" in w)
        person.offices = [office | words for office in person.offices]

    def party_of(self, phrase: str) -> int | None:
        """The most particular known party that a phrase names, if it names one line of parties."""
        words, at, found = tokens(phrase, 0, len(phrase)), 0, []
        while at < len(words):
            party = self.party_at(words, at)
            if party:
                found.append(party[0])
                at += party[1]
            else:
                at += 1
        if not found:
            return None
        wholes = {self.whole(party.pk) for party in found}
        if len(wholes) > 1:
            return None
        return next((party.pk for party in found if party.part_of), found[0].pk)

    def holding(self, office: str) -> list[Person]:
        """Those whose office fits these words: "the Russian foreign minister"."""
        asked = self.plain_office(office)
        heads = [word for word in asked if ":" not in word]
        if not heads:
            return []
        some = min((self._by_office_word.get(word, []) for word in heads), key=len)
        found = [
            person
            for person in dict.fromkeys(some)
            if any(asked <= held for held in person.offices)
        ]
        # "The Foreign Minister" of a readout is its own, where the other's country is named.
        exactly = [person for person in found if asked in person.offices]
        return exactly if len(exactly) == 1 else found


def _office_stem(key: str) -> str:
    return stem(key)[:8] if is_russian(key) else key


def _given_fits(given: str, person: Person) -> bool:
    given = given.rstrip(".")
    for name in person.names:
        first = fold(name.split()[0]).rstrip(".") if name.split() else ""
        if not first or is_russian(first) != is_russian(given) or first[0] != given[0]:
            continue
        if len(given) == 1 or len(first) == 1 or "." in given or first[:2] == given[:2]:
            return True
        if SequenceMatcher(None, first, given).ratio() >= 0.6:
            return True
    return False
