"""Meetings, and who sat at the table."""

from __future__ import annotations

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from negotiations.languages import counted, gettext, pgettext_lazy
from negotiations.models import rules
from negotiations.models.coordinates import (
    COORDINATES_HINT,
    LONGEST_COORDINATES,
    STORED_COORDINATES,
    read_coordinates,
)
from negotiations.models.dates import VagueDateField
from negotiations.models.parties import Party, Process
from negotiations.models.people import Person
from negotiations.models.records import AddressedRecord, Record, kept
from negotiations.models.wikidata import is_a_number, wikidata_field


@kept
class Meeting(AddressedRecord):
    """One encounter: talks, a summit, a phone call, a signing, a press conference."""

    class Kind(models.TextChoices):
        TALKS = "talks", pgettext_lazy("kind of meeting", "talks")
        SUMMIT = "summit", pgettext_lazy("kind of meeting", "summit")
        PHONE_CALL = "phone_call", pgettext_lazy("kind of meeting", "phone call")
        SIGNING = "signing", pgettext_lazy("kind of meeting", "signing")
        PRESS_CONFERENCE = "press_conference", pgettext_lazy("kind of meeting", "press conference")

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("state of a meeting", "planned")
        HELD = "held", pgettext_lazy("state of a meeting", "held")
        POSTPONED = "postponed", pgettext_lazy("state of a meeting", "postponed")
        CANCELLED = "cancelled", pgettext_lazy("state of a meeting", "cancelled")

    parts = ("delegations",)
    demonstrated_by = "process"

    process = models.ForeignKey(Process, models.PROTECT, related_name="meetings")
    title = models.CharField(max_length=200, help_text="“Russia–US talks in Riyadh”.")
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.TALKS)
    state = models.CharField(max_length=10, choices=State.choices, default=State.HELD)
    date = VagueDateField(
        blank=True,
        help_text="The (first) day; for a planned one, leave empty if no date was given.",
    )
    ended = VagueDateField("last day", blank=True, help_text="Only if it took more than one day.")
    timing = models.CharField(
        "when, in the source’s words",
        max_length=100,
        blank=True,
        help_text="For what is no date: “in due course”, “unlikely next week”.",
    )
    duration = models.PositiveIntegerField(
        "duration in minutes", null=True, blank=True, help_text="Without breaks, if known: 270."
    )
    duration_about = models.BooleanField(
        "about", default=False, help_text="The duration is approximate."
    )
    place = models.CharField(max_length=200, blank=True, help_text="“Riyadh, Saudi Arabia”.")
    coordinates = models.CharField(
        "coordinates of the place",
        max_length=LONGEST_COORDINATES,
        blank=True,
        default="",
        db_default="",
        help_text="Latitude and longitude in degrees, for the map: “24.71, 46.68”. As exact as the "
        "place is known; for a city, two decimals. Left empty, the meeting is not on the map.",
    )
    place_wikidata = wikidata_field(
        "Wikidata of the place", "The place’s number there: Q3692 for Riyadh."
    )
    host = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="hosted_meetings"
    )
    follows = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="follow_ups",
        verbose_name="meeting that it follows",
        help_text="The meeting at which this one was foreseen.",
    )
    summary = models.TextField(
        blank=True, help_text="Two or three neutral sentences, your own words."
    )

    class Meta(AddressedRecord.Meta):
        ordering = (F("date_from").desc(nulls_first=True), "-date_precision", "title")
        indexes = (models.Index(fields=["-date_from", "-id"], name="meeting_newest"),)
        constraints = (
            *AddressedRecord.Meta.constraints,
            *VagueDateField.constraints("date", "meeting"),
            *VagueDateField.constraints("ended", "meeting"),
            models.CheckConstraint(
                name="meeting_held_has_a_date",
                condition=~Q(state="held") | Q(date_from__isnull=False),
                violation_error_message="A meeting that was held has a date; a month or a year will do.",
            ),
            models.CheckConstraint(
                name="meeting_ends_after_it_begins",
                condition=Q(ended_from__isnull=True)
                | Q(date_from__isnull=False) & Q(ended_until__gte=F("date_from")),
                violation_error_message="The last day comes before the first.",
            ),
            models.CheckConstraint(
                name="meeting_duration_is_time",
                condition=Q(duration__isnull=True) | Q(duration__gt=0),
                violation_error_message="A duration is at least one minute; leave it empty if not known.",
            ),
            models.CheckConstraint(
                name="meeting_about_what_duration",
                condition=Q(duration__isnull=False) | Q(duration_about=False),
                violation_error_message="“About” needs a duration.",
            ),
            models.CheckConstraint(
                name="meeting_coordinates_are_on_earth",
                condition=Q(coordinates__regex=STORED_COORDINATES),
                violation_error_message=COORDINATES_HINT,
            ),
            models.CheckConstraint(
                name="meeting_coordinates_have_a_place",
                condition=Q(coordinates="") | ~Q(place=""),
                violation_error_message="Name the place whose coordinates these are.",
            ),
            is_a_number("place_wikidata", "meeting"),
            models.CheckConstraint(
                name="meeting_place_wikidata_has_a_place",
                condition=Q(place_wikidata="") | ~Q(place=""),
                violation_error_message="Name the place whose Wikidata number this is.",
            ),
            models.CheckConstraint(
                name="meeting_not_after_itself",
                condition=Q(follows__isnull=True) | ~Q(follows=F("id")),
                violation_error_message="A meeting does not follow itself.",
            ),
        )
        triggers = (
            *AddressedRecord.Meta.triggers,
            rules.NoCycle("follows", "followed by"),
            rules.accounts_hold(
                "r.action_id IN (SELECT a.id FROM negotiations_action a WHERE a.meeting_id = NEW.id)",
                pgtrigger.UpdateOf("process_id"),
            ),
        )

    def __str__(self) -> str:
        return self.title

    def clean_fields(self, exclude: set[str] | None = None) -> None:
        if self.coordinates.strip():
            try:
                self.coordinates = read_coordinates(self.coordinates)
            except ValidationError as error:
                raise ValidationError({"coordinates": error}) from error
        super().clean_fields(exclude=exclude)

    def get_duration_display(self) -> str:
        """The duration in words: "about 4½ hours", "45 minutes"; empty if not known."""
        if not self.duration:
            return ""
        hours, minutes = divmod(self.duration, 60)
        if not hours:
            text = counted("{number} minute", "{number} minutes", minutes)
        elif minutes in (0, 30):
            text = (
                counted("{number}½ hours", "{number}½ hours", hours)
                if minutes
                else counted("{number} hour", "{number} hours", hours)
            )
        else:
            text = gettext("{hours} h {minutes} min").format(hours=hours, minutes=minutes)
        return gettext("about {what}").format(what=text) if self.duration_about else text


