"""What was agreed, by whose account, what became of it, and what stayed open."""

from __future__ import annotations

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.expressions import RawSQL

from negotiations.languages import pgettext_lazy
from negotiations.models import rules
from negotiations.models.dates import VagueDateField
from negotiations.models.meetings import Meeting
from negotiations.models.parties import Party
from negotiations.models.records import Record, kept
from negotiations.models.statements import Statement, clean_speaks_for
from negotiations.models.topics import Question, Topic
from negotiations.models.visibility import PublishedManager, RecordQuerySet


class ActionQuerySet(RecordQuerySet):
    def with_state(self) -> ActionQuerySet:
        """With `state`: what the latest public progress report says, else None."""
        latest = Progress.published.filter(action=OuterRef("pk")).order_by(*Progress.NEWEST)
        return self.annotate(state=Subquery(latest.values("state")[:1]))

    def owed_by(self, party: Party) -> ActionQuerySet:
        """Those that this party or one of its bodies must do."""
        below = RawSQL("SELECT readout_party_and_below(%s)", [party.pk])
        return self.filter(
            pk__in=Action.owed_by.through.objects.filter(party_id__in=below).values("action")
        )


@kept
class Action(Record):
    """Something agreed at a meeting."""

    class Kind(models.TextChoices):
        COMMITMENT = "commitment", pgettext_lazy("kind of action", "commitment")
        MECHANISM = "mechanism", pgettext_lazy("kind of action", "mechanism")
        FOLLOW_UP = "follow_up", pgettext_lazy("kind of action", "follow-up meeting")
        UNDERSTANDING = "understanding", pgettext_lazy("kind of action", "understanding")

    parts = ("accounts", "progress_reports")
    demonstrated_by = "meeting"

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="actions")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    title = models.CharField(
        max_length=200, help_text="What is to happen, in your own words: “Appoint ambassadors”."
    )
    details = models.TextField(blank=True, help_text="What else was said of it, in your own words.")
    owed_by = models.ManyToManyField(
        Party,
        blank=True,
        related_name="actions_owed",
        verbose_name="who must do it",
        help_text="Leave empty if that was not said.",
    )
    topics = models.ManyToManyField(Topic, blank=True, related_name="actions")
    due = VagueDateField(blank=True, help_text="Leave empty if no date was given.")
    due_words = models.CharField(
        "due, in the source’s words",
        max_length=100,
        blank=True,
        help_text="For what is no date: “soon”, “in due course”.",
    )
    leads_to = models.ForeignKey(
        Meeting,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="foreseen_by",
        verbose_name="meeting that it leads to",
        help_text="For a follow-up meeting: its record, planned or held.",
    )

    objects = ActionQuerySet.as_manager()
    published = PublishedManager.from_queryset(ActionQuerySet)()

    class Meta(Record.Meta):
        ordering = ("-meeting", "id")
        indexes = (
            models.Index(
                fields=["due_until"], name="action_due", condition=Q(due_from__isnull=False)
            ),
        )
        constraints = (
            *Record.Meta.constraints,
            *VagueDateField.constraints("due", "action"),
            models.CheckConstraint(
                name="action_leads_elsewhere",
                condition=Q(leads_to__isnull=True) | ~Q(leads_to=F("meeting")),
                violation_error_message="A meeting does not lead to itself.",
            ),
        )
        triggers = (
            *Record.Meta.triggers,
            rules.accounts_hold("r.action_id = NEW.id", pgtrigger.UpdateOf("meeting_id")),
        )

    def __str__(self) -> str:
        return self.title


@kept
class ActionParty(Action.owed_by.through):
    """That a party must do what was agreed."""

    class Meta:
        proxy = True
        verbose_name = "party that owes an action"
        verbose_name_plural = "parties that owe actions"
        triggers = (rules.LinkOnPublished(), rules.LinkApart())


@kept
class ActionTopic(Action.topics.through):
    """That an action is about a topic."""

    class Meta:
        proxy = True
        verbose_name = "topic of an action"
        verbose_name_plural = "topics of actions"
        triggers = (rules.LinkOnPublished(), rules.LinkApart())


