"""Reads from the records whom a text may name."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from negotiations.editing.extraction.proposals import Known, KnownParty, KnownPerson
from negotiations.models import Appointment, Delegate, Party, Person

if TYPE_CHECKING:
    from negotiations.models import Meeting


def known_people(meeting: Meeting | None) -> Known:
    """All people and parties, and who sat for whom at this meeting; four queries, however many."""
    offices: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for person, office, party in Appointment.objects.order_by("pk").values_list(
        "person", "office", "party"
    ):
        offices[person].append((office, party))
    seats: dict[int, int] = {}
    if meeting:
        for person, title, party in Delegate.objects.filter(meeting=meeting).values_list(
            "person", "title", "delegation__party"
        ):
            seats[person] = party
            if title:
                offices[person].append((title, party))
    people = tuple(
        KnownPerson(
            pk,
            tuple(filter(None, names)),
            tuple(dict.fromkeys(offices[pk])),
            seats.get(pk) or _only({party for _, party in offices[pk]}),
            pk in seats,
        )
        for pk, *names in Person.objects.order_by("pk").values_list("pk", "name", "native_name")
    )
    parties = tuple(
        KnownParty(pk, tuple(filter(None, names)), part_of=above)
        for pk, above, *names in Party.objects.order_by("pk").values_list(
            "pk", "part_of", "name", "short_name", "native_name"
        )
    )
    return Known(people, parties)


def _only(parties: set[int]) -> int | None:
    return next(iter(parties)) if len(parties) == 1 else None
