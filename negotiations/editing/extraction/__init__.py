"""Proposes drafts from a captured text by rules alone: no model, no network, the same each time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from negotiations.editing.extraction.known import known_people
from negotiations.editing.extraction.proposals import Known, KnownParty, KnownPerson, Proposal
from negotiations.editing.extraction.quotations import quotations

if TYPE_CHECKING:
    from negotiations.models.dates import VagueDate

__all__ = ["Known", "KnownParty", "KnownPerson", "Proposal", "known_people", "propose"]


def propose(
    text: str, language: str, known: Known, written: VagueDate | None = None
) -> list[Proposal]:
    """What this text suggests to record, in the order of the text.

    Args:
        text: the text as captured. Any text will do; the time taken is proportional to its length.
        language: its code, as of a source ("en", "ru", "en-GB"); others are read as English, where
            only the quotation marks are sure to be understood.
        known: whom the records know already; `Known()` is enough to begin with.
        written: the source's date, from which "on Tuesday" is reckoned. Without it, such words stay
            words.
    """
    return [
        Proposal("statement", start, end, "quotation marks", words, "verbatim")
        for start, end, words in quotations(text)
    ]
