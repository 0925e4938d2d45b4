"""The desk's pages for what is there twice: like pairs, merging two, and all merges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from negotiations.editing.duplicates.likes import KINDS, tells, told_apart
from negotiations.editing.duplicates.merging import (
    left_by_undoing,
    may_merge,
    may_undo,
    merge,
    stands_against_undoing,
    undo,
)
from negotiations.editing.duplicates.pairs import not_the_same, pairs
from negotiations.editing.duplicates.planning import admin_url, plan
from negotiations.editing.pages import TOOLS, Tool, at_the_desk, desk_page
from negotiations.models import Merge, merged_into

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from negotiations.models.records import AddressedRecord

WHY_LENGTH = 300


def _kind(name: str) -> type[AddressedRecord]:
    if name not in KINDS:
        raise Http404(f"Records of the kind “{name}” are not merged.")
    return KINDS[name]


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk()
def duplicates(request: HttpRequest) -> HttpResponse:
    """The pairs of one kind that are most alike; a POST says of one that it is no pair."""
    asked = request.POST if request.method == "POST" else request.GET
    model = _kind(asked.get("kind", "person"))
    if request.method == "POST":
        return _judged(request, model)
    context = {
        "title": "Duplicates",
        "kind": model._meta.model_name,
        "kinds": [(name, each._meta.verbose_name_plural) for name, each in KINDS.items()],
        "plural": model._meta.verbose_name_plural,
        "pairs": pairs(model),
    }
    return desk_page(request, "duplicates/pairs", context, partial="pairs")


def _judged(request: HttpRequest, model: type[AddressedRecord]) -> HttpResponse:
    kind = model._meta.model_name
    if not request.user.has_perm(f"negotiations.change_{kind}"):
        raise PermissionDenied
    try:
        ids = [int(request.POST[name]) for name in ("one", "two")]
    except (KeyError, ValueError):
        ids = []
    both = list(model._default_manager.filter(pk__in=ids).order_by("pk"))
    if len(both) != 2:
        messages.error(request, "One of the two is gone: somebody merged or deleted it.")
    else:
        not_the_same(model, both[0].pk, both[1].pk, request.user)
        messages.success(request, f"Remembered: “{both[0]}” is not “{both[1]}”.")
    return HttpResponseRedirect(f"{reverse('duplicates')}?kind={kind}")


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk()
def merge_two(request: HttpRequest, kind: str, keep: int, other: int) -> HttpResponse:
    """Both side by side, with a choice for each field and what will become of all that hangs on them."""
    model = _kind(kind)
    if keep == other:
        messages.error(request, "A record is not merged with itself. Choose another.")
        return HttpResponseRedirect(reverse(f"admin:negotiations_{kind}_changelist"))
    both = told_apart(model, [keep, other])
    if len(both) < 2:
        return _gone(request, model, keep, other)
    kept, lost = both[keep], both[other]
    if not may_merge(request.user, kept, lost):
        raise PermissionDenied("Only reviewers merge published records.")
    asked = request.POST if request.method == "POST" else request.GET
    picked = {name.removeprefix("pick-"): asked[name] for name in asked if name.startswith("pick-")}
    why = asked.get("why", "").strip()[:WHY_LENGTH]
    problems: list[str] = []
    if request.method == "POST":
        try:
            done = merge(
                model,
                keep,
                other,
                user=request.user,
                picked=picked,
                seal=request.POST.get("seal", ""),
                why=why,
            )
        except ValidationError as error:
            problems = error.messages
        else:
            messages.success(request, f"Merged {done}. It can be undone under “Merges”.")
            return HttpResponseRedirect(admin_url(kept))
    context = {
        "title": f"Merge two {model._meta.verbose_name_plural}",
        "kind": kind,
        "plan": plan(kept, lost, picked),
        "kept_tells": tells(kept),
        "other_tells": tells(lost),
        "kept_url": admin_url(kept),
        "other_url": admin_url(lost),
        "swap": reverse("merge", args=[kind, other, keep]),
        "problems": problems,
        "why": why,
        "why_length": WHY_LENGTH,
    }
    return desk_page(request, "duplicates/merge", context, status=409 if problems else 200)


def _gone(
    request: HttpRequest, model: type[AddressedRecord], keep: int, other: int
) -> HttpResponse:
    """Say that one was merged meanwhile, where both were once."""
    kept = merged_into(model, other) or merged_into(model, keep)
    record = model._default_manager.filter(pk=kept).first() if kept else None
    if not record:
        raise Http404("One of the two does not exist.")
    messages.warning(request, "These two were merged already.")
    return HttpResponseRedirect(admin_url(record))


@require_safe
@at_the_desk()
def merges(request: HttpRequest) -> HttpResponse:
    """All merges, the newest first."""
    found = Merge.objects.select_related("made_by", "undone_by").defer("steps", "other_row")
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    return desk_page(request, "duplicates/merges", {"title": "Merges", "page_obj": page})


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk()
def undo_merge(request: HttpRequest, merge_id: int) -> HttpResponse:
    """What undoing would do, and the button to do it."""
    done = get_object_or_404(Merge, pk=merge_id)
    if not may_undo(request.user, done):
        raise PermissionDenied("Only reviewers undo the merge of published records.")
    problems: list[str] = []
    why = request.POST.get("why", "").strip()[:WHY_LENGTH]
    if request.method == "POST":
        try:
            left = undo(done.pk, user=request.user, why=why)
        except ValidationError as error:
            problems = error.messages
        else:
            messages.success(request, f"Undone: the merge of {done}.")
            for words in left[:20]:
                messages.warning(request, f"Changed since, so left as it is now: {words}.")
            return HttpResponseRedirect(reverse("merges"))
    elif refused := stands_against_undoing(done):
        problems = [refused]
    left = left_by_undoing(done)
    context = {
        "title": "Undo a merge",
        "merge": done,
        "rows": sum(len(step.get("ids", [0])) for step in done.steps),
        "left": left[:20],
        "more_left": max(len(left) - 20, 0),
        "problems": problems,
        "why": why,
        "why_length": WHY_LENGTH,
    }
    return desk_page(
        request, "duplicates/undo", context, status=409 if request.method == "POST" else 200
    )


def _merges_at_all(user: Any) -> bool:
    return bool(user.has_perms(["negotiations.change_person", "negotiations.delete_person"]))


TOOLS += [
    Tool("/admin/duplicates/", "Duplicates", "Records that may be one.", _merges_at_all),
    Tool("/admin/merges/", "Merges", "What was made one, and the way back.", _merges_at_all),
]
