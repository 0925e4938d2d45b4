"""What is talked about: topics, and the questions in dispute."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models

from negotiations.models import rules
from negotiations.models.names import alike_indexes
from negotiations.models.records import AddressedRecord, demonstration_field, kept


@kept
class Topic(AddressedRecord):
    """What is talked about; a tree."""

    called = ("name", "other_names")

    name = models.CharField(max_length=200)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="wider topic",
    )
    description = models.TextField(
        blank=True, help_text="What belongs here, in one neutral sentence."
    )
    other_names = models.TextField(
        blank=True,
        default="",
        db_default="",
        help_text="Other spellings and former names, one a line. Search knows them, too.",
    )
    position = models.PositiveSmallIntegerField(
        "place in the list", default=0, help_text="Smaller comes first; equal ones by name."
    )
    demonstration = demonstration_field()

    class Meta(AddressedRecord.Meta):
        ordering = ("position", "name")
        indexes = alike_indexes("topic", "name", "other_names")
        constraints = (
            *AddressedRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["name", "parent"],
                name="topic_name_once",
                nulls_distinct=False,
                violation_error_message="There is a topic of this name already.",
            ),
            models.CheckConstraint(
                name="topic_not_under_itself",
                condition=models.Q(parent__isnull=True) | ~models.Q(parent=models.F("id")),
                violation_error_message="A topic is not under itself.",
            ),
        )
        triggers = (*AddressedRecord.Meta.triggers, rules.NoCycle("parent", "under"))

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        above, seen = self.parent, {self.pk}
        while above and self.pk:
            if above.pk in seen:
                raise ValidationError({"parent": f"“{above}” stands under “{self}” itself."})
            seen.add(above.pk)
            above = above.parent


@kept
class Question(AddressedRecord):
    """A disputed point on which parties take a position."""

    called = ("text",)
    demonstrated_by = "topic"

    topic = models.ForeignKey(Topic, models.PROTECT, related_name="questions")
    text = models.CharField(
        max_length=300, help_text="As a neutral question: “May NATO troops deploy in Ukraine?”"
    )
    description = models.TextField(blank=True)

    class Meta(AddressedRecord.Meta):
        ordering = ("text",)
        indexes = alike_indexes("question", "text")

    def __str__(self) -> str:
        return self.text
