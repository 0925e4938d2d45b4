"""Processes and parties: the course of a negotiation, and the sides to it."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, F, Q

from negotiations.languages import pgettext_lazy
from negotiations.models import rules
from negotiations.models.names import alike_indexes
from negotiations.models.records import AddressedRecord, demonstration_field, kept
from negotiations.models.wikidata import is_a_number, once, wikidata_field


class Mark(models.TextChoices):
    """The shape that tells a party apart, beside its name and colour. No shape is better than another."""

    CIRCLE = "circle", "● circle"
    SQUARE = "square", "■ square"
    TRIANGLE = "triangle", "▲ triangle"
    DIAMOND = "diamond", "◆ diamond"
    HEXAGON = "hexagon", "⬢ hexagon"
    CROSS = "cross", "✚ cross"
    STAR = "star", "★ star"
    HALF = "half", "◗ half disc"


@kept
class Party(AddressedRecord):
    """A side that negotiates or speaks, or a body of one (a ministry, a fund) through `part_of`."""

    class Kind(models.TextChoices):
        STATE = "state", pgettext_lazy("kind of party", "state")
        ALLIANCE = "alliance", pgettext_lazy("kind of party", "alliance")
        ARMED_GROUP = "armed_group", pgettext_lazy("kind of party", "armed group")
        ORGANISATION = "organisation", pgettext_lazy("kind of party", "international organisation")
        BODY = "body", pgettext_lazy("kind of party", "body of a party")

    called = ("name", "short_name", "native_name", "other_names")

    name = models.CharField(
        max_length=200, help_text="As it is called in English: “United States”."
    )
    short_name = models.CharField(
        max_length=40, blank=True, help_text="For tight places: “US”. Empty if the name is short."
    )
    native_name = models.CharField(
        max_length=200, blank=True, help_text="In its own language: “Россия”."
    )
    kind = models.CharField(max_length=20, choices=Kind.choices)
    part_of = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="bodies",
        verbose_name="party that it is part of",
        help_text="For a ministry, fund or office: the party whose body it is.",
    )
    mark = models.CharField(
        max_length=10,
        choices=Mark.choices,
        blank=True,
        help_text="The shape beside the name. Left empty, it is chosen; a body takes its party’s.",
    )
    other_names = models.TextField(
        blank=True,
        default="",
        db_default="",
        help_text="Other spellings and former names, one a line. Search knows them, too.",
    )
    description = models.TextField(blank=True, help_text="One or two neutral sentences.")
    wikidata = wikidata_field(
        "Wikidata", "The party’s number there, if you are sure that it is the same: Q30."
    )
    demonstration = demonstration_field()

    class Meta(AddressedRecord.Meta):
        verbose_name_plural = "parties"
        ordering = ("name",)
        indexes = alike_indexes("party", "name", "short_name", "native_name", "other_names")
        constraints = (
            *AddressedRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["name", "part_of"],
                name="party_name_once",
                nulls_distinct=False,
                violation_error_message="There is a party of this name already.",
            ),
            models.CheckConstraint(
                name="party_not_part_of_itself",
                condition=Q(part_of__isnull=True) | ~Q(part_of=F("id")),
                violation_error_message="A party is not part of itself.",
            ),
            models.CheckConstraint(
                name="party_body_has_a_party",
                condition=~Q(kind="body") | Q(part_of__isnull=False),
                violation_error_message="Say which party this is a body of (“party that it is part of”).",
            ),
            models.CheckConstraint(
                name="party_mark_is_known", condition=Q(mark__in=[*Mark.values, ""])
            ),
            is_a_number("wikidata", "party"),
            once("wikidata", "party", "party"),
        )
        triggers = (
            *AddressedRecord.Meta.triggers,
            rules.NoCycle("part_of", "part of"),
            rules.accounts_hold(
                "r.party_id IN (SELECT readout_party_and_below(NEW.id))",
                pgtrigger.UpdateOf("part_of_id"),
            ),
            rules.speakers_hold(
                "r.statement_id IN (SELECT s.id FROM negotiations_statement s"
                " WHERE s.party_id IN (SELECT readout_party_and_below(NEW.id)))",
                pgtrigger.UpdateOf("part_of_id"),
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def short(self) -> str:
        return self.short_name or self.name

    def clean(self) -> None:
        super().clean()
        above, seen = self.part_of, {self.pk}
        while above and self.pk:
            if above.pk in seen:
                raise ValidationError(
                    {
                        "part_of": f"{above} is itself part of {self}. A party can’t be part of its own body."
                    }
                )
            seen.add(above.pk)
            above = above.part_of

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.mark:
            self.mark = self.part_of.mark if self.part_of else self._rarest_mark()
        super().save(*args, **kwargs)

    @staticmethod
    def _rarest_mark() -> str:
        used = dict(
            Party.objects.filter(part_of=None).order_by().values_list("mark").annotate(Count("id"))
        )
        return min(Mark.values, key=lambda mark: used.get(mark, 0))


@kept
class Process(AddressedRecord):
    """A course of negotiation over time; holds meetings."""

    called = ("name",)

    name = models.CharField(
        max_length=200, unique=True, help_text="“Russia–US normalisation talks, 2025”."
    )
    summary = models.TextField(
        blank=True, help_text="Two or three neutral sentences: who, about what."
    )
    parties = models.ManyToManyField(
        Party,
        related_name="processes",
        help_text="The sides to this process. Only they (and their bodies) give accounts of its actions.",
    )
    demonstration = demonstration_field()

    class Meta(AddressedRecord.Meta):
        verbose_name_plural = "processes"
        ordering = ("name",)
        indexes = alike_indexes("process", "name")

    def __str__(self) -> str:
        return self.name


@kept
class ProcessParty(Process.parties.through):
    """That a party is a side to a process."""

    class Meta:
        proxy = True
        verbose_name = "party of a process"
        verbose_name_plural = "parties of processes"
        triggers = (
            rules.LinkOnPublished(),
            rules.LinkApart(),
            rules.accounts_hold(
                "r.action_id IN (SELECT a.id FROM negotiations_action a"
                " JOIN negotiations_meeting m ON m.id = a.meeting_id"
                " WHERE m.process_id = OLD.process_id)",
                pgtrigger.Delete | pgtrigger.Update,
            ),
        )
