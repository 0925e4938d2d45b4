"""Drafting what was agreed, what is to follow, and what stays open."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from negotiations.editing.drafting.filing import Filing
from negotiations.editing.drafting.forms.base import (
    PassageForm,
    area,
)
from negotiations.editing.drafting.forms.speaking import (
    AccountMixin,
    agreed,
    guessed_account,
    open_matters,
)
from negotiations.editing.drafting.naming import NameField, NamesField
from negotiations.models import (
    Account,
    Action,
    Meeting,
    Party,
    Question,
    Topic,
)
from negotiations.models.dates import VagueDateFormField


class ActionForm(AccountMixin, PassageForm):
    kind, title, needs_meeting = "action", "Action", True
    rare: ClassVar[tuple[str, ...]] = ("due", "topics", "details", "passage", "where")

    def begin_with(self) -> str:
        return "stance" if self.of_action else self.first or "action_title"

    SHOWN_AT: ClassVar[dict[str, str]] = {"title": "action_title", "kind": "action_kind"}

    action = forms.ModelChoiceField(
        Action.objects.none(),
        required=False,
        label="Another account of",
        empty_label="(a new action)",
    )
    action_title = forms.CharField(
        label="What is to happen",
        required=False,
        max_length=200,
        help_text="In your own words: “Appoint ambassadors”.",
    )
    action_kind = forms.ChoiceField(label="Kind", choices=Action.Kind.choices)
    details = forms.CharField(required=False, widget=area(2))
    owed_by = NamesField(
        Party, label="Who must do it", required=False, help_text="Empty if that was not said."
    )
    due = VagueDateFormField(required=False, help_text="Empty if no date was given.")
    due_words = forms.CharField(label="Due, in the source’s words", required=False, max_length=100)
    leads_to = NameField(
        Meeting,
        new=True,
        required=False,
        label="Meeting that it leads to",
        help_text="A new name makes a planned meeting.",
    )
    stance = forms.ChoiceField(label="They have", choices=Account.Stance.choices)
    leaves_open = forms.CharField(
        label="It leaves open",
        required=False,
        max_length=1000,
        help_text="In your own words; with ; between several.",
    )
    note = forms.CharField(
        required=False,
        max_length=300,
        help_text="For “qualified”: what it adds or leaves out.",
    )
    topics = NamesField(Topic, new=True, required=False, help_text="With ; between several.")

    field_order: Any = (
        "action",
        "action_title",
        "action_kind",
        "said",
        "speaker",
        "party",
        "stance",
        "statement",
        "note",
        "owed_by",
        "due_words",
        "due",
        "leads_to",
        "leaves_open",
        "topics",
        "details",
        "passage",
        "where",
    )

    def adapt(self) -> None:
        self.offer_statements()
        ids = [each.pk for each in self.work.actions]
        self.fields["action"].queryset = Action.objects.filter(pk__in=ids)
        self.fields["action"].choices = [
            ("", "(a new action)"),
            *((each.pk, str(each)) for each in self.work.actions),
        ]

    def filled(self) -> dict[str, Any]:
        told = agreed(self.work, self.begins, self.ends)
        return {
            **super().filled(),
            **self.account_filled(),
            **told,
            "action": self.of_action or None,
            "action_kind": told["kind"],
            "owed_by": "; ".join(party.name for party in told["owed_by"]),
            "stance": guessed_account(self.quoted),
            "topics": self.topic_names(),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("action") and not cleaned.get("action_title"):
            self.add_error("action_title", "Say what is to happen, or choose the action it is of.")
        return cleaned

    def file(self, filing: Filing) -> None:
        cleaned = self.cleaned_data
        topics = self.topics_of(filing)
        action = cleaned["action"] or self._new_action(filing, topics)
        self.give_account(filing, action, topics)

    def _new_action(self, filing: Filing, topics: list[Topic]) -> Action:
        cleaned = self.cleaned_data
        leads_to = cleaned["leads_to"] and filing.planned(
            cleaned["leads_to"], timing=cleaned["due_words"], date=cleaned["due"]
        )
        action = Action(
            meeting=self.work.meeting,
            kind=cleaned["action_kind"],
            title=cleaned["action_title"],
            details=cleaned["details"],
            due=cleaned["due"],
            due_words=cleaned["due_words"],
            leads_to=leads_to or None,
        )
        filing.make(action, owed_by=cleaned["owed_by"], topics=topics)
        filing.cite(action)
        return action

    def give_account(self, filing: Filing, action: Action, topics: list[Topic]) -> None:
        cleaned = self.cleaned_data
        statement = self.statement_of(filing, topics)
        account = Account(
            action=action, stance=cleaned["stance"], statement=statement, note=cleaned["note"]
        )
        if party := self.account_party(statement):
            account.party = party
        filing.make(account)
        if statement is None:
            filing.cite(account)
        open_matters(filing, cleaned["leaves_open"], statement, topics)


class FollowUpForm(ActionForm):
    """A meeting that this one foresaw; agreed, or only spoken of."""

    kind, title, needs_meeting = "follow_up", "Follow-up", True
    rare: ClassVar[tuple[str, ...]] = ("action", "action_kind", *ActionForm.rare)
    first = "leads_to"

    meeting_kind = forms.ChoiceField(label="It will be", choices=Meeting.Kind.choices)

    field_order: Any = ("leads_to", "meeting_kind", "due_words", "due", *ActionForm.field_order)

    def adapt(self) -> None:
        super().adapt()
        self.fields["leads_to"].required = True
        self.fields["leads_to"].label = "Which meeting"
        self.fields["leads_to"].help_text = "“Meeting of the deputy ministers”."
        self.fields["action_title"].help_text = "Empty if it was spoken of, but not agreed."
        self.fields["action_title"].label = "What was agreed"

    def filled(self) -> dict[str, Any]:
        kinds = {"action_kind": Action.Kind.FOLLOW_UP, "meeting_kind": Meeting.Kind.TALKS}
        return {**super().filled(), **kinds}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.errors.pop("action_title", None)
        return cleaned

    def file(self, filing: Filing) -> None:
        cleaned = self.cleaned_data
        cleaned["leads_to"] = filing.planned(
            cleaned["leads_to"],
            kind=cleaned["meeting_kind"],
            timing=cleaned["due_words"],
            date=cleaned["due"],
        )
        if cleaned["action"] or cleaned.get("action_title"):
            super().file(filing)
            return
        topics = self.topics_of(filing)
        statement = self.statement_of(filing, topics)
        open_matters(filing, cleaned["leaves_open"], statement, topics)


class OpenMatterForm(AccountMixin, PassageForm):
    kind, title, needs_meeting = "open_matter", "Open matter", True
    rare: ClassVar[tuple[str, ...]] = ("question", "details", "passage", "where")
    first = "matter_title"
    SHOWN_AT: ClassVar[dict[str, str]] = {"title": "matter_title", "topic": "topics"}

    matter_title = forms.CharField(
        label="What stays open",
        max_length=1000,
        help_text="In your own words: “Seized Russian property”; with ; between several.",
    )
    details = forms.CharField(required=False, widget=area(2))
    question = NameField(Question, required=False)
    topics = NamesField(Topic, new=True, required=False, label="Topic")

    field_order: Any = (
        "matter_title",
        "statement",
        "said",
        "speaker",
        "party",
        "topics",
        "question",
        "details",
        "passage",
        "where",
    )

    def adapt(self) -> None:
        self.offer_statements()

    def filled(self) -> dict[str, Any]:
        return {**super().filled(), **self.account_filled(), "topics": self.topic_names()}

    def file(self, filing: Filing) -> None:
        cleaned = self.cleaned_data
        topics = self.topics_of(filing)
        statement = self.statement_of(filing, topics)
        fields = {"question": cleaned["question"], "details": cleaned["details"]}
        open_matters(filing, cleaned["matter_title"], statement, topics, **fields)
