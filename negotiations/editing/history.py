"""What became of a record: every change of it and of its parts, by whom, when and why."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.paginator import Paginator
from django.db import connection
from django.db.models import OuterRef, Subquery

from negotiations.models import Citation, Record, Source, User
from negotiations.models.differences import Difference, Names, told_fields
from negotiations.models.records import kept_link

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from django.core.paginator import Page
    from django.db import models

PER_PAGE = 50
LABELS = {"insert": "made", "update": "changed", "delete": "deleted"}
LINK_LABELS = {"insert": "added", "update": "changed", "delete": "removed"}
NOBODY = "a command or the database itself"


class Strand(NamedTuple):
    """One table of events that belongs to a record's story; `where` is SQL with %(pk)s.

    `ties` are the fields by which its rows hang on the record: no news where a row is made.
    """

    model: type[models.Model]
    where: str
    ties: tuple[str, ...] = ()
    is_record: bool = True

    @property
    def events(self) -> Any:
        return self.model.pgh_event_model


@dataclass(frozen=True)
class Item:
    """One row that changed: of the record itself, a part, a citation or a link."""

    what: str
    differences: list[Difference]
    version: int | None = None  # the event, where the record itself can be restored to it


@dataclass(frozen=True)
class Change:
    """All that one save (or one transaction of a command) did to a record and its parts."""

    when: dt.datetime
    who: str
    why: str
    public_reason: str
    items: list[Item] = field(default_factory=list)


# --- Which tables tell of a record ---


@cache
def strands(model: type[Record]) -> tuple[Strand, ...]:
    """The record's own events, then those of its links, citations and parts, theirs included."""
    return tuple(_strands(model, "%(pk)s"))


def _strands(model: type[Record], ids: str, *ties: str) -> Iterator[Strand]:
    yield Strand(model, f"pgh_obj_id IN ({ids})", ties)
    for link in model.links():
        kept = kept_link(link.through)
        near = next(field.name for field in kept._meta.fields if field.column == link.by)
        yield Strand(kept, f"{link.by} IN ({ids})", (near,), is_record=False)
    if column := model.cited_by_column():
        yield Strand(Citation, f"{column} IN ({ids})", Citation.CITING, is_record=False)
    for part, key in _parts(model):
        table = part.pgh_event_model._meta.db_table
        part_ids = f"SELECT pgh_obj_id FROM {table} WHERE {key.column} IN ({ids})"
        yield from _strands(part, part_ids, key.name)


def _parts(model: type[Record]) -> list[tuple[type[Record], models.ForeignKey]]:
    """The kinds of record that are published with this one or shown on its page."""
    return [
        (part, key)
        for part, key in model.dependants()
        if key.remote_field.get_accessor_name() in model.parts or part.shown_on == key.name
    ]


# --- The story ---


def story(model: type[Record], pk: int, number: Any = 1) -> tuple[Page, list[Change]]:
    """One page of a record's changes, the newest first: the page, and its changes."""
    tables = strands(model)
    heads: Any = _Heads(tables, pk)
    page: Page = Paginator(heads, PER_PAGE).get_page(number)
    wanted: dict[int, list[int]] = {}
    for strand, event, *_ in page.object_list:
        wanted.setdefault(strand, []).append(event)
    names = Names()
    versions = {n: _versions(tables[n], ids, names) for n, ids in wanted.items()}
    names.ask()
    users = User.objects.in_bulk(
        {user for *_, data in page.object_list if (user := data.get("user"))}
    )
    changes = []
    for (when, _context), together in groupby(page.object_list, key=lambda head: head[2:4]):
        rows = list(together)
        data = rows[0][4]
        user = users.get(data.get("user"))
        change = Change(
            when,
            user.get_username() if user else NOBODY,
            data.get("note", ""),
            data.get("public_reason", ""),
        )
        for strand, event, *_ in rows:
            change.items.append(_item(tables[strand], *versions[strand][event], names, strand == 0))
        changes.append(change)
    return page, changes


