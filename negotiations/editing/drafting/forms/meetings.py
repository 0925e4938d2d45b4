"""The meeting for which an editor works at a source, and the topics of the text's sections."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from negotiations.editing.drafting.filing import Filing
from negotiations.editing.drafting.forms.base import (
    IN_YOUR_OWN_WORDS,
    DraftForm,
    area,
    is_copied,
)
from negotiations.editing.drafting.naming import Named, NameField, NamesField, New
from negotiations.models import (
    Meeting,
    Party,
    Process,
    SectionTopic,
    Topic,
)
from negotiations.models.dates import VagueDateFormField

DURATION = re.compile(
    r"(?P<about>about|around|nearly|almost|over|~)?\s*+"
    r"(?:(?P<hours>\d{1,4}(?:\.\d{1,9})?)\s*+h\w*+)?\s*+(?:(?P<minutes>\d{1,5})\s*+(?:m\w*+)?)?$"
)


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
