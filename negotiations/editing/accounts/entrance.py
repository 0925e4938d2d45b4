"""The one door of the desk, and what to do when the key is lost."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any

from allauth.account import views
from allauth.account.forms import LoginForm
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.views.decorators.http import require_safe

from negotiations.editing.accounts import second_factor, sessions
from negotiations.editing.pages import at_the_desk, desk_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, HttpResponseBase


class DeskLoginForm(LoginForm):
    """The library's form, with the names of fields that admin had, by which browsers keep them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "User name"
        self.fields["login"].widget.attrs.update(autofocus=True, autocapitalize="none")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        self.fields["password"].help_text = ""

    def add_prefix(self, field_name: str) -> str:
        return super().add_prefix("username" if field_name == "login" else field_name)


class Entrance(views.LoginView):
    """/admin/login/"""

    form_class = DeskLoginForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not request.user.is_staff:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        passkeys = passkeys_work(self.request)
        return super().get_context_data(**kwargs) | {"PASSKEY_LOGIN_ENABLED": passkeys}


def password_reset(request: HttpRequest) -> HttpResponseBase:
    """/admin/account/password/reset/: by e-mail, where this site sends any."""
    if not settings.MAILERS:
        return render(request, "account/password_reset_unavailable.html")
    return views.password_reset(request)


def passkeys_work(request: HttpRequest) -> bool:
    """Browsers keep a passkey for a host name that is reached safely, never for an IP address."""
    host = request.get_host().rpartition(":")[0] or request.get_host()
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return request.is_secure() or host == "localhost"
    return False


@at_the_desk(lambda user: user.is_staff)
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """/admin/account/: all that one can set for oneself."""
    factors = {
        each.type: each for each in Authenticator.objects.filter(user=request.user).order_by("pk")
    }
    context = {
        "title": "My account",
        "factors": factors,
        "passkeys_work": passkeys_work(request),
        "missing": second_factor.is_missing(request.user),
        "required": second_factor.is_required(request.user),
        "sessions": len(sessions.lines(request.user)),
    }
    return desk_page(request, "account", context)
