"""What waits for a reviewer, and what was sent back: by meeting, the longest waiting first."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.paginator import Paginator
from django.db.models import Count, F, IntegerField, Value
from django.utils import timezone
from django.utils.timesince import timesince

from negotiations.editing.whole import TO_MEETING, form_address, rows
from negotiations.models import Meeting, Record, Status, User, record_models
from negotiations.models.authorship import Authorship, authorship, is_own
from negotiations.models.visibility import (
    kind_of,
    may_publish,
    open_notes,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from django.core.paginator import Page

MEETINGS_PER_PAGE = 20
SHOWN_PER_MEETING = 50
NOBODY = Authorship(None, None, None)

# Of a record that is part of another: the key to its whole, with which it goes.
WHOLES: dict[type[Record], str] = {
    model._meta.get_field(name).related_model: model._meta.get_field(name).field.name
    for model in record_models()
    for name in model.parts
}


class Waiting(NamedTuple):
    """A record that waits, before it is read."""

    model: type[Record]
    pk: int
    meeting: int | None
    authors: Authorship

    @property
    def since(self) -> dt.datetime:
        return self.authors.waiting_since or timezone.now()


@dataclass(frozen=True)
class Entry:
    """A record that waits, as the queue shows it. `held_up` says why the reader can't publish it."""

    record: Any
    address: str
    authors: str
    age: str
    notes: int
    parts: int
    held_up: str


@dataclass(frozen=True)
class Group:
    """What waits of one meeting, or of none; `more` is what there is besides the entries."""

    meeting: Meeting | None
    entries: list[Entry]
    more: int


def kinds() -> list[tuple[str, str]]:
    """The kinds by which the queue is filtered."""
    return [(kind_of(model), str(model._meta.verbose_name_plural)) for model in record_models()]


def waiting(
    user: Any, *, kind: str = "", whose: str = "", sent_back: bool = False
) -> list[Waiting]:
    """What waits for review, or was sent back with a note; parts go with their whole.

    `kind` is one of `kinds()`, `whose` is "mine" or "others"; empty means all.
    """
    found = []
    for model in record_models():
        if kind and kind_of(model) != kind:
            continue
        places = _places(model, sent_back)
        known = authorship(model, [pk for pk, _ in places]) if places else {}
        found += [Waiting(model, pk, meeting, known.get(pk, NOBODY)) for pk, meeting in places]
    if whose:
        found = [each for each in found if (user.pk in each.authors.people) == (whose == "mine")]
    return found


def _places(model: type[Record], sent_back: bool) -> list[tuple[int, int | None]]:
    """The numbers of the records of a kind that wait, each with its meeting's."""
    records = model._default_manager.order_by()
    if sent_back:
        noted = open_notes().filter(kind=kind_of(model)).values("record_id")
        records = records.filter(status=Status.DRAFT, pk__in=noted)
    else:
        records = records.filter(status=Status.IN_REVIEW)
        if whole := WHOLES.get(model):
            records = records.exclude(**{f"{whole}__status": Status.IN_REVIEW})
    way = TO_MEETING.get(model)
    meeting: Any = F(way) if way else Value(None, output_field=IntegerField())
    return list(records.annotate(of_meeting=meeting).values_list("pk", "of_meeting"))


def count_waiting() -> int:
    """How many records wait for review."""
    one, *rest = (
        model._default_manager.filter(status=Status.IN_REVIEW).order_by().values("pk")
        for model in record_models()
    )
    return one.union(*rest, all=True).count()


def page_of(found: list[Waiting], user: Any, number: Any) -> Page:
    """One page of groups, the longest waiting first, in a number of queries that is fixed."""
    by_meeting: defaultdict[int | None, list[Waiting]] = defaultdict(list)
    for each in sorted(found, key=lambda each: (each.since, each.pk)):
        by_meeting[each.meeting].append(each)
    page = Paginator(list(by_meeting.items()), MEETINGS_PER_PAGE).get_page(number)
    shown = [(meeting, some[:SHOWN_PER_MEETING], len(some)) for meeting, some in page.object_list]
    meetings = Meeting.objects.in_bulk([meeting for meeting, _, _ in shown if meeting])
    entries = _entries([each for _, some, _ in shown for each in some], user)
    page.object_list = [
        Group(
            meetings.get(meeting or 0),
            [entries[each.model, each.pk] for each in some if (each.model, each.pk) in entries],
            number - len(some),
        )
        for meeting, some, number in shown
    ]
    return page


def _entries(shown: list[Waiting], user: Any) -> dict[tuple[type[Record], int], Entry]:
    by_kind: defaultdict[type[Record], dict[int, Waiting]] = defaultdict(dict)
    for each in shown:
        by_kind[each.model][each.pk] = each
    people = {person for each in shown for person in each.authors.people}
    names = dict(User.objects.filter(pk__in=people).values_list("pk", "username"))
    notes = _open_notes(by_kind)
    entries = {}
    for model, some in by_kind.items():
        parts = _parts(model, list(some))
        for record in rows(model, some):
            authors = some[record.pk].authors
            entries[model, record.pk] = Entry(
                record,
                form_address(record),
                _told(authors, names),
                timesince(some[record.pk].since, depth=1) if authors.waiting_since else "",
                notes[kind_of(model), record.pk],
                parts[record.pk],
                _held_up(authors, user, notes[kind_of(model), record.pk]),
            )
    return entries


def _open_notes(by_kind: dict[type[Record], dict[int, Waiting]]) -> defaultdict[Any, int]:
    notes = open_notes().filter(kind__in=[kind_of(model) for model in by_kind])
    notes = notes.filter(record_id__in={pk for some in by_kind.values() for pk in some})
    counted = notes.order_by().values_list("kind", "record_id").annotate(Count("pk"))
    return defaultdict(int, {(kind, pk): number for kind, pk, number in counted})


def _parts(model: type[Record], pks: list[int]) -> defaultdict[int, int]:
    """How many parts in review each record of a kind has, parts of parts counted."""
    counts: defaultdict[int, int] = defaultdict(int)
    for part, way in _ways(model):
        some = part._default_manager.filter(status=Status.IN_REVIEW, **{f"{way}__in": pks})
        for pk, number in some.order_by().values_list(way).annotate(Count("pk")):
            counts[pk] += number
    return counts


def _ways(model: type[Record]) -> Iterator[tuple[type[Record], str]]:
    """The kinds of part that a kind has, and the way from each to it."""
    for name in model.parts:
        relation: Any = model._meta.get_field(name)
        way = relation.field.name
        yield relation.related_model, way
        for part, further in _ways(relation.related_model):
            yield part, f"{further}__{way}"


def _told(authors: Authorship, names: dict[int, str]) -> str:
    maker, changer = (names.get(person or 0, "a command") for person in authors[:2])
    return maker if maker == changer else f"{maker}, last changed by {changer}"


def _held_up(authors: Authorship, user: Any, notes: int) -> str:
    if not may_publish(user):
        return "for a reviewer"
    if is_own(authors, user):
        return "yours: for another reviewer"
    return "resolve its notes first" if notes else ""
