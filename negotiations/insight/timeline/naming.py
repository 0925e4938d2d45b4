"""The records that stand alone in a cell or a list: what each is called, and where it leads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from negotiations.models import Action, Meeting, Party, Progress, Statement

if TYPE_CHECKING:
    from collections.abc import Iterable

    from negotiations.models import VagueDate


class Named(NamedTuple):
    """A record as an entry: when, what, whose, and its page."""

    kind: str
    date: VagueDate | None
    until: VagueDate | None
    title: str
    sides: list[Party]
    url: str
    note: str = ""  # its state, if that is not what one would think


def named(wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Named]:
    """By kind and number, all these records: one query for each kind, and those for their sides."""
    numbers: dict[str, set[int]] = {kind: set() for kind in READERS}
    for kind, record in wanted:
        numbers[kind].add(record)
    return {
        (kind, pk): entry
        for kind, pks in numbers.items()
        for pk, entry in READERS[kind](pks).items()
    }


def _meetings(pks: set[int]) -> dict[int, Named]:
    found = Meeting.objects.filter(pk__in=pks)
    return {
        each.pk: Named(
            "meeting",
            each.date,
            each.ended,
            each.title,
            [],
            each.get_absolute_url(),
            "" if each.state == Meeting.State.HELD else each.get_state_display(),
        )
        for each in found
    }


def _statements(pks: set[int]) -> dict[int, Named]:
    found = Statement.objects.filter(pk__in=pks).select_related("party", "speaker")
    return {
        each.pk: Named(
            "statement", each.date, None, str(each), [each.party], each.get_absolute_url()
        )
        for each in found.defer("original_words")
    }


def _due(pks: set[int]) -> dict[int, Named]:
    found = Action.objects.filter(pk__in=pks).prefetch_related("owed_by")
    return {
        each.pk: Named("due", each.due, None, each.title, _owing(each), each.get_absolute_url())
        for each in found
    }


def _done(pks: set[int]) -> dict[int, Named]:
    found = Progress.objects.filter(pk__in=pks).select_related("action")
    return {
        each.pk: Named(
            "done",
            each.date,
            None,
            each.action.title,
            _owing(each.action),
            each.action.get_absolute_url(),
        )
        for each in found.prefetch_related("action__owed_by")
    }


def _owing(action: Action) -> list[Party]:
    """A published action is owed by published parties only: the database sees to it."""
    return sorted(action.owed_by.all(), key=lambda party: (party.name, party.pk))


READERS: dict[str, Any] = {
    "meeting": _meetings,
    "statement": _statements,
    "due": _due,
    "done": _done,
}
