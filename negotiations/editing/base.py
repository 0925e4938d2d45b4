"""What every record's admin does: drafts, steps to the public, and no typed word lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlencode

import pghistory
from django import forms
from django.contrib import admin, messages
from django.core.exceptions import BadRequest, ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.text import Truncator, capfirst

from negotiations.editing import history, notes, typed
from negotiations.editing.merging import MergingForm, MergingFormSet
from negotiations.models import Citation, Record, Status, record_models
from negotiations.models.visibility import (
    kind_of,
    may_publish,
    publish,
    reopen,
    send_back,
    send_to_review,
    unpublish,
    withdraw,
)

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

MOST_AT_ONCE = 100


def broken_rule(error: IntegrityError) -> str:
    """What rule of the database a save broke, as a sentence for the editor."""
    said = getattr(error.__cause__, "diag", None)
    name = said.constraint_name if said else None
    for model in (*record_models(), Citation):
        for constraint in model._meta.constraints:
            if constraint.name == name:
                return str(constraint.get_violation_error_message())
    if said and said.sqlstate == "23514" and said.message_primary:
        return str(said.message_primary)
    return "The database refuses this: another record is in the way. Nothing was saved."


def step_address(model: type[Record], step: str, pks: list[int]) -> str:
    """The page that asks for a text before the step "withdraw" or "send-back" is taken."""
    address = reverse("review_step", args=[kind_of(model), step])
    return f"{address}?{urlencode({'pk': pks}, doseq=True)}"


class RecordForm(MergingForm):
    """A record's form: notices what somebody else saved in between, and asks why."""

    request: ClassVar[Any]

    typist = forms.CharField(required=False, widget=forms.HiddenInput)
    why = forms.CharField(
        label="Why",
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text="The reason for this change, kept in the history. Only the desk sees it.",
    )
    public_reason = forms.CharField(
        label="Reason for the public",
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text="Shown beside this correction on the page of changes. Empty: no reason is given.",
    )

    note = notes.NoteField()
    resolves = notes.ResolvesField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["typist"].initial = typed.token(self.request.user)
        notes.offer(self.fields["resolves"], self.instance)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if sentence := getattr(self.request, "broken_rule", ""):
            self.add_error(None, sentence)
        if "_send_back" in self.data and not (
            self.cleaned_data.get("note") or self.fields["resolves"].queryset
        ):
            self.add_error("note", "Say what is to be mended, then send it back.")
        return cleaned


class Chosen:
    """A field for records by their numbers. No form sends anything else, and Django's own would fail on it."""

    def clean(self, value: Any) -> Any:
        for each in value if isinstance(value, list | tuple) else (value,):
            text = str(each or "0")
            # The length first: Python reads no number of thousands of digits.
            if not text.isdecimal() or len(text) > 19 or int(text) > models.BigAutoField.MAX_BIGINT:
                raise BadRequest(f"“{Truncator(text).chars(40)}” is no record’s number.")
        return super().clean(value)


class ChosenOne(Chosen, forms.ModelChoiceField): ...


class ChosenMany(Chosen, forms.ModelMultipleChoiceField): ...