def last_saved(model: type[models.Model], pk: int) -> tuple[str, dt.datetime]:
    """Who changed this row last, and when."""
    events = model.pgh_event_model.objects.filter(pgh_obj_id=pk)
    event = events.select_related("pgh_context").latest("pgh_id")
    user = event.pgh_context.metadata.get("user") if event.pgh_context else None
    name = User.objects.filter(pk=user).values_list("username", flat=True).first()
    return name or NOBODY.capitalize(), event.pgh_created_at


class _Heads:
    """The events of a story as a paginator reads them: (strand, event, when, context, its data)."""

    def __init__(self, tables: tuple[Strand, ...], pk: int) -> None:
        self.pk = {"pk": pk}
        self.union = " UNION ALL ".join(
            f"SELECT {n} AS strand, pgh_id, pgh_created_at, pgh_context_id"
            f" FROM {strand.events._meta.db_table} WHERE {strand.where}"
            for n, strand in enumerate(tables)
        )

    def count(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM ({self.union}) s", self.pk)
            return int(cursor.fetchone()[0])

    __len__ = count

    def __getitem__(self, rows: slice) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(
                f"""SELECT strand, pgh_id, pgh_created_at, pgh_context_id, c.metadata::text
                FROM ({self.union}) s LEFT JOIN pghistory_context c ON c.id = s.pgh_context_id
                ORDER BY pgh_created_at DESC, pgh_context_id, strand, pgh_id DESC
                LIMIT %(limit)s OFFSET %(offset)s""",
                {**self.pk, "limit": rows.stop - rows.start, "offset": rows.start},
            )
            return [(*head, json.loads(data) if data else {}) for *head, data in cursor.fetchall()]


def _versions(strand: Strand, ids: list[int], names: Names) -> dict[int, tuple[Any, Any]]:
    """Each event with the one before it of the same row; asks for the names that they need."""
    events = strand.events.objects.defer(*(["text"] if strand.model is Source else []))
    earlier = (
        events.filter(pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__lt=OuterRef("pgh_id"))
        .order_by("-pgh_id")
        .values("pgh_id")[:1]
    )
    found = list(events.filter(pgh_id__in=ids).annotate(before_id=Subquery(earlier)))
    before = events.in_bulk([event.before_id for event in found if event.before_id])
    for told in told_fields(strand.model):
        names.want(told, (told.raw(event) for event in (*found, *before.values())))
    if strand.is_record:
        names.wanted[strand.model].update(event.pgh_obj_id for event in found)
    return {event.pgh_id: (before.get(event.before_id), event) for event in found}


def _item(strand: Strand, before: Any, event: Any, names: Names, is_own: bool) -> Item:
    made, deleted = event.pgh_label == "insert", event.pgh_label == "delete"
    differences = differing(
        strand.model,
        None if made else event if deleted else before,
        None if deleted else event,
        names,
        leaving_out=strand.ties if made or deleted else (),
    )
    if is_own:
        return Item(LABELS[event.pgh_label], differences, event.pgh_id)
    kind = str(strand.model._meta.verbose_name)
    if not strand.is_record:
        return Item(f"{kind} {LINK_LABELS[event.pgh_label]}", differences)
    name = names.of(strand.model, event.pgh_obj_id)
    return Item(f"{kind} {LABELS[event.pgh_label]}: {name}", differences)


def differing(
    model: type[models.Model],
    before: Any,
    after: Any,
    names: Names,
    leaving_out: tuple[str, ...] = (),
) -> list[Difference]:
    """The fields in which two versions differ; None is no version, before making or after deletion."""
    found = []
    for told in told_fields(model):
        old, new = (told.raw(version) if version else None for version in (before, after))
        if old == new or told.name in leaving_out:
            continue
        difference = told.difference(old, new, names)
        if difference.before != difference.after:
            found.append(difference)
    return found
