"""From numbers of records to their JSON, in one query however many they are. Only what is public."""

from __future__ import annotations

from typing import TYPE_CHECKING

from negotiations.models import Status, merged_into
from negotiations.search.trips import array, prepared

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from negotiations.exchange.records.resources import Resource


def read(
    resource: Resource,
    pks: Iterable[int],
    base: str,
    fields: Sequence[str] = (),
    expand: Sequence[str] = (),
) -> list[str]:
    """The public ones of these records as JSON texts, in the order in which they are named.

    `fields` are those wanted, else those that lists give; of `expand`, each stands there in full.
    `base` is the site's address without a slash at its end.
    """
    sql = (
        f"SELECT {resource.json('r', fields, expand)}"
        " FROM unnest(%(pks)s::bigint[]) WITH ORDINALITY asked (id, place)"
        f" JOIN {resource.rows('r', fields, expand, on='r.id = asked.id')}"
        f" WHERE {resource.public('r')} ORDER BY asked.place"
    )
    cursor = prepared(sql, {"pks": array(pks), "base": base})
    return [text for (text,) in cursor.fetchall()]


def read_one(
    resource: Resource,
    pk: int,
    base: str,
    fields: Sequence[str] = (),
    expand: Sequence[str] = (),
) -> str | None:
    """One public record with all its fields, or those wanted; None if there is none."""
    found = read(resource, [pk], base, fields or tuple(resource.fields), expand)
    return found[0] if found else None


def number_of(resource: Resource, address: str) -> int | None:
    """The number of the public record that has this address, the last part of its page's."""
    if not resource.has_slug:
        return None
    public = resource.model._default_manager.filter(slug=address, status=Status.PUBLISHED)
    return public.values_list("pk", flat=True).first()


def successor_of(resource: Resource, pk: int) -> int | None:
    """The public record into which this one was merged."""
    other = merged_into(resource.model, pk)
    public = resource.model._default_manager.filter(pk=other, status=Status.PUBLISHED)
    return other if other and public.exists() else None
