"""Akoma Ntoso: a meeting as a debate, who was there and who said what.

The standard: OASIS LegalDocML 1.0, Akoma Ntoso XML Vocabulary 3.0,
https://docs.oasis-open.org/legaldocml/akn-core/v1.0/. What it has no place for (what was agreed,
accounts, positions) is in the meeting's other representations. How it is told:

- the delegations: a roll call, a paragraph for each party;
- a verbatim statement: a `speech`, by its speaker, as speaking for the party;
- a paraphrase: a `summary` that begins with the speaker, never a `speech`: nobody said those words;
- its sources: `note`s, to which a `noteRef` at its end leads.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch
from lxml import etree
from lxml.builder import ElementMaker

from negotiations.insight.pictures.drawing import UNWRITABLE
from negotiations.models import Citation, Delegate, Delegation, Precision, Statement, Topic

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from negotiations.models import Meeting, Party, Person

NAMESPACE = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
A = ElementMaker(namespace=NAMESPACE, nsmap={None: NAMESPACE})
# A negotiation is of no one country: this is ISO 3166-1's code that stands for none.
NO_COUNTRY = "zz"
UNTITLED = "Without a topic"


def debate(meeting: Meeting, base: str, today: dt.date) -> bytes:
    """The meeting as an Akoma Ntoso document; `base` is the site's address, `today` its date."""
    return _Debate(meeting, base).document(today)


