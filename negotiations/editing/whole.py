"""A meeting with all that hangs on it or that it hangs on, as a reviewer publishes it in one act."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.urls import reverse

from negotiations.models import (
    Account,
    Action,
    Appointment,
    Citation,
    Delegate,
    Delegation,
    Meeting,
    OpenMatter,
    Person,
    Position,
    Progress,
    Record,
    Source,
    Statement,
    Status,
)
from negotiations.models.records import in_order
from negotiations.models.visibility import ON_THE_WAY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# What hangs on a meeting, and by which way.
TO_MEETING: dict[type[Record], str] = {
    Meeting: "pk",
    Delegation: "meeting",
    Delegate: "delegation__meeting",
    Statement: "meeting",
    Position: "statement__meeting",
    Action: "meeting",
    Account: "action__meeting",
    Progress: "action__meeting",
    OpenMatter: "meeting",
}


@dataclass(frozen=True)
class Whole:
    """A meeting's records by kind and number, what is hung on first; and all that they cite."""

    meeting: Meeting
    records: dict[type[Record], dict[int, Any]]
    citations: list[Citation]

    def __iter__(self) -> Iterator[Any]:
        for some in self.records.values():
            yield from some.values()

    def of(self, model: type[Record]) -> list[Any]:
        return list(self.records[model].values())

    @property
    def waiting(self) -> list[Any]:
        """The drafts and what is in review: what goes public with the meeting."""
        return [each for each in self if each.status in ON_THE_WAY]

    @property
    def drafts(self) -> list[Any]:
        return [each for each in self if each.status == Status.DRAFT]

    def seal(self) -> str:
        """Stands for what is waiting as it is now, so that nobody publishes what they have not seen."""
        seen = "".join(
            f"{each._meta.model_name}{each.pk}.{each.revision} " for each in self.waiting
        )
        return hashlib.blake2b(seen.encode(), digest_size=16).hexdigest()


def gather(meeting: Meeting) -> Whole:
    """Find all that hangs on a meeting, and all that any of it hangs on, is linked to or cites.

    The number of queries grows with the depth of the trees of topics and parties, not with the
    number of records.
    """
    order = in_order()
    found: dict[type[Record], dict[int, Any]] = {model: {} for model in order}
    asked: dict[type[Record], set[int]] = {model: set() for model in order}
    wanted: dict[type[Record], set[int]] = {model: set() for model in order}
    citations: list[Citation] = []
    for kind, way in TO_MEETING.items():
        hanging = kind._default_manager.filter(**{way: meeting.pk})
        wanted[kind].update(hanging.values_list("pk", flat=True))
    while model := next((m for m in reversed(order) if wanted[m] - asked[m]), None):
        new = wanted[model] - asked[model]
        asked[model] |= new
        some = list(rows(model, new))
        found[model].update((row.pk, row) for row in some)
        for field in model.hangs_on():
            above: Any = field.related_model
            wanted[above] |= {getattr(row, field.attname) for row in some} - {None}
        for link in model.links():
            links = link.through._default_manager.filter(**{f"{link.by}__in": new})
            wanted[link.target].update(links.values_list(link.to, flat=True))
        if column := model.cited_by_column():
            cited = Citation.objects.filter(**{f"{column}__in": new}).order_by("pk")
            citations += cited
            wanted[Source].update(each.source_id for each in cited)
        if model is Person:
            offices = Appointment.objects.filter(person__in=new)
            wanted[Appointment].update(offices.values_list("pk", flat=True))
    return Whole(meeting, found, citations)


def rows(model: type[Record], pks: Iterable[int]) -> Any:
    """Records of one kind with all that their names need, without the captured texts of sources."""
    found = model._default_manager.filter(pk__in=pks).order_by("pk")
    if above := [field.name for field in model.hangs_on()]:
        found = found.select_related(*above)
    if model is Source:
        found = found.annotate(captured=~Q(text="")).defer("text")
    return found


def form_address(record: Record) -> str:
    """Where an editor mends this record."""
    return reverse(f"admin:negotiations_{record._meta.model_name}_change", args=[record.pk])
