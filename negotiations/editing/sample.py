"""Loads the sample records the way an editor enters them: drafted, validated, then published."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any

import pghistory
from django.apps import apps
from django.db import transaction

from negotiations.models import (
    Account,
    Action,
    Appointment,
    Citation,
    Delegate,
    Delegation,
    Meeting,
    OpenMatter,
    Party,
    Person,
    Position,
    Process,
    Question,
    Record,
    Source,
    Statement,
    Topic,
)
from negotiations.models.records import AddressedRecord
from negotiations.models.visibility import publish

Entry = dict[str, Any]


NOTE = "Sample: the Riyadh talks"


def load_riyadh() -> int:
    """Enter the Riyadh talks, once; returns how many records were added.

    The history tells whether that was done before: what an editor corrected, renamed or deleted
    since then stays as it is.
    """
    data = tomllib.loads(files("negotiations.sample").joinpath("riyadh.toml").read_text("utf-8"))
    before = apps.get_model("negotiations", "ProcessEvent").objects
    if before.filter(slug=data["process"]["slug"]).exists():
        return 0
    with transaction.atomic(), pghistory.context(note=NOTE):
        return _Loader(data).load()


class _Loader:
    """One load. `self.added` holds what was made, in the order in which it can be published."""

    def __init__(self, data: Entry) -> None:
        self.data = data
        self.added: list[Record] = []
        self.statements: dict[str, Statement] = {}

    def load(self) -> int:
        self.source = self._make(Source(**self.data["source"]))
        self._parties_and_process()
        self._people()
        self._topics_and_questions()
        self._meetings()
        for entry in self.data["statement"]:
            self._statement(**entry)
        for entry in self.data["position"]:
            self._position(**entry)
        for entry in self.data["action"]:
            self._action(**entry)
        for entry in self.data["open_matter"]:
            self._open_matter(entry)
        for record in self.added:
            publish(record)
        return len(self.added)

    def _make[R: Record](self, record: R, **links: list[Any]) -> R:
        """Check and save a draft, and put it down for publication."""
        # A delegate's meeting is filled in by the database.
        record.full_clean(exclude=["meeting"] if isinstance(record, Delegate) else None)
        record.save()
        for name, targets in links.items():
            getattr(record, name).set(targets)
        self.added.append(record)
        return record

    def _addressed[R: AddressedRecord](self, model: type[R], entry: Entry, **rest: Any) -> R:
        """The record at this address, which an editor may have made before; else a new one."""
        found = model._default_manager.filter(slug=entry["slug"]).first()
        return found or self._make(model(**{**entry, **rest}))

    def _cite(self, record: Any, where: str, passage: str = "") -> None:
        citation = Citation(source=self.source, where=where, passage=passage)
        setattr(citation, record._meta.get_field("citations").remote_field.name, record)
        citation.full_clean()
        citation.save()

    def _parties_and_process(self) -> None:
        for entry in self.data["party"]:
            above = entry.get("part_of")
            part_of = Party.objects.get(slug=above) if above else None
            self._addressed(Party, entry, part_of=part_of)
        entry = dict(self.data["process"])
        sides = _by_slug(Party, entry.pop("parties"))
        self.process = self._make(Process(**entry), parties=sides)

    def _people(self) -> None:
        day = self.data["meeting"][0]["date"]
        for entry in self.data["person"]:
            person = self._addressed(
                Person, {k: entry[k] for k in ("slug", "name", "wikidata") if k in entry}
            )
            party = Party.objects.get(slug=entry["party"])
            office = Appointment(person=person, party=party, office=entry["office"], attested=day)
            self._cite(self._make(office), entry["where"])

    def _topics_and_questions(self) -> None:
        places = {entry["slug"]: place for place, entry in enumerate(self.data["topic"], start=1)}
        # What others stand under comes first.
        for entry in sorted(self.data["topic"], key=lambda entry: "parent" in entry):
            parent = Topic.objects.get(slug=entry["parent"]) if "parent" in entry else None
            self._addressed(Topic, entry, parent=parent, position=places[entry["slug"]])
        for entry in self.data["question"]:
            self._addressed(Question, entry, topic=Topic.objects.get(slug=entry["topic"]))

    def _meetings(self) -> None:
        for entry in self.data["meeting"]:
            fields = {k: v for k, v in entry.items() if k not in ("where", "follows")}
            if "follows" in entry:
                fields["follows"] = Meeting.objects.get(slug=entry["follows"])
            self._cite(self._make(Meeting(process=self.process, **fields)), entry["where"])
        self.meeting = Meeting.objects.get(slug=self.data["meeting"][0]["slug"])
        for entry in self.data["delegation"]:
            party = Party.objects.get(slug=entry["party"])
            delegation = self._make(Delegation(meeting=self.meeting, party=party))
            for rank, (slug, title) in enumerate(entry["delegates"], start=1):
                person = Person.objects.get(slug=slug)
                self._make(Delegate(delegation=delegation, person=person, title=title, rank=rank))

    def _statement(
        self,
        *,
        key: str,
        where: str,
        topics: list[str],
        speaker: str = "",
        party: str = "",
        quote: bool = False,
        **fields: str,
    ) -> None:
        statement = Statement(
            meeting=self.meeting,
            form=Statement.Form.VERBATIM if quote else Statement.Form.PARAPHRASE,
            **fields,
        )
        if speaker:
            statement.speaker = Person.objects.get(slug=speaker)
        if party:
            statement.party = Party.objects.get(slug=party)
        self.statements[key] = self._make(statement, topics=_by_slug(Topic, topics))
        self._cite(statement, where, statement.words if quote else "")

    def _position(self, question: str, statement: str, party: str, **fields: str) -> None:
        self._make(
            Position(
                question=Question.objects.get(slug=question),
                statement=self.statements[statement],
                party=Party.objects.get(slug=party),
                **fields,
            )
        )

    def _action(
        self,
        *,
        key: str,
        where: str,
        owed_by: list[str],
        topics: list[str],
        accounts: list[list[str]],
        leads_to: str = "",
        **fields: str,
    ) -> None:
        action = Action(meeting=self.meeting, **fields)
        if leads_to:
            action.leads_to = Meeting.objects.get(slug=leads_to)
        self._make(action, owed_by=_by_slug(Party, owed_by), topics=_by_slug(Topic, topics))
        self._cite(action, where)
        for stance, statement, *note in accounts:
            said = self.statements[statement]
            account = Account(action=action, stance=stance, statement=said, note="".join(note))
            self._make(account)

    def _open_matter(self, entry: Entry) -> None:
        fields = {k: entry[k] for k in ("title", "details") if k in entry}
        matter = OpenMatter(meeting=self.meeting, **fields)
        matter.statement = self.statements[entry["statement"]]
        matter.topic = Topic.objects.get(slug=entry["topic"])
        if "question" in entry:
            matter.question = Question.objects.get(slug=entry["question"])
        self._make(matter)


def _by_slug(model: type[AddressedRecord], slugs: list[str]) -> list[Any]:
    return [model._default_manager.get(slug=slug) for slug in slugs]
