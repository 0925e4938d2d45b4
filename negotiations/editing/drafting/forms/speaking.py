"""Who says something, and what the sentence tells of it: shared by the forms of what was said."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from negotiations.editing.drafting.filing import Filing
from negotiations.editing.drafting.forms.base import (
    IN_YOUR_OWN_WORDS,
    area,
    is_copied,
)
from negotiations.editing.drafting.naming import NameField
from negotiations.models import (
    Account,
    Action,
    OpenMatter,
    Party,
    Person,
    Position,
    Statement,
    Topic,
)

if TYPE_CHECKING:
    from negotiations.editing.drafting.work import Work

MECHANISM = re.compile(r"mechanism|commission|working group|механизм|комисси", re.IGNORECASE)
CONFIRMS = re.compile(r"\bconfirm|\bподтвер", re.IGNORECASE)


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
