"""What happens in the demonstration: the same records for the same seed, made but not yet written."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from typing import Any

from django.db import models

from negotiations.editing.demonstration import cast, words
from negotiations.editing.demonstration.afterwards import Afterwards
from negotiations.editing.demonstration.agreeing import agree, leave_open
from negotiations.models import (
    Action,
    Appointment,
    Citation,
    Delegate,
    Delegation,
    Meeting,
    Party,
    Person,
    Position,
    Process,
    Question,
    Source,
    Statement,
    Topic,
    VagueDate,
)

SEED = 1
MEETINGS, STATEMENTS, PEOPLE = 40, 3000, 72
SLUG = "demonstration-halcyra"
# It lies in the past for ever: what is overdue in it stays so.
FIRST_DAY, APART = dt.date(2023, 1, 17), 26
# The last meetings: what did not (yet) come about.
NOT_HELD = (
    (Meeting.State.CANCELLED, "2025-10", ""),
    (Meeting.State.POSTPONED, "", "not before the ice has gone"),
    (Meeting.State.PLANNED, "", "in due course"),
    (Meeting.State.PLANNED, "about 2049", ""),
)
SCALE = ("opposes", "conditional", "supports")


class Story:
    """All records by kind, in the order in which they can be written; many-to-many links apart."""

    def __init__(
        self, seed: int = SEED, meetings: int = MEETINGS, statements: int = STATEMENTS
    ) -> None:
        self.size = (meetings, statements)
        self.rng = random.Random(seed)  # noqa: S311 - nothing here is secret
        self.made: defaultdict[type[models.Model], list[Any]] = defaultdict(list)
        self.links: list[tuple[Any, str, list[Any]]] = []
        self.sides: list[Party] = []  # who negotiates at the meeting at hand
        self.sides_of: dict[str, list[Party]] = {}
        self._parties()
        self._topics()
        self._people()
        self._meetings()
        self._drifts()
        for number, meeting in enumerate(self.held):
            self._meeting(number, meeting)
        after = Afterwards(self)
        for action in self.made[Action]:
            after.follow(action)
        self._texts()

    def make[M: models.Model](self, record: M, **links: list[Any]) -> M:
        self.made[type(record)].append(record)
        self.links += [(record, name, targets) for name, targets in links.items()]
        return record

    def cite(self, source: Source, where: str, passage: str = "", **of: models.Model) -> None:
        self.make(Citation(source=source, where=where, passage=passage, **of))

    def filled(self, template: str, **known: str) -> str:
        """A sentence; `{other}` and `{third}` are parties other than `{party}`."""
        others = [p.short for p in self.sides if p.short != known.get("party")]
        thirds = [p.short for p in self.parties if p not in self.sides]
        drawn = {"other": self.rng.choice(others), "third": self.rng.choice(thirds)}
        return words.filled(template, self.rng, **drawn | known)

    # --- Who, and about what ---

    def _parties(self) -> None:
        marked: dict[str, Any] = {"demonstration": True, "description": words.LABEL}
        self.parties = [
            self.make(Party(slug=f"demonstration-{slug}", name=name, short_name=short, kind=kind, mark=mark, **marked))
            for slug, name, short, kind, mark, _ in cast.PARTIES
        ]  # fmt: skip
        self.language = {p.slug: row[5] for p, row in zip(self.parties, cast.PARTIES, strict=True)}
        by_slug = {p.slug.removeprefix("demonstration-"): p for p in self.parties}
        self.bodies: dict[str, Party] = {}
        for slug, name, of in cast.BODIES:
            above = by_slug[of]
            body = Party(slug=f"demonstration-{slug}", name=name, kind="body", part_of=above, mark=above.mark, **marked)  # fmt: skip
            self.bodies[above.slug] = self.make(body)
        self.process = self.make(
            Process(
                slug=SLUG,
                name="Demonstration data: the Halcyra talks",
                summary=f"{words.LABEL} Twelve parties that do not exist negotiate for three years about a "
                "strait, a river, a marsh and a border, to show what Readout does at this size.",
                demonstration=True,
            ),
            parties=self.parties,
        )

    def _topics(self) -> None:
        self.topics: dict[str, Topic] = {}
        for slug, name in words.TOPICS.items():
            above = words.NARROWER.get(slug)
            topic = Topic(
                slug=f"demonstration-{slug}", name=name, parent=self.topics[above] if above else None,
                description=words.LABEL, demonstration=True,
            )  # fmt: skip
            self.topics[slug] = self.make(topic)
        self.questions = {
            matter: self.make(
                Question(slug=f"demonstration-{matter.slug}", text=matter.question,
                         topic=self.topics[matter.topic], description=words.LABEL)
            )
            for matter in words.MATTERS
        }  # fmt: skip

    def _people(self) -> None:
        """Six people a party. Every tenth goes over to another delegation half-way."""
        self.side: dict[str, tuple[Party, Party]] = {}
        self.office: dict[str, str] = {}
        register = self.source(
            "Register of the Halcyra talks", Source.Kind.OFFICIAL_READOUT, None, FIRST_DAY
        )
        for place, name in enumerate(cast.people(self.rng, PEOPLE)):
            given, family = name.split()
            person = self.make(
                Person(
                    slug=f"demonstration-{name.lower().replace(' ', '-')}", name=name,
                    sort_name=f"{family}, {given}", description=words.LABEL, demonstration=True,
                )
            )  # fmt: skip
            first = self.parties[place % len(self.parties)]
            second = self.parties[(place + 5) % len(self.parties)] if place % 10 == 3 else first
            office = cast.OFFICES[place // 12 % len(cast.OFFICES)]
            self.side[person.slug], self.office[person.slug] = (first, second), office
            half = VagueDate(dt.date(2024, 6, 1), 2)
            at = self.bodies.get(first.slug, first) if place % 4 == 0 else first
            held = Appointment(person=person, party=at, office=office, start="2023")
            self.make(held)
            self.cite(register, f"entry {place + 1}", appointment=held)
            if second is not first:
                held.end = half
                moved = self.make(
                    Appointment(person=person, party=second, office=office, start=half)
                )
                self.cite(register, f"entry {place + 1}, note", appointment=moved)

    # --- Meetings ---

    def _meetings(self) -> None:
        self.held: list[Meeting] = []
        before = None
        count = self.size[0] - len(NOT_HELD)
        for number in range(count):
            day = FIRST_DAY + dt.timedelta(days=APART * number + self.rng.randint(-6, 6))
            kind = "phone_call" if number % 9 == 4 else "summit" if number % 13 == 12 else "talks"
            call, round_ = kind == "phone_call", f"round {number + 1} of the Halcyra talks"
            meeting = Meeting(
                process=self.process, slug=f"demonstration-halcyra-{number + 1}", kind=kind,
                title=f"{kind.replace('_', ' ').capitalize()}, {round_}",
                place="" if call else self.rng.choice(cast.PLACES), follows=before,
                duration=self.rng.choice((45, 90, 150, 270, 420)), duration_about=number % 3 == 0,
            )  # fmt: skip
            meeting.date = VagueDate(day.replace(day=1), 2) if number % 12 == 7 else VagueDate(day)
            if number % 8 == 2 and meeting.date.precision == 3:
                meeting.ended = VagueDate(day + dt.timedelta(days=1))
            if not call:
                meeting.host = self.parties[number % len(self.parties)]
            before = self.make(meeting)
            self.held.append(before)
        for number, (state, date, timing) in enumerate(NOT_HELD, start=count + 1):
            self.make(
                Meeting(
                    process=self.process, slug=f"demonstration-halcyra-{number}", state=state,
                    title=f"Talks, round {number} of the Halcyra talks", follows=before,
                    date=date, timing=timing,
                )
            )  # fmt: skip

    def _drifts(self) -> None:
        """For each party and question: from which meeting on it wants what; some never say."""
        self.wants: dict[tuple[str, words.Matter], list[tuple[int, str]]] = {}
        for party in self.parties:
            for matter in words.MATTERS:
                if self.rng.random() < 0.15:
                    continue
                place = self.rng.choice((0, 0, 1, 2, 2))
                turns = [(0, SCALE[place])]
                for at in sorted(self.rng.sample(range(4, len(self.held)), self.rng.choice((0, 0, 1, 1, 2, 3)))):  # fmt: skip
                    if self.rng.random() < 0.15:
                        turns.append((at, "undecided"))
                        continue
                    step = self.rng.choice((-1, 1, 1))
                    place = min(max(place + step, 0), 2)
                    turns.append((at, SCALE[place]))
                self.wants[party.slug, matter] = turns

    def wanted(self, party: Party, matter: words.Matter, number: int) -> str | None:
        """What a party wants at the meeting of this number; None if it never says."""
        turns = self.wants.get((party.slug, matter), [])
        return next((stance for at, stance in reversed(turns) if at <= number), None)

    def source(
        self, title: str, kind: str, party: Party | None, day: dt.date, language: str = "en"
    ) -> Source:
        publisher = (
            f"Press office of {party.short} (invented)"
            if party
            else "The Halcyra Gazette (invented)"
        )
        source = Source(
            title=title, kind=kind, publisher=publisher, on_behalf_of=party,
            date=VagueDate(day), language=language, demonstration=True,
        )  # fmt: skip
        source.heard = []  # who said what in it
        return self.make(source)

    def _meeting(self, number: int, meeting: Meeting) -> None:
        rng = self.rng
        size = 2 if meeting.kind == "phone_call" else rng.choice((2, 3, 3, 4, 5))
        sides = rng.sample(self.parties[:-1], size)
        table = [(side, Delegation.Role.NEGOTIATING) for side in sides]
        rest = [p for p in self.parties if p not in sides]
        self.sides = self.sides_of[meeting.slug] = sides
        if size > 2:
            table.append((self.parties[-1], Delegation.Role.MEDIATOR))
            table.append((rng.choice([p for p in rest if p is not self.parties[-1]]), Delegation.Role.OBSERVER))  # fmt: skip
        present: dict[str, list[Person]] = {}
        half = number > len(self.held) // 2
        for party, role in table:
            delegation = self.make(Delegation(meeting=meeting, party=party, role=role))
            own = [p for p in self.made[Person] if self.side[p.slug][half] is party]
            present[party.slug] = rng.sample(own, min(len(own), rng.choice((2, 3, 4))))
            for rank, person in enumerate(present[party.slug], start=1):
                self.make(Delegate(delegation=delegation, person=person, title=self.office[person.slug], rank=rank))  # fmt: skip
        self.day = meeting.date.last if meeting.date else FIRST_DAY
        self.at, self.number = meeting, number
        self.readouts = {
            party.slug: self.source(
                f"Readout of {party.short}, round {number + 1}", Source.Kind.OFFICIAL_READOUT,
                party, self.day, self.language[party.slug] or "en",
            )
            for party in sides
        }  # fmt: skip
        self.transcript = self.source(
            f"Transcript of the press conference, round {number + 1}", Source.Kind.TRANSCRIPT,
            None, self.day,
        )  # fmt: skip
        self.cite(self.transcript, "heading", meeting=meeting)
        share = self.size[1] * (number + 1) // len(self.held)
        share -= self.size[1] * number // len(self.held)
        said = agree(self, present)
        for _ in range(share - said):
            party = rng.choice(sides + [party for party, _ in table])
            self._speak(party, rng.choice(present[party.slug]))
        for _ in range(rng.choice((1, 1, 2))):
            leave_open(self)

    # --- What is said ---

    def say(
        self, party: Party, speaker: Person | None, text: str, topic: str, **more: Any
    ) -> Statement:
        """A statement with its source, in the readout of its party or in the transcript."""
        form = more.pop("form", Statement.Form.VERBATIM)
        statement = Statement(
            meeting=self.at, party=party, speaker=speaker, form=form, words=text, date=self.at.date,
            occasion=self.rng.choice(("in_the_talks", "press_conference", "press_conference", "interview", "written")),
            **more,
        )  # fmt: skip
        self.make(statement, topics=[self.topics[topic]])
        source = self.readouts.get(party.slug, self.transcript)
        if source.language != "en" and not statement.original_words:
            source = self.transcript
        source.heard.append((speaker or party, statement.words_in(source.language)))
        place = len(source.heard)
        exact = form == Statement.Form.VERBATIM
        passage = statement.words_in(source.language) if exact and self.rng.random() < 0.3 else ""
        self.cite(source, f"paragraph {place}", passage, statement=statement)
        return statement

    def _speak(self, party: Party, speaker: Person) -> None:
        rng = self.rng
        matter = rng.choice(words.MATTERS)
        stance = self.wanted(party, matter, self.number)
        if not stance or rng.random() < 0.45:
            topic = rng.choice(list(words.TOPICS))
            name = words.TOPICS[topic]
            known = {"party": party.short, "topic": name[:1].lower() + name[1:]}
            if rng.random() < 0.25:
                text = self.filled(rng.choice(words.PARAPHRASED), **known)
                self.say(party, None, text, topic, form=Statement.Form.PARAPHRASE)
            else:
                pattern = rng.choice(words.OPENINGS) + rng.choice(words.REMARKS)
                self.say(party, speaker, self.filled(pattern, **known), topic)
            return
        known = {"party": party.short, "thing": matter.thing, "russian": matter.russian}
        known["condition"] = self.filled(rng.choice(words.CONDITIONS), **known)
        known["condition"] = known["condition"][:1].lower() + known["condition"][1:]
        statement = self._stated(party, speaker, stance, matter, known)
        # A body's statement shows what its party wants.
        self.make(
            Position(
                question=self.questions[matter], party=party, stance=stance, statement=statement,
                summary=f"Wants that {known['condition']}." if stance == "conditional" else "",
            )
        )  # fmt: skip

    def _stated(
        self,
        party: Party,
        speaker: Person,
        stance: str,
        matter: words.Matter,
        known: dict[str, str],
    ) -> Statement:
        rng, language = self.rng, self.language[party.slug]
        if language and rng.random() < 0.5:
            original, translated = words.LANGUAGES[language]
            numbers = {"hours": str(rng.randint(3, 9)), "weeks": str(rng.randint(3, 9)), "number": str(rng.randint(3, 9))}  # fmt: skip
            return self.say(
                party, speaker, self.filled(translated[stance], **known, **numbers), matter.topic,
                original_words=self.filled(original[stance], **known, **numbers),
                original_language=language,
            )  # fmt: skip
        if rng.random() < 0.2:
            text = self.filled(words.PARAPHRASED_CORES[stance], **known)
            by = self.bodies.get(party.slug, party)
            return self.say(by, None, text, matter.topic, form=Statement.Form.PARAPHRASE)
        pattern = rng.choice(words.OPENINGS) + rng.choice(words.CORES[stance]) + rng.choice(words.CLOSINGS)  # fmt: skip
        return self.say(party, speaker, self.filled(pattern, **known), matter.topic)

    def _texts(self) -> None:
        """The captured text of each source: all that was heard there, word for word."""
        for source in self.made[Source]:
            if source.heard:
                lines = [f"{words.LABEL}\n{source.title}"]
                lines += [f"{who}: “{text}”" for who, text in source.heard]
                source.text = "\n\n".join(lines)
