"""The filters of statements and actions: one object each, made from the address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters as filters
from django import forms
from django.db.models import Q
from django.utils import timezone

from negotiations.insight.corroboration import Verdict
from negotiations.models import (
    Action,
    Meeting,
    Party,
    Person,
    Process,
    Progress,
    Statement,
    Topic,
    VagueDate,
)
from negotiations.models.dates import VagueDateFormField

if TYPE_CHECKING:
    from django.http import HttpRequest


class DateFilter(filters.Filter):
    """A day, month or year, as people write it."""

    field_class = VagueDateFormField


def by_slug(queryset: Any, label: str, method: str) -> filters.ModelChoiceFilter:
    """A choice among public records, by their address."""
    return filters.ModelChoiceFilter(
        queryset=queryset,
        to_field_name="slug",
        label=label,
        method=method,
        empty_label="any",
        error_messages={"invalid_choice": f"No {label.lower()} has this address. Choose one."},
    )


def is_any(label: str) -> dict[str, Any]:
    return {"label": label, "empty_label": "any"}


class StatementFilter(filters.FilterSet):
    """`/statements/?party=russia&form=verbatim&from=2025-02`"""

    party = by_slug(
        lambda _: Party.published.filter(statements__status="published").distinct(),
        "Party",
        "by_party",
    )
    person = by_slug(
        lambda _: Person.published.filter(statements__status="published").distinct(),
        "Person",
        "by_person",
    )
    topic = by_slug(lambda _: Topic.published.all(), "Topic", "by_topic")
    meeting = by_slug(
        lambda _: Meeting.published.filter(statements__status="published").distinct(),
        "Meeting",
        "by_meeting",
    )
    form = filters.ChoiceFilter(choices=Statement.Form.choices, **is_any("Form"))

    class Meta:
        model = Statement
        fields: tuple[str, ...] = ()

    def by_party(self, statements: Any, name: str, party: Party) -> Any:
        return statements.by(party)

    def by_person(self, statements: Any, name: str, person: Person) -> Any:
        return statements.filter(speaker=person)

    def by_topic(self, statements: Any, name: str, topic: Topic) -> Any:
        return statements.filter(topics=topic)

    def by_meeting(self, statements: Any, name: str, meeting: Meeting) -> Any:
        return statements.filter(meeting=meeting)

    def said_from(self, statements: Any, name: str, date: VagueDate) -> Any:
        return statements.filter(date_until__gte=date.first)

    def said_to(self, statements: Any, name: str, date: VagueDate) -> Any:
        return statements.filter(date_from__lte=date.last)


# "from" is a word of Python's own, so these two can't be written in the class.
for _name, _label in (("from", "From"), ("to", "To")):
    StatementFilter.base_filters[_name] = DateFilter(label=_label, method=f"said_{_name}")


class ActionFilter(filters.FilterSet):
    """`/actions/?party=russia&account=one_side&due=none`"""

    DUE = (("dated", "has a date"), ("overdue", "overdue"), ("none", "no date given"))

    party = by_slug(
        lambda _: Party.published.filter(actions_owed__status="published").distinct(),
        "Owed by",
        "by_party",
    )
    account = filters.ChoiceFilter(
        choices=Verdict.choices, field_name="verdict", **is_any("Account")
    )
    status = filters.ChoiceFilter(
        choices=[("no_report", "no report yet"), *Progress.State.choices],
        method="by_status",
        **is_any("Status"),
    )
    kind = filters.ChoiceFilter(choices=Action.Kind.choices, **is_any("Kind"))
    due = filters.ChoiceFilter(choices=DUE, method="by_due", **is_any("Due"))
    meeting = by_slug(
        lambda _: Meeting.published.filter(actions__status="published").distinct(),
        "Meeting",
        "by_meeting",
    )
    process = by_slug(lambda _: Process.published.all(), "Process", "by_process")

    class Meta:
        model = Action
        fields: tuple[str, ...] = ()

    def by_party(self, actions: Any, name: str, party: Party) -> Any:
        return actions.owed_by(party)

    def by_status(self, actions: Any, name: str, status: str) -> Any:
        return actions.filter(state=None if status == "no_report" else status)

    def by_due(self, actions: Any, name: str, due: str) -> Any:
        if due == "none":
            return actions.filter(due_from=None)
        if due == "dated":
            return actions.exclude(due_from=None)
        still_owed = ~Q(state=Progress.State.DONE) | Q(state=None)
        return actions.filter(still_owed, due_until__lt=timezone.localdate())

    def by_meeting(self, actions: Any, name: str, meeting: Meeting) -> Any:
        return actions.filter(meeting=meeting)

    def by_process(self, actions: Any, name: str, process: Process) -> Any:
        return actions.filter(meeting__process=process)


class PageForm(forms.Form):
    """The number of the page, apart from what is filtered."""

    page = forms.IntegerField(required=False, min_value=1, max_value=1_000_000)


def page_number(request: HttpRequest) -> tuple[int, str]:
    """The page asked for, and what is wrong with it (empty if nothing)."""
    form = PageForm(request.GET)
    if form.is_valid():
        return form.cleaned_data["page"] or 1, ""
    return 1, "“page” is a number from 1 on. Take it out of the address to begin at the first."
