"""What became of a record: every change, by whom, when and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from negotiations.models import Record, User

if TYPE_CHECKING:
    import datetime as dt

BOOKKEEPING = {"revision", "updated_at", "created_at", "id"}
LABELS = {"insert": "made", "update": "changed", "delete": "deleted"}


@dataclass(frozen=True)
class Change:
    """One event in a record's life; `fields` are (name, before, after)."""

    when: dt.datetime
    what: str
    who: str
    why: str
    fields: list[tuple[str, Any, Any]]


def changes(model: type[Record], object_id: str) -> list[Change]:
    """All changes of one record, the newest first."""
    events: Any = model.pgh_event_model.objects
    found = list(
        events.filter(pgh_obj_id=object_id).select_related("pgh_context").order_by("pgh_id")
    )
    names = _names(found)
    told = [
        _change(model, event, before, names)
        for before, event in zip([None, *found], found, strict=False)
    ]
    return told[::-1]


def saved_in_between(record: Record) -> str:
    """The sentence for an editor whose form was overtaken."""
    latest = changes(type(record), str(record.pk))[0]
    what = ", ".join(name for name, _before, _after in latest.fields) or "the record"
    return (
        f"{latest.who} changed {what} since you opened this form "
        f"(at {latest.when:%H:%M} UTC). Nothing was overwritten, and your words are still here: "
        "open the record in another tab, compare, and save again there."
    )


def _names(events: list[Any]) -> dict[int, str]:
    ids = [user for event in events if (user := _context(event).get("user"))]
    return dict(User.objects.filter(pk__in=ids).values_list("pk", "username"))


def _context(event: Any) -> dict[str, Any]:
    return event.pgh_context.metadata if event.pgh_context else {}


def _change(model: type[Record], event: Any, before: Any, names: dict[int, str]) -> Change:
    context = _context(event)
    fields = [
        (str(field.verbose_name), getattr(before, field.attname), getattr(event, field.attname))
        for field in model._meta.concrete_fields
        if before is not None
        and not field.generated
        and field.name not in BOOKKEEPING
        and getattr(before, field.attname) != getattr(event, field.attname)
    ]
    who = names.get(context.get("user", 0), "a command or the database itself")
    return Change(
        event.pgh_created_at, LABELS[event.pgh_label], who, context.get("note", ""), fields
    )
