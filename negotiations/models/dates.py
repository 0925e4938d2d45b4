"""Vague dates: a day, a month or a year, perhaps "about", and never more precise than was said."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from negotiations.languages import pgettext_lazy
from negotiations.languages.dates import written

MONTHS = [name.lower() for name in calendar.month_name]
ABOUT = re.compile(r"^(?:about|around|circa|ca?\.?|~)\s*", re.IGNORECASE)
HINT = "Write a day, a month or a year: 18 February 2025, 2025-02-18, Feb 2025, 2025, about 2025."


class Precision(models.IntegerChoices):
    """How exactly a date is known; the coarser sorts first."""

    YEAR = 1, pgettext_lazy("precision of a date", "year")
    MONTH = 2, pgettext_lazy("precision of a date", "month")
    DAY = 3, pgettext_lazy("precision of a date", "day")


@dataclass(frozen=True, order=True)
class VagueDate:
    """A date as it is known: `first` is the first day of the year, month or day meant.

    Compares by first day, then the coarser before the finer.
    """

    first: dt.date
    precision: int = Precision.DAY
    about: bool = False

    def __post_init__(self) -> None:
        if self.first != self._first_of_period():
            raise ValueError(f"{self.first} claims more than the {self.get_precision_display()}.")

    def get_precision_display(self) -> str:
        return str(Precision(self.precision).label)

    def _first_of_period(self) -> dt.date:
        if self.precision == Precision.YEAR:
            return self.first.replace(month=1, day=1)
        if self.precision == Precision.MONTH:
            return self.first.replace(day=1)
        return self.first

    @property
    def last(self) -> dt.date:
        """The last day that is meant."""
        if self.precision == Precision.YEAR:
            return self.first.replace(month=12, day=31)
        if self.precision == Precision.MONTH:
            last = calendar.monthrange(self.first.year, self.first.month)[1]
            return self.first.replace(day=last)
        return self.first

    @property
    def iso(self) -> str:
        """The period as a machine reads it: 2025-02-18, 2025-02 or 2025 (for `<time datetime>`)."""
        return self.first.isoformat()[: {1: 4, 2: 7, 3: 10}[self.precision]]

    @property
    def edtf(self) -> str:
        """As ISO 8601-2 (Extended Date/Time Format, level 1) writes it: `2025-02~` for "about"."""
        return self.iso + ("~" if self.about else "")

    def __str__(self) -> str:
        return written(self.first, self.precision, self.about)

    @classmethod
    def parse(cls, text: str) -> VagueDate:
        """Read what a person writes ("about February 2025") or EDTF ("2025-02~").

        Raises:
            ValueError: with a sentence that says how to write it.
        """
        rest = " ".join(text.split())
        about = bool(ABOUT.match(rest)) or rest.endswith("~")
        rest = ABOUT.sub("", rest).rstrip("~").strip()
        try:
            year, month, day = _read_parts(rest)
            precision = Precision.DAY if day else Precision.MONTH if month else Precision.YEAR
            return cls(dt.date(year, month or 1, day or 1), precision, about)
        except ValueError as error:
            raise ValueError(f"“{text}” is not a date that can be read. {HINT}") from error


def _read_parts(text: str) -> tuple[int, int, int]:
    if match := re.fullmatch(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", text):
        parts = [int(part) if part else None for part in match.groups()]
        if 0 in parts:
            raise ValueError("no month or day is 0")
        return parts[0] or 0, parts[1] or 0, parts[2] or 0
    if match := re.fullmatch(r"(?:(\d{1,2})\.? )?([A-Za-z]{3,9})\.?,? (\d{4})", text):
        day, name, year = match.groups()
    elif match := re.fullmatch(r"([A-Za-z]{3,9})\.? (\d{1,2}),? (\d{4})", text):
        name, day, year = match.groups()
    else:
        raise ValueError("neither ISO nor words")
    found = [
        number for number, month in enumerate(MONTHS) if number and month.startswith(name.lower())
    ]
    if len(found) != 1 or day == "0":
        raise ValueError("no such month or day")
    return int(year), found[0], int(day or 0)


class LastDay(models.Func):
    """The last day of the month or year whose first day is given; `step` is its length."""

    template = "(%(expressions)s::date + interval '%(step)s' - interval '1 day')::date"
    output_field = models.DateField()


class _Descriptor:
    def __init__(self, field: VagueDateField) -> None:
        self.field = field

    def __get__(self, record: models.Model | None, owner: type | None = None) -> Any:
        if record is None:
            return self
        first, precision, about = (getattr(record, name) for name in self.field.part_names)
        return VagueDate(first, precision, about) if first and precision else None

    def __set__(self, record: models.Model, value: VagueDate | str | None) -> None:
        value = VagueDate.parse(value) if isinstance(value, str) and value else value or None
        parts = (value.first, value.precision, value.about) if value else (None, None, False)
        for name, part in zip(self.field.part_names, parts, strict=True):
            setattr(record, name, part)


class VagueDateField(models.Field):
    """A vague date on a model: `date = VagueDateField()` gives the value and four columns.

    `date_from` (first day meant), `date_precision`, `date_about`, and the generated `date_until`
    (last day meant). Sort by `date_from`, `date_precision`; a period p overlaps where
    `date_from <= p.last` and `date_until >= p.first`. Put `*VagueDateField.constraints("date",
    "meeting")` into the model's constraints. Not for abstract models.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        blank = {"null": True, "blank": True, "editable": False}
        self.parts = {
            "from": models.DateField(**blank),
            "precision": models.SmallIntegerField(choices=Precision.choices, **blank),
            "about": models.BooleanField(default=False, editable=False),
        }

    @property
    def part_names(self) -> list[str]:
        return [f"{self.name}_{part}" for part in self.parts]

    def contribute_to_class(self, cls: type, name: str, private_only: bool = True) -> None:
        super().contribute_to_class(cls, name, private_only=True)
        setattr(cls, name, _Descriptor(self))
        for part, field in self.parts.items():
            field.verbose_name = f"{self.verbose_name or name} ({part})"
            field.contribute_to_class(cls, f"{name}_{part}")
        until = models.GeneratedField(
            expression=models.Case(
                models.When(
                    **{f"{name}_precision": 1}, then=LastDay(f"{name}_from", step="1 year")
                ),
                models.When(
                    **{f"{name}_precision": 2}, then=LastDay(f"{name}_from", step="1 month")
                ),
                default=F(f"{name}_from"),
                output_field=models.DateField(),
            ),
            output_field=models.DateField(),
            db_persist=True,
            verbose_name=f"{self.verbose_name or name} (until)",
        )
        until.contribute_to_class(cls, f"{name}_until")

    def get_attname_column(self) -> tuple[str, None]:
        return self.get_attname(), None

    def db_type(self, connection: Any) -> None:
        return None

    def formfield(self, **kwargs: Any) -> forms.Field:
        return VagueDateFormField(
            required=not self.blank,
            label=kwargs.get("label") or (self.verbose_name or self.name).capitalize(),
            help_text=self.help_text or HINT,
        )

    def clean(self, value: Any, model_instance: models.Model | None) -> Any:
        if value is None and not self.blank:
            raise ValidationError(f"This date is needed. {HINT}", code="null")
        return value

    @staticmethod
    def constraints(name: str, model: str) -> list[models.CheckConstraint]:
        """The rules of one vague date: all parts or none, and no invented precision."""
        first, precision = f"{name}_from", f"{name}_precision"
        month_or_year = Q(**{f"{precision}__lt": Precision.DAY})
        return [
            models.CheckConstraint(
                name=f"{model}_{name}_says_its_precision",
                condition=Q(**{f"{first}__isnull": True, f"{precision}__isnull": True})
                & Q(**{f"{name}_about": False})
                | Q(**{f"{first}__isnull": False, f"{precision}__isnull": False})
                & Q(**{f"{precision}__in": Precision.values}),
                violation_error_message=f"A date says whether it is a day, a month or a year. {HINT}",
            ),
            models.CheckConstraint(
                name=f"{model}_{name}_no_invented_precision",
                condition=Q(**{f"{first}__isnull": True})
                | Q(**{precision: Precision.DAY})
                | (month_or_year & Q(**{f"{first}__day": 1}))
                & (Q(**{precision: Precision.MONTH}) | Q(**{f"{first}__month": 1})),
                violation_error_message="A month is stored by its first day, a year by 1 January.",
            ),
        ]


class VagueDateInput(forms.TextInput):
    """One text field; understands what people write and shows it back in words."""

    def format_value(self, value: Any) -> str | None:
        return str(value) if value else None


class VagueDateFormField(forms.Field):
    """Takes "18 February 2025", "Feb 2025", "about 2025"; gives a `VagueDate` or None."""

    widget = VagueDateInput

    def widget_attrs(self, widget: forms.Widget) -> dict[str, str]:
        return {"autocomplete": "off", "class": "vTextField", "placeholder": "18 February 2025"}

    def to_python(self, value: Any) -> VagueDate | None:
        if value in self.empty_values or isinstance(value, VagueDate):
            return value or None
        try:
            return VagueDate.parse(value)
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(data) != (initial or None)
        except ValidationError:
            return True
