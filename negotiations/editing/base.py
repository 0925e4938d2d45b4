"""What every record's admin does: drafts, steps to the public, and no typed word lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import pghistory
from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction

from negotiations.editing import history, typed
from negotiations.editing.merging import MergingForm, MergingFormSet
from negotiations.models import Citation, Record, Status, record_models
from negotiations.models.visibility import may_publish, publish, send_to_review, unpublish

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["typist"].initial = typed.token(self.request.user)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if sentence := getattr(self.request, "broken_rule", ""):
            self.add_error(None, sentence)
        return cleaned


class RecordAdmin(admin.ModelAdmin):
    """The admin of one kind of record."""

    form = RecordForm
    actions = ("act_review", "act_publish", "act_take_back")
    save_on_top = True
    list_per_page = 50
    show_full_result_count = False
    list_filter: Any = ("status",)
    sortable_by: Any = None

    # --- What is shown ---

    def get_list_display(self, request: HttpRequest) -> Any:
        return (*self.list_display, "status_shown")

    @admin.display(description="status", ordering="status")
    def status_shown(self, record: Record) -> str:
        return record.get_status_display()

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
        if record and record.is_public and not may_publish(request.user):
            self.message_user(
                request,
                "This is published. A reviewer can correct it, or take it back to draft.",
                messages.WARNING,
            )
        return super().render_change_form(request, context, *args, **kwargs)

    def _steps(self, request: HttpRequest, record: Record | None) -> list[tuple[str, str]]:
        """The buttons beside Save: their names and words."""
        reviewer = may_publish(request.user)
        if record and record.is_public:
            return [("_take_back", "Save and take back to draft")] if reviewer else []
        steps = []
        if not record or record.status == Status.DRAFT:
            steps.append(("_review", "Save and send to review"))
        if reviewer:
            steps.append(("_publish", "Save and publish"))
        return steps

    # --- Who may do what ---

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may = super().has_change_permission(request, obj)
        return may and (obj is None or not obj.is_public or may_publish(request.user))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing public is deleted: it is taken back first."""
        return super().has_delete_permission(request, obj) and (obj is None or not obj.is_public)

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

    def _take_step(self, request: HttpRequest, record: Record) -> None:
        for name, _words in self._steps(request, record):
            if name in request.POST:
                self._act(request, [record], name)

    def _act(self, request: HttpRequest, records: Any, name: str) -> None:
        step, words = {
            "_review": (send_to_review, "sent to review"),
            "_publish": (publish, "published"),
            "_take_back": (unpublish, "taken back to draft"),
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
                self.message_user(request, f"“{record}” was {words}{parts}.", messages.SUCCESS)

    # --- Steps for many ---

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return may_publish(request.user)

    @admin.action(description="Send to review", permissions=["change"])
    def act_review(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        self._act(request, queryset, "_review")

    @admin.action(description="Publish", permissions=["publish"])
    def act_publish(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        self._act(request, queryset, "_publish")

    @admin.action(description="Take back to draft", permissions=["publish"])
    def act_take_back(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        self._act(request, queryset, "_take_back")

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


class PartInline(admin.TabularInline):
    """Records that belong to the one on the page."""

    form = MergingForm
    formset = MergingFormSet
    extra = 0
    show_change_link = True
    classes: Any = ()

    def _open(self, request: HttpRequest, whole: Any) -> bool:
        return whole is None or not whole.is_public or may_publish(request.user)

    def has_add_permission(self, request: HttpRequest, obj: Any) -> bool:
        return super().has_add_permission(request, obj) and self._open(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and self._open(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        public = obj is not None and obj.is_public
        return super().has_delete_permission(request, obj) and not public


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
