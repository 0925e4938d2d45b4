"""Form fields that take records by name: quicker to type than to look for in a list."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from negotiations.models import Action, Meeting, Party, Person, Process, Question, Record, Topic

# By which fields a record of each kind is found.
NAMES: dict[type[Record], tuple[str, ...]] = {
    Person: ("name", "native_name"),
    Party: ("name", "short_name", "native_name"),
    Process: ("name",),
    Meeting: ("title",),
    Topic: ("name",),
    Question: ("text",),
    Action: ("title",),
}
NUMBERED = re.compile(r"^(.*?)\s*#(\d+)$")


@dataclass(frozen=True)
class New:
    """A name that no record has yet: it will be made as a draft."""

    name: str

    def __str__(self) -> str:
        return self.name


Named = Record | New


class NameField(forms.CharField):
    """The name of a record; `new` lets a name through that nobody has yet, as `New`.

    A datalist `<kind>-names` on the page completes it. "Name #12" tells namesakes apart.
    """

    def __init__(self, model: type[Record], *, new: bool = False, **kwargs: Any) -> None:
        self.model, self.new = model, new
        self.kind = str(model._meta.model_name)
        attrs = {"list": f"{self.kind}-names", "autocomplete": "off", "dir": "auto"}
        kwargs.setdefault("widget", forms.TextInput(attrs=attrs))
        kwargs.setdefault("max_length", 300)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        name = super().clean(value)
        return self.find(name) if name else None

    def find(self, name: str) -> Named:
        """The record of this name.

        Raises:
            ValidationError: says how to tell namesakes apart, or that nobody is called so.
        """
        words = " ".join(name.split())
        if (numbered := NUMBERED.match(words)) and (
            found := self.model._default_manager.filter(pk=int(numbered[2][:18])).first()
        ):
            return found
        named = Q()
        for field in NAMES[self.model]:
            named |= Q(**{f"{field}__iexact": words})
        matches = list(self.model._default_manager.filter(named)[:5])
        if not matches and self.model is Person:
            # "Lavrov" will do, while there is only one.
            matches = list(Person.objects.filter(name__iendswith=f" {words}")[:5])
        if len(matches) == 1:
            return matches[0]
        kind = self.model._meta
        if matches:
            which = " or ".join(f"“{each} #{each.pk}”" for each in matches)
            raise ValidationError(
                f"Several {kind.verbose_name_plural} are called so. Write {which}."
            )
        if self.new:
            return New(words)
        raise ValidationError(
            f"No {kind.verbose_name} is called “{words}”. "
            + (
                "Press P on the name in the text to enter this person first, or correct it."
                if self.model is Person
                else "Correct the name, or enter it first."
            )
        )


class NamesField(NameField):
    """Several names, with semicolons between them; gives a list."""

    def __init__(self, model: type[Record], **kwargs: Any) -> None:
        super().__init__(model, max_length=2000, **kwargs)

    def clean(self, value: Any) -> Any:
        names = super(NameField, self).clean(value)
        found = [self.find(name) for part in names.split(";") if (name := part.strip())]
        return list(dict.fromkeys(found))
