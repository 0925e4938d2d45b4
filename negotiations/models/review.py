"""What is said of records on their way to the public and back: reviewers' notes, and withdrawals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q

from negotiations.models import rules
from negotiations.models.records import Record, kept, record_models
from negotiations.models.visibility import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable


class AboutRecordQuerySet(models.QuerySet):
    """What is said of records of all kinds, narrowed to some."""

    def about(self, record: Record) -> AboutRecordQuerySet:
        return self.filter(kind=kind_of(record), record_id=record.pk)

    def about_these(self, records: Iterable[Record]) -> AboutRecordQuerySet:
        """About any of them; a query however many they are."""
        pks: dict[str, list[int]] = {}
        for record in records:
            pks.setdefault(kind_of(record), []).append(record.pk)
        wanted = [Q(kind=kind, record_id__in=some) for kind, some in pks.items()]
        return self.filter(Q(*wanted, _connector=Q.OR)) if wanted else self.none()


class AboutRecord(models.Model):
    """Something said of one record, whatever its kind. The database sees to it that it is there."""

    kind = models.CharField(max_length=30, editable=False)
    record_id = models.BigIntegerField(editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    written_at = models.DateTimeField(auto_now_add=True)

    objects = AboutRecordQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ("-pk",)

    @staticmethod
    def kinds() -> list[type[Record]]:
        return record_models()

    @property
    def record(self) -> Any:
        """The record that it is about."""
        model = apps.get_model("negotiations", self.kind)
        return model._default_manager.get(pk=self.record_id)


@kept
class ReviewNote(AboutRecord):
    """What a reviewer, or an editor, notes on a record: for the desk only, never public.

    As long as one is open, the record can't be published.
    """

    text = models.TextField("note")
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    resolved_at = models.DateTimeField(null=True, editable=False)

    class Meta(AboutRecord.Meta):
        indexes = (models.Index(fields=["kind", "record_id", "-id"], name="reviewnote_newest"),)
        constraints = (
            models.CheckConstraint(
                name="reviewnote_says_something", condition=Q(text__regex=r"\S")
            ),
            models.CheckConstraint(
                name="reviewnote_resolved_by_then",
                condition=Q(resolved_by=None) | Q(resolved_at__isnull=False),
            ),
        )
        triggers = (rules.IsAboutARecord(),)

    def __str__(self) -> str:
        return self.text


@kept
class Withdrawal(AboutRecord):
    """That a public record was taken back for cause. It stands until the record is public again."""

    why = models.TextField("why")
    ended_at = models.DateTimeField(null=True, editable=False)

    class Meta(AboutRecord.Meta):
        constraints = (
            models.CheckConstraint(name="withdrawal_says_why", condition=Q(why__regex=r"\S")),
            models.UniqueConstraint(
                name="withdrawal_stands_once",
                fields=["kind", "record_id"],
                condition=Q(ended_at=None),
            ),
        )
        triggers = (rules.IsAboutARecord(),)

    def __str__(self) -> str:
        return self.why

    @property
    def public_since(self) -> Any:
        """When the record was first public, as far as the history tells."""
        events = apps.get_model("negotiations", self.kind).pgh_event_model.objects
        public = events.filter(pgh_obj_id=self.record_id, status="published")
        return public.aggregate(first=models.Min("pgh_created_at"))["first"]


def standing_withdrawal(model: type[Record], **which: Any) -> Withdrawal | None:
    """The withdrawal that stands for the record found by these fields, if there is one."""
    records = model._default_manager.exclude(status="published").filter(**which)
    standing = Withdrawal.objects.filter(
        kind=kind_of(model), ended_at=None, record_id__in=records.values("pk")
    )
    return standing.first()
