"""People, and the offices that they hold."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce, Least

from negotiations.models.dates import VagueDateField
from negotiations.models.names import alike_indexes
from negotiations.models.parties import Party
from negotiations.models.records import AddressedRecord, Record, demonstration_field, kept
from negotiations.models.wikidata import is_a_number, once, wikidata_field


@kept
class Person(AddressedRecord):
    """A human being."""

    parts = ("appointments",)
    called = ("name", "native_name", "other_names")

    name = models.CharField(
        max_length=200, help_text="As usually written in English: “Sergey Lavrov”."
    )
    sort_name = models.CharField(
        max_length=200,
        blank=True,
        help_text="For lists: “Lavrov, Sergey”. Left empty, the last word of the name comes first.",
    )
    native_name = models.CharField(
        max_length=200, blank=True, help_text="In the person’s own script: “Сергей Лавров”."
    )
    other_names = models.TextField(
        blank=True,
        default="",
        db_default="",
        help_text="Other spellings and former names, one a line. Search knows them, too.",
    )
    description = models.TextField(blank=True, help_text="One or two neutral sentences.")
    wikidata = wikidata_field(
        "Wikidata", "The person’s number there, if you are sure that it is the same: Q22686."
    )
    demonstration = demonstration_field()

    class Meta(AddressedRecord.Meta):
        verbose_name_plural = "people"
        ordering = ("sort_name", "name")
        constraints = (
            *AddressedRecord.Meta.constraints,
            is_a_number("wikidata", "person"),
            once("wikidata", "person", "person"),
        )
        indexes = (
            models.Index(fields=["sort_name"], name="person_by_name"),
            models.Index(
                fields=["id"], name="person_is_demonstration", condition=Q(demonstration=True)
            ),
            *alike_indexes("person", "name", "native_name", "other_names"),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        if not self.sort_name:
            *given, family = self.name.split() or [""]
            self.sort_name = f"{family}, {' '.join(given)}" if given else family
        super().save(*args, **kwargs)


def sure_range() -> Func:
    """The days on which an office was held for certain: last possible start to first possible end.

    Vague ends are no reason to refuse: only what must have overlapped has overlapped.
    """
    ever, never = (
        Func(template=f"'{day}'::date", output_field=models.DateField())
        for day in ("-infinity", "infinity")
    )
    start, end = Coalesce(F("start_until"), ever), Coalesce(F("end_from"), never)
    return Func(
        Least(start, end), end, Value("[)"), function="daterange", output_field=DateRangeField()
    )


@kept
class Appointment(Record):
    """An office that a person held at a party, from when to when as far as known."""

    shown_on = demonstrated_by = "person"

    person = models.ForeignKey(Person, models.CASCADE, related_name="appointments")
    party = models.ForeignKey(
        Party, models.PROTECT, related_name="appointments", help_text="The party or its body."
    )
    office = models.CharField(max_length=200, help_text="“Minister of Foreign Affairs”.")
    start = VagueDateField(
        "from", blank=True, help_text="When it began. Leave empty what is not known."
    )
    end = VagueDateField(
        "to", blank=True, help_text="When it ended. Empty: not known to have ended."
    )
    attested = VagueDateField(
        "known on",
        blank=True,
        help_text="A date on which a source shows the person in this office.",
    )

    class Meta(Record.Meta):
        ordering = (F("start_from").desc(nulls_last=True), "office")
        constraints = (
            *Record.Meta.constraints,
            *VagueDateField.constraints("start", "appointment"),
            *VagueDateField.constraints("end", "appointment"),
            *VagueDateField.constraints("attested", "appointment"),
            models.CheckConstraint(
                name="appointment_ends_after_it_begins",
                condition=Q(start_from__isnull=True)
                | Q(end_from__isnull=True)
                | Q(end_until__gte=F("start_from")),
                violation_error_message="The office ends before it begins. Check “from” and “to”.",
            ),
            ExclusionConstraint(
                name="appointment_no_overlap",
                expressions=[
                    (F("person"), RangeOperators.EQUAL),
                    (F("party"), RangeOperators.EQUAL),
                    (Func(F("office"), function="lower"), RangeOperators.EQUAL),
                    (sure_range(), RangeOperators.OVERLAPS),
                ],
                violation_error_message="This person holds this office at this time already. "
                "End the earlier appointment first, or correct the dates.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person}, {self.office}"