@kept
class Account(Record):
    """What one party says of an action, always with its statement or source."""

    class Stance(models.TextChoices):
        ANNOUNCED = "announced", pgettext_lazy("account of an action", "announced")
        CONFIRMED = "confirmed", pgettext_lazy("account of an action", "confirmed")
        QUALIFIED = "qualified", pgettext_lazy("account of an action", "qualified")
        DENIED = "denied", pgettext_lazy("account of an action", "denied")

    shown_on = demonstrated_by = "action"

    action = models.ForeignKey(Action, models.CASCADE, related_name="accounts")
    party = models.ForeignKey(
        Party,
        models.PROTECT,
        blank=True,
        related_name="accounts",
        help_text="Left empty, it is the statement’s party.",
    )
    stance = models.CharField("account", max_length=20, choices=Stance.choices)
    statement = models.ForeignKey(
        Statement,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="accounts",
        help_text="Where it says so. Without one, cite a source below.",
    )
    note = models.CharField(
        max_length=300, blank=True, help_text="For “qualified”: what it adds or leaves out."
    )

    class Meta(Record.Meta):
        ordering = ("action", "id")
        constraints = (
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["action", "party", "statement"],
                name="account_once_per_statement",
                violation_error_message="This statement’s account of this action is recorded already.",
            ),
        )
        triggers = (
            *Record.Meta.triggers,
            rules.documented("account"),
            rules.accounts_hold(
                "r.id = NEW.id", pgtrigger.Insert | pgtrigger.UpdateOf("party_id", "action_id")
            ),
            rules.speakers_hold(
                "r.id = NEW.id",
                pgtrigger.Insert | pgtrigger.UpdateOf("party_id", "statement_id"),
                ("negotiations_account",),
            ),
        )

    def __str__(self) -> str:
        return f"{self.party} {self.get_stance_display()}: {self.action}"

    def clean_fields(self, exclude: set[str] | None = None) -> None:
        if not self.party_id and self.statement_id:
            self.party_id = self.statement.party_id
        super().clean_fields(exclude=exclude)

    def clean(self) -> None:
        super().clean()
        if not self.party_id:
            raise ValidationError(
                {"party": "Whose account is it? Name the party, or the statement."}
            )
        clean_speaks_for(self.statement, self.party_id)
        if self.action_id and not self._is_of_the_process():
            raise ValidationError({"party": rules.PARTY_OF_THE_PROCESS})

    def _is_of_the_process(self) -> bool:
        process = Meeting.objects.filter(actions=self.action_id).values("process")
        above = RawSQL("SELECT readout_party_and_above(%s)", [self.party_id])
        return Party.objects.filter(pk__in=above, processes__in=process).exists()

    def _clean_published(self) -> None:
        super()._clean_published()
        if not self.statement_id:
            clean_documented(
                self, "An account is somebody’s: name the statement, or cite a source."
            )


@kept
class Progress(Record):
    """A dated report on what became of an action."""

    class State(models.TextChoices):
        PENDING = "pending", pgettext_lazy("state of an action", "pending")
        UNDER_WAY = "under_way", pgettext_lazy("state of an action", "under way")
        DONE = "done", pgettext_lazy("state of an action", "done")
        PARTLY_DONE = "partly_done", pgettext_lazy("state of an action", "partly done")
        STALLED = "stalled", pgettext_lazy("state of an action", "stalled")
        BROKEN_OFF = "broken_off", pgettext_lazy("state of an action", "broken off")

    NEWEST = (F("date_from").desc(), F("date_precision").desc(), "-id")

    shown_on = demonstrated_by = "action"

    action = models.ForeignKey(Action, models.CASCADE, related_name="progress_reports")
    state = models.CharField("status", max_length=20, choices=State.choices)
    date = VagueDateField(help_text="As of when.")
    report = models.TextField(blank=True, help_text="What happened, in your own words.")

    class Meta(Record.Meta):
        verbose_name = "progress report"
        ordering = ("action", "-date_from", "-date_precision", "-id")
        indexes = (models.Index(fields=["action", "-date_from", "-id"], name="progress_newest"),)
        constraints = (
            *Record.Meta.constraints,
            *VagueDateField.constraints("date", "progress"),
            models.CheckConstraint(
                name="progress_is_dated",
                condition=Q(date_from__isnull=False),
                violation_error_message="A progress report says as of when; a month or a year will do.",
            ),
        )
        triggers = (*Record.Meta.triggers, rules.documented("progress"))

    def __str__(self) -> str:
        return f"{self.action}: {self.get_state_display()} ({self.date})"

    def _clean_published(self) -> None:
        super()._clean_published()
        clean_documented(self, "A progress report cites its source before it is published.")


@kept
class OpenMatter(Record):
    """What the meeting left unresolved, by its own participants' account."""

    shown_on = demonstrated_by = "meeting"

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="open_matters")
    title = models.CharField(
        max_length=200, help_text="In your own words: “Seized Russian property”."
    )
    details = models.TextField(blank=True)
    topic = models.ForeignKey(
        Topic, models.PROTECT, null=True, blank=True, related_name="open_matters"
    )
    question = models.ForeignKey(
        Question, models.PROTECT, null=True, blank=True, related_name="open_matters"
    )
    statement = models.ForeignKey(
        Statement,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="open_matters",
        help_text="The participant’s words that leave it open. Without one, cite a source below.",
    )

    class Meta(Record.Meta):
        ordering = ("meeting", "id")
        triggers = (*Record.Meta.triggers, rules.documented("open_matter"))

    def __str__(self) -> str:
        return self.title

    def _clean_published(self) -> None:
        super()._clean_published()
        if not self.statement_id:
            clean_documented(
                self, "An open matter is somebody’s account: name the statement, or cite."
            )


def clean_documented(record: Account | Progress | OpenMatter, message: str) -> None:
    """Refuse to publish a record that cites nothing.

    Raises:
        ValidationError: with the message.
    """
    if not record.pk or not record.citations.exists():
        raise ValidationError(message)
