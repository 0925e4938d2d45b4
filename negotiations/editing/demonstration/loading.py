"""Writes the demonstration: drafted, checked by the database's rules, then published; or takes it away."""

from __future__ import annotations

from typing import Any

import pghistory
from django.db import connection, transaction

from negotiations.editing.demonstration.story import Story
from negotiations.models import Citation, Correction, Process, Record
from negotiations.models.records import in_order
from negotiations.models.visibility import Status

NOTE = "Demonstration data"
AT_ONCE = 1000


def is_loaded() -> bool:
    return Process.objects.demonstrating(True).exists()


@transaction.atomic
def load(story: Story | None = None) -> int:
    """Write the demonstration, once; returns how many records were added."""
    if is_loaded():
        return 0
    story = story or Story()
    with pghistory.context(note=NOTE) as context:
        for model in in_order():
            _write(model, story.made[model])
            _link([link for link in story.links if type(link[0]) is model])
        Citation.objects.bulk_create(story.made[Citation], AT_ONCE)
        # What is asked at the end of a transaction is asked of drafts in no time, and once each after.
        connection.check_constraints()
        _know_the_sizes()
        for model in in_order():
            ids = [record.pk for record in story.made[model]]
            model._default_manager.filter(pk__in=ids).update(status=Status.PUBLISHED)
        connection.check_constraints()
        _correct_nothing(context)
    return sum(len(story.made[model]) for model in in_order())


def _write(model: type[Record], records: list[Any]) -> None:
    """Where some hang on others of their kind, one after the other."""
    if _hang_on_one_another(model):
        for record in records:
            record.save()
    else:
        model._default_manager.bulk_create(records, AT_ONCE)


def _know_the_sizes() -> None:
    """Tell the planner of the rows that the index is to be made of: it took the tables for empty."""
    links = [link.through for model in in_order() for link in model.links()]
    with connection.cursor() as cursor:
        for model in [*in_order(), *links, Citation]:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")


def _hang_on_one_another(model: type[Record]) -> bool:
    return any(field.related_model is model for field in model.hangs_on())


def _link(links: list[tuple[Any, str, list[Any]]]) -> None:
    for name in {name for _, name, _ in links}:
        many = type(links[0][0])._meta.get_field(name)
        through = many.remote_field.through
        by, to = many.m2m_column_name(), many.m2m_reverse_name()
        through.objects.bulk_create(
            through(**{by: record.pk, to: each.pk})
            for record, of, targets in links
            for each in targets
            if of == name
        )


@transaction.atomic
def remove() -> int:
    """Take the demonstration away, what was added to it by hand, too; returns how many records."""
    with pghistory.context(note=f"{NOTE}, taken away") as context:
        removed = 0
        for model in reversed(in_order()):
            removed += _delete(model._default_manager.demonstrating(True))
        _correct_nothing(context)
    return removed


def _delete(records: Any) -> int:
    """Where some hang on others of their kind, the last made goes first."""
    if _hang_on_one_another(records.model):
        return sum(record.delete()[0] > 0 for record in records.order_by("-pk"))
    ids = list(records.values_list("pk", flat=True))
    records.model._default_manager.filter(pk__in=ids).delete()
    return len(ids)


def _correct_nothing(context: Any) -> None:
    """What is invented is no correction of what readers were told."""
    Correction.objects.filter(context_id=context.id).delete()