@kept
class Delegation(Record):
    """One party at one meeting, with its role."""

    class Role(models.TextChoices):
        NEGOTIATING = "negotiating", pgettext_lazy("role at a meeting", "negotiating")
        HOST = "host", pgettext_lazy("role at a meeting", "host")
        MEDIATOR = "mediator", pgettext_lazy("role at a meeting", "mediator")
        OBSERVER = "observer", pgettext_lazy("role at a meeting", "observer")

    parts = ("delegates",)
    shown_on = demonstrated_by = "meeting"

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="delegations")
    party = models.ForeignKey(Party, models.PROTECT, related_name="delegations")
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.NEGOTIATING)

    class Meta(Record.Meta):
        ordering = ("meeting", "id")
        constraints = (
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["meeting", "party"],
                name="delegation_once_per_meeting",
                violation_error_message="This party has a delegation at this meeting already.",
            ),
        )
        triggers = (*Record.Meta.triggers, rules.DELEGATION_TAKES_ITS_DELEGATES)

    def __str__(self) -> str:
        return f"{self.party} at {self.meeting}"


@kept
class Delegate(Record):
    """A person in a delegation, with the title as it was on that day."""

    shown_on = demonstrated_by = "delegation"

    delegation = models.ForeignKey(Delegation, models.CASCADE, related_name="delegates")
    person = models.ForeignKey(Person, models.PROTECT, related_name="delegate_roles")
    title = models.CharField(
        max_length=200, blank=True, help_text="As it was on that day: “Foreign Minister”."
    )
    rank = models.PositiveSmallIntegerField(
        default=1, help_text="Place in the delegation; its head is 1. Equal ranks keep their order."
    )
    # Kept by a trigger, so that one person can't sit on two sides of one table.
    meeting = models.ForeignKey(
        Meeting, models.CASCADE, related_name="delegates", editable=False, null=True
    )

    class Meta(Record.Meta):
        ordering = ("rank", "id")
        constraints = (
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["delegation", "person"],
                name="delegate_once_per_delegation",
                violation_error_message="This person is in this delegation already.",
            ),
            models.UniqueConstraint(
                fields=["meeting", "person"],
                name="delegate_once_per_meeting",
                violation_error_message="This person is in another delegation at this meeting.",
            ),
            models.CheckConstraint(
                name="delegate_rank_from_one",
                condition=Q(rank__gte=1),
                violation_error_message="Ranks begin with 1.",
            ),
        )
        triggers = (*Record.Meta.triggers, rules.DELEGATE_IS_AT_THE_MEETING)

    def __str__(self) -> str:
        return f"{self.person}, {self.title}" if self.title else str(self.person)

    def clean(self) -> None:
        super().clean()
        if self.delegation_id and self.person_id and self.delegation.meeting_id:
            elsewhere = Delegate.objects.filter(
                meeting=self.delegation.meeting_id, person=self.person_id
            ).exclude(pk=self.pk)
            if other := elsewhere.exclude(delegation=self.delegation_id).first():
                raise ValidationError(
                    f"{self.person} sits in the delegation of {other.delegation.party} at this "
                    "meeting already. One person sits on one side of a table."
                )
