"""Makes the records of a batch, with their addresses, seats, links and citations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection, models
from django.utils.text import slugify

from negotiations.editing.importing.drafts import mark
from negotiations.editing.importing.kinds import Kind, citation_of, linked, seat_of
from negotiations.models import Citation, Delegation

if TYPE_CHECKING:
    from negotiations.editing.importing.drafts import Draft


def give_addresses(kind: Kind, drafts: list[Draft]) -> None:
    """Addresses for new records whose rows give none: of the name, with a bit of the key if taken."""
    bare = [draft for draft in drafts if not draft.record.slug]
    if not bare:
        return
    wished = {id(draft): slugify(str(draft.record))[:80].strip("-") or kind.name for draft in bare}
    taken = set(
        kind.model._default_manager.filter(slug__in=wished.values()).values_list("slug", flat=True)
    )
    taken |= {draft.record.slug for draft in drafts}
    for draft in bare:
        slug = wished[id(draft)]
        if slug in taken:
            slug = f"{slug}-{mark(draft.entry.key)}"
        taken.add(slug)
        draft.record.slug = slug


def give_seats(drafts: list[Draft]) -> None:
    """The delegates' delegations, found or made."""
    seats = {
        (seat["meeting"].pk, seat["party"].pk): seat
        for draft in drafts
        if "meeting" in (seat := seat_of(draft.record)) and "party" in seat
    }
    found = Delegation.objects.filter(
        meeting__in={meeting for meeting, _ in seats}, party__in={party for _, party in seats}
    ).select_related("meeting", "party")
    by_seat = {(each.meeting_id, each.party_id): each for each in found}
    missing = [
        Delegation(meeting=seat["meeting"], party=seat["party"])
        for pair, seat in seats.items()
        if pair not in by_seat
    ]
    for made in Delegation.objects.bulk_create(missing):
        by_seat[made.meeting_id, made.party_id] = made
    for draft in drafts:
        seat = seat_of(draft.record)
        draft.record.delegation = by_seat[seat["meeting"].pk, seat["party"].pk]


def create(kind: Kind, drafts: list[Draft]) -> None:
    records = [draft.record for draft in drafts]
    if kind.model.save is models.Model.save:
        kind.model._default_manager.bulk_create(records)
    else:
        for record in records:
            record.save(force_insert=True)
    _link_new(kind, records)
    if kind.cites:
        Citation.objects.bulk_create(
            [citation for each in records if (citation := _tied(each)).source_id]
        )
    connection.check_constraints()


def _tied(record: Any) -> Citation:
    citation = citation_of(record)
    setattr(citation, record._meta.get_field("citations").remote_field.name, record)
    return citation


def _link_new(kind: Kind, records: list[Any]) -> None:
    for model_field in kind.model._meta.many_to_many:
        through: Any = model_field.remote_field.through
        by, to = f"{model_field.m2m_field_name()}_id", f"{model_field.m2m_reverse_field_name()}_id"
        through.objects.bulk_create(
            [
                through(**{by: record.pk, to: other.pk})
                for record in records
                for other in linked(record).get(model_field.name, ())
            ]
        )


def link(record: Any) -> None:
    for name, others in linked(record).items():
        getattr(record, name).set(others)


def cite(record: Any) -> None:
    citation = getattr(record, "_to_cite", None)
    if citation is None:
        return
    if citation.source_id:
        _tied(record).save()
    elif citation.pk:
        citation.delete()
