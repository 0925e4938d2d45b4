"""Wikidata's number of a person, a party or a place, by which other sites know the same one."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

WIKIDATA_HINT = "Write Wikidata’s number of it, as the address of its page there ends: Q22686."
STORED_NUMBER = "^(Q[1-9][0-9]{0,10})?$"
NUMBER = RegexValidator("^Q[1-9][0-9]{0,10}$", WIKIDATA_HINT)

ADDRESS = re.compile(
    r"(?:https?://)?(?:www\.|m\.)?wikidata\.org/(?:wiki|entity)/(Q[0-9]+)/?(?:[?#].*)?"
)


class _NumberOrAddress(forms.CharField):
    """What is at hand is the page's address: the number is taken from it."""

    def to_python(self, value: Any) -> str:
        text: str = super().to_python(value) or ""
        address = ADDRESS.fullmatch(text)
        return address[1] if address else text


class _Number(models.CharField):
    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(form_class=_NumberOrAddress, **{"max_length": 200, **kwargs})

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


def wikidata_field(verbose_name: str, help_text: str) -> models.CharField:
    return _Number(
        verbose_name,
        max_length=12,
        blank=True,
        default="",
        db_default="",
        validators=[NUMBER],
        help_text=help_text,
    )


def is_a_number(field: str, model: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=f"{model}_{field}_is_a_number",
        condition=Q(**{f"{field}__regex": STORED_NUMBER}),
        violation_error_message=WIKIDATA_HINT,
    )


def once(field: str, model: str, words: str) -> models.UniqueConstraint:
    """That no two records of a kind are the same for Wikidata."""
    return models.UniqueConstraint(
        fields=[field],
        name=f"{model}_{field}_once",
        condition=~Q(**{field: ""}),
        violation_error_message=f"There is a {words} with this Wikidata number already.",
    )


def wikidata_address(number: str) -> str:
    """The page that a browser shows; `…/entity/Q1` is the thing itself."""
    return f"https://www.wikidata.org/wiki/{number}"
