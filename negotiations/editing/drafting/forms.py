"""The forms of the desk page: one for each kind of draft, opened with what the passage tells."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar

import pghistory
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, connection, transaction

from negotiations.editing.base import broken_rule
from negotiations.editing.drafting.filing import Filing
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
WORD = re.compile(r"\w+")
QUOTED = re.compile(r"[“„][^“”„]*[”“]|«[^«»]*»|\"[^\"]*\"")


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
    # Fields that are seldom changed: folded away, and opened when something is wrong with them.
    rare: ClassVar[tuple[str, ...]] = ()

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
    ) -> None:
        self.work, self.begins, self.ends, self.quoted = work, start, end, passage
        self.suggested = suggestion
        self.made: list[Record] = []
        initial = {} if data is not None else self.filled()
        initial |= {"start": start, "end": end, "sha256": work.source.text_sha256}
        initial |= {"suggestion": suggestion.key if suggestion else ""}
        super().__init__(data, initial=initial, prefix=None, label_suffix="", auto_id="d-%s")
        if begin := self.fields.get(self.begin_with()):
            begin.widget.attrs["autofocus"] = True

    def begin_with(self) -> str:
        return self.first

    @property
    def main_fields(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name not in self.rare]

    @property
    def rare_fields(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name in self.rare]

    @property
    def rare_has_errors(self) -> bool:
        return any(field.errors for field in self.rare_fields)

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

    def save(self) -> list[Record]:
        """Make the drafts in one transaction, under a lock on the source that makes a second editor
        wait; returns them. With errors, nothing is made, and they are on the form.
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
        return self.made

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
        cleaned = super().clean() or {}
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
        self.data = self.data.copy()
        self.data |= {"start": self.begins, "end": self.ends}
        self.data["sha256"] = self.work.source.text_sha256
        if places:
            self.data["where"] = self.work.where(self.begins)

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
        guessed = self.work.guess(self.begins, self.ends)
        proposal = self.suggested.proposal if self.suggested else None
        speaker = (proposal and proposal.speaker) or guessed.speaker
        party = (proposal and proposal.party) or guessed.party
        if proposal and proposal.kind == "person":
            speaker = party = None
        return {"speaker": self.name_of(Person, speaker), "party": self.name_of(Party, party)}


