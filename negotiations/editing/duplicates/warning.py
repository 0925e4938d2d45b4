"""The warning in admin's forms: what is saved under a name like another's is looked at first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html

from negotiations.editing.base import RecordAdmin, RecordForm
from negotiations.editing.duplicates.likes import Like, likes
from negotiations.editing.duplicates.merging import may_merge
from negotiations.editing.duplicates.pairs import not_the_same
from negotiations.models import merged_into

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.utils.safestring import SafeString


class LikesInput(forms.Widget):
    """The records that are alike, and a box to say that the one at hand is another.

    The box sends which were shown: one that came up since is not meant.
    """

    def __init__(self, found: list[Like]) -> None:
        super().__init__()
        self.found = found

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        shown = ",".join(like.key for like in self.found)
        context = {"name": name, "likes": self.found, "shown": shown, "ticked": value == shown}
        return render_to_string("editing/duplicates/likes.html", context)

    def id_for_label(self, id_: str) -> str:
        return ""


class NamedForm(RecordForm):
    """The form of a record that is known by its name."""

    another = forms.CharField(
        required=False, max_length=1000, label="Already there?", widget=forms.HiddenInput
    )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        model = type(self.instance)
        if self.instance.pk and not set(self.changed_data) & set(model.called):
            return cleaned
        names = [
            line
            for field in model.called
            for line in str(self.cleaned_data.get(field) or "").splitlines()
        ]
        above = self.cleaned_data.get("part_of")
        found = likes(model, names, self.instance.pk, above.pk if above else None)
        if not found:
            return cleaned
        self.fields["another"].widget = LikesInput(found)
        confirmed = set(self.cleaned_data.get("another", "").split(","))
        self.others = [like.pk for like in found if like.key in confirmed]
        if len(self.others) < len(found):
            self.add_error(
                "another",
                "This may be there already. Open what is alike; if yours is another, say so and "
                "save again.",
            )
        return cleaned


class NamedAdmin(RecordAdmin):
    """The admin of a kind of record that is known by its name: warns of likes, merges two."""

    form = NamedForm
    actions: Any = (*RecordAdmin.actions, "act_merge")

    class Media:
        css: ClassVar[Any] = {"all": ("desk.css",)}

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The warning comes first, where who pressed Save looks."""
        fields = super().get_fields(request, obj)
        return ["another", *(name for name in fields if name != "another")]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        for pk in getattr(form, "others", ()):
            not_the_same(type(obj), obj.pk, pk, request.user)

    @admin.action(description="Merge these two", permissions=["change"])
    def act_merge(self, request: HttpRequest, queryset: Any) -> HttpResponseRedirect | None:
        two = list(queryset.order_by("pk")[:3])
        if len(two) != 2:
            self.message_user(request, "Choose two to merge, no more and no less.", messages.ERROR)
            return None
        if not may_merge(request.user, *two):
            raise PermissionDenied
        # What is public stays; else what is older.
        kept, other = sorted(two, key=lambda record: not record.is_public)
        kind = self.model._meta.model_name
        return HttpResponseRedirect(reverse("merge", args=[kind, kept.pk, other.pk]))

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> Any:
        """Lead on from a record that was merged into another."""
        kept = merged_into(self.model, int(object_id)) if object_id.isdecimal() else None
        if not kept:
            return super()._get_obj_does_not_exist_redirect(request, opts, object_id)
        sentence = "This record was merged into the one below. <a href='{}'>The merges</a>"
        self.message_user(request, format_html(sentence, reverse("merges")), messages.WARNING)
        return HttpResponseRedirect(
            reverse(f"admin:negotiations_{opts.model_name}_change", args=[kept])
        )
