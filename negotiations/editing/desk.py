"""The editors' desk: which records it shows, and how."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import admin
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html

from negotiations.editing.base import CitationInline, PartInline, RecordAdmin
from negotiations.editing.coordinates import CoordinatesFormField
from negotiations.editing.duplicates.warning import NamedAdmin
from negotiations.editing.seats import SeatInline
from negotiations.models import (
    Account,
    Action,
    Appointment,
    Delegate,
    Delegation,
    Meeting,
    OpenMatter,
    Party,
    Person,
    Position,
    Process,
    Progress,
    Question,
    Source,
    Statement,
    Topic,
    VagueDate,
)

if TYPE_CHECKING:
    from django.http import HttpRequest


def dated(name: str, description: str) -> Any:
    """A list column for a vague date, which sorts by its first day."""

    @admin.display(description=description, ordering=f"{name}_from", empty_value="–")
    def column(self: Any, record: Any) -> VagueDate | None:
        return getattr(record, name)

    return column


# --- Processes, parties, people ---


@admin.register(Process)
class ProcessAdmin(NamedAdmin):
    list_display = ("name",)
    search_fields = ("name",)
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("parties",)


@admin.register(Party)
class PartyAdmin(NamedAdmin):
    list_display = ("name", "short_name", "kind", "part_of")
    list_filter = ("status", "kind")
    list_select_related = ("part_of",)
    search_fields = ("name", "short_name", "native_name", "other_names")
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("part_of",)


class AppointmentInline(PartInline):
    model = Appointment
    autocomplete_fields = ("party",)


@admin.register(Person)
class PersonAdmin(NamedAdmin):
    list_display = ("name", "sort_name")
    search_fields = ("name", "sort_name", "native_name", "other_names")
    prepopulated_fields = {"slug": ("name",)}
    inlines = (AppointmentInline,)


@admin.register(Appointment)
class AppointmentAdmin(RecordAdmin):
    list_display = ("person", "office", "party", "start_shown", "end_shown")
    list_select_related = ("person", "party")
    search_fields = ("person__name", "office", "party__name")
    autocomplete_fields = ("person", "party")
    inlines = (CitationInline,)
    start_shown = dated("start", "from")
    end_shown = dated("end", "to")


# --- Meetings ---


class OpenMatterInline(PartInline):
    model = OpenMatter
    fields = ("title", "topic", "question", "statement")
    autocomplete_fields = ("topic", "question", "statement")


@admin.register(Meeting)
class MeetingAdmin(RecordAdmin):
    list_display = ("title", "date_shown", "place", "kind", "state", "process")
    list_filter = ("status", "state", "kind")
    list_select_related = ("process",)
    search_fields = ("title", "place", "process__name")
    prepopulated_fields = {"slug": ("title",)}
    autocomplete_fields = ("process", "host", "follows")
    inlines = (SeatInline, OpenMatterInline, CitationInline)
    date_shown = dated("date", "date")

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "coordinates":
            return CoordinatesFormField(
                required=False,
                label=db_field.verbose_name.capitalize(),
                help_text=db_field.help_text,
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class DelegateInline(PartInline):
    model = Delegate
    autocomplete_fields = ("person",)


@admin.register(Delegation)
class DelegationAdmin(RecordAdmin):
    list_display = ("party", "meeting", "role")
    list_filter = ("status", "role")
    list_select_related = ("party", "meeting")
    search_fields = ("party__name", "meeting__title")
    autocomplete_fields = ("meeting", "party")
    inlines = (DelegateInline,)


@admin.register(Delegate)
class DelegateAdmin(RecordAdmin):
    list_display = ("person", "title", "delegation")
    list_select_related = ("person", "delegation__party", "delegation__meeting")
    search_fields = ("person__name", "title", "delegation__meeting__title")
    autocomplete_fields = ("delegation", "person")


# --- Topics and questions ---


@admin.register(Topic)
class TopicAdmin(NamedAdmin):
    list_display = ("name", "parent", "position")
    list_select_related = ("parent",)
    search_fields = ("name", "other_names")
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("parent",)


@admin.register(Question)
class QuestionAdmin(NamedAdmin):
    list_display = ("text", "topic")
    list_select_related = ("topic",)
    search_fields = ("text", "topic__name")
    prepopulated_fields = {"slug": ("text",)}
    autocomplete_fields = ("topic",)


# --- Statements and positions ---


class PositionInline(PartInline):
    model = Position
    autocomplete_fields = ("question", "party")


@admin.register(Statement)
class StatementAdmin(RecordAdmin):
    list_display = ("__str__", "party", "form", "date_shown", "meeting")
    list_filter = ("status", "form", "occasion")
    list_select_related = ("speaker", "party", "meeting")
    search_fields = ("words", "original_words", "speaker__name", "party__name", "meeting__title")
    autocomplete_fields = ("meeting", "speaker", "party", "topics")
    inlines = (CitationInline, PositionInline)
    date_shown = dated("date", "date")

    # What the next statement of the same speaker most often shares with the last.
    CARRIED = ("meeting", "speaker", "occasion", "occasion_note")

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> Any:
        response = super().response_add(request, obj, post_url_continue)
        if "_addanother" not in request.POST:
            return response
        carried = {
            name: value.pk if hasattr(value, "pk") else value
            for name in self.CARRIED
            if (value := getattr(obj, name))
        }
        address = reverse("admin:negotiations_statement_add")
        return HttpResponseRedirect(f"{address}?{urlencode(carried)}")


@admin.register(Position)
class PositionAdmin(RecordAdmin):
    list_display = ("question", "party", "stance", "statement")
    list_filter = ("status", "stance")
    list_select_related = ("question", "party", "statement__speaker", "statement__party")
    search_fields = ("question__text", "party__name", "summary")
    autocomplete_fields = ("question", "party", "statement")


# --- Actions, accounts, progress, open matters ---


class AccountInline(PartInline):
    model = Account
    autocomplete_fields = ("party", "statement")


class ProgressInline(PartInline):
    model = Progress
    fields = ("state", "date", "report")


@admin.register(Action)
class ActionAdmin(RecordAdmin):
    list_display = ("title", "kind", "due_shown", "meeting")
    list_filter = ("status", "kind")
    list_select_related = ("meeting",)
    search_fields = ("title", "details", "meeting__title")
    autocomplete_fields = ("meeting", "owed_by", "topics", "leads_to")
    inlines = (AccountInline, ProgressInline, CitationInline)
    due_shown = dated("due", "due")


@admin.register(Account)
class AccountAdmin(RecordAdmin):
    list_display = ("action", "party", "stance", "statement")
    list_filter = ("status", "stance")
    list_select_related = ("action", "party", "statement__speaker", "statement__party")
    search_fields = ("action__title", "party__name", "note")
    autocomplete_fields = ("action", "party", "statement")
    inlines = (CitationInline,)


@admin.register(Progress)
class ProgressAdmin(RecordAdmin):
    list_display = ("action", "state", "date_shown")
    list_filter = ("status", "state")
    list_select_related = ("action",)
    search_fields = ("action__title", "report")
    autocomplete_fields = ("action",)
    inlines = (CitationInline,)
    date_shown = dated("date", "as of")


@admin.register(OpenMatter)
class OpenMatterAdmin(RecordAdmin):
    list_display = ("title", "meeting", "topic")
    list_select_related = ("meeting", "topic")
    search_fields = ("title", "details", "meeting__title")
    autocomplete_fields = ("meeting", "topic", "question", "statement")
    inlines = (CitationInline,)


# --- Sources ---


@admin.register(Source)
class SourceAdmin(RecordAdmin):
    list_display = ("title", "kind", "publisher", "date_shown", "language")
    list_filter = ("status", "kind", "language")
    search_fields = ("title", "publisher", "author", "url")
    autocomplete_fields = ("on_behalf_of",)
    # A text comes in by capture, and is never changed in passing.
    exclude = ("text",)
    date_shown = dated("date", "published")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        of_the_text = ("captured", "text_sha256") if obj else ()
        return (*of_the_text, *super().get_readonly_fields(request, obj))

    @admin.display(description="text as captured")
    def captured(self, source: Source) -> str:
        address = reverse("capture_anew", args=[source.pk])
        latest = source.captures.defer("text").first()
        if not latest:
            return format_html('<a href="{}">Capture its text</a>', address)
        return format_html(
            '{} characters, version {}, captured on {} {}. <a href="{}">Capture anew</a>',
            f"{len(source.text):,}",
            latest.number,
            date_format(latest.captured_at, "j F Y"),
            latest.get_how_display(),
            address,
        )
