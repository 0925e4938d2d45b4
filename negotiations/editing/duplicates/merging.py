"""Making one record of two, and two of one again: each in one transaction, or not at all."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pghistory
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from negotiations.editing.base import broken_rule
from negotiations.editing.duplicates import rows
from negotiations.editing.duplicates.planning import Double, Plan, plan
from negotiations.models import FormerSlug, ImportKey, Merge, ReviewNote
from negotiations.models.visibility import Status, may_publish

if TYPE_CHECKING:
    from collections.abc import Iterator

    from negotiations.models.records import AddressedRecord


def may_merge(user: Any, *records: AddressedRecord) -> bool:
    """Who may change and delete this kind merges drafts; what is published, reviewers merge."""
    kind = records[0]._meta.model_name
    able = user.has_perms([f"negotiations.{act}_{kind}" for act in ("change", "delete")])
    return able and (may_publish(user) or not any(record.is_public for record in records))


def may_undo(user: Any, merge: Merge) -> bool:
    """Likewise; what was published then is public again at once."""
    acts = ("add", "change", "delete")
    able = user.has_perms([f"negotiations.{act}_{merge.kind}" for act in acts])
    kept = apps.get_model("negotiations", merge.kind).published.filter(pk=merge.kept_id)
    public = merge.other_row["status"] == Status.PUBLISHED or kept.exists()
    return able and (may_publish(user) or not public)


def merge(
    model: type[AddressedRecord],
    keep: int,
    lose: int,
    *,
    user: Any,
    picked: dict[str, str] | None = None,
    seal: str | None = None,
    why: str = "",
) -> Merge:
    """Make one record of two.

    `picked` says by field whose value stays; `seal` is that of the plan that the editor saw.

    Raises:
        ValidationError: says what stands against it, as sentences; nothing was done.
    """
    with _all_or_nothing():
        both = model._default_manager.select_for_update().filter(pk__in=[keep, lose])
        found = {record.pk: record for record in both.order_by("pk")}
        if len(found) < 2:
            raise ValidationError("One of the two is gone: somebody merged or deleted it.")
        made = plan(found[keep], found[lose], picked or {})
        if seal not in (None, made.seal):
            raise ValidationError("Something changed since you opened this page. Look again.")
        if made.refusals:
            raise ValidationError([refusal.sentence for refusal in made.refusals])
        with pghistory.context(note=_note(f"Merged “{made.other}” into “{made.kept}”", why)):
            return _carry_out(made, user, why)


def _carry_out(made: Plan, user: Any, why: str) -> Merge:
    kept, other, model = made.kept, made.other, type(made.kept)
    kind, row = model._meta.model_name, rows.read(model, other.pk)
    steps = []
    for step in made.steps:
        if isinstance(step, Double):
            if step.now:
                steps.append(rows.move(step.model, [step.stays.pk], step.was, step.now))
            steps.append(rows.remove(step.model, step.lost.pk))
        elif step.ids:
            was, now = {step.key.column: step.was}, {step.key.column: step.now}
            steps.append(rows.move(step.key.model, step.ids, was, now))
    for by_number in (FormerSlug, ImportKey, ReviewNote):
        about = by_number.objects.filter(kind=kind, record_id=other.pk)
        if ids := list(about.values_list("pk", flat=True)):
            steps.append(rows.move(by_number, ids, {"record_id": other.pk}, {"record_id": kept.pk}))
    steps.append(rows.remove(model, other.pk))
    steps += _values_of_the_other(made, row)
    if rows.read(model, kept.pk)["slug"] != row["slug"]:
        FormerSlug.objects.create(
            kind=kind, slug=row["slug"], record_id=kept.pk, renamed_at=timezone.now()
        )
    return Merge.objects.create(
        kind=kind,
        kept_id=kept.pk,
        kept_name=str(kept),
        other_id=other.pk,
        other_name=str(other),
        other_row=row,
        steps=steps,
        why=why,
        made_by=user,
    )


def _values_of_the_other(made: Plan, row: rows.Row) -> list[rows.Step]:
    """Give the kept one what was picked of the other; the history tells of the merge in any case."""
    model = type(made.kept)
    before = rows.read(model, made.kept.pk)
    wanted = {c.column: row[c.column] for c in made.choices if c.picked == "other"}
    if made.other_names is not None:
        wanted["other_names"] = made.other_names
    now = {name: value for name, value in wanted.items() if value != before[name]}
    if not now:
        pghistory.create_event(made.kept, label="update")
        return []
    was = {name: before[name] for name in now}
    return [rows.move(model, [made.kept.pk], was, now)]


def undo(merge_id: int, *, user: Any, why: str = "") -> list[str]:
    """Put everything back as it was before a merge, record for record.

    Rows that were changed since stay as they are now, so that no later work is lost: they are
    returned, in words.

    Raises:
        ValidationError: says what stands against it, as sentences; nothing was done.
    """
    with _all_or_nothing():
        done = Merge.objects.select_for_update().get(pk=merge_id)
        if refused := stands_against_undoing(done):
            raise ValidationError(refused)
        model: Any = apps.get_model("negotiations", done.kind)
        kept = model._default_manager.select_for_update().get(pk=done.kept_id)
        before = kept.revision
        left: list[str] = []
        note = _note(f"Undid the merge of “{done.other_name}” into “{done.kept_name}”", why)
        with pghistory.context(note=note):
            for step in reversed(done.steps):
                if step["did"] == "removed" and _is_the_other(step, done):
                    FormerSlug.objects.filter(
                        kind=done.kind, slug=done.other_row["slug"], record_id=kept.pk
                    ).delete()
                left += _in_words(step["model"], rows.put_back(step))
            kept.refresh_from_db()
            if kept.revision == before:
                pghistory.create_event(kept, label="update")
        done.undone_at, done.undone_by = timezone.now(), user
        done.save(update_fields=["undone_at", "undone_by"])
        return left


def stands_against_undoing(done: Merge) -> str:
    """Why a merge can't be undone now, in a sentence; empty if nothing is known to."""
    model: Any = apps.get_model("negotiations", done.kind)
    later = Merge.objects.filter(kind=done.kind, other_id=done.kept_id, undone_at=None).first()
    if done.is_undone:
        return "This merge was undone already."
    if later:
        return f"“{done.kept_name}” itself was merged since. Undo the merge of {later} first."
    kept = model._default_manager.filter(pk=done.kept_id)
    if not kept.exists():
        return f"“{done.kept_name}” was deleted since. Nothing can be taken from it."
    if kept.filter(slug=done.other_row["slug"]).exists() and not _took_the_address(done):
        return (
            f"“{done.kept_name}” has taken the address “{done.other_row['slug']}” since. "
            "Give it another first."
        )
    return ""


