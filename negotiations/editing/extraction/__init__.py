"""Proposes drafts from a captured text by rules alone: no model, no network, the same each time."""

from __future__ import annotations

from negotiations.editing.extraction.known import known_people
from negotiations.editing.extraction.proposals import Known, KnownParty, KnownPerson, Proposal
from negotiations.editing.extraction.reading import propose

__all__ = ["Known", "KnownParty", "KnownPerson", "Proposal", "known_people", "propose"]
