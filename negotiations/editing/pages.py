"""How a page of the desk is answered: in admin's frame, for those who edit, never kept anywhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from negotiations.fragments import fragment
from negotiations.models.visibility import may_preview

if TYPE_CHECKING:
    from django.http import HttpRequest

View = Callable[..., HttpResponse]


def at_the_desk(may: Callable[[Any], bool] = may_preview) -> Callable[[View], View]:
    """Let in those whom `may` lets; lead others to the login, or say that it is not for them."""

    def decorate(view: View) -> View:
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated and getattr(request, "htmx", False):
                # A login page in the place of a form would take with it what was typed there.
                return HttpResponse("You were logged out.", status=401)
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not may(request.user):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return never_cache(inner)

    return decorate


def desk_page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    partial: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """Answer with `editing/<template>.html`, or with one partial of it when htmx asks for that."""
    name = fragment(request, f"editing/{template}.html", partial)
    return render(request, name, {**admin.site.each_context(request), **context}, status=status)


@dataclass(frozen=True)
class Tool:
    """A page of the desk as its first page offers it; `may` says to whom.

    `what` may be made for the reader, who then hears what is new.
    """

    url: str
    name: str
    what: str | Callable[[Any], str]
    may: Callable[[Any], bool] = may_preview


# Each room of the desk adds its own; those that come up most come first.
TOOLS: list[Tool] = []
ORDER = ("Capture", "Draft", "Review", "Import", "Duplicates", "Merges", "Deleted records")


def tools_for(user: Any) -> list[Tool]:
    """What this person may use, in the order of the work."""
    places = {name: place for place, name in enumerate(ORDER)}
    return [
        replace(tool, what=tool.what(user)) if callable(tool.what) else tool
        for tool in sorted(TOOLS, key=lambda tool: places.get(tool.name, len(places)))
        if tool.may(user)
    ]