class ChoosesByNumber:
    """An admin, or an inline, whose fields for records are these."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        options = {"form_class": ChosenOne, **options}
        return super().formfield_for_foreignkey(db_field, request, **options)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        options = {"form_class": ChosenMany, **options}
        return super().formfield_for_manytomany(db_field, request, **options)


class RecordAdmin(ChoosesByNumber, admin.ModelAdmin):
    """The admin of one kind of record."""

    form = RecordForm
    actions = ("act_review", "act_send_back", "act_publish", "act_take_back", "act_withdraw")
    save_on_top = True
    list_per_page = 50
    show_full_result_count = False
    list_filter: Any = ("status",)
    sortable_by: Any = None

    # --- What is shown ---

    def get_list_display(self, request: HttpRequest) -> Any:
        return (*self.list_display, "status_shown", "last_note_shown")

    def get_queryset(self, request: HttpRequest) -> Any:
        return notes.with_last_note(super().get_queryset(request))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*super().get_readonly_fields(request, obj), "notes_shown")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return notes.set_apart(
            super().get_fieldsets(request, obj), obj, self.has_change_permission(request, obj)
        )

    @admin.display(description="status", ordering="status")
    def status_shown(self, record: Record) -> str:
        return record.get_status_display()

    @admin.display(description="last note", empty_value="–")
    def last_note_shown(self, record: Any) -> str | None:
        if record.last_note is None:
            return None
        text = Truncator(record.last_note).chars(60)
        return f"{text} (resolved)" if record.last_note_resolved else text

    @admin.display(description="Resolved notes")
    def notes_shown(self, record: Record) -> str:
        return notes.resolved_on(record)

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, **kwargs)
        form.request = request
        if obj is None or not obj.is_public:
            form.base_fields.pop("public_reason", None)
        return form

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        if obj is None or obj.pk is None:
            return None
        address = str(obj.get_absolute_url())
        if obj.is_public:
            return address
        path, _, anchor = address.partition("#")
        return f"{path}?preview=1" + (f"#{anchor}" if anchor else "")

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        record = context.get("original")
        context["steps"] = self._steps(request, record)
        context["clashing"] = [
            form
            for form in (
                context["adminform"].form,
                *(f for each in context["inline_admin_formsets"] for f in each.formset.forms),
            )
            if getattr(form, "clashes", ())
        ]
        if record and record.is_or_was_public and not may_publish(request.user):
            self.message_user(
                request,
                "This is published. A reviewer can correct it, or take it back to draft."
                if record.is_public
                else "This was withdrawn. A reviewer can bring it back to draft.",
                messages.WARNING,
            )
        if record and record.is_public and may_publish(request.user):
            context["withdraw_url"] = step_address(self.model, "withdraw", [record.pk])
        return super().render_change_form(request, context, *args, **kwargs)

    def _steps(self, request: HttpRequest, record: Record | None) -> list[tuple[str, str]]:
        """The buttons beside Save: their names and words."""
        reviewer = may_publish(request.user)
        if record and record.is_public:
            return [("_take_back", "Save and take back to draft")] if reviewer else []
        if record and record.status == Status.WITHDRAWN:
            return [("_reopen", "Save and bring back to draft")] if reviewer else []
        steps = []
        if not record or record.status == Status.DRAFT:
            steps.append(("_review", "Save and send to review"))
        elif reviewer:
            steps.append(("_send_back", "Save and send back"))
        if reviewer:
            steps.append(("_publish", "Save and publish"))
        return steps

    # --- Who may do what ---

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may = super().has_change_permission(request, obj)
        return may and (obj is None or not obj.is_or_was_public or may_publish(request.user))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing public is deleted: it is taken back first. What was withdrawn stays."""
        may = super().has_delete_permission(request, obj)
        return may and (obj is None or not obj.is_or_was_public)

    # --- Saving ---

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> Any:
        if request.method != "POST":
            return self._given_back(request, object_id, form_url, extra_context)
        try:
            with transaction.atomic(), self._reason(request):
                response = super().changeform_view(request, object_id, form_url, extra_context)
                # The rules that wait for the end of the transaction, while the form is still here.
                connection.check_constraints()
                return response
        except IntegrityError as error:
            request.broken_rule = broken_rule(error)
            request._messages._queued_messages.clear()
        return super().changeform_view(request, object_id, form_url, extra_context)

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        """The record; locked and fresh where it is about to be saved."""
        record = super().get_object(request, object_id, from_field)
        if record and request.method == "POST" and connection.in_atomic_block:
            record = self.get_queryset(request).select_for_update(of=("self",)).get(pk=record.pk)
        return record

    def _given_back(self, request: HttpRequest, *args: Any) -> Any:
        """The form; where its editor was logged out while saving, with what was typed, unsaved."""
        data = typed.given_back(request)
        # Asking for the files, of which there are none, reads the empty body once and for all.
        if data is None or request.FILES:
            return super().changeform_view(request, *args)
        request.method, request.POST = "POST", data  # type: ignore[assignment]
        request.broken_rule = typed.NOT_SAVED
        return super().changeform_view(request, *args)

    def _reason(self, request: HttpRequest) -> Any:
        notes = {"note": "why", "public_reason": "public_reason"}
        sent = {key: request.POST.get(name, "").strip()[:300] for key, name in notes.items()}
        return pghistory.context(**{key: text for key, text in sent.items() if text})

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> Any:
        self._take_step(request, obj)
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Any) -> Any:
        self._take_step(request, obj)
        return super().response_change(request, obj)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        notes.keep(form, request.user)

    def _take_step(self, request: HttpRequest, record: Record) -> None:
        for name, _words in self._steps(request, record):
            if name in request.POST:
                self.act(request, [record], name)

    def act(self, request: HttpRequest, records: Any, name: str, text: str = "") -> None:
        """Take a step with each record, and tell the person what came of it.

        `text` is the note for sending back, or the reason for withdrawing.
        """
        user: Any = request.user
        step, words = {
            "_review": (send_to_review, "sent to review"),
            "_send_back": (lambda each: send_back(each, text, user), "sent back"),
            "_publish": (lambda each: publish(each, user), "published"),
            "_take_back": (unpublish, "taken back to draft"),
            "_withdraw": (lambda each: withdraw(each, text, user), "withdrawn"),
            "_reopen": (reopen, "brought back to draft"),
        }[name]
        for record in records:
            try:
                with transaction.atomic():
                    count = step(record)
                    connection.check_constraints()
            except ValidationError as error:
                for message in error.messages:
                    self.message_user(request, f"Not {words}: {message}", messages.ERROR)
            except IntegrityError as error:
                sentence = f"“{record}” was not {words}: {broken_rule(error)}"
                self.message_user(request, sentence, messages.ERROR)
            else:
                parts = f", with {count - 1} part{'s' * (count > 2)}" if count > 1 else ""
                done = (
                    f"“{record}” was {words}{parts}." if count else f"“{record}” was not {words}."
                )
                self.message_user(request, done, messages.SUCCESS if count else messages.INFO)

    # --- Steps for many ---

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return may_publish(request.user)

    @admin.action(description="Send to review", permissions=["change"])
    def act_review(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        self.act(request, queryset, "_review")

    @admin.action(description="Send back with a note", permissions=["publish"])
    def act_send_back(self, request: HttpRequest, queryset: models.QuerySet) -> HttpResponse | None:
        return self._ask(request, queryset, "send-back")

    @admin.action(description="Publish", permissions=["publish"])
    def act_publish(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        self.act(request, queryset, "_publish")

    @admin.action(description="Take back to draft", permissions=["publish"])
    def act_take_back(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        self.act(request, queryset, "_take_back")

    @admin.action(description="Withdraw with a reason", permissions=["publish"])
    def act_withdraw(self, request: HttpRequest, queryset: models.QuerySet) -> HttpResponse | None:
        return self._ask(request, queryset, "withdraw")

    def _ask(
        self, request: HttpRequest, queryset: models.QuerySet, step: str
    ) -> HttpResponse | None:
        """Lead to the page that asks for a note or a reason."""
        pks = list(queryset.values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
        if len(pks) > MOST_AT_ONCE:
            sentence = f"Choose at most {MOST_AT_ONCE} at once: one text is said of all of them."
            self.message_user(request, sentence, messages.ERROR)
            return None
        return HttpResponseRedirect(step_address(self.model, step, pks))

    # --- History ---

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        record = self.get_object(request, object_id)
        if record is None:
            return super().history_view(request, object_id, extra_context)
        page, changes = history.story(self.model, record.pk, request.GET.get("page"))
        events = self.model.pgh_event_model.objects.filter(pgh_obj_id=record.pk)
        context = {
            "story": page,
            "changes": changes,
            "latest": events.order_by("-pgh_id").values_list("pk", flat=True).first(),
            "may_restore": self.has_change_permission(request, record),
        }
        return super().history_view(request, object_id, {**context, **(extra_context or {})})


class PartInline(ChoosesByNumber, admin.TabularInline):
    """Records that belong to the one on the page."""

    form = MergingForm
    formset = MergingFormSet
    extra = 0
    show_change_link = True
    classes: Any = ()

    def _open(self, request: HttpRequest, whole: Any) -> bool:
        return whole is None or not whole.is_or_was_public or may_publish(request.user)

    def has_add_permission(self, request: HttpRequest, obj: Any) -> bool:
        return super().has_add_permission(request, obj) and self._open(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and self._open(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        public = obj is not None and obj.is_or_was_public
        return super().has_delete_permission(request, obj) and not public

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """A cell of the table is named by its column for those who hear it, too."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and field.label:
            field.widget.attrs.setdefault("aria-label", capfirst(field.label))
        return field


class CitationInline(PartInline):
    """Where the record is documented."""

    model = Citation
    fields = ("source", "passage", "where")
    autocomplete_fields = ("source",)
    show_change_link = False
    formfield_overrides: ClassVar[Any] = {
        models.TextField: {"widget": forms.Textarea(attrs={"rows": 2, "cols": 50})}
    }

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return admin.TabularInline.has_delete_permission(self, request, obj) and self._open(
            request, obj
        )
