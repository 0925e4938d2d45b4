"""What every record has: a status, a history, a revision, and its place among the others."""

from __future__ import annotations

from functools import cache
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, ClassVar, NamedTuple

import pghistory
import pgtrigger
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import get_script_prefix

from negotiations.models import rules
from negotiations.models.visibility import PublishedManager, RecordQuerySet, Status

if TYPE_CHECKING:
    from collections.abc import Iterator


class Link(NamedTuple):
    """A many-to-many between records: its table, the columns of both ends, the far model, words."""

    through: type[models.Model]
    by: str
    to: str
    target: type[Record]
    words: str


class Record(models.Model):
    """One thing that Readout knows: kept with its history, seen by the public once published."""

    status = models.CharField(
        max_length=10, choices=Status.choices, default=Status.DRAFT, editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects = RecordQuerySet.as_manager()
    published = PublishedManager.from_queryset(RecordQuerySet)()

    # Related names of the records that belong to this one and are published with it.
    parts: ClassVar[tuple[str, ...]] = ()
    # Related names by which a record without a page of its own is found on another's.
    shown_on: ClassVar[str] = ""
    # The foreign key to the record that tells whether this one is demonstration data; empty for
    # those kinds that say so themselves.
    demonstrated_by: ClassVar[str] = ""
    # Kinds and numbers of the records that are to be published in the same act.
    going_with: frozenset[tuple[type[Record], int]] = frozenset()

    class Meta:
        abstract = True
        constraints = (
            models.CheckConstraint(
                name="%(class)s_status_is_known", condition=models.Q(status__in=Status.values)
            ),
        )
        triggers = (
            rules.Revision(),
            rules.PublishedOnPublished(),
            rules.NothingHangsOnIt(),
            rules.DemonstrationApart(),
            rules.NotesResolved(),
            rules.WithdrawnForCause(),
            rules.TakesItsNotes(),
        )

    def get_absolute_url(self) -> str:
        """The record's own page, or its place on the page of what it belongs to."""
        if self.shown_on:
            whole = getattr(self, self.shown_on)
            return f"{whole.get_absolute_url()}#{self._meta.model_name}-{self.pk}"
        # Not by `reverse`: of a page with hundreds of links it took a tenth of the time.
        which = getattr(self, "slug", self.pk)
        return f"{get_script_prefix()}{self._meta.verbose_name_plural}/{which}/"

    @property
    def is_public(self) -> bool:
        return self.status == Status.PUBLISHED

    @property
    def is_demonstration(self) -> bool:
        """Is this invented, to show what Readout does? Asks the records that it hangs on."""
        if not self.demonstrated_by:
            return bool(self.demonstration)
        return bool(getattr(self, self.demonstrated_by).is_demonstration)

    @classmethod
    def demonstration_path(cls) -> str:
        """Where a query finds that: "meeting__process__demonstration"."""
        if not cls.demonstrated_by:
            return "demonstration"
        above = cls._meta.get_field(cls.demonstrated_by).related_model
        return f"{cls.demonstrated_by}__{above.demonstration_path()}"

    @property
    def kind_words(self) -> str:
        """What kind of record this is: "open matter"."""
        return str(self._meta.verbose_name)

    @property
    def is_or_was_public(self) -> bool:
        """Then only a reviewer changes it."""
        return self.status in (Status.PUBLISHED, Status.WITHDRAWN)

    @classmethod
    def hangs_on(cls) -> list[models.ForeignKey]:
        """The foreign keys to other records."""
        return [
            field
            for field in cls._meta.concrete_fields
            if isinstance(field, models.ForeignKey) and issubclass(field.related_model, Record)
        ]

    @classmethod
    def links(cls) -> list[Link]:
        return [
            Link(
                field.remote_field.through,
                field.m2m_column_name(),
                field.m2m_reverse_name(),
                field.related_model,
                str(field.verbose_name),
            )
            for field in cls._meta.many_to_many
        ]

    @classmethod
    def dependants(cls) -> list[tuple[type[Record], models.ForeignKey]]:
        """The models whose rows hang on this one's, with the foreign key."""
        return [
            (model, field)
            for model in record_models()
            for field in model.hangs_on()
            if field.related_model is cls
        ]

    @classmethod
    def linked_from(cls) -> list[tuple[type[Record], Link]]:
        return [(m, link) for m in record_models() for link in m.links() if link.target is cls]

    @classmethod
    def cited_by_column(cls) -> str | None:
        """The citation's column that points here, if records of this kind cite."""
        for field in apps.get_model("negotiations", "Citation")._meta.concrete_fields:
            if field.related_model is cls and cls is not apps.get_model("negotiations", "Source"):
                return str(field.column)
        return None

    @classmethod
    def cited_by(cls) -> list[tuple[models.ForeignKey, type[Record]]]:
        """For a source: the citation's keys to the records that may cite it, with their models."""
        return []

    def published_dependants(self) -> Iterator[Record]:
        """The public records that hang on this one or are linked to it."""
        for model, field in self.dependants():
            yield from model._default_manager.filter(**{field.name: self}).public()
        for model, link in self.linked_from():
            ids = link.through._default_manager.filter(**{link.to: self.pk}).values(link.by)
            yield from model._default_manager.filter(pk__in=ids).public()
        for _field, model in self.cited_by():
            yield from model._default_manager.filter(citations__source=self).public().distinct()

    def clean(self) -> None:
        super().clean()
        if self.status == Status.PUBLISHED:
            self._clean_published()

    def _clean_published(self) -> None:
        waiting = [
            f"{field.verbose_name} “{parent}”"
            for field in self.hangs_on()
            if (parent := getattr(self, field.name))
            and (type(parent), parent.pk) not in self.going_with
            # Asked of the database: the parent at hand may have been read before it was published.
            and not type(parent)._default_manager.filter(pk=parent.pk).public().exists()
        ]
        if self.pk:
            for field in self._meta.many_to_many:
                links = getattr(self, field.name).exclude(status=Status.PUBLISHED)
                waiting += [
                    f"{each._meta.verbose_name} “{each}”"
                    for each in links
                    if (type(each), each.pk) not in self.going_with
                ]
        if waiting:
            raise ValidationError(f"Publish first what this hangs on: {', '.join(waiting)}.")


class AddressedRecord(Record):
    """A record with a page of its own under a readable address that is never given to another."""

    slug = models.SlugField(
        "address",
        max_length=100,
        unique=True,
        help_text="The last part of the page’s address. When you change it, the old one redirects.",
        error_messages={"unique": "This address is taken. Add a year or a place to it."},
    )

    # The fields that hold its names, by which likes are found; other_names has one a line.
    called: ClassVar[tuple[str, ...]] = ()

    class Meta(Record.Meta):
        abstract = True
        triggers = (*Record.Meta.triggers, rules.KeepsItsAddress())

    def clean(self) -> None:
        super().clean()
        taken = FormerSlug.objects.filter(kind=self._meta.model_name, slug=self.slug)
        if taken.exclude(record_id=self.pk).exists():
            raise ValidationError(
                {
                    "slug": f"This address belonged to another {self._meta.verbose_name}, and "
                    "links to it must go on working. Choose another."
                }
            )


def demonstration_field() -> models.BooleanField:
    """For the kinds of record that hang on no other: all others follow from these."""
    return models.BooleanField(
        "demonstration data", default=False, db_default=False, editable=False
    )


class FormerSlug(models.Model):
    """An address that a record once had. Written by a trigger; read by the redirect."""

    kind = models.CharField(max_length=30)
    slug = models.SlugField(max_length=100)
    record_id = models.BigIntegerField()
    renamed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["kind", "slug"], name="formerslug_is_one_records"),
        )

    def __str__(self) -> str:
        return f"{self.kind}: {self.slug}"


