"""Who sat at the table, entered on the meeting's own page: one row a delegate."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError

from negotiations.editing.base import PartInline
from negotiations.editing.merging import MergingForm, MergingFormSet
from negotiations.models import Delegate, Delegation, Party


class SeatForm(MergingForm):
    """A delegate with the party; the delegation is found, or made as a draft."""

    party = forms.ModelChoiceField(
        Party.objects.all(),
        label="Delegation of",
        widget=AutocompleteSelect(Delegation._meta.get_field("party"), admin.site),
    )
    role = forms.ChoiceField(
        choices=Delegation.Role.choices, initial=Delegation.Role.NEGOTIATING, required=False
    )

    class Meta:
        model = Delegate
        fields = ("party", "role", "person", "title", "rank")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.delegation_id:
            self.fields["party"].initial = self.instance.delegation.party_id
            self.fields["role"].initial = self.instance.delegation.role

    def save(self, commit: bool = True) -> Delegate:
        role = self.cleaned_data["role"] or Delegation.Role.NEGOTIATING
        delegation, made = Delegation.objects.get_or_create(
            meeting=self.instance.meeting,
            party=self.cleaned_data["party"],
            defaults={"role": role},
        )
        if not made and "role" in self.changed_data and delegation.role != role:
            delegation.role = role
            delegation.save(update_fields=["role"])
        self.instance.delegation = delegation
        saved: Delegate = super().save(commit)
        return saved


class SeatFormSet(MergingFormSet):
    """All rows together: one person sits on one side of a table."""

    def clean(self) -> None:
        super().clean()
        seen: dict[int, Any] = {}
        for form in self.forms:
            data = getattr(form, "cleaned_data", {})
            if data.get("DELETE") or not (person := data.get("person")):
                continue
            if person.pk in seen:
                raise ValidationError(
                    f"{person} is entered twice (for {seen[person.pk]} and for {data.get('party')}). "
                    "One person sits on one side of a table, once."
                )
            seen[person.pk] = data.get("party")


class SeatInline(PartInline):
    """The delegates of a meeting, all delegations in one table."""

    model = Delegate
    fk_name = "meeting"
    form = SeatForm
    formset = SeatFormSet
    autocomplete_fields = ("person",)
    extra = 0
    verbose_name = "delegate"
    verbose_name_plural = "delegates"

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).select_related("delegation__party", "person")
