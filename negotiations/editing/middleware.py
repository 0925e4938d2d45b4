"""Nobody works on under a password that somebody else has seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.urls import reverse

from negotiations.models import User

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

DESK = "/admin/"


def change_password_first(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """At the desk, lead an account with a one-time password to choose its own."""

    def answer(request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(DESK) or not getattr(
            request.user, "must_change_password", False
        ):
            return get_response(request)
        change = reverse("admin:password_change")
        if request.path not in (change, reverse("admin:logout"), reverse("admin:jsi18n")):
            messages.info(request, "Choose a password of your own first.")
            return HttpResponseRedirect(change)
        before = request.user.password
        response = get_response(request)
        if request.user.is_authenticated and request.user.password != before:
            User.objects.filter(pk=request.user.pk).update(must_change_password=False)
        return response

    return answer
