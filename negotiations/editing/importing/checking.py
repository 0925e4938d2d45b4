"""The rules that a row can be told of before the database is asked, as sentences by column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models

from negotiations.editing.importing.kinds import Kind, citation_of
from negotiations.models import Citation, Delegate

if TYPE_CHECKING:
    from collections.abc import Iterator


def known_good(kind: Kind, record: Any) -> set[str]:
    """Fields that need no check: references that were just read, and what the database fills."""
    good = {"status", "revision"}
    for model_field in record._meta.concrete_fields:
        if isinstance(model_field, models.ForeignKey) and getattr(record, model_field.attname):
            good.add(model_field.name)
    if kind.model is Delegate:
        good |= {"meeting", "delegation"}
    if kind.addressed and not record.slug:
        good.add("slug")
    return good


def clean(kind: Kind, record: Any) -> None:
    problems: dict[str, Any] = {}
    for step in (lambda: record.clean_fields(exclude=known_good(kind, record)), record.clean):
        try:
            step()
        except ValidationError as error:
            problems = error.update_error_dict(problems)
    if problems:
        raise ValidationError(problems)


def clean_citation(record: Any, kind: Kind) -> None:
    if not kind.cites:
        return
    citation = citation_of(record)
    if not citation.source_id:
        if citation.passage or citation.where:
            raise ValidationError("Say which source this passage stands in (column “source”).")
        return
    if not (citation.passage or citation.where):
        raise ValidationError("Give the passage, or say where in the source it stands.")
    citation.clean_fields(exclude={"source", *Citation.CITING})
    citation.clean()


def sentences(kind: Kind, error: ValidationError) -> Iterator[tuple[str, str]]:
    for name, messages in (
        error.message_dict.items() if hasattr(error, "error_dict") else (("", error.messages),)
    ):
        column = name if name in kind.columns else ""
        for message in messages:
            yield column, message