class StatementForm(SpeakerMixin, PassageForm):
    kind, title = "statement", "Statement"
    rare = ("date", "occasion", "occasion_note", "passage", "where")
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
    question = NameField(
        Question, new=True, required=False, label="It shows a position on", help_text="A question."
    )
    stance = forms.ChoiceField(
        label="Which is", choices=[("", "–"), *Position.Stance.choices], required=False
    )
    open_matter = forms.CharField(
        label="It leaves open", required=False, max_length=200, help_text="In your own words."
    )

    field_order = (
        "words",
        "form",
        "translation",
        "speaker",
        "party",
        "topics",
        "question",
        "stance",
        "open_matter",
        "date",
        "occasion",
        "occasion_note",
        "passage",
        "where",
    )

    def __init__(self, work: Work, *args: Any, **kwargs: Any) -> None:
        super().__init__(work, *args, **kwargs)
        if work.source.language.split("-")[0] in ("", "en"):
            del self.fields["translation"]

    def begin_with(self) -> str:
        return "" if self.filled().get("words") else "words"

    def filled(self) -> dict[str, Any]:
        guessed = self.work.guess(self.begins, self.ends)
        proposal = self.suggested.proposal if self.suggested else None
        words, verbatim = guessed.words, guessed.is_verbatim
        if proposal and proposal.kind == "statement":
            words, verbatim = proposal.words, proposal.form == Statement.Form.VERBATIM
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
        if bool(cleaned.get("question")) != bool(cleaned.get("stance")):
            at = "stance" if cleaned.get("question") else "question"
            self.add_error(at, "A position names the question and what the party wants.")
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
        if cleaned["question"]:
            question = filing.question(cleaned["question"], topics[0] if topics else None)
            filing.make(Position(question=question, statement=statement, stance=cleaned["stance"]))
        if cleaned["open_matter"]:
            open_matter(filing, cleaned["open_matter"], statement, topics)

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
    rare = ("due", "topics", "note", "details", "passage", "where")
    first = "action_title"
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
    note = forms.CharField(
        required=False,
        max_length=300,
        help_text="For “qualified”: what it adds or leaves out.",
    )
    topics = NamesField(Topic, new=True, required=False, help_text="With ; between several.")

    field_order = (
        "action",
        "action_title",
        "action_kind",
        "said",
        "speaker",
        "party",
        "stance",
        "statement",
        "owed_by",
        "due_words",
        "due",
        "leads_to",
        "topics",
        "note",
        "details",
        "passage",
        "where",
    )

    def __init__(self, work: Work, *args: Any, **kwargs: Any) -> None:
        super().__init__(work, *args, **kwargs)
        self.offer_statements()
        ids = [each.pk for each in work.actions]
        self.fields["action"].queryset = Action.objects.filter(pk__in=ids)
        self.fields["action"].choices = [
            ("", "(a new action)"),
            *((each.pk, str(each)) for each in work.actions),
        ]

    def filled(self) -> dict[str, Any]:
        proposal = self.suggested.proposal if self.suggested else None
        agreed = {p.pk for p in self.work.process_parties}
        if proposal and proposal.parties:
            agreed &= set(proposal.parties)
        owing = [p.name for p in self.work.process_parties if p.pk in agreed]
        passage = self.quoted.lower()
        follow_up = proposal and proposal.kind == "follow_up"
        mechanism = re.search(r"mechanism|commission|working group|механизм|комисси", passage)
        kind = "follow_up" if follow_up else "mechanism" if mechanism else "commitment"
        return {
            **super().filled(),
            **self.account_filled(),
            "action_kind": kind,
            "owed_by": "; ".join(owing),
            "due": (proposal and proposal.date) or None,
            "due_words": ((proposal and proposal.date_words) or "")[:100],
            "stance": "confirmed" if re.search(r"\bconfirm|подтверд", passage) else "announced",
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


class FollowUpForm(ActionForm):
    """A meeting that this one foresaw; agreed, or only spoken of."""

    kind, title, needs_meeting = "follow_up", "Follow-up", True
    rare = ("action", "action_kind", *ActionForm.rare)
    first = "leads_to"

    meeting_kind = forms.ChoiceField(label="It will be", choices=Meeting.Kind.choices)

    field_order = ("leads_to", "meeting_kind", "due_words", "due", *ActionForm.field_order)

    def __init__(self, work: Work, *args: Any, **kwargs: Any) -> None:
        super().__init__(work, *args, **kwargs)
        self.fields["leads_to"].required = True
        self.fields["leads_to"].label = "Which meeting"
        self.fields["leads_to"].help_text = "“Meeting of the deputy ministers”."
        self.fields["action_title"].help_text = "Empty if it was spoken of, but not agreed."
        self.fields["action_title"].label = "What was agreed"
        self.fields["action_kind"].initial = Action.Kind.FOLLOW_UP

    def filled(self) -> dict[str, Any]:
        return {**super().filled(), "action_kind": Action.Kind.FOLLOW_UP}

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
        elif cleaned["said"]:
            self.statement_of(filing, self.topics_of(filing))


class OpenMatterForm(AccountMixin, PassageForm):
    kind, title, needs_meeting = "open_matter", "Open matter", True
    rare = ("question", "details", "passage", "where")
    first = "matter_title"
    SHOWN_AT: ClassVar[dict[str, str]] = {"title": "matter_title", "topic": "topics"}

    matter_title = forms.CharField(
        label="What stays open",
        max_length=200,
        help_text="In your own words: “Seized Russian property”.",
    )
    details = forms.CharField(required=False, widget=area(2))
    question = NameField(Question, required=False)
    topics = NamesField(Topic, new=True, required=False, label="Topic")

    field_order = (
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

    def __init__(self, work: Work, *args: Any, **kwargs: Any) -> None:
        super().__init__(work, *args, **kwargs)
        self.offer_statements()

    def filled(self) -> dict[str, Any]:
        return {**super().filled(), **self.account_filled(), "topics": self.topic_names()}

    def file(self, filing: Filing) -> None:
        cleaned = self.cleaned_data
        topics = self.topics_of(filing)
        statement = self.statement_of(filing, topics)
        fields = {"question": cleaned["question"], "details": cleaned["details"]}
        open_matter(filing, cleaned["matter_title"], statement, topics, **fields)


class PositionForm(AccountMixin, PassageForm):
    kind, title = "position", "Position"
    rare = ("topics", "passage", "where")
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

    field_order = (
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

    def __init__(self, work: Work, *args: Any, **kwargs: Any) -> None:
        super().__init__(work, *args, **kwargs)
        self.offer_statements()
        self.fields["statement"].empty_label = "(your words below)"

    def filled(self) -> dict[str, Any]:
        return {**super().filled(), **self.account_filled(), "topics": self.topic_names()}

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
    rare = ("passage", "where")
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

    field_order = ("name", "office", "party", "part_of", "seat", "seat_title", "passage", "where")

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
            "name": proposal.name,
            "office": proposal.office,
            "party": str(hint["party"]),
            "part_of": str(hint["part_of"] or ""),
            "seat": str(hint["seat"] or ""),
        }

    def file(self, filing: Filing) -> None:
        cleaned = self.cleaned_data
        party = filing.party(cleaned["party"], cleaned["part_of"])
        seat = cleaned["seat"]
        title = cleaned["seat_title"] or seat_title(cleaned["office"], party, seat)
        filing.person(cleaned["name"], cleaned["office"], party, seat=seat, title=title)


class MeetingForm(DraftForm):
    """The meeting for which the editor works at this source, chosen or made."""

    kind, title = "meeting", "Meeting"
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
    duration = forms.IntegerField(label="Minutes", required=False, min_value=1)
    duration_about = forms.BooleanField(label="about", required=False)
    summary = forms.CharField(
        required=False, widget=area(2), help_text="Two or three neutral sentences, your own words."
    )

    def filled(self) -> dict[str, Any]:
        chosen = self.work.meeting
        if chosen:
            return {"meeting": chosen.title, "process": chosen.process.name}
        return {"state": Meeting.State.HELD, "date": self.work.source.date}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
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
        names = ("state", "date", "place", "duration", "duration_about", "summary")
        fields = {name: cleaned[name] for name in names}
        return filing.meeting(cleaned["meeting"], process, kind=cleaned["meeting_kind"], **fields)


class TopicsForm(DraftForm):
    """The topics of the text's sections, all in one go."""

    kind, title = "topics", "Topics of the sections"

    def __init__(self, work: Work, *args: Any, **kwargs: Any) -> None:
        self.headings = [heading for heading in work.reading.headings if heading][:100]
        super().__init__(work, *args, **kwargs)
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


def is_copied(words: str, text: str) -> bool:
    """Do eight words or more in a row stand in the text outside of quotation marks?"""
    ours = WORD.findall(words.lower())
    if len(ours) < COPIED_RUN:
        return False
    theirs = " | ".join(" ".join(WORD.findall(rest)) for rest in QUOTED.split(text.lower()))
    runs = (" ".join(ours[i : i + COPIED_RUN]) for i in range(len(ours) - COPIED_RUN + 1))
    return any(f" {run} " in f" {theirs} " for run in runs)


def open_matter(
    filing: Filing,
    title: str,
    statement: Statement | None,
    topics: list[Topic],
    **fields: Any,
) -> OpenMatter:
    """What stays open; it cites the passage, also where a statement documents it."""
    topic = topics[0] if topics else None
    matter = OpenMatter(
        meeting=filing.work.meeting, title=title, statement=statement, topic=topic, **fields
    )
    filing.make(matter)
    filing.cite(matter)
    return matter


def person_hint(work: Work, suggestion: Suggestion) -> dict[str, Any]:
    """At which party a suggested person is, whose body that is, and where the person sat."""
    proposal = suggestion.proposal
    told = Party.objects.filter(pk=proposal.party).select_related("part_of").first()
    side = told
    sides = {party.pk for party in work.process_parties}
    while side and side.pk not in sides and side.part_of:
        side = side.part_of
    named = proposal.party_name
    party: Any = told
    if named:
        try:
            party = NameField(Party, new=True).find(named)
        except ValidationError:
            party = New(named)
        # "Russian", "the US": another name of the party that the extractor knows.
        if isinstance(party, New) and told and told == side and not _is_body(named):
            party = told
    new_body = isinstance(party, New)
    return {
        "party": party or "",
        "part_of": side if new_body else None,
        "seat": side if proposal.seated else None,
    }


def _is_body(name: str) -> bool:
    """Is this the name of a body, not just a country's adjective?"""
    return len(name.split()) > 1


def seat_title(office: str, party: Party, seat: Party | None) -> str:
    """The title of a delegate: with the body, where that is not the delegation's own party."""
    return office if not seat or seat == party else f"{office}, {party}"[:200]