def left_by_undoing(done: Merge) -> list[str]:
    """The rows that were changed since and would stay as they are, in words."""
    return [
        words
        for step in reversed(done.steps)
        for words in _in_words(step["model"], rows.changed_since(step))
    ]


def _took_the_address(done: Merge) -> bool:
    """Did the kept record take the other's address in the merge itself?"""
    return any(
        step["did"] == "changed"
        and step["model"] == f"negotiations.{done.kind}"
        and step["now"].get("slug") == done.other_row["slug"]
        for step in done.steps
    )


def _is_the_other(step: rows.Step, done: Merge) -> bool:
    return step["model"] == f"negotiations.{done.kind}" and step["id"] == done.other_id


def _in_words(label: str, ids: set[int]) -> list[str]:
    model = apps.get_model(label)
    found = model._base_manager.in_bulk(ids)
    name = model._meta.verbose_name
    return [
        f"{name} “{found[pk]}”" if pk in found else f"{name} {pk}, which is gone"
        for pk in sorted(ids)
    ]


def _note(act: str, why: str) -> str:
    return f"{act}. {why}" if why else f"{act}."


@contextmanager
def _all_or_nothing() -> Iterator[None]:
    """One transaction whose rules are checked at its end, and whose refusal is a sentence."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                # Rows of several tables move one after another: in between, no rule holds.
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            yield
            connection.check_constraints()
    except IntegrityError as error:
        raise ValidationError(broken_rule(error)) from error
