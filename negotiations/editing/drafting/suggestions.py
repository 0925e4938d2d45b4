"""What the extractor suggests and nobody has drafted or dismissed yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from negotiations.models import Action, Meeting, OpenMatter, Statement

if TYPE_CHECKING:
    from negotiations.editing.drafting.places import Use
    from negotiations.editing.extraction import Proposal

KINDS = {
    "statement": "Statement",
    "action": "Action",
    "follow_up": "Follow-up",
    "open_matter": "Open matter",
    "person": "Person",
}


@dataclass(frozen=True)
class Suggestion:
    """A proposal with its number on the page, and a key that a new capture of the text keeps."""

    key: str
    proposal: Proposal
    passage: str
    number: int = 0

    @property
    def kind(self) -> str:
        return self.proposal.kind

    @property
    def start(self) -> int:
        return self.proposal.start

    @property
    def end(self) -> int:
        return self.proposal.end

    @property
    def title(self) -> str:
        return KINDS[self.kind]

    @property
    def is_ready(self) -> bool:
        """Can it be accepted as it is, or does it need the editor's own words first?"""
        proposal = self.proposal
        if self.kind == "person":
            return bool(proposal.name and proposal.office and (proposal.party or proposal.seated))
        said = self.kind == "statement" and proposal.form == "verbatim" and proposal.words
        return bool(said and (proposal.speaker or proposal.party))


def key_each(proposals: Iterable[Proposal], text: str) -> list[Suggestion]:
    """Give each proposal its key: the kind, the words, and how many of the same came before."""
    before: Counter[str] = Counter()
    keyed = []
    for proposal in sorted(proposals, key=lambda each: (each.start, each.end)):
        passage = text[proposal.start : proposal.end]
        words = " ".join(passage.split())
        told = "\n".join((proposal.kind, proposal.form, proposal.name, words))
        before[told] += 1
        key = sha256(f"{told}\n{before[told]}".encode()).hexdigest()[:32]
        keyed.append(Suggestion(key, proposal, passage))
    return keyed


def open_ones(
    suggestions: Iterable[Suggestion],
    uses: Collection[Use],
    seated: Collection[int],
    dismissed: Collection[str],
) -> list[Suggestion]:
    """Those that are neither drafted nor dismissed, numbered from 1; `seated` are the delegates."""
    left = [s for s in suggestions if s.key not in dismissed and not _is_drafted(s, uses, seated)]
    return [replace(each, number=number) for number, each in enumerate(left, start=1)]


def _is_drafted(suggestion: Suggestion, uses: Collection[Use], seated: Collection[int]) -> bool:
    """Is there a record of this kind that cites this passage, or does this person sit already?"""
    if suggestion.kind == "person":
        return suggestion.proposal.speaker in seated
    start, end, form = suggestion.start, suggestion.end, suggestion.proposal.form
    for use in uses:
        record = use.record
        match suggestion.kind:
            case "statement" if form == "verbatim":
                drafted = isinstance(record, Statement) and record.is_verbatim
                if drafted and use.touches(start, end):
                    return True
            case "statement":
                drafted = isinstance(record, Statement) and not record.is_verbatim
                if drafted and use.covers(start, end):
                    return True
            case "action" | "follow_up":
                if isinstance(record, Action | Meeting) and use.covers(start, end):
                    return True
            case "open_matter":
                if isinstance(record, OpenMatter) and use.covers(start, end):
                    return True
    return False
