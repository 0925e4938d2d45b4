"""What was said, and what it shows that a party wants."""

from __future__ import annotations

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL

from negotiations.languages import pgettext_lazy
from negotiations.models import rules, text_rules
from negotiations.models.dates import VagueDateField
from negotiations.models.meetings import Meeting
from negotiations.models.parties import Party
from negotiations.models.people import Person
from negotiations.models.records import Record, kept
from negotiations.models.sources import LANGUAGE, quotation_found
from negotiations.models.topics import Question, Topic
from negotiations.models.visibility import PublishedManager, RecordQuerySet


class StatementQuerySet(RecordQuerySet):
    def by(self, party: Party) -> StatementQuerySet:
        """For this party or one of its bodies."""
        below = RawSQL("SELECT readout_party_and_below(%s)", [party.pk])
        return self.filter(party_id__in=below)


@kept
class Statement(Record):
    """What somebody said, for a party, at an occasion: word for word, or in our words."""

    class Form(models.TextChoices):
        VERBATIM = "verbatim", pgettext_lazy("form of a statement", "verbatim")
        PARAPHRASE = "paraphrase", pgettext_lazy("form of a statement", "paraphrase")

    class Occasion(models.TextChoices):
        IN_THE_TALKS = "in_the_talks", pgettext_lazy("occasion", "in the talks")
        PRESS_CONFERENCE = "press_conference", pgettext_lazy("occasion", "press conference")
        INTERVIEW = "interview", pgettext_lazy("occasion", "interview")
        WRITTEN = "written", pgettext_lazy("occasion", "written")
        NOT_STATED = "not_stated", pgettext_lazy("occasion", "occasion not stated")

    parts = ("positions",)
    demonstrated_by = "party"

    meeting = models.ForeignKey(
        Meeting,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="statements",
        help_text="The meeting that it belongs to or speaks of.",
    )
    speaker = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="statements",
        help_text="Leave empty where a body speaks and no person is named.",
    )
    party = models.ForeignKey(
        Party,
        models.PROTECT,
        blank=True,
        related_name="statements",
        verbose_name="for which party",
        help_text="Left empty, it follows from the speaker’s delegation at the meeting.",
    )
    form = models.CharField(max_length=10, choices=Form.choices, default=Form.VERBATIM)
    words = models.TextField(
        help_text="Verbatim: exactly what was said, without outer quotation marks; […] for what you "
        "leave out. Paraphrase: your own words, not the reporter’s.",
    )
    language = models.CharField(
        "language of the words", max_length=35, default="en", validators=[LANGUAGE]
    )
    original_words = models.TextField(
        "words in the original language",
        blank=True,
        help_text="Where the words above are translated.",
    )
    original_language = models.CharField(max_length=35, blank=True, validators=[LANGUAGE])
    translated_by = models.CharField(
        "whose translation",
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text="Who translated the words above: “the Kremlin’s press office”. Left empty, Readout.",
    )
    date = VagueDateField(blank=True, help_text="When it was said. Left empty, the meeting’s date.")
    occasion = models.CharField(
        max_length=20, choices=Occasion.choices, default=Occasion.NOT_STATED
    )
    occasion_note = models.CharField(
        max_length=200,
        blank=True,
        help_text="More exactly, if known: “after the press conference”.",
    )
    topics = models.ManyToManyField(Topic, blank=True, related_name="statements")

    objects = StatementQuerySet.as_manager()
    published = PublishedManager.from_queryset(StatementQuerySet)()

    class Meta(Record.Meta):
        ordering = (models.F("date_from").desc(nulls_last=True), "-id")
        indexes = (
            models.Index(fields=["-date_from", "-id"], name="statement_newest"),
            models.Index(fields=["party", "-date_from", "-id"], name="statement_newest_by_party"),
            models.Index(
                fields=["speaker", "-date_from", "-id"], name="statement_newest_by_speaker"
            ),
        )
        constraints = (
            *Record.Meta.constraints,
            *VagueDateField.constraints("date", "statement"),
            models.CheckConstraint(
                name="statement_form_is_known", condition=Q(form__in=["verbatim", "paraphrase"])
            ),
            models.CheckConstraint(
                name="statement_says_something",
                condition=Q(words__regex=r"\S"),
                violation_error_message="A statement has words.",
            ),
            models.CheckConstraint(
                name="statement_original_has_its_language",
                condition=Q(original_words="") | ~Q(original_language=""),
                violation_error_message="Say in which language the original words are.",
            ),
        )
        triggers = (
            *Record.Meta.triggers,
            text_rules.STATEMENT_STANDS,
            rules.speakers_hold("r.statement_id = NEW.id", pgtrigger.UpdateOf("party_id")),
        )

    def __str__(self) -> str:
        words = " ".join(self.words.split())
        words = words if len(words) <= 80 else f"{words[:79].rsplit(' ', 1)[0]}…"
        return f"{self.who}: {words}"

    @property
    def who(self) -> Person | Party:
        """The person who spoke, or the body where no person is named."""
        return self.speaker or self.party

    @property
    def is_verbatim(self) -> bool:
        return self.form == self.Form.VERBATIM

    def fill_in(self) -> None:
        """Take party and date from the speaker's delegation and the meeting where left empty.

        With no delegation, the party is the one at which the speaker's only known office is.
        """
        if not self.party_id and self.speaker_id:
            parties = Party.objects.filter(
                delegations__meeting=self.meeting_id, delegations__delegates__person=self.speaker_id
            )
            if not parties:
                parties = Party.objects.filter(appointments__person=self.speaker_id).distinct()
            if len(parties) == 1:
                self.party = parties[0]
        if not self.date and self.meeting:
            self.date = self.meeting.date

    def clean_fields(self, exclude: set[str] | None = None) -> None:
        self.fill_in()
        super().clean_fields(exclude=exclude)

    def clean(self) -> None:
        super().clean()
        if self.translated_by and not self.original_words:
            raise ValidationError(
                {
                    "translated_by": "A translation has an original: give its words, too, or leave "
                    "this empty."
                }
            )
        if not self.party_id:
            raise ValidationError(
                {
                    "party": "Say for which party this was said: the speaker sits in no delegation "
                    "at this meeting that would tell."
                }
            )

    def _clean_published(self) -> None:
        super()._clean_published()
        if self.is_verbatim:
            self._clean_quotation()

    def _clean_quotation(self) -> None:
        citations = list(self.citations.select_related("source")) if self.pk else []
        if not citations:
            raise ValidationError(
                "A verbatim statement cites at least one source before it is published. "
                "Add a citation with the passage."
            )
        for citation in citations:
            source = citation.source
            words = self.words_in(source.language)
            if source.text and words and not quotation_found(words, source.text):
                raise ValidationError(
                    {
                        "words": f"These words do not occur in the text of “{source.title}”. "
                        "Correct them, cut with […], or call it a paraphrase."
                    }
                )

    def words_in(self, language: str) -> str:
        """The words to look for in a source of this language; empty if we have none in it."""
        if language in ("", self.language):
            return self.words
        return self.original_words if language == self.original_language else ""


