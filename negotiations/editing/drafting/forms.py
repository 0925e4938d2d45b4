"""The forms of the desk page: one for each kind of draft, opened with what the passage tells."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Self

import pghistory
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, connection, transaction

from negotiations.editing.base import broken_rule
from negotiations.editing.drafting.filing import Filing
from negotiations.editing.drafting.guessing import QUOTED
from negotiations.editing.drafting.naming import Named, NameField, NamesField, New
from negotiations.models import (
    Account,
    Action,
    Meeting,
    OpenMatter,
    Party,
    Person,
    Position,
    Process,
    Question,
    Record,
    SectionTopic,
    Source,
    Statement,
    Topic,
)
from negotiations.models.dates import VagueDateFormField
from negotiations.models.sources import passage_places

if TYPE_CHECKING:
    from negotiations.editing.drafting.suggestions import Suggestion
    from negotiations.editing.drafting.work import Work

# So many words in a row as the reporter wrote them are a copy, not a paraphrase.
COPIED_RUN = 8
RECAPTURED = (
    "The text was captured anew since you opened this. Nothing was saved and nothing you typed is "
    "lost: check that the passage still says it, then save again."
)
DURATION = re.compile(
    r"(?P<about>about|around|nearly|almost|over|~)?\s*"
    r"(?:(?P<hours>\d{1,4}(?:\.\d+)?)\s*h\w*)?\s*(?:(?P<minutes>\d{1,5})\s*(?:m\w*)?)?$"
)
WORD = re.compile(r"\w+")
MECHANISM = re.compile(r"mechanism|commission|working group|механизм|комисси", re.IGNORECASE)
CONFIRMS = re.compile(r"\bconfirm|\bподтвер", re.IGNORECASE)
BODY = (
    r"(?P<body>(?:[A-ZА-Я][\w’'-]*\s)*(?:Fund|Bank|Ministry|Agency|Council|Committee|Commission"
    r"|Corporation|Company|Institute|Office|Service|Department|Administration))"
)
# "CEO of the Russian Direct Investment Fund", "State Department Spokesperson"
OFFICES_OF_BODIES = (
    re.compile(rf"(?P<office>.+?) of (?:the )?{BODY}$"),
    re.compile(rf"{BODY}(?:’s|'s)? (?P<office>[\w ]+)$"),
)
WANTS = {
    Position.Stance.OPPOSES: re.compile(
        r"\b(?:unacceptable|oppos\w+|reject\w+|threat|against|неприемлем\w+|против)\b",
        re.IGNORECASE,
    ),
    Position.Stance.UNDECIDED: re.compile(
        r"\b(?:unclear|undecided|unlikely|too early|premature|неясно|рано)\b", re.IGNORECASE
    ),
    Position.Stance.CONDITIONAL: re.compile(
        r"\b(?:provided that|on condition|only if|при условии)\b", re.IGNORECASE
    ),
    Position.Stance.SUPPORTS: re.compile(
        r"\b(?:supports?|supported|in favou?r|welcom\w+|поддерж\w+)\b", re.IGNORECASE
    ),
}


def area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "dir": "auto"})


class DraftForm(forms.Form):
    """What all forms of the page share. `file` makes the records; `save` does it all or not at all.

    `kind` is its name in addresses. `first` is the field at which the editor begins; where nothing
    is left to be said, that is the button.
    """

    kind: ClassVar[str]
    title: ClassVar[str]
    needs_meeting: ClassVar[bool] = False
    first: ClassVar[str] = ""
    # Whether the editor stays where they are after it: it drafts nothing from a passage.
    stays: ClassVar[bool] = False
    # Fields that are seldom changed: folded away, and opened when something is wrong with them.
    rare: ClassVar[tuple[str, ...]] = ()
    # Fields that take the form's whole width; the others stand two and two.
    wide: ClassVar[tuple[str, ...]] = (
        "leaves_open",
        "action_title",
        "matter_title",
        "statement",
        "leads_to",
        "meeting",
        "process",
        "parties",
        "note",
        "where",
        "summary",
    )

    start = forms.IntegerField(required=False, widget=forms.HiddenInput)
    end = forms.IntegerField(required=False, widget=forms.HiddenInput)
    sha256 = forms.CharField(required=False, widget=forms.HiddenInput)
    suggestion = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        work: Work,
        data: Any = None,
        *,
        start: int = 0,
        end: int = 0,
        passage: str = "",
        suggestion: Suggestion | None = None,
        action: int = 0,
    ) -> None:
        self.of_action = action
        self.work, self.begins, self.ends, self.quoted = work, start, end, passage
        self.suggested = suggestion
        self.made: list[Record] = []
        initial = {} if data is not None else self.filled()
        initial |= {"start": start, "end": end, "sha256": work.source.text_sha256}
        initial |= {"suggestion": suggestion.key if suggestion else ""}
        super().__init__(data, initial=initial, prefix=None, label_suffix="", auto_id="d-%s")
        self.adapt()
        if begin := self.fields.get(self.begin_with()):
            begin.widget.attrs["autofocus"] = True

    def begin_with(self) -> str:
        return self.first

    def adapt(self) -> None:
        """Fit the fields to the work at hand."""

    @property
    def main_fields(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name not in self.rare]

    @property
    def rare_fields(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name in self.rare]

    @property
    def rare_has_errors(self) -> bool:
        return any(field.errors for field in self.rare_fields)

    @cached_property
    def beside(self) -> list[Suggestion]:
        """The other suggestions of this sentence that are ready: one button takes them along."""
        if not self.ends:
            return []
        own = (self.kind, self.begins, self.ends)
        sentence = self.work.ready_in_sentence(self.begins)
        return [each for each in sentence if (each.kind, each.start, each.end) != own]

    @property
    def at_the_button(self) -> bool:
        """Is nothing left to say, so that the editor begins at the button?"""
        return not self.begin_with() and not self.errors

    def filled(self) -> dict[str, Any]:
        """What the form opens with."""
        return {}

    def file(self, filing: Filing) -> None:
        """Make the records.

        Raises:
            ValidationError: with the names of the fields of the records that are wrong.
        """
        raise NotImplementedError

    def save(self) -> Self:
        """Make the drafts (`made`) in one transaction, under a lock on the source that makes a second
        editor wait. With `errors`, nothing is made.
        """
        source = self.work.source
        filing = Filing(
            self.work,
            self.cleaned_data.get("passage", ""),
            self.cleaned_data.get("where", ""),
        )
        try:
            with transaction.atomic(), pghistory.context(note=f"Drafted from “{source.title}”"):
                now = Source.objects.select_for_update().values_list("text_sha256", flat=True)
                if now.get(pk=source.pk) != source.text_sha256:
                    raise ValidationError(RECAPTURED)
                self.file(filing)
                # The rules that wait for the end of the transaction, while the form is still here.
                connection.check_constraints()
        except ValidationError as error:
            self._show(error)
        except IntegrityError as error:
            self.add_error(None, broken_rule(error))
        else:
            self.made = filing.made
        return self

    # A record's field is not always the form's of the same name.
    SHOWN_AT: ClassVar[dict[str, str]] = {}

    def _show(self, error: ValidationError) -> None:
        told = (
            error.message_dict
            if hasattr(error, "error_dict")
            else {NON_FIELD_ERRORS: error.messages}
        )
        for name, messages in told.items():
            name = self.SHOWN_AT.get(name, name)
            at = name if name in self.fields else None
            for message in messages:
                self.add_error(
                    at, message if at or name == NON_FIELD_ERRORS else f"{name}: {message}"
                )


class PassageForm(DraftForm):
    """A form whose records cite a passage of the text."""

    passage = forms.CharField(
        required=False,
        widget=area(2),
        help_text="Exactly as the text has it; […] marks what you leave out.",
    )
    where = forms.CharField(label="Where it stands", required=False, max_length=200)

    def filled(self) -> dict[str, Any]:
        return {"passage": self.quoted, "where": self.work.where(self.begins)}

    def clean(self) -> dict[str, Any]:
        cleaned = dict(super().clean() or {})
        passage, text = cleaned.get("passage", ""), self.work.source.text
        places = passage_places(passage, text) if passage and text else []
        if passage and text and not places:
            self.add_error(
                "passage",
                "These words do not occur in the captured text. Copy them exactly; […] marks what "
                "you leave out.",
            )
        if cleaned.get("sha256") and cleaned["sha256"] != self.work.source.text_sha256:
            self.add_error(None, RECAPTURED)
            self._move_to(places)
        elif places and self.ends <= self.begins:
            # Typed in by hand: the place follows from the words.
            self._move_to(places)
            cleaned["where"] = cleaned.get("where") or self.work.where(self.begins)
        if not passage and not cleaned.get("where"):
            self.add_error("passage", "Give the passage, or say where in the source it stands.")
        return cleaned

    def _move_to(self, places: list[tuple[int, int]]) -> None:
        """Take the form to where the passage stands now, so that it can be saved again."""
        self.begins, self.ends = (places[0][0], places[-1][1]) if places else (0, 0)
        moved = {"start": self.begins, "end": self.ends, "sha256": self.work.source.text_sha256}
        if places:
            moved["where"] = self.work.where(self.begins)
        self.data = {**self.data.dict(), **moved}

    def topic_names(self) -> str:
        topic = self.work.topic_at(self.begins)
        return str(topic) if topic else ""

    def name_of(self, model: type[Record], pk: int | None) -> str:
        """The name by which the record is found again: with its number if it has namesakes."""
        known = self.work.known.people if model is Person else self.work.known.parties
        name = next((each.names[0] for each in known if each.pk == pk), "")
        namesakes = sum(name in each.names for each in known)
        return f"{name} #{pk}" if namesakes > 1 else name

    def topics_of(self, filing: Filing) -> list[Topic]:
        topics = [filing.topic(named) for named in self.cleaned_data.get("topics", ())]
        if topics:
            self.work.remember(topic=topics[0])
        return topics


class SpeakerMixin(forms.Form):
    """Who says it, and for whom."""

    speaker = NameField(
        Person, required=False, help_text="Empty where a body speaks and no person is named."
    )
    party = NameField(
        Party, label="For which party", required=False, help_text="Empty: the speaker’s."
    )

    def speaker_filled(self: Any) -> dict[str, Any]:
        """The speaker, and the party unless it is the speaker's own: that follows the speaker."""
        guessed = self.work.guess(self.begins, self.ends)
        proposal = self.suggested.proposal if self.suggested else None
        speaker, party = guessed.speaker, guessed.party
        if proposal and proposal.kind != "person" and (proposal.speaker or proposal.party):
            speaker, party = proposal.speaker, proposal.party
        people = {each.pk: each for each in self.work.known.people}
        filled = {"speaker": self.name_of(Person, speaker), "party": self.name_of(Party, party)}
        if speaker in people and people[speaker].party == party:
            filled["party"] = ""
        return filled

    def show_own_party(self: Any) -> None:
        """Say in the empty field which party the speaker's is."""
        name = str(self["speaker"].value() or "")
        person = next((each for each in self.work.known.people if name in each.names), None)
        if person and person.party:
            own = self.name_of(Party, person.party)
            self.fields["party"].widget.attrs["placeholder"] = f"{own} ({name}’s)"


