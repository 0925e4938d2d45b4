"""The accounts of the desk, as an administrator sees them."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, Max, OuterRef
from django.http import Http404, HttpResponseRedirect
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods

from negotiations.editing.accounts import lockout, sessions
from negotiations.editing.accounts.second_factor import FACTORS
from negotiations.editing.pages import at_the_desk, desk_page
from negotiations.models import User

if TYPE_CHECKING:
    from django.db import models
    from django.http import HttpRequest, HttpResponse


def may_administer(user: Any) -> bool:
    return bool(user.is_active and user.is_staff and user.has_perm("negotiations.change_user"))


@admin.register(User)
class DeskUserAdmin(UserAdmin):
    """Accounts, with what an administrator is asked for: who is in, how, and out with whom."""

    list_display = (
        "username",
        "full_name",
        "roles",
        "is_active",
        "must_change_password",
        "has_second_factor",
        "last_seen",
    )
    list_filter = ("is_active", "groups", "is_superuser", "must_change_password")
    actions = ("act_end_sessions", "act_deactivate", "act_unlock", "act_reset_second_factor")
    fieldsets = (
        *(UserAdmin.fieldsets or ()),
        ("At the desk", {"fields": ("must_change_password", "has_second_factor", "last_seen")}),
    )
    readonly_fields = ("has_second_factor", "last_seen", "last_login", "date_joined")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        factors = Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTORS)
        annotated: models.QuerySet = (
            super()
            .get_queryset(request)
            .prefetch_related("groups")
            .annotate(
                seen=Max("usersession__last_seen_at"),
                second_factor=Exists(factors),
            )
        )
        return annotated

    @admin.display(description="name", ordering="last_name")
    def full_name(self, user: Any) -> str:
        return str(user.get_full_name())

    @admin.display(description="roles")
    def roles(self, user: Any) -> str:
        names = [group.name for group in user.groups.all()]
        return ", ".join([*names, *(["administrator"] if user.is_superuser else [])])

    @admin.display(description="second factor", boolean=True, ordering="second_factor")
    def has_second_factor(self, user: Any) -> bool:
        return bool(getattr(user, "second_factor", False))

    @admin.display(description="last seen", ordering="seen", empty_value="–")
    def last_seen(self, user: Any) -> Any:
        return getattr(user, "seen", None) or user.last_login

    # --- Nobody makes themselves or others more than they are ---

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        fields = tuple(super().get_readonly_fields(request, obj))
        if not request.user.is_superuser:
            fields += ("is_superuser", "user_permissions", "groups")
        return fields

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and _no_higher(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and _no_higher(request, obj)

    # --- Passwords that somebody else knows ---

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.is_staff = obj.must_change_password = True
        super().save_model(request, obj, form, change)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> Any:
        user = self.get_object(request, id)
        before = user.password if user else None
        response = super().user_change_password(request, id, form_url)
        if user and user.pk != request.user.pk:
            changed = User.objects.filter(pk=user.pk).exclude(password=before)
            if changed.update(must_change_password=True):
                sessions.end(user)
        return response

    # --- Steps ---

    @admin.action(description="Log out everywhere", permissions=["change"])
    def act_end_sessions(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        sessions.say_ended(
            request, sum(sessions.end(user) for user in self._below(request, queryset))
        )

    @admin.action(description="Deactivate, and log out everywhere", permissions=["change"])
    def act_deactivate(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        for user in self._below(request, queryset):
            if user.pk == request.user.pk:
                messages.error(request, "You can't deactivate your own account.")
                continue
            user.is_active = False
            user.save(update_fields=["is_active"])
            messages.success(request, f"{user} is out, and can't log in any more.")

    @admin.action(description="Unlock after failed log-ins", permissions=["change"])
    def act_unlock(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        for user in self._below(request, queryset):
            lockout.unlock_account(request, user)
            messages.success(request, f"{user} can try again.")

    @admin.action(
        description="Remove the second factor (lost phone or key)", permissions=["change"]
    )
    def act_reset_second_factor(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        for user in self._below(request, queryset):
            Authenticator.objects.filter(user=user).delete()
            sessions.end(user)
            messages.success(request, f"{user} was logged out and comes in by password alone now.")

    def _below(self, request: HttpRequest, queryset: models.QuerySet) -> list[Any]:
        return [user for user in queryset if _no_higher(request, user)]

    # --- Sessions of one account ---

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.sessions_of)
        return [path("<int:pk>/sessions/", view, name="user_sessions"), *super().get_urls()]

    def sessions_of(self, request: HttpRequest, pk: int) -> HttpResponse:
        """/admin/negotiations/user/<pk>/sessions/"""
        user = self.get_object(request, str(pk))
        if user is None:
            raise Http404
        if not self.has_change_permission(request, user):
            raise PermissionDenied
        if request.method == "POST":
            sessions.say_ended(request, sessions.end(user, only=request.POST.get("session")))
            return HttpResponseRedirect(request.path)
        lines = sessions.lines(user, request.session.session_key)
        context = {"title": f"Where {user} is logged in", "lines": lines, "own": False}
        return desk_page(request, "sessions", context)


def _no_higher(request: HttpRequest, user: Any) -> bool:
    return user is None or request.user.is_superuser or not user.is_superuser


class UnlockForm(forms.Form):
    what = forms.CharField(label="User name or IP address", max_length=150)

    def clean_what(self) -> User | str:
        """The account, or else the address."""
        what: str = self.cleaned_data["what"]
        if user := User.objects.filter(username__iexact=what).first():
            return user
        try:
            ipaddress.ip_address(what)
        except ValueError as error:
            raise ValidationError(f"“{what}” is neither a user name nor an IP address.") from error
        return what


@at_the_desk(may_administer)
@require_http_methods(["GET", "HEAD", "POST"])
def unlock(request: HttpRequest) -> HttpResponse:
    """/admin/unlock/: let an account or an address try again before its time."""
    form = UnlockForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        what = form.cleaned_data["what"]
        if isinstance(what, User):
            lockout.unlock_account(request, what)
        else:
            lockout.unlock_address(what)
        messages.success(request, f"{what} can try again.")
        return HttpResponseRedirect(reverse("unlock"))
    return desk_page(request, "unlock", {"title": "Unlock", "form": form})
