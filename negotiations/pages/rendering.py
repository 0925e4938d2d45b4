"""How a page is answered: whole or in part, to the public or as an editor's preview."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.shortcuts import render
from django.utils.cache import patch_cache_control, patch_vary_headers

from negotiations.fragments import fragment
from negotiations.models import Record
from negotiations.models.visibility import may_preview

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def is_editor(request: HttpRequest) -> bool:
    """May this reader see drafts? Readers without a session cost no look-up."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES and may_preview(request.user)


def preview(request: HttpRequest) -> bool:
    """Is this an editor who asked to see the page with its drafts (`?preview=1`)?"""
    return "preview" in request.GET and is_editor(request)


def page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    partial: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """Answer with `pages/<template>.html`, or with one partial of it when htmx asks for that.

    `partial` is both the partial's name and the id of the element that it fills. A page that shows
    demonstration data says so: by `demonstration` in the context, or by its record, which the
    context holds by the template's name.
    """
    name = fragment(request, f"pages/{template}.html", partial)
    editor = is_editor(request)
    record = context.get(template)
    context = {
        "editor": editor,
        "preview": "preview" in request.GET and editor,
        "demonstration": isinstance(record, Record) and record.is_demonstration,
        **context,
    }
    response = render(request, name, context, status=status)
    patch_vary_headers(response, ["Cookie", "HX-Request", "HX-Target"])
    if editor:
        patch_cache_control(response, private=True, no_store=True)
    return response
