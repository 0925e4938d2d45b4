"""The one place that decides what the public sees, and how a record gets there and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from negotiations.models.records import Record


class Status(models.TextChoices):
    """How far a record has come. Only the last is public."""

    DRAFT = "draft", "draft"
    IN_REVIEW = "in_review", "in review"
    PUBLISHED = "published", "published"


class RecordQuerySet(models.QuerySet):
    """Records, with the two ways to narrow them to a reader."""

    def public(self) -> Self:
        """What everybody may see. The database sees to it that nothing published hangs on a draft."""
        return self.filter(status=Status.PUBLISHED)

    def visible(self, *, preview: bool) -> Self:
        """All records for an editor's preview, else the public ones."""
        return self.all() if preview else self.public()


def visible_sql(alias: str) -> str:
    """`visible()` for SQL by hand, which takes the parameter `drafts` (preview or not)."""
    return f"(%(drafts)s OR {alias}.status = '{Status.PUBLISHED}')"


class PublishedManager(models.Manager):
    """`Statement.published`: what everybody may see."""

    def get_queryset(self) -> Any:
        return super().get_queryset().public()


def may_preview(user: Any) -> bool:
    """Drafts are for those who edit."""
    return bool(user.is_active and user.is_staff and user.has_perm("negotiations.preview_records"))


def may_publish(user: Any) -> bool:
    return bool(user.is_active and user.is_staff and user.has_perm("negotiations.publish_records"))


def with_parts(record: Record) -> Iterator[Record]:
    """The record, then all that belongs to it and goes with it, whole before part."""
    yield record
    for name in record.parts:
        for part in getattr(record, name).all():
            yield from with_parts(part)


@transaction.atomic
def publish(record: Record) -> int:
    """Publish a record with its parts, all or nothing; returns how many were made public.

    Raises:
        ValidationError: says what is missing, as sentences for the editor.
    """
    waiting = [each for each in with_parts(record) if each.status != Status.PUBLISHED]
    before = [each.status for each in waiting]
    try:
        for each in waiting:
            each.status = Status.PUBLISHED
            try:
                each.full_clean()
            except ValidationError as error:
                messages = [f"{each}: {message}" for message in error.messages]
                raise ValidationError(messages) from error
            each.save(update_fields=["status"])
    except ValidationError:
        for each, status in zip(waiting, before, strict=True):
            each.status = status
        raise
    return len(waiting)


@transaction.atomic
def send_to_review(record: Record) -> int:
    """Hand a draft and its parts to a reviewer; returns how many were sent."""
    waiting = [each for each in with_parts(record) if each.status == Status.DRAFT]
    for each in waiting:
        each.status = Status.IN_REVIEW
        each.save(update_fields=["status"])
    return len(waiting)


@transaction.atomic
def unpublish(record: Record) -> int:
    """Take a record and its parts back to draft; returns how many.

    Raises:
        ValidationError: names the published records that hang on it.
    """
    public = [each for each in with_parts(record) if each.status == Status.PUBLISHED]
    going = {(type(each), each.pk) for each in public}
    hanging = [
        f"{child._meta.verbose_name} “{child}”"
        for each in public
        for child in each.published_dependants()
        if (type(child), child.pk) not in going
    ]
    if hanging:
        raise ValidationError(
            [
                f"“{record}” can't be taken back while these are published: {'; '.join(hanging[:10])}."
            ]
        )
    for each in reversed(public):
        each.status = Status.DRAFT
        each.save(update_fields=["status"])
    return len(public)