class StatementForm(SpeakerMixin, PassageForm):
    kind, title = "statement", "Statement"
    rare: ClassVar[tuple[str, ...]] = ("date", "occasion", "occasion_note", "passage", "where")
    SHOWN_AT: ClassVar[dict[str, str]] = {"original_words": "words", "text": "question"}

    words = forms.CharField(
        widget=area(),
        help_text="Verbatim: exactly, without the outer quotation marks. Paraphrase: your own words.",
    )
    form = forms.ChoiceField(choices=Statement.Form.choices)
    translation = forms.CharField(
        label="In English",
        required=False,
        widget=area(2),
        help_text="Your translation; the words above are kept beside it as the original.",
    )
    topics = NamesField(Topic, new=True, required=False, help_text="With ; between several.")
    date = VagueDateFormField(label="Said on", required=False)
    occasion = forms.ChoiceField(choices=Statement.Occasion.choices, required=False)
    occasion_note = forms.CharField(label="More exactly", required=False, max_length=200)
    action = NameField(
        Action,
        new=True,
        required=False,
        max_length=200,
        label="It tells of the action",
        help_text="One that is drafted already, or a new one in your own words: “Appoint ambassadors”.",
    )
    account = forms.ChoiceField(
        label="Which it has", choices=Account.Stance.choices, required=False
    )
    question = NameField(
        Question, new=True, required=False, label="It shows a position on", help_text="A question."
    )
    stance = forms.ChoiceField(
        label="Which is", choices=[("", "–"), *Position.Stance.choices], required=False
    )
    leaves_open = forms.CharField(
        label="It leaves open",
        required=False,
        max_length=1000,
        help_text="In your own words; with ; between several.",
    )

    field_order: Any = (
        "words",
        "translation",
        "speaker",
        "party",
        "form",
        "topics",
        "action",
        "account",
        "question",
        "stance",
        "leaves_open",
        "date",
        "occasion",
        "occasion_note",
        "passage",
        "where",
    )

    def adapt(self) -> None:
        self.show_own_party()
        if self.work.source.language.split("-")[0] in ("", "en"):
            del self.fields["translation"]

    def begin_with(self) -> str:
        return "" if self.filled().get("words") else "words"

    def filled(self) -> dict[str, Any]:
        guessed = self.work.guess(self.begins, self.ends)
        proposal = self.suggested.proposal if self.suggested else None
        words, verbatim = guessed.words, bool(guessed.words)
        if proposal and proposal.kind == "statement":
            words, verbatim = proposal.words, proposal.form == "verbatim"
        meeting = self.work.meeting
        return {
            **super().filled(),
            **self.speaker_filled(),
            "words": words if verbatim else "",
            "form": Statement.Form.VERBATIM if verbatim else Statement.Form.PARAPHRASE,
            "passage": words if verbatim else self.quoted,
            "topics": self.topic_names(),
            "date": (proposal and proposal.kind == "statement" and proposal.date)
            or (meeting and meeting.date),
            "occasion": Statement.Occasion.NOT_STATED,
            "account": guessed_account(self.quoted),
            "stance": guessed_position(self.quoted),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        words, text = cleaned.get("words", ""), self.work.source.text
        verbatim = cleaned.get("form") == Statement.Form.VERBATIM
        if words and text and verbatim and not passage_places(words, text):
            self.add_error(
                "words",
                "These words do not occur in the captured text. Correct them, cut with […], or call "
                "it a paraphrase.",
            )
        if words and not verbatim and is_copied(words, text):
            self.add_error("words", IN_YOUR_OWN_WORDS)
        for name in ("action", "leaves_open"):
            if cleaned.get(name) and not self.work.meeting:
                self.add_error(name, "Choose the meeting first (M): this belongs to one.")
        if cleaned.get("question") and not cleaned.get("stance"):
            self.add_error("stance", "Say what the party wants on this question.")
        return cleaned

    def file(self, filing: Filing) -> None:
        cleaned = self.cleaned_data
        topics = self.topics_of(filing)
        statement = Statement(
            meeting=self.work.meeting,
            speaker=cleaned["speaker"],
            party=cleaned["party"],
            form=cleaned["form"],
            date=cleaned["date"],
            occasion=cleaned["occasion"] or Statement.Occasion.NOT_STATED,
            occasion_note=cleaned["occasion_note"],
            **self._words(),
        )
        self._refuse_twice(statement)
        filing.make(statement, topics=topics)
        filing.cite(statement)
        if named := cleaned["action"]:
            action = named if isinstance(named, Action) else self._new_action(filing, topics)
            stance = cleaned["account"] or Account.Stance.ANNOUNCED
            filing.make(Account(action=action, statement=statement, stance=stance))
        if cleaned["question"]:
            question = filing.question(cleaned["question"], topics[0] if topics else None)
            filing.make(Position(question=question, statement=statement, stance=cleaned["stance"]))
        open_matters(filing, cleaned["leaves_open"], statement, topics)

    def _new_action(self, filing: Filing, topics: list[Topic]) -> Action:
        """What was agreed, as far as the sentence tells: an action's own form has all fields."""
        told = agreed(self.work, self.begins, self.ends)
        owed_by = told.pop("owed_by")
        action = Action(meeting=self.work.meeting, title=str(self.cleaned_data["action"]), **told)
        filing.make(action, owed_by=owed_by, topics=topics)
        filing.cite(action)
        return action

    def _words(self) -> dict[str, str]:
        cleaned, language = self.cleaned_data, self.work.source.language or "en"
        if cleaned["form"] == Statement.Form.PARAPHRASE:
            return {"words": cleaned["words"], "language": "en"}
        if translation := cleaned.get("translation"):
            return {
                "words": translation,
                "language": "en",
                "original_words": cleaned["words"],
                "original_language": language,
            }
        return {"words": cleaned["words"], "language": language}

    def _refuse_twice(self, statement: Statement) -> None:
        """A second click, or a second editor at the same passage, makes no second record."""
        statement.fill_in()
        same = Statement.objects.filter(
            words=statement.words,
            speaker=statement.speaker,
            party=statement.party_id,
            form=statement.form,
            meeting=self.work.meeting,
            citations__source=self.work.source,
            citations__where=self.cleaned_data["where"],
        ).first()
        if same:
            raise ValidationError(
                {"words": f"This is recorded already, as a {same.get_status_display()}: “{same}”."}
            )


class AccountMixin(SpeakerMixin):
    """By whose account something is so: a statement that is there, or one made here."""

    statement = forms.ModelChoiceField(
        Statement.objects.none(),
        required=False,
        label="By which statement",
        empty_label="(the source itself, or your words below)",
    )
    said = forms.CharField(
        label="What they say of it",
        required=False,
        widget=area(2),
        help_text="In your own words: makes a paraphrase beside it. Empty: none.",
    )

    def account_filled(self: Any) -> dict[str, Any]:
        return {
            **self.speaker_filled(),
            "statement": self.work.statement_here(self.begins, self.ends),
        }

    def offer_statements(self: Any) -> None:
        self.show_own_party()
        near = self.work.statements_near(self.begins)
        field = self.fields["statement"]
        field.queryset = Statement.objects.filter(pk__in=[each.pk for each in near])
        field.choices = [("", field.empty_label), *((each.pk, str(each)) for each in near)]

    def clean_said(self: Any) -> str:
        said = str(self.cleaned_data["said"])
        if said and is_copied(said, self.work.source.text):
            raise ValidationError(IN_YOUR_OWN_WORDS)
        return said

    def statement_of(self: Any, filing: Filing, topics: list[Topic]) -> Statement | None:
        """The statement on which the account rests: made of the words typed here, or chosen."""
        cleaned = self.cleaned_data
        if not cleaned["said"]:
            return cleaned["statement"]
        speaks = {"speaker": cleaned["speaker"], "party": cleaned["party"]}
        return filing.paraphrase(cleaned["said"], topics, **speaks)

    def account_party(self: Any, statement: Statement | None) -> Party | None:
        """Whose account it is: the statement's party, or the one named, or the speaker's."""
        if statement:
            return None
        cleaned, party = self.cleaned_data, self.cleaned_data["party"]
        if not party and cleaned["speaker"]:
            said = Statement(meeting=self.work.meeting, speaker=cleaned["speaker"])
            said.fill_in()
            party = said.party if said.party_id else None
        return party


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


class PositionForm(AccountMixin, PassageForm):
    kind, title = "position", "Position"
    rare: ClassVar[tuple[str, ...]] = ("topics", "passage", "where")
    first = "question"
    SHOWN_AT: ClassVar[dict[str, str]] = {"text": "question"}

    question = NameField(
        Question, new=True, help_text="Neutral: “May NATO troops deploy in Ukraine?”"
    )
    stance = forms.ChoiceField(label="The party", choices=Position.Stance.choices)
    summary = forms.CharField(
        required=False,
        max_length=300,
        help_text="What it wants, in your own words and one sentence.",
    )
    topics = NamesField(Topic, new=True, required=False, label="Topic")

    field_order: Any = (
        "question",
        "stance",
        "summary",
        "statement",
        "said",
        "speaker",
        "party",
        "topics",
        "passage",
        "where",
    )

    def adapt(self) -> None:
        self.offer_statements()
        self.fields["statement"].empty_label = "(your words below)"

    def filled(self) -> dict[str, Any]:
        return {
            **super().filled(),
            **self.account_filled(),
            "stance": guessed_position(self.quoted),
            "topics": self.topic_names(),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("statement") and not cleaned.get("said") and "said" not in self.errors:
            self.add_error(
                "said", "A position is what a statement shows: choose one above, or say it here."
            )
        return cleaned

    def file(self, filing: Filing) -> None:
        cleaned = self.cleaned_data
        topics = self.topics_of(filing)
        question = filing.question(cleaned["question"], topics[0] if topics else None)
        statement = self.statement_of(filing, topics)
        filing.make(
            Position(
                question=question,
                statement=statement,
                stance=cleaned["stance"],
                summary=cleaned["summary"],
            )
        )


class PersonForm(PassageForm):
    kind, title = "person", "Person"
    rare: ClassVar[tuple[str, ...]] = ("passage", "where")
    first = "name"
    SHOWN_AT: ClassVar[dict[str, str]] = {"slug": "name", "attested": "office", "kind": "part_of"}

    name = NameField(Person, new=True)
    office = forms.CharField(required=False, max_length=200, help_text="“Foreign Minister”.")
    party = NameField(
        Party, new=True, label="At which party", help_text="The party or its body; new is made."
    )
    part_of = NameField(
        Party,
        required=False,
        label="Which is part of",
        help_text="For a new ministry, fund or office: whose it is.",
    )
    seat = NameField(
        Party,
        required=False,
        label="Sat in the delegation of",
        help_text="Empty if the text does not say so.",
    )
    seat_title = forms.CharField(
        label="Title on that day", required=False, max_length=200, help_text="Empty: the office."
    )

    field_order: Any = (
        "name",
        "office",
        "party",
        "part_of",
        "seat",
        "seat_title",
        "passage",
        "where",
    )

    def begin_with(self) -> str:
        return "" if self.suggested and self.suggested.is_ready else "name"

    def filled(self) -> dict[str, Any]:
        filled = {**super().filled(), "name": self.quoted if len(self.quoted) < 60 else ""}
        if not self.suggested or self.suggested.kind != "person":
            return filled
        proposal = self.suggested.proposal
        hint = person_hint(self.work, self.suggested)
        return {
            **filled,
            "name": self.name_of(Person, proposal.speaker) or proposal.name,
            "office": hint["office"],
            "party": str(hint["party"]),
            "part_of": str(hint["part_of"] or ""),
            "seat": str(hint["seat"] or ""),
        }

    def file(self, filing: Filing) -> None:
        cleaned = self.cleaned_data
        seat = cleaned["seat"]
        party = filing.party(cleaned["party"], cleaned["part_of"])
        title = cleaned["seat_title"] or seat_title(cleaned["office"], party, seat)
        filing.person(cleaned["name"], cleaned["office"], party, seat=seat, title=title)


class DurationField(forms.CharField):
    """Reads "about 4.5 hours" as (270, True)."""

    def clean(self, value: Any) -> tuple[int, bool] | None:
        words = super().clean(value).strip().lower().replace("½", ".5").replace(",", ".")
        if not words:
            return None
        match = DURATION.match(words)
        minutes = 0
        if match:
            hours, rest = float(match["hours"] or 0), int(match["minutes"] or 0)
            minutes = round(hours * 60) + rest
        if not match or not 0 < minutes < 100_000:
            raise ValidationError("Write it as “about 4.5 hours”, “4 h 30 min” or “45 minutes”.")
        return minutes, bool(match["about"])


class MeetingForm(DraftForm):
    """The meeting for which the editor works at this source, chosen or made."""

    kind, title, stays = "meeting", "Meeting", True
    first = "meeting"
    SHOWN_AT: ClassVar[dict[str, str]] = {"name": "process", "title": "meeting"}

    meeting = NameField(
        Meeting, new=True, help_text="One that is known already, or the title of a new one."
    )
    process = NameField(
        Process, new=True, required=False, help_text="For a new meeting: known or new."
    )
    parties = NamesField(
        Party,
        new=True,
        required=False,
        label="Parties of the process",
        help_text="With ; between: Russia; United States (US). New ones are made as states.",
    )
    meeting_kind = forms.ChoiceField(label="Kind", choices=Meeting.Kind.choices)
    state = forms.ChoiceField(choices=Meeting.State.choices, initial=Meeting.State.HELD)
    date = VagueDateFormField(required=False)
    place = forms.CharField(required=False, max_length=200)
    duration = DurationField(
        label="How long", required=False, help_text="“about 4.5 hours”, “45 minutes”."
    )
    summary = forms.CharField(
        required=False, widget=area(2), help_text="Two or three neutral sentences, your own words."
    )

    def filled(self) -> dict[str, Any]:
        chosen = self.work.meeting
        if chosen:
            return {"meeting": chosen.title, "process": chosen.process.name}
        return {"state": Meeting.State.HELD, "date": self.work.source.date}

    def clean(self) -> dict[str, Any]:
        cleaned = dict(super().clean() or {})
        if isinstance(cleaned.get("meeting"), New):
            if not cleaned.get("process"):
                self.add_error("process", "Name the process to which this new meeting belongs.")
            if not cleaned.get("date") and cleaned.get("state") == Meeting.State.HELD:
                self.add_error(
                    "date", "A meeting that was held has a date; a month or a year will do."
                )
            if isinstance(cleaned.get("process"), New) and not cleaned.get("parties"):
                self.add_error("parties", "Name the parties of this new process.")
        if is_copied(cleaned.get("summary", ""), self.work.source.text):
            self.add_error("summary", IN_YOUR_OWN_WORDS)
        return cleaned

    def file(self, filing: Filing) -> None:
        named: Named = self.cleaned_data["meeting"]
        self.work.remember(meeting=named if isinstance(named, Meeting) else self._new(filing))

    def _new(self, filing: Filing) -> Meeting:
        cleaned = self.cleaned_data
        sides = [filing.party(named) for named in cleaned["parties"]]
        process = filing.process(cleaned["process"])
        process.parties.add(*sides)
        minutes, about = cleaned["duration"] or (None, False)
        names = ("state", "date", "place", "summary")
        fields = {name: cleaned[name] for name in names}
        fields |= {"duration": minutes, "duration_about": about}
        return filing.meeting(cleaned["meeting"], process, kind=cleaned["meeting_kind"], **fields)


class TopicsForm(DraftForm):
    """The topics of the text's sections, all in one go."""

    kind, title, stays = "topics", "Topics of the sections", True

    def adapt(self) -> None:
        work = self.work
        self.headings = [heading for heading in work.reading.headings if heading][:100]
        for number, heading in enumerate(self.headings):
            topic = work.section_topics.get(heading[:200])
            self.fields[f"topic-{number}"] = NameField(
                Topic,
                new=True,
                required=False,
                label=heading,
                initial=str(topic) if topic else heading[:200],
            )

    def begin_with(self) -> str:
        return "topic-0"

    def file(self, filing: Filing) -> None:
        for number, heading in enumerate(self.headings):
            named = self.cleaned_data[f"topic-{number}"]
            section = SectionTopic.objects.filter(source=self.work.source, heading=heading[:200])
            if not named:
                section.delete()
                continue
            SectionTopic.objects.update_or_create(
                source=self.work.source,
                heading=heading[:200],
                defaults={"topic": filing.topic(named)},
            )


FORMS: dict[str, type[DraftForm]] = {
    form.kind: form
    for form in (
        StatementForm,
        ActionForm,
        OpenMatterForm,
        PositionForm,
        FollowUpForm,
        PersonForm,
        MeetingForm,
        TopicsForm,
    )
}

IN_YOUR_OWN_WORDS = (
    "These are the reporter’s words. Say it in your own, or quote what stands in quotation marks."
)


def agreed(work: Work, start: int, end: int) -> dict[str, Any]:
    """What the sentence tells of something agreed: kind, who owes it, when it is due."""
    found = [
        each.proposal
        for each in work.suggested
        if each.kind in ("action", "follow_up") and each.start < end and start < each.end
    ]
    proposal = found[0] if found else None
    sides = work.process_parties
    if proposal and proposal.parties:
        sides = [party for party in sides if party.pk in proposal.parties] or sides
    kind = Action.Kind.COMMITMENT
    if proposal and proposal.kind == "follow_up":
        kind = Action.Kind.FOLLOW_UP
    elif MECHANISM.search(work.source.text, start, end):
        kind = Action.Kind.MECHANISM
    return {
        "kind": kind,
        "owed_by": sides,
        "due": proposal.date if proposal else None,
        "due_words": proposal.date_words[:100] if proposal else "",
    }


def guessed_account(passage: str) -> str:
    """How the sentence words an account; "announced" where it does not say more."""
    return Account.Stance.CONFIRMED if CONFIRMS.search(passage) else Account.Stance.ANNOUNCED


def guessed_position(passage: str) -> str:
    """What the sentence says that its party wants; nothing where it uses no such word."""
    return next((stance for stance, words in WANTS.items() if words.search(passage)), "")


def is_copied(words: str, text: str) -> bool:
    """Do eight words or more in a row stand in the text outside of quotation marks?"""
    ours = WORD.findall(words.lower())
    if len(ours) < COPIED_RUN:
        return False
    theirs = " | ".join(" ".join(WORD.findall(rest)) for rest in QUOTED.split(text.lower()))
    runs = (" ".join(ours[i : i + COPIED_RUN]) for i in range(len(ours) - COPIED_RUN + 1))
    return any(f" {run} " in f" {theirs} " for run in runs)


def open_matters(
    filing: Filing,
    titles: str,
    statement: Statement | None,
    topics: list[Topic],
    **fields: Any,
) -> None:
    """What stays open, with ; between several; each cites the passage, also beside a statement."""
    topic = topics[0] if topics else None
    for title in filter(None, (each.strip() for each in titles.split(";"))):
        matter = OpenMatter(
            meeting=filing.work.meeting, title=title, statement=statement, topic=topic, **fields
        )
        filing.make(matter)
        filing.cite(matter)


def person_hint(work: Work, suggestion: Suggestion) -> dict[str, Any]:
    """In which office and at which party a suggested person is, whose body that is, and the seat."""
    proposal = suggestion.proposal
    told = Party.objects.filter(pk=proposal.party).select_related("part_of").first()
    side = told
    sides = {party.pk for party in work.process_parties}
    while side and side.pk not in sides and side.part_of:
        side = side.part_of
    office, named = proposal.office, proposal.party_name
    match = next(filter(None, (each.match(office) for each in OFFICES_OF_BODIES)), None)
    if match:
        office, named = match["office"], match["body"]
    party: Any = told
    if named:
        try:
            party = NameField(Party, new=True).find(named)
        except ValidationError:
            party = New(named)
        # "Russian", "the US": a name that the extractor knows, for the party that it found.
        if isinstance(party, New) and told and not match:
            party = told
    if isinstance(party, New) and side is None:
        side = _whose_body(work, named)
    return {
        "office": office,
        "party": party or "",
        "part_of": side if isinstance(party, New) else None,
        "seat": side if proposal.seated and told else None,
    }


def _whose_body(work: Work, name: str) -> Party | None:
    """The side that the text names before this body: "the US State Department"."""
    for party in work.process_parties:
        for called in filter(None, (party.name, party.short_name)):
            if f"{called} {name}" in work.source.text or f"{called}’s {name}" in work.source.text:
                return party
    return None


def seat_title(office: str, party: Party, seat: Party | None) -> str:
    """The title of a delegate: with the body, where that is not the delegation's own party."""
    return office if not seat or seat == party else f"{office}, {party}"[:200]