class _Debate:
    """One document in the making: what it refers to is gathered as it is written."""

    def __init__(self, meeting: Meeting, base: str) -> None:
        self.meeting, self.base = meeting, base
        self.refers: dict[str, Any] = {
            "readout": A.TLCOrganization(eId="readout", href=f"{base}/about/", showAs="Readout")
        }
        self.notes: list[Any] = []

    def document(self, today: dt.date) -> bytes:
        body = A.debateBody(*self._roll_call(), *self._sections())
        if not len(body):
            body.append(
                _with(A.debateSection(name="statements"), "said", A.p("No statement is recorded."))
            )
        preface = A.preface(A.p(A.docTitle(clean(self.meeting.title))), *self._facts())
        meta = A.meta(
            self._identification(today),
            A.references(*self.refers.values(), source="#readout"),
            *([A.notes(*self.notes, source="#readout")] if self.notes else []),
        )
        root = A.akomaNtoso(A.debate(meta, preface, body, name=self.meeting.kind))
        return bytes(
            etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)
        )

    # --- What it is ---

    def _identification(self, today: dt.date) -> Any:
        date = self.meeting.date
        exact = date if date and date.precision == Precision.DAY and not date.about else None
        # An Akoma Ntoso date is a day. Where the meeting's is not known, the day of its record stands,
        # and says so.
        day = exact.iso if exact else f"{self.meeting.created_at:%Y-%m-%d}"
        of = "meeting" if exact else "recorded"
        work = f"/akn/{NO_COUNTRY}/debate/{day}/{self.meeting.slug}"
        expression = f"{work}/eng@{today.isoformat()}"

        def core(uri: str, day: str, of: str) -> list[Any]:
            return [
                A.FRBRthis(value=f"{uri}/!main"),
                A.FRBRuri(value=uri),
                *(
                    [A.FRBRalias(value=self.base + self.meeting.get_absolute_url(), name="page")]
                    if uri == work
                    else []
                ),
                A.FRBRdate(date=day, name=of),
                A.FRBRauthor(href="#readout"),
            ]

        return A.identification(
            A.FRBRWork(
                *core(work, day, of),
                A.FRBRcountry(value=NO_COUNTRY),
                A.FRBRname(value=clean(self.meeting.title)),
            ),
            A.FRBRExpression(
                *core(expression, today.isoformat(), "generated"), A.FRBRlanguage(language="eng")
            ),
            A.FRBRManifestation(
                *core(f"{expression}.xml", today.isoformat(), "generated"),
                A.FRBRformat(value="application/akn+xml"),
            ),
            source="#readout",
        )

    def _facts(self) -> Iterator[Any]:
        """When and where, in words: only a day has a machine's form here."""
        meeting = self.meeting
        if date := meeting.date:
            words = f"{date} to {meeting.ended}" if meeting.ended else str(date)
            is_a_day = date.precision == Precision.DAY and not date.about
            yield _classed("date", A.docDate(words, date=date.iso) if is_a_day else words)
        for name in ("place", "summary"):
            if text := getattr(meeting, name):
                yield _classed(name, clean(text))
        yield _classed("state", meeting.get_state_display())

    # --- Who was there ---

    def _roll_call(self) -> Iterator[Any]:
        sat = Delegate.published.select_related("person").order_by("rank", "pk")
        delegations = (
            Delegation.published.filter(meeting=self.meeting)
            .select_related("party")
            .prefetch_related(Prefetch("delegates", queryset=sat, to_attr="present"))
            .order_by("pk")
        )
        lines = [self._delegation(each) for each in delegations]
        if lines:
            yield _with(A.rollCall(), "table", A.heading("At the table"), *lines)

    def _delegation(self, delegation: Any) -> Any:
        line = A.p(
            A.organization(
                clean(delegation.party.name),
                eId=f"delegation-{delegation.pk}",
                refersTo=self._party(delegation.party),
            )
        )
        line[-1].tail = f" ({delegation.get_role_display()})" + (": " if delegation.present else "")
        for place, seat in enumerate(delegation.present):
            if place:
                line[-1].tail = (line[-1].tail or "") + "; "
            line.append(
                A.person(
                    clean(seat.person.name),
                    eId=f"delegate-{seat.pk}",
                    refersTo=self._person(seat.person),
                )
            )
            if seat.title:
                line[-1].tail = ", "
                line.append(
                    A.role(
                        clean(seat.title),
                        eId=f"title-{seat.pk}",
                        refersTo=self._refer("TLCRole", f"title-of-{seat.pk}", "", seat.title),
                    )
                )
        return line

    # --- Who said what ---

    def _sections(self) -> Iterator[Any]:
        """A section for each topic; a statement on several stands under the first."""
        public = Citation.objects.select_related("source").defer("source__text")
        said = (
            Statement.published.filter(meeting=self.meeting)
            .select_related("speaker", "party")
            .prefetch_related(
                Prefetch("citations", queryset=public),
                Prefetch("topics", queryset=Topic.published.all(), to_attr="public_topics"),
            )
            .order_by("date_from", "pk")
        )

        def topic(each: Any) -> tuple[int, str, str]:
            first = each.public_topics[0] if each.public_topics else None
            return (first.position, first.name, first.slug) if first else (2**31, UNTITLED, "")

        for (_place, name, slug), several in groupby(sorted(said, key=topic), key=topic):
            section = A.debateSection(name="topic")
            yield _with(
                section,
                f"topic-{slug}" if slug else "other",
                A.heading(clean(name)),
                *map(self._said, several),
            )

    def _said(self, said: Any) -> Any:
        if said.speaker:
            by = self._person(said.speaker)
            who = f"{said.speaker.name}, for {said.party.name}"
            role: dict[str, str] = {"as": self._speaking_for(said.party)}
        else:
            by, who, role = self._party(said.party), said.party.name, {}
        if said.date and said.date != self.meeting.date:
            who = f"{who}, {said.date}"
        marks = [self._note(each, said) for each in said.citations.all()]
        if not said.is_verbatim:
            inline = A.person if said.speaker else A.organization
            named = inline(clean(who), eId=f"speaker-{said.pk}", refersTo=by, **role)
            named.tail = ": " + clean(" ".join(said.words.split()))
            summary = A.summary(
                named, *marks, eId=f"statement-{said.pk}", **{"class": "paraphrase"}
            )
            summary.set(LANG, said.language)
            return summary
        words = [*_paragraphs(said.words, said.language)]
        words += _paragraphs(said.original_words, said.original_language)
        words[-1].extend(marks)
        return A.speech(
            getattr(A, "from")(clean(who)), *words, by=by, eId=f"statement-{said.pk}", **role
        )

    def _note(self, citation: Citation, said: Statement) -> Any:
        source = citation.source
        number = f"note-{said.pk}-{citation.pk}"
        address = source.url or self.base + source.get_absolute_url()
        line = A.p("Source: ", A.ref(clean(str(source)), href=address))
        if citation.where:
            line[-1].tail = f", {clean(citation.where)}"
        self.notes.append(A.note(line, eId=number))
        return A.noteRef(href=f"#{number}", marker=str(len(self.notes)))

    # --- Whom it refers to ---

    def _refer(self, kind: str, name: str, path: str, words: str) -> str:
        if name not in self.refers:
            self.refers[name] = getattr(A, kind)(
                eId=name, href=self.base + path if path else f"#{name}", showAs=clean(words)
            )
        return f"#{name}"

    def _person(self, person: Person) -> str:
        return self._refer(
            "TLCPerson", f"person-{person.slug}", person.get_absolute_url(), person.name
        )

    def _party(self, party: Party) -> str:
        return self._refer(
            "TLCOrganization", f"party-{party.slug}", party.get_absolute_url(), party.name
        )

    def _speaking_for(self, party: Party) -> str:
        self._party(party)
        return self._refer(
            "TLCRole", f"for-{party.slug}", party.get_absolute_url(), f"for {party.name}"
        )


def _with(element: Any, name: str, *children: Any) -> Any:
    element.set("eId", name)
    element.extend(children)
    return element


def _classed(name: str, content: Any) -> Any:
    return A.p(content, {"class": name})


def _paragraphs(words: str, language: str) -> Iterator[Any]:
    for line in filter(None, map(str.strip, words.splitlines())):
        paragraph = A.p(clean(line))
        paragraph.set(LANG, language)
        yield paragraph


def clean(text: str) -> str:
    """Without what XML can't write."""
    return UNWRITABLE.sub("", text)
