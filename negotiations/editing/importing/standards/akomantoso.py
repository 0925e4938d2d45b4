"""Reads an Akoma Ntoso debate (OASIS LegalDocML 1.0): one meeting, who was there and who said what.

The reader follows the standard's 3.0 and takes files of its drafts and of 2.0, too. A `speech`, a
`question` and an `answer` are verbatim statements; a `summary` that names its speaker first is a
paraphrase; a `rollCall` that names parties has delegations. All of them cite the file.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lxml import etree

from negotiations.editing.importing.drafts import Entry
from negotiations.editing.importing.findings import Became, Finding
from negotiations.editing.importing.standards.debate_file import NAMESPACE, DebateFile
from negotiations.editing.importing.standards.running import (
    TRANSCRIPT,
    known_already,
    made_of,
    shown,
    source_of,
)
from negotiations.editing.importing.standards.spoken import Spoken, is_paraphrase
from negotiations.editing.importing.standards.xml import first, local, number, text_of
from negotiations.models import Delegation, Meeting, Party, Topic

if TYPE_CHECKING:
    from collections.abc import Iterator

    Made = Iterator[Entry | Finding]

SPEECHES = ("speech", "question", "answer")
# What holds speeches: the group speechSection of the standard, and what may stand in it.
SECTIONS = (
    "administrationOfOath", "rollCall", "prayers", "oralStatements", "writtenStatements",
    "personalStatements", "ministerialStatements", "resolutions", "nationalInterest",
    "declarationOfVote", "communication", "petitions", "papers", "noticesOfMotion", "questions",
    "address", "proceduralMotions", "pointOfOrder", "adjournment", "debateSection", "speechGroup",
    "container",
)  # fmt: skip
READ_OF_META = ("identification", "references")


class AkomaNtoso(DebateFile):
    """One debate. Iterate over it for entries and findings; it asks the database as it goes."""

    def __iter__(self) -> Made:
        if self.namespace != NAMESPACE:
            what = f"the namespace “{self.namespace}”" if self.namespace else "no namespace"
            yield self.note(self.debate, f"The file has {what}, not that of Akoma Ntoso 3.0.")
        meta = self.debate.find("{*}meta")
        if meta is None:
            yield self.note(self.debate, "There is no <meta>, which the standard asks for.")
            meta = etree.Element("meta")
        for part in self.debate:
            if local(part) not in ("meta", "preface", "debateBody"):
                yield self.not_kept(part)
        for part in meta:
            if local(part) not in READ_OF_META:
                yield self.not_kept(part)
        body = self.debate.find("{*}debateBody")
        made = self._meeting(meta)
        yield from made
        if self.meeting and body is not None:
            spoken = Spoken(self.settings, self.language(meta))
            for each in body:
                yield from self._section(each, "", spoken)
            yield from spoken.mark_up()
            yield from self._unused()

    # --- What it is ---

    def _meeting(self, meta: Any) -> Made:
        work = meta.find("{*}identification/{*}FRBRWork")
        preface = self.debate.find("{*}preface")
        told = self._preface(preface)
        title = text_of(first(preface, "docTitle")) if preface is not None else ""
        for name in ("FRBRname", "FRBRalias"):
            if not title and work is not None and (found := first(work, name)) is not None:
                title = found.get("value", "")
        if not title and (heading := first(self.debate, "heading")) is not None:
            title = text_of(heading)
        if not title:
            yield self.problem(self.debate, "Nothing tells the title: no <docTitle>, no <heading>.")
            return
        date = told.get("date", "")
        dated = first(work, "FRBRdate") if work is not None else None
        if not date and dated is not None and dated.get("name") != "recorded":
            date = dated.get("date", "")[:10]
        page = next(
            (each.get("value", "") for each in self.debate.iterfind(".//{*}FRBRWork/{*}FRBRalias")),
            "",
        )
        slug = self.slug(page, "meetings")
        if known := known_already("meeting", self.key("meeting"), slug=slug):
            yield self.note(self.debate, f"“{known}” is here already and left as it is.")
            return
        kind = self.debate.get("name", "")
        if kind not in Meeting.Kind.values:
            yield self.note(
                self.debate,
                f"“{shown(kind)}” is no kind of meeting of ours; entered as “talks”, to be checked.",
            )
            kind = Meeting.Kind.TALKS.value
        if not self.settings.process:
            yield self.problem(self.debate, "A meeting is in a process. Name it with --process.")
        source = source_of("akn", self.published(meta), title, TRANSCRIPT)
        self.source, self.meeting = source.key, self.key("meeting")
        yield source
        first_day, _, last_day = date.partition(" to ")
        yield made_of(
            self.debate.sourceline or 0,
            "meeting",
            self.meeting,
            slug=slug,
            process=self.settings.process,
            title=title,
            kind=kind,
            state=told.get("state", ""),
            date=first_day,
            ended=last_day,
            place=told.get("place", ""),
            summary=told.get("summary", ""),
            source=self.source,
            where="the whole",
        )
        yield from self._rest_of_preface(preface)

    def _preface(self, preface: Any) -> dict[str, str]:
        if preface is None:
            return {}
        found = {each.get("class", ""): text_of(each) for each in preface.iterfind("{*}p[@class]")}
        day = first(preface, "docDate")
        if day is not None and "date" not in found:
            found["date"] = day.get("date", "")[:10]
        return found

    def _rest_of_preface(self, preface: Any) -> Made:
        for each in preface if preface is not None else ():
            has_title = first(each, "docTitle") is not None or first(each, "docDate") is not None
            if each.get("class") not in ("date", "place", "summary", "state") and not has_title:
                yield self.not_kept(each)

    # --- Whom it names ---

    def _agent(self, element: Any, reference: str, kinds: dict[str, str]) -> Made:
        """Make an entry of the person or party that is referred to, once; then `names` has it."""
        if reference in self.names:
            return
        named = self.refers.get(reference)
        kind = kinds.get(local(named), "") if named is not None else ""
        if named is None or not kind:
            yield self.problem(element, f"The <references> have no “{shown(reference)}”.")
            return
        name, address = named.get("showAs", ""), named.get("href", "")
        if not name:
            yield self.problem(named, "Nothing tells the name: “showAs” is needed.")
            return
        wikidata = re.search(r"wikidata\.org/(?:wiki|entity)/(Q\d+)$", address)
        slug = self.slug(address, "people" if kind == "person" else "parties")
        number = wikidata[1] if wikidata else ""
        key = self.key(reference)
        if known := known_already(kind, key, slug=slug, wikidata=number, name=name):
            self.names[reference] = known.slug
            yield self.note(named, f"“{known}” is here already and left as it is.")
            return
        self.names[reference] = key
        values = {"slug": slug, "name": name, "wikidata": number}
        if kind == "party":
            values["kind"] = Party.Kind.ORGANISATION.value
            yield self.note(named, "Entered as “organisation”, to be checked.")
        yield made_of(named.sourceline or 0, kind, key, **values)

    PERSON = {"TLCPerson": "person"}
    PARTY = {"TLCOrganization": "party"}

    def _unused(self) -> Made:
        for reference, named in self.refers.items():
            words = named.get("showAs", "")
            if reference in self.names or local(named) == "TLCRole" or words == "Readout":
                continue
            yield self.note(named, f"“{words}” is not kept: no speech or delegation names it.")

    def _party_of(self, speech: Any) -> tuple[str, str]:
        """For whom somebody speaks: the reference of a party, or the address of one."""
        role = self.refers.get(speech.get("as", ""))
        if role is None:
            return "", self.settings.party
        wanted = role.get("showAs", "").removeprefix("for ")
        for reference, each in self.refers.items():
            if local(each) == "TLCOrganization" and each.get("showAs") == wanted:
                return reference, ""
        return "", self.settings.party

    # --- What was said ---

    def _section(self, element: Any, topic: str, spoken: Spoken) -> Made:
        name = local(element)
        if name in SPEECHES:
            yield from self._speech(element, topic, spoken)
        elif name == "summary" and is_paraphrase(element):
            yield from self._paraphrase(element, topic, spoken)
        elif name == "rollCall":
            yield from self._roll_call(element)
        elif name in SECTIONS:
            topic = self._topic(element) or topic
            for each in element:
                if local(each) != "heading":
                    yield from self._section(each, topic, spoken)
                elif not self._topic(element):
                    yield self.note(each, f"Not kept as a topic: “{shown(text_of(each))}”.")
        else:
            yield self.not_kept(element)

    def _topic(self, section: Any) -> str:
        found = re.fullmatch(r"topic-([-\w]+)", number(section))
        known = found and Topic.objects.filter(slug=found[1]).exists()
        return found[1] if found and known else ""

    def _speaker(
        self, element: Any, by: str, role: Any
    ) -> Iterator[Entry | Finding | dict[str, str]]:
        """Entries for who speaks and for whom; last, the statement's columns that name them."""
        if local(self.refers.get(by, element)) == "TLCOrganization":
            yield from self._agent(element, by, self.PARTY)
            yield {"party": self.names.get(by, "")}
            return
        yield from self._agent(element, by, self.PERSON)
        reference, party = self._party_of(role)
        if reference:
            yield from self._agent(element, reference, self.PARTY)
            party = self.names.get(reference, "")
        yield {"speaker": self.names.get(by, ""), "party": party}

    def _statement(
        self, element: Any, by: str, role: Any, form: str, values: dict[str, str]
    ) -> Made:
        who: dict[str, str] = {}
        for each in self._speaker(element, by, role):
            if isinstance(each, dict):
                who = each
            else:
                yield each
        if not any(who.values()):
            return
        place = number(element) or f"line {element.sourceline}"
        yield made_of(
            element.sourceline or 0,
            "statement",
            self.key(place),
            meeting=self.meeting,
            form=form,
            source=self.source,
            where=place[:200],
            **who,
            **values,
        )

    def _speech(self, element: Any, topic: str, spoken: Spoken) -> Made:
        by = element.get("by", "")
        if by in ("", "#"):
            words = shown(text_of(element))
            yield Finding(
                element.sourceline or 0, local(element), number(element), Became.LEFT_OUT,
                sentence=f"No speaker is named: “{words}”.",
            )  # fmt: skip
            return
        values, told = spoken.words(element)
        yield from told
        if not values["words"]:
            yield self.note(element, "Nothing is said in this.")
            return
        yield from self._statement(element, by, element, "verbatim", {**values, "topics": topic})

    def _paraphrase(self, element: Any, topic: str, spoken: Spoken) -> Made:
        speaker = element[0]
        values = spoken.paraphrase(element)
        by = speaker.get("refersTo", "")
        yield from self._statement(element, by, speaker, "paraphrase", {**values, "topics": topic})

    def _roll_call(self, element: Any) -> Made:
        for line in element:
            party = first(line, "organization")
            if local(line) == "heading":
                continue
            if party is None:
                yield self.not_kept(line)
                continue
            reference = party.get("refersTo", "")
            yield from self._agent(party, reference, self.PARTY)
            role = re.match(r"\s*\((\w+)\)", party.tail or "")
            named = role[1] if role and role[1] in Delegation.Role.values else ""
            seat = {"meeting": self.meeting, "party": self.names.get(reference, "")}
            yield made_of(
                line.sourceline or 0,
                "delegation",
                self.key(f"seat {reference}"),
                **seat,
                role=named,
            )
            for each in line.iter("{*}person"):
                who = each.get("refersTo", "")
                yield from self._agent(each, who, self.PERSON)
                after = each.getnext()
                title = text_of(after) if after is not None and local(after) == "role" else ""
                key = self.key(f"seat {reference} {who}")
                yield made_of(
                    each.sourceline or 0,
                    "delegate",
                    key,
                    **seat,
                    person=self.names.get(who, ""),
                    title=title,
                )
