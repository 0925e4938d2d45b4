"""Records that were merged because they were one, and pairs that are not one after all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q

if TYPE_CHECKING:
    from negotiations.models.records import Record


class Merge(models.Model):
    """One act of merging: what is needed to undo it, record for record.

    `steps` are what was done to rows, in order: {"did": "changed", "model", "ids", "was", "now"},
    {"did": "removed", "model", "row"}, {"did": "added", "model", "row"}.
    """

    kind = models.CharField(max_length=30)
    kept_id = models.BigIntegerField()
    kept_name = models.TextField()
    other_id = models.BigIntegerField()
    other_name = models.TextField()
    other_row = models.JSONField()
    steps = models.JSONField()
    why = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="merges"
    )
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="merges_undone"
    )

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=["kind", "other_id"],
                name="merge_once",
                condition=Q(undone_at=None),
                violation_error_message="This record was merged already.",
            ),
            models.CheckConstraint(
                name="merge_of_two",
                condition=~Q(kept_id=F("other_id")),
                violation_error_message="A record is not merged with itself.",
            ),
        )
        indexes = (models.Index(fields=["kind", "kept_id"], name="merge_by_kept"),)

    def __str__(self) -> str:
        return f"“{self.other_name}” into “{self.kept_name}”"

    @property
    def is_undone(self) -> bool:
        return self.undone_at is not None


def merged_into(model: type[Record], pk: int) -> int | None:
    """The id of the record into which this one was merged, by however many steps; None if in none."""
    kept, standing = None, Merge.objects.filter(kind=model._meta.model_name, undone_at=None)
    while found := standing.filter(other_id=pk).values_list("kept_id", flat=True).first():
        kept = pk = found
    return kept


class NotTheSame(models.Model):
    """That an editor looked at two like records and said that they are two; `one` has the lower id."""

    kind = models.CharField(max_length=30)
    one = models.BigIntegerField()
    two = models.BigIntegerField()
    said_at = models.DateTimeField(auto_now_add=True)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["kind", "one", "two"], name="not_the_same_once"),
            models.CheckConstraint(name="not_the_same_in_order", condition=Q(one__lt=F("two"))),
        )

    def __str__(self) -> str:
        return f"{self.kind}: {self.one} is not {self.two}"