@kept
class StatementTopic(Statement.topics.through):
    """That a statement is about a topic."""

    class Meta:
        proxy = True
        verbose_name = "topic of a statement"
        verbose_name_plural = "topics of statements"
        triggers = (rules.LinkOnPublished(), rules.LinkApart())


@kept
class Position(Record):
    """What a party wants on a question, as one statement shows it."""

    class Stance(models.TextChoices):
        SUPPORTS = "supports", pgettext_lazy("position", "supports")
        OPPOSES = "opposes", pgettext_lazy("position", "opposes")
        CONDITIONAL = "conditional", pgettext_lazy("position", "conditional")
        UNDECIDED = "undecided", pgettext_lazy("position", "undecided")
        NOT_STATED = "not_stated", pgettext_lazy("position", "not stated")

    shown_on = demonstrated_by = "question"

    question = models.ForeignKey(Question, models.PROTECT, related_name="positions")
    party = models.ForeignKey(
        Party,
        models.PROTECT,
        blank=True,
        related_name="positions",
        help_text="The statement’s party, or one that it is part of. Left empty: the statement’s.",
    )
    stance = models.CharField("position", max_length=20, choices=Stance.choices)
    statement = models.ForeignKey(Statement, models.CASCADE, related_name="positions")
    summary = models.CharField(
        max_length=300, blank=True, help_text="What it wants, in your own words and one sentence."
    )

    class Meta(Record.Meta):
        ordering = ("question", "party", "id")
        constraints = (
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["question", "party", "statement"],
                name="position_once_per_statement",
                violation_error_message="This statement’s position on this question is recorded already.",
            ),
        )
        triggers = (
            *Record.Meta.triggers,
            rules.speakers_hold(
                "r.id = NEW.id",
                pgtrigger.Insert | pgtrigger.UpdateOf("party_id", "statement_id"),
                ("negotiations_position",),
            ),
        )

    def __str__(self) -> str:
        return f"{self.party}: {self.get_stance_display()} – {self.question}"

    def clean_fields(self, exclude: set[str] | None = None) -> None:
        if not self.party_id and self.statement_id:
            self.party_id = self.statement.party_id
        super().clean_fields(exclude=exclude)

    def clean(self) -> None:
        super().clean()
        clean_speaks_for(self.statement if self.statement_id else None, self.party_id)


def clean_speaks_for(statement: Statement | None, party_id: int | None) -> None:
    """Refuse a party that the statement does not speak for.

    Raises:
        ValidationError: on the field "party".
    """
    if not statement or not statement.party_id or not party_id:
        return
    above, seen = statement.party, set()
    while above and above.pk not in seen:
        if above.pk == party_id:
            return
        seen.add(above.pk)
        above = above.part_of
    raise ValidationError({"party": f"The statement is {statement.party}’s. {rules.SPEAKS_FOR}"})
