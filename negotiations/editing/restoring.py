"""Bringing an earlier version of a record back, or a record that was deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pghistory
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import IntegrityError, connection, transaction
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from negotiations.editing.base import broken_rule
from negotiations.editing.history import NOBODY, differing
from negotiations.editing.pages import TOOLS, Tool, at_the_desk, desk_page
from negotiations.models import Record, User, record_models
from negotiations.models.differences import Names, told_fields

if TYPE_CHECKING:
    from django.core.paginator import Page
    from django.http import HttpRequest, HttpResponse

PER_PAGE = 50


def _model(kind: str) -> type[Record]:
    """The kind of record of this name.

    Raises:
        Http404: if there is none.
    """
    for model in record_models():
        if model._meta.model_name == kind:
            return model
    raise Http404


def _restorable(model: type[Record]) -> list[Any]:
    """The fields that a version brings back: never the status, so that nothing is published by it."""
    return [
        told
        for told in told_fields(model)
        if told.is_date or model._meta.get_field(told.name).editable
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk()
def restore(request: HttpRequest, kind: str, event: int) -> HttpResponse:
    """Show what bringing this version back would change; do it when confirmed."""
    model = _model(kind)
    version = get_object_or_404(model.pgh_event_model, pgh_id=event)
    now = model._default_manager.select_for_update() if request.method == "POST" else model.objects
    with transaction.atomic():
        record = now.filter(pk=version.pgh_obj_id).first()
        _check_right(request, model, record)
        problems: list[str] = []
        if request.method == "POST":
            problems = _bring_back(model, record, version)
            if not problems:
                messages.success(request, f"The version of {_day(version)} is back.")
                page = reverse(f"admin:negotiations_{kind}_change", args=[version.pgh_obj_id])
                return HttpResponseRedirect(page)
    return desk_page(
        request,
        "restore",
        _shown(model, record, version, problems),
        status=409 if problems else 200,
    )


def _check_right(request: HttpRequest, model: type[Record], record: Record | None) -> None:
    desk = admin.site.get_model_admin(model)
    allowed = (
        desk.has_change_permission(request, record) if record else desk.has_add_permission(request)
    )
    if not allowed:
        raise PermissionDenied


def _day(version: Any) -> str:
    return f"{timezone.localtime(version.pgh_created_at):%-d %B %Y, %H:%M} UTC"


def _bring_back(model: type[Record], record: Record | None, version: Any) -> list[str]:
    """Save the version as a new change, by the rules of every save; returns what is against it."""
    restored = record or model(pk=version.pgh_obj_id, created_at=version.created_at)
    for told in _restorable(model):
        for column in told.columns:
            setattr(restored, column, getattr(version, column))
    # A foreign key's record may have been read already.
    restored._state.fields_cache.clear()
    if not record and (gone := _gone(restored)):
        return [f"It can’t come back alone: {gone}. Restore that first."]
    try:
        with transaction.atomic(), pghistory.context(note=f"Restored version of {_day(version)}"):
            restored.full_clean(exclude=[f.name for f in model._meta.fields if not f.editable])
            restored.save(force_insert=record is None)
            connection.check_constraints()
    except ValidationError as error:
        return list(error.messages)
    except IntegrityError as error:
        return [broken_rule(error)]
    return []


def _gone(record: Record) -> str:
    """What the record hangs on and is no longer there, as words; empty if all is there."""
    return ", ".join(
        f"{field.verbose_name} {pk} was deleted"
        for field in record.hangs_on()
        if field.editable
        and (pk := getattr(record, field.attname))
        and not field.related_model._default_manager.filter(pk=pk).exists()
    )


def _shown(
    model: type[Record], record: Record | None, version: Any, problems: list[str]
) -> dict[str, Any]:
    names = Names()
    told = _restorable(model)
    # The record as it is stored: a refused attempt has left its mark on the one at hand.
    stored = model._default_manager.filter(pk=version.pgh_obj_id).first() if problems else record
    for each in told:
        names.want(each, [each.raw(v) for v in (stored, version) if v])
    names.ask()
    untouched = [str(model._meta.get_field(f.name).verbose_name) for f in model._meta.many_to_many]
    untouched += ["citations"] if model.cited_by_column() else []
    untouched += [
        str(part._meta.verbose_name_plural)
        for part, key in model.dependants()
        if key.remote_field.get_accessor_name() in model.parts
    ]
    return {
        "title": f"Restore a version of {stored or version_name(model, version)}",
        "record": stored,
        "version": version,
        "differences": differing(
            model,
            stored,
            version,
            names,
            leaving_out=tuple(t.name for t in told_fields(model) if t not in told),
        ),
        "kind": model._meta.verbose_name,
        "model_name": model._meta.model_name,
        "untouched": untouched,
        "problems": problems,
    }


def version_name(model: type[Record], version: Any) -> str:
    """What a record that is gone was called, from its last version."""
    for name in ("title", "name", "text", "office", "words", "report"):
        if words := getattr(version, name, ""):
            words = " ".join(str(words).split())
            return words if len(words) <= 80 else f"{words[:79]}…"
    return f"{model._meta.verbose_name} {version.pgh_obj_id}"


@require_safe
@at_the_desk()
def deleted(request: HttpRequest) -> HttpResponse:
    """The records that were deleted and are not back, the last deleted first."""
    kind = request.GET.get("kind", "")
    models = [_model(kind)] if kind else record_models()
    deletions: Any = _Deleted(models)
    page: Page = Paginator(deletions, PER_PAGE).get_page(request.GET.get("page"))
    wanted: dict[int, list[int]] = {}
    for number, event in page.object_list:
        wanted.setdefault(number, []).append(event)
    found = {
        number: models[number].pgh_event_model.objects.select_related("pgh_context").in_bulk(ids)
        for number, ids in wanted.items()
    }
    rows = [(models[number], found[number][event]) for number, event in page.object_list]
    people = {user for _, event in rows if (user := _context(event).get("user"))}
    users = User.objects.in_bulk(people)
    context = {
        "title": "Deleted records",
        "page_obj": page,
        "kind": kind,
        "kinds": [(m._meta.model_name, m._meta.verbose_name_plural) for m in record_models()],
        "rows": [
            {
                "kind": model._meta.verbose_name,
                "model_name": model._meta.model_name,
                "name": version_name(model, event),
                "event": event,
                "who": users.get(_context(event).get("user"), NOBODY),
                "why": _context(event).get("note", ""),
            }
            for model, event in rows
        ],
    }
    return desk_page(request, "deleted", context)


def _context(event: Any) -> dict[str, Any]:
    return event.pgh_context.metadata if event.pgh_context else {}


class _Deleted:
    """Deletions as a paginator reads them: (number of the kind, event)."""

    def __init__(self, models: list[type[Record]]) -> None:
        self.union = " UNION ALL ".join(
            f"""SELECT {number} AS kind, max(e.pgh_id) AS event, max(e.pgh_created_at) AS at
            FROM {model.pgh_event_model._meta.db_table} e
            WHERE e.pgh_label = 'delete'
              AND NOT EXISTS (SELECT FROM {model._meta.db_table} r WHERE r.id = e.pgh_obj_id)
            GROUP BY e.pgh_obj_id"""
            for number, model in enumerate(models)
        )

    def count(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM ({self.union}) d")
            return int(cursor.fetchone()[0])

    __len__ = count

    def __getitem__(self, rows: slice) -> list[tuple[int, int]]:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT kind, event FROM ({self.union}) d ORDER BY at DESC, kind, event DESC"
                " LIMIT %s OFFSET %s",
                [rows.stop - rows.start, rows.start],
            )
            return cursor.fetchall()


TOOLS.append(
    Tool(
        "/admin/history/deleted/", "Deleted records", "Look at what was deleted, and bring it back."
    )
)
