"""What comes before work at the desk: a password of one's own, a second factor, a noted session.

Each of these lets readers' pages through untouched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers

from negotiations.editing.accounts import second_factor, sessions
from negotiations.models import User

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

DESK = "/admin/"
OWN_ACCOUNT = "/admin/account/"


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


def second_factor_first(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """At the desk, lead an account that must have a second factor to set it up."""

    def answer(request: HttpRequest) -> HttpResponse:
        if (
            not request.path.startswith(DESK)
            or request.path.startswith(OWN_ACCOUNT)
            or not second_factor.is_missing(request.user)
            or request.path.startswith(reverse("admin:password_change"))
            or request.path in (reverse("admin:logout"), reverse("admin:jsi18n"))
        ):
            return get_response(request)
        return HttpResponseRedirect(reverse("mfa_index"))

    return answer


def sessions_noted(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """At the desk, note from where and when a session was last used, end old ones; keep no page of it."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.path.startswith(DESK) and request.user.is_authenticated:
            sessions.end_if_old(request)
        if request.path.startswith(DESK) and request.user.is_authenticated:
            sessions.note(request)
        response = get_response(request)
        desk = request.path.startswith(DESK) and "Cache-Control" not in response
        if desk or request.path.startswith(OWN_ACCOUNT):
            add_never_cache_headers(response)
        return response

    return answer
