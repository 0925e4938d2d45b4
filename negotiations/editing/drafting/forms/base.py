"""What all forms of the page share: a passage, one transaction, and no typed word lost."""

from __future__ import annotations

import re
from abc import abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Self
from urllib.parse import urlencode

import pghistory
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from negotiations.editing.base import broken_rule
from negotiations.editing.drafting.filing import Filing
from negotiations.editing.drafting.guessing import QUOTED
from negotiations.editing.drafting.naming import NameField, New
from negotiations.editing.duplicates.likes import KINDS, Like, likes
from negotiations.editing.duplicates.pairs import not_the_same
from negotiations.editing.duplicates.warning import LikesInput
from negotiations.models import (
    Person,
    Record,
    Source,
    Topic,
)
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


IN_YOUR_OWN_WORDS = (
    "These are the reporter’s words. Say it in your own, or quote what stands in quotation marks."
)


WORD = re.compile(r"\w+")


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
        "another",
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
    # Asked only where a new name is like one that is there.
    another = forms.CharField(
        required=False, max_length=1000, label="Already there?", widget=forms.HiddenInput
    )

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
        self.others: list[tuple[New, Like]] = []
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
    def opens_at(self) -> str:
        """The address at which this form opens again for its passage."""
        asked = {"kind": self.kind, "start": self.begins, "end": self.ends}
        if self.of_action:
            asked["of_action"] = self.of_action
        if self.suggested:
            asked["suggestion"] = self.suggested.key
        return f"{reverse('draft', args=[self.work.source.pk])}?{urlencode(asked)}"

    @property
    def main_fields(self) -> list[forms.BoundField]:
        main = [field for field in self.visible_fields() if field.name not in self.rare]
        return sorted(main, key=lambda field: field.name != "another")

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

    def clean(self) -> dict[str, Any]:
        """Ask before a second record is made of what is there under a name like it."""
        cleaned = dict(super().clean() or {})
        found = [
            (named, like)
            for name, field in self.fields.items()
            if isinstance(field, NameField) and (model := KINDS.get(field.kind))
            for named in _new_names(cleaned.get(name))
            for like in likes(
                model, re.split(r"[()]", str(named)), part_of=self._whose(cleaned, name)
            )
        ]
        if found:
            self.fields["another"].widget = LikesInput([like for _, like in found])
            confirmed = set(cleaned.get("another", "").split(","))
            self.others = [(named, like) for named, like in found if like.key in confirmed]
            if len(self.others) < len(found):
                names = ", ".join(dict.fromkeys(f"“{named}”" for named, _ in found))
                self.add_error(
                    "another",
                    f"{names} may be there already. Write the name as it is there; if yours is "
                    "another, say so and save again.",
                )
        return cleaned

    def _whose(self, cleaned: dict[str, Any], name: str) -> int | None:
        """The party whose body a new party of this field is: bodies of others are others."""
        above = cleaned.get("part_of") if name == "party" else None
        return above.pk if above else None

    @abstractmethod
    def file(self, filing: Filing) -> None:
        """Make the records.

        Raises:
            ValidationError: with the names of the fields of the records that are wrong.
        """

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
                for named, like in self.others:
                    if made := filing.named.get(str(named)):
                        not_the_same(type(made), made.pk, like.pk, self.work.editor)
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


def _new_names(value: Any) -> list[New]:
    return [
        each for each in (value if isinstance(value, list) else [value]) if isinstance(each, New)
    ]


def is_copied(words: str, text: str) -> bool:
    """Do eight words or more in a row stand in the text outside of quotation marks?"""
    ours = WORD.findall(words.lower())
    if len(ours) < COPIED_RUN:
        return False
    theirs = " | ".join(" ".join(WORD.findall(rest)) for rest in QUOTED.split(text.lower()))
    runs = (" ".join(ours[i : i + COPIED_RUN]) for i in range(len(ours) - COPIED_RUN + 1))
    return any(f" {run} " in f" {theirs} " for run in runs)
