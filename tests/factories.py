"""Records for tests: published, standing on published ones; `status="draft"` makes a draft."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import factory
from django.contrib.auth.models import Group
from django.db import connection
from factory.django import DjangoModelFactory

from negotiations import models

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def without_rules(table: str) -> Iterator[None]:
    """A table as it may be after a dump was loaded: its triggers did not look."""
    with connection.cursor() as cursor:
        for act in ("DISABLE", "ENABLE"):
            # No trigger may be waiting for the end of the transaction.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {table} {act} TRIGGER USER")
            if act == "DISABLE":
                yield


class RecordFactory(DjangoModelFactory):
    class Meta:
        abstract = True

    status = "published"

    @classmethod
    def _setup_next_sequence(cls) -> int:
        """Four digits, so that a later record's name sorts after an earlier one's."""
        return 1000


class PartyFactory(RecordFactory):
    class Meta:
        model = models.Party

    name = factory.Sequence(lambda n: f"Party {n}")
    slug = factory.Sequence(lambda n: f"party-{n}")
    kind = "state"


class ProcessFactory(RecordFactory):
    class Meta:
        model = models.Process
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Process {n}")
    slug = factory.Sequence(lambda n: f"process-{n}")

    @factory.post_generation
    def parties(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        self.parties.add(*(extracted or ()))


class PersonFactory(RecordFactory):
    class Meta:
        model = models.Person

    name = factory.Sequence(lambda n: f"Person {n}")
    sort_name = factory.SelfAttribute("name")
    slug = factory.Sequence(lambda n: f"person-{n}")


class AppointmentFactory(RecordFactory):
    class Meta:
        model = models.Appointment

    person = factory.SubFactory(PersonFactory)
    party = factory.SubFactory(PartyFactory)
    office = factory.Sequence(lambda n: f"Office {n}")


class MeetingFactory(RecordFactory):
    class Meta:
        model = models.Meeting

    process = factory.SubFactory(ProcessFactory)
    title = factory.Sequence(lambda n: f"Meeting {n}")
    slug = factory.Sequence(lambda n: f"meeting-{n}")
    date = "2025-02-18"


class DelegationFactory(RecordFactory):
    class Meta:
        model = models.Delegation

    meeting = factory.SubFactory(MeetingFactory)
    party = factory.SubFactory(PartyFactory)


class DelegateFactory(RecordFactory):
    class Meta:
        model = models.Delegate

    delegation = factory.SubFactory(DelegationFactory)
    person = factory.SubFactory(PersonFactory)
    title = "Delegate"


class TopicFactory(RecordFactory):
    class Meta:
        model = models.Topic

    name = factory.Sequence(lambda n: f"Topic {n}")
    slug = factory.Sequence(lambda n: f"topic-{n}")


class QuestionFactory(RecordFactory):
    class Meta:
        model = models.Question

    topic = factory.SubFactory(TopicFactory)
    text = factory.Sequence(lambda n: f"Question {n}?")
    slug = factory.Sequence(lambda n: f"question-{n}")


class SourceFactory(RecordFactory):
    class Meta:
        model = models.Source

    title = factory.Sequence(lambda n: f"Source {n}")
    kind = models.Source.Kind.values[0]
    publisher = "A publisher"
    language = "en"


class StatementFactory(RecordFactory):
    """A paraphrase, which needs no citation."""

    class Meta:
        model = models.Statement

    meeting = factory.SubFactory(MeetingFactory)
    speaker = factory.SubFactory(PersonFactory)
    party = factory.SubFactory(PartyFactory)
    form = "paraphrase"
    words = factory.Sequence(lambda n: f"Words number {n}.")
    language = "en"
    date = "2025-02-18"


class CitationFactory(DjangoModelFactory):
    class Meta:
        model = models.Citation

    source = factory.SubFactory(SourceFactory)
    where = "1st paragraph"


class PositionFactory(RecordFactory):
    class Meta:
        model = models.Position

    question = factory.SubFactory(QuestionFactory)
    statement = factory.SubFactory(StatementFactory)
    party = factory.SelfAttribute("statement.party")
    stance = "supports"


class ActionFactory(RecordFactory):
    class Meta:
        model = models.Action

    meeting = factory.SubFactory(MeetingFactory)
    kind = "commitment"
    title = factory.Sequence(lambda n: f"Action {n}")


class AccountFactory(RecordFactory):
    """Documented by a statement of its own party, which joins the action's process."""

    class Meta:
        model = models.Account

    action = factory.SubFactory(ActionFactory)
    party = factory.SubFactory(PartyFactory)
    stance = "announced"
    statement = factory.SubFactory(StatementFactory, party=factory.SelfAttribute("..party"))

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        kwargs["action"].meeting.process.parties.add(kwargs["party"].part_of or kwargs["party"])
        return super()._create(model_class, *args, **kwargs)


class ProgressFactory(RecordFactory):
    """With the citation that a public report needs."""

    class Meta:
        model = models.Progress
        skip_postgeneration_save = True

    action = factory.SubFactory(ActionFactory)
    state = "under_way"
    date = "March 2025"

    @factory.post_generation
    def citation(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        CitationFactory(progress=self)


class OpenMatterFactory(RecordFactory):
    class Meta:
        model = models.OpenMatter

    meeting = factory.SubFactory(MeetingFactory)
    title = factory.Sequence(lambda n: f"Open matter {n}")
    statement = factory.SubFactory(StatementFactory)


class UserFactory(DjangoModelFactory):
    """A reader with an account; `group="editor"` or `"reviewer"` gives a seat at the desk."""

    class Meta:
        model = models.User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"user{n}")

    @factory.post_generation
    def group(self, create: bool, extracted: str | None, **kwargs: Any) -> None:
        if extracted:
            self.groups.add(Group.objects.get(name=extracted))
            self.is_staff = True
            self.save(update_fields=["is_staff"])


class SectionTopicFactory(DjangoModelFactory):
    class Meta:
        model = models.SectionTopic

    source = factory.SubFactory(SourceFactory)
    heading = factory.Sequence(lambda n: f"Heading {n}")
    topic = factory.SubFactory(TopicFactory)


class WorkplaceFactory(DjangoModelFactory):
    class Meta:
        model = models.Workplace

    editor = factory.SubFactory(UserFactory)
    source = factory.SubFactory(SourceFactory)
