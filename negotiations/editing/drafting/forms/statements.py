"""Drafting what was said, and the position that it shows."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from negotiations.editing.drafting.filing import Filing
from negotiations.editing.drafting.forms.base import (
    IN_YOUR_OWN_WORDS,
    PassageForm,
    area,
    is_copied,
)
from negotiations.editing.drafting.forms.speaking import (
    AccountMixin,
    SpeakerMixin,
    agreed,
    guessed_account,
    guessed_position,
    open_matters,
)
from negotiations.editing.drafting.naming import NameField, NamesField
from negotiations.models import (
    Account,
    Action,
    Position,
    Question,
    Statement,
    Topic,
)
from negotiations.models.dates import VagueDateFormField
from negotiations.models.sources import passage_places


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