def record_models() -> list[type[Record]]:
    """All kinds of record, in the order in which they are defined."""
    return [
        model
        for model in apps.get_app_config("negotiations").get_models()
        if issubclass(model, Record)
    ]


@cache
def in_order() -> list[type[Record]]:
    """All kinds of record, what is hung on, linked to or cited before what hangs on it."""
    source = apps.get_model("negotiations", "Source")
    sorter: TopologicalSorter[type[Record]] = TopologicalSorter()
    for model in record_models():
        above = [
            *(field.related_model for field in model.hangs_on()),
            *(link.target for link in model.links()),
            *([source] if model.cited_by_column() else []),
        ]
        sorter.add(model, *(each for each in above if each is not model))
    return list(sorter.static_order())


def kept_link(through: type[models.Model]) -> type[models.Model]:
    """The proxy of a many-to-many's table under which its events are kept."""
    return next(
        model
        for model in apps.get_app_config("negotiations").get_models()
        if model._meta.proxy and model._meta.concrete_model is through
    )


def kept[M: models.Model](model: type[M]) -> type[M]:
    """Keep every change of this model's rows, raw SQL's too: who, when and why are in the context."""
    fields = [f.name for f in model._meta.concrete_fields if not f.generated]
    bookkeeping = [name for name in fields if name in {"revision", "updated_at"}]
    return pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(condition=pgtrigger.AnyChange(exclude=bookkeeping)),
        pghistory.DeleteEvent(),
        fields=fields,
        app_label="negotiations",
        model_name=f"{model.__name__}Event",
    )(model)
