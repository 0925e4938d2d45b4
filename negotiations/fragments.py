"""One template for a page and for the part of it that htmx asks for: used by all rooms with pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.http import HttpRequest


def fragment(request: HttpRequest, template: str, partial: str | None) -> str:
    """The template to answer with: whole, or only its `partial` when htmx asks for that.

    `partial` is both the partial's name and the id of the element that it fills. Going back in the
    browser's history takes the whole page.
    """
    htmx = getattr(request, "htmx", None)
    if partial and htmx and not htmx.history_restore_request and htmx.target == partial:
        return f"{template}#{partial}"
    return template
