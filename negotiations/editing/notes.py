"""Reviewers' notes on a record's form and in its list: read, written and resolved where one works."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import F, OuterRef, Subquery
from django.template.loader import render_to_string

from negotiations.models import Record, ReviewNote
from negotiations.models.visibility import kind_of, resolve_notes, write_note

if TYPE_CHECKING:
    from django.db.models import QuerySet

FIELDS = ("notes_shown", "resolves", "note")


class NoteField(forms.CharField):
    """What is to be mended, or was asked."""

    def __init__(self) -> None:
        super().__init__(
            label="New note",
            required=False,
            max_length=5000,
            widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
            help_text="For the desk only, never public. While a note is open, the record can’t be "
            "published. Sending back needs one: what is to be mended?",
        )


class ResolvesField(forms.ModelMultipleChoiceField):
    """The open notes of the record, to be ticked when done."""

    def __init__(self) -> None:
        super().__init__(
            ReviewNote.objects.none(),
            label="Open notes",
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text="Tick what is done, and save.",
        )

    def label_from_instance(self, note: Any) -> str:
        return f"{note.text} ({_by(note)})"


def offer(field: Any, record: Record) -> None:
    """Let the form's field offer the open notes of this record."""
    field.queryset = open_on(record)
    if not field.queryset:
        field.help_text = "None."


def open_on(record: Record) -> QuerySet:
    """The open notes on a record, the newest first."""
    if not record.pk:
        return ReviewNote.objects.none()
    return ReviewNote.objects.about(record).filter(resolved_at=None).select_related("author")


def keep(form: Any, user: Any) -> None:
    """Save what the form says of notes."""
    resolve_notes(form.cleaned_data["resolves"], user)
    if note := form.cleaned_data["note"]:
        write_note(form.instance, note, user)


def resolved_on(record: Record) -> str:
    """The notes that are resolved, the newest first, as HTML."""
    resolved = ReviewNote.objects.about(record).exclude(resolved_at=None)
    return render_to_string(
        "editing/resolved_notes.html", {"notes": resolved.select_related("author", "resolved_by")}
    )


def with_last_note(records: QuerySet) -> QuerySet:
    """Records with `last_note`, an open one if there is one, and `last_note_resolved`, for a list."""
    newest = ReviewNote.objects.filter(kind=kind_of(records.model), record_id=OuterRef("pk"))
    newest = newest.order_by(F("resolved_at").desc(nulls_first=True), "-pk")
    return records.annotate(
        last_note=Subquery(newest.values("text")[:1]),
        last_note_resolved=Subquery(newest.values("resolved_at")[:1]),
    )


def set_apart(fieldsets: Any, record: Record | None, open_to_change: bool) -> list[Any]:
    """A form's field sets with what concerns review in one of its own, at the end."""
    apart = []
    for name, options in fieldsets:
        fields = [field for field in options["fields"] if field not in FIELDS]
        apart.append((name, {**options, "fields": fields}))
    shown = FIELDS[-1:] if not record else FIELDS if open_to_change else FIELDS[:1]
    return [*apart, ("Review", {"fields": shown})]


def _by(note: Any) -> str:
    who = note.author.username if note.author else "a command"
    return f"{who}, {note.written_at:%-d %B %Y}"
