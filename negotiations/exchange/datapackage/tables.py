"""Which tables a data package has, their columns and their rows: read from the models.

A record keeps its number, its address, its dates and its revision. What all rows of a package have
in common (they are published, and no demonstration) is no column of it; what the public does not
see (the captured text of a source, and its seal) is none either.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import models
from django.db.models import Q

from negotiations.models import Citation, FormerSlug, Record, Source, Status, VagueDateField
from negotiations.models.records import AddressedRecord, in_order

# Columns that no package has, and what they are in every row that comes from one.
STANDING: dict[str, dict[str, Any]] = {
    "record": {"status": str(Status.PUBLISHED), "demonstration": False},
    "source": {"text": "", "text_sha256": ""},
}
TYPES = {
    "BigAutoField": "integer",
    "BigIntegerField": "integer",
    "BooleanField": "boolean",
    "CharField": "string",
    "DateField": "date",
    "DateTimeField": "datetime",
    "ForeignKey": "integer",
    "IntegerField": "integer",
    "PositiveIntegerField": "integer",
    "PositiveSmallIntegerField": "integer",
    "SlugField": "string",
    "SmallIntegerField": "integer",
    "TextField": "string",
    "URLField": "string",
}
# How PostgreSQL writes them so that every reader of ISO 8601 and of Table Schema reads them.
WRITTEN = {
    "boolean": 'r."{}"::text',
    "datetime": """to_char(r."{}" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')""",
}
DATE_PARTS = {
    "from": "The first day of the day, month or year that is meant.",
    "precision": "How exactly it is known: 1 the year, 2 the month, 3 the day.",
    "about": "Whether the date is approximate.",
}


@dataclass(frozen=True)
class Column:
    """One column of a file: the field of the model, and the table that it points at."""

    field: models.Field
    refers: str = ""
    description: str = ""

    @property
    def name(self) -> str:
        return str(self.field.column)

    @property
    def type(self) -> str:
        """Its type in Table Schema."""
        return TYPES[self.field.get_internal_type()]

    @property
    def written(self) -> str:
        """SQL for its value as the file has it, of the table r."""
        return WRITTEN.get(self.type, 'r."{}"').format(self.name)

    @property
    def is_needed(self) -> bool:
        """Is an empty cell at fault? It is an empty text, or for all other types no value."""
        return not (self.field.blank if self.type == "string" else self.field.null)

    @property
    def choices(self) -> list[Any]:
        return [value for value, _ in self.field.flatchoices]


@dataclass(frozen=True, eq=False)
class Table:
    """One file of a package: the rows of a model, in the order of its key."""

    model: type[models.Model]
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.db_table.removeprefix("negotiations_")

    @property
    def file(self) -> str:
        return f"{self.name}.csv"

    @property
    def db_table(self) -> str:
        return str(self.model._meta.db_table)

    @property
    def title(self) -> str:
        return str(self.model._meta.verbose_name_plural).capitalize()

    @property
    def standing(self) -> dict[str, Any]:
        """The columns that the package lacks, with what they are in every row."""
        return _standing(self.model)

    @property
    def own_key(self) -> Column | None:
        """The column that points at another row of the same table."""
        return next((each for each in self.columns if each.refers == self.name), None)

    def public(self) -> Any:
        """The rows that everybody may see, without demonstration data."""
        if issubclass(self.model, Record):
            return self.model._default_manager.public().real()
        if self.model is Citation:
            return _public_citations()
        if self.model is FormerSlug:
            return _public_former_slugs()
        owner, _ = _keys(self.model)
        shown = owner.related_model.objects.public().real()
        return self.model._default_manager.filter(**{f"{owner.name}__in": shown})

    def select(self) -> tuple[str, tuple[Any, ...]]:
        """SQL for the public rows as the file has them, and its parameters."""
        which, values = self.public().order_by().values("pk").query.sql_with_params()
        columns = ", ".join(f'{each.written} AS "{each.name}"' for each in self.columns)
        key = ", ".join(f'r."{name}"' for name in self.key)
        sql = f'SELECT {columns} FROM "{self.db_table}" r WHERE r.id IN ({which}) ORDER BY {key}'
        return sql, values


@cache
def tables() -> tuple[Table, ...]:
    """All files of a package, what is pointed at before what points at it."""
    found: list[Table] = []
    for model in in_order():
        found.append(_table(model, ("id",)))
        found += [_link(link.through) for link in model.links()]
    found.append(_table(Citation, ("id",)))
    found.append(_table(FormerSlug, ("kind", "slug")))
    return tuple(found)


def _link(through: type[models.Model]) -> Table:
    return _table(through, tuple(str(key.column) for key in _keys(through)))


def _table(model: type[models.Model], key: tuple[str, ...]) -> Table:
    kept = [
        field
        for field in model._meta.concrete_fields
        if not field.generated
        and field.column not in _standing(model)
        and (not field.primary_key or field.column in key)
    ]
    parts = {
        f"{date.name}_{part}": words
        for date in model._meta.private_fields
        if isinstance(date, VagueDateField)
        for part, words in DATE_PARTS.items()
    }
    return Table(
        model,
        tuple(
            Column(
                field,
                field.related_model._meta.db_table.removeprefix("negotiations_")
                if isinstance(field, models.ForeignKey)
                else "",
                parts.get(field.name, ""),
            )
            for field in kept
        ),
        key,
    )


def _standing(model: type[models.Model]) -> dict[str, Any]:
    names = {field.column for field in model._meta.concrete_fields}
    standing = dict(STANDING["record"]) if issubclass(model, Record) else {}
    standing |= STANDING["source"] if model is Source else {}
    return {name: value for name, value in standing.items() if name in names}


def _keys(model: type[models.Model]) -> list[Any]:
    return [f for f in model._meta.concrete_fields if isinstance(f, models.ForeignKey)]


def _public_citations() -> Any:
    """A citation is as public as the record that cites; its source is demonstration as that is."""
    citing = Q(
        *[(f"{name}__status", Status.PUBLISHED) for name in Citation.CITING], _connector=Q.OR
    )
    return Citation.objects.filter(citing, source__demonstration=False)


def _public_former_slugs() -> Any:
    which = [
        Q(kind=model._meta.model_name, record_id__in=model._default_manager.public().real())
        for model in in_order()
        if issubclass(model, AddressedRecord)
    ]
    return FormerSlug.objects.filter(Q(*which, _connector=Q.OR))
